"""What the admin shows and nobody edits here: plans and clauses, events, reminders, sweeps, rules."""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.admin.acting import show_history
from tracker.admin.history import Change, changes
from tracker.choices import EventKind
from tracker.models import Clause, Commitment, Event, HealthRuleSet, Plan, Reminder, ReminderRule, SweepRun
from tracker.policies import Actor

Row = TypeVar("Row", bound=Model)


class Record(Guarded[Row]):
    """A page to read."""

    viewers = access.CITY

    def history_view(self, request: HttpRequest, object_id: str, extra_context: object = None) -> HttpResponse:
        return show_history(self, request, self.row_or_404(request, object_id))


@admin.register(Plan)
class PlanAdmin(Record[Plan]):
    viewers = access.EVERYBODY
    list_display = ["short_title", "issuer", "horizon_starts_on", "horizon_ends_on", "report_cycle", "tracked_since"]
    search_fields = ["code", "title", "short_title"]

    def scope(self, viewer: Actor) -> QuerySet[Plan]:
        return Plan.objects.all()


@admin.register(Clause)
class ClauseAdmin(Record[Clause]):
    viewers = access.EVERYBODY
    list_display = ["code", "heading", "plan", "parent"]
    list_filter = ["plan"]
    list_select_related = ["plan", "parent"]
    search_fields = ["code", "heading", "summary"]
    ordering = ["plan", "order"]

    def scope(self, viewer: Actor) -> QuerySet[Clause]:
        return Clause.objects.select_related("plan")


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
        return "; ".join(_told(change) for change in changes(event, Commitment)) or "—"


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
    list_display = ["code", "occasion", "offsets", "is_active", "last_run_on"]


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
