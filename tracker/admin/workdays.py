"""Moved working days: the list by year, one day, the import of a notice. Office and administrators keep them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from projects.errors import DomainError
from tracker.actions import workdays
from tracker.actions.workdays import Entered
from tracker.admin import access
from tracker.admin.acting import Acting
from tracker.admin.workday_forms import ConfirmForm, DayForm, ImportForm, RemoveForm
from tracker.models import DayOverride
from tracker.queries import workdays as queries
from tracker.rules.workday_rows import MovedDay

LIST = "admin:tracker_dayoverride_changelist"


class YearFilter(SimpleListFilter):
    """`?year=2027`: the days of one year."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        years = DayOverride.objects.order_by("-day__year").values_list("day__year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DayOverride]) -> QuerySet[DayOverride]:
        value = self.value() or ""
        return queryset.filter(day__year=int(value)) if value in dict(self.lookup_choices) else queryset


@admin.register(DayOverride)
class DayOverrideAdmin(Acting[DayOverride]):
    viewers = access.CITY
    editors = access.KEEPERS
    form: Any = DayForm
    fields = ["day", "is_working", "name", "notice", "reason"]
    list_display = ["day", "weekday", "works", "name", "notice"]
    list_filter = [YearFilter]
    search_fields = ["name", "notice"]
    search_help_text = gettext_lazy("Words of the occasion or of the source.")
    ordering = ["-day"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name="tracker_dayoverride_import"),
            path("<int:object_id>/remove/", wrap(self.remove_view), name="tracker_dayoverride_remove"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: DayOverride | None = None) -> list[str]:
        return ["day"] if obj else []

    def get_fields(self, request: HttpRequest, obj: DayOverride | None = None) -> list[Any]:
        asked = list(self.fields or ())
        return asked if obj and self.has_change_permission(request, obj) else asked[:-1]

    @admin.display(description=gettext_lazy("weekday"))
    def weekday(self, row: DayOverride) -> str:
        return _weekday(row)

    @admin.display(description=gettext_lazy("offices"), ordering="is_working")
    def works(self, row: DayOverride) -> str:
        return worded(row.is_working)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Above the list: what this year and the next rest on."""
        known = {"standing": queries.standing(timezone.localdate()), "may_import": self.has_add_permission(request)}
        return super().changelist_view(request, {**known, **(extra_context or {})})

    def carry_out(self, request: HttpRequest, row: DayOverride, form: Any, formsets: Any, change: bool) -> DayOverride:
        said = form.cleaned_data
        moved = MovedDay(day=row.day, is_working=said["is_working"], name=said["name"], notice=said["notice"])
        actor, today = access.actor_of(request), timezone.localdate()
        workdays.enter([moved], reason=said.get("reason", ""), by=actor, today=today)
        return DayOverride.objects.get(day=row.day)

    def remove_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks why, then takes the day out of the list."""
        row = self.row_or_404(request, str(object_id))
        if not self.has_change_permission(request, row):
            raise Http404
        form = RemoveForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                workdays.remove(
                    row, reason=form.cleaned_data["reason"], by=access.actor_of(request), today=timezone.localdate()
                )
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                self.message_user(request, _("The day is out of the list. The history keeps it."), messages.SUCCESS)
                return HttpResponseRedirect(reverse(LIST))
        context = {"title": _("Remove this day"), "row": row, "weekday": _weekday(row), "form": form}
        return self._page(request, "remove.html", context)

    # --- Import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """First what is brought and what it would do; the preview's own button comes back here and enters it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "kept" in request.POST:
            return self._confirm(request)
        sent = request.method == "POST"
        form = ImportForm(request.POST if sent else None, request.FILES if sent else None)
        if not sent or not form.is_valid():
            return self._page(request, "import.html", {"title": _("Import working days"), "form": form})
        if form.reading.faults:
            context = {"title": _("Import working days"), "form": form, "faults": form.reading.faults}
            return self._page(request, "import.html", context)
        return self._preview(request, form.reading.rows)

    def _preview(self, request: HttpRequest, rows: Any, *, said: ConfirmForm | None = None) -> HttpResponse:
        judgement = queries.preview(rows)
        user_id = access.actor_of(request).user_id or 0
        kept = ConfirmForm.note(rows, user_id=user_id, fingerprint=workdays.seal(judgement))
        form = said or ConfirmForm(user_id=user_id)
        lines = [
            {"row": one.row, "weekday": _weekday(one.row), "works": worded(one.row.is_working), "before": one.before,
             "worked": worded(one.before.is_working) if one.before else ""}
            for one in judgement.written
        ]  # fmt: skip
        context = {"title": _("What would be entered"), "judgement": judgement, "lines": lines, "confirm": form}
        return self._page(request, "preview.html", {**context, "kept": kept}, status=409 if said else 200)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        actor = access.actor_of(request)
        form = ConfirmForm(request.POST, user_id=actor.user_id or 0)
        if not form.is_valid() and "kept" in form.errors:
            self.message_user(request, str(DomainError("workdays_preview_gone")), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_dayoverride_import"))
        try:
            done = workdays.enter(
                form.rows,
                reason=form.cleaned_data.get("reason", ""),
                by=actor,
                today=timezone.localdate(),
                fingerprint=form.fingerprint,
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self._preview(request, form.rows, said=form)
        self.message_user(request, told(done), messages.SUCCESS if done.group else messages.INFO)
        return HttpResponseRedirect(reverse(LIST))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        known = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, f"admin/tracker/dayoverride/{template}", {**known, **context}, status=status)


def worded(is_working: bool) -> str:
    """Whether offices work, in words."""
    return pgettext("working days", "at work") if is_working else pgettext("working days", "day off")


def told(done: Entered) -> str:
    """What an import did, in a sentence."""
    if done.group is None:
        return _("All of it stands in the list already. Nothing was changed.")
    new, changed = len(done.judgement.new), len(done.judgement.changed)
    counts = {"new": new, "changed": changed, "unchanged": done.judgement.unchanged_count}
    said = _("The working days were entered: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % counts
    lights = ngettext("%(count)d light changed.", "%(count)d lights changed.", done.light_count)
    return f"{said} {lights % {'count': done.light_count}}" if done.light_count else said


def _weekday(row: DayOverride | MovedDay) -> str:
    return date_format(row.day, "l")
