"""Progress reports: the list, and the form in which a department writes and submits. Reading and review: `reviews`."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker import policies, wording
from tracker.actions import reports
from tracker.admin import access, bulk, report_forms, reviews
from tracker.admin.evidence_forms import attach
from tracker.admin.report_forms import ReportForm
from tracker.admin.reviews import DESK, ReviewPages
from tracker.choices import OPEN_REPORT_STATES, ReportState, Role
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import figures, reporting, verifications

DOUBTED = "luoshi.doubted"  # a request whose report stays a draft because of a figure


@admin.register(ProgressReport)
class ProgressReportAdmin(ReviewPages):
    viewers = access.EVERYBODY
    editors = access.DEPARTMENTS
    form = ReportForm
    action_compares = True
    change_form_template = "admin/tracker/progressreport/change_form.html"
    list_display = ["title_shown", "period_shown", "state_shown", "lead_shown", "author", "submitted_shown"]
    list_filter = ["state", "is_no_change", "is_late"]
    list_select_related = ["commitment__lead", "author"]
    search_fields = ["commitment__code", "commitment__title"]
    search_help_text = gettext_lazy("Code or words of the commitment’s title.")
    actions = ["accept_unchanged"]
    fieldsets = [
        (None, {"fields": ["is_no_change"]}),
        (gettext_lazy("In words"), {"fields": [*report_forms.TEXTS]}),
        (gettext_lazy("In figures"), {"fields": ["progress", "value", "forecast_on"]}),
        (gettext_lazy("Three quantities"), {"fields": [*figures.VOLUMES], "classes": ["collapse"]}),
        (gettext_lazy("Evidence"), {"fields": ["files"]}),
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

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, report: ProgressReport) -> str:
        late = f" · {_('late')}" if report.is_late else ""
        return f"{ReportState(report.state).label}{late}"

    @admin.action(description=gettext_lazy("Accept unchanged reports"), permissions=["accept"])
    def accept_unchanged(self, request: HttpRequest, rows: QuerySet[ProgressReport]) -> HttpResponse:
        return bulk.carry(self, request, rows, reviews.ACCEPT_UNCHANGED)

    # --- Writing

    def get_urls(self) -> list[URLPattern]:
        one, many = self.admin_site.admin_view(self.unchanged_view), self.admin_site.admin_view(self.unchanged_all_view)
        return [
            path("unchanged/", many, name="tracker_progressreport_unchanged_all"),
            path("unchanged/<int:commitment_id>/", one, name="tracker_progressreport_unchanged"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First which commitment, then its form; a report that stands open already is opened instead."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        if "commitment" not in request.GET:
            return self._choose(request)
        item = self._commitment(request)
        standing = reporting.open_report(item)
        if standing is not None and request.method == "GET":
            return HttpResponseRedirect(reverse("admin:tracker_progressreport_change", args=[standing.pk]))
        if standing is not None:
            return self._go_on_with(request, standing)
        if not policies.can_report(access.actor_of(request), item):
            self.message_user(request, str(DomainError("not_yours_to_report")), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_commitment_change", args=[item.pk]))
        return super().add_view(request, form_url, {**self._around(request, item, None), **(extra_context or {})})

    def _go_on_with(self, request: HttpRequest, standing: ProgressReport) -> HttpResponse:
        """A colleague began the report while this person was writing: both versions, nothing is written over."""
        if not request.POST.get("seen"):
            said = request.POST.copy()
            said["seen"] = str(standing.revision - 1 if standing.revision else 1)
            request.POST = said  # type: ignore[assignment]  # a mutable copy is what a form wants
        return self.change_view(request, str(standing.pk))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        report = self.row_or_404(request, object_id)
        if not self.has_change_permission(request, report):
            return self.report_page(request, report)
        extra = {**self._around(request, report.commitment, report), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _around(self, request: HttpRequest, item: Commitment, report: ProgressReport | None) -> dict[str, Any]:
        """What stands beside the form: the matter, why it came back, last month's words, what others gave."""
        viewer, today = access.actor_of(request), timezone.localdate()
        previous = reporting.previous_report(item, before=report)
        asked = reporting.period_asked(item, item.plan, today=today)
        start = report.period_start if report else asked.start if asked else today
        kept = verifications.evidence_of(item, viewer=viewer)
        return {
            "title": item.title,
            "subtitle": None,
            "item": item,
            "report": report,
            "previous": previous,
            "previous_period": report_forms.month(previous) if previous else "",
            "today": today,
            "contributions": reporting.contributions_to(item, period_start=start, viewer=viewer),
            "contributors": reporting.contributors_of(item),
            "served": list(reporting.served_by(item).order_by("code").values_list("code", flat=True)),
            "evidence": kept.filter(report=report) if report else [],
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
        mine = reporting.reportable_by(access.actor_of(request)).order_by("code")
        widget = AutocompleteSelect(ProgressReport._meta.get_field("commitment"), self.admin_site)
        help_text = _("Type part of its code or its title.")
        field = forms.ModelChoiceField(mine, label=_("commitment"), widget=widget, help_text=help_text)
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
        item, today = obj.commitment if obj else self._commitment(request), timezone.localdate()
        asked = None if obj else reporting.period_asked(item, item.plan, today=today)
        form.item = item
        form.periods = reports.periods_open(item, today=today)
        form.period_wanted = _day(request.GET.get("period", "")) or (asked.start if asked else None)
        form.previous = reporting.previous_report(item, before=obj)
        form.target = item.targets.select_related("indicator").order_by("pk").first()
        form.project = figures.project_of(item)
        form.copies_last = request.GET.get("copy") == "last" and request.method == "GET"
        return form

    def get_fieldsets(self, request: HttpRequest, obj: ProgressReport | None = None) -> Any:
        """Only the figures that this commitment is asked for; first of all what is unusual, if anything is."""
        item = obj.commitment if obj else self._commitment(request)
        left_out = set() if item.targets.exists() else {"value"}
        left_out |= {"progress"} if item.is_red_line else set()
        left_out |= set() if figures.project_of(item) else set(figures.VOLUMES)
        shown = [
            (name, {**options, "fields": [field for field in options["fields"] if field not in left_out]})
            for name, options in self.fieldsets or ()
        ]
        return [*_doubtful(obj), *(fieldset for fieldset in shown if fieldset[1]["fields"])]

    def carry_out(
        self, request: HttpRequest, row: ProgressReport, form: ReportForm, formsets: Any, change: bool
    ) -> ProgressReport:
        """Save the draft with its files; hand it in when asked. A doubtful figure leaves the draft and asks back."""
        actor, today = access.actor_of(request), timezone.localdate()
        report = reports.save_draft(
            form.item,
            values=form.values(),
            period_start=form.period_start,
            expected_revision=form.seen_revision,
            by=actor,
            today=today,
        )
        attach(request, form.item, form.cleaned_data["files"], report=report)
        if "_submit" in request.POST:
            try:
                report = reports.submit(report, by=actor, today=today)
            except DomainError as refusal:
                if refusal.code != "doubts_unanswered":
                    raise
                request.META[DOUBTED] = True
        return report

    def _saved(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        if "_submit" in request.POST and DOUBTED not in request.META:
            said = _("Submitted. The supervision office reviews it; you will see its answer on your desk.")
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(reverse(DESK))
        if DOUBTED in request.META:
            said = _("Not handed in yet: some figures are unusual. All you wrote is kept in the draft.")
            self.message_user(request, said, messages.WARNING)
        else:
            self.message_user(request, _("The draft is saved. Submit it when it is complete."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_progressreport_change", args=[report.pk]))

    def response_add(
        self, request: HttpRequest, obj: ProgressReport, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: ProgressReport) -> HttpResponse:
        return self._saved(request, obj)

    # --- Nothing changed

    def unchanged_view(self, request: HttpRequest, commitment_id: int) -> HttpResponse:
        """One tap: nothing changed. Written and submitted together, or not at all."""
        found = self._unchanged(request, [commitment_id])
        for report in found.done:
            said = _("Reported: nothing changed in “%(title)s”.") % {"title": report.commitment.title}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse(DESK))

    def unchanged_all_view(self, request: HttpRequest) -> HttpResponse:
        """One tap for all the rest: each commitment that the page showed (`ids`) by itself."""
        found = self._unchanged(request, [int(one) for one in request.POST.getlist("ids") if one.isdecimal()])
        if found.done:
            count = len(found.done)
            said = ngettext(
                "Reported: nothing changed in %(count)d matter.",
                "Reported: nothing changed in %(count)d matters.",
                count,
            )
            self.message_user(request, said % {"count": count}, messages.SUCCESS)
        elif not found.refusals:
            self.message_user(request, _("Nothing was ticked, so nothing was reported."), messages.WARNING)
        return HttpResponseRedirect(reverse(DESK))

    def _unchanged(self, request: HttpRequest, ids: list[int]) -> reports.Unchanged:
        """Report these as unchanged and name each refused one. Raises Http404 for anything else than a person's tap."""
        actor = access.actor_of(request)
        if request.method != "POST" or not self.has_add_permission(request):
            raise Http404
        chosen = list(policies.visible_to(actor).select_related("plan").filter(pk__in=ids))
        if len(chosen) != len(set(ids)):
            raise Http404  # one of them is out of sight
        found = reports.submit_unchanged(
            chosen,
            by=actor,
            today=timezone.localdate(),
            group=uuid4(),
            period_start=_day(request.POST.get("period", "")),
        )
        for item, refusal in found.refusals:
            self.message_user(request, f"{item}: {refusal}", messages.WARNING)
        return found


def _doubtful(report: ProgressReport | None) -> list[Any]:
    """The part of the form that asks about unusual figures; nothing for a report that raises no question."""
    if report is None:
        return []
    questions = reports.questions_about(report, report.commitment)
    if not questions and not report.doubts_answer:
        return []
    asked = format_html_join("", "<li>{}</li>", ([wording.question_sentence(one)] for one in questions))
    description = format_html("<ul>{}</ul>", asked) if questions else ""
    options = {"fields": ["doubts_answer"], "description": description, "classes": ["doubts"]}
    return [(_("Please look again"), options)]


def _day(text: str) -> date | None:
    """A period's first day as an address or button names it; None when it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
