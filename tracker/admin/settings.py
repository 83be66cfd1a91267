"""The settings of the site: one page, kept by the supervision office and the administrators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.actions import settings
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import PublicField
from tracker.models import SiteSettings


class SettingsForm(ActionForm[SiteSettings]):
    """What is switched on, when messages go out, and why it is changed."""

    public_fields = forms.MultipleChoiceField(
        label=_("fields the public sees"),
        choices=PublicField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Code and title are always shown. Nothing else of a matter is, unless it is ticked: never the names of "
            "officers, never what people wrote in reports, reasons or blockers."
        ),
    )
    reason = forms.CharField(
        label=_("reason for the change"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("Stands in the history beside what you changed."),
    )

    class Meta:
        model = SiteSettings
        fields = (
            "compares_departments", "shows_public_pages", "public_delay_days", "public_fields",
            "digest_hour", "quiet_from", "quiet_until", "digest_lines",
            "slip_after_days", "slip_next_days", "slip_answer_days",
        )  # fmt: skip
        help_texts = {
            "compares_departments": _(
                "Shares with their denominators, never a rank. Leaders and the supervision office see them."
            ),
            "shows_public_pages": _(
                "Anyone without a sign-in reads the approved fields of the matters marked public. Off, these addresses "
                "answer like ones that do not exist."
            ),
            "public_delay_days": _(
                "The public sees how things stood so many days ago, and a matter so many days after it was marked."
            ),
            "digest_hour": _("Full hour, time of Beijing. A person may choose another one for oneself."),
            "quiet_from": _("Full hour, time of Beijing, 24 at the latest. What is due later goes out next morning."),
            "quiet_until": _("Full hour, time of Beijing. Nothing is sent on days off either."),
            "digest_lines": _("5 to 200. What is beyond stands in the inbox, and the message says how many."),
            "slip_after_days": _("Calendar days after the due date; until then the ladder of reminders has its time."),
            "slip_next_days": _(
                "Calendar days, from the day on which the answer was due, or from the date that the answer promised."
            ),
            "slip_answer_days": _("Proposed on the draft; the person who issues the slip may change the date."),
        }

    def clean(self) -> dict[str, Any]:
        """The action's own sentence, beside its field, before the database's constraint would say it for the page."""
        cleaned = super().clean()
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if begins is not None and ends is not None and ends >= begins and "quiet_until" not in self.errors:
            self.add_error("quiet_until", str(DomainError("settings_no_time_to_send")))
        return cleaned


@admin.register(SiteSettings)
class SiteSettingsAdmin(Acting[SiteSettings]):
    viewers = access.KEEPERS
    editors = access.KEEPERS
    form: Any = SettingsForm
    action_compares = True
    fieldsets = [
        (_("Comparison of departments"), {"fields": ["compares_departments"]}),
        (_("Public pages"), {"fields": ["shows_public_pages", "public_delay_days", "public_fields"]}),
        (_("Messages"), {"fields": ["digest_hour", "quiet_from", "quiet_until", "digest_lines"]}),
        (_("Supervision slips"), {"fields": ["slip_after_days", "slip_next_days", "slip_answer_days"]}),
        (None, {"fields": ["reason"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one row: its list is its page."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        SiteSettings.objects.get_or_create(pk=SiteSettings.SETTINGS_ID)
        return HttpResponseRedirect(reverse("admin:tracker_sitesettings_change", args=[SiteSettings.SETTINGS_ID]))

    def carry_out(
        self, request: HttpRequest, row: SiteSettings, form: Any, formsets: Any, change: bool
    ) -> SiteSettings:
        said = form.cleaned_data
        return settings.revise(
            values={name: said[name] for name in SettingsForm.Meta.fields},
            reason=said["reason"],
            by=access.actor_of(request),
            expected_revision=form.seen_revision,
        )
