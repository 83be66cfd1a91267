"""Files in forms: a field that takes several and refuses in words, and the hand that hangs them on a commitment."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker.actions import evidence, evidence_inspection, evidence_store
from tracker.actions.evidence import Added
from tracker.actions.evidence_store import Kept
from tracker.admin import access
from tracker.models import Commitment, ProgressReport, Verification
from tracker.rules.evidence import KINDS

MOST = 10  # as DATA_UPLOAD_MAX_NUMBER_FILES


class FilesInput(forms.FileInput):
    """The browser's own chooser, for several files; it offers the kinds that are taken."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ",".join(KINDS), "class": "files", **(attrs or {})})


def _help() -> str:
    said = _("PDF, pictures or Office files, at most %(megabytes)d MB each. Several may be chosen at once.")
    return said % {"megabytes": settings.EVIDENCE_MEGABYTES}


class EvidenceField(forms.FileField):
    """Several evidence files. Cleaned: a list of `Kept`, judged and stored, in the order chosen; empty for none.

    Storing here keeps file work before the locks of the action that follows. What no row names is never served.
    """

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": gettext_lazy("evidence files"),
            "required": False,
            "widget": FilesInput,
            "help_text": lazy(_help, str)(),
        }
        super().__init__(**(given | kwargs))

    def clean(self, data: Any, initial: Any = None) -> list[Kept]:
        """Judge and keep every file. Raises ValidationError with one sentence for each that is not taken."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not files:
            raise ValidationError(_("Choose at least one file."), code="required")
        if len(files) > MOST:
            raise ValidationError(str(DomainError("evidence_too_many", most=MOST)))
        refusals = [said for said in map(_refusal, files) if said]
        if refusals:
            raise ValidationError(refusals)
        try:
            return [evidence_store.keep(one) for one in files]
        except DomainError as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


def _refusal(file: "UploadedFile[bytes]") -> str:
    try:
        evidence_inspection.judge(file)
    except DomainError as refusal:
        return str(refusal)
    return ""


def attach(
    request: HttpRequest,
    commitment: Commitment,
    uploads: Sequence[Kept],
    *,
    report: ProgressReport | None = None,
    verification: Verification | None = None,
    note: str = "",
) -> int:
    """Hang the files on the commitment in the name of the person signed in; returns how many are new.

    What the same file already proves is told in a message. Raises DomainError when one may not be added; call it in
    the transaction of what it belongs to, so that both happen or neither.
    """
    actor, today = access.actor_of(request), timezone.localdate()
    done = 0
    for kept in uploads:
        added = evidence.add(
            commitment, upload=kept, note=note, report=report, verification=verification, by=actor, today=today
        )
        done += added.is_new
        for warning in warnings(added):
            messages.warning(request, warning)
    return done


def warnings(added: Added) -> list[str]:
    """What a person should know about a file that was just added; usually nothing."""
    name, said = {"name": added.evidence.name}, []
    if not added.is_new:
        said.append(_("“%(name)s” hangs here already. It was not added twice.") % name)
    if added.also_proves:
        codes = {"codes": "、".join(added.also_proves)}
        said.append(_("“%(name)s” already proves other matters: %(codes)s. Check that it fits here.") % (name | codes))
    if added.also_unseen:
        text = ngettext(
            "“%(name)s” already proves %(count)d matter of another department. Check that it fits here.",
            "“%(name)s” already proves %(count)d matters of other departments. Check that it fits here.",
            added.also_unseen,
        )
        said.append(text % (name | {"count": added.also_unseen}))
    return said
