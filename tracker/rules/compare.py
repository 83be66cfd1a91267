"""What a rule compared with what: the figures behind a reason, and the thresholds between green, yellow and red.

Pure. `tracker.wording` makes the sentence of a reason; here are its numbers, for whoever wants to do the sum again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tracker.rules import progress
from tracker.rules.progress import InvestmentFacts, Schedule
from tracker.rules.reasons import Reason
from tracker.rules.ruleset import RuleSet

TENTH = Decimal("0.1")
# What a gap is counted in. "share": percent of what is required; less is worse. Of the others, more is worse.
Measure = Literal["days", "points", "ratio", "periods", "working_days", "share"]
Side = Decimal | date | None
Values = dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One rule's sum. `actual` and `required` are days, or numbers in `unit`; None: the rule has no such side.

    Args:
        rule: the rule's name, as in `rules.findings`; `subject`: which milestone, "" for none.
        gap: how far `actual` lies behind `required`, in `measure`; negative is ahead, None cannot be said.
        at_risk: the first gap that is yellow; None: this rule has no yellow.
        off_track: the first gap that is red; for points and ratios the last that is not (`is_above`).
    """

    rule: str
    measure: Measure
    actual: Side = None
    required: Side = None
    gap: Decimal | None = None
    at_risk: Decimal | None = None
    off_track: Decimal | None = None
    unit: str = ""
    subject: str = ""

    @property
    def is_above(self) -> bool:
        """Whether red begins above `off_track`, and not at it."""
        return self.measure in {"points", "ratio"}


def compared(reason: Reason, *, rules: RuleSet, today: date) -> Comparison | None:
    """The figures behind a reason today; None for a reason that compares nothing (done, exempt, not handed out)."""
    compare = COMPARED.get(reason.code)
    return compare(reason.values(), rules, today) if compare else None


def _overdue(values: Values, rules: RuleSet, today: date) -> Comparison:
    due = _day(values, "due_on")
    return Comparison(
        rule="overdue", measure="days", actual=today, required=due, gap=_days(due, today), off_track=Decimal(1)
    )


def _milestone(values: Values, rules: RuleSet, today: date) -> Comparison:
    planned = _day(values, "planned_on")
    return Comparison(
        rule="milestones",
        measure="days",
        subject=str(values["name"]),
        actual=today,
        required=planned,
        gap=_days(planned, today),
        at_risk=Decimal(1),
        off_track=Decimal(rules.milestone_off_track_days + 1),
    )


def _forecast(values: Values, rules: RuleSet, today: date) -> Comparison:
    expected, due = _day(values, "forecast_on"), _day(values, "due_on")
    return Comparison(
        rule="forecast",
        measure="days",
        actual=expected,
        required=due,
        gap=_days(due, expected),
        at_risk=Decimal(1),
        off_track=Decimal(rules.forecast_off_track_days + 1),
    )


def _schedule(values: Values, rules: RuleSet, today: date) -> Comparison:
    done = Decimal(str(values["progress"]))
    wanted = Schedule.from_params(values).expected(today)
    return _lag("schedule", done, wanted, rules, at_risk=rules.behind_at_risk, off_track=rules.behind_off_track)


def _investment(values: Values, rules: RuleSet, today: date) -> Comparison:
    year = int(values["year"])
    money = InvestmentFacts(
        year=year, planned_wan=Decimal(str(values["planned_wan"])), done_wan=Decimal(str(values["done_wan"]))
    )
    wanted = Schedule(year=year).expected(today)
    done = money.done_percent or Decimal(0)
    red = rules.investment_off_track
    return _lag("investment", done, wanted, rules, at_risk=rules.investment_at_risk, off_track=red)


def _lag(
    rule: str, done: Decimal, wanted: Decimal | None, rules: RuleSet, *, at_risk: Decimal, off_track: Decimal
) -> Comparison:
    gap = progress.behind(done, wanted, mode=rules.mode)
    return Comparison(
        rule=rule,
        measure=rules.mode,
        unit="%",
        actual=done.quantize(TENTH),
        required=None if wanted is None else wanted.quantize(TENTH),
        gap=None if gap is None else gap.quantize(TENTH),
        at_risk=at_risk,
        off_track=off_track,
    )


def _reading(values: Values, rules: RuleSet, *, is_good: bool) -> Comparison:
    value, required = Decimal(str(values["value"])), Decimal(str(values["required"]))
    # A value above what is required is good where the indicator shall rise, and bad where it shall fall.
    rises = value == required or (value > required) == is_good
    part, whole = (value, required) if rises else (required, value)
    return Comparison(
        rule="readings",
        measure="share",
        unit=str(values.get("unit", "")),
        actual=value,
        required=required.quantize(TENTH) if required % 1 else required,
        gap=(part * 100 / whole).quantize(TENTH) if whole > 0 else None,
        at_risk=rules.path_at_risk_percent,
        off_track=rules.path_off_track_percent,
    )


def _good_reading(values: Values, rules: RuleSet, today: date) -> Comparison:
    return _reading(values, rules, is_good=True)


def _bad_reading(values: Values, rules: RuleSet, today: date) -> Comparison:
    return _reading(values, rules, is_good=False)


def _missed(values: Values, rules: RuleSet, today: date) -> Comparison:
    return Comparison(
        rule="reports",
        measure="periods",
        gap=Decimal(values["count"]),
        at_risk=Decimal(rules.missed_at_risk),
        off_track=Decimal(rules.missed_off_track),
    )


def _unaccepted(values: Values, rules: RuleSet, today: date) -> Comparison:
    return Comparison(
        rule="unaccepted",
        measure="working_days",
        actual=_day(values, "issued_on"),
        gap=Decimal(values["working_days"]),
        at_risk=Decimal(rules.unaccepted_at_risk),
        off_track=Decimal(rules.unaccepted_off_track),
    )


def _day(values: Values, name: str) -> date:
    return date.fromisoformat(str(values[name]))


def _days(planned: date, actual: date) -> Decimal:
    return Decimal((actual - planned).days)


COMPARED: dict[str, Callable[[Values, RuleSet, date], Comparison]] = {
    "overdue": _overdue,
    "milestone_overdue": _milestone,
    "progress_behind": _schedule,
    "progress_on_time": _schedule,
    "investment_behind": _investment,
    "investment_on_time": _investment,
    "forecast_late": _forecast,
    "below_path": _bad_reading,
    "on_path": _good_reading,
    "target_reached": _good_reading,
    "reports_missed": _missed,
    "not_accepted": _unaccepted,
}
