"""The forms of an import: choose a file; say how it is to be taken. And of an export."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from import_export.forms import ImportForm

from projects.errors import DomainError
from tracker.choices import Kind
from tracker.models import Plan

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")


class TakenForm(forms.Form):
    """What a ledger cannot say itself."""

    plan = forms.ModelChoiceField(
        Plan.objects.order_by("code"),
        label=_("plan"),
        required=False,
        empty_label=_("the file says it in a column of its own"),
        help_text=_("The decision or list of tasks that the file’s rows belong to."),
    )
    year = forms.IntegerField(
        label=_("year"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("Of deadlines without a year. Leave it empty if the file’s title says it."),
    )
    kind = forms.ChoiceField(
        label=_("kind of rows that name none"),
        required=False,
        choices=[("", _("by what the row holds")), *Kind.choices],
        help_text=_("Money makes a project, a bare number a target, anything else an action."),
    )


class LedgerImportForm(TakenForm, ImportForm):  # type: ignore[misc]  # the library has no types
    """Asks for the file; its kind follows from its content."""

    field_order = ["import_file", "plan", "year", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("format", "resource"):
            self.fields.pop(name, None)
        file = self.fields["import_file"]
        file.error_messages["empty"] = str(DomainError("ledger_empty_file"))
        file.help_text = _("xlsx, xls or CSV, at most %(megabytes)d MB. Nothing is written before you confirm.") % {
            "megabytes": settings.LEDGER_MAX_BYTES // 2**20
        }
        file.widget.attrs = {"accept": ",".join(SUFFIXES)}
        plans = list(Plan.objects.order_by("-horizon_starts_on", "code")[:2])
        if len(plans) == 1:
            self.fields["plan"].initial = plans[0]

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def clean_import_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["import_file"]
        if (file.size or 0) > settings.LEDGER_MAX_BYTES:
            megabytes = settings.LEDGER_MAX_BYTES // 2**20
            raise forms.ValidationError(str(DomainError("ledger_too_large", megabytes=megabytes)))
        if PurePath(file.name or "").suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(str(DomainError("ledger_not_a_workbook")))
        return file
