"""How the cards of the desks become lines: one shape for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.api.rows import Json
from tracker.api.shapes import ROOT, commitment_url
from tracker.queries.desk import MatterCard, ReportCard
from tracker.queries.desk_department import HandoverCard
from tracker.queries.desk_office import LookbackCard, UnacceptedCard
from tracker.queries.questions import Card
from tracker.queries.reporting import ContributionCard, NotReported, OwedCard
from tracker.queries.slips import SlipCard

EMPTY: Json = {
    "ref": None, "code": "", "health": None, "label": "", "text": "", "who": "", "from_whom": "", "period_start": None,
    "period_end": None, "since": None, "due_on": None, "days_left": None, "wanted_on": None, "waited_days": None,
    "waited_working_days": None, "answer": "", "count": None, "is_late": False, "is_demo": False, "url": None,
}  # fmt: skip
PLACES = {"extension": "extensions", "blocker": "blockers", "instruction": "instructions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a desk: its name, how many lines it has in all, the first of them."""

    name: str
    count: int
    items: list[Json]
    is_task: bool = False

    def shaped(self) -> Json:
        return {"name": self.name, "is_task": self.is_task, "count": self.count, "items": self.items}


def section(name: str, part: Any, lines: Iterable[Json], *, is_task: bool = False) -> Section:
    """A section of a part of the desk that knows its total."""
    return Section(name=name, count=part.total, items=list(lines), is_task=is_task)


def _of_matter(kind: str, card: Any, **more: object) -> Json:
    shown = {"code": card.code, "title": card.title, "health": card.health, "is_demo": card.is_demo}
    return {"kind": kind} | EMPTY | shown | {"url": commitment_url(card.code)} | more


def report(card: ReportCard) -> Json:
    """A report that came back, or waits for review."""
    return _of_matter(
        "report",
        card,
        ref=card.ref,
        text=card.reason,
        who=card.owner,
        from_whom=card.reviewer,
        period_start=card.period_start,
        period_end=card.period_end,
        waited_days=card.waited_days,
        is_late=card.is_late,
        url=f"{ROOT}/reports/{card.ref}/",
    )


def matter(card: MatterCard) -> Json:
    """A commitment."""
    return _of_matter(
        "commitment",
        card,
        text=card.reason,
        who=card.owner,
        from_whom=card.proposed,
        due_on=card.due_on,
        days_left=card.days_left,
    )


def unaccepted(card: UnacceptedCard) -> Json:
    """A commitment that was handed out and not taken on."""
    return matter(card.matter) | {"waited_working_days": card.working_days}


def owed(card: OwedCard) -> Json:
    """A report that is owed."""
    return _of_matter(
        "commitment",
        card,
        period_start=card.period.start,
        period_end=card.period.end,
        due_on=card.period.closes_on,
        count=card.served_count,
        is_late=card.is_late,
    )


def contribution(card: ContributionCard) -> Json:
    """A contribution that is owed."""
    return _of_matter(
        "contribution",
        card,
        who=card.owner,
        period_start=card.period.start,
        period_end=card.period.end,
        due_on=card.due_on,
        is_late=card.is_late,
    )


def question(kind: str, card: Card, *, is_seen: bool = True) -> Json:
    """An extension request, a blocker, an instruction. Of a matter out of sight the title alone."""
    hidden: Json = {} if is_seen else {"code": "", "health": None}
    return (
        _of_matter(
            kind,
            card,
            ref=card.ref,
            label=card.label,
            text=card.text,
            who=card.who,
            from_whom=card.from_whom,
            due_on=card.due_on,
            days_left=card.days_left,
            wanted_on=card.wanted_on,
            waited_days=card.waited_days,
            answer=card.answer,
            url=f"{ROOT}/{PLACES[kind]}/{card.ref}/",
        )
        | hidden
    )


def slip(card: SlipCard) -> Json:
    """A supervision slip."""
    return _of_matter(
        "slip",
        card,
        ref=card.ref,
        label=card.level,
        who=card.owner,
        due_on=card.answer_due_on,
        days_left=card.days_left,
        count=card.number,
        url=f"{ROOT}/slips/{card.ref}/",
    )


def handover(card: HandoverCard) -> Json:
    """A post that changed hands to the caller."""
    return {"kind": "handover", **EMPTY, "title": card.post, "since": card.since, "count": card.count}


def lookback(card: LookbackCard) -> Json:
    """A sample with picks that nobody has looked at."""
    return {
        "kind": "lookback",
        **EMPTY,
        "title": card.drawn_on.isoformat(),
        "ref": card.ref,
        "since": card.drawn_on,
        "count": card.open_count,
        "url": f"{ROOT}/lookbacks/{card.ref}/",
    }


def silent(card: NotReported) -> Json:
    """A department that let a window close without a report."""
    return {"kind": "department", **EMPTY, "title": card.name, "count": card.missed_count}
