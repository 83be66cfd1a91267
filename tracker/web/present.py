"""Shapes query results into what templates print: words, addresses, charts. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.choices import Direction
from tracker.choices import Health, Stage
from tracker.queries.ledger_rows import LedgerRow
from tracker.queries.overview import TargetView
from tracker.rules import targets as target_rules
from tracker.rules.reasons import number
from tracker.rules.targets import TargetFacts
from tracker.web import charts, links
from tracker.wording import quantity, reason_sentence

Shown = dict[str, Any]


def sentence(reasons: Sequence[Mapping[str, object]], *, today: date) -> str:
    """The first (gravest) reason in words; "" without any."""
    return reason_sentence(reasons[0], today=today) if reasons else ""


def sentences(reasons: Sequence[Mapping[str, object]], *, today: date) -> list[str]:
    """All reasons in words, gravest first."""
    return [reason_sentence(reason, today=today) for reason in reasons]


def exception_row(row: LedgerRow, *, today: date) -> Shown:
    """A line of the short lists (components/_rows.html)."""
    return {
        "href": links.commitment(row.code),
        "code": row.code,
        "title": row.title,
        "health": row.health,
        "owner": row.lead_name or "",
        "owner_is_suggested": row.lead_is_suggested,
        "note": sentence(row.reasons, today=today),
        "is_demo": row.is_demo,
    }


def ledger_row(row: LedgerRow, *, today: date) -> Shown:
    """A line of the list (components/_ledger.html)."""
    return {
        "href": links.commitment(row.code),
        "code": row.code,
        "title": row.title,
        "health": row.health,
        "reason": sentence(row.reasons, today=today),
        "owner": row.lead_name or "",
        "owner_is_suggested": row.lead_is_suggested,
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "is_continuous": row.is_continuous,
        "due_text": row.due_text,
        "progress": row.progress,
        "expected": row.expected(today=today),
        "is_red_line": row.is_red_line,
        "stage_label": Stage(row.stage).label,
        "is_demo": row.is_demo,
    }


def lights(counts: Mapping[Health, int], **filters: object) -> list[Shown]:
    """The key of a proportion bar; each light leads to exactly its rows."""
    return [
        {"health": light, "count": count, "href": links.ledger(health=light, **filters), "change": None}
        for light, count in counts.items()
    ]


def shares(counts: Mapping[Health, int], **filters: object) -> list[charts.Share]:
    """The parts of a proportion bar."""
    return [
        charts.Share(health=light, count=count, href=links.ledger(health=light, **filters))
        for light, count in counts.items()
    ]


def target(view: TargetView, *, today: date) -> Shown:
    """A target as a small multiple: chart, one line in words, and what is missing."""
    return {
        "title": view.title,
        "href": links.commitment(view.commitment_code),
        "health": view.health,
        "chart": _trajectory(view, today=today),
        "line": _target_line(view, today=today),
        "note": _target_note(view),
        "definition": view.definition,
    }


def _target_line(view: TargetView, *, today: date) -> str:
    known = next(
        (
            r
            for r in view.reasons
            if r["code"] in {"below_path", "on_path", "target_reached", "base_missing", "reading_missing"}
        ),
        None,
    )
    words = [reason_sentence(known, today=today)] if known else sentences(view.reasons, today=today)[:1]
    pace = target_rules.pace(view.facts)
    if pace is not None:
        words.append(
            _("needs %(needed)s %% a year, now %(so_far)s %%")
            % {"needed": _tenth(pace.needed_percent), "so_far": _tenth(pace.so_far_percent)}
        )
    return _("; ").join(words)


def _target_note(view: TargetView) -> str:
    if any(reading.is_demo for reading in view.readings):
        return _("Readings after the base year are demonstration values.")
    return view.note


def _tenth(value: Decimal) -> str:
    return number(value.quantize(Decimal("0.1")))


def _trajectory(view: TargetView, *, today: date) -> str:
    points = [
        charts.Point(
            on=reading.period_end,
            value=reading.verified if reading.verified is not None else reading.reported,
            is_verified=reading.verified is not None,
        )
        for reading in view.readings
    ]
    return charts.trajectory(
        points,
        name=view.title,
        unit=view.unit,
        today=today,
        required=_path(view.facts),
        goal=_goal(view.facts),
    )


def _path(facts: TargetFacts) -> list[charts.Point]:
    """The required path: from the base year's end through its points to the goal."""
    if facts.base_year is None or facts.base_value is None or facts.due_on is None:
        return []
    days = [date(facts.base_year, 12, 31), *(day for day, _value in facts.path), facts.due_on]
    found = [(day, target_rules.required_on(facts, day)) for day in days]
    return [charts.Point(on=day, value=value) for day, value in found if value is not None]


def _goal(facts: TargetFacts) -> charts.Goal | None:
    value = target_rules.required_value(facts)
    if value is None or facts.due_on is None:
        return None
    return charts.Goal(on=facts.due_on, value=value, label=f"{_sign(facts)}{quantity(number(value), facts.unit)}")


def _sign(facts: TargetFacts) -> str:
    """The comparator's sign in front of the goal's number."""
    return "≥" if target_rules.sense(facts) == Direction.UP else "≤"


def pace_line(*, elapsed: Decimal, done: Decimal | None, unknown: int) -> str:
    """What time elapsed and work done say together."""
    if done is None:
        return _("How much is done cannot be said: nobody has reported progress yet.")
    gap = (elapsed - done).quantize(Decimal(1))
    if gap > 0:
        line = ngettext("%(gap)d point behind the time elapsed.", "%(gap)d points behind the time elapsed.", int(gap))
    elif gap < 0:
        line = ngettext(
            "%(gap)d point ahead of the time elapsed.", "%(gap)d points ahead of the time elapsed.", int(-gap)
        )
    else:
        line = _("Level with the time elapsed.")
    line = line % {"gap": abs(int(gap))} if gap else line
    if unknown:
        rest = ngettext(
            "%(count)d without known progress is not counted.",
            "%(count)d without known progress are not counted.",
            unknown,
        )
        line = f"{line} {rest % {'count': unknown}}"
    return line


def chips(form_fields: Iterable[tuple[str, str, str]], query: Mapping[str, str]) -> list[Shown]:
    """The filters in use: (name, label, shown value) each with the address of the list without it."""
    return [
        {
            "label": f"{label} {value}",
            "href": links.ledger(**{key: kept for key, kept in query.items() if key not in {name, "after"}}),
        }
        for name, label, value in form_fields
    ]
