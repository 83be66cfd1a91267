"""One commitment with everything its page shows; one department with everything of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from tracker import policies
from tracker.choices import Health, Involvement, Kind
from tracker.models import (
    Commitment,
    CommitmentDepartment,
    Department,
    HealthRuleSet,
    Milestone,
    ProgressReport,
    Target,
)
from tracker.policies import Actor
from tracker.queries import dossier, facts, family, history, overview, portfolio, posts, rollup
from tracker.queries.dossier import Dossier
from tracker.queries.family import Family
from tracker.queries.history import HistoryPage
from tracker.queries.ledger_rows import LedgerRow, first_rows
from tracker.queries.overview import TargetView
from tracker.queries.portfolio import Asked
from tracker.queries.posts import OwnerPost, PostView
from tracker.rules import health
from tracker.rules.progress import Schedule
from tracker.rules.ruleset import RuleSet

REPORTS, EVENTS, GROUP_ROWS = 12, 8, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentView:
    """What the commitment page needs; nothing in it triggers SQL. `expected` in percent, None: cannot be said.

    `rules_health` is the light by the rules, which differs from the stored one while a light is set by hand; `rules`
    are those that gave it. `schedule`: what progress is measured against, None where there is no percentage.
    `history`: the newest events.
    """

    commitment: Commitment
    involvements: Sequence[CommitmentDepartment]
    owner: OwnerPost | None
    milestones: Sequence[Milestone]
    targets: Sequence[TargetView]
    reports: Sequence[ProgressReport]
    schedule: Schedule | None
    expected: Decimal | None
    rules: RuleSet
    rules_health: Health
    dossier: Dossier
    family: Family
    history: HistoryPage


def commitment(code: str, *, viewer: Actor, today: date) -> CommitmentView | None:
    """The commitment with this code, or None when there is none in the viewer's sight."""
    if "\x00" in code:  # which PostgreSQL refuses to be asked for
        return None
    found = (
        policies.visible_to(viewer)
        .select_related("plan", "clause__chapter", "lead", "post", "initiative", "parent")
        .filter(code=code)
        .first()
    )
    if found is None:
        return None
    known = facts.of_commitments([found])[found.pk]
    schedule = None
    if not (found.is_continuous or found.is_red_line or found.kind == Kind.TARGET):  # a target has its path instead
        schedule = Schedule.of(known.milestones, starts_on=known.starts_on, due_on=known.due_on)
    rules = _rules_of(found, today=today)
    return CommitmentView(
        commitment=found,
        involvements=list(found.involvements.select_related("department").order_by("involvement", "order")),
        owner=posts.owner_of(found, today=today),
        milestones=list(found.milestones.order_by("order", "pk")),
        targets=overview.target_views(Target.objects.filter(commitment=found)),
        reports=list(
            policies.reports_visible_to(viewer)
            .filter(commitment=found)
            .select_related("author__department", "reviewer")
            .order_by("-period_end", "-pk")[:REPORTS]
        ),
        schedule=schedule,
        expected=schedule.expected(today) if schedule else None,
        rules=rules,
        rules_health=health.assess(known, rule_set=rules, today=today).health
        if found.override_health
        else Health(found.health),
        dossier=dossier.of(found, viewer=viewer, today=today),
        family=family.of(found, viewer=viewer),
        history=history.page(found, viewer=viewer, size=EVENTS),
    )


def _rules_of(found: Commitment, *, today: date) -> RuleSet:
    """The rules that gave the stored light; those in force while a light is set by hand, or where none gave it."""
    stored = None
    if found.rule_version and not found.override_health:
        stored = HealthRuleSet.objects.filter(version=found.rule_version).first()
    return RuleSet.from_json(stored.version, stored.parameters) if stored else facts.rule_set_in_force(today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentGroup:
    """What a department leads, shares or supports: the first rows and the total. `part` is "lead" or an Involvement."""

    part: str
    total: int
    rows: Sequence[LedgerRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentView:
    """`asked`: blockers that ask one of its posts."""

    department: Department
    head: str
    posts: Sequence[PostView]
    asked: Asked
    counts: dict[Health, int]
    groups: Sequence[DepartmentGroup]


def department(code: str, *, viewer: Actor, today: date) -> DepartmentView | None:
    """The department's page, or None when it is not in the viewer's sight."""
    found = policies.departments_visible_to(viewer).select_related("jurisdiction").filter(code=code).first()
    if found is None:
        return None
    held = posts.of_department(found, today=today)
    holding = next((one.holding for one in held if one.post.is_head), None)
    seen = policies.visible_to(viewer)
    led = seen.filter(lead=found)
    counts = rollup.count_lights(led)
    groups = [DepartmentGroup(part="lead", total=sum(counts.values()), rows=first_rows(led, size=GROUP_ROWS))]
    for part in Involvement:
        joined = seen.filter(involvements__department=found, involvements__involvement=part)
        groups.append(DepartmentGroup(part=part, total=joined.count(), rows=first_rows(joined, size=GROUP_ROWS)))
    return DepartmentView(
        department=found,
        head=str(holding.holder) if holding else "",
        posts=held,
        asked=portfolio.asked(Q(wanted_from__department=found), viewer=viewer, today=today),
        counts=counts,
        groups=[group for group in groups if group.total],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentLine:
    """A department in the list of departments, with the lights of what it leads."""

    department: Department
    counts: dict[Health, int]


def departments(*, viewer: Actor) -> list[DepartmentLine]:
    """The visible departments that lead something, in their order. Two queries."""
    counted: dict[int, dict[Health, int]] = {}
    rows = policies.visible_to(viewer).filter(lead__isnull=False).order_by().values_list("lead", "health")
    for lead, light, count in rows.annotate(count=Count("pk")):
        counted.setdefault(lead, dict.fromkeys(Health, 0))[Health(light)] = count
    found = policies.departments_visible_to(viewer).filter(pk__in=counted).order_by("order", "code")
    return [DepartmentLine(department=one, counts=counted[one.pk]) for one in found]
