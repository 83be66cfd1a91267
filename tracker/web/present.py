"""Shapes query results into what templates print: words, addresses, charts. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.choices import Health, Stage
from tracker.queries.ledger_rows import LedgerRow
from tracker.queries.overview import TargetView
from tracker.rules import forecast as forecasts
from tracker.web import charts, links, present_targets
from tracker.wording import reason_sentence

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
    """A target as a small multiple: chart with its band, the figures behind it, the reading, the gap and the outlook
    in plain words, "" where they cannot be said, and what is missing. `line`: reading and gap in one sentence.
    """
    found = forecasts.forecast(view.facts, today=today)
    reading, gap = present_targets.reading_line(view.reasons, today=today), present_targets.gap(view.facts, today=today)
    return {
        "title": view.title,
        "href": links.commitment(view.commitment_code),
        "health": view.health,
        "chart": present_targets.chart(view, found, today=today),
        "reading": reading,
        "gap": gap,
        "line": _("; ").join(part for part in (reading, gap) if part),
        "outlook": present_targets.outlook(view.facts, found),
        "figures": present_targets.figures(view, found),
        "note": _target_note(view),
        "definition": view.definition,
    }


def _target_note(view: TargetView) -> str:
    if any(reading.is_demo for reading in view.readings):
        return _("Readings after the base year are demonstration values.")
    return view.note


def pace(*, elapsed: Decimal, done: Decimal | None, unknown: int) -> Shown:
    """Time elapsed beside work done, in percent: two figures, two bars, and what they say together."""
    return {
        "elapsed_percent": round(elapsed),
        "elapsed_bar": charts.pace_bar(elapsed, name=_("Time elapsed"), is_time=True),
        "done_percent": None if done is None else round(done),
        "done_bar": charts.pace_bar(done, name=_("Work done")),
        "pace_line": pace_line(elapsed=elapsed, done=done, unknown=unknown),
    }


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
