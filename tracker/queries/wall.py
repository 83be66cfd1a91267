"""What a screen of the wall shows. A fixed number of queries, whatever the rows."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F

from tracker import policies
from tracker.choices import Health
from tracker.models import Plan
from tracker.policies import Actor
from tracker.queries import light_changes, rollup
from tracker.queries.ledger_rows import COLUMNS, LedgerRow, shape
from tracker.queries.rollup import PlanSummary
from tracker.rules.wall import ROWS


def summaries(viewer: Actor) -> Sequence[PlanSummary]:
    """The plans in sight that have something in them, by code."""
    return [one for one in rollup.summaries(viewer) if one.total]


def week(viewer: Actor, plan: Plan, *, today: date) -> dict[Health, int] | None:
    """How many more or fewer show each light than a week ago; None: not recorded that far back."""
    return light_changes.net(viewer, plan, since=light_changes.week_start(today))


def rows(viewer: Actor, plan: Plan, light: Health, *, first: int) -> list[LedgerRow]:
    """One screen of a light, in the order of the overview: earliest due date, then longest in this light."""
    seen = policies.visible_to(viewer).filter(plan=plan, health=light)
    ordered = seen.order_by(F("due_on").asc(nulls_last=True), F("health_since").asc(nulls_last=True), "code")
    return [shape(row) for row in ordered.values_list(*COLUMNS)[first : first + ROWS]]
