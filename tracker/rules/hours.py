"""The hours of a day at which messages may go out. Pure; wall-clock times of the site's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the daily message goes out (`digest`), and the quiet hours: `quiet_from` to `quiet_until` next day."""

    digest: int = 8
    quiet_from: int = 20
    quiet_until: int = 8

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing is sent at this local time."""
        return not self.quiet_until <= at.hour < self.quiet_from

    def clipped(self, hour: int) -> int:
        """The hour, or the nearest one that is not quiet."""
        return min(max(hour, self.quiet_until), self.quiet_from - 1)

    def moment(self, day: date, *, hour: int | None, zone: tzinfo) -> datetime:
        """When a message of this day goes out to somebody who wants it at `hour` (None: at the site's hour)."""
        return datetime.combine(day, time(self.clipped(self.digest if hour is None else hour)), tzinfo=zone)
