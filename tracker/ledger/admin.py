"""The ledger's face in the admin: import and export of commitments as a mixin for their ModelAdmin.

class CommitmentAdmin(LedgerAdminMixin, admin.ModelAdmin): its `get_queryset` says who sees (and exports) what; only
the supervision office imports.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin

from projects.errors import DomainError
from tracker import policies
from tracker.actions import imports as actions
from tracker.ledger import downloads, exports, importing, template
from tracker.ledger.export_form import ExportForm
from tracker.ledger.formats import FORMATS
from tracker.ledger.forms import LedgerImportForm
from tracker.ledger.resource import LedgerResource
from tracker.ledger.stream import XLSX
from tracker.models import User
from tracker.policies import Actor


class LedgerAdminMixin(ImportExportMixin):  # type: ignore[misc]  # the library has no types
    """Import for the supervision office, export for everyone who sees the list, of what they see."""

    formats = FORMATS
    resource_classes = [LedgerResource]
    import_form_class = LedgerImportForm
    import_template_name = "admin/ledger/import.html"
    export_template_name = "admin/ledger/export.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether this person works for the supervision office."""
        return isinstance(request.user, User) and request.user.is_active and policies.can_supervise(_actor(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever sees the list may take it along."""
        return bool(self.has_view_permission(request))

    # --- Export

    def get_urls(self) -> list[URLPattern]:
        own = path("template/", self.admin_site.admin_view(self.template_view), name="tracker_commitment_template")
        return [own, *super().get_urls()]

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the form and the kind of file, then answer with it: the rows that the list shows, in its order."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        viewer = _actor(request)
        form = ExportForm(request.POST if request.method == "POST" else None, offered=exports.choices(viewer))
        if form.is_valid():
            found = self.get_export_queryset(request)
            return exports.answer(form.chosen, form.kind, found, viewer=viewer, today=timezone.localdate())
        context = {**self.admin_site.each_context(request), "title": _("Export"), "form": form, "opts": self.opts}
        status = 400 if form.errors else 200
        return TemplateResponse(request, [self.export_template_name], context, status=status)

    def template_view(self, request: HttpRequest) -> HttpResponseBase:
        """An empty ledger to fill in."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        return downloads.answer(template.workbook(viewer=_actor(request)), name=template.NAME, kind=XLSX)

    # --- Import

    def import_action(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Ask for a file, keep it, look at it (or have the worker do so), and show what it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = LedgerImportForm(
            formats=FORMATS, resources=self.resource_classes, data=request.POST or None, files=request.FILES or None
        )
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                row = actions.receive(
                    said["import_file"].read(), file_name=said["import_file"].name, plan=said["plan"],
                    year=said["year"], kind=said["kind"], by=_actor(request),
                )  # fmt: skip
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                if importing.is_small(row):
                    importing.work(row.pk, now=timezone.now())
                return HttpResponseRedirect(reverse("admin:tracker_ledgerimport_change", args=[row.pk]))
        context = {
            **self.admin_site.each_context(request), "title": _("Import"), "form": form, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(request, [self.import_template_name], context)

    def process_import(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """The library's second step; here the import's own page has it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:tracker_ledgerimport_changelist"))


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return policies.actor_of(request.user, request_id=request.META.get("LUOSHI_REQUEST_ID", ""))
