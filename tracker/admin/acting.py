"""Admins that change rows through actions only: a refusal becomes an error on the form, and nothing is half-written."""

from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.admin import access, history
from tracker.admin.access import Guarded

Row = TypeVar("Row", bound=Model)
REFUSAL = "luoshi.refusal"  # where a request keeps what its first pass was refused with


class ActionForm(forms.ModelForm[Row], Generic[Row]):
    """A form whose saving is an action. `places` names the field that a constraint's or refusal's code belongs to."""

    refusal: ClassVar[DomainError | None] = None
    places: ClassVar[dict[str, str]] = {"ends_before_start": "due_on", "continuous_has_no_date": "due_on"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refusal is not None:
            field = self.places.get(self.refusal.field, self.refusal.field)
            self.add_error(field if field in self.fields else None, str(self.refusal))
        return cleaned

    def _post_clean(self) -> None:
        """Move the sentence of a constraint to the field that a person would correct."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, unknown to the stubs
        errors = self.errors.as_data().get(NON_FIELD_ERRORS, [])
        for error in list(errors):
            field = self.places.get(error.code or "")
            if field in self.fields and self.errors is not None:
                errors.remove(error)
                self._errors[NON_FIELD_ERRORS] = self.error_class(errors, error_class="nonfield")  # type: ignore[attr-defined]
                if not errors:
                    del self._errors[NON_FIELD_ERRORS]  # type: ignore[attr-defined]
                if field not in self.errors:
                    self.add_error(field, error)


class Acting(Guarded[Row]):
    """Saves through `carry_out`, which calls actions. Their refusal rolls everything back and shows on the form."""

    def carry_out(self, request: HttpRequest, row: Row, form: Any, formsets: Any, change: bool) -> Row:
        """Do what the valid form says, through actions; returns the row as it now stands. May raise DomainError."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra_context = {"show_save_and_add_another": False, **(extra_context or {})}
        if object_id is not None:
            self.row_or_404(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            # The transaction is rolled back. The second pass meets the refusal in the form and shows it.
            request.META[REFUSAL] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = request.META.get(REFUSAL)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        """Nothing yet: `save_related` has the inlines too, and hands all of it to `carry_out`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        row = self.carry_out(request, form.instance, form, formsets, change)
        form.instance.pk = row.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return show_history(self, request, self.row_or_404(request, object_id))


def show_history(admin: Guarded[Row], request: HttpRequest, row: Row) -> TemplateResponse:
    """The events of one row, newest first: who, when, what, field by field, why."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("What happened: %(name)s") % {"name": row},
        "opts": admin.opts,
        "object": row,
        "entries": history.of(row, viewer=access.actor_of(request)),
    }
    return TemplateResponse(request, "admin/object_history.html", context)
