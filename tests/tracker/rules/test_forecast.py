"""The forecast of a target: its own paces carried on, a band only where there are two of them, silence without one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.rules.make import ENTERPRISES
from tracker.choices import Comparator
from tracker.rules import forecast as forecasts
from tracker.rules.forecast import forecast
from tracker.rules.targets import TargetFacts

TODAY = date(2026, 11, 22)
DUE = date(2026, 12, 31)


def read(*values: tuple[date, str], **changes: object) -> TargetFacts:
    """201 at the end of 2023, 262 wanted at the end of 2026, and these readings."""
    points = tuple((day, Decimal(value)) for day, value in values)
    known: dict[str, object] = {
        "readings": points,
        "latest_on": points[-1][0] if points else None,
        "latest_value": points[-1][1] if points else None,
        "due_on": DUE,
    }
    return replace(ENTERPRISES, **{**known, **changes})  # type: ignore[arg-type]  # a table of fields


STEADY = read((date(2024, 12, 31), "211"), (date(2025, 12, 31), "222"))


def test_an_even_pace_goes_on_evenly() -> None:
    found = forecast(STEADY, today=TODAY)
    assert found is not None
    assert (found.on, found.middle) == (DUE, Decimal(233))


def test_the_band_reaches_from_the_slowest_year_to_the_fastest() -> None:
    found = forecast(read((date(2024, 12, 31), "203"), (date(2025, 12, 31), "223.3")), today=TODAY)
    assert found is not None
    assert (found.low, found.middle, found.high) == (Decimal(226), Decimal(235), Decimal(246))


def test_one_stretch_has_a_pace_and_no_band() -> None:
    found = forecast(read((date(2024, 12, 31), "221.1")), today=TODAY)
    assert found is not None
    assert found.low == found.middle == found.high == Decimal(267)
    assert not found.has_band


def test_a_reading_within_the_year_is_compared_with_the_one_about_a_year_before() -> None:
    quarters = read((date(2024, 12, 31), "211"), (date(2025, 12, 31), "222"), (date(2026, 3, 31), "244"))
    found = forecast(quarters, today=TODAY)
    assert found is not None
    # The quarter's jump of a tenth counts as the growth since the end of 2024, not as a tenth in every quarter.
    assert found.high == Decimal(266)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (read(), "no reading"),
        (read((date(2024, 6, 30), "210")), "readings too close together"),
        (read((date(2025, 12, 31), "222"), due_on=None), "no due date"),
        (read((date(2025, 12, 31), "222"), due_on=date(2026, 6, 30)), "the due date has passed"),
        (read((date(2026, 12, 31), "250")), "the last reading is of the due date"),
        (read((date(2025, 12, 31), "222"), base_value=None), "one value alone"),
        (read((date(2024, 12, 31), "211"), due_on=date(2031, 12, 31)), "too far ahead for one year of readings"),
        (read((date(2025, 12, 31), "222"), due_on=date.max), "the end of the calendar"),
        (
            read((date(2024, 12, 31), "99999999999999"), base_value=Decimal("0.0001")),
            "a growth that no reading could hold",
        ),
    ],
)
def test_without_a_pace_nothing_is_forecast(facts: TargetFacts, why: str) -> None:
    assert forecast(facts, today=TODAY) is None, why


def test_a_value_that_is_not_positive_goes_on_in_a_line() -> None:
    facts = read((date(2025, 12, 31), "10"), base_value=Decimal(-10), unit="亿元")
    found = forecast(facts, today=TODAY)
    assert found is not None
    assert found.middle == Decimal(20)


def test_a_share_of_a_whole_never_leaves_it() -> None:
    facts = read((date(2025, 12, 31), "95"), base_value=Decimal(40), unit="%", comparator=Comparator.AT_LEAST)
    found = forecast(facts, today=TODAY)
    assert found is not None
    assert found.high == Decimal(100)


def test_it_is_as_exact_as_the_readings_and_whole_where_things_are_counted() -> None:
    money = forecast(read((date(2025, 12, 31), "222.5"), unit="亿元"), today=TODAY)
    assert money is not None
    assert money.middle == Decimal("234.1")
    assert forecast(read((date(2025, 12, 31), "222.5")), today=TODAY) == replace(
        money, low=Decimal(234), middle=Decimal(234), high=Decimal(234)
    )


def test_readings_before_the_base_do_not_count() -> None:
    assert forecast(replace(STEADY, readings=((date(2022, 12, 31), Decimal(1)), *STEADY.readings)), today=TODAY) == (
        forecast(STEADY, today=TODAY)
    )


@pytest.mark.parametrize(
    ("facts", "value", "short"),
    [
        (ENTERPRISES, 246, 16),
        (ENTERPRISES, 262, 0),
        (ENTERPRISES, 270, -8),
        (replace(ENTERPRISES, comparator=Comparator.AT_MOST, value=Decimal(40), growth_percent=None), 43, 3),
        (replace(ENTERPRISES, base_value=None), 246, None),
    ],
)
def test_what_is_missing_is_measured_in_the_direction_of_the_goal(
    facts: TargetFacts, value: int, short: int | None
) -> None:
    found = forecasts.short_of_goal(facts, Decimal(value))
    assert found == (None if short is None else Decimal(short))


VALUES = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


@given(
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 11, 22)), VALUES), max_size=8),
    VALUES,
    st.dates(date(2024, 1, 1), date.max),
)
def test_whatever_was_read_the_band_holds_its_middle(
    readings: list[tuple[date, Decimal]], base: Decimal, due: date
) -> None:
    ordered = tuple(sorted(readings))
    facts = replace(
        ENTERPRISES,
        base_value=base,
        due_on=due,
        readings=ordered,
        latest_on=ordered[-1][0] if ordered else None,
        latest_value=ordered[-1][1] if ordered else None,
    )
    found = forecast(facts, today=TODAY)
    if found is not None:
        assert found.low <= found.middle <= found.high
        assert found.on == due
