"""The two forms of an import: choose a file; confirm what the preview showed."""

from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from import_export.forms import ConfirmImportForm, ImportForm

from projects.errors import DomainError
from tracker.ledger.formats import EXTENSIONS

SALT = "ledger.upload"
KEPT_SECONDS = 3600


class LedgerImportForm(ImportForm):  # type: ignore[misc]  # the library has no types
    """Asks for the file only; the format follows from its name."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()
        file = self.fields["import_file"]
        file.error_messages["empty"] = str(DomainError("ledger_empty_file"))
        file.help_text = _("xlsx or CSV, at most %(megabytes)d MB. Nothing is written before you confirm.") % {
            "megabytes": settings.LEDGER_MAX_BYTES // 2**20
        }
        file.widget.attrs = {"accept": ".xlsx,.xlsm,.csv"}

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def clean_import_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["import_file"]
        if (file.size or 0) > settings.LEDGER_MAX_BYTES:
            megabytes = settings.LEDGER_MAX_BYTES // 2**20
            raise forms.ValidationError(str(DomainError("ledger_too_large", megabytes=megabytes)))
        if PurePath(file.name or "").suffix.lower() not in EXTENSIONS:
            raise forms.ValidationError(str(DomainError("ledger_not_a_workbook")))
        return file

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        file = self.cleaned_data.get("import_file")
        if file:
            cleaned |= {"format": EXTENSIONS[PurePath(file.name).suffix.lower()], "resource": "0"}
        return cleaned


class LedgerConfirmForm(ConfirmImportForm):  # type: ignore[misc]  # the library has no types
    """Carries a signed note of what was shown: which upload, to whom, with what result."""

    def __init__(self, *args: object, user_id: int, **kwargs: object) -> None:
        self.user_id = user_id
        super().__init__(*args, **kwargs)

    @staticmethod
    def note(*, name: str, user_id: int, seal: str) -> str:
        return signing.dumps([name, user_id, seal], salt=SALT)

    def clean_import_file_name(self) -> str:
        try:
            name, user_id, seal = signing.loads(self.cleaned_data["import_file_name"], salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature:
            name, user_id, seal = "", None, ""
        if user_id != self.user_id:
            raise forms.ValidationError(str(DomainError("ledger_upload_gone")))
        self.cleaned_data["seal"] = seal
        return str(name)

    def clean_format(self) -> str:
        chosen: str = self.cleaned_data["format"]
        if chosen not in EXTENSIONS.values():
            raise forms.ValidationError(str(DomainError("ledger_upload_gone")))
        return chosen

    def clean_resource(self) -> str:
        return "0"
