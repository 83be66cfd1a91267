"""The steps of a commitment's life as pages: one sentence, a reason where one is owed, one button."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker.actions import steps
from tracker.admin import access
from tracker.admin.tightening import TightenedPage
from tracker.admin.verify import VerifyPage
from tracker.choices import Stage
from tracker.models import Commitment, Department
from tracker.policies import Actor
from tracker.queries.steps import open_to
from tracker.rules import lifecycle

# What the button says. Back to work has two meanings, told by where one comes from.
VERBS: Mapping[Stage, str | Promise] = {
    Stage.REGISTERED: pgettext_lazy("step", "Refuse, name the right owner"),
    Stage.ISSUED: pgettext_lazy("step", "Hand out"),
    Stage.ACCEPTED: pgettext_lazy("step", "Take on"),
    Stage.IN_PROGRESS: pgettext_lazy("step", "Start work"),
    Stage.REPORTED_DONE: pgettext_lazy("step", "Report done"),
    Stage.VERIFIED: pgettext_lazy("step", "Verify"),
    Stage.CLOSED: pgettext_lazy("step", "Close"),
    Stage.ARCHIVED: pgettext_lazy("step", "Archive"),
    Stage.SUSPENDED: pgettext_lazy("step", "Suspend"),
    Stage.CANCELLED: pgettext_lazy("step", "Cancel"),
    Stage.EXEMPT: pgettext_lazy("step", "Exempt"),
}
BACK_TO_WORK = pgettext_lazy("step", "Back to work")
BACK_TO_REGISTER = pgettext_lazy("step", "Back to the register")
REOPEN = pgettext_lazy("step", "Re-open")


class StepForm(forms.Form):
    """Why, who else (a refusal), until when (an exemption), and what the reader saw; only what the step asks."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("Stands in the history, where everybody who sees the commitment reads it."),
    )
    proposed_lead = forms.ModelChoiceField(
        Department.objects.none(),
        label=gettext_lazy("the right owner"),
        required=False,
        help_text=gettext_lazy("The department that should lead instead. Leave it empty if you do not know."),
    )
    exempt_until = forms.DateField(
        label=gettext_lazy("exempt until"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("The last day of the exemption; from the next day on the commitment is assessed again."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


def verb(current: Stage, to: Stage) -> str:
    """What the button of a step says."""
    if to == Stage.IN_PROGRESS and current in lifecycle.CLOSED_STAGES:
        return str(REOPEN)
    if to == Stage.IN_PROGRESS and current != Stage.ACCEPTED:
        return str(BACK_TO_WORK)
    if to == Stage.REGISTERED and current != Stage.ISSUED:
        return str(BACK_TO_REGISTER)
    return str(VERBS[to])


def offered(item: Commitment, actor: Actor) -> list[tuple[Stage, str]]:
    """The steps this person may take with this commitment now, and what their buttons say."""
    current = Stage(item.stage)
    return [(to, verb(current, to)) for to in open_to(actor, item)]


class StepPages(VerifyPage, TightenedPage):
    """Adds `<id>/step/<stage>/` to the commitments' admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        step = path("<int:object_id>/step/<slug:to>/", view, name="tracker_commitment_step")
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, object_id: int, to: str) -> HttpResponse:
        """GET asks, POST does. A step that is not offered does not exist; verifying has a page of its own."""
        item = self.row_or_404(request, str(object_id))
        actor = access.actor_of(request)
        stages = dict(offered(item, actor))
        if to not in Stage.values or (request.method == "GET" and Stage(to) not in stages):
            raise Http404
        stage = Stage(to)
        step = lifecycle.STEPS[Stage(item.stage)].get(stage)
        if request.method == "GET" and step is not None and step.needs_verification:
            return HttpResponseRedirect(reverse("admin:tracker_commitment_verify", args=[item.pk]))
        form = self._form(request, item, step, to=stage)
        if request.method == "POST" and form.is_valid() and self._taken(request, item, stage, form):
            return HttpResponseRedirect(reverse("admin:tracker_commitment_change", args=[item.pk]))
        return self._page(request, item, stage, form)

    def _form(self, request: HttpRequest, item: Commitment, step: lifecycle.Step | None, *, to: Stage) -> StepForm:
        form = StepForm(request.POST or None, initial={"seen": item.revision})
        if step is None or not step.needs_until:
            del form.fields["exempt_until"]
        else:
            form.fields["exempt_until"].required = True
            form.fields["exempt_until"].error_messages["required"] = str(DomainError("exemption_needs_end"))
        if step is None or not step.names_owner:
            del form.fields["proposed_lead"]
        else:
            owner = form.fields["proposed_lead"]
            assert isinstance(owner, forms.ModelChoiceField)
            owner.widget = AutocompleteSelect(Commitment._meta.get_field("proposed_lead"), self.admin_site)
            at_work = Department.objects.filter(is_active=True)
            owner.queryset = at_work.exclude(pk=item.lead_id) if item.lead_id else at_work
        owed = _reason_owed(item, step, to=to)
        form.fields["reason"].required = owed is not None
        form.fields["reason"].error_messages["required"] = str(owed or "")
        return form

    def _taken(self, request: HttpRequest, item: Commitment, stage: Stage, form: StepForm) -> bool:
        said = form.cleaned_data
        try:
            steps.move(
                item,
                to=stage,
                reason=said["reason"],
                exempt_until=said.get("exempt_until"),
                proposed_lead=said.get("proposed_lead"),
                expected_revision=said["seen"],
                by=access.actor_of(request),
                today=timezone.localdate(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return False
        done = _("“%(title)s” is now: %(stage)s.") % {"title": item.title, "stage": stage.label}
        self.message_user(request, done, messages.SUCCESS)
        return True

    def _page(self, request: HttpRequest, item: Commitment, stage: Stage, form: StepForm) -> TemplateResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": verb(Stage(item.stage), stage),
            "opts": self.opts,
            "original": item,
            "form": form,
            "from_stage": Stage(item.stage).label,
            "to_stage": stage.label,
            "proposal": item.proposed_lead if stage == Stage.ISSUED else None,
            "button": verb(Stage(item.stage), stage),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/commitment/step.html", context)


def _reason_owed(item: Commitment, step: lifecycle.Step | None, *, to: Stage) -> DomainError | None:
    """What is said to who gives no reason; None where none is owed."""
    if to == Stage.REPORTED_DONE:
        try:
            lifecycle.check_done(item.progress, reason="")
        except DomainError as refusal:
            return refusal
    return DomainError("reason_needed") if step and step.needs_reason else None
