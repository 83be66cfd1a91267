"""Why a light shows what it shows: a code and the facts its sentence needs. `tracker.wording` makes the sentence.

Parameters never hold what changes from day to day (days late, expected progress): they hold the dates and values from
which the wording computes it on the day of reading. So a stored reason stays true until the light's `recheck_on`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A code with its parameters, kept sorted by name so that a round trip through a JSON column changes nothing."""

    code: str
    params: tuple[tuple[str, str | int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", tuple(sorted(self.params)))

    @classmethod
    def of(cls, code: str, **params: str | int | Decimal | date | None) -> Self:
        """A reason from plain values: dates become ISO strings, decimals plain strings, None is left out."""
        return cls(code=code, params=tuple((key, _plain(value)) for key, value in params.items() if value is not None))

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read what `to_json` wrote. Raises ValueError for any other shape."""
        code, params = data.get("code"), data.get("params", {})
        if not isinstance(code, str) or not isinstance(params, Mapping):
            raise ValueError(f"not a reason: {data!r}")
        if not all(isinstance(key, str) and isinstance(value, str | int) for key, value in params.items()):
            raise ValueError(f"not the parameters of a reason: {params!r}")
        return cls(code=code, params=tuple(params.items()))

    def to_json(self) -> dict[str, object]:
        """The shape for a JSON column and the API: ``{"code": …, "params": {…}}``."""
        return {"code": self.code, "params": dict(self.params)}

    def values(self) -> dict[str, str | int]:
        """The parameters by name."""
        return dict(self.params)


def number(value: Decimal) -> str:
    """A decimal as plain digits without trailing zeros: ``262``, ``10.5``; never an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: str | int | Decimal | date) -> str | int:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
