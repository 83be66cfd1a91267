"""What the official layouts say beyond the ledger's columns: places in the text, latest reports, slips, investment.

Every read starts from what the viewer sees; an unknown figure stays None.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from tracker import policies
from tracker.choices import Health, ReportState, SlipState
from tracker.models import Clause, Commitment, Plan, ProgressReport
from tracker.policies import Actor
from tracker.queries import catalogue, ledger
from tracker.rules.ledger import LedgerRow

BATCH = 500  # rows whose reports stand in memory at once
TOLD_SLIPS = (SlipState.ISSUED, SlipState.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The headings above a commitment; "" where there is none."""

    plan: str = ""
    chapter: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a commitment stands. `late_since`: the date it missed; None: it is not late.

    `done` and `problems` are of the latest report that was accepted, for the period to `told_on`.
    """

    is_demo: bool = False
    late_since: date | None = None
    told_on: date | None = None
    done: str = ""
    problems: str = ""
    slips: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project with the commitments in sight that rest on it: their leads, codes and gravest light."""

    codes: Sequence[str]
    name: str
    place: str
    leads: Sequence[str]
    health: str
    plan_year: int | None
    total: Decimal | None
    planned: Decimal | None
    invested: Decimal | None
    physical: Decimal | None
    due_on: date | None
    is_demo: bool

    @property
    def share(self) -> Decimal | None:
        """Of the year's plan, in percent; None where one of both is unknown or nothing is planned."""
        if self.invested is None or not self.planned:
            return None
        return (self.invested * 100 / self.planned).quantize(Decimal("0.1"))


def in_text_order(found: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """By plan, chapter and clause as they stand in the text; what has no place there comes last."""
    chapter, clause = F("clause__chapter__order").asc(nulls_last=True), F("clause__order").asc(nulls_last=True)
    return found.order_by("plan__code", chapter, clause, "code")


def standing(found: QuerySet[Commitment], *, viewer: Actor) -> Iterator[tuple[LedgerRow, Standing]]:
    """The commitments in their order, each with how it stands. Three queries more for each batch of rows."""
    rows = ledger.rows(found)
    while batch := list(islice(rows, BATCH)):
        known = _standings([row.code for row in batch], viewer=viewer)
        yield from ((row, known.get(row.code, Standing())) for row in batch)


def _standings(codes: Sequence[str], *, viewer: Actor) -> dict[str, Standing]:
    found = policies.visible_to(viewer).filter(code__in=codes)
    slips = dict(
        policies.slips_visible_to(viewer)
        .filter(commitment__code__in=codes, state__in=TOLD_SLIPS)
        .values_list("commitment")
        .annotate(count=Count("pk"))
    )
    told = {pk: said for pk, *said in _latest(found, viewer=viewer)}
    known = {}
    for pk, code, reasons, is_demo in found.values_list("pk", "code", "health_reasons", "is_demo"):
        told_on, done, problems, of_demo = told.get(pk, (None, "", "", False))
        known[code] = Standing(
            is_demo=is_demo or of_demo,
            late_since=_late_since(reasons),
            told_on=told_on,
            done=done,
            problems=problems,
            slips=slips.get(pk, 0),
        )
    return known


def _latest(found: QuerySet[Commitment], *, viewer: Actor) -> Iterable[tuple[Any, ...]]:
    """Of each commitment the accepted report for the latest period."""
    accepted = policies.reports_visible_to(viewer).filter(state=ReportState.ACCEPTED)
    last = ProgressReport.objects.filter(commitment=OuterRef("commitment"), state=ReportState.ACCEPTED)
    newest = accepted.filter(
        commitment__in=found.values("pk"), pk=Subquery(last.order_by("-period_end", "-pk").values("pk")[:1])
    )
    return newest.values_list("commitment", "period_end", "done", "problems", "is_demo")


def _late_since(reasons: Sequence[dict[str, Any]]) -> date | None:
    """The date that the light says was missed."""
    missed = next((reason["params"]["due_on"] for reason in reasons if reason["code"] == "overdue"), None)
    return date.fromisoformat(missed) if missed else None


def places(found: QuerySet[Commitment]) -> Mapping[tuple[str, str], Place]:
    """Where the commitments stand, by plan and clause ("": in no clause). Two queries."""
    plans = found.order_by().values("plan")
    titles = dict(Plan.objects.filter(pk__in=plans).values_list("code", "title"))
    known = {(plan, ""): Place(plan=title) for plan, title in titles.items()}
    clauses = Clause.objects.filter(plan__in=plans).values_list(
        "plan__code", "code", "heading", "chapter__code", "chapter__heading"
    )
    for plan, code, heading, chapter, above in clauses:
        is_chapter = chapter in {None, code}
        known[plan, code] = Place(
            plan=titles[plan],
            chapter=_titled(code, heading) if is_chapter else _titled(chapter, above),
            clause="" if is_chapter else _titled(code, heading),
        )
    return known


def _titled(code: str, heading: str) -> str:
    return f"{code} {heading}".strip()


PROJECT = (
    "initiative__code", "code", "initiative__name", "initiative__jurisdiction__name", "lead__name", "health", "due_on",
    "is_demo", "initiative__is_demo", "initiative__project__plan_year", "initiative__project__total_investment_wan",
    "initiative__project__year_investment_wan", "initiative__project__year_invested_wan",
    "initiative__project__physical_percent",
)  # fmt: skip


def projects(found: QuerySet[Commitment]) -> Iterator[Project]:
    """The projects that these commitments rest on, by code. One query."""
    resting = found.filter(initiative__project__isnull=False).order_by("initiative__code", "code")
    rows = resting.values_list(*PROJECT).iterator(chunk_size=BATCH)
    for _code, group in groupby(rows, key=lambda row: row[0]):
        yield _project(list(group))


def _project(rows: Sequence[tuple[Any, ...]]) -> Project:
    _code, _first, name, place, _lead, _health, _due, _demo, of_demo, year, total, planned, invested, physical = rows[0]
    lights = Counter(Health(row[5]) for row in rows)
    return Project(
        codes=[row[1] for row in rows],
        name=name,
        place=place or "",
        leads=list(dict.fromkeys(row[4] for row in rows if row[4])),
        health=catalogue.gravest(lights) or "",
        plan_year=year,
        total=total,
        planned=planned,
        invested=invested,
        physical=physical,
        due_on=max((row[6] for row in rows if row[6]), default=None),
        is_demo=of_demo or any(row[7] for row in rows),
    )
