"""Supervision slips as pages and desks show them: a list with filters, one paper with its chain, what waits for whom.

Every read starts from `policies.slips_visible_to`; drafts and dropped drafts are in sight of the city's roles only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, REPORTABLE_STAGES, DepartmentKind, SlipLevel, SlipState
from tracker.models import Commitment, Department, Slip
from tracker.policies import Actor

PAGE, SHOWN = 50, 12
# Beside the states themselves: issued, and the day for the answer has passed.
LATE = "late"
# Where a slip without a number stands among those with one: before them.
NO_YEAR, NO_NUMBER = 9999, 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """A slip in a list. `year`, `number`, `issued_on`, `answer_due_on` None: not issued; `promised_on` None: no answer.

    `owner`: the lead now, "" when nobody leads. `is_late`: its answer is overdue. `is_followed`: a later slip of the
    chain was issued, so that nobody waits for this one any more.
    """

    id: int
    ref: UUID
    level: str
    state: str
    year: int | None
    number: int | None
    code: str
    title: str
    owner: str
    drafted_on: date
    issued_on: date | None
    answer_due_on: date | None
    promised_on: date | None
    is_late: bool
    is_followed: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPage:
    """One page of slips: drafts first, then by number, newest first. `next_after` "": the last page."""

    rows: Sequence[SlipRow]
    total: int
    next_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipCard:
    """A slip on a desk. `days_left` to the day of the answer, negative when over; None: a draft."""

    id: int
    ref: UUID
    level: str
    year: int | None
    number: int | None
    code: str
    title: str
    health: str
    owner: str
    answer_due_on: date | None
    days_left: int | None
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipCards:
    """The first `SHOWN` cards, and how many there are in all."""

    rows: Sequence[SlipCard] = ()
    total: int = 0


NO_SLIPS = SlipCards()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipView:
    """One slip as a paper. `earlier`: what its chain cites, the first one first; `later`: what cites it, in sight.

    `office`: who sends it, "" when the site knows no supervision office.
    """

    slip: Slip
    earlier: Sequence[Slip]
    later: Slip | None
    office: str


def page(
    viewer: Actor,
    *,
    state: str = "",
    level: str = "",
    year: int | None = None,
    number: int | None = None,
    department: str = "",
    commitment: str = "",
    after: str = "",
    size: int = PAGE,
    today: date,
) -> SlipPage:
    """One page of what the filters choose. Two queries at any depth. `number`: in any year, or in the one given."""
    found = _chosen(viewer, state=state, level=level, year=year, department=department, today=today)
    exact = {"number": number, "commitment__code": commitment or None}
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    rows = list(found.filter(_behind(after))[: size + 1])
    shown = rows[:size]
    return SlipPage(
        rows=[_row(row, today=today) for row in shown],
        total=found.order_by().count(),
        next_after=_place(shown[-1]) if len(rows) > size else "",
    )


def all_rows(
    viewer: Actor, *, state: str = "", level: str = "", year: int | None = None, department: str = "", today: date
) -> list[SlipRow]:
    """All that the filters choose, as a sheet needs them. One query."""
    found = _chosen(viewer, state=state, level=level, year=year, department=department, today=today)
    return [_row(row, today=today) for row in found]


def years(viewer: Actor) -> list[int]:
    """The years in which slips in sight were issued, the latest first. One query."""
    seen = policies.slips_visible_to(viewer).filter(year__isnull=False).order_by()
    return sorted({year for year in seen.values_list("year", flat=True).distinct() if year is not None}, reverse=True)


def of_ref(ref: UUID, *, viewer: Actor) -> SlipView | None:
    """The slip with this reference, or None when there is none in sight. Three queries."""
    related = ("commitment__plan", "commitment__clause__chapter", "commitment__lead", "issued_by", "answered_by")
    slip = policies.slips_visible_to(viewer).select_related(*related, "cites__cites").filter(ref=ref).first()
    if slip is None:
        return None
    office = Department.objects.filter(kind=DepartmentKind.SUPERVISION, is_active=True).order_by("order", "code")
    return SlipView(
        slip=slip,
        earlier=_earlier(slip),
        later=policies.slips_visible_to(viewer).filter(cites=slip, number__isnull=False).first(),
        office=office.values_list("name", flat=True).first() or "",
    )


def of_commitment(item: Commitment, *, viewer: Actor, size: int = SHOWN) -> list[Slip]:
    """The slips of one commitment in sight, newest first, without drafts that were dropped. One query."""
    seen = policies.slips_visible_to(viewer).filter(commitment=item).exclude(state=SlipState.DROPPED)
    return list(_ordered(seen.select_related("cited_by"))[:size])


def to_answer(viewer: Actor, *, today: date) -> SlipCards:
    """What the viewer's department has to answer, the earliest due first; nothing for others. One query."""
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return NO_SLIPS
    rows = unanswered(viewer).filter(commitment__lead=viewer.department_id)
    return _cards(rows.order_by("answer_due_on", "pk"), today=today)


def to_issue(viewer: Actor, *, today: date) -> SlipCards:
    """Drafts that wait for the office, the gravest colour first, then the oldest. One query."""
    rows = policies.slips_visible_to(viewer).filter(state=SlipState.DRAFT)
    grave = Case(When(level=SlipLevel.RED, then=0), When(level=SlipLevel.YELLOW, then=1), default=2)
    return _cards(rows.order_by(grave, "drafted_on", "pk"), today=today)


def overdue(viewer: Actor, *, today: date) -> SlipCards:
    """Issued, and the day for the answer has passed; the longest first. One query."""
    rows = unanswered(viewer).filter(answer_due_on__lt=today)
    return _cards(rows.order_by("answer_due_on", "pk"), today=today)


def red(viewer: Actor, *, today: date) -> SlipCards:
    """Red slips on work that is still open, newest first: what lies before the leaders. One query."""
    rows = policies.slips_visible_to(viewer).filter(
        level=SlipLevel.RED,
        state__in=[SlipState.ISSUED, SlipState.ANSWERED],
        commitment__stage__in=REPORTABLE_STAGES,
    )
    return _cards(rows.order_by("-issued_on", "-pk"), today=today)


def unanswered(viewer: Actor) -> QuerySet[Slip]:
    """The issued slips in sight that wait for an answer; where a later one of the chain was issued, only that one."""
    issued = policies.slips_visible_to(viewer).filter(state=SlipState.ISSUED)
    return issued.exclude(cited_by__number__isnull=False)


def has_follower(row: Slip) -> bool:
    """Whether a later slip of its chain was issued; what cites the row is loaded with it."""
    later = getattr(row, "cited_by", None)
    return later is not None and later.number is not None


def draftable_by(viewer: Actor, *, today: date) -> QuerySet[Commitment]:
    """The commitments of which the viewer may draft a slip by hand; the chain (`rules.slips`) says the last word."""
    if not policies.can_issue_slips(viewer):
        return Commitment.objects.none()
    late = policies.visible_to(viewer).filter(stage__in=REPORTABLE_STAGES, lead__isnull=False, due_on__lt=today)
    return late.exclude(slips__state=SlipState.DRAFT)


def _chosen(viewer: Actor, *, state: str, level: str, year: int | None, department: str, today: date) -> QuerySet[Slip]:
    """Dropped drafts only where they are asked for: they have no number and bind nobody."""
    found = policies.slips_visible_to(viewer)
    if state == LATE:
        found = found.filter(pk__in=unanswered(viewer).filter(answer_due_on__lt=today).values("pk"))
    elif state:
        found = found.filter(state=state)
    else:
        found = found.exclude(state=SlipState.DROPPED)
    if level:
        found = found.filter(level=level)
    if year is not None:
        found = found.filter(year=year)
    if department:
        found = found.filter(commitment__lead__code=department)
    return _ordered(found.select_related("commitment__lead", "cited_by"))


def _ordered(rows: QuerySet[Slip]) -> QuerySet[Slip]:
    """Drafts first, then the newest number first."""
    return rows.annotate(
        in_year=Coalesce("year", Value(NO_YEAR), output_field=IntegerField()),
        in_number=Coalesce("number", Value(NO_NUMBER), output_field=IntegerField()),
    ).order_by("-in_year", "-in_number", "-pk")


def _place(row: Slip) -> str:
    return f"{row.year or NO_YEAR}.{row.number or NO_NUMBER}.{row.pk}"


def _behind(after: str) -> Q:
    """The condition on a slip that it stands behind this place in the list; none for what is no place."""
    try:
        year, number, pk = (int(part) for part in after.split("."))
    except ValueError:
        return Q()
    if max(year, number) > NO_NUMBER or not 0 <= pk < 2**63:
        return Q()
    same_year = Q(in_year=year, in_number__lt=number)
    return Q(in_year__lt=year) | same_year | Q(in_year=year, in_number=number, pk__lt=pk)


def _earlier(slip: Slip) -> list[Slip]:
    found, one = list[Slip](), slip.cites
    while one is not None:
        found.insert(0, one)
        one = one.cites
    return found


def _cards(rows: QuerySet[Slip], *, today: date) -> SlipCards:
    shown = list(rows.select_related("commitment__lead").annotate(all_rows=Window(Count("pk")))[:SHOWN])
    total = getattr(shown[0], "all_rows", 0) if shown else 0
    return SlipCards(rows=[_card(row, today=today) for row in shown], total=total)


def _card(row: Slip, *, today: date) -> SlipCard:
    item, due_on = row.commitment, row.answer_due_on
    return SlipCard(
        id=row.pk,
        ref=row.ref,
        level=row.level,
        year=row.year,
        number=row.number,
        code=item.code,
        title=item.title,
        health=item.health,
        owner=item.lead.short_name if item.lead else "",
        answer_due_on=due_on,
        days_left=(due_on - today).days if due_on and row.state == SlipState.ISSUED else None,
        is_demo=row.is_demo,
    )


def _row(row: Slip, *, today: date) -> SlipRow:
    is_followed = has_follower(row)
    is_waiting = row.state == SlipState.ISSUED and not is_followed
    return SlipRow(
        id=row.pk,
        ref=row.ref,
        level=row.level,
        state=row.state,
        year=row.year,
        number=row.number,
        code=row.commitment.code,
        title=row.commitment.title,
        owner=row.commitment.lead.short_name if row.commitment.lead else "",
        drafted_on=row.drafted_on,
        issued_on=row.issued_on,
        answer_due_on=row.answer_due_on,
        promised_on=row.promised_on,
        is_followed=is_followed,
        is_late=is_waiting and row.answer_due_on is not None and row.answer_due_on < today,
        is_demo=row.is_demo,
    )
