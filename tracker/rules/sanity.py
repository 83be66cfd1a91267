"""Questions about unusual figures. Pure: they ask for a reason and block nothing (PRODUCT.md §4, rule 10).

Give it what the report says and what is known; get back questions, each a code, the field in doubt and the figures of
its sentence. `tracker.wording` makes the sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from tracker.rules.reasons import number
from tracker.rules.reporting import ReportValues, VolumeValues, is_unit_jump

ALL = Decimal(100)
SHARES = ("physical_percent", "work_percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One figure in doubt. ``params`` are plain digits by name, sorted, so that they survive a JSON column."""

    code: str
    field: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, field: str, **params: Decimal) -> Self:
        return cls(code=code, field=field, params=tuple(sorted((key, number(value)) for key, value in params.items())))

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read what `to_json` wrote. Raises ValueError for any other shape."""
        code, field, params = data.get("code"), data.get("field"), data.get("params", {})
        if not (isinstance(code, str) and isinstance(field, str) and isinstance(params, Mapping)):
            raise ValueError(f"not a question: {data!r}")
        return cls(
            code=code, field=field, params=tuple(sorted((str(key), str(value)) for key, value in params.items()))
        )

    def to_json(self) -> dict[str, object]:
        """The shape for a JSON column and the API."""
        return {"code": self.code, "field": self.field, "params": dict(self.params)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What stood before this report; None is unknown and raises no question.

    Args:
        progress: as last accepted.
        value: the indicator's value in the last report that gave one.
        volumes: of the last report handed in before this one, of any year.
        volumes_are_of_this_year: whether that report is of the same year, so that its cumulative sum still counts.
        planned_wan: the year's planned investment, of the report's own year.
    """

    progress: Decimal | None = None
    value: Decimal | None = None
    volumes: VolumeValues | None = None
    volumes_are_of_this_year: bool = False
    planned_wan: Decimal | None = None


def questions(said: ReportValues, known: Known) -> tuple[Question, ...]:
    """The figures that need a word, in the order of the form's fields; empty when nothing is unusual."""
    found = [*_about_progress(said, known)]
    if said.volumes is not None:
        before = known.volumes or VolumeValues()
        found += _about_money(said.volumes, before, known)
        found += _about_shares(said.volumes, before)
    return tuple(found)


def _about_progress(said: ReportValues, known: Known) -> Iterator[Question]:
    if said.progress is not None and known.progress is not None and said.progress < known.progress:
        yield Question.of("progress_falls", "progress", now=said.progress, before=known.progress)
    if said.value is not None and known.value is not None and is_unit_jump(said.value, previous=known.value):
        yield Question.of("unit_jump", "value", now=said.value, before=known.value)


def _about_money(said: VolumeValues, before: VolumeValues, known: Known) -> Iterator[Question]:
    month, year, planned = said.invested_month_wan, said.invested_year_wan, known.planned_wan
    last_month = before.invested_month_wan
    if month is not None and last_month is not None and is_unit_jump(month, previous=last_month):
        yield Question.of("money_jump", "invested_month_wan", now=month, before=last_month)
    if month is not None and year is not None and month > year:
        yield Question.of("month_over_year", "invested_month_wan", month=month, year=year)
    if year is None:
        return
    last = before.invested_year_wan if known.volumes_are_of_this_year else None
    if last is not None and is_unit_jump(year, previous=last):
        yield Question.of("money_jump", "invested_year_wan", now=year, before=last)
    elif last is not None and year < last:
        yield Question.of("invested_falls", "invested_year_wan", now=year, before=last)
    if planned is not None and planned > 0 and year > planned:
        yield Question.of("invested_over_plan", "invested_year_wan", now=year, planned=planned)


def _about_shares(said: VolumeValues, before: VolumeValues) -> Iterator[Question]:
    for name in SHARES:
        now, last = getattr(said, name), getattr(before, name)
        if now is not None and now > ALL:
            yield Question.of("share_over_all", name, now=now)
        if now is not None and last is not None and now < last:
            yield Question.of("share_falls", name, now=now, before=last)
