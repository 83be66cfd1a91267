"""The forms of moved working days: one day, why one is removed, what is imported, and what the preview showed."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.actions import workdays
from tracker.admin.acting import ActionForm
from tracker.ledger import workdays as files
from tracker.models import DayOverride
from tracker.rules import workday_notice, workday_rows
from tracker.rules.workday_rows import MovedDay, Reading

SALT = "workdays.preview"
KEPT_SECONDS = 3600
LONGEST_TEXT = 100_000


def reason_field(help_text: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_("reason"),
        required=required,
        max_length=workdays.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=help_text,
    )


class DayForm(ActionForm[DayOverride]):
    """One day. A reason is asked for when it is changed; a new one rests on its source."""

    reason = reason_field(_("Needed when a day that was entered before is changed. It stands in the history."))

    class Meta:
        model = DayOverride
        fields = ("day", "is_working", "name", "notice")
        error_messages: ClassVar[dict[str, Any]] = {
            "day": {"unique": _("This day is in the list already. Open it there and change it.")}
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "day": _("The day that the notice moves. It never changes: remove it and enter another one."),
            "is_working": _("Tick it for a weekend on which offices work; leave it empty for a day off."),
            "name": _("The holiday that it belongs to, for example 春节 or 国庆节调休."),
            "notice": _("The State Council’s notice with its number, for example 国办发明电〔2025〕7号."),
        }


class RemoveForm(forms.Form):
    """Why a day is taken out of the list."""

    reason = reason_field(_("Why the day does not belong in the list. It stands in the history."), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = str(DomainError("workday_reason_needed"))


class ImportForm(forms.Form):
    """A file or pasted lines. `reading` holds what they say, once the form is valid."""

    reading: Reading

    text = forms.CharField(
        label=_("paste the notice or the days"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=_(
            "The notice of the State Council as it is published, with its title; or one line a day or span, for "
            "example “2027-02-14 上班 春节调休” or “2027-02-05至2027-02-11 放假 春节”; or the columns "
            "日期、是否上班、名称、来源 copied from a sheet."
        ),
    )
    import_file = forms.FileField(label=_("or choose a file"), required=False, allow_empty_file=True)
    notice = forms.CharField(
        label=_("source of rows without one"),
        required=False,
        max_length=workday_rows.LONGEST_NOTICE,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_(
            "The notice with its number, for example 国办发明电〔2025〕7号; it is written to every row that names no "
            "source itself. A pasted notice that says its number or title needs nothing here."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["import_file"]
        file.widget.attrs = {"accept": ".xlsx,.xlsm,.csv"}
        file.help_text = _("xlsx or CSV, at most %(megabytes)d MB. Nothing is written before you confirm.") % {
            "megabytes": settings.LEDGER_MAX_BYTES // 2**20
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.reading = self._read(cleaned)
            except DomainError as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> Reading:
        text, file, notice = cleaned["text"], cleaned["import_file"], cleaned["notice"]
        if file and text.strip():
            raise DomainError("workdays_two_given", field="import_file")
        if file:
            if file.size > settings.LEDGER_MAX_BYTES:
                megabytes = settings.LEDGER_MAX_BYTES // 2**20
                raise DomainError("ledger_too_large", field="import_file", megabytes=megabytes)
            return files.of_file(file.read(), name=file.name, notice=notice)
        if not text.strip():
            raise DomainError("workdays_nothing_given", field="text")
        return workday_notice.of_text(text, notice=notice)


class ConfirmForm(forms.Form):
    """Carries, signed, what the preview showed to whom; the days are read from it and not from the file again."""

    kept = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field(_("Needed when days that were entered before are changed. It stands in the history."))

    rows: Sequence[MovedDay] = ()
    fingerprint = ""

    def __init__(self, *args: Any, user_id: int, **kwargs: Any) -> None:
        self.user_id = user_id
        super().__init__(*args, **kwargs)

    @staticmethod
    def note(rows: Sequence[MovedDay], *, user_id: int, fingerprint: str) -> str:
        said = [(row.day.isoformat(), row.is_working, row.name, row.notice, row.number) for row in rows]
        return signing.dumps([user_id, fingerprint, said], salt=SALT, compress=True)

    def clean_kept(self) -> str:
        kept: str = self.cleaned_data["kept"]
        try:
            user_id, self.fingerprint, said = signing.loads(kept, salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature:
            user_id, said = None, []
        if user_id != self.user_id:
            raise forms.ValidationError(str(DomainError("workdays_preview_gone")))
        self.rows = [
            MovedDay(day=date.fromisoformat(day), is_working=works, name=name, notice=notice, number=number)
            for day, works, name, notice, number in said
        ]
        return kept
