"""The charts of one thing with the figures behind them: investment, the quantities, people by year. No queries."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import ProjectDetails, TalentYear
from tracker.models import ProgressReport
from tracker.rules import progress
from tracker.rules.reasons import number
from tracker.web import catalogue_page, charts

Shown = dict[str, Any]


def investment(known: ProjectDetails | None, reports: Sequence[ProgressReport], *, today: date) -> Shown | None:
    """What was invested since January against the even path to the year's plan; None without a report of that year."""
    if known is None or not known.plan_year:
        return None
    year, plan = known.plan_year, known.year_investment_wan
    told = {
        one.period_end: one.volumes.invested_year_wan
        for one in reports
        if one.period_end.year == year and one.volumes.invested_year_wan is not None
    }
    if not told:
        return None
    start, end = date(year, 1, 1), date(year, 12, 31)
    required, goal = [], None
    if plan is not None:
        required = [charts.Point(on=start, value=Decimal(0)), charts.Point(on=end, value=plan)]
        goal = charts.Goal(on=end, value=plan, label=number(plan))
    drawn = charts.trajectory(
        [charts.Point(on=day, value=value) for day, value in sorted(told.items())],
        name=_("Invested since January (10 000 yuan)"),
        unit="",
        today=today,
        required=required,
        goal=goal,
    )
    day, value = max(told.items())
    return {
        "chart": drawn,
        "caption": _invested_words(day, value or Decimal(0), plan),
        "figures": {
            "caption": _("Invested since January (10 000 yuan)"),
            "columns": [_("Day"), _("Invested"), _("Evenly over the year"), _("Plan of the year")],
            "rows": [
                [on.isoformat(), catalogue_page.money(done), _even(plan, on), catalogue_page.money(plan) or "–"]
                for on, done in sorted(told.items())
            ],
        },
    }


def _invested_words(day: date, done: Decimal, plan: Decimal | None) -> str:
    if not plan:
        return _("Invested by %(day)s: %(done)s (10 000 yuan); the year’s plan is not known.") % {
            "day": day.isoformat(),
            "done": catalogue_page.money(done),
        }
    said = {
        "day": day.isoformat(),
        "percent": number((done * 100 / plan).quantize(Decimal("0.1"))),
        "time": number(_elapsed(day)),
    }
    return _("By %(day)s %(percent)s %% of the year’s plan, in %(time)s %% of the year.") % said


def _elapsed(day: date) -> Decimal:
    return progress.share_elapsed(date(day.year, 1, 1), date(day.year, 12, 31), today=day).quantize(Decimal(1))


def _even(plan: Decimal | None, day: date) -> str:
    """What an even pace would have spent by the day."""
    if plan is None:
        return "–"
    spent = plan * progress.share_elapsed(date(day.year, 1, 1), date(day.year, 12, 31), today=day) / 100
    return catalogue_page.money(spent.quantize(Decimal(1)))


def quantities(reports: Sequence[ProgressReport], *, today: date) -> Shown | None:
    """Physical progress and work volume as accepted reports told them; None while no two days have told one."""
    told = {one.period_end: one.volumes for one in reports}
    physical = [charts.Point(on=day, value=said.physical_percent) for day, said in sorted(told.items())]
    work = [charts.Point(on=day, value=said.work_percent) for day, said in sorted(told.items())]
    days = {point.on for point in [*physical, *work] if point.value is not None}
    if len(days) < 2:
        return None
    return {
        "chart": charts.pair(
            charts.Series(name=_("Physical progress"), points=physical),
            charts.Series(name=_("Work volume"), points=work),
            name=_("Physical progress and work volume over time"),
            today=today,
        ),
        "caption": _("Discs: physical progress; squares: work volume; both as accepted reports told them."),
    }


def people(years: Sequence[TalentYear]) -> Shown | None:
    """Headcount by year against the quota, with every year's figures; None without a year."""
    if not years:
        return None
    items = [
        charts.Column(label=str(one.year), value=_decimal(one.headcount), planned=_decimal(one.quota)) for one in years
    ]
    return {
        "chart": charts.columns(items, name=_("Headcount"), unit=pgettext("unit", "people")),
        "caption": _people_words(years),
        "years": [
            {
                "year": one.year,
                "quota": one.quota,
                "headcount": one.headcount,
                "percent": catalogue_page.percent_text(catalogue_page.taken(one)),
            }
            for one in reversed(years)
        ],
    }


def _people_words(years: Sequence[TalentYear]) -> str:
    """What the columns say together: people won of places, over the years in which both are known."""
    both = [(one.headcount, one.quota) for one in years if one.headcount is not None and one.quota is not None]
    legend = _("Column: people; line across: the quota; dashed: nobody has said how many.")
    if not both:
        return legend
    won, places = sum(count for count, _quota in both), sum(quota for _count, quota in both)
    said = _("In the years with both figures %(won)d of %(places)d places are filled.") % {
        "won": won,
        "places": places,
    }
    return f"{said} {legend}"


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
