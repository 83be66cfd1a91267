"""Quiet hours and the hour of the daily message."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.rules.hours import Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 6, 9)


@pytest.mark.parametrize(
    ("hour", "minute", "is_quiet"), [(7, 59, True), (8, 0, False), (19, 59, False), (20, 0, True), (0, 0, True)]
)
def test_nothing_is_sent_in_the_quiet_hours(hour: int, minute: int, is_quiet: bool) -> None:
    assert Hours().is_quiet(datetime(2026, 6, 9, hour, minute, tzinfo=SHANGHAI)) == is_quiet


@pytest.mark.parametrize(("wanted", "hour"), [(None, 9), (10, 10), (6, 8), (23, 17), (17, 17)])
def test_a_message_goes_out_at_the_persons_hour_or_the_sites_and_never_in_the_quiet_ones(
    wanted: int | None, hour: int
) -> None:
    hours = Hours(digest=9, quiet_from=18, quiet_until=8)
    assert hours.moment(TUESDAY, hour=wanted, zone=SHANGHAI) == datetime(2026, 6, 9, hour, tzinfo=SHANGHAI)


def test_quiet_hours_until_midnight_leave_the_evening() -> None:
    hours = Hours(digest=22, quiet_from=24, quiet_until=6)
    assert hours.moment(TUESDAY, hour=None, zone=SHANGHAI).hour == 22
    assert not hours.is_quiet(datetime(2026, 6, 9, 23, 59, tzinfo=SHANGHAI))
