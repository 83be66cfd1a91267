"""Whether a report may be handed in, what it must say, who may review it. Pure checks; each raises a DomainError."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.errors import DomainError
from tracker.choices import OPEN_REPORT_STATES, REPORTABLE_STAGES, ReportState, Stage
from tracker.rules.periods import Period

# 万元 typed as 元 or the other way round is a jump of 10 000 times; half of it leaves room for what really changed.
UNIT_JUMP = Decimal(5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues:
    """What a report says. Empty text and None say nothing; ``is_no_change`` says that nothing changed."""

    done: str = ""
    problems: str = ""
    next_steps: str = ""
    is_no_change: bool = False
    progress: Decimal | None = None
    value: Decimal | None = None
    forecast_on: date | None = None


def check_edit(state: ReportState) -> None:
    """Raise ``report_not_open`` unless a report in this state may be changed by its department."""
    if state not in OPEN_REPORT_STATES:
        raise DomainError("report_not_open")


def check_submit(state: ReportState, *, period: Period, today: date, stage: Stage) -> None:
    """Raise unless a report in this state may be handed in today, for this period, of a commitment in this stage.

    Codes: ``report_not_open``, ``stage_not_reportable``, ``period_not_open``, ``period_closed``. A returned report may
    come back after its period closed: it was handed in before.
    """
    check_edit(state)
    if stage not in REPORTABLE_STAGES:
        raise DomainError("stage_not_reportable", stage=Stage(stage).label)
    if today < period.opens_on:
        raise DomainError("period_not_open", field="period", opens_on=period.opens_on.isoformat())
    if today > period.closes_on and state != ReportState.RETURNED:
        raise DomainError("period_closed", field="period", closed_on=period.closes_on.isoformat())


def check_values(values: ReportValues, *, today: date, takes_progress: bool = True) -> None:
    """Raise unless the report says something, and something possible.

    ``takes_progress`` is false for red lines, which are kept or broken (PRODUCT.md §4). Codes: ``report_empty``,
    ``no_change_with_figures``, ``progress_not_asked``, ``progress_out_of_range``, ``forecast_passed``.
    """
    if not (values.is_no_change or _says_something(values)):
        raise DomainError("report_empty")
    if values.is_no_change and any(number is not None for number in (values.progress, values.value)):
        raise DomainError("no_change_with_figures", field="is_no_change")
    if values.progress is not None and not takes_progress:
        raise DomainError("progress_not_asked", field="progress")
    if values.progress is not None and not 0 <= values.progress <= 100:
        raise DomainError("progress_out_of_range", field="progress")
    if values.forecast_on is not None and values.forecast_on < today:
        raise DomainError("forecast_passed", field="forecast_on")


def check_review(state: ReportState, *, author_id: int, reviewer_id: int | None) -> None:
    """Raise unless the report waits for review and the reviewer is not its author. Reviewer None is the system.

    Codes: ``report_not_submitted``, ``own_report``.
    """
    if state != ReportState.SUBMITTED:
        raise DomainError("report_not_submitted")
    if reviewer_id == author_id:
        raise DomainError("own_report")


def check_return(state: ReportState, *, author_id: int, reviewer_id: int | None, reason: str) -> None:
    """Raise unless the report may be reviewed by the reviewer and the return says why (``reason_needed``)."""
    check_review(state, author_id=author_id, reviewer_id=reviewer_id)
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")


def is_unit_jump(value: Decimal, *, previous: Decimal | None) -> bool:
    """Whether a value differs from the one before by so much that its unit is in doubt (PRODUCT.md §4, rule 10)."""
    if previous is None or previous == 0 or value == 0:
        return False
    ratio = abs(value / previous)
    return ratio >= UNIT_JUMP or ratio <= 1 / UNIT_JUMP


def _says_something(values: ReportValues) -> bool:
    texts = (values.done, values.problems, values.next_steps)
    numbers = (values.progress, values.value, values.forecast_on)
    return any(text.strip() for text in texts) or any(number is not None for number in numbers)
