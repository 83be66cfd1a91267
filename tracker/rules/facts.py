"""What is known about a commitment on a day, gathered by the caller. No rules here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.choices import Kind, Stage, VerificationFinding
from tracker.rules.periods import ReportingFacts
from tracker.rules.progress import InvestmentFacts, MilestoneFacts
from tracker.rules.targets import TargetFacts
from tracker.rules.workdays import STANDARD, Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentFacts:
    """Everything a light is computed from. None is unknown; it is not zero, not green, not late (PRODUCT.md §4).

    Args:
        due_on: the original date, or the one an approved exemption puts in its place; the caller decides.
        exempt_until: last day of an exemption; None while exempt: without end.
        progress: percent, 0 to 100, as reported and accepted; None falls back to the reached weights of milestones.
        red_line_broken_on: the day from which a red line is broken.
        unconfirmed: the latest verification's finding, while it stands: not confirmed, or in part, and no report was
            accepted since. None: nobody looked, or what was found is in order. `unconfirmed_on` is its day.
        calendar: the working days, with what the office has entered of them.
    """

    kind: Kind = Kind.ACTION
    stage: Stage = Stage.IN_PROGRESS
    is_continuous: bool = False
    is_red_line: bool = False
    red_line_broken_on: date | None = None
    starts_on: date | None = None
    due_on: date | None = None
    forecast_on: date | None = None
    issued_on: date | None = None
    exempt_until: date | None = None
    progress: Decimal | None = None
    milestones: tuple[MilestoneFacts, ...] = ()
    targets: tuple[TargetFacts, ...] = ()
    reporting: ReportingFacts = field(default_factory=ReportingFacts)
    investment: InvestmentFacts | None = None
    unconfirmed: VerificationFinding | None = None
    unconfirmed_on: date | None = None
    calendar: Calendar = STANDARD
