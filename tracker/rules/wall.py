"""Which screens the wall shows, in which order. Pure.

The overview, then the late matters, then those that will be late, a few to a screen; earliest date first and not
without end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.choices import Health

OVERVIEW, LATE, RISK = "overview", "late", "risk"
SHOWN = {LATE: Health.OFF_TRACK, RISK: Health.AT_RISK}
ROWS = 7  # to a screen, readable from the back of a room
MOST_PAGES = 4  # of one list: then the wall comes back to the overview and says how many are left
DEFAULT_MINUTES, MOST_MINUTES = 1, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen. `page` counts from 1 within its list."""

    name: str
    page: int = 1

    @property
    def first_row(self) -> int:
        return (self.page - 1) * ROWS


def screens(counts: Mapping[Health, int]) -> list[Screen]:
    """Every screen of one plan; a list without rows has none."""
    found = [Screen(name=OVERVIEW)]
    for name, light in SHOWN.items():
        pages = min(MOST_PAGES, -(-counts.get(light, 0) // ROWS))
        found += [Screen(name=name, page=page) for page in range(1, pages + 1)]
    return found


def minutes(asked: int) -> int:
    """How long a screen stands: 0 for ever, otherwise 1 to MOST_MINUTES."""
    return max(0, min(asked, MOST_MINUTES))
