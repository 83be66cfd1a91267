"""Shapes a decision into what its page and its file print. No queries."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.choices import Health
from tracker.models import Plan
from tracker.queries.decision import ClauseView, Coverage, Decision, Promise, Show
from tracker.rules import painting
from tracker.web import charts, links, present

Shown = dict[str, Any]
# What is told in the margin, beside the words it belongs to.
EXCEPTIONS = (Health.OFF_TRACK, Health.AT_RISK)


def page(found: Decision, *, today: date, can_judge: bool) -> Shown:
    """What templates/tracker/decision.html prints, but for the filters."""
    code, lights = found.plan.code, found.coverage.lights
    total = sum(lights.values())
    has_verbatim = any(view.row.verbatim for view in found.clauses)
    return {
        "plan": head(found.plan),
        "facts": coverage_lines(found.coverage, plan=code, is_whole=found.is_whole),
        "is_whole": found.is_whole,
        "words_note": _words_note(found.clauses),
        "lights": [
            {"health": light, "count": count, "href": links.decision(code, health=light), "change": None}
            for light, count in lights.items()
        ]
        if total
        else [],
        "proportions": charts.proportions(
            [
                charts.Share(health=light, count=count, href=links.decision(code, health=light))
                for light, count in lights.items()
            ]
        )
        if total
        else "",
        "contents": _contents(found),
        "blocks": [
            _block(view, found, is_mixed=has_verbatim, today=today, can_judge=can_judge) for view in found.clauses
        ],
        "unplaced": [_promise(one) for one in found.unplaced],
        "unplaced_notes": _notes(found.unplaced, today=today),
        "shown_line": _shown_line(found),
        "has_text": bool(found.chapters),
        "cut_href": links.ledger(plan=code) if found.is_cut else "",
        "clause_href": links.admin("tracker_clause_add") if can_judge else "",
    }


def head(plan: Plan) -> Shown:
    """What the decision is."""
    return {
        "code": plan.code,
        "title": plan.title,
        "short_title": plan.short_title,
        "jurisdiction": plan.jurisdiction.name,
        "issuer": plan.issuer,
        "number": plan.number,
        "adopted_on": plan.adopted_on,
        "first_year": plan.horizon_starts_on.year,
        "last_year": plan.horizon_ends_on.year,
        "source": plan.source_note,
        "overview_href": links.overview(plan.code),
    }


def coverage_lines(covered: Coverage, *, plan: str, is_whole: bool) -> list[list[Shown]]:
    """From clauses to commitments to owners: two lines of figures, each with the address of what it counts."""
    clauses = [_part(ngettext("%(count)d clause", "%(count)d clauses", covered.clauses), covered.clauses, plan)]
    if covered.clauses:
        text = ngettext("%(count)d with commitments", "%(count)d with commitments", covered.covered)
        clauses.append(_part(text, covered.covered, plan, show=Show.COVERED))
    if is_whole and covered.judged:
        text = ngettext("%(count)d judged to need none", "%(count)d judged to need none", covered.judged)
        clauses.append(_part(text, covered.judged, plan, show=Show.JUDGED))
    if is_whole and covered.uncommitted:
        text = ngettext("%(count)d that nobody took up", "%(count)d that nobody took up", covered.uncommitted)
        clauses.append(_part(text, covered.uncommitted, plan, show=Show.UNCOMMITTED, tone="warn"))
    elif is_whole and covered.clauses:
        clauses.append({"text": _("every clause was taken up or judged"), "href": "", "tone": ""})
    return [clauses, _owners(covered, plan)]


def _owners(covered: Coverage, plan: str) -> list[Shown]:
    """The second line: the commitments in the clauses, and who leads them."""
    text = ngettext("%(count)d commitment in the text", "%(count)d commitments in the text", covered.commitments)
    parts = [_part(text, covered.commitments, plan, show=Show.COVERED)]
    if covered.confirmed:
        text = ngettext("%(count)d with a confirmed lead", "%(count)d with a confirmed lead", covered.confirmed)
        parts.append(_part(text, covered.confirmed, plan, show=Show.CONFIRMED))
    if covered.suggested:
        text = ngettext(
            "%(count)d with a suggested lead only", "%(count)d with a suggested lead only", covered.suggested
        )
        parts.append(_part(text, covered.suggested, plan, show=Show.SUGGESTED, tone="warn"))
    if covered.unowned:
        text = ngettext("%(count)d without a lead", "%(count)d without a lead", covered.unowned)
        parts.append(_part(text, covered.unowned, plan, show=Show.UNOWNED, tone="warn"))
    if covered.unplaced:
        text = ngettext("%(count)d more without a clause", "%(count)d more without a clause", covered.unplaced)
        parts.append(_part(text, covered.unplaced, plan, show=Show.UNPLACED))
    return parts


def _part(text: str, count: int, plan: str, *, show: str = "", tone: str = "") -> Shown:
    """One figure of a line. What counts none leads nowhere and warns of nothing."""
    return {
        "text": text % {"count": count},
        "href": links.decision(plan, show=show) if count else "",
        "tone": tone if count else "",
    }


def _words_note(clauses: Sequence[ClauseView]) -> str:
    """Whose words the page prints."""
    texts = {bool(view.row.verbatim) for view in clauses if view.row.verbatim or view.row.summary}
    if texts == {True}:
        return _("The words are the document’s own.")
    if texts == {False}:
        return _("The words are our summary of each clause, not the document’s own.")
    if texts:
        return _("The words are the document’s own; where they may not be kept, our summary stands, marked as such.")
    return ""


def _contents(found: Decision) -> list[Shown]:
    """The chapters that are shown, with how many commitments in each are late."""
    shown = {view.row.pk for view in found.clauses}
    code = found.plan.code
    return [
        {
            "text": row.heading or row.code,
            "href": f"#{links.clause_anchor(row.code)}",
            "late": found.late.get(row.pk, 0),
            "late_href": links.decision(code, chapter=row.code, health=Health.OFF_TRACK),
        }
        for row in found.chapters
        if row.pk in shown
    ]


def _block(view: ClauseView, found: Decision, *, is_mixed: bool, today: date, can_judge: bool) -> Shown:
    """One clause, or a heading of the text."""
    row = view.row
    pieces, rest = painting.paint(row.verbatim, [one.span if row.verbatim else None for one in view.promises])
    is_open = view.counts and not view.is_covered
    judged = row.no_commitment_reason if is_open and row.needs_no_commitment else ""
    return {
        "anchor": links.clause_anchor(row.code),
        "code": row.code,
        "heading": row.heading,
        "level": min(view.depth + 2, 3) if view.has_parts else 0,
        "summary": "" if row.verbatim else row.summary,
        "is_ours": is_mixed and not row.verbatim and bool(row.summary),
        "pieces": [
            {"text": piece.text, "promise": None if piece.span is None else _promise(view.promises[piece.span])}
            for piece in pieces
        ],
        "promises": [_promise(view.promises[place]) for place in rest],
        "notes": _notes(view.promises, today=today),
        "judged": judged,
        "is_gap": found.is_whole and is_open and not judged,
        "judge_href": links.admin("tracker_clause_change", row.pk) if can_judge and is_open else "",
    }


def _promise(one: Promise) -> Shown:
    return {
        "href": links.commitment(one.code),
        "code": one.code,
        "title": one.title,
        "health": one.health,
        "owner": one.lead_name or "",
        "owner_is_suggested": one.lead_is_suggested,
        "is_demo": one.is_demo,
    }


def _notes(promises: Sequence[Promise], *, today: date) -> list[Shown]:
    """Why what is late is late, and what will be late will be."""
    return [
        {"health": one.health, "title": one.title, "reason": present.sentence(one.reasons, today=today)}
        for light in EXCEPTIONS
        for one in promises
        if one.health == light
    ]


def _shown_line(found: Decision) -> str:
    """How much of the decision the page shows."""
    clauses = sum(view.counts for view in found.clauses)
    promises = sum(len(view.promises) for view in found.clauses) + len(found.unplaced)
    first = ngettext("%(count)d clause", "%(count)d clauses", clauses) % {"count": clauses}
    second = ngettext("%(count)d commitment", "%(count)d commitments", promises) % {"count": promises}
    return _("Shown: %(clauses)s, %(commitments)s") % {"clauses": first, "commitments": second}


def sheet_rows(found: Decision, *, today: date) -> Iterator[list[str]]:
    """The decision as rows: one for each commitment, and one for each clause without any."""
    for view in found.clauses:
        row = view.row
        clause = [row.code, row.heading, row.verbatim or row.summary, _state(view, is_whole=found.is_whole)]
        if not view.promises:
            yield [*clause, "", "", "", "", "", ""]
        for one in view.promises:
            yield [*clause, *_cells(one, today=today)]
    for one in found.unplaced:
        yield ["", "", "", _("without a clause"), *_cells(one, today=today)]


def _state(view: ClauseView, *, is_whole: bool) -> str:
    """How a clause is covered, in words; "" for a heading, and for a reader who cannot know."""
    if view.is_covered:
        return _("with commitments")
    if not is_whole or not view.counts:
        return ""
    if view.row.needs_no_commitment:
        return _("needs none: %(reason)s") % {"reason": view.row.no_commitment_reason}
    return _("nobody took it up")


def _cells(one: Promise, *, today: date) -> list[str]:
    return [
        one.code,
        one.title,
        str(Health(one.health).label),
        one.lead_name or "",
        _("yes") if one.lead_is_suggested else "",
        present.sentence(one.reasons, today=today),
    ]
