"""Plain typed factories: boring defaults, the test states what matters. They write rows directly, except where a test
is about an action; personas carry the permission story:

Lin heads the work at the science bureau (officer), Zhou is an officer of another department, Chen reviews in the
supervision office, Wu is a leader, Gu keeps the system.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from projects.choices import Direction, Frequency, InitiativeKind, JurisdictionLevel
from projects.models import Indicator, Initiative, Jurisdiction, Reading
from tracker.choices import (
    Comparator,
    DepartmentKind,
    Health,
    Involvement,
    Kind,
    ReportState,
    Role,
    Stage,
    VerificationFinding,
    VerificationMethod,
)
from tracker.models import (
    Blocker,
    Clause,
    Commitment,
    CommitmentDepartment,
    Contribution,
    Department,
    ExtensionRequest,
    Instruction,
    Lookback,
    LookbackPick,
    Milestone,
    Plan,
    Post,
    ProgressReport,
    Target,
    User,
    Verification,
)
from tracker.policies import Actor, actor_of
from tracker.rules import lookback

TODAY = date(2026, 11, 22)
PASSWORD = "right horse battery"
_numbers = count(1)


def make_jurisdiction(*, code: str = "511300", name: str = "南充市") -> Jurisdiction:
    place, _created = Jurisdiction.objects.get_or_create(
        code=code, defaults={"name": name, "level": JurisdictionLevel.CITY}
    )
    return place


def make_department(
    code: str = "kjj", *, name: str = "", short_name: str = "", kind: DepartmentKind = DepartmentKind.CITY
) -> Department:
    department, _created = Department.objects.get_or_create(
        code=code,
        defaults={
            "name": name or f"市{code}局",
            "short_name": short_name or code,
            "kind": kind,
            "jurisdiction": make_jurisdiction(),
        },
    )
    return department


def make_user(
    username: str,
    *,
    role: Role = Role.OFFICER,
    department: Department | None = None,
    is_superuser: bool = False,
    email: str = "",
) -> User:
    user = User(
        username=username,
        role=role,
        department=department,
        full_name=username.title(),
        email=email or f"{username}@example.invalid",
        is_staff=True,
        is_superuser=is_superuser,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def make_plan(
    code: str = "P1",
    *,
    starts_on: date = date(2024, 1, 1),
    ends_on: date = date(2026, 12, 31),
    tracked_since: date | None = None,
) -> Plan:
    plan, _created = Plan.objects.get_or_create(
        code=code,
        defaults={
            "title": f"{code} 决定",
            "short_title": code,
            "issuer": "市委",
            "jurisdiction": make_jurisdiction(),
            "horizon_starts_on": starts_on,
            "horizon_ends_on": ends_on,
            "baseline_year": starts_on.year - 1,
            "tracked_since": tracked_since,
        },
    )
    return plan


def make_clause(plan: Plan, code: str = "1", *, heading: str = "产业焕新", parent: Clause | None = None) -> Clause:
    clause = Clause.objects.create(plan=plan, code=code, heading=heading, parent=parent, order=next(_numbers))
    clause.chapter = parent.chapter if parent else clause
    clause.save(update_fields=["chapter"])
    return clause


def make_initiative(code: str = "", *, kind: InitiativeKind = InitiativeKind.PROJECT) -> Initiative:
    code = code or f"I-{next(_numbers)}"
    return Initiative.objects.create(code=code, name=f"载体 {code}", kind=kind)


def make_commitment(
    code: str = "",
    *,
    title: str = "",
    plan: Plan | None = None,
    department: Department | None = None,
    kind: Kind = Kind.ACTION,
    stage: Stage = Stage.IN_PROGRESS,
    starts_on: date | None = None,
    due_on: date | None = date(2026, 12, 31),
    is_continuous: bool = False,
    is_red_line: bool = False,
    initiative: Initiative | None = None,
    clause: Clause | None = None,
    parent: Commitment | None = None,
    progress: Decimal | None = None,
    health: Health = Health.NO_DATA,
    issued_on: date | None = date(2026, 1, 5),
    recheck_on: date | None = None,
    assessed_on: date | None = TODAY,
) -> Commitment:
    code = code or f"C-{next(_numbers):04d}"
    due = None if is_continuous else due_on
    return Commitment.objects.create(
        code=code,
        title=title or f"事项 {code}",
        plan=plan or make_plan(),
        lead=department,
        kind=kind,
        stage=stage,
        starts_on=starts_on,
        due_on=due,
        original_due_on=due,
        is_continuous=is_continuous,
        is_red_line=is_red_line,
        initiative=initiative,
        clause=clause,
        parent=parent,
        progress=progress,
        progress_basis="reported" if progress is not None else "",
        health=health,
        issued_on=None if stage == Stage.REGISTERED else issued_on,
        recheck_on=recheck_on,
        assessed_on=assessed_on,
    )


def make_milestone(
    commitment: Commitment,
    name: str = "开工",
    *,
    planned_on: date | None = None,
    actual_on: date | None = None,
    weight: Decimal | None = None,
) -> Milestone:
    return Milestone.objects.create(
        commitment=commitment, name=name, planned_on=planned_on, actual_on=actual_on, weight=weight
    )


def make_report(
    commitment: Commitment,
    *,
    author: User,
    state: ReportState = ReportState.SUBMITTED,
    period_start: date = date(2026, 11, 1),
    period_end: date = date(2026, 11, 30),
    done: str = "完成设备调试。",
    progress: Decimal | None = None,
    reviewer: User | None = None,
) -> ProgressReport:
    return ProgressReport.objects.create(
        commitment=commitment,
        author=author,
        state=state,
        period_start=period_start,
        period_end=period_end,
        done=done,
        progress=progress,
        reviewer=reviewer,
        return_reason="请补充数据来源。" if state == ReportState.RETURNED else "",
    )


def make_told(commitment: Commitment, *, author: User, month: int = 10) -> Commitment:
    """The commitment with an accepted report on a month of 2026, so that the next one may say "nothing changed"."""
    start = date(2026, month, 1)
    end = date(2026, month + 1, 1) - timedelta(days=1)
    make_report(commitment, author=author, state=ReportState.ACCEPTED, period_start=start, period_end=end)
    commitment.last_period_end = end
    commitment.save(update_fields=["last_period_end"])
    return commitment


def make_indicator(code: str = "high-tech-enterprises", *, unit: str = "家") -> Indicator:
    return Indicator.objects.create(
        code=code, name=f"指标 {code}", unit=unit, direction=Direction.UP, frequency=Frequency.YEAR
    )


def make_reading(indicator: Indicator, year: int, value: Decimal) -> Reading:
    return Reading.objects.create(
        indicator=indicator,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        verified=value,
        source="公开名单",
    )


def make_contribution(commitment: Commitment, *, author: User, text: str = "已提供数据。") -> Contribution:
    """What the author's department gave for November; it gets its confirmed part in the commitment."""
    department = author.department
    assert department is not None
    CommitmentDepartment.objects.get_or_create(
        commitment=commitment, department=department, defaults={"involvement": Involvement.SUPPORTING}
    )
    return Contribution.objects.create(
        commitment=commitment,
        department=department,
        author=author,
        period_start=date(2026, 11, 1),
        period_end=date(2026, 11, 30),
        text=text,
    )


def make_target(
    commitment: Commitment,
    indicator: Indicator,
    *,
    comparator: Comparator = Comparator.GROWTH_AT_LEAST,
    value: Decimal | None = None,
    growth_percent: Decimal | None = Decimal(30),
    base_year: int | None = 2023,
) -> Target:
    return Target.objects.create(
        commitment=commitment,
        indicator=indicator,
        comparator=comparator,
        value=value,
        growth_percent=growth_percent,
        base_year=base_year,
    )


def make_post(code: str = "fgw-head", *, title: str = "主任", department: Department | None = None) -> Post:
    return Post.objects.create(
        code=code, title=title, department=department or make_department("fgw", name="市发展改革委")
    )


def make_extension(
    commitment: Commitment, *, author: User, wanted_on: date = date(2027, 3, 31), reason: str = "设备到货延期。"
) -> ExtensionRequest:
    due = commitment.due_on or date(2026, 12, 31)
    return ExtensionRequest.objects.create(
        commitment=commitment,
        author=author,
        original_due_on=commitment.original_due_on or due,
        due_on=due,
        wanted_on=wanted_on,
        reason=reason,
    )


def make_blocker(
    commitment: Commitment, *, author: User, wanted_from: Post, wanted_by: date = date(2026, 12, 1)
) -> Blocker:
    return Blocker.objects.create(
        commitment=commitment,
        author=author,
        wanted_from=wanted_from,
        wanted_by=wanted_by,
        category="land",
        text="用地预审未办结。",
    )


def make_instruction(
    commitment: Commitment, *, given_by: User, answer_due_on: date = date(2026, 12, 1), text: str = "请抓紧推进。"
) -> Instruction:
    return Instruction.objects.create(
        commitment=commitment,
        given_by=given_by,
        author=given_by,
        given_on=TODAY,
        answer_due_on=answer_due_on,
        text=text,
    )


def make_verification(commitment: Commitment, *, verifier: User, lookback: Lookback | None = None) -> Verification:
    return Verification.objects.create(
        commitment=commitment,
        verifier=verifier,
        lookback=lookback,
        method=VerificationMethod.DOCUMENTS,
        finding=VerificationFinding.CONFIRMED,
        note="与台账一致。",
        verified_on=TODAY,
    )


def make_lookback(*picked: Commitment, drawn_by: User, seed: str = "42") -> Lookback:
    """A sample of exactly these commitments, which are also its population."""
    codes = [item.code for item in picked]
    row = Lookback.objects.create(
        drawn_by=drawn_by,
        drawn_on=TODAY,
        closed_from=date(2026, 1, 1),
        closed_until=TODAY,
        seed=seed,
        population=sorted(codes),
        size=len(picked),
    )
    order = lookback.draw(codes, seed=seed, size=len(codes))
    for item in picked:
        LookbackPick.objects.create(lookback=row, commitment=item, order=order.index(item.code) + 1)
    return row


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of every permission story, and their departments."""

    science: Department
    health_bureau: Department
    office: Department
    lin: User
    zhou: User
    chen: User
    wu: User
    gu: User

    def actor(self, name: str) -> Actor:
        user: User = getattr(self, name)
        return actor_of(user)


def make_cast() -> Cast:
    """Lin (officer, science), Zhou (officer, elsewhere), Chen (reviewer), Wu (leader), Gu (administrator)."""
    science = make_department("kjj", name="市科技局", short_name="科技")
    health_bureau = make_department("wjw", name="市卫生健康委", short_name="卫健")
    office = make_department("dcs", name="市委市政府督查室", short_name="督查", kind=DepartmentKind.SUPERVISION)
    return Cast(
        science=science,
        health_bureau=health_bureau,
        office=office,
        lin=make_user("lin", department=science),
        zhou=make_user("zhou", department=health_bureau),
        chen=make_user("chen", role=Role.SUPERVISOR, department=office),
        wu=make_user("wu", role=Role.LEADER),
        gu=make_user("gu", role=Role.ADMIN, is_superuser=True),
    )
