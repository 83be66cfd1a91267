"""The clause's form: the office judges there, with a reason, and nothing that was typed is lost without a word."""

import pytest
from django.test import Client

from tests.factories import make_clause, make_commitment, make_plan
from tracker.models import Clause, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def clause(cast) -> Clause:
    return make_clause(make_plan(), "0.1", heading="决策依据")


def save(client: Client, clause: Clause, **said: object):
    address = f"/admin/tracker/clause/{clause.pk}/change/"
    kept = {
        "parent": "",
        "order": clause.order,
        "heading": clause.heading,
        "summary": "",
        "verbatim": "",
        "paragraph": "",
    }
    return client.post(address, kept | said)


def errors(answer):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def stored(clause: Clause) -> tuple[bool, str]:
    return Clause.objects.values_list("needs_no_commitment", "no_commitment_reason").get(pk=clause.pk)


def test_the_office_judges_in_the_form_and_takes_it_back(browser, clause):
    chen = browser("chen")
    assert save(chen, clause, needs_no_commitment="on", no_commitment_reason="只说明依据。").status_code == 302
    assert stored(clause) == (True, "只说明依据。")
    assert Event.objects.latest("seq").reason == "只说明依据。"
    assert "no_commitment_reason" in errors(save(chen, clause, no_commitment_reason="只说明依据。"))
    assert save(chen, clause, no_commitment_reason="其中有任务。").status_code == 302
    assert stored(clause) == (False, "")


def test_saving_other_words_leaves_a_judgement_alone(browser, clause):
    chen = browser("chen")
    judged = {"needs_no_commitment": "on", "no_commitment_reason": "只说明依据。"}
    save(chen, clause, **judged)
    count = Event.objects.count()
    assert save(chen, clause, heading="依据", **judged).status_code == 302
    assert (stored(clause), Event.objects.count()) == ((True, "只说明依据。"), count + 1)


@pytest.mark.parametrize(
    "said",
    [
        {"needs_no_commitment": "on"},
        {"no_commitment_reason": "还没想好。"},
        {"needs_no_commitment": "on", "no_commitment_reason": " "},
    ],
)
def test_a_mark_needs_its_reason_and_a_reason_its_mark(browser, clause, said):
    assert list(errors(save(browser("chen"), clause, **said))) == ["no_commitment_reason"]
    assert stored(clause) == (False, "")


def test_a_clause_with_commitments_is_refused_beside_the_mark(browser, clause):
    make_commitment("C-1", clause=clause)
    answer = save(browser("chen"), clause, needs_no_commitment="on", no_commitment_reason="无。")
    assert list(errors(answer)) == ["needs_no_commitment"]
    assert stored(clause) == (False, "")


@pytest.mark.parametrize("name", ["wu", "lin", "gu"])
def test_others_read_the_judgement_and_do_not_change_it(browser, clause, name):
    assert save(browser(name), clause, needs_no_commitment="on", no_commitment_reason="无。").status_code == 403
    assert stored(clause) == (False, "")
