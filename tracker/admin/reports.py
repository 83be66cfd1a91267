"""Progress reports: a department writes and submits, the supervision office accepts or returns, leaders read."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker import policies
from tracker.actions import reports
from tracker.admin import access, report_forms
from tracker.admin.acting import Acting
from tracker.admin.bulk import each
from tracker.admin.report_forms import ReportForm, ReviewForm
from tracker.choices import OPEN_REPORT_STATES, ReportState, Role
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import desk
from tracker.rules.reporting import ReportValues

DESK = "admin:index"


class ReviewPages(Acting[ProgressReport]):
    """The page of a report that the reader does not write: its words, its figures, and the reviewer's two buttons."""

    def report_page(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        actor = access.actor_of(request)
        is_waiting = report.state == ReportState.SUBMITTED
        may_review = is_waiting and actor.role == Role.SUPERVISOR and policies.can_review(actor, report)
        form = ReviewForm(request.POST or None, initial={"seen": report.revision})
        if request.method == "POST":
            if actor.role in access.DEPARTMENTS:
                # Somebody handed it in, or the office took it, while this person was writing.
                self.message_user(request, str(DomainError("report_not_open")), messages.ERROR)
                return HttpResponseRedirect(request.path)
            if actor.role != Role.SUPERVISOR:
                raise PermissionDenied
            if form.is_valid() and self._reviewed(request, report, form, by=actor):
                return HttpResponseRedirect(reverse(DESK))
        item = report.commitment
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": item.title,
            "opts": self.opts,
            "report": report,
            "item": item,
            "period": report_forms.month(report),
            "previous": desk.previous_report(item, before=report),
            "target": item.targets.select_related("indicator").order_by("pk").first(),
            "form": form if may_review or form.errors else None,
            "is_own": is_waiting and actor.role == Role.SUPERVISOR and not may_review,
        }
        return TemplateResponse(request, "admin/tracker/progressreport/report.html", context)

    def _reviewed(self, request: HttpRequest, report: ProgressReport, form: ReviewForm, *, by: Actor) -> bool:
        said, today = form.cleaned_data, timezone.localdate()
        title = {"title": report.commitment.title}
        try:
            if "_return" in request.POST:
                reports.send_back(report, reason=said["reason"], by=by, today=today, expected_revision=said["seen"])
                done = _("Returned: “%(title)s”. The department reads your reason on its desk.") % title
            else:
                reports.accept(report, by=by, today=today, expected_revision=said["seen"])
                done = _("Accepted: “%(title)s”. Its progress and its light are up to date.") % title
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return False
        self.message_user(request, done, messages.SUCCESS)
        return True


@admin.register(ProgressReport)
class ProgressReportAdmin(ReviewPages):
    viewers = access.EVERYBODY
    editors = access.DEPARTMENTS
    form = ReportForm
    change_form_template = "admin/tracker/progressreport/change_form.html"
    list_display = ["title_shown", "period_shown", "state", "lead_shown", "author", "submitted_shown"]
    list_filter = ["state", "is_no_change"]
    list_select_related = ["commitment__lead", "author"]
    search_fields = ["commitment__code", "commitment__title"]
    search_help_text = gettext_lazy("Code or words of the commitment’s title.")
    actions = ["accept_chosen"]
    fieldsets = [
        (None, {"fields": ["period", "is_no_change"]}),
        (gettext_lazy("In words"), {"fields": ["done", "problems", "next_steps"]}),
        (gettext_lazy("In figures"), {"fields": ["progress", "value", "forecast_on", "seen"]}),
    ]

    def scope(self, viewer: Actor) -> QuerySet[ProgressReport]:
        return policies.reports_visible_to(viewer).select_related(
            "commitment__plan", "commitment__lead", "author", "reviewer"
        )

    def has_change_permission(self, request: HttpRequest, obj: ProgressReport | None = None) -> bool:
        """One's department's own draft or returned report; the list's box to tick is for the office's bulk action."""
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return obj.state in OPEN_REPORT_STATES and policies.can_report(access.actor_of(request), obj.commitment)

    def has_accept_permission(self, request: HttpRequest) -> bool:
        return access.role_of(request) == Role.SUPERVISOR

    # --- The list

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def title_shown(self, report: ProgressReport) -> SafeString:
        return render_to_string("admin/tracker/_title.html", {"item": report.commitment, "with_code": True})

    @admin.display(description=gettext_lazy("period"), ordering="period_end")
    def period_shown(self, report: ProgressReport) -> str:
        return report_forms.month(report)

    @admin.display(description=gettext_lazy("lead department"), ordering="commitment__lead__order")
    def lead_shown(self, report: ProgressReport) -> str:
        return str(report.commitment.lead) if report.commitment.lead else _("nobody yet")

    @admin.display(description=gettext_lazy("submitted at"), ordering="submitted_at")
    def submitted_shown(self, report: ProgressReport) -> str:
        return f"{timezone.localtime(report.submitted_at):%Y-%m-%d %H:%M}" if report.submitted_at else "—"

    @admin.action(description=gettext_lazy("Accept the chosen reports"), permissions=["accept"])
    def accept_chosen(self, request: HttpRequest, rows: QuerySet[ProgressReport]) -> None:
        actor, today = access.actor_of(request), timezone.localdate()

        def step(report: ProgressReport) -> None:
            reports.accept(report, by=actor, today=today)

        done = each(self, request, rows, step)
        if done:
            said = ngettext("%(count)d report was accepted.", "%(count)d reports were accepted.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)

    # --- Writing

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.unchanged_view)
        unchanged = path("unchanged/<int:commitment_id>/", view, name="tracker_progressreport_unchanged")
        return [unchanged, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First which commitment, then its form; a report that stands open already is opened instead."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        if "commitment" not in request.GET:
            return self._choose(request)
        item = self._commitment(request)
        standing = desk.open_report(item)
        if standing is not None and request.method == "GET":
            return HttpResponseRedirect(reverse("admin:tracker_progressreport_change", args=[standing.pk]))
        if not policies.can_report(access.actor_of(request), item):
            self.message_user(request, str(DomainError("not_yours_to_report")), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_commitment_change", args=[item.pk]))
        return super().add_view(request, form_url, {**self._around(item, None), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        report = self.row_or_404(request, object_id)
        if not self.has_change_permission(request, report):
            return self.report_page(request, report)
        extra = {**self._around(report.commitment, report), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _around(self, item: Commitment, report: ProgressReport | None) -> dict[str, Any]:
        """What stands beside the form: the matter, why it came back, and what was said last time."""
        previous = desk.previous_report(item, before=report)
        return {
            "title": item.title,
            "subtitle": None,
            "item": item,
            "report": report,
            "previous": previous,
            "previous_period": report_forms.month(previous) if previous else "",
        }

    def _commitment(self, request: HttpRequest) -> Commitment:
        """The commitment that the address names. Raises Http404 when it is out of sight."""
        seen = policies.visible_to(access.actor_of(request)).select_related("plan", "lead")
        item = seen.filter(code=request.GET.get("commitment", "")).first()
        if item is None:
            raise Http404
        return item

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """Ask which commitment the report is about; then come back with its code in the address."""
        mine = desk.reportable_by(access.actor_of(request)).order_by("code")
        widget = AutocompleteSelect(ProgressReport._meta.get_field("commitment"), self.admin_site)
        field = forms.ModelChoiceField(mine, label=_("commitment"), widget=widget)
        form = type("ChooseForm", (forms.Form,), {"commitment": field})(request.POST or None)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["commitment"]
            return HttpResponseRedirect(f"{reverse('admin:tracker_progressreport_add')}?commitment={chosen.code}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which commitment is the report about?"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/progressreport/choose.html", context)

    def get_form(
        self, request: HttpRequest, obj: ProgressReport | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        item = obj.commitment if obj else self._commitment(request)
        form.item = item
        form.periods = reports.periods_open(item, today=timezone.localdate())
        form.previous = desk.previous_report(item, before=obj)
        form.target = item.targets.select_related("indicator").order_by("pk").first()
        return form

    def get_fieldsets(self, request: HttpRequest, obj: ProgressReport | None = None) -> Any:
        """Only the figures that this commitment is asked for."""
        item = obj.commitment if obj else self._commitment(request)
        left_out = set() if item.targets.exists() else {"value"}
        left_out |= {"progress"} if item.is_red_line else set()
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in left_out]})
            for name, options in self.fieldsets or ()
        ]

    def carry_out(
        self, request: HttpRequest, row: ProgressReport, form: ReportForm, formsets: Any, change: bool
    ) -> ProgressReport:
        actor, today = access.actor_of(request), timezone.localdate()
        report = reports.save_draft(
            form.item,
            values=form.values(),
            period_start=form.period_start,
            expected_revision=form.cleaned_data["seen"],
            by=actor,
            today=today,
        )
        if "_submit" in request.POST:
            report = reports.submit(report, by=actor, today=today)
        return report

    def _saved(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        if "_submit" in request.POST:
            said = _("Submitted. The supervision office reviews it; you will see its answer on your desk.")
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(reverse(DESK))
        self.message_user(request, _("The draft is saved. Submit it when it is complete."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_progressreport_change", args=[report.pk]))

    def response_add(
        self, request: HttpRequest, obj: ProgressReport, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: ProgressReport) -> HttpResponse:
        return self._saved(request, obj)

    def unchanged_view(self, request: HttpRequest, commitment_id: int) -> HttpResponse:
        """One tap: nothing changed. Written and submitted together, or not at all."""
        actor, today = access.actor_of(request), timezone.localdate()
        item = policies.visible_to(actor).select_related("plan").filter(pk=commitment_id).first()
        if item is None or request.method != "POST" or not self.has_add_permission(request):
            raise Http404
        if desk.open_report(item) is not None:
            said = _("“%(title)s” has an open report already. Finish that one.") % {"title": item.title}
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(reverse(DESK))
        try:
            with transaction.atomic():
                draft = reports.save_draft(
                    item, values=ReportValues(is_no_change=True), period_start=_period(request), by=actor, today=today
                )
                reports.submit(draft, by=actor, today=today)
        except DomainError as refusal:
            self.message_user(request, f"{item}: {refusal}", messages.ERROR)
        else:
            said = _("Reported: nothing changed in “%(title)s”.") % {"title": item.title}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse(DESK))


def _period(request: HttpRequest) -> date | None:
    """The period that the button stood for; None, the newest open one, when it names none."""
    try:
        return date.fromisoformat(request.POST.get("period", ""))
    except ValueError:
        return None
