"""A decision as a status page: its clauses in their order, what was promised in each, and how far it is covered."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from tracker import policies
from tracker.choices import Health
from tracker.models import Clause, Commitment, Plan
from tracker.policies import Actor

# So many promises stand on one page; a longer decision is read by chapter or by light.
MOST = 2000


class Show(TextChoices):
    """What of a decision is shown: clauses by whether anybody took them up, or commitments by their lead."""

    COVERED = "covered", _("Clauses with commitments")
    UNCOMMITTED = "uncommitted", _("Clauses without a commitment")
    JUDGED = "judged", _("Clauses judged to need none")
    CONFIRMED = "confirmed", _("Commitments with a confirmed lead")
    SUGGESTED = "suggested", _("Commitments with a suggested lead only")
    UNOWNED = "unowned", _("Commitments without a lead")
    UNPLACED = "unplaced", _("Commitments without a place in the text")


# These ask about clauses; who does not see the whole city cannot know that a clause is without a commitment.
OF_CLAUSES = frozenset({Show.UNCOMMITTED, Show.JUDGED})
OWNERS = {
    Show.CONFIRMED: Q(lead__isnull=False, lead_is_suggested=False),
    Show.SUGGESTED: Q(lead_is_suggested=True),
    Show.UNOWNED: Q(lead__isnull=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the reader narrows by. `chapter` is the code of a chapter; empty or None: not narrowed."""

    health: str = ""
    chapter: str = ""
    show: Show | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether clauses without a matching commitment are left out."""
        return bool(self.health or self.show)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """From clauses to commitments to owners. A clause counts when it has no parts or holds a commitment itself.

    `covered` + `judged` + `uncommitted` = `clauses`; `confirmed` + `suggested` + `unowned` = `commitments`, those that
    stand in a clause; `unplaced` stand in none, and `lights` counts both.
    """

    clauses: int = 0
    covered: int = 0
    judged: int = 0
    uncommitted: int = 0
    commitments: int = 0
    confirmed: int = 0
    suggested: int = 0
    unowned: int = 0
    unplaced: int = 0
    lights: dict[Health, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment as it stands in its clause, in the order of PROMISE."""

    clause_id: int | None
    code: str
    title: str
    health: str
    reasons: list[dict[str, Any]]
    lead_name: str | None
    lead_code: str | None
    lead_is_suggested: bool
    is_demo: bool
    span_start: int | None
    span_end: int | None

    @property
    def span(self) -> tuple[int, int] | None:
        """Its characters within the clause; None where it is not located."""
        if self.span_start is None or self.span_end is None:
            return None
        return self.span_start, self.span_end


PROMISE = (
    "clause", "code", "title", "health", "health_reasons", "lead__short_name", "lead__code", "lead_is_suggested",
    "is_demo", "span_start", "span_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """One clause with its promises. `depth` counts from 0, the chapters; `has_parts`: clauses stand below it.

    `is_covered`: it holds commitments in the viewer's sight, whether they are shown or not.
    """

    row: Clause
    depth: int
    has_parts: bool
    is_covered: bool
    promises: Sequence[Promise]

    @property
    def counts(self) -> bool:
        """Whether the coverage counts it; the others are headings."""
        return not self.has_parts or self.is_covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the page shows. `is_whole`: the viewer sees every commitment, so that gaps can be told."""

    plan: Plan
    chapters: Sequence[Clause]
    clauses: Sequence[ClauseView]
    unplaced: Sequence[Promise]
    coverage: Coverage
    late: dict[int, int]
    is_whole: bool
    is_cut: bool


def plans(viewer: Actor) -> QuerySet[Plan]:
    """The plans that the viewer may read: all for the city's roles, those with something in sight otherwise."""
    found = Plan.objects.select_related("jurisdiction").order_by("code")
    if policies.is_citywide(viewer):
        return found
    return found.filter(pk__in=policies.visible_to(viewer).values("plan"))


def chapters(plan: Plan) -> list[Clause]:
    """The chapters of a plan in their order."""
    return list(Clause.objects.filter(plan=plan, parent__isnull=True).order_by("order", "code"))


def sees_all(viewer: Actor) -> bool:
    """Whether the viewer sees every commitment, so that a clause without one can be called a gap."""
    return policies.is_citywide(viewer)


def of_plan(plan: Plan, *, viewer: Actor, choice: Choice) -> Decision:
    """The decision as far as it was asked for, in five queries."""
    seen = policies.visible_to(viewer).filter(plan=plan)
    rows = _rows(plan, seen)
    promises = [Promise(*row) for row in _asked(seen, choice).values_list(*PROMISE)[: MOST + 1]]
    views = _in_order(rows, promises[:MOST])
    return Decision(
        plan=plan,
        chapters=[view.row for view in views if view.depth == 0],
        clauses=_shown(views, choice, holding={one.clause_id for one in promises[:MOST]}),
        unplaced=[one for one in promises[:MOST] if one.clause_id is None],
        coverage=coverage(viewer, [plan])[plan.pk],
        late=dict(
            seen.filter(health=Health.OFF_TRACK, clause__isnull=False)
            .order_by()
            .values_list("clause__chapter")
            .annotate(count=Count("pk"))
        ),
        is_whole=sees_all(viewer),
        is_cut=len(promises) > MOST,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePage:
    """Clauses one after another, each with all of its promises that are shown. `codes`: of the whole plan, by key."""

    clauses: Sequence[ClauseView]
    codes: Mapping[int, str]


def page(plan: Plan, *, viewer: Actor, choice: Choice, after: str | None, limit: int) -> ClausePage | None:
    """Up to `limit` clauses as far as asked for, behind the one of a code; None when that one is no longer shown.

    Three queries, whatever was promised.
    """
    seen = policies.visible_to(viewer).filter(plan=plan)
    rows, asked = _rows(plan, seen), _asked(seen, choice)
    holding = set(asked.order_by().values_list("clause", flat=True).distinct()) if choice.is_narrow else set()
    shown = _shown(_in_order(rows, ()), choice, holding=holding)
    places = {view.row.code: place for place, view in enumerate(shown, start=1)} | {None: 0}
    if after not in places:
        return None
    part = shown[places[after] :][:limit]
    held: dict[int | None, list[Promise]] = defaultdict(list)
    for row in asked.filter(clause__in=[view.row.pk for view in part]).values_list(*PROMISE):
        held[row[0]].append(Promise(*row))
    return ClausePage(
        clauses=[replace(view, promises=held[view.row.pk]) for view in part],
        codes={row.pk: row.code for row in rows},
    )


def _rows(plan: Plan, seen: QuerySet[Commitment]) -> list[Clause]:
    """All clauses, each with whether it holds something in sight."""
    covered = Exists(seen.filter(clause=OuterRef("pk")))
    return list(Clause.objects.filter(plan=plan).annotate(is_covered=covered).order_by("order", "code"))


def clause(plan: Plan, code: str, *, viewer: Actor) -> ClauseView | None:
    """One clause with all its promises in sight, its parent read along; None when the plan has none of this code.

    Three queries.
    """
    seen = policies.visible_to(viewer).filter(plan=plan)
    found = (
        Clause.objects.filter(plan=plan, code=code)
        .select_related("parent")
        .annotate(is_covered=Exists(seen.filter(clause=OuterRef("pk"))))
        .first()
    )
    if found is None:
        return None
    above = dict(Clause.objects.filter(plan=plan).values_list("pk", "parent"))
    held = seen.filter(clause=found).order_by(F("span_start").asc(nulls_last=True), "code")
    return ClauseView(
        row=found,
        depth=_depth(found, above),
        has_parts=found.pk in above.values(),
        is_covered=bool(getattr(found, "is_covered", False)),
        promises=[Promise(*row) for row in held.values_list(*PROMISE)],
    )


def _depth(row: Clause, above: Mapping[int, int | None]) -> int:
    """How many clauses stand above it; a circle is walked once."""
    seen = {row.pk}
    parent = row.parent_id
    while parent is not None and parent not in seen:
        seen.add(parent)
        parent = above.get(parent)
    return len(seen) - 1


def _asked(seen: QuerySet[Commitment], choice: Choice) -> QuerySet[Commitment]:
    """The commitments that are shown, in the order of the text and then by code."""
    if choice.show in OF_CLAUSES:
        return seen.none()
    if choice.chapter:
        seen = seen.filter(clause__chapter__code=choice.chapter)
    if choice.health:
        seen = seen.filter(health=choice.health)
    if choice.show:
        seen = seen.filter(clause__isnull=choice.show == Show.UNPLACED)
        seen = seen.filter(OWNERS.get(choice.show, Q()))
    return seen.order_by(F("span_start").asc(nulls_last=True), "code")


def _in_order(rows: Sequence[Clause], promises: Iterable[Promise]) -> list[ClauseView]:
    """Each clause after its parent, children by their order; what hangs on a circle comes last, as chapters would."""
    below: dict[int | None, list[Clause]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    held: dict[int | None, list[Promise]] = defaultdict(list)
    for promise in promises:
        held[promise.clause_id].append(promise)
    done: set[int] = set()

    def walk(row: Clause, depth: int) -> Iterator[ClauseView]:
        if row.pk in done:
            return
        done.add(row.pk)
        yield ClauseView(
            row=row,
            depth=depth,
            has_parts=bool(below[row.pk]),
            is_covered=bool(getattr(row, "is_covered", False)),
            promises=held[row.pk],
        )
        for child in below[row.pk]:
            yield from walk(child, depth + 1)

    return [view for row in [*below[None], *rows] for view in walk(row, 0)]


def _shown(views: Sequence[ClauseView], choice: Choice, *, holding: Collection[int | None]) -> list[ClauseView]:
    """The clauses that fit, with the headings they stand under. `holding`: the keys of those with a promise shown."""
    kept: list[ClauseView] = []
    headings: list[ClauseView] = []
    chapter = ""
    for view in views:
        if view.depth == 0:
            chapter = view.row.code
        headings = [one for one in headings if one.depth < view.depth]
        if (not choice.chapter or chapter == choice.chapter) and _fits(view, choice, holding):
            kept += [*headings, view]
            headings = []
        else:
            headings.append(view)
    return kept


def _fits(view: ClauseView, choice: Choice, holding: Collection[int | None]) -> bool:
    if choice.show in OF_CLAUSES:
        is_open = view.counts and not view.is_covered
        return is_open and view.row.needs_no_commitment == (choice.show == Show.JUDGED) and not choice.health
    return view.row.pk in holding or not choice.is_narrow


def coverage(viewer: Actor, plans: Sequence[Plan]) -> dict[int, Coverage]:
    """The coverage of each plan by its key, two queries for all of them."""
    seen = policies.visible_to(viewer).filter(plan__in=plans)
    clauses: dict[int, Counter[str]] = defaultdict(Counter)
    grouped = (
        Clause.objects.filter(plan__in=plans)
        .annotate(
            has_parts=Exists(Clause.objects.filter(parent=OuterRef("pk"))),
            is_covered=Exists(seen.filter(clause=OuterRef("pk"))),
        )
        .filter(Q(has_parts=False) | Q(is_covered=True))
        .order_by()
        .values_list("plan", "is_covered", "needs_no_commitment")
        .annotate(count=Count("pk"))
    )
    for plan, is_covered, is_judged, count in grouped:
        clauses[plan]["covered" if is_covered else "judged" if is_judged else "uncommitted"] += count
    owners: dict[int, Counter[str]] = defaultdict(Counter)
    lights: dict[int, Counter[str]] = defaultdict(Counter)
    held = (
        seen.annotate(is_unplaced=Q(clause__isnull=True), is_unowned=Q(lead__isnull=True))
        .order_by()
        .values_list("plan", "health", "is_unplaced", "is_unowned", "lead_is_suggested")
        .annotate(count=Count("pk"))
    )
    for plan, light, is_unplaced, is_unowned, is_suggested, count in held:
        owner = "unowned" if is_unowned else "suggested" if is_suggested else "confirmed"
        owners[plan]["unplaced" if is_unplaced else owner] += count
        lights[plan][light] += count
    return {plan.pk: _coverage(clauses[plan.pk], owners[plan.pk], lights[plan.pk]) for plan in plans}


def _coverage(clauses: Counter[str], owners: Counter[str], lights: Counter[str]) -> Coverage:
    return Coverage(
        clauses=clauses.total(),
        covered=clauses["covered"],
        judged=clauses["judged"],
        uncommitted=clauses["uncommitted"],
        commitments=owners.total() - owners["unplaced"],
        confirmed=owners["confirmed"],
        suggested=owners["suggested"],
        unowned=owners["unowned"],
        unplaced=owners["unplaced"],
        lights={light: lights[light] for light in Health},
    )
