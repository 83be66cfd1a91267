"""Admins that change rows through actions only: a refusal becomes an error on the form, and nothing is half-written."""

from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.admin import access, conflict
from tracker.admin.access import Guarded

Row = TypeVar("Row", bound=Model)
REFUSAL = "luoshi.refusal"  # where a request keeps what its first pass was refused with
STALE = "stale"


class ActionForm(forms.ModelForm[Row], Generic[Row]):
    """A form whose saving is an action. `places` names the field that a constraint's or refusal's code belongs to.

    `seen` is what the page remembers of the row it was opened with (`conflict.token`).
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    refusal: ClassVar[DomainError | None] = None
    places: ClassVar[dict[str, str]] = {"ends_before_start": "due_on", "continuous_has_no_date": "due_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen" in self.fields and self.instance.pk:
            self.fields["seen"].initial = conflict.token(self.instance)

    @property
    def seen_revision(self) -> int | None:
        """The revision that the page was opened at, for actions that ask for it; None when it does not say."""
        said = str(self.cleaned_data.get("seen") or "")
        return int(said) if said.isdecimal() else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refusal is not None and self.refusal.code == STALE:
            self.add_error(None, _("Somebody changed this while you were writing. Compare both versions."))
        elif self.refusal is not None:
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
    """Saves through `carry_out`, which calls actions. Their refusal rolls everything back and shows on the form.

    Whoever saves a page that somebody else changed meanwhile is shown both versions and keeps what they typed; the
    next save knows of the other one and may write over it.
    """

    # Whether `carry_out` hands the form's `seen_revision` to an action, which then does the comparing itself.
    action_compares: ClassVar[bool] = False

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
            if refusal.code == STALE and object_id is not None:
                return self.both_versions(request, object_id, form_url, extra_context)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def both_versions(
        self, request: HttpRequest, object_id: str, form_url: str, extra_context: dict[str, Any]
    ) -> HttpResponse:
        """The page as the person filled it in, what is stored beside it; it now remembers the stored row."""
        row = self.row_or_404(request, object_id)
        said = request.POST.copy()
        said["seen"] = conflict.token(row)
        request.POST = said  # type: ignore[assignment]  # a mutable copy is what a form wants
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            form = answer.context_data["adminform"].form
            formsets = [inline.formset for inline in answer.context_data["inline_admin_formsets"]]
            answer.context_data["conflict"] = conflict.compare(row, form, formsets, viewer=access.actor_of(request))
        return answer

    def get_form(self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = request.META.get(REFUSAL)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        """Nothing yet: `save_related` has the inlines too, and hands all of it to `carry_out`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if change and not self.action_compares:
            self._require_unchanged(form)
        row = self.carry_out(request, form.instance, form, formsets, change)
        form.instance.pk = row.pk

    def _require_unchanged(self, form: Any) -> None:
        """Lock the row, and raise DomainError `stale` when it is not the one that the page was opened with."""
        seen = form.cleaned_data.get("seen")
        stored = self.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=form.instance.pk)
        if seen and seen != conflict.token(stored):
            raise DomainError(STALE, revision=conflict.token(stored))


def show_history(page: Guarded[Row], request: HttpRequest, row: Row) -> HttpResponse:
    """The history page of a row that was found to be in sight; `Guarded.history_view` does both by itself."""
    return page.show_history(request, row)
