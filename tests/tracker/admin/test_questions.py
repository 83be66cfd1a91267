"""Extension requests, blockers and instructions in the admin: who asks, who answers, what nobody sees."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_commitment,
    make_department,
    make_extension,
    make_instruction,
    make_post,
    make_user,
)
from tracker.choices import AnswerState, ExtensionState, Role, Stage
from tracker.models import Blocker, Commitment, ExtensionRequest, Instruction, Post

Browser = Callable[[str], Client]
KINDS = ("extensionrequest", "blocker", "instruction")
DUE = date(2026, 12, 31)


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science, due_on=DUE)


@pytest.fixture
def post(cast: Cast) -> Post:
    return make_post(department=make_department("fgw", name="市发展改革委", short_name="发改"))


def address(kind: str, name: str, *args: object) -> str:
    return reverse(f"admin:tracker_{kind}_{name}", args=args)


def add(kind: str, code: str = "C-1") -> str:
    return f"{address(kind, 'add')}?commitment={code}"


def body(response: Any) -> str:
    return str(response.content.decode())


def hidden(response: Any, name: str = "seen") -> str:
    """The value of the page's hidden field."""
    form = response.context["form"] if "form" in response.context else response.context["acts"][0].form
    return str(form.initial[name])


# --- Asking


def test_a_department_asks_for_an_extension_in_one_form(cast: Cast, browser: Browser, item: Commitment) -> None:
    lin = browser("lin")
    page = lin.get(add("extensionrequest"))
    assert page.status_code == 200
    assert len(page.context["form"].visible_fields()) == 2
    assert "2026-12-31" in body(page)
    said = {"wanted_on": "2027-03-31", "reason": "设备到货延期。", "seen": hidden(page)}
    answer = lin.post(add("extensionrequest"), said)
    asked = ExtensionRequest.objects.get()
    assert answer["location"] == address("extensionrequest", "change", asked.pk)
    assert (asked.wanted_on, asked.author) == (date(2027, 3, 31), cast.lin)
    shown = body(lin.get(answer["location"]))
    assert "设备到货延期。" in shown
    assert "2027-03-31" in shown
    assert "_withdraw" in shown
    assert "_grant" not in shown


def test_a_wrong_date_is_told_beside_its_field(browser: Browser, item: Commitment) -> None:
    lin = browser("lin")
    page = lin.get(add("extensionrequest"))
    wrong = lin.post(add("extensionrequest"), {"wanted_on": "2026-12-31", "reason": "x", "seen": hidden(page)})
    assert "wanted_on" in wrong.context["form"].errors
    assert not ExtensionRequest.objects.exists()


def test_who_saw_an_older_commitment_is_told_and_may_repeat(browser: Browser, item: Commitment) -> None:
    Commitment.objects.filter(pk=item.pk).update(revision=7)
    said = {"wanted_on": "2027-03-31", "reason": "设备到货延期。", "seen": "3"}
    again = browser("lin").post(add("extensionrequest"), said)
    assert again.context["form"].non_field_errors()
    assert 'name="seen" value="7"' in body(again)


@pytest.mark.parametrize("kind", KINDS)
def test_out_of_sight_there_is_nothing_to_ask_of(browser: Browser, item: Commitment, kind: str) -> None:
    name = "chen" if kind == "instruction" else "zhou"
    code = "NO-SUCH" if kind == "instruction" else "C-1"
    assert browser(name).get(add(kind, code)).status_code == 404
    assert browser(name).post(add(kind, code), {}).status_code == 404


def test_what_may_not_be_asked_is_told_and_led_back(cast: Cast, browser: Browser, item: Commitment) -> None:
    make_extension(item, author=cast.lin)
    answer = browser("lin").get(add("extensionrequest"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:tracker_commitment_change", args=[item.pk])
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_without_a_code_the_commitment_is_chosen_first(cast: Cast, browser: Browser, item: Commitment) -> None:
    make_commitment("C-2", department=cast.science, due_on=date(2026, 1, 1))
    lin = browser("lin")
    for kind in KINDS[:2]:
        page = lin.get(address(kind, "add"))
        assert page.status_code == 200
        answer = lin.post(address(kind, "add"), {"commitment": item.pk})
        assert answer["location"] == add(kind)
    search = reverse("admin:autocomplete")
    asked = {"app_label": "tracker", "field_name": "commitment", "term": "C-"}
    found = {
        kind: len(lin.get(search, {**asked, "model_name": kind}).json()["results"])
        for kind in ("extensionrequest", "blocker", "instruction")
    }
    assert found == {"extensionrequest": 1, "blocker": 2, "instruction": 0}


def test_a_department_names_a_blocker_and_who_can_help(
    cast: Cast, browser: Browser, item: Commitment, post: Post
) -> None:
    lin = browser("lin")
    page = lin.get(add("blocker"))
    assert len(page.context["form"].visible_fields()) == 4
    assert reverse("admin:tracker_blocker_posts") in body(page)
    said = {"category": "land", "wanted_from": post.pk, "wanted_by": "2026-12-01", "text": "缺 30 亩指标。"}
    answer = lin.post(add("blocker"), said)
    raised = Blocker.objects.get()
    assert answer["location"] == address("blocker", "change", raised.pk)
    wrong = lin.post(add("blocker"), said | {"wanted_by": "2026-01-01"})
    assert "wanted_by" in wrong.context["form"].errors
    assert "发改 · 主任" in body(wrong), "the chosen post stays chosen"


def test_officers_choose_a_post_and_see_no_more_of_the_posts(cast: Cast, browser: Browser, post: Post) -> None:
    lin, search = browser("lin"), reverse("admin:tracker_blocker_posts")
    asked = {"app_label": "tracker", "model_name": "blocker", "field_name": "wanted_from", "term": "发改"}
    assert lin.get(search, asked).json()["results"] == [{"id": str(post.pk), "text": "发改 · 主任"}]
    assert lin.get(search, asked | {"term": "没有"}).json()["results"] == []
    assert lin.get(search, asked | {"model_name": "commitment", "field_name": "post"}).status_code == 403
    assert lin.get(search, asked | {"model_name": "postholding", "field_name": "holder"}).status_code == 403
    assert lin.get(reverse("admin:tracker_post_changelist")).status_code == 403
    assert browser("wu").get(search, asked).status_code == 403


def test_a_leader_gives_in_their_own_name_and_the_office_chooses_whose(
    cast: Cast, browser: Browser, item: Commitment
) -> None:
    said = {"text": "请抓紧推进。", "answer_due_on": "2026-12-01"}
    wu = browser("wu")
    assert "given_by" not in wu.get(add("instruction")).context["form"].fields
    wu.post(add("instruction"), said)
    assert Instruction.objects.get().given_by == cast.wu
    chen = browser("chen")
    choices = chen.get(add("instruction")).context["form"].fields["given_by"].queryset
    assert list(choices) == [cast.wu]
    chen.post(add("instruction"), said | {"given_by": cast.wu.pk})
    written = Instruction.objects.latest("pk")
    assert (written.given_by, written.author) == (cast.wu, cast.chen)
    assert "Chen" in body(chen.get(address("instruction", "change", written.pk)))


@pytest.mark.parametrize(
    ("kind", "names"),
    [("extensionrequest", "chen wu gu"), ("blocker", "chen wu gu"), ("instruction", "lin zhou gu")],
)
def test_the_others_are_not_offered_the_form(browser: Browser, item: Commitment, kind: str, names: str) -> None:
    for name in names.split():
        assert browser(name).get(add(kind)).status_code == 403
        assert browser(name).post(add(kind), {}).status_code == 403


# --- Deciding and answering


def test_the_office_grants_with_the_date_filled_in(cast: Cast, browser: Browser, item: Commitment) -> None:
    asked = make_extension(item, author=cast.lin)
    chen, page = browser("chen"), address("extensionrequest", "change", asked.pk)
    shown = chen.get(page)
    assert 'value="2027-03-31"' in body(shown)
    said = {"granted_on": "2027-02-28", "is_exemption": "on", "decision": "", "seen": hidden(shown), "_grant": "1"}
    assert chen.post(page, said).status_code == 302
    item.refresh_from_db()
    assert (item.due_on, item.original_due_on) == (date(2027, 2, 28), DUE)
    assert item.is_assessed_by_current_date
    after = body(chen.get(page))
    for day in ("2026-12-31", "2027-03-31", "2027-02-28"):
        assert day in after
    assert "_grant" not in after
    late = chen.post(page, said, follow=True)
    assert [message.level_tag for message in late.context["messages"]] == ["error"]


def test_a_refusal_needs_words_and_no_date(cast: Cast, browser: Browser, item: Commitment) -> None:
    asked = make_extension(item, author=cast.lin)
    chen, page = browser("chen"), address("extensionrequest", "change", asked.pk)
    said = {"granted_on": "", "decision": "", "seen": "0", "_refuse": "1"}
    refused = chen.post(page, said)
    assert "decision" in refused.context["acts"][0].form.errors
    assert chen.post(page, said | {"decision": "工期充足。"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == ExtensionState.REFUSED
    assert "工期充足。" in body(browser("lin").get(page))


def test_nobody_is_offered_to_decide_their_own_request(cast: Cast, browser: Browser, item: Commitment) -> None:
    asked = make_extension(item, author=cast.chen)
    page = address("extensionrequest", "change", asked.pk)
    assert "_grant" not in body(browser("chen").get(page))
    browser("chen").post(page, {"granted_on": "2027-03-31", "seen": "0", "_grant": "1"})
    asked.refresh_from_db()
    assert asked.state == ExtensionState.PENDING


@pytest.mark.parametrize("name", ["lin", "wu", "gu"])
def test_a_forged_decision_changes_nothing(cast: Cast, browser: Browser, item: Commitment, name: str) -> None:
    asked = make_extension(item, author=cast.lin)
    page = address("extensionrequest", "change", asked.pk)
    answer = browser(name).post(page, {"granted_on": "2027-03-31", "seen": "0", "_grant": "1"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    asked.refresh_from_db()
    assert asked.state == ExtensionState.PENDING


def test_the_department_takes_its_request_back(cast: Cast, browser: Browser, item: Commitment) -> None:
    asked = make_extension(item, author=cast.lin)
    page = address("extensionrequest", "change", asked.pk)
    browser("lin").post(page, {"withdraw-reason": "", "_withdraw": "1"})
    # An empty reason is taken: the request changed nothing.
    asked.refresh_from_db()
    assert asked.state == ExtensionState.WITHDRAWN


def test_the_department_asked_reads_and_answers_without_the_commitment(
    cast: Cast, browser: Browser, item: Commitment, post: Post
) -> None:
    blocker = make_blocker(item, author=cast.lin, wanted_from=post)
    make_user("tang", department=post.department)
    cast_tang = Client()
    from tracker.models import User

    cast_tang.force_login(User.objects.get(username="tang"), backend="django.contrib.auth.backends.ModelBackend")
    page = address("blocker", "change", blocker.pk)
    shown = cast_tang.get(page)
    assert item.title in body(shown)
    assert reverse("admin:tracker_commitment_change", args=[item.pk]) not in body(shown)
    assert cast_tang.get(reverse("admin:tracker_commitment_change", args=[item.pk])).status_code == 404
    assert cast_tang.post(page, {"answer": "已协调解决。", "seen": "0", "_answer": "1"}).status_code == 302
    blocker.refresh_from_db()
    assert blocker.state == AnswerState.ANSWERED
    assert "已协调解决。" in body(browser("lin").get(page))


def test_an_empty_answer_is_told_beside_its_field(cast: Cast, browser: Browser, item: Commitment) -> None:
    given = make_instruction(item, given_by=cast.wu)
    page = address("instruction", "change", given.pk)
    lin = browser("lin")
    assert "answer" in lin.post(page, {"answer": " ", "seen": "0", "_answer": "1"}).context["acts"][0].form.errors
    stale = lin.post(page, {"answer": "已办。", "seen": "5", "_answer": "1"})
    assert stale.context["acts"][0].form.non_field_errors()
    lin.post(page, {"answer": "已办。", "seen": "0", "_answer": "1"})
    given.refresh_from_db()
    assert (given.answer, given.answered_by) == ("已办。", cast.lin)


def test_an_instruction_is_taken_back_with_a_reason_only(cast: Cast, browser: Browser, item: Commitment) -> None:
    given = make_instruction(item, given_by=cast.wu)
    page = address("instruction", "change", given.pk)
    wu = browser("wu")
    assert wu.post(page, {"withdraw-reason": "", "_withdraw": "1"}).context["acts"][-1].form.errors
    wu.post(page, {"withdraw-reason": "误批。", "_withdraw": "1"})
    given.refresh_from_db()
    assert given.state == AnswerState.WITHDRAWN


# --- Lists and links


def test_the_lists_hold_what_is_in_sight_and_what_waits_stands_first(
    cast: Cast, browser: Browser, item: Commitment, post: Post
) -> None:
    over = make_commitment("C-2", department=cast.science)
    closed = make_blocker(over, author=cast.lin, wanted_from=post, wanted_by=date(2026, 1, 1))
    Blocker.objects.filter(pk=closed.pk).update(state=AnswerState.WITHDRAWN)
    make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=date(2026, 11, 20))
    make_extension(item, author=cast.lin)
    make_instruction(item, given_by=cast.wu)
    for kind in KINDS:
        for name, seen in (("lin", 1), ("zhou", 0), ("chen", 1), ("wu", 1), ("gu", 1)):
            page = browser(name).get(address(kind, "changelist"))
            assert page.status_code == 200
            assert ("C-1" in body(page)) is bool(seen), (kind, name)
    rows = list(browser("lin").get(address("blocker", "changelist")).context["cl"].result_list)
    assert [row.commitment.code for row in rows] == ["C-1", "C-2"]
    assert browser("lin").get(address("blocker", "changelist"), {"state__exact": "open"}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_departments_question_is_not_there(
    cast: Cast, browser: Browser, item: Commitment, post: Post, kind: str
) -> None:
    made = {
        "extensionrequest": make_extension(item, author=cast.lin).pk,
        "blocker": make_blocker(item, author=cast.lin, wanted_from=post).pk,
        "instruction": make_instruction(item, given_by=cast.wu).pk,
    }
    for name in ("change", "history", "delete"):
        assert browser("zhou").get(address(kind, name, made[kind])).status_code == 404
    assert browser("zhou").post(address(kind, "change", made[kind]), {"_withdraw": "1"}).status_code == 404
    for name in ("lin", "chen", "wu"):
        assert browser(name).get(address(kind, "history", made[kind])).status_code == 200


def test_a_commitment_offers_what_may_be_asked_of_it(cast: Cast, browser: Browser, item: Commitment) -> None:
    offered = {"lin": ["extensionrequest", "blocker"], "chen": ["instruction"], "wu": ["instruction"], "gu": []}
    page = reverse("admin:tracker_commitment_change", args=[item.pk])
    for name, kinds in offered.items():
        shown = body(browser(name).get(page))
        assert [kind for kind in KINDS if add(kind) in shown] == kinds, name
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.CLOSED)
    for name in offered:
        assert not [kind for kind in KINDS if add(kind) in body(browser(name).get(page))]


def test_days_left_are_words(cast: Cast, browser: Browser, item: Commitment, post: Post) -> None:
    for number, day in enumerate((date(2026, 11, 20), TODAY, date(2026, 11, 23))):
        make_blocker(
            make_commitment(f"D-{number}", department=cast.science), author=cast.lin, wanted_from=post, wanted_by=day
        )
    client = browser("lin")
    client.cookies["django_language"] = "en"
    shown = body(client.get(address("blocker", "changelist")))
    for words in ("2 days over", "today", "1 day left"):
        assert words in shown


def test_a_leader_of_another_name_does_not_take_back(cast: Cast, browser: Browser, item: Commitment) -> None:
    other = make_user("sun", role=Role.LEADER)
    given = make_instruction(item, given_by=other)
    assert "_withdraw" not in body(browser("wu").get(address("instruction", "change", given.pk)))
