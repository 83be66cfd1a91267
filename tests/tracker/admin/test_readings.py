"""Readings: reported and verified side by side, their gap in words, and the light that follows the verified one."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.errors import DomainError
from projects.models import Reading
from tests.factories import TODAY, make_commitment, make_indicator, make_reading, make_target
from tracker.actions import readings
from tracker.choices import Health
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event

LIST = "/admin/projects/reading/"
YEAR: dict[str, Any] = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}


@pytest.mark.parametrize(
    ("reported", "verified", "absolute", "percent"),
    [
        ("262", "250", "12", "4.8"),
        ("250", "250", "0", "0.0"),
        ("-5", "-4", "-1", "-25.0"),
        ("3", "0", "3", None),
    ],
)
def test_a_gap_is_reported_less_verified_as_a_share_of_the_verified(reported, verified, absolute, percent):
    found = facts.gap(reported=Decimal(reported), verified=Decimal(verified))
    assert found is not None
    assert (found.absolute, found.percent) == (Decimal(absolute), None if percent is None else Decimal(percent))


def test_there_is_no_gap_where_a_value_is_unknown():
    assert facts.gap(reported=None, verified=Decimal(1)) is None
    assert facts.gap(reported=Decimal(1), verified=None) is None


def three_readings() -> None:
    indicator = make_indicator()
    for year, reported, verified in ((2023, 201, 201), (2024, 262, 250), (2025, 300, None)):
        Reading.objects.create(
            indicator=indicator, period_start=date(year, 1, 1), period_end=date(year, 12, 31),
            reported=reported, verified=verified, source="公示",
        )  # fmt: skip


def test_the_list_says_in_words_where_the_two_differ(browser):
    three_readings()
    client = browser("chen")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(LIST).content.decode()
    assert "+12" in page
    assert "+4.8 %" in page
    assert re.search(r"field-gap_shown\">\s*<span class=\"quiet\">not verified yet", page)
    assert re.search(r"field-gap_shown\">\s*agree", page)


@pytest.mark.parametrize(("compared", "year"), [("differs", 2024), ("unverified", 2025), ("agrees", 2023)])
def test_the_list_narrows_to_what_differs_or_waits(compared, year, browser):
    three_readings()
    page = browser("chen").get(f"{LIST}?compared={compared}")
    assert [row.period_end.year for row in page.context["cl"].result_list] == [year]


def test_the_list_asks_no_more_for_many_readings(browser):
    client = browser("chen")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    make_reading(make_indicator("a"), 2020, Decimal(1))
    asked()
    few = asked()
    for number in range(20):
        make_reading(make_indicator(f"b-{number}"), 2020, Decimal(1))
    assert asked() == few


def test_the_office_verifies_and_the_light_follows_the_verified_value(cast, browser):
    indicator = make_indicator()
    item = make_commitment("C-1", department=cast.science, due_on=date(2026, 12, 31))
    make_reading(indicator, 2023, Decimal(201))
    make_target(item, indicator)  # at least 30 % over 2023, so 262
    chen = cast.actor("chen")
    told = readings.record(indicator, **YEAR, reported=Decimal(262), by=chen, today=TODAY)
    item.refresh_from_db()
    assert item.health_reasons[0]["code"] == "target_reached"
    answer = browser("chen").post(
        f"{LIST}{told.pk}/change/", {"reported": "262", "verified": "200", "source": "统计局核定"}
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.health == Health.OFF_TRACK
    assert item.health_reasons[0]["code"] == "below_path"
    told.refresh_from_db()
    assert (told.reported, told.verified, told.source) == (Decimal(262), Decimal(200), "统计局核定")
    event = Event.objects.filter(kind=EventKind.READING_RECORDED).latest("seq")
    assert event.changes == {"verified": [None, "200"], "source": ["", "统计局核定"]}
    assert event.actor == cast.chen


def test_the_same_value_twice_is_told_once(cast):
    indicator, chen = make_indicator(), cast.actor("chen")
    for _time in range(2):
        readings.record(indicator, **YEAR, verified=Decimal(5), source="年鉴", by=chen, today=TODAY)
    assert Event.objects.filter(kind=EventKind.READING_RECORDED).count() == 1


@pytest.mark.parametrize("name", ["lin", "wu"])
def test_departments_and_leaders_record_no_readings(name, cast):
    with pytest.raises(DomainError) as refusal:
        readings.record(make_indicator(), **YEAR, reported=Decimal(5), by=cast.actor(name), today=TODAY)
    assert refusal.value.code == "not_allowed"
    assert not Reading.objects.exists()
    assert not Commitment.objects.exists()
