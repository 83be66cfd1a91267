"""The page on which the supervision office says who looked, how, and what was found."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker.actions import verifications
from tracker.admin import access, evidence_forms
from tracker.admin.access import Guarded
from tracker.admin.evidence_forms import EvidenceField
from tracker.choices import Role, Stage, VerificationFinding, VerificationMethod
from tracker.models import Commitment, LookbackPick
from tracker.policies import Actor
from tracker.queries import reporting
from tracker.queries import verifications as looks
from tracker.rules import lifecycle


class VerifyForm(forms.Form):
    """How it was looked at, what was found, and what the reader saw."""

    method = forms.ChoiceField(
        label=gettext_lazy("method"),
        choices=VerificationMethod,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("How you looked. Choose the strongest one if there were several."),
    )
    finding = forms.ChoiceField(
        label=gettext_lazy("finding"),
        choices=VerificationFinding,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only “Confirmed” leads on to closing; the others send it back to work."),
    )
    note = forms.CharField(
        label=gettext_lazy("what was found"),
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        max_length=2000,
        help_text=gettext_lazy(
            "What you looked at, where and with whom. If something is lacking, this is what the department reads."
        ),
    )
    uploads = EvidenceField()
    seen = forms.IntegerField(widget=forms.HiddenInput)


class VerifyPage(Guarded[Commitment]):
    """Adds `<id>/verify/` to the commitments' admin; `?lookback=<id>` for a commitment of a sample."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verify_view)
        return [path("<int:object_id>/verify/", view, name="tracker_commitment_verify"), *super().get_urls()]

    def verify_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET asks, POST records. What cannot be verified now has no such page."""
        item, actor = self.row_or_404(request, str(object_id)), access.actor_of(request)
        pick = _pick(request, item, actor)
        if actor.role != Role.SUPERVISOR or (request.method == "GET" and not _is_waiting(item, pick)):
            raise Http404
        form = VerifyForm(request.POST or None, request.FILES or None, initial={"seen": item.revision})
        form.fields["note"].error_messages["required"] = str(DomainError("verification_note_missing"))
        if request.method == "POST" and form.is_valid() and self._recorded(request, item, pick, form, by=actor):
            return HttpResponseRedirect(_next(item, pick))
        return self._verify_page(request, item, pick, form, actor)

    def _recorded(
        self, request: HttpRequest, item: Commitment, pick: LookbackPick | None, form: VerifyForm, *, by: Actor
    ) -> bool:
        said = form.cleaned_data
        try:
            with transaction.atomic():
                row = verifications.record(
                    item,
                    method=VerificationMethod(said["method"]),
                    finding=VerificationFinding(said["finding"]),
                    note=said["note"],
                    lookback=pick.lookback if pick else None,
                    expected_revision=said["seen"],
                    by=by,
                    today=timezone.localdate(),
                )
                evidence_forms.attach(request, item, said["uploads"], verification=row)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return False
        item.refresh_from_db(fields=["stage"])
        told = {"title": item.title, "stage": Stage(item.stage).label}
        self.message_user(request, _("Recorded. “%(title)s” is now: %(stage)s.") % told, messages.SUCCESS)
        return True

    def _verify_page(
        self, request: HttpRequest, item: Commitment, pick: LookbackPick | None, form: VerifyForm, actor: Actor
    ) -> TemplateResponse:
        assert actor.user is not None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Look back at it") if pick else _("Verify"),
            "opts": self.opts,
            "original": item,
            "pick": pick,
            "form": form,
            "is_own": looks.has_reported(actor.user, item),
            "report": reporting.previous_report(item, before=None),
            "evidence": looks.evidence_of(item, viewer=actor),
            "earlier": looks.of_commitment(item, viewer=actor),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/verification/verify.html", context)


def _pick(request: HttpRequest, item: Commitment, actor: Actor) -> LookbackPick | None:
    """The place in the sample that the address names. Raises Http404 when there is none, or somebody looked already."""
    named = request.GET.get("lookback", "")
    if not named:
        return None
    pick = looks.open_pick(item, lookback_id=int(named), viewer=actor) if named.isascii() and named.isdigit() else None
    if pick is None:
        raise Http404
    return pick


def _is_waiting(item: Commitment, pick: LookbackPick | None) -> bool:
    stage = Stage(item.stage)
    return stage in lifecycle.CLOSED_STAGES if pick else Stage.VERIFIED in lifecycle.STEPS[stage]


def _next(item: Commitment, pick: LookbackPick | None) -> str:
    if pick is not None:
        return reverse("admin:tracker_lookback_change", args=[pick.lookback_id])
    return reverse("admin:tracker_commitment_change", args=[item.pk])
