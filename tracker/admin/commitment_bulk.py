"""What the supervision office does with many commitments at once: hand out, remind, pass on, confirm the lead."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker.actions import commitments, reassign, reminders_by_hand, steps
from tracker.admin import by_hand
from tracker.admin.access import Guarded
from tracker.admin.bulk import BulkForm, Order, Said, carry
from tracker.choices import Stage
from tracker.delivery import asking
from tracker.models import Commitment, Department, Reminder


class RemindForm(BulkForm):
    """What the office says to the people, short enough for a message."""

    def add_fields(self, page: ModelAdmin[Any]) -> None:
        self.fields["reason"] = forms.CharField(
            label=_("what you say to them"),
            required=False,
            max_length=asking.LONGEST_NOTE,
            widget=AdminTextareaWidget(attrs={"rows": 3}),
            help_text=_("They read it in their inbox and in the message. It stands in the history of each commitment."),
        )


class ReassignForm(BulkForm):
    """Who leads from now on, and why: the departments read the reason."""

    def add_fields(self, page: ModelAdmin[Any]) -> None:
        box = AutocompleteSelect(Commitment._meta.get_field("lead"), page.admin_site)
        lead = forms.ModelChoiceField(
            Department.objects.filter(is_active=True),
            label=_("new lead department"),
            widget=box,
            help_text=_("Name, short name or pinyin initials. It has to take each of them on."),
        )
        self.fields = {"lead": lead, **self.fields}
        self.fields["reason"].required = True


def _hand_out(item: Commitment, said: Said) -> None:
    steps.move(item, to=Stage.ISSUED, reason=said.reason, by=said.by, today=said.today, group=said.group)


def _remind(item: Commitment, said: Said) -> Sequence[Reminder]:
    return reminders_by_hand.written(item, reason=said.reason, by=said.by, today=said.today, group=said.group)


def _reassign(item: Commitment, said: Said) -> None:
    lead = said.values["lead"]
    reassign.reassign(item, lead=lead, reason=said.reason, by=said.by, today=said.today, group=said.group)


def _confirm(item: Commitment, said: Said) -> None:
    commitments.confirm_lead(item, reason=said.reason, by=said.by, today=said.today, group=said.group)


HAND_OUT: Order[Commitment] = Order(
    title=_("Hand out"),
    asks=lambda n: (
        ngettext(
            "%(count)d commitment goes to its lead department, which has to take it on.",
            "%(count)d commitments go to their lead departments, which have to take them on.",
            n,
        )
        % {"count": n}
    ),
    done=lambda n: (
        ngettext("%(count)d commitment was handed out.", "%(count)d commitments were handed out.", n) % {"count": n}
    ),
    check=lambda item, by, today: steps.check_hand_out(item, by=by, today=today),
    act=_hand_out,
)
REMIND: Order[Commitment] = Order(
    title=_("Remind"),
    asks=by_hand.asked,
    done=lambda n: (
        ngettext(
            "%(count)d commitment was reminded of; it stands in the inboxes.",
            "%(count)d commitments were reminded of; they stand in the inboxes.",
            n,
        )
        % {"count": n}
    ),
    check=lambda item, _by, today: reminders_by_hand.check(item, today=today),
    act=_remind,
    form=RemindForm,
    after=by_hand.told,
)
REASSIGN: Order[Commitment] = Order(
    title=_("Give to another lead department"),
    asks=lambda n: (
        ngettext(
            "%(count)d commitment passes to another lead department. Work under way is handed out anew.",
            "%(count)d commitments pass to another lead department. Work under way is handed out anew.",
            n,
        )
        % {"count": n}
    ),
    done=lambda n: (
        ngettext(
            "%(count)d commitment has a new lead department.", "%(count)d commitments have a new lead department.", n
        )
        % {"count": n}
    ),
    check=lambda item, _by, _today: reassign.check(item),
    act=_reassign,
    form=ReassignForm,
)
CONFIRM: Order[Commitment] = Order(
    title=_("Confirm the suggested lead department"),
    asks=lambda n: (
        ngettext(
            "The suggested lead department of %(count)d commitment becomes the real one.",
            "The suggested lead departments of %(count)d commitments become the real ones.",
            n,
        )
        % {"count": n}
    ),
    done=lambda n: ngettext("%(count)d lead department stands.", "%(count)d lead departments stand.", n) % {"count": n},
    check=lambda item, _by, _today: commitments.check_suggestion(item),
    act=_confirm,
)


class BulkPages(Guarded[Commitment]):
    """The four actions of the list; each asks on a page of its own (`bulk.carry`)."""

    actions = ["hand_out", "remind", "reassign", "confirm_lead"]

    @admin.action(description=_("Hand out the chosen commitments"), permissions=["change"])
    def hand_out(self, request: HttpRequest, rows: QuerySet[Commitment]) -> HttpResponse:
        return carry(self, request, rows, HAND_OUT)

    @admin.action(description=_("Remind of the chosen commitments"), permissions=["change"])
    def remind(self, request: HttpRequest, rows: QuerySet[Commitment]) -> HttpResponse:
        return carry(self, request, rows, REMIND)

    @admin.action(description=_("Give the chosen commitments to another lead department"), permissions=["change"])
    def reassign(self, request: HttpRequest, rows: QuerySet[Commitment]) -> HttpResponse:
        return carry(self, request, rows, REASSIGN)

    @admin.action(description=_("Confirm the suggested lead department"), permissions=["change"])
    def confirm_lead(self, request: HttpRequest, rows: QuerySet[Commitment]) -> HttpResponse:
        return carry(self, request, rows, CONFIRM)
