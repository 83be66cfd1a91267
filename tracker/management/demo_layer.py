"""The demonstration layer: progress that nobody reported, so that every light, stage and report state can be seen.

Deterministic for a given day: what a commitment shows follows from its place in the ledger. Everything goes through
actions, so that it is a test of them too; every row it makes carries `is_demo`.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from projects.actions import catalogue
from projects.choices import ProjectStage
from projects.models import Indicator, ProjectDetails
from tracker.actions import (
    commitments,
    events,
    health,
    light_record,
    people,
    plans,
    reports,
    reviews,
    sight,
    steps,
    verifications,
)
from tracker.actions.events import Entry
from tracker.choices import Role, Stage, VerificationFinding, VerificationMethod
from tracker.event_kinds import EventKind
from tracker.management import demo_reminders
from tracker.management.demo_desk import DeskLayer
from tracker.management.demo_slips import SlipLayer
from tracker.models import Commitment, Department, Plan, ProgressReport, User
from tracker.policies import SYSTEM, Actor, actor_of
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period
from tracker.rules.reporting import ReportValues, VolumeValues

OFFICER_DEPARTMENT = "kjj"
OFFICE = "dcs"
# (role, username, name, department code)
ACCOUNTS = (
    (Role.OFFICER, "officer", "经办人（演示）", OFFICER_DEPARTMENT),
    (Role.HEAD, "head", "部门负责人（演示）", OFFICER_DEPARTMENT),
    (Role.SUPERVISOR, "supervisor", "督查专员（演示）", OFFICE),
    (Role.LEADER, "leader", "市领导（演示）", ""),
    (Role.ADMIN, "admin", "系统管理员（演示）", ""),
)
WORDS = (
    ("方案已印发，各县（市、区）完成任务对接。", "下一步按月调度，梳理缺口。"),
    ("已完成现场踏勘和资料报审，进入评审阶段。", "下一步争取评审意见，启动实施。"),
    ("主体工作按计划推进，阶段成果已报送。", "下一步组织自查，完善佐证材料。"),
    ("已组织两次专题对接，形成问题清单。", "下一步逐项销账，月底前回头看。"),
)
PROBLEM = "要素保障衔接较慢，需相关部门协同。（演示）"


# A story stops where time passes: what comes after happens in the last weeks.
Story = Iterator[None]
# Days before today on which the lights are looked at while time passes.
SWEPT = (26, 19, 12, 8, 5, 3, 1)


class DemoLayer:
    """Builds the layer for one plan on one day. `seed()` is the entrance."""

    def __init__(self, plan: Plan, *, today: date) -> None:
        self.plan = plan
        self.today = today
        grace = plan.report_grace_days
        self.current = self._period(today)
        self.previous = self._period(self.current.start - timedelta(days=1))
        self.previous_day = min(
            today, self.previous.start + timedelta(days=(self.previous.end - self.previous.start).days + min(3, grace))
        )
        self.issued_on = self._period(self.previous.start - timedelta(days=40)).start
        self.officers: dict[int, Actor] = {}

    def _period(self, day: date) -> Period:
        cycle = Cycle(self.plan.report_cycle)
        period = periods.period_of(day, Cycle.MONTH if cycle == Cycle.NONE else cycle, self.plan.report_grace_days)
        assert period is not None  # a real cycle always has a period
        return period

    @transaction.atomic
    def seed(self) -> int:
        """Give every commitment of the plan its demonstration story; returns how many."""
        self.office = actor_of(User.objects.get(username="supervisor"))
        plans.start_tracking(self.plan, since=self.issued_on, by=SYSTEM)
        self._readings()
        items = list(Commitment.objects.filter(plan=self.plan, stage=Stage.REGISTERED).order_by("code"))
        light_record.pretend_entered(items, on=self.issued_on)
        told: set[int] = set()
        stories: list[Story] = []
        for index, item in enumerate(items):
            # One thing is reported once: a second commitment on it waits for the next report.
            story = self._silent if item.initiative_id in told else self._story(index)
            told |= {item.initiative_id} if item.initiative_id else set()
            stories.append(story(item, index))
        for begun in stories:
            next(begun)
        self._days_pass(items)
        for begun in stories:
            next(begun, None)
        DeskLayer(self.plan, today=self.today, since=self.issued_on, office=self.office, officer=self._officer).seed()
        SlipLayer(self.plan, today=self.today, office=self.office, officer=self._officer).seed()
        events.record(Entry(kind=EventKind.DEMO_ADDED, subject=f"plan {self.plan.code}", is_demo=True), by=SYSTEM)
        rows = health.lock_all(items)
        health.reassess(rows, today=self.today)
        demo_reminders.remind(today=self.today)
        return len(items)

    def _days_pass(self, items: list[Commitment]) -> None:
        """The sweeps between the last accepted reports and today, each with the lights of its day."""
        for before in SWEPT:
            day = self.today - timedelta(days=before)
            if day > self.previous_day:
                health.reassess(health.lock_all(items), today=day)

    def _recent(self, index: int) -> date:
        """A day since the last accepted reports, so that not everything happens today."""
        return max(self.previous_day, self.today - timedelta(days=index % 27))

    def _story(self, index: int) -> Callable[[Commitment, int], Story]:
        """Which story a commitment tells: its place decides, in a cycle of 34 (204 commitments make six)."""
        place = index % 34
        if place in {0, 8, 17, 25, 31}:
            return self._finished
        if place in {4, 12, 20}:
            return self._late
        if place in {6, 15, 23, 29}:
            return self._slipping
        if place == 10:
            return self._silent
        if place == 27:
            return self._waiting
        if place == 33:
            return self._set_aside
        return self._steady

    def _issue(self, item: Commitment, *, on: date | None = None) -> Commitment:
        return steps.move(item, to=Stage.ISSUED, by=self.office, today=on or self.issued_on, is_demo=True)

    def _officer(self, item: Commitment) -> Actor:
        assert item.lead_id is not None  # every commitment of the plan suggests a lead
        if item.lead_id not in self.officers:
            department = Department.objects.get(pk=item.lead_id)
            user = User.objects.filter(department=department, role=Role.OFFICER, is_active=True).order_by("pk").first()
            user = user or people.set_user(
                f"demo-{department.code}",
                role=Role.OFFICER,
                full_name=f"{department.short_name}经办人（演示）",
                department=department,
                email=f"{department.code}@example.invalid",
                is_demo=True,
                by=SYSTEM,
            )
            self.officers[item.lead_id] = actor_of(user)
        return self.officers[item.lead_id]

    def _report(
        self,
        item: Commitment,
        index: int,
        *,
        progress: int | None,
        period: Period,
        on: date,
        forecast_on: date | None = None,
        problems: str = "",
        doubts_answer: str = "",
    ) -> ProgressReport:
        done, next_steps = WORDS[index % len(WORDS)]
        takes_progress = not (item.is_red_line or item.is_continuous)
        values = ReportValues(
            done=done,
            problems=problems,
            next_steps=next_steps,
            progress=Decimal(progress) if progress is not None and takes_progress else None,
            forecast_on=forecast_on if takes_progress else None,
            volumes=self._volumes(item, index, period=period, progress=progress),
            doubts_answer=doubts_answer,
        )
        by = self._officer(item)
        draft = reports.save_draft(item, values=values, by=by, today=on, period_start=period.start, is_demo=True)
        return reports.submit(draft, by=by, today=on)

    def _volumes(self, item: Commitment, index: int, *, period: Period, progress: int | None) -> VolumeValues | None:
        """The three quantities, for a project."""
        if progress is None or not ProjectDetails.objects.filter(pk=item.initiative_id).exists():
            return None
        month = Decimal(200 + index % 9 * 60)
        return VolumeValues(
            invested_month_wan=month,
            invested_year_wan=month * period.end.month,
            physical_percent=Decimal(progress),
            work_percent=Decimal(max(progress - 4, 0)),
            stage=ProjectStage.CONSTRUCTION,
        )

    def _accepted(
        self, item: Commitment, index: int, *, progress: int, forecast_on: date | None = None, problems: str = ""
    ) -> None:
        """What was accepted so far: of a project a report on every month since the hand-out, else on the last one."""
        is_project = ProjectDetails.objects.filter(pk=item.initiative_id).exists()
        starts = [self.issued_on + timedelta(days=31 * number) for number in range(4)] if is_project else []
        earlier = [period for period in map(self._period, starts) if period.end < self.previous.start]
        for before, period in zip(range(len(earlier), 0, -1), earlier, strict=True):
            on = period.end + timedelta(days=3)
            report = self._report(item, index, progress=max(5, progress - 7 * before), period=period, on=on)
            reviews.accept(report, by=self.office, today=on)
        on = self.previous_day
        report = self._report(
            item, index, progress=progress, period=self.previous, on=on, forecast_on=forecast_on, problems=problems
        )
        reviews.accept(report, by=self.office, today=on)

    def _steady(self, item: Commitment, index: int) -> Story:
        self._issue(item)
        known = 88 + index % 10
        self._accepted(item, index, progress=known)
        if item.kind in {"project", "park"} and item.due_on and index % 3 == 0:
            self._milestones(item, last_done=True)
        yield
        if index % 17 == 2:
            self._milestone_ahead(item)
            # One in two says less than last time, and why: the reviewer reads the question and the answer.
            falls = index % 34 == 2
            answer = "上期误将在建项目计入，本期更正。（演示）" if falls else ""
            progress = known - 3 if falls else known + 2
            self._report(item, index, progress=progress, period=self.current, on=self.today, doubts_answer=answer)
        elif index % 17 == 9:
            report = self._report(item, index, progress=known + 2, period=self.current, on=self.today)
            reviews.send_back(
                report, reason="请附上文件名称和文号，说明完成数量。（演示）", by=self.office, today=self.today
            )
        elif index % 17 == 14:
            reports.save_draft(
                item,
                values=ReportValues(done="初稿，待核对数据。（演示）"),
                by=self._officer(item),
                today=self.today,
                is_demo=True,
            )

    def _slipping(self, item: Commitment, index: int) -> Story:
        self._issue(item)
        late = self._after(item.due_on, 10 + index % 18) if item.due_on and index % 2 else None
        self._accepted(item, index, progress=72 + index % 12, forecast_on=late, problems=PROBLEM)
        yield

    def _after(self, due_on: date, days: int) -> date:
        """A forecast behind the due date, and behind today: nobody foretells the past."""
        return max(due_on, self.today) + timedelta(days=days)

    def _late(self, item: Commitment, index: int) -> Story:
        self._issue(item)
        late = self._after(item.due_on, 45 + index % 60) if item.due_on and index % 2 else None
        self._accepted(item, index, progress=28 + index % 30, forecast_on=late, problems=PROBLEM)
        if item.due_on and index % 2 == 0 and item.kind != "target":
            self._milestones(item, last_done=False)
        yield

    def _finished(self, item: Commitment, index: int) -> Story:
        self._issue(item)
        self._accepted(item, index, progress=100)
        yield
        day = self._recent(index)
        steps.move(item, to=Stage.REPORTED_DONE, by=self._officer(item), today=day, is_demo=True)
        for stage in (Stage.VERIFIED, Stage.CLOSED, Stage.ARCHIVED)[: index % 4]:
            if stage == Stage.VERIFIED:
                self._verified(item, on=day)
            else:
                steps.move(item, to=stage, by=self.office, today=day, is_demo=True)

    def _verified(self, item: Commitment, *, on: date) -> None:
        verifications.record(
            item,
            method=VerificationMethod.DOCUMENTS,
            finding=VerificationFinding.CONFIRMED,
            note="已核对文件和现场照片，佐证齐全。（演示）",
            by=self.office,
            today=on,
            is_demo=True,
        )

    def _silent(self, item: Commitment, index: int) -> Story:
        """Taken on this month: nothing is owed yet, nothing is known."""
        yield
        self._issue(item, on=self.today)
        steps.move(item, to=Stage.ACCEPTED, by=self._officer(item), today=self.today, is_demo=True)

    def _waiting(self, item: Commitment, index: int) -> Story:
        """Not handed out, or handed out and not taken on."""
        yield
        if index // 34 % 3:
            self._issue(item, on=self.today - timedelta(days=2 * (index // 34)))

    def _set_aside(self, item: Commitment, index: int) -> Story:
        self._issue(item)
        yield
        stage = (Stage.SUSPENDED, Stage.EXEMPT, Stage.CANCELLED)[index // 34 % 3]
        until = self.today + timedelta(days=60) if stage == Stage.EXEMPT else None
        steps.move(
            item,
            to=stage,
            by=self.office,
            today=self.today,
            reason="政策调整，经批准。（演示）",
            exempt_until=until,
            is_demo=True,
        )

    def _milestones(self, item: Commitment, *, last_done: bool) -> None:
        start = self.plan.horizon_starts_on
        for order, (name, share, weight) in enumerate(
            (("前期手续", 10, 20), ("主体完成", 55, 50), ("验收", 92, 30)), start=1
        ):
            span = (self.plan.horizon_ends_on - start).days
            planned = start + timedelta(days=span * share // 100)
            reached = planned + timedelta(days=12) if planned < self.today and (last_done or order < 3) else None
            if reached and reached > self.today:
                reached = None
            commitments.set_milestone(
                item,
                name=name,
                planned_on=planned,
                actual_on=reached,
                weight=Decimal(weight),
                order=order,
                by=self.office,
                today=self.today,
                is_demo=True,
            )

    def _milestone_ahead(self, item: Commitment) -> None:
        """A step a week away, so that the next sweep has somebody to remind."""
        commitments.set_milestone(
            item,
            name="阶段评估",
            planned_on=self.today + timedelta(days=7),
            order=9,
            by=self.office,
            today=self.today,
            is_demo=True,
        )

    def _readings(self) -> None:
        """Readings of the one target whose base is known."""
        indicator = Indicator.objects.filter(code="high-tech-enterprises").first()
        if indicator is None:
            return
        for start, end, value in (
            (date(2024, 1, 1), date(2024, 12, 31), 214),
            (date(2025, 1, 1), date(2025, 12, 31), 229),
            (date(2026, 1, 1), date(2026, 6, 30), 238),
        ):
            if end < self.today:
                catalogue.record_reading(
                    indicator,
                    period_start=start,
                    period_end=end,
                    reported=Decimal(value),
                    source="演示数值",
                    is_demo=True,
                )
        sight.tell_names(indicator=indicator)


def sign_ins(path: Path) -> list[dict[str, str]]:
    """Create the demonstration sign-ins, one per role, and keep their passwords in `path`; a second call keeps them."""
    kept = {row["username"]: row["password"] for row in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    accounts = []
    for role, username, name, department_code in ACCOUNTS:
        password = kept.get(username) or f"demo-{secrets.token_hex(4)}"
        people.set_user(
            username,
            role=role,
            full_name=name,
            department=Department.objects.get(code=department_code) if department_code else None,
            password=password,
            email=f"{username}@example.invalid",
            is_superuser=role == Role.ADMIN,
            is_demo=True,
            by=SYSTEM,
        )
        accounts.append({"role": str(role), "username": username, "password": password, "name": name})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=1), encoding="utf-8")
    return accounts
