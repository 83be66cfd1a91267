"""The ledger's face in the admin: import and export of commitments as a mixin for their ModelAdmin.

class CommitmentAdmin(LedgerAdminMixin, admin.ModelAdmin): its `get_queryset` says who sees (and exports) what; only
the supervision office imports.
"""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin

from projects.errors import DomainError
from tracker import policies
from tracker.ledger import downloads, exports, template
from tracker.ledger.export_form import ExportForm
from tracker.ledger.formats import FORMATS
from tracker.ledger.forms import LedgerConfirmForm, LedgerImportForm
from tracker.ledger.resource import LedgerResource, LedgerResult
from tracker.ledger.storage import UploadStorage
from tracker.ledger.stream import XLSX
from tracker.models import User
from tracker.policies import Actor

logger = logging.getLogger(__name__)


class LedgerAdminMixin(ImportExportMixin):  # type: ignore[misc]  # the library has no types
    """Import for the supervision office, export for everyone who sees the list, of what they see."""

    formats = FORMATS
    resource_classes = [LedgerResource]
    import_form_class = LedgerImportForm
    confirm_form_class = LedgerConfirmForm
    tmp_storage_class = UploadStorage
    import_template_name = "admin/ledger/import.html"
    export_template_name = "admin/ledger/export.html"
    skip_import_confirm = False

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

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, object]:
        """What the resource needs to know beside the rows."""
        return {"by": _actor(kwargs["request"]), "today": timezone.localdate(), "form": kwargs["form"]}

    def get_confirm_form_kwargs(
        self, request: HttpRequest, import_form: LedgerImportForm | None = None
    ) -> dict[str, object]:
        return {**super().get_confirm_form_kwargs(request, import_form), "user_id": request.user.pk}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: LedgerImportForm | None) -> dict[str, object]:
        initial: dict[str, object] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            name, seal = str(initial["import_file_name"]), import_form.cleaned_data["seal"]
            initial["import_file_name"] = LedgerConfirmForm.note(name=name, user_id=request.user.pk or 0, seal=seal)
        return initial

    def add_data_read_fail_error_to_form(self, form: LedgerImportForm, e: Exception) -> None:
        form.add_error("import_file", _sentence(e))

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Enter what was confirmed. It is read and judged again; what cannot be entered is shown, not written."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        if not form.is_valid():
            return self._ask_again(request, DomainError("ledger_upload_gone"))
        try:
            response: HttpResponse = super().process_import(request, **kwargs)
        except DomainError as refusal:
            return self._ask_again(request, refusal)
        return response

    def process_result(self, result: LedgerResult, request: HttpRequest) -> HttpResponse:
        if result.applied is None:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Import"),
                "form": self.get_import_form_class(request)(FORMATS, self.resource_classes),
                "opts": self.opts,
                "result": result,
            }
            return TemplateResponse(request, [self.import_template_name], context, status=409)
        self.add_success_message(result, request)
        return HttpResponseRedirect(self._url("changelist"))

    def add_success_message(self, result: LedgerResult, request: HttpRequest) -> None:
        done = result.applied
        if done is None or done.group is None:
            messages.info(request, _("The file says what the ledger says. Nothing was changed."))
            return
        counts = {"registered": done.registered, "revised": done.revised, "unchanged": done.unchanged}
        messages.success(
            request,
            _("The ledger was imported: %(registered)d new, %(revised)d changed, %(unchanged)d unchanged.") % counts,
        )

    def _ask_again(self, request: HttpRequest, refusal: DomainError) -> HttpResponse:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(self._url("import"))

    def _url(self, name: str) -> str:
        app, model = self.get_model_info()
        return reverse(f"admin:{app}_{model}_{name}", current_app=self.admin_site.name)


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return policies.actor_of(request.user, request_id=request.META.get("LUOSHI_REQUEST_ID", ""))


def _sentence(error: Exception) -> str:
    if isinstance(error, DomainError):
        return str(error)
    logger.error("ledger unreadable", exc_info=error)
    return str(DomainError("ledger_damaged"))
