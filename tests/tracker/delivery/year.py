"""A year of days over Nanchong's plan: who is there, what happens on which day, what went out. All from one seed.

What happens moves no date to within the longest notice before it: so a second run of the same days has nothing to add.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.conf import settings
from django.core import mail

from tests.factories import make_department, make_user
from tests.reminder_rows import make_channel
from tracker.actions import (
    blockers,
    extensions,
    instructions,
    reminders,
    reminders_by_hand,
    reports,
    reviews,
    steps,
)
from tracker.choices import AnswerState, BlockerCategory, DepartmentKind, ReportState, Role, Stage
from tracker.delivery import outbox
from tracker.management import plan_files
from tracker.models import (
    Blocker,
    Commitment,
    Department,
    Instruction,
    Message,
    Milestone,
    Plan,
    Post,
    PostHolding,
    Preference,
    ProgressReport,
    User,
)
from tracker.policies import Actor, actor_of
from tracker.rules.reporting import ReportValues
from tracker.rules.workdays import STANDARD

SEED = 2026
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)
HANDED_OUT_ON = date(2026, 1, 5)
# A week in which no sweep ran and nothing was sent.
SILENT = (date(2026, 4, 20), date(2026, 4, 26))
AWAY = (date(2026, 3, 2), date(2026, 3, 20))
LATE_HOUR = 14
HOURS, QUIET_TOO = (8, LATE_HOUR), (7, 8, LATE_HOUR, 21)  # when the outbox is rung; in the quiet hours twice a week
SAID = ReportValues(done="按计划推进，完成本月任务。")


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """Every calendar day."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def at(day: date, hour: int) -> datetime:
    """This hour of the day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail that went out."""

    day: date
    hour: int
    person: str
    matters: int


@dataclass(slots=True)
class Year:
    """The site and its year. `clock` stands still between the hours. `departments`: how many have people; None: all."""

    clock: time_machine.Traveller
    departments: int | None = None
    pick: random.Random = field(default_factory=lambda: random.Random(SEED))
    letters: list[Letter] = field(default_factory=list)
    planned: int = 0

    def begin(self) -> None:
        """Load the plan; give every lead department an officer and a head, the heads a vice mayor above them."""
        self.clock.move_to(at(FIRST, 6))
        plan_files.load("nanchong", today=FIRST)
        Plan.objects.update(tracked_since=FIRST)
        make_channel()
        office = make_department("dcs", name="市委市政府督查室", kind=DepartmentKind.SUPERVISION)
        make_user("chen", role=Role.SUPERVISOR, department=office)
        make_user("wu", role=Role.LEADER)
        vice = Post.objects.create(code="vice", title="副市长", department=office)
        self._hold(vice, make_user("vice", role=Role.LEADER))
        leads = Department.objects.filter(pk__in=Commitment.objects.values("lead")).order_by("code")
        for department in leads[: self.departments]:
            head = make_user(f"head-{department.code}", role=Role.HEAD, department=department)
            post = Post.objects.filter(department=department, is_head=True).first() or Post.objects.create(
                code=f"head-{department.code}", title="主要负责人", department=department, is_head=True
            )
            Post.objects.filter(pk=post.pk).update(overseen_by=vice)
            self._hold(post, head)
            make_user(f"officer-{department.code}", department=department)
        self._settings()
        self._milestones()

    def live(self) -> None:
        """The days with what happens on them."""
        for day in days():
            if not SILENT[0] <= day <= SILENT[1]:
                self.sweep(day)
            if STANDARD.is_working_day(day):
                self.clock.move_to(at(day, 16))
                self.happen(day)

    def again(self) -> int:
        """The same days once more, nothing happening; returns how many reminders and messages are new."""
        before = len(self.letters) + self.planned + Message.objects.count()
        for day in days():
            self.sweep(day)
        return len(self.letters) + self.planned + Message.objects.count() - before

    def sweep(self, day: date) -> None:
        """A day's planning and deliveries, each of which settles and composes before it sends."""
        self.clock.move_to(at(day, 7))
        self.planned += reminders.plan(today=day)
        for hour in QUIET_TOO if day.weekday() in {1, 5} else HOURS:
            self.clock.move_to(at(day, hour))
            outbox.deliver(1000, now=at(day, hour))
            self.letters += [self._letter(day, hour, letter) for letter in mail.outbox]
            mail.outbox.clear()

    def counts(self) -> Counter[str]:
        """How many messages each person got."""
        return Counter(letter.person for letter in self.letters)

    @property
    def paused(self) -> User:
        """Who is away in March, and whose deputy is told."""
        return User.objects.get(preference__paused_from=AWAY[0])

    @staticmethod
    def _letter(day: date, hour: int, letter: mail.EmailMessage) -> Letter:
        body = str(letter.body)
        shown = body.count(settings.SITE_URL) - body.count("/inbox/")
        return Letter(day=day, hour=hour, person=letter.to[0].partition("@")[0], matters=shown)

    @staticmethod
    def _hold(post: Post, holder: User) -> None:
        PostHolding.objects.create(post=post, holder=holder, starts_on=date(2025, 1, 1))

    def _settings(self) -> None:
        away, late, *_rest, deputy = User.objects.filter(role=Role.OFFICER).order_by("username")
        Preference.objects.create(user=away, paused_from=AWAY[0], paused_until=AWAY[1], deputy=deputy)
        Preference.objects.create(user=late, hour=LATE_HOUR)

    def _milestones(self) -> None:
        """Two steps in the year for every second commitment."""
        for item in Commitment.objects.filter(due_on__isnull=False).order_by("code")[::2]:
            for number in (1, 2):
                planned = FIRST + timedelta(days=self.pick.randrange(40, 350))
                Milestone.objects.create(commitment=item, name=f"节点{number}", planned_on=planned, order=number)

    # --- What happens

    def happen(self, day: date) -> None:
        """What people do on a working day."""
        if day == HANDED_OUT_ON:
            with_people = User.objects.filter(role=Role.OFFICER).values("department")
            Commitment.objects.filter(lead__in=with_people).update(stage=Stage.ISSUED, issued_on=day)
            return
        pick = self.pick
        open_items = list(Commitment.objects.filter(stage=Stage.IN_PROGRESS).select_related("lead").order_by("code"))
        self._take_on(day)
        self._report_months(day)
        self._reach_steps(day)
        if not open_items:
            return
        item = pick.choice(open_items)
        {0: self._ask, 1: self._instruct, 2: self._remind, 3: self._extend, 4: self._finish}.get(
            pick.randrange(25), lambda item, day: None
        )(item, day)
        self._answer(day)
        self._return(day)

    def _take_on(self, day: date) -> None:
        """Most departments take on what they got within ten working days, some never do."""
        waiting = list(Commitment.objects.filter(stage=Stage.ISSUED).order_by("code"))
        taken = [item.pk for item in waiting if day < date(2026, 2, 1) and self.pick.random() < 0.2]
        if taken:  # one through the action, the others as it leaves them
            first = Commitment.objects.get(pk=taken[0])
            steps.move(first, to=Stage.ACCEPTED, by=self._officer(first), today=day)
            Commitment.objects.filter(pk__in=taken).update(stage=Stage.IN_PROGRESS)

    def _report_months(self, day: date) -> None:
        """Between the end of a month and the end of its window two of three matters are reported on."""
        if not 1 <= day.day <= 8:
            return
        end = day.replace(day=1) - ONE_DAY
        owed = Commitment.objects.filter(stage=Stage.IN_PROGRESS).exclude(last_period_end__gte=end)
        told = [item.pk for item in owed.order_by("code") if self.pick.random() < 0.2]
        if told and end >= FIRST:
            first = Commitment.objects.get(pk=told[0])
            if not first.reports.exclude(state=ReportState.ACCEPTED).exists():
                draft = reports.save_draft(
                    first, values=SAID, by=self._officer(first), today=day, period_start=end.replace(day=1)
                )
                reports.submit(draft, by=self._officer(first), today=day)
            Commitment.objects.filter(pk__in=told).update(last_period_end=end)

    def _return(self, day: date) -> None:
        """Now and then a report goes back, or is handed in again."""
        sent = ProgressReport.objects.filter(state=ReportState.SUBMITTED).order_by("pk").first()
        if sent is not None and self.pick.random() < 0.3:
            reviews.send_back(sent, reason="请补充数据来源。", by=self._chen, today=day)
        back = ProgressReport.objects.filter(
            state=ReportState.RETURNED, commitment__stage=Stage.IN_PROGRESS, reviewed_at__lt=at(day, 0)
        )
        report = back.order_by("pk").first()
        if report is not None and self.pick.random() < 0.2:
            reports.submit(report, by=self._officer(report.commitment), today=day)

    def _reach_steps(self, day: date) -> None:
        """Two of three steps are reached on time."""
        due = Milestone.objects.filter(planned_on=day, commitment__stage=Stage.IN_PROGRESS).order_by("pk")
        reached = [step.pk for step in due if self.pick.random() < 0.66]
        Milestone.objects.filter(pk__in=reached).update(actual_on=day)

    def _ask(self, item: Commitment, day: date) -> None:
        post = self.pick.choice(list(Post.objects.filter(is_head=True).order_by("code")))
        wanted = day + timedelta(days=self.pick.randrange(5, 20))
        blockers.ask(
            item, category=BlockerCategory.MONEY, text="资金尚未到位。", wanted_from=post, wanted_by=wanted,
            by=self._officer(item), today=day,
        )  # fmt: skip

    def _instruct(self, item: Commitment, day: date) -> None:
        due = day + timedelta(days=self.pick.randrange(5, 15))
        wu = User.objects.get(username="wu")
        instructions.give(item, text="请抓紧推进。", answer_due_on=due, given_by=wu, by=actor_of(wu), today=day)

    def _remind(self, item: Commitment, day: date) -> None:
        reminders_by_hand.remind(item, reason="请抓紧。", by=self._chen, today=day)

    def _extend(self, item: Commitment, day: date) -> None:
        if item.due_on != LAST or day > date(2026, 11, 1):
            return
        asked = extensions.request(
            item, wanted_on=date(2027, 6, 30), reason="设备到货延期。", by=self._officer(item), today=day
        )
        extensions.decide(asked, is_granted=self.pick.random() < 0.5, decision="已研究。", by=self._chen, today=day)

    def _finish(self, item: Commitment, day: date) -> None:
        steps.move(item, to=Stage.REPORTED_DONE, by=self._officer(item), today=day)

    def _answer(self, day: date) -> None:
        """Half of what is asked is answered in time, the rest late or never."""
        for blocker in Blocker.objects.filter(state=AnswerState.OPEN).order_by("pk"):
            if self.pick.random() < 0.05:
                blockers.answer(blocker, answer="已落实。", by=self._chen, today=day)
        for instruction in Instruction.objects.filter(state=AnswerState.OPEN).order_by("pk"):
            if self.pick.random() < 0.1:
                officer = self._officer(instruction.commitment)
                instructions.answer(instruction, answer="已办理。", by=officer, today=day)

    @property
    def _chen(self) -> Actor:
        return actor_of(User.objects.get(username="chen"))

    @staticmethod
    def _officer(item: Commitment) -> Actor:
        """Whoever acts for the lead department."""
        return actor_of(User.objects.filter(role=Role.OFFICER, department=item.lead_id).order_by("username")[0])
