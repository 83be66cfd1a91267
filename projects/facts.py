"""What follows from the catalogue's values, without a database: how far a reported value lies from the verified one."""

from dataclasses import dataclass
from decimal import Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Reported minus verified. `percent` is of the verified value, to a tenth; None where that is zero."""

    absolute: Decimal
    percent: Decimal | None


def gap(*, reported: Decimal | None, verified: Decimal | None) -> Gap | None:
    """How far the reported value lies from the verified one; None unless both are known."""
    if reported is None or verified is None:
        return None
    absolute = reported - verified
    percent = (absolute * 100 / abs(verified)).quantize(TENTH) if verified else None
    return Gap(absolute=absolute, percent=percent)
