"""Milestones of the commitments in sight, by the day they are planned for."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextChoices, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.models import Milestone

COLUMNS = (
    "pk", "by_day", "commitment__code", "commitment__title", "commitment__health", "name", "planned_on", "forecast_on",
    "actual_on", "weight", "is_demo", "revision",
)  # fmt: skip
# Where what has no planned day stands: behind all that have one.
NEVER = date.max
Row = tuple[Any, ...]


class State(TextChoices):
    """What a list of milestones is narrowed by: not reached; not reached and its day has passed; reached."""

    OPEN = "open", pgettext_lazy("milestone", "not reached")
    OVERDUE = "overdue", _("overdue")
    REACHED = "reached", pgettext_lazy("milestone", "reached")


def in_state(state: State, *, today: date) -> Q:
    """The condition on milestones."""
    if state == State.REACHED:
        return Q(actual_on__isnull=False)
    is_open = Q(actual_on__isnull=True)
    return is_open & Q(planned_on__lt=today) if state == State.OVERDUE else is_open


def rows(found: QuerySet[Milestone], *, after: str | None, limit: int) -> list[Row]:
    """Up to `limit` rows of COLUMNS, the earliest planned day first, behind the place of a row. One query."""
    found = found.annotate(by_day=Coalesce("planned_on", Value(NEVER)))
    if after is not None:
        day, _dot, pk = after.partition(".")
        on = date.fromisoformat(day)
        found = found.filter(Q(by_day__gt=on) | Q(by_day=on, pk__gt=int(pk)))
    return list(found.order_by("by_day", "pk").values_list(*COLUMNS)[:limit])


def place(row: Row) -> str:
    """Where a row of COLUMNS stands in the list."""
    pk, by_day = row[:2]
    return f"{by_day.isoformat()}.{pk}"
