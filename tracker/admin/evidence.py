"""Evidence: a list, a page to add files, a page of facts, and the one way in which a file's bytes leave the site."""

import logging
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker import policies
from tracker.actions import evidence, evidence_store
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.admin.evidence_forms import EvidenceField, attach
from tracker.choices import Role
from tracker.models import Commitment, Evidence, ProgressReport
from tracker.policies import Actor
from tracker.rules.evidence import DOWNLOAD_HEADERS

logger = logging.getLogger(__name__)


class EvidenceForm(forms.Form):
    """Which files, and what they prove."""

    uploads = EvidenceField(required=True)
    note = forms.CharField(
        label=gettext_lazy("what it proves"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("For example: acceptance record of 12 November. It stands beside each of these files."),
    )


class WithdrawForm(forms.Form):
    """Why a file is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("The file is not served any more; its name, its digest and your reason stay."),
    )


class StandingFilter(admin.SimpleListFilter):
    """Files that stand, or were withdrawn."""

    title = gettext_lazy("standing")
    parameter_name = "withdrawn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("0", _("stands")), ("1", _("withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Evidence]) -> QuerySet[Evidence]:
        if self.value() in {"0", "1"}:
            return queryset.filter(withdrawn_at__isnull=self.value() == "0")
        return queryset


class DownloadPages(Guarded[Evidence]):
    """Adds `<id>/download/`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        return [path("<int:object_id>/download/", view, name="tracker_evidence_download"), *super().get_urls()]

    def download_view(self, request: HttpRequest, object_id: int) -> HttpResponse | FileResponse:
        """The bytes, always as an attachment. Out of sight and withdrawn are both 404."""
        row = self.row_or_404(request, str(object_id))
        if row.withdrawn_at is not None or request.method not in {"GET", "HEAD"}:
            raise Http404
        try:
            handle = evidence_store.opened(row.sha256)
        except (evidence_store.Lost, ValueError) as fault:
            logger.error("evidence lost", extra={"evidence": row.pk, "fault": str(fault)})
            return self._lost(request, row, fault)
        answer = FileResponse(handle, as_attachment=True, filename=row.name, content_type=row.media_type)
        for name, value in DOWNLOAD_HEADERS.items():
            answer[name] = value
        return answer

    def _lost(self, request: HttpRequest, row: Evidence, fault: Exception) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("This file cannot be handed out"),
            "opts": self.opts,
            "evidence": row,
            "is_changed": str(fault) == "changed",
        }
        return TemplateResponse(request, "admin/tracker/evidence/lost.html", context, status=500)


@admin.register(Evidence)
class EvidenceAdmin(DownloadPages):
    """Files are added and withdrawn, never edited. Which of them are in sight `policies` says."""

    viewers = access.EVERYBODY
    editors = access.DEPARTMENTS | access.SUPERVISION
    list_display = ["name", "title_shown", "note", "size_shown", "author", "added_shown", "standing_shown"]
    list_filter = [StandingFilter]
    list_select_related = ["commitment__lead", "author"]
    search_fields = ["name", "note", "sha256", "commitment__code", "commitment__title", "commitment__initials"]
    search_help_text = gettext_lazy("Words of the file’s name, the commitment’s code or title, or a SHA-256.")
    ordering = ["-created_at", "-id"]

    def scope(self, viewer: Actor) -> QuerySet[Evidence]:
        return policies.evidence_visible_to(viewer).select_related(
            "commitment__lead", "report__author", "verification", "author"
        )

    # --- The list

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def title_shown(self, row: Evidence) -> SafeString:
        return render_to_string("admin/tracker/_title.html", {"item": row.commitment, "with_code": True})

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def size_shown(self, row: Evidence) -> str:
        return filesizeformat(row.size)

    @admin.display(description=gettext_lazy("added at"), ordering="created_at")
    def added_shown(self, row: Evidence) -> str:
        return f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("standing"), ordering="withdrawn_at")
    def standing_shown(self, row: Evidence) -> str:
        return _("withdrawn") if row.withdrawn_at else _("stands")

    # --- Adding

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First which commitment, then its files; both may stand in the address."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "commitment" not in request.GET:
            return self._choose(request)
        item, actor = self._commitment(request), access.actor_of(request)
        report = self._report(request, item)
        if not evidence.may_add(actor, item, report=report):
            raise PermissionDenied
        form = EvidenceForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and self._added(request, item, report, form):
            target = ("commitment", item.pk) if report is None else ("progressreport", report.pk)
            return HttpResponseRedirect(reverse(f"admin:tracker_{target[0]}_change", args=[target[1]]))
        return self._form_page(request, item, report, form)

    def _commitment(self, request: HttpRequest) -> Commitment:
        """The commitment that the address names. Raises Http404 when it is out of sight."""
        code = request.GET.get("commitment", "")
        seen = policies.visible_to(access.actor_of(request)).select_related("lead")
        item = None if "\x00" in code else seen.filter(code=code).first()
        if item is None:
            raise Http404
        return item

    def _report(self, request: HttpRequest, item: Commitment) -> ProgressReport | None:
        """The report that the address names, if it names one. Raises Http404 when it is out of sight."""
        if "report" not in request.GET:
            return None
        named = request.GET["report"]
        seen = policies.reports_visible_to(access.actor_of(request)).filter(commitment=item)
        report = seen.filter(pk=named).first() if named.isascii() and named.isdigit() and len(named) < 19 else None
        if report is None:
            raise Http404
        return report

    def _added(self, request: HttpRequest, item: Commitment, report: ProgressReport | None, form: EvidenceForm) -> bool:
        said = form.cleaned_data
        try:
            with transaction.atomic():
                done = attach(request, item, said["uploads"], report=report, note=said["note"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        if done:
            told = ngettext("%(count)d file was added.", "%(count)d files were added.", done) % {"count": done}
            self.message_user(request, told, messages.SUCCESS)
        return True

    def _form_page(
        self, request: HttpRequest, item: Commitment, report: ProgressReport | None, form: EvidenceForm
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add evidence"),
            "opts": self.opts,
            "item": item,
            "report": report,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/evidence/add.html", context)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """Ask which commitment the files belong to; then come back with its code in the address."""
        widget = AutocompleteSelect(Evidence._meta.get_field("commitment"), self.admin_site)
        mine = policies.visible_to(access.actor_of(request)).order_by("code")
        field = forms.ModelChoiceField(
            mine, label=_("commitment"), widget=widget, help_text=_("Code, words of the title or its pinyin initials.")
        )
        form = type("ChooseForm", (forms.Form,), {"commitment": field})(request.POST or None)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["commitment"]
            return HttpResponseRedirect(f"{reverse('admin:tracker_evidence_add')}?commitment={chosen.code}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which commitment do the files belong to?"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/evidence/choose.html", context)

    # --- The page of one file

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What is known of the file; those who may take it back find the form for it below."""
        row, actor = self.row_or_404(request, object_id), access.actor_of(request)
        may_withdraw = actor.role != Role.ADMIN and evidence.may_withdraw(actor, row)
        form = WithdrawForm(request.POST or None)
        if request.method == "POST":
            if self._withdrawn(request, row, form, by=actor):
                return HttpResponseRedirect(request.path)
            may_withdraw = True
        codes, hidden = evidence.elsewhere(row, viewer=actor)
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "opts": self.opts,
            "evidence": row,
            "also_proves": Commitment.objects.filter(code__in=codes).order_by("code"),
            "also_unseen": hidden,
            "form": form if may_withdraw else None,
        }
        return TemplateResponse(request, "admin/tracker/evidence/evidence.html", context)

    def _withdrawn(self, request: HttpRequest, row: Evidence, form: WithdrawForm, *, by: Actor) -> bool:
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        if not form.is_valid():
            return False
        try:
            evidence.withdraw(row, reason=form.cleaned_data["reason"], by=by, today=timezone.localdate())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return False
        self.message_user(request, _("Withdrawn. The file is not served any more."), messages.SUCCESS)
        return True
