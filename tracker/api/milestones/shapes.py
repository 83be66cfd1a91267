"""How rows of `queries.milestones` become JSON."""

from collections.abc import Callable
from datetime import date

from tracker.api.rows import Json, matter
from tracker.queries.milestones import Row


def milestone(*, today: date) -> Callable[[Row], Json]:
    """A function that shapes one row."""

    def shape(row: Row) -> Json:
        (_pk, _day, code, title, health, name, planned_on, forecast_on, actual_on, weight, is_demo, revision) = row
        return {
            "name": name,
            "planned_on": planned_on,
            "forecast_on": forecast_on,
            "actual_on": actual_on,
            "weight": None if weight is None else float(weight),
            "is_demo": is_demo,
            "commitment": matter(code, title),
            "health": health,
            "is_overdue": actual_on is None and planned_on is not None and planned_on < today,
            "revision": revision,
        }

    return shape
