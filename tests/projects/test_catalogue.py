"""The catalogue's actions: twice is once, what contradicts itself is refused, the clock counts visible changes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.actions import catalogue, clock
from projects.choices import Direction, Frequency, Grade, InitiativeKind, JurisdictionLevel
from projects.errors import DomainError
from projects.models import (
    Designation,
    Indicator,
    Initiative,
    Jurisdiction,
    ParkDetails,
    PlatformDetails,
    Reading,
    SyncClock,
)
from tests.factories import make_indicator, make_initiative, make_jurisdiction

pytestmark = pytest.mark.django_db
YEAR: dict[str, Any] = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}


def rev() -> int:
    return SyncClock.objects.get().rev


def test_the_same_facts_twice_are_entered_once() -> None:
    def all_of_it() -> None:
        city = catalogue.set_jurisdiction("511300", name="南充市", level=JurisdictionLevel.CITY, parent=None, order=1)
        county = catalogue.set_jurisdiction(
            "511321", name="南部县", level=JurisdictionLevel.COUNTY, parent=city, order=2
        )
        park = catalogue.set_initiative(
            "PARK", name="园区", kind=InitiativeKind.PARK, jurisdiction=city, grade=Grade.PROVINCIAL, counties=(county,)
        )
        catalogue.set_initiative("LAB", name="实验室", kind=InitiativeKind.PLATFORM, grade=Grade.NATIONAL)
        catalogue.aim_at(park, title="国家级园区", grade=Grade.NATIONAL)
        catalogue.set_indicator(
            "x", name="指标", definition="", unit="家", direction=Direction.UP, frequency=Frequency.YEAR, source=""
        )
        catalogue.record_reading(Indicator.objects.get(), **YEAR, verified=Decimal(7), source="名单")

    all_of_it()
    tables = (Jurisdiction, Initiative, ParkDetails, PlatformDetails, Designation, Indicator, Reading)
    before = [list(table.objects.order_by("pk").values()) for table in tables], rev()
    all_of_it()
    assert ([list(table.objects.order_by("pk").values()) for table in tables], rev()) == before


def test_a_corrected_fact_gets_a_later_revision() -> None:
    first = catalogue.set_initiative("X", name="旧名", kind=InitiativeKind.PROJECT)
    second = catalogue.set_initiative("X", name="新名", kind=InitiativeKind.PROJECT)
    assert (second.pk, second.name) == (first.pk, "新名")
    assert second.revision > first.revision


def test_a_renamed_place_is_told_to_whoever_keeps_pages() -> None:
    make_jurisdiction()
    before = rev()
    catalogue.set_jurisdiction("511300", name="南充", level=JurisdictionLevel.CITY, parent=None, order=0)
    assert rev() == before + 1


@pytest.mark.parametrize(
    ("code", "field", "given"),
    [
        ("reading_period_order", "period_end", {"period_end": date(2023, 12, 31), "reported": Decimal(1)}),
        ("reading_without_value", "reported", {}),
        ("reading_without_source", "source", {"verified": Decimal(1)}),
    ],
)
def test_a_reading_that_says_nothing_or_backwards_is_refused(code: str, field: str, given: dict[str, Any]) -> None:
    indicator = make_indicator()
    with pytest.raises(DomainError) as refusal:
        catalogue.record_reading(indicator, **(YEAR | given))
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert str(refusal.value)
    assert not Reading.objects.exists()


def test_reported_and_verified_stand_side_by_side() -> None:
    indicator = make_indicator()
    catalogue.record_reading(indicator, **YEAR, reported=Decimal(230))
    reading = catalogue.record_reading(indicator, **YEAR, verified=Decimal(214), source="省厅")
    assert (reading.reported, reading.verified, reading.source) == (Decimal(230), Decimal(214), "省厅")
    assert Reading.objects.count() == 1


def test_a_demonstration_value_never_takes_the_place_of_a_real_one() -> None:
    indicator = make_indicator()
    catalogue.record_reading(indicator, **YEAR, reported=Decimal(214), source="真")
    catalogue.record_reading(indicator, **YEAR, reported=Decimal(999), source="演示", is_demo=True)
    reading = Reading.objects.get()
    assert (reading.reported, reading.source, reading.is_demo) == (Decimal(214), "真", False)


def test_a_real_value_takes_the_place_of_all_of_a_demonstration_one() -> None:
    indicator = make_indicator()
    catalogue.record_reading(indicator, **YEAR, verified=Decimal(999), source="演示", is_demo=True)
    catalogue.record_reading(indicator, **YEAR, reported=Decimal(214))
    reading = Reading.objects.get()
    assert (reading.reported, reading.verified, reading.source, reading.is_demo) == (Decimal(214), None, "", False)


def test_one_tick_serves_all_that_changed_together() -> None:
    rows = [make_initiative(), make_initiative(), make_indicator()]
    before = rev()
    assert clock.stamp_all(rows) == before + 1
    assert {row.revision for row in rows} == {before + 1}
    assert set(Initiative.objects.values_list("revision", flat=True)) == {before + 1}


def test_the_clock_begins_by_itself_when_its_row_is_gone() -> None:
    SyncClock.objects.all().delete()
    assert clock.tick() == 1
    assert clock.tick() == 2
