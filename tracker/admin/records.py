"""What the admin shows and nobody edits here: events, reminders, sweeps, rules."""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.choices import EventKind
from tracker.models import Event, HealthRuleSet, Reminder, ReminderRule, SweepRun
from tracker.policies import SYSTEM
from tracker.queries import history
from tracker.queries.history import Change

Row = TypeVar("Row", bound=Model)


class Record(Guarded[Row]):
    """A page to read."""

    viewers = access.CITY


@admin.register(Event)
class EventAdmin(Record[Event]):
    list_display = ["seq", "at", "kind", "actor", "commitment", "subject"]
    list_filter = ["kind", "is_demo"]
    list_select_related = ["actor", "commitment"]
    search_fields = ["commitment__code", "subject", "reason"]
    fields = ["seq", "at", "kind", "actor", "commitment", "subject", "diff", "reason", "request_id", "hash"]
    ordering = ["-seq"]

    @admin.display(description=gettext_lazy("changes"))
    def diff(self, event: Event) -> str:
        if event.kind == EventKind.REPORT_SAVED:
            return _("A draft is read by its own department only.")
        return "; ".join(_told(change) for change in history.alone(event, viewer=SYSTEM)) or "—"


def _told(change: Change) -> str:
    return _("%(field)s: %(before)s → %(after)s") % {
        "field": change.label,
        "before": change.before,
        "after": change.after,
    }


@admin.register(Reminder)
class ReminderAdmin(Record[Reminder]):
    list_display = ["planned_on", "commitment", "recipient", "offset", "state", "sent_at"]
    list_filter = ["state", "rule"]
    list_select_related = ["commitment", "recipient"]
    search_fields = ["commitment__code", "commitment__title", "recipient__username", "recipient__full_name"]
    ordering = ["-planned_on", "id"]


@admin.register(ReminderRule)
class ReminderRuleAdmin(Record[ReminderRule]):
    list_display = ["code", "occasion", "is_active", "last_run_on"]


@admin.register(HealthRuleSet)
class HealthRuleSetAdmin(Record[HealthRuleSet]):
    list_display = ["version", "in_force_from", "note"]


@admin.register(SweepRun)
class SweepRunAdmin(Record[SweepRun]):
    list_display = [
        "day",
        "started_at",
        "finished_at",
        "reassessed_count",
        "changed_count",
        "failed_count",
        "reminder_count",
    ]
