"""Every object shows who changed what, when, why: in names, and to those only who may read it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import (
    TODAY,
    make_commitment,
    make_department,
    make_indicator,
    make_milestone,
    make_plan,
    make_user,
)
from tracker import policies
from tracker.actions import commitments, contributions, events, people, plans, reassign, reminders_by_hand, reports
from tracker.actions.events import Entry
from tracker.choices import Comparator, Involvement, Stage
from tracker.event_kinds import EventKind
from tracker.models import CommitmentDepartment, Post
from tracker.queries import history
from tracker.queries.history import SPOKEN_OF
from tracker.rules.reporting import ReportValues

TODAY_KINDS = frozenset(
    {
        EventKind.REPORT_SAVED, EventKind.CONTRIBUTION_SAVED, EventKind.EXTENSION_REQUESTED, EventKind.BLOCKER_RAISED,
        EventKind.INSTRUCTION_GIVEN, EventKind.EVIDENCE_ADDED, EventKind.VERIFICATION_RECORDED,
        EventKind.LOOKBACK_DRAWN, EventKind.POST_HANDED_OVER, EventKind.DEPUTY_SET, EventKind.MILESTONE_SET,
    }
)  # fmt: skip


@pytest.fixture
def today():
    return TODAY


def told(row, viewer):
    return {
        change.label: (change.before, change.after)
        for entry in history.of(row, viewer=viewer)
        for change in entry.changes
    }


def test_codes_become_names(cast, today):
    item = make_commitment("C-1", department=cast.science)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING
    )
    reassign.reassign(item, lead=cast.health_bureau, reason="调整", by=cast.actor("chen"), today=today)
    entries = history.of(item, viewer=cast.actor("chen"))
    said = [(change.before, change.after) for entry in entries for change in entry.changes]
    assert ("市科技局", "市卫生健康委") in said
    assert any("市卫生健康委" in before and "wjw" not in before for before, _after in said)
    reminders_by_hand.remind(item, reason="催办", by=cast.actor("chen"), today=today)
    assert any("Zhou" in after for _before, after in told(item, cast.actor("chen")).values())


def test_what_happened_together_is_counted_and_leads_to_the_others(cast, browser, today):
    rows, group = [make_commitment(f"C-{number}", department=cast.science) for number in range(12)], uuid4()
    for item in rows:
        reminders_by_hand.remind(item, reason="催办", by=cast.actor("chen"), today=today, group=group)
    address = reverse("admin:tracker_commitment_history", args=[rows[0].pk])
    entry = browser("chen").get(address).context["entries"][0]
    assert (entry.others, entry.group) == (11, group)
    link = f"{reverse('admin:tracker_event_changelist')}?group={group}"
    assert link in browser("chen").get(address).content.decode()
    assert browser("chen").get(link).context["cl"].result_count == 12
    assert "admin/tracker/event" not in browser("lin").get(address).content.decode()


def test_a_draft_is_told_to_its_own_department_only_even_after_the_lead_changed(cast, today):
    item = make_commitment("C-1", department=cast.science)
    reports.save_draft(item, values=ReportValues(done="草稿"), by=cast.actor("lin"), today=today)
    assert any("草稿" in after for _before, after in told(item, cast.actor("lin")).values())
    for name in ("chen", "wu", "zhou"):
        assert not any("草稿" in after for _before, after in told(item, cast.actor(name)).values())
    reassign.reassign(item, lead=cast.health_bureau, reason="调整", by=cast.actor("chen"), today=today)
    assert not any("草稿" in after for _before, after in told(item, cast.actor("zhou")).values())


def test_a_contribution_is_told_to_the_lead_and_not_to_another_supporting_department(cast, today):
    item = make_commitment("C-1", department=cast.science)
    other = make_department("sjj")
    for department in (cast.health_bureau, other):
        CommitmentDepartment.objects.create(commitment=item, department=department, involvement=Involvement.SUPPORTING)
    contributions.save(item, text="配合内容", by=cast.actor("zhou"), today=today)
    third = policies.actor_of(make_user("he", department=other))
    seen = {
        name: any("配合内容" in after for _before, after in told(item, viewer).values())
        for name, viewer in {"lin": cast.actor("lin"), "zhou": cast.actor("zhou"), "he": third}.items()
    }
    assert seen == {"lin": True, "zhou": True, "he": False}


def test_plans_posts_and_people_show_their_changes_in_words(cast, today):
    chen, plan = cast.actor("chen"), make_plan()
    plans.set_plan(plan.code, values={"title": "新名称"}, by=chen)
    assert ("P1 决定", "新名称") in told(plan, chen).values()
    people.set_post("kjj-head", title="局长", department=cast.science, is_head=True, by=chen)
    assert any("市科技局" in after for _before, after in told(Post.objects.get(), chen).values())


def test_a_milestone_and_a_target_say_which_one(cast, today):
    item, chen = make_commitment("C-1", department=cast.science), cast.actor("chen")
    commitments.set_milestone(item, name="封顶", planned_on=today, by=chen, today=today)
    commitments.set_target(
        item, indicator=make_indicator(), comparator=Comparator.AT_LEAST, value=Decimal(3), by=chen, today=today
    )
    assert {entry.about for entry in history.of(item, viewer=chen)} >= {"封顶", "指标 high-tech-enterprises"}


def test_every_kind_that_tells_of_a_part_knows_whose_fields_it_speaks_of():
    assert SPOKEN_OF.keys() >= TODAY_KINDS


def test_what_a_sibling_took_from_a_report_is_labelled_as_the_commitments(cast, today):
    item = make_commitment("C-1", department=cast.science)
    entry = Entry(kind=EventKind.REPORT_ACCEPTED, commitment=item, changes={"progress": ["10", "40"]})
    events.record(entry, by=cast.actor("chen"))
    label = next(iter(told(item, cast.actor("chen"))))
    assert label != "progress"


def test_the_number_of_queries_does_not_grow_with_the_events(cast, today, django_assert_max_num_queries):
    item, chen = make_commitment("C-1", department=cast.science), cast.actor("chen")
    for number in range(15):
        make_milestone(item, f"{number}")
        lead = cast.health_bureau if number % 2 == 0 else cast.science
        commitments.revise(item, values={"lead": lead}, by=chen, today=today)
    # Events; groups are none; the departments' names.
    with django_assert_max_num_queries(4):
        assert len(history.of(item, viewer=chen)) >= 15


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.CLOSED])
def test_nothing_has_happened_is_said(stage, cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=stage)
    answer = browser("lin").get(reverse("admin:tracker_commitment_history", args=[item.pk]))
    assert answer.context["entries"] == []
