"""Reminder rules: versions are drafted, tried without effect, put into force with a reason; rules are switched."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import DateField, Prefetch, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from projects.errors import DomainError
from tracker.actions import reminder_rules
from tracker.admin import access, rehearsal
from tracker.admin.access import Guarded
from tracker.admin.reminder_rule_forms import DraftForm, DropForm, FoundForm, ReasonForm
from tracker.choices import EVENT_OCCASIONS, ReminderOccasion, VersionState
from tracker.models import ReminderRule, ReminderRuleVersion
from tracker.queries import reminder_overview


@admin.register(ReminderRule)
class ReminderRuleAdmin(Guarded[ReminderRule]):
    """Kept by the supervision office and the administrators. A version is never changed, only followed."""

    viewers = access.KEEPERS
    editors = access.KEEPERS
    list_display = ["code", "occasion", "plan_name", "in_words", "last_run_on", "next_run", "is_active"]
    list_display_links = ["code", "occasion"]
    list_filter = ["is_active", "occasion", "plan"]
    search_fields = ["code"]
    list_select_related = ["plan"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReminderRule]:
        live = ReminderRuleVersion.objects.filter(state=VersionState.LIVE)
        upcoming = Value(reminder_overview.next_sweep_on(today=timezone.localdate()), output_field=DateField())
        rows = super().get_queryset(request).annotate(upcoming=upcoming)
        return rows.prefetch_related(Prefetch("versions", queryset=live, to_attr="live"))

    @admin.display(description=gettext_lazy("plan"), ordering="plan__code")
    def plan_name(self, row: ReminderRule) -> str:
        return row.plan.short_title if row.plan else pgettext("plans of a rule", "all")

    @admin.display(description=gettext_lazy("version in force"))
    def in_words(self, row: ReminderRule) -> str:
        live: list[ReminderRuleVersion] = getattr(row, "live", [])
        return _("; ").join(rehearsal.words(live[0], row)) if live else "—"

    @admin.display(description=gettext_lazy("next run"))
    def next_run(self, row: ReminderRule) -> str:
        upcoming: date = getattr(row, "upcoming")  # noqa: B009  annotated by `get_queryset`
        return upcoming.isoformat() if row.is_active and getattr(row, "live", []) else "—"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages = [
            path("<int:object_id>/draft/", wrap(self.draft_view), name="tracker_reminderrule_draft"),
            path(
                "<int:object_id>/versions/<int:number>/",
                wrap(self.version_view),
                name="tracker_reminderrule_version",
            ),
        ]
        return [*pages, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A new rule; then its first version is drafted."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FoundForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            occasion = ReminderOccasion(said["occasion"])
            row = self._tried(
                form,
                lambda: reminder_rules.found(
                    said["code"], occasion=occasion, plan=said["plan"], by=access.actor_of(request)
                ),
            )
            if row is not None:
                self.message_user(request, _("The rule exists. Now draft its first version."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:tracker_reminderrule_draft", args=[row.pk]))
        return self._page(request, "found", _("A new reminder rule"), form=form, media=self.media + form.media)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One rule with its versions; POST switches it on or off."""
        row = self.row_or_404(request, object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            on, reason = not row.is_active, form.cleaned_data["reason"]
            if "switch_to" in request.POST:  # what the page offered, in case somebody else was faster
                on = request.POST["switch_to"] == "on"
            if self._tried(form, lambda: reminder_rules.switch(row, on=on, reason=reason, by=access.actor_of(request))):
                said = _("The rule is on.") if on else _("The rule is off. What nobody has been told of is taken back.")
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:tracker_reminderrule_change", args=[row.pk]))
        versions = list(row.versions.select_related("made_by").order_by("-number"))
        live = next((one for one in versions if one.state == VersionState.LIVE), None)
        return self._page(
            request,
            "rule",
            row.get_occasion_display(),
            row=row,
            form=form,
            live=live,
            live_words=rehearsal.words(live, row) if live else [],
            versions=[{"row": one, "words": rehearsal.words(one, row)} for one in versions],
            next_run=getattr(row, "upcoming", None) if row.is_active and live else None,
            is_by_hand=row.occasion == ReminderOccasion.BY_HAND,
        )

    def draft_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A new version, beside the one in force."""
        row = self.row_or_404(request, str(object_id))
        if row.occasion == ReminderOccasion.BY_HAND:
            raise Http404
        live = row.versions.filter(state=VersionState.LIVE).first()
        rungs = rehearsal.rungs_of(live) if live else ()
        working = live.counts_working_days if live else ReminderOccasion(row.occasion) in EVENT_OCCASIONS
        form = DraftForm(request.POST or None, rungs=rungs, initial={"counts_working_days": working})
        if request.method == "POST" and form.is_valid():
            made = self._tried(
                form,
                lambda: reminder_rules.draft(
                    row,
                    rungs=form.rungs(),
                    counts_working_days=form.cleaned_data["counts_working_days"],
                    note=form.cleaned_data["note"],
                    by=access.actor_of(request),
                ),
            )
            if made is not None:
                self.message_user(request, _("The draft is kept. It tells nobody until it is put into force."))
                return HttpResponseRedirect(reverse("admin:tracker_reminderrule_version", args=[row.pk, made.number]))
        return self._page(
            request,
            "draft",
            _("Draft a new version"),
            row=row,
            form=form,
            live=live,
            live_words=rehearsal.words(live, row) if live else [],
            media=self.media + form.media,
        )

    def version_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """One version; of a draft also whom it would tell, and the buttons that put it into force and drop it."""
        row, today = self.row_or_404(request, str(object_id)), timezone.localdate()
        version = row.versions.select_related("made_by").filter(number=number).first()
        if version is None:
            raise Http404
        version.rule = row
        is_dropped = "_drop" in request.POST
        form = ReasonForm(None if is_dropped else request.POST or None)
        dropped = DropForm(request.POST if is_dropped else None)
        pressed = dropped if is_dropped else form
        if request.method == "POST" and pressed.is_valid():
            reason, actor = pressed.cleaned_data["reason"], access.actor_of(request)
            if is_dropped:
                said = _("Version %(number)d is dropped. It stays on record.") % {"number": number}
                done = self._tried(dropped, lambda: reminder_rules.drop(version, reason=reason, by=actor))
            else:
                said = _("Version %(number)d is in force.") % {"number": number}
                done = self._tried(
                    form, lambda: reminder_rules.put_into_force(version, reason=reason, by=actor, today=today)
                )
            if done:
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:tracker_reminderrule_change", args=[row.pk]))
        live = row.versions.filter(state=VersionState.LIVE).first()
        is_draft = version.state == VersionState.DRAFT
        return self._page(
            request,
            "version",
            _("Version %(number)d") % {"number": number},
            row=row,
            version=version,
            words=rehearsal.words(version, row),
            live=live if live and live.pk != version.pk else None,
            live_words=rehearsal.words(live, row) if live else [],
            form=form,
            drop_form=dropped,
            dry_run=rehearsal.of(version, today=today) if is_draft else None,
        )

    @staticmethod
    def _tried(form: forms.Form, act: Any) -> Any:
        """What the action returns; None when it refuses, with its sentence on the form."""
        try:
            return act()
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return None

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> TemplateResponse:
        shown = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/tracker/reminderrule/{name}.html", shown)
