"""What can happen to a commitment of which people are reminded, each event through the real actions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.factories import (
    Cast,
    make_blocker,
    make_extension,
    make_milestone,
    make_post,
    make_report,
    make_user,
)
from tracker.actions import (
    blockers,
    commitments,
    extensions,
    instructions,
    people,
    reassign,
    reminder_rules,
    reminders,
    reports,
    reviews,
    slips,
    steps,
    verifications,
)
from tracker.choices import (
    Audience,
    ReportState,
    Role,
    SlipLevel,
    SlipState,
    Stage,
    VerificationFinding,
    VerificationMethod,
)
from tracker.models import Commitment, PostHolding, ReminderRule, Slip
from tracker.rules.ladder import Rung
from tracker.rules.reporting import ReportValues

MONDAY, TODAY = date(2026, 6, 8), date(2026, 6, 9)
DUE, LATER, SOON = date(2026, 6, 16), date(2026, 6, 30), date(2026, 6, 12)
SAID = ReportValues(done="完成设备调试。")
MAY = date(2026, 5, 1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Three commitments of the science bureau: one with everything open, one with a returned report, one handed out."""

    cast: Cast
    item: Commitment
    returned: Commitment
    handed: Commitment

    @property
    def all(self) -> list[Commitment]:
        return [self.item, self.returned, self.handed]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def open_everything(scene: Scene) -> None:
    """What the reminders are about, as it stands on Monday."""
    cast, item = scene.cast, scene.item
    post = make_post()
    PostHolding.objects.create(
        post=post, holder=make_user("hai", role=Role.HEAD, department=post.department), starts_on=date(2026, 1, 1)
    )
    make_milestone(item, "封顶", planned_on=TODAY)
    report = make_report(
        scene.returned, author=cast.lin, state=ReportState.RETURNED, period_start=MAY, period_end=date(2026, 5, 31)
    )
    type(report).objects.filter(pk=report.pk).update(
        reviewed_at=at(MONDAY), submitted_at=at(MONDAY), reviewer=cast.chen
    )
    make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=SOON)
    answered = make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=SOON)
    blockers.answer(answered, answer="已批复。", by=cast.actor("chen"), today=MONDAY)
    instructions.give(
        item, text="请抓紧推进。", answer_due_on=SOON, given_by=cast.wu, by=cast.actor("wu"), today=MONDAY
    )
    asked = make_extension(item, author=cast.lin, wanted_on=LATER)
    extensions.decide(asked, is_granted=False, decision="不同意。", by=cast.actor("chen"), today=MONDAY)
    Slip.objects.create(
        commitment=item, level=SlipLevel.BLUE, state=SlipState.ISSUED, drafted_on=MONDAY, year=2026, number=1,
        issued_on=MONDAY, issued_by=cast.chen, answer_due_on=SOON,
    )  # fmt: skip


def hand_in(scene: Scene) -> None:
    by = scene.cast.actor("lin")
    for item in scene.all:
        draft = reports.save_draft(item, values=SAID, by=by, today=TODAY, period_start=MAY)
        reports.submit(draft, by=by, today=TODAY)


def accept(scene: Scene) -> None:
    hand_in(scene)
    for item in scene.all:
        reviews.accept(item.reports.get(), by=scene.cast.actor("chen"), today=TODAY)


def again(scene: Scene) -> None:
    hand_in(scene)
    for item in scene.all:
        reviews.send_back(item.reports.get(), reason="请补充。", by=scene.cast.actor("chen"), today=TODAY)
    reminders.settle(now=at(TODAY))
    hand_in(scene)


def report_done(scene: Scene) -> None:
    lin = scene.cast.actor("lin")
    for to in (Stage.ACCEPTED, Stage.IN_PROGRESS):
        steps.move(scene.handed, to=to, by=lin, today=TODAY)
    for item in scene.all:
        steps.move(item, to=Stage.REPORTED_DONE, by=lin, today=TODAY)


def close(scene: Scene) -> None:
    report_done(scene)
    chen = scene.cast.actor("chen")
    for item in scene.all:
        verifications.record(
            item, method=VerificationMethod.DOCUMENTS, finding=VerificationFinding.CONFIRMED, note="属实。", by=chen,
            today=TODAY,
        )  # fmt: skip
        steps.move(item, to=Stage.CLOSED, by=chen, today=TODAY)


def aside(to: Stage) -> Callable[[Scene], None]:
    def happen(scene: Scene) -> None:
        until = LATER if to == Stage.EXEMPT else None
        for item in scene.all:
            steps.move(item, to=to, reason="政策调整。", exempt_until=until, by=scene.cast.actor("chen"), today=TODAY)

    return happen


def extension(*, is_granted: bool | None) -> Callable[[Scene], None]:
    def happen(scene: Scene) -> None:
        asked = extensions.request(
            scene.item, wanted_on=LATER, reason="延期。", by=scene.cast.actor("lin"), today=TODAY
        )
        if is_granted is not None:
            words = "" if is_granted else "不同意。"
            extensions.decide(asked, is_granted=is_granted, decision=words, by=scene.cast.actor("chen"), today=TODAY)

    return happen


def milestone(*, planned_on: date, actual_on: date | None) -> Callable[[Scene], None]:
    def happen(scene: Scene) -> None:
        commitments.set_milestone(
            scene.item,
            name="封顶",
            planned_on=planned_on,
            actual_on=actual_on,
            by=scene.cast.actor("chen"),
            today=TODAY,
        )

    return happen


def answer_blocker(scene: Scene) -> None:
    blockers.answer(scene.item.blockers.get(state="open"), answer="已批复。", by=scene.cast.actor("chen"), today=TODAY)


def withdraw_blocker(scene: Scene) -> None:
    blockers.withdraw(scene.item.blockers.get(state="open"), reason="已解决。", by=scene.cast.actor("lin"), today=TODAY)


def answer_instruction(scene: Scene) -> None:
    instructions.answer(scene.item.instructions.get(), answer="已办理。", by=scene.cast.actor("lin"), today=TODAY)


def withdraw_instruction(scene: Scene) -> None:
    instructions.withdraw(scene.item.instructions.get(), reason="另行部署。", by=scene.cast.actor("chen"), today=TODAY)


def take_on(scene: Scene) -> None:
    steps.move(scene.handed, to=Stage.ACCEPTED, by=scene.cast.actor("lin"), today=TODAY)


def refuse(scene: Scene) -> None:
    steps.move(scene.handed, to=Stage.REGISTERED, reason="不属我局职责。", by=scene.cast.actor("lin"), today=TODAY)


def give_to_another(scene: Scene) -> None:
    for item in scene.all:
        reassign.reassign(
            item, lead=scene.cast.health_bureau, reason="职责调整。", by=scene.cast.actor("chen"), today=TODAY
        )


def answer_slip(scene: Scene) -> None:
    row = Slip.objects.get(commitment=scene.item)
    slips.answer(row, text="已整改。", promised_on=LATER, by=scene.cast.actor("lin"), today=TODAY)


def withdraw_slip(scene: Scene) -> None:
    slips.withdraw(Slip.objects.get(commitment=scene.item), reason="误发。", by=scene.cast.actor("chen"), today=TODAY)


def leave(scene: Scene) -> None:
    people.deactivate_user(scene.cast.lin, by=scene.cast.actor("gu"))


def switch_off(scene: Scene) -> None:
    for rule in ReminderRule.objects.exclude(occasion="by_hand"):
        reminder_rules.switch(rule, on=False, reason="调整。", by=scene.cast.actor("gu"))


# On its side of the due date.
OTHER_DAYS = {"before_due": -9, "on_due": 0}


def another_version(scene: Scene) -> None:
    gu = scene.cast.actor("gu")
    for rule in ReminderRule.objects.exclude(occasion="by_hand"):
        version = reminder_rules.draft(
            rule,
            rungs=[Rung(audience=Audience.HEAD, days=(OTHER_DAYS.get(rule.occasion, 9),))],
            counts_working_days=True,
            note="改提醒人。",
            by=gu,
        )
        reminder_rules.put_into_force(version, reason="调整。", by=gu, today=TODAY)


EVENTS: dict[str, Callable[[Scene], None]] = {
    "report handed in": hand_in,
    "report accepted": accept,
    "returned, handed in again": again,
    "reported done": report_done,
    "closed": close,
    "suspended": aside(Stage.SUSPENDED),
    "exempt": aside(Stage.EXEMPT),
    "cancelled": aside(Stage.CANCELLED),
    "extension asked for": extension(is_granted=None),
    "extension granted": extension(is_granted=True),
    "extension refused": extension(is_granted=False),
    "milestone reached": milestone(planned_on=TODAY, actual_on=TODAY),
    "milestone moved": milestone(planned_on=LATER, actual_on=None),
    "blocker answered": answer_blocker,
    "blocker withdrawn": withdraw_blocker,
    "instruction answered": answer_instruction,
    "instruction withdrawn": withdraw_instruction,
    "taken on": take_on,
    "refused by the department": refuse,
    "given to another": give_to_another,
    "slip answered": answer_slip,
    "slip withdrawn": withdraw_slip,
    "person left": leave,
    "rules switched off": switch_off,
    "another version in force": another_version,
}
