"""Shapes what the overview shows: figures with their comparison, lists, the table of themes. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tracker.choices import Health
from tracker.models import Clause, Plan
from tracker.queries import light_changes
from tracker.queries.asked import Asked, Question
from tracker.queries.light_changes import ChangeRow, SinceLastLook
from tracker.queries.overview import Exceptions, TargetView
from tracker.queries.rollup import GRAVITY, Cell, Matrix, PlanSummary
from tracker.rules import headline, progress
from tracker.web import charts, links, present
from tracker.wording import brief, headline_parts

Shown = dict[str, Any]
LONGEST_QUESTION = 60
# Lights whose change is worth a word beside the headline.
NEWS = (Health.DONE, Health.OFF_TRACK)


def headline_links(parts: headline.Headline, **filters: object) -> list[Shown]:
    """The headline's pieces with addresses and tones for components/_headline.html."""
    hrefs = {
        headline.ALL: links.ledger(**filters),
        headline.OPEN: links.ledger(health="open", **filters),
        headline.WAITING: links.ledger(word=1, **filters),
        headline.PLANS: "#plans",
    }
    return [
        {
            "text": piece.text,
            "href": ""
            if piece.filter_key is None
            else hrefs.get(piece.filter_key) or links.ledger(health=piece.filter_key, **filters),
            "tone": piece.tone,
        }
        for piece in headline_parts(parts)
    ]


def tally(
    counts: Mapping[Health, int],
    *,
    week: Mapping[Health, int] | None,
    month: Mapping[Health, int] | None,
    today: date,
    plan: str,
) -> Shown:
    """The lights with their counts and changes, for components/_tally.html."""
    since = {"week": (week, light_changes.week_start(today)), "month": (month, light_changes.month_start(today))}
    rows = present.lights(counts, plan=plan)
    for row in rows:
        for name, (changes, day) in since.items():
            href = links.changes(plan=plan, light=row["health"], since=day)
            row[name] = None if changes is None else {"net": changes[row["health"]], "href": href}
    return {"lights": rows, "week_known": week is not None, "month_known": month is not None}


def news(week: Mapping[Health, int] | None, *, today: date, plan: str) -> list[Shown] | None:
    """What a week changed in the lights that matter most, each with its address; None: it cannot be said."""
    if week is None:
        return None
    since = light_changes.week_start(today)
    return [
        {"label": light.label, "net": week[light], "href": links.changes(plan=plan, light=light, since=since)}
        for light in NEWS
        if week[light]
    ]


def exceptions(found: Exceptions, *, today: date, **filters: object) -> Shown:
    """A list under the headline: what stands behind each row, and how much; all of them one address away."""
    rows = []
    for row in found.rows:
        shown = present.exception_row(row, today=today)
        if asked := found.asked.get(row.code):
            shown |= {"when": _waited(asked), "note": question(asked)}
        elif row.reasons:
            told = brief(row.reasons[0], today=today)
            shown |= {"when": told.measure, "note": told.rest}
        rows.append(shown)
    return {"rows": rows, "total": found.total, "href": links.ledger(**filters)}


def third(found: Exceptions, kind: str, *, today: date, plan: str) -> Shown:
    """The list of what waits for the reader."""
    filters: dict[str, dict[str, object]] = {
        "review": {"review": 1},
        "word": {"word": 1},
        "silent": {"health": Health.NO_DATA},
    }
    return exceptions(found, today=today, plan=plan, **filters[kind]) | {"kind": kind}


def _waited(asked: Asked) -> str:
    if not asked.waited_days:
        return pgettext("how long a question waits", "since today")
    return ngettext("waits %(days)d day", "waits %(days)d days", asked.waited_days) % {"days": asked.waited_days}


def question(asked: Asked) -> str:
    """The question in one line: what kind, the asker's words, how many more."""
    words = Truncator(" ".join(asked.text.split()).rstrip("。.")).chars(LONGEST_QUESTION)
    sentences = {
        Question.BLOCKER: _("%(label)s: %(words)s"),
        Question.INSTRUCTION: _("Instruction: %(words)s"),
        Question.EXTENSION: _("Asks to extend to %(day)s: %(words)s"),
        Question.REPORT: _("Report for the period to %(day)s"),
    }
    line = sentences[asked.kind] % {"label": asked.label, "words": words, "day": asked.on}
    if asked.others:
        more = ngettext("and %(count)d more question", "and %(count)d more questions", asked.others)
        line = _("; ").join([line, more % {"count": asked.others}])
    return line


def pace(*, starts_on: date, ends_on: date, summary: PlanSummary, today: date) -> Shown:
    """Time elapsed beside work done, as bars and in words; what is not known stands apart, with its address."""
    work, code = summary.work, summary.plan.code
    elapsed = progress.share_elapsed(starts_on, ends_on, today=today)
    unknown = ""
    if work.unknown and work.percent is not None:
        unknown = ngettext(
            "%(count)d without known progress is not counted.",
            "%(count)d without known progress are not counted.",
            work.unknown,
        ) % {"count": work.unknown}
    return present.pace(elapsed=elapsed, done=work.percent, unknown=0) | {
        "between": "" if (get_language() or "").startswith("zh") else " ",  # two sentences
        "unknown": {"text": unknown, "href": links.ledger(plan=code, progress="unknown")} if unknown else None,
    }


def latest(late_by_chapter: Mapping[int, int], chapters: Sequence[Clause], plan: Plan) -> Shown | None:
    """The theme in which most is late; None when nothing is, or when two themes have equally much."""
    ranked = sorted(late_by_chapter.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    chapter = next((one for one in chapters if one.pk == ranked[0][0]), None)
    if chapter is None:
        return None
    href = links.ledger(chapter=f"{plan.code}-{chapter.code}", health=Health.OFF_TRACK)
    return {"name": chapter.heading, "count": ranked[0][1], "href": href}


def targets(views: Iterable[TargetView], *, today: date) -> list[Shown]:
    """The targets, the gravest first; those of which nothing is known come last, for they have no chart."""
    ranks = {light: rank for rank, light in enumerate(GRAVITY)} | {Health.NO_DATA: len(GRAVITY)}
    return [present.target(view, today=today) for view in sorted(views, key=lambda view: ranks[view.health])]


def matrix(found: Matrix, plan: Plan) -> Shown:
    """Departments downwards, themes across: the gravest light of a cell, how many show it, of how many."""
    themes = [
        one for one in found.chapters if any((one.pk, pk) in found.cells for pk, _name, _code in found.departments)
    ]
    rows = []
    for pk, name, code in found.departments:
        cells = [_cell(found.cells.get((theme.pk, pk)), theme, plan, name=name, code=code) for theme in themes]
        rows.append({"name": name, "href": links.department(code), "cells": cells})
    return {
        "themes": [{"name": one.heading, "href": links.ledger(chapter=f"{plan.code}-{one.code}")} for one in themes],
        "rows": rows,
        "more_href": links.departments() if found.hidden else "",
    }


def _cell(cell: Cell | None, theme: Clause, plan: Plan, *, name: str, code: str) -> Shown | None:
    if cell is None:
        return None
    address: dict[str, object] = {"chapter": f"{plan.code}-{theme.code}", "department": code}
    grave = cell.lights[cell.health]
    return {
        "health": cell.health,
        "grave": grave,
        "grave_href": links.ledger(health=cell.health, **address),
        "count": cell.count if cell.count != grave else 0,
        "href": links.ledger(**address),
        "label": f"{theme.heading} · {name}",
    }


def plan_line(summary: PlanSummary, *, today: date) -> Shown:
    """One plan among several: its bar, its exceptions, time elapsed beside work done."""
    plan, counts = summary.plan, summary.counts
    percent = summary.work.percent
    return {
        "title": plan.short_title,
        "jurisdiction": plan.jurisdiction.name,
        "years": f"{plan.horizon_starts_on.year}–{plan.horizon_ends_on.year}",
        "href": f"?plan={plan.code}",
        "proportions": charts.proportions(present.shares(counts, plan=plan.code), is_small=True),
        "figures": [
            {"count": count, "href": links.ledger(plan=plan.code, health=light), "tone": tone if count else ""}
            for light, count, tone in (
                ("", summary.total, ""),
                (Health.OFF_TRACK, counts[Health.OFF_TRACK], "bad"),
                (Health.AT_RISK, counts[Health.AT_RISK], "warn"),
            )
        ],
        "elapsed": round(progress.share_elapsed(plan.horizon_starts_on, plan.horizon_ends_on, today=today)),
        "done": None if percent is None else round(percent),
    }


def since(found: SinceLastLook, *, plan: str) -> Shown:
    """What changed since the reader looked last: how many came to which light, and the newest of the changes."""
    came: dict[str, int] = {}
    for (_before, after), count in found.counts.items():
        came[after] = came.get(after, 0) + count
    address: dict[str, object] = {"plan": plan, "newer": found.mark}
    return {
        "at": found.before_at,
        "total": found.total,
        "href": links.changes(**address),
        "came": [
            {"health": light, "count": came[light], "href": links.changes(light=light, direction="came", **address)}
            for light in Health
            if came.get(light)
        ],
        "rows": [change_row(row) for row in found.rows],
    }


def change_row(row: ChangeRow) -> Shown:
    """One change of one light; `before` "" is a first light."""
    return {
        "href": links.commitment(row.code),
        "code": row.code,
        "title": row.title,
        "owner": row.owner,
        "on": row.on,
        "before": row.before,
        "after": row.after,
        "is_demo": row.is_demo,
    }
