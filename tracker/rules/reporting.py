"""Whether a report may be handed in, what it must say, who may review it. Pure checks; each raises a DomainError."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from projects.errors import DomainError
from tracker.choices import OPEN_REPORT_STATES, REPORTABLE_STAGES, ReportState, Stage
from tracker.rules.periods import Period

# 万元 typed as 元 or the other way round is a jump of 10 000 times; half of it leaves room for what really changed.
UNIT_JUMP = Decimal(5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeValues:
    """A project's three quantities 三量, and where it stands. None and "" say nothing; shares may exceed 100 %."""

    invested_month_wan: Decimal | None = None
    invested_year_wan: Decimal | None = None
    physical_percent: Decimal | None = None
    work_percent: Decimal | None = None
    stage: str = ""
    in_statistics: bool | None = None
    in_statistics_on: date | None = None

    @property
    def says_something(self) -> bool:
        return any(getattr(self, field.name) not in {None, ""} for field in fields(self))

    @property
    def has_figures(self) -> bool:
        """Whether a quantity is given; the stage and the registration are no quantities."""
        return any(getattr(self, name) is not None for name in QUANTITIES)


QUANTITIES = ("invested_month_wan", "invested_year_wan", "physical_percent", "work_percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues:
    """What a report says. Empty text and None say nothing; ``is_no_change`` says that nothing changed.

    ``volumes`` are asked of projects only. ``doubts_answer`` says why an unusual figure is right (`rules.sanity`).
    """

    done: str = ""
    problems: str = ""
    next_steps: str = ""
    is_no_change: bool = False
    progress: Decimal | None = None
    value: Decimal | None = None
    forecast_on: date | None = None
    volumes: VolumeValues | None = None
    doubts_answer: str = ""


def check_edit(state: ReportState) -> None:
    """Raise ``report_not_open`` unless a report in this state may be changed by its department."""
    if state not in OPEN_REPORT_STATES:
        raise DomainError("report_not_open")


def check_submit(state: ReportState, *, period: Period, today: date, stage: Stage, takes_late: bool = False) -> None:
    """Raise unless a report in this state may be handed in today, for this period, of a commitment in this stage.

    Codes: ``report_not_open``, ``stage_not_reportable``, ``period_not_open``, ``period_closed``. A returned report may
    come back after its period closed: it was handed in before. ``takes_late`` says that the closed period is one of
    those that may still be reported, marked late.
    """
    check_edit(state)
    if stage not in REPORTABLE_STAGES:
        raise DomainError("stage_not_reportable", stage=Stage(stage).label)
    if today < period.opens_on:
        raise DomainError("period_not_open", field="period", opens_on=period.opens_on.isoformat())
    if period.is_late(today) and not takes_late and state != ReportState.RETURNED:
        raise DomainError("period_closed", field="period", closed_on=period.closes_on.isoformat())


def check_values(
    values: ReportValues, *, today: date, takes_progress: bool = True, takes_volumes: bool = False
) -> None:
    """Raise unless the report says something, and something possible.

    ``takes_progress`` is false for red lines, which are kept or broken (PRODUCT.md §4); ``takes_volumes`` is true for
    projects. Codes: ``report_empty``, ``no_change_with_figures``, ``progress_not_asked``, ``progress_out_of_range``,
    ``no_change_with_words``, ``forecast_passed``, and those of `check_volumes`. Beside "nothing changed" may stand what
    still stands in the way and what comes next, for these can be said again.
    """
    if not (values.is_no_change or _says_something(values)):
        raise DomainError("report_empty")
    has_figures = values.volumes is not None and values.volumes.has_figures
    if values.is_no_change and (has_figures or any(one is not None for one in (values.progress, values.value))):
        raise DomainError("no_change_with_figures", field="is_no_change")
    if values.is_no_change and values.done.strip():
        raise DomainError("no_change_with_words", field="is_no_change")
    if values.progress is not None and not takes_progress:
        raise DomainError("progress_not_asked", field="progress")
    if values.progress is not None and not 0 <= values.progress <= 100:
        raise DomainError("progress_out_of_range", field="progress")
    if values.forecast_on is not None and values.forecast_on < today:
        raise DomainError("forecast_passed", field="forecast_on")
    if values.volumes is not None and values.volumes.says_something:
        check_volumes(values.volumes, today=today, takes_volumes=takes_volumes)


def check_no_change(values: ReportValues, *, has_earlier: bool) -> None:
    """Raise ``nothing_to_compare`` where nothing changed since a report that was never handed in.

    ``has_earlier``: a report on an earlier period was handed in and stands.
    """
    if values.is_no_change and not has_earlier:
        raise DomainError("nothing_to_compare", field="is_no_change")


def check_volumes(volumes: VolumeValues, *, today: date, takes_volumes: bool) -> None:
    """Raise unless these quantities are asked for and possible; what is only unusual is questioned (`rules.sanity`).

    Codes: ``volumes_not_asked``, ``volumes_negative``, ``statistics_without_yes``, ``statistics_in_the_future``.
    """
    if not takes_volumes:
        raise DomainError("volumes_not_asked", field="volumes")
    for name in QUANTITIES:
        quantity = getattr(volumes, name)
        if quantity is not None and quantity < 0:
            raise DomainError("volumes_negative", field=name)
    if volumes.in_statistics_on is not None and volumes.in_statistics is not True:
        raise DomainError("statistics_without_yes", field="in_statistics_on")
    if volumes.in_statistics_on is not None and volumes.in_statistics_on > today:
        raise DomainError("statistics_in_the_future", field="in_statistics_on")


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
    is_written = any(text.strip() for text in texts) or any(number is not None for number in numbers)
    return is_written or (values.volumes is not None and values.volumes.says_something)


def check_contribution(*, text: str, is_no_change: bool, is_handed_in: bool) -> None:
    """Raise unless a contribution says something and the lead has not handed its report in yet.

    Codes: ``contribution_empty``, ``contribution_closed``.
    """
    if is_handed_in:
        raise DomainError("contribution_closed")
    if not text.strip() and not is_no_change:
        raise DomainError("contribution_empty", field="text")
