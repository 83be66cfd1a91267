"""The thresholds of the lights: data with a version, never constants in the rules. Defaults are PRODUCT.md §5."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal, Self

Mode = Literal["points", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One version of the thresholds.

    ``…_at_risk`` is the first value that turns the light yellow. ``behind_off_track``, ``investment_off_track``,
    ``milestone_off_track_days`` and ``forecast_off_track_days`` are the last yellow value; above them it is red.
    ``missed_off_track`` is the first red count. ``path_…_percent``: red or yellow below this share of what is required.
    ``unaccepted_…``: full working days a department has; the light changes on the day after the last of them.
    """

    version: str
    # How lateness against the schedule is measured: percentage points, or percent of the expected progress.
    mode: Mode = "points"
    behind_at_risk: Decimal = Decimal(10)  # Yinchuan 2025
    behind_off_track: Decimal = Decimal(30)  # Yinchuan 2025
    milestone_off_track_days: int = 7
    forecast_off_track_days: int = 30
    missed_at_risk: int = 1
    missed_off_track: int = 3
    path_at_risk_percent: Decimal = Decimal(100)
    path_off_track_percent: Decimal = Decimal(90)
    investment_at_risk: Decimal = Decimal(10)  # Yinchuan 2025
    investment_off_track: Decimal = Decimal(30)  # Yinchuan 2025
    unaccepted_at_risk: int = 3
    unaccepted_off_track: int = 7

    def __post_init__(self) -> None:
        rising = (
            (self.behind_at_risk, self.behind_off_track),
            (self.investment_at_risk, self.investment_off_track),
            (self.path_off_track_percent, self.path_at_risk_percent),
            (self.missed_at_risk, self.missed_off_track),
            (self.unaccepted_at_risk, self.unaccepted_off_track),
        )
        if any(low > high for low, high in rising):
            raise ValueError("red would come before yellow")
        if self.missed_at_risk < 1 or self.unaccepted_at_risk < 1:
            raise ValueError("missed and unaccepted thresholds start at 1")

    @classmethod
    def from_json(cls, version: str, data: Mapping[str, object]) -> Self:
        """Read what `to_json` wrote. Raises ValueError for unknown or missing keys and for values of the wrong kind."""
        kinds = {item.name: item.type for item in fields(cls) if item.name != "version"}
        if data.keys() != kinds.keys():
            unknown, missing = sorted(data.keys() - kinds.keys()), sorted(kinds.keys() - data.keys())
            raise ValueError(f"rule set: unknown keys {unknown}, missing keys {missing}")
        days = {name: _whole(name, data[name]) for name, kind in kinds.items() if kind is int}
        points = {name: _decimal(name, data[name]) for name, kind in kinds.items() if kind is Decimal}
        return cls(version=version, mode=_mode(data["mode"]), **{**points, **days})  # type: ignore[arg-type]  # checked above, by kind

    def to_json(self) -> dict[str, int | float | str]:
        """Every threshold by name, for a JSON column; the version is a column of its own."""
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "version"}
        return {name: _json(value) for name, value in values.items()}


DEFAULT = RuleSet(version="default")


def _mode(value: object) -> Mode:
    if value == "points":
        return "points"
    if value == "ratio":
        return "ratio"
    raise ValueError(f"mode is points or ratio, not {value!r}")


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is a whole number from 0, not {value!r}")
    return value


def _decimal(name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        raise ValueError(f"{name} is a number from 0 to 1000, not {value!r}")
    return Decimal(str(value))


def _json(value: Decimal | int | str) -> int | float | str:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
