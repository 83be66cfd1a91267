"""The rules of the default rule set, one function each (PRODUCT.md §5). `tracker.rules.health` decides which apply.

Each rule looks at the facts on one day and returns what it found and the next day on which it may find something else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum

from tracker.choices import RELATIVE_COMPARATORS, VerificationFinding
from tracker.rules import days, periods, progress, targets
from tracker.rules.facts import CommitmentFacts
from tracker.rules.progress import MilestoneFacts, Schedule
from tracker.rules.reasons import Reason
from tracker.rules.ruleset import Mode, RuleSet
from tracker.rules.targets import TargetFacts


class Weight(IntEnum):
    """What a finding does to the light, lightest first."""

    NOTE = 0  # is told, decides nothing
    GOOD = 1  # something is known and it is in order
    AT_RISK = 2
    OFF_TRACK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason and its weight."""

    weight: Weight
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one rule found today, and the first later day on which it may find something else (None: never)."""

    findings: tuple[Finding, ...] = ()
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """Something done, in percent, against a schedule; ``off_track`` is the last lag that is still yellow."""

    schedule: Schedule
    done: Decimal
    at_risk: Decimal
    off_track: Decimal
    mode: Mode

    def weigh(self, today: date) -> tuple[Weight, date | None]:
        """The weight today and the next day on which it is heavier. Expectations never fall, so it gets no lighter."""
        now, last = self._weight_on(today), self.schedule.last_day
        if now == Weight.OFF_TRACK or last is None or today > last:
            return now, None
        through = days.after(last) or date.max
        return now, days.first_where(lambda day: self._weight_on(day) > now, later_than=today, through=through)

    def _weight_on(self, day: date) -> Weight:
        lag = progress.behind(self.done, self.schedule.expected(day), mode=self.mode)
        return Weight.GOOD if lag is None else _weigh(lag, self.at_risk, self.off_track)


Rule = Callable[[CommitmentFacts, RuleSet, date], Ruling]


def overdue(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Past the date: red from the first day after it. No date is never overdue."""
    if facts.due_on is None:
        return Ruling()
    if today <= facts.due_on:
        return Ruling(next_on=days.after(facts.due_on))
    return _one(Weight.OFF_TRACK, Reason.of("overdue", due_on=facts.due_on))


def unaccepted(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Issued but not accepted: the light changes on the day after the last working day allowed."""
    if facts.issued_on is None:
        return _one(Weight.NOTE, Reason.of("awaiting_acceptance"))
    red_from = facts.calendar.add_working_days(facts.issued_on, rules.unaccepted_off_track) + timedelta(days=1)
    yellow_from = facts.calendar.add_working_days(facts.issued_on, rules.unaccepted_at_risk) + timedelta(days=1)
    if today >= red_from:
        return _one(Weight.OFF_TRACK, _unaccepted(facts.issued_on, rules.unaccepted_off_track))
    if today >= yellow_from:
        return _one(Weight.AT_RISK, _unaccepted(facts.issued_on, rules.unaccepted_at_risk), next_on=red_from)
    return _one(Weight.NOTE, Reason.of("awaiting_acceptance", issued_on=facts.issued_on), next_on=yellow_from)


def milestones(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """A milestone past its date: with a weight yellow, then red; without one it is only told."""
    rulings = [_milestone(item, rules, today) for item in facts.milestones]
    return Ruling(
        findings=tuple(finding for ruling in rulings for finding in ruling.findings),
        next_on=days.earliest(ruling.next_on for ruling in rulings),
    )


def schedule(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Behind time-proportional progress; Yinchuan 2025: yellow from 10 points, red above 30."""
    done = facts.progress if facts.progress is not None else progress.from_milestones(facts.milestones)
    if done is None:
        return Ruling()
    plan = Schedule.of(facts.milestones, starts_on=facts.starts_on, due_on=facts.due_on)
    if plan.last_day is None:
        return _one(Weight.GOOD, Reason.of("progress_known", progress=done))
    lag = Lag(
        schedule=plan,
        done=done,
        at_risk=rules.behind_at_risk,
        off_track=rules.behind_off_track,
        mode=rules.mode,
    )
    weight, next_on = lag.weigh(today)
    code = "progress_on_time" if weight == Weight.GOOD else "progress_behind"
    return _one(weight, Reason.of(code, progress=done, **plan.to_params()), next_on=next_on)


def investment(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Annual investment against months elapsed / 12; Yinchuan 2025: yellow from 10 points, red above 30."""
    money = facts.investment
    if money is None or money.done_percent is None:
        return Ruling()
    lag = Lag(
        schedule=Schedule(year=money.year),
        done=money.done_percent,
        at_risk=rules.investment_at_risk,
        off_track=rules.investment_off_track,
        mode=rules.mode,
    )
    weight, next_on = lag.weigh(today)
    code = "investment_on_time" if weight == Weight.GOOD else "investment_behind"
    reason = Reason.of(code, year=money.year, planned_wan=money.planned_wan, done_wan=money.done_wan)
    return _one(weight, reason, next_on=next_on)


def forecast(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """The department's own forecast lies later than the date. Does not depend on today."""
    if facts.forecast_on is None or facts.due_on is None or facts.forecast_on <= facts.due_on:
        return Ruling()
    is_far = (facts.forecast_on - facts.due_on).days > rules.forecast_off_track_days
    reason = Reason.of("forecast_late", forecast_on=facts.forecast_on, due_on=facts.due_on)
    return _one(Weight.OFF_TRACK if is_far else Weight.AT_RISK, reason)


def reports(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Periods closed without a report. A report that exists is evidence; fewer missing than the limit is a note."""
    missed = periods.missed_periods(facts.reporting, today=today)
    closing = periods.next_closing(facts.reporting, today=today)
    next_on = None if closing is None else days.after(closing)
    findings: list[Finding] = []
    if missed:
        weight = _weigh(len(missed), rules.missed_at_risk, rules.missed_off_track - 1)
        reason = Reason.of("reports_missed", count=len(missed), since=missed[0].start)
        findings.append(Finding(weight=Weight.NOTE if weight == Weight.GOOD else weight, reason=reason))
    if facts.reporting.last_period_end is not None:
        code = "last_report" if missed else "reported_on_time"
        reason = Reason.of(code, period_end=facts.reporting.last_period_end)
        findings.append(Finding(weight=Weight.GOOD, reason=reason))
    return Ruling(findings=tuple(findings), next_on=next_on)


def readings(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Each target's latest reading against its path on the day of the reading. Does not depend on today."""
    return Ruling(findings=tuple(_reading(target, rules) for target in facts.targets))


def unconfirmed(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """Somebody looked and did not find what was reported: yellow, whatever the reports say, until a report is accepted
    after that day or a later verification confirms. A default of ours; PRODUCT.md §3: the look-back may re-open.
    """
    if facts.unconfirmed is None:
        return Ruling()
    code = "confirmed_in_part" if facts.unconfirmed == VerificationFinding.PARTLY else "not_confirmed"
    return _one(Weight.AT_RISK, Reason.of(code, verified_on=facts.unconfirmed_on))


def reached_milestones(facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    """The last milestone reached: something is known, even without a percentage."""
    reached = [(item.actual_on, item.name) for item in facts.milestones if item.actual_on is not None]
    if not reached:
        return Ruling()
    actual_on, name = max(reached)
    return _one(Weight.GOOD, Reason.of("milestone_reached", name=name, actual_on=actual_on))


def _one(weight: Weight, reason: Reason, *, next_on: date | None = None) -> Ruling:
    return Ruling(findings=(Finding(weight=weight, reason=reason),), next_on=next_on)


def _unaccepted(issued_on: date, working_days: int) -> Reason:
    return Reason.of("not_accepted", issued_on=issued_on, working_days=working_days)


def _weigh(value: Decimal | int, at_risk: Decimal | int, last_at_risk: Decimal | int) -> Weight:
    if value > last_at_risk:
        return Weight.OFF_TRACK
    return Weight.AT_RISK if value >= at_risk else Weight.GOOD


def _milestone(item: MilestoneFacts, rules: RuleSet, today: date) -> Ruling:
    if item.planned_on is None or item.actual_on is not None:
        return Ruling()
    if today <= item.planned_on:
        return Ruling(next_on=days.after(item.planned_on))
    if not item.is_weighted:
        return _one(Weight.NOTE, Reason.of("milestone_passed", name=item.name, planned_on=item.planned_on))
    reason = Reason.of("milestone_overdue", name=item.name, planned_on=item.planned_on)
    if (today - item.planned_on).days > rules.milestone_off_track_days:
        return _one(Weight.OFF_TRACK, reason)
    return _one(Weight.AT_RISK, reason, next_on=days.after(item.planned_on, rules.milestone_off_track_days + 1))


def _reading(target: TargetFacts, rules: RuleSet) -> Finding:
    if target.latest_value is None or target.latest_on is None:
        return Finding(weight=Weight.NOTE, reason=Reason.of(_what_is_missing(target), unit=target.unit))
    goal = targets.required_value(target)
    required = targets.asked_of_reading(target)
    known: dict[str, str | Decimal | date] = {
        "value": target.latest_value,
        "unit": target.unit,
        "read_on": target.latest_on,
    }
    if goal is not None and targets.is_reached(target):
        return Finding(weight=Weight.GOOD, reason=Reason.of("target_reached", required=goal, **known))
    if required is None:
        return Finding(weight=Weight.NOTE, reason=Reason.of(_what_is_missing(target), **known))
    percent = targets.achieved_percent(target, required)
    weight = Weight.AT_RISK if percent is None else _path_weight(percent, rules)
    code = "on_path" if weight == Weight.GOOD else "below_path"
    return Finding(weight=weight, reason=Reason.of(code, required=required, **known))


def _what_is_missing(target: TargetFacts) -> str:
    """The first thing that is missing for a comparison: the goal, the base, a reading later than the base."""
    if targets.required_value(target) is None and not target.path:
        return "base_missing" if target.comparator in RELATIVE_COMPARATORS else "goal_missing"
    if target.latest_value is None or target.latest_on is None:
        return "reading_missing"
    return "base_missing" if target.base_value is None or target.base_year is None else "reading_missing"


def _path_weight(percent: Decimal, rules: RuleSet) -> Weight:
    if percent < rules.path_off_track_percent:
        return Weight.OFF_TRACK
    return Weight.AT_RISK if percent < rules.path_at_risk_percent else Weight.GOOD
