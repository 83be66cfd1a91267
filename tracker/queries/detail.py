"""One commitment with everything its page shows; one department with everything of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, EventKind, Health, Involvement
from tracker.models import (
    Commitment,
    CommitmentDepartment,
    Department,
    Event,
    Milestone,
    PostHolding,
    ProgressReport,
    Target,
)
from tracker.policies import Actor
from tracker.queries import dossier, facts, overview
from tracker.queries.dossier import Dossier
from tracker.queries.ledger_rows import LedgerRow, first_rows
from tracker.queries.overview import TargetView
from tracker.rules import health, progress
from tracker.rules.facts import CommitmentFacts

REPORTS, EVENTS, GROUP_ROWS = 12, 30, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentView:
    """What the commitment page needs; nothing in it triggers SQL. `expected` in percent, None: cannot be said.

    `rules_health` is the light by the rules, which differs from the stored one while a light is set by hand.
    """

    commitment: Commitment
    involvements: Sequence[CommitmentDepartment]
    holding: PostHolding | None
    milestones: Sequence[Milestone]
    targets: Sequence[TargetView]
    reports: Sequence[ProgressReport]
    events: Sequence[Event]
    has_more_events: bool
    expected: Decimal | None
    rules_health: Health
    dossier: Dossier


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
    holding = (
        PostHolding.objects.filter(post=found.post, ends_on__isnull=True).select_related("holder").first()
        if found.post_id
        else None
    )
    beside = dossier.of(found, viewer=viewer)
    events = list(dossier.events(_events(found, viewer), beside)[: EVENTS + 1])
    known = facts.of_commitments([found])[found.pk]
    return CommitmentView(
        commitment=found,
        involvements=list(found.involvements.select_related("department").order_by("involvement", "order")),
        holding=holding,
        milestones=list(found.milestones.order_by("order", "pk")),
        targets=overview.target_views(Target.objects.filter(commitment=found)),
        reports=list(
            policies.reports_visible_to(viewer)
            .filter(commitment=found)
            .select_related("author", "reviewer")
            .order_by("-period_end", "-pk")[:REPORTS]
        ),
        events=events[:EVENTS],
        has_more_events=len(events) > EVENTS,
        expected=None
        if found.is_continuous or found.is_red_line
        else progress.expected(known.milestones, starts_on=known.starts_on, due_on=known.due_on, today=today),
        rules_health=_rules_health(found, known, today=today),
        dossier=beside,
    )


def _rules_health(found: Commitment, known: CommitmentFacts, *, today: date) -> Health:
    if not found.override_health:
        return Health(found.health)
    return health.assess(known, rule_set=facts.rule_set_in_force(today=today), today=today).health


def _events(found: Commitment, viewer: Actor) -> QuerySet[Event]:
    """The history, newest first. Drafts are the department's own affair until they are handed in."""
    events = Event.objects.filter(commitment=found).select_related("actor").order_by("-seq")
    drafts = Q(kind=EventKind.REPORT_SAVED)
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        # The writer's department, not the lead: a lead that came later does not read its predecessor's drafts.
        return events.exclude(drafts & ~Q(actor__department=viewer.department_id))
    return events.exclude(drafts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentGroup:
    """What a department leads, shares or supports: the first rows and the total. `part` is "lead" or an Involvement."""

    part: str
    total: int
    rows: Sequence[LedgerRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentView:
    department: Department
    head: str
    counts: dict[Health, int]
    groups: Sequence[DepartmentGroup]


def department(code: str, *, viewer: Actor) -> DepartmentView | None:
    """The department's page, or None when it is not in the viewer's sight."""
    found = policies.departments_visible_to(viewer).select_related("jurisdiction").filter(code=code).first()
    if found is None:
        return None
    holding = (
        PostHolding.objects.filter(post__department=found, post__is_head=True, ends_on__isnull=True)
        .select_related("holder")
        .first()
    )
    seen = policies.visible_to(viewer)
    led = seen.filter(lead=found)
    counts = overview.count_lights(led)
    groups = [DepartmentGroup(part="lead", total=sum(counts.values()), rows=first_rows(led, size=GROUP_ROWS))]
    for part in Involvement:
        joined = seen.filter(involvements__department=found, involvements__involvement=part)
        groups.append(DepartmentGroup(part=part, total=joined.count(), rows=first_rows(joined, size=GROUP_ROWS)))
    return DepartmentView(
        department=found,
        head=str(holding.holder) if holding else "",
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
