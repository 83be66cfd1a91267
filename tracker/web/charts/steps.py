"""The line of milestones. Positions are percent, so that words keep their size on every screen."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.choices import Health
from tracker.web.charts.markup import NOTHING, calm, join, named
from tracker.web.charts.values import Step


def milestone_line(steps: Sequence[Step], *, starts_on: date | None, ends_on: date | None, today: date) -> SafeString:
    """Where does the work stand? Each milestone where it was reached or is expected, and where it was planned."""
    dated = [(step.stands_on, step) for step in steps if step.stands_on is not None]
    if not dated:
        return calm(_("No milestone has a date yet.")) if steps else NOTHING
    days = [day for day, _step in dated] + [step.planned_on for step in steps if step.planned_on]
    first, last = min([*days, starts_on or days[0]]), max([*days, ends_on or days[0]])
    span = (last - first).days or 1

    def at(day: date) -> float:
        return round(3 + 94 * (day - first).days / span, 2)

    reached = max((step.actual_on for step in steps if step.actual_on), default=first)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    line = '<line class="axis" x1="{0}%" x2="{0}%" y1="38" y2="66"/><text x="{0}%" y="100" dx="-1">{1}</text>'
    body = [format_html(line, at(day), day.year) for day in years if first <= day <= last]
    spine = '<line class="spine{}" x1="3%" x2="{}%" y1="52" y2="52"/>'
    body += [format_html(spine, "", 97), format_html(spine, " past", at(reached)), _ghosts(steps, at)]
    if first <= today <= last:
        line = '<line class="today" x1="{0}%" x2="{0}%" y1="36" y2="88"/>'
        word = '<text class="now-text" x="{0}%" y="100">{1}</text>'
        body.append(format_html(line + word, at(today), _("Today")))
    body += _marks(sorted(dated, key=lambda pair: pair[0]), at)
    svg = '<svg class="chart timeline" width="100%" height="106" {}>{}</svg>'
    return format_html(svg, named(_("Milestones over time")), join(body))


def _ghosts(steps: Sequence[Step], at: Callable[[date], float]) -> SafeString:
    moved = [(step.planned_on, step) for step in steps if step.planned_on and step.planned_on != step.stands_on]
    title = _("%(name)s: planned for %(day)s")
    circles = [(at(day), title % {"name": step.name, "day": day.isoformat()}) for day, step in moved]
    return format_html_join("", '<circle class="ghost" cx="{}%" cy="52" r="5.5"><title>{}</title></circle>', circles)


def _marks(dated: Sequence[tuple[date, Step]], at: Callable[[date], float]) -> Iterable[SafeString]:
    """Shapes with their names in three lanes; a name that fits in none is left to the table below."""
    free = {32: -1.0, 80: -1.0, 14: -1.0}
    shape = (
        '<svg class="step {0}" x="{1}%" y="52" overflow="visible"><title>{2}</title><circle class="gap" r="9"/>'
        '<use href="#l-{0}" x="-8" y="-8" width="16" height="16"/></svg>'
    )
    for day, step in dated:
        x, name = at(day), step.name + _delay(step)
        light = Health.DONE if step.actual_on else Health.OFF_TRACK if step.is_late else Health.NOT_STARTED
        yield format_html(shape, light, x, f"{name} {day.isoformat()}")
        half = (len(name) * 12 + 10) / 760 * 50
        lane = next((y for y, end in free.items() if max(x - half, 0.0) > end), None)
        if lane is not None:
            free[lane] = max(x + half, 2 * half)
            anchor, edge = ("start", 0.0) if x < half else ("end", 100.0) if x + half > 100 else ("middle", x)
            yield format_html('<text class="name" x="{}%" y="{}" text-anchor="{}">{}</text>', edge, lane, anchor, name)


def _delay(step: Step) -> str:
    """How late it was reached, or is expected: " +34 days"; empty when on time or not known."""
    later = step.actual_on or step.forecast_on
    if step.planned_on is None or later is None or later <= step.planned_on:
        return ""
    days = (later - step.planned_on).days
    return " " + ngettext("+%(days)d day", "+%(days)d days", days) % {"days": days}
