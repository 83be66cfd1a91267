"""Two people on one page: the second sees both versions, loses nothing, and may then write over the first."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_clause, make_commitment, make_initiative, make_milestone, make_plan, make_report
from tests.tracker.admin.test_commitments import errors, page, url
from tracker.choices import ReportState
from tracker.models import Commitment, Department, Plan, User


def differing(answer):
    return {one.label: (one.stored, one.yours) for one in answer.context["conflict"].differences}


def test_the_second_editor_of_a_commitment_sees_both_versions_and_keeps_what_they_typed(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    opened = page(item)
    browser("chen").post(url(item), opened | {"title": "先保存的"})
    chen = browser("chen")
    answer = chen.post(url(item), opened | {"title": "后保存的", "summary": "验收合格"})
    assert errors(answer)["__all__"]
    assert answer.context["conflict"].who == "Chen"
    assert ("先保存的", "后保存的") in differing(answer).values()
    assert ("—", "验收合格") in differing(answer).values()
    text = answer.content.decode()
    assert text.count("后保存的") >= 2  # in the table, and still in the field
    item.refresh_from_db()
    assert item.title == "先保存的"
    assert f'name="seen" value="{item.revision}"' in text
    again = chen.post(url(item), opened | {"title": "后保存的", "summary": "验收合格", "seen": item.revision})
    assert again.status_code == 302, errors(again)
    item.refresh_from_db()
    assert (item.title, item.summary) == ("后保存的", "验收合格")


def test_a_milestone_that_somebody_added_meanwhile_is_shown(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    opened = page(item)
    make_milestone(item, "封顶", planned_on=date(2026, 5, 1))
    Commitment.objects.update(revision=item.revision + 1)
    answer = browser("chen").post(url(item), opened | {"title": "后保存的"})
    assert any(stored.startswith("封顶") for stored, _yours in differing(answer).values())


def test_the_second_writer_of_a_draft_sees_both_versions(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    address = reverse("admin:tracker_progressreport_change", args=[draft.pk])
    lin = browser("lin")
    opened = {"period": "2026-11-01", "done": "甲", "seen": draft.revision}
    assert lin.post(address, opened).status_code == 302
    answer = lin.post(address, opened | {"done": "乙"})
    assert ("甲", "乙") in differing(answer).values()
    draft.refresh_from_db()
    assert draft.done == "甲"
    assert lin.post(address, opened | {"done": "乙", "seen": draft.revision}).status_code == 302
    draft.refresh_from_db()
    assert draft.done == "乙"


def test_a_draft_that_a_colleague_began_meanwhile_is_not_written_over(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    add = f"{reverse('admin:tracker_progressreport_add')}?commitment=C-1"
    lin = browser("lin")
    said = {"period": "2026-11-01", "done": "我的", "seen": ""}
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT, done="同事的")
    answer = lin.post(add, said)
    assert ("同事的", "我的") in differing(answer).values()
    draft.refresh_from_db()
    assert draft.done == "同事的"
    seen = answer.context["adminform"].form["seen"].value()
    assert lin.post(add, said | {"seen": seen}).status_code == 302
    draft.refresh_from_db()
    assert draft.done == "我的"


def form_of(client, address):
    """What the browser would send back untouched."""
    shown = client.get(address)
    form = shown.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for inline in shown.context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in management.fields}
    return {name: value for name, value in data.items() if value is not False}


@pytest.mark.parametrize("kind", ["department", "plan", "clause", "initiative", "user"])
def test_no_page_of_the_admin_writes_over_another_in_silence(kind, cast, browser):
    plan = make_plan()
    row = {
        "department": cast.science, "plan": plan, "clause": make_clause(plan), "initiative": make_initiative(),
        "user": cast.lin,
    }[kind]  # fmt: skip
    field = {"department": "name", "plan": "title", "clause": "heading", "initiative": "name", "user": "full_name"}[
        kind
    ]
    address = reverse(f"admin:{row._meta.app_label}_{kind}_change", args=[row.pk])
    chen = browser("chen")
    opened = form_of(chen, address)
    assert opened["seen"]
    first = chen.post(address, opened | {field: "先保存的"})
    assert first.status_code == 302, first.context["errors"]
    answer = chen.post(address, opened | {field: "后保存的"})
    assert answer.status_code == 200
    assert ("先保存的", "后保存的") in differing(answer).values()
    seen = answer.context["adminform"].form["seen"].value()
    assert chen.post(address, opened | {field: "后保存的", "seen": seen}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "后保存的"


def test_a_sign_in_is_no_change_of_a_person(cast, browser):
    chen = browser("chen")
    address = reverse("admin:tracker_user_change", args=[cast.lin.pk])
    opened = form_of(chen, address)
    browser("lin").get(reverse("admin:tracker_commitment_changelist"))
    assert chen.post(address, opened | {"full_name": "林"}).status_code == 302
    assert User.objects.get(username="lin").full_name == "林"
    assert Department.objects.count()
    assert Plan.objects.count() == 0
