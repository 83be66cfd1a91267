"""The desks of the supervision office and of leaders: what waits, how long, for whom."""

from datetime import date, timedelta

from django.utils import timezone

from tests.factories import TODAY, make_commitment, make_plan, make_report, make_user
from tests.tracker.admin.desk_rows import answered, blocker, extension, instruction, post_of
from tracker.actions import steps
from tracker.choices import Health, Role, Stage, VerificationFinding, VerificationMethod
from tracker.models import Commitment, Lookback, LookbackPick, ProgressReport, Verification
from tracker.queries import desk_leader, desk_office

DESK = "/admin/"


def test_the_office_reads_the_oldest_first_with_its_waiting_time(cast):
    for code, days in (("C-1", 2), ("C-2", 5)):
        report = make_report(make_commitment(code, department=cast.science), author=cast.lin)
        ProgressReport.objects.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    make_commitment("C-3", department=cast.science, stage=Stage.REGISTERED)
    make_commitment("C-4", stage=Stage.REGISTERED)
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)
    assert [(card.code, card.waited_days) for card in found.queue.rows] == [("C-2", 5), ("C-1", 2)]
    assert (found.queue.total, found.oldest_days) == (2, 5)
    assert found.stages[Stage.REGISTERED] == 2
    assert (found.without_lead_count, [card.code for card in found.to_issue.rows]) == (1, ["C-3"])


def test_the_office_sees_who_gave_what_back_and_whom_they_named(cast):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    lin, words = cast.actor("lin"), "属卫健委职责。"
    steps.move(item, to=Stage.REGISTERED, reason=words, proposed_lead=cast.health_bureau, by=lin, today=TODAY)
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)
    assert [(card.owner, card.proposed, card.reason) for card in found.refused.rows] == [("科技", "卫健", words)]
    assert found.to_issue.rows == []


def test_a_hand_out_waits_in_working_days(cast):
    make_commitment("C-1", department=cast.science, stage=Stage.ISSUED, issued_on=date(2026, 11, 18))
    make_commitment("C-2", department=cast.science, stage=Stage.ISSUED, issued_on=date(2026, 11, 20))
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)  # a Sunday
    assert [(one.matter.code, one.working_days) for one in found.unaccepted] == [("C-1", 2), ("C-2", 0)]


def test_the_office_is_told_since_when_departments_are_silent(cast):
    plan = make_plan("P2", tracked_since=date(2026, 10, 1))
    make_commitment("C-1", plan=plan, department=cast.science)
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)
    assert [(one.name, one.missed_count) for one in found.silent] == [("科技", 1)]
    assert found.closed_days == 17  # the window of October closed on 5 November


def test_a_look_back_is_to_finish_while_a_pick_waits(cast):
    item = make_commitment("C-1", department=cast.science, stage=Stage.CLOSED)
    drawn = Lookback.objects.create(
        drawn_by=cast.chen, drawn_on=TODAY, closed_from=TODAY, closed_until=TODAY, seed="x", population=["C-1"], size=1
    )
    pick = LookbackPick.objects.create(lookback=drawn, commitment=item, order=1)
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)
    assert [(card.open_count, card.size) for card in found.lookbacks] == [(1, 1)]
    pick.verification = Verification.objects.create(
        commitment=item, verifier=cast.chen, lookback=drawn, method=VerificationMethod.SITE_VISIT,
        finding=VerificationFinding.CONFIRMED, note="属实。", verified_on=TODAY,
    )  # fmt: skip
    pick.save()
    assert desk_office.of_office(cast.actor("chen"), today=TODAY).lookbacks == []


def test_the_office_counts_what_the_ledger_lacks_and_links_each_count(cast, browser):
    make_commitment("C-1", due_on=None)
    parent = make_commitment("C-2", department=cast.science)
    make_commitment("C-3", department=cast.science, parent=parent, due_on=date(2026, 6, 30))
    found = desk_office.of_office(cast.actor("chen"), today=TODAY)
    assert [(name, count) for name, _label, count in found.lacking_lines] == [("no_owner", 1), ("no_date", 1)]
    assert found.tightened_count == 1
    client = browser("chen")
    page = client.get(DESK).content.decode()
    for query, codes in {"quality=no_date": ["C-1"], "quality=no_owner": ["C-1"], "tightened=yes": ["C-3"]}.items():
        assert f"/admin/tracker/commitment/?{query}" in page
        rows = client.get(f"/admin/tracker/commitment/?{query}").context["cl"].result_list
        assert [row.code for row in rows] == codes


def test_a_leader_reads_new_answers_late_ones_and_what_asks_their_post(cast):
    item = make_commitment("C-1", department=cast.science, health=Health.AT_RISK)
    post = post_of(cast, holder=cast.wu)
    Commitment.objects.filter(pk=item.pk).update(post=post)
    fresh = instruction(item, leader=cast.wu, **answered(cast))
    late = instruction(item, leader=cast.wu, answer_due_on=date(2026, 11, 20))
    instruction(item, leader=make_user("zheng", role=Role.LEADER))
    asked = blocker(item, author=cast.lin, post=post)
    blocker(item, author=cast.lin, post=post_of(cast, "other"))
    extension(item, author=cast.lin)
    found = desk_leader.of_leader(cast.actor("wu"), today=TODAY)
    assert [card.id for card in found.answered.rows] == [fresh.pk]
    assert [card.id for card in found.overdue] == [late.pk] == [card.id for card in found.open.rows]
    assert [card.id for card in found.blockers.rows] == [asked.pk]
    assert found.extensions.total == 1
    assert (found.own_count, found.lights[Health.AT_RISK]) == (1, 1)


def test_a_leader_may_give_an_instruction_from_the_desk(browser):
    assert 'href="/admin/tracker/instruction/add/"' in browser("wu").get(DESK).content.decode()
