"""What the admin shows and nobody edits here: events, reminders and the messages that told them, sweeps."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.event_kinds import EventKind
from tracker.models import Event, HealthRuleSet, Message, Reminder, SweepRun
from tracker.models.reminders import SUBJECTS
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
    """Every reminder, with the messages that carried it: the proof of who was told what, when and by which way."""

    list_display = ["planned_on", "commitment", "recipient", "occasion", "audience", "offset", "state", "sent_at"]
    list_filter = ["state", "occasion", "audience", "planned_on"]
    list_select_related = ["commitment", "recipient"]
    search_fields = ["commitment__code", "commitment__title", "recipient__username", "recipient__full_name"]
    ordering = ["-planned_on", "-id"]
    fields = [
        "commitment", "occasion", *SUBJECTS, "rule_code", "version_number", "audience", "recipient", "due_on", "offset",
        "note", "planned_on", "state", "sent_at", "read_at", "settled_at", "carried_by", "created_at",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Reminder | None = None) -> Any:
        """Of the subjects only the one that it is about; words only where there are some."""
        seldom = {*SUBJECTS, "note"}
        return [name for name in self.fields if name not in seldom or (obj is not None and getattr(obj, name))]

    @admin.display(description=gettext_lazy("rule"))
    def rule_code(self, row: Reminder) -> str:
        return row.rule.code

    @admin.display(description=gettext_lazy("version"))
    def version_number(self, row: Reminder) -> str:
        return str(row.version.number) if row.version else "—"

    @admin.display(description=gettext_lazy("messages that carried it"))
    def carried_by(self, row: Reminder) -> str:
        lines = row.lines.select_related("message", "channel").order_by("pk")
        told = [
            (
                reverse("admin:tracker_message_change", args=[line.message_id]),
                f"{line.channel} {line.message.day.isoformat()} {line.message.get_state_display()}",
            )
            for line in lines
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', told) or "—"


@admin.register(Message)
class MessageAdmin(Record[Message]):
    """Every message: to whom, by which channel, what became of it, and the reminders that it told."""

    list_display = ["day", "kind", "recipient", "channel", "state", "line_count", "attempts", "sent_at", "error"]
    list_filter = ["state", "channel", "day"]
    list_select_related = ["recipient", "channel"]
    search_fields = ["recipient__username", "recipient__full_name"]
    ordering = ["-day", "-id"]
    fields = [
        "day", "kind", "recipient", "channel", "state", "not_before", "attempts", "claimed_at", "sent_at", "line_count",
        "told", "error", "key", "created_at",
    ]  # fmt: skip

    def named(self, row: Message) -> str:
        return f"{row.recipient} · {row.channel} · {row.day.isoformat()}"

    @admin.display(description=gettext_lazy("reminders that it carries"))
    def told(self, row: Message) -> str:
        lines = row.lines.select_related("reminder__commitment").order_by("reminder__due_on", "pk")
        told = [
            (
                reverse("admin:tracker_reminder_change", args=[line.reminder_id]),
                line.reminder.commitment.code,
                line.reminder.commitment.title,
                line.reminder.get_occasion_display(),
                line.reminder.due_on.isoformat(),
            )
            for line in lines
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{} {}</a> · {} · {}', told) or "—"

    @admin.display(description=gettext_lazy("key of the message"))
    def key(self, row: Message) -> str:
        return row.key


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
        "message_count",
    ]
