"""The sentences of reasons and headlines, in the reader's language. No rules here: they are in `tracker.rules`.

A stored reason holds dates and values; what depends on the day of reading (days late, expected progress) is computed
here from ``today``, so that the sentence is right on any day without touching the row.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from tracker.choices import Health, SlipLevel, SlipState
from tracker.rules.headline import WAITING, Headline, Part
from tracker.rules.progress import InvestmentFacts, Schedule
from tracker.rules.reasons import Reason, number
from tracker.rules.sanity import Question

Values = dict[str, str | int]
Sentence = str | Promise
TENTH = Decimal("0.1")

SENTENCES: dict[str, Sentence] = {
    "done": _("Done and verified"),
    "suspended": pgettext_lazy("reason", "Suspended"),
    "cancelled": pgettext_lazy("reason", "Cancelled"),
    "exempt": pgettext_lazy("reason", "Exempt"),
    "exempt_until": _("Exempt until %(until)s"),
    "exemption_ended": _("The exemption ended on %(until)s"),
    "red_line_broken": _("The red line was broken on %(broken_on)s"),
    "not_issued": _("Not handed out yet"),
    "awaiting_acceptance": _("Handed out, not taken on yet"),
    "awaiting_acceptance_since": _("Handed out on %(issued_on)s, not taken on yet"),
    "not_accepted": ngettext_lazy(
        "Handed out on %(issued_on)s, not taken on within %(working_days)d working day",
        "Handed out on %(issued_on)s, not taken on within %(working_days)d working days",
        "working_days",
    ),
    "awaiting_verification": _("Reported done, waits for verification"),
    "not_confirmed": _("Looked at on %(verified_on)s and not confirmed; no report was accepted since"),
    "confirmed_in_part": _("Looked at on %(verified_on)s and confirmed only in part; no report was accepted since"),
    "starts_later": _("Starts on %(starts_on)s"),
    "overdue": ngettext_lazy("%(days)d day late", "%(days)d days late", "days"),
    "milestone_overdue": ngettext_lazy(
        "Milestone “%(name)s” is %(days)d day late", "Milestone “%(name)s” is %(days)d days late", "days"
    ),
    "milestone_passed": _("Milestone “%(name)s” was planned for %(planned_on)s; it carries no weight"),
    "milestone_reached": _("Milestone “%(name)s” was reached on %(actual_on)s"),
    "progress_behind": _("Progress %(progress)s %%, expected %(expected)s %%, %(behind)s points behind"),
    "progress_on_time": _("Progress %(progress)s %%, expected %(expected)s %%"),
    "progress_known": _("Progress %(progress)s %%, no schedule to compare with"),
    "investment_behind": _(
        "Investment of %(year)d: %(progress)s %% of the plan, expected %(expected)s %%, %(behind)s points behind"
    ),
    "investment_on_time": _("Investment of %(year)d: %(progress)s %% of the plan, expected %(expected)s %%"),
    "forecast_late": ngettext_lazy(
        "Forecast for %(forecast_on)s, %(days)d day after the due date",
        "Forecast for %(forecast_on)s, %(days)d days after the due date",
        "days",
    ),
    "reports_missed": ngettext_lazy("%(count)d period without a report", "%(count)d periods without a report", "count"),
    "reported_on_time": _("Reported on time, last for the period to %(period_end)s"),
    "last_report": _("Last report for the period to %(period_end)s"),
    "below_path": _("%(value)s on %(read_on)s, at least %(required)s required, %(gap)s short"),
    "above_path": _("%(value)s on %(read_on)s, at most %(required)s allowed, %(gap)s too much"),
    "on_path": _("%(value)s on %(read_on)s, %(required)s required"),
    "target_reached": _("%(value)s on %(read_on)s, the goal of %(required)s is reached"),
    "base_missing": _("No base value, so no percentage"),
    "goal_missing": _("No target value"),
    "reading_missing": _("No reading yet"),
    "no_report": _("No report yet"),
    # Grounds of a slip (`rules.slips`), beside those above that it shares with a light.
    "date_moved": _("The due date was moved from %(original_due_on)s to %(due_on)s"),
    "reminded": ngettext_lazy("Reminded on %(count)d day", "Reminded on %(count)d days", "count"),
    "slip_unanswered": _("%(slip)s asked for an answer by %(answer_due_on)s; there is none"),
    "slip_promised": _("The answer to %(slip)s promised %(promised_on)s; it is not reported done"),
}

# A reason in a narrow list: how much, to be compared down the column, and what else there is to say. Codes that are
# not here have no measure and keep their sentence.
MEASURES: dict[str, Sentence] = {
    "overdue": ngettext_lazy("%(days)d day late", "%(days)d days late", "days"),
    "milestone_overdue": ngettext_lazy("%(days)d day late", "%(days)d days late", "days"),
    "progress_behind": pgettext_lazy("measure", "%(behind)s points behind"),
    "investment_behind": pgettext_lazy("measure", "%(behind)s points behind"),
    "forecast_late": ngettext_lazy("%(days)d day late by forecast", "%(days)d days late by forecast", "days"),
    "reports_missed": ngettext_lazy("%(count)d period missing", "%(count)d periods missing", "count"),
    "below_path": pgettext_lazy("measure", "%(gap)s short"),
    "above_path": pgettext_lazy("measure", "%(gap)s too much"),
}
REST: dict[str, Sentence] = {
    "milestone_overdue": _("Milestone “%(name)s”"),
    "progress_behind": _("Progress %(progress)s %%, expected %(expected)s %%"),
    "investment_behind": _("Investment of %(year)d: %(progress)s %% of the plan, expected %(expected)s %%"),
    "forecast_late": _("Forecast for %(forecast_on)s"),
    "below_path": _("%(value)s on %(read_on)s, at least %(required)s required"),
    "above_path": _("%(value)s on %(read_on)s, at most %(required)s allowed"),
}

FIGURES: dict[str, Sentence] = {
    "empty": _("No commitments yet"),
    "first_day": _("Today is the first day"),
    "last_day": _("Today is the last day"),
    "horizon_passed": _("The time is over"),
    "horizon_passed_open": ngettext_lazy(
        "The time is over, %(count)d is not finished", "The time is over, %(count)d are not finished", "count"
    ),
    "plans": ngettext_lazy("%(count)d plan", "%(count)d plans", "count"),
    "total": ngettext_lazy("%(count)d commitment", "%(count)d commitments", "count"),
    "done": pgettext_lazy("headline", "%(count)d done"),
    "late": pgettext_lazy("headline", "%(count)d late"),
    "at_risk": pgettext_lazy("headline", "%(count)d will be late"),
    "no_data": pgettext_lazy("headline", "%(count)d without data"),
    "waiting": ngettext_lazy("%(count)d waits for your word", "%(count)d wait for your word", "count"),
    "none_late": pgettext_lazy("headline", "nothing is late"),
    "all_late": pgettext_lazy("headline", "all late"),
    "all_done": pgettext_lazy("headline", "all done"),
    "none_started": pgettext_lazy("headline", "none has started"),
    "none_reported": pgettext_lazy("headline", "nobody has reported yet"),
    "one_done": pgettext_lazy("headline, one commitment", "done"),
    "one_on_track": pgettext_lazy("headline, one commitment", "on track"),
    "one_at_risk": pgettext_lazy("headline, one commitment", "will be late"),
    "one_off_track": pgettext_lazy("headline, one commitment", "late"),
    "one_not_started": pgettext_lazy("headline, one commitment", "not started"),
    "one_no_data": pgettext_lazy("headline, one commitment", "without data"),
    "one_exempt": pgettext_lazy("headline, one commitment", "exempt"),
}
DAYS_LEFT = ngettext_lazy("%(days)d day left", "%(days)d days left", "days")
DAYS_OVER = ngettext_lazy("%(days)d day over", "%(days)d days over", "days")
TONES = frozenset({*Health.values, WAITING})
BETWEEN_FIGURES = pgettext_lazy("between two figures of a headline", ", ")
BETWEEN_CLAUSES = pgettext_lazy("between two clauses of a headline", "; ")
END = pgettext_lazy("at the end of a headline", ".")


class Brief(NamedTuple):
    """A reason in two parts: its measure ("12 days late"; "" for a reason without one), and the rest in words or ""."""

    measure: str
    rest: str


class Piece(NamedTuple):
    """A piece of a headline: its text, the filter its link leads to (None: no link), and its tone.

    The tone is a light's value, ``waiting``, or empty.
    """

    text: str
    filter_key: str | None
    tone: str


def reason_sentence(reason: Reason | Mapping[str, object], *, today: date) -> str:
    """The sentence of one reason, as it reads today, without a full stop.

    A mapping is a reason as JSON, ``{"code": …, "params": {…}}``. Raises KeyError for a code without a sentence.
    """
    code, values = _completed(reason, today=today)
    return _fill(SENTENCES[code], values)


def brief(reason: Reason | Mapping[str, object], *, today: date) -> Brief:
    """The reason for a narrow list. Together the two parts say what `reason_sentence` says; raises like it."""
    code, values = _completed(reason, today=today)
    if code not in MEASURES:
        return Brief("", _fill(SENTENCES[code], values))
    return Brief(_fill(MEASURES[code], values), _fill(REST[code], values) if code in REST else "")


def headline_parts(headline: Headline) -> list[Piece]:
    """The headline in pieces, with its punctuation; joined, their texts are the sentence."""
    pieces: list[Piece] = []
    for before, part in zip((None, *headline), headline, strict=False):
        if before is not None:
            separator = BETWEEN_FIGURES if before.clause == part.clause else BETWEEN_CLAUSES
            pieces.append(Piece(str(separator), None, ""))
        pieces.append(Piece(_fill(FIGURES[part.code], {"count": part.count}), part.filter, _tone(part)))
    return [*pieces, Piece(str(END), None, "")]


def quantity(value: str, unit: str) -> str:
    """A number with its unit, as in tables and sentences: ``262 户``; the number alone when the unit is unknown."""
    return f"{value} {unit}" if unit else value


def days_left(days: int) -> str:
    """How long it is to a day, as lists say it; negative days are over."""
    if days == 0:
        return str(pgettext_lazy("days left", "today"))
    if days > 0:
        return str(DAYS_LEFT % {"days": days})
    return str(DAYS_OVER % {"days": -days})


def slip_number(year: int | None, number: int | None) -> str:
    """What a slip is called everywhere; a draft has no number yet."""
    if year is None or number is None:
        return str(_("Slip without a number"))
    return str(_("Slip %(year)d-%(number)d") % {"year": year, "number": number})


def slip_state(state: str, *, is_followed: bool) -> str:
    """The state of a slip in words; nobody waits any more for what a later slip of its chain followed."""
    return str(_("not answered")) if state == SlipState.ISSUED and is_followed else str(SlipState(state).label)


def slip_request(level: str, grounds: Iterable[Mapping[str, object]], *, today: date) -> str:
    """What a slip of this colour asks, where nobody has written it: suggested in the language that is active."""
    last = [reason_sentence(one, today=today) for one in grounds if str(one["code"]).startswith("slip_")]
    return str(SLIP_REQUESTS[level] % {"last": last[0] if last else ""})


def _completed(reason: Reason | Mapping[str, object], *, today: date) -> tuple[str, Values]:
    """The code of the sentence to use today, and what stands in it."""
    if isinstance(reason, Mapping):
        reason = Reason.from_json(reason)
    values = reason.values()
    complete = COMPLETED.get(reason.code)
    return reason.code if complete is None else complete(reason.code, values, today), values


def _fill(sentence: Sentence, values: Values) -> str:
    # Not str(sentence) first: a plural chooses its form from the values.
    return str(sentence % values)


def _tone(part: Part) -> str:
    return part.filter if part.filter in TONES else ""


def _with_until(code: str, values: Values, today: date) -> str:
    return "exempt_until" if "until" in values else code


def _with_issue(code: str, values: Values, today: date) -> str:
    return "awaiting_acceptance_since" if "issued_on" in values else code


def _days_since(name: str) -> Callable[[str, Values, date], str]:
    def complete(code: str, values: Values, today: date) -> str:
        values["days"] = (today - _day(values, name)).days
        return code

    return complete


def _forecast(code: str, values: Values, today: date) -> str:
    values["days"] = (_day(values, "forecast_on") - _day(values, "due_on")).days
    return code


def _progress(code: str, values: Values, today: date) -> str:
    _compare(values, Decimal(values["progress"]), Schedule.from_params(values).expected(today))
    return code


def _investment(code: str, values: Values, today: date) -> str:
    year = int(values["year"])
    facts = InvestmentFacts(year=year, planned_wan=Decimal(values["planned_wan"]), done_wan=Decimal(values["done_wan"]))
    _compare(values, facts.done_percent or Decimal(0), Schedule(year=year).expected(today))
    return code


def _compare(values: Values, done: Decimal, expected: Decimal | None) -> None:
    """Add progress, expected and the points between them, each to a tenth, so that the three agree as they are read."""
    shown = done.quantize(TENTH)
    values["progress"] = number(shown)
    if expected is not None:
        required = expected.quantize(TENTH)
        values["expected"] = number(required)
        values["behind"] = number(required - shown)


def _reading(code: str, values: Values, today: date) -> str:
    value, required, unit = Decimal(values["value"]), Decimal(values["required"]), str(values["unit"])
    values["value"] = quantity(number(value), unit)
    values["required"] = quantity(number(required.quantize(TENTH) if required % 1 else required), unit)
    values["gap"] = quantity(number(abs(required - value).quantize(TENTH)), unit)
    return "above_path" if code == "below_path" and value > required else code


def _slip(code: str, values: Values, today: date) -> str:
    values["slip"] = slip_number(int(values["year"]), int(values["number"]))
    return code


def _day(values: Values, name: str) -> date:
    return date.fromisoformat(str(values[name]))


# Codes whose sentence needs more than the stored parameters; each returns the code of the sentence to use.
COMPLETED: dict[str, Callable[[str, Values, date], str]] = {
    "exempt": _with_until,
    "awaiting_acceptance": _with_issue,
    "overdue": _days_since("due_on"),
    "milestone_overdue": _days_since("planned_on"),
    "forecast_late": _forecast,
    "progress_behind": _progress,
    "progress_on_time": _progress,
    "progress_known": _progress,
    "investment_behind": _investment,
    "investment_on_time": _investment,
    "below_path": _reading,
    "on_path": _reading,
    "target_reached": _reading,
    "slip_unanswered": _slip,
    "slip_promised": _slip,
}


# What a slip asks, by its colour. The last ground stands at its head from yellow on.
SLIP_REQUESTS: dict[str, Sentence] = {
    SlipLevel.BLUE: _(
        "The matter is past its due date and not reported done. Answer in writing in time: why it is late; what will"
        " be done, and who sees to it; by which day it will be done."
    ),
    SlipLevel.YELLOW: _(
        "%(last)s. The head of the department answers in writing in time: why nothing came of it; what is put right,"
        " and who sees to it; by which day it will be done."
    ),
    SlipLevel.RED: _(
        "%(last)s. This matter and all slips before this one are put before the leaders. The head of the department"
        " accounts for it in writing in time, and says what is put right and by which day it will be done."
    ),
}

# The questions that `rules.sanity` asks about unusual figures. They name the figure, then what is odd about it.
QUESTIONS: dict[str, Sentence] = {
    "progress_falls": _("Progress falls from %(before)s %% to %(now)s %%."),
    "unit_jump": _("The value of the indicator jumps from %(before)s to %(now)s; is the unit right?"),
    "money_jump": _("“%(name)s” jumps from %(before)s to %(now)s; is it in 10 000 yuan?"),
    "month_over_year": _(
        "The investment of the month (%(month)s) is larger than that since January (%(year)s), both in 10 000 yuan."
    ),
    "invested_falls": _("The investment since January falls from %(before)s to %(now)s (10 000 yuan)."),
    "invested_over_plan": _(
        "The investment since January (%(now)s) exceeds the year’s plan (%(planned)s, 10 000 yuan)."
    ),
    "share_over_all": _("“%(name)s” is %(now)s %%, more than the whole."),
    "share_falls": _("“%(name)s” falls from %(before)s %% to %(now)s %%."),
}
ASKED_FIGURES: dict[str, Sentence] = {
    "invested_month_wan": _("invested this month"),
    "invested_year_wan": _("invested since January"),
    "physical_percent": _("physical progress"),
    "work_percent": _("work volume"),
}


def question_sentence(question: Question) -> str:
    """The question about one figure, in the active language."""
    return str(QUESTIONS[question.code]) % {
        **dict(question.params),
        "name": ASKED_FIGURES.get(question.field, question.field),
    }
