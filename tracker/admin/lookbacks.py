"""Look-backs 回头看: a form that draws a sample, and the sample's page with everything needed to draw it again."""

import shlex
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker import policies
from tracker.actions import lookbacks
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.choices import Role
from tracker.models import Lookback
from tracker.policies import Actor
from tracker.queries import verifications
from tracker.rules import lifecycle


class DrawForm(forms.Form):
    """From what to draw, how many, and what the draw starts from."""

    closed_from = forms.DateField(
        label=gettext_lazy("closed from"), widget=DayInput, help_text=gettext_lazy("First day of the period.")
    )
    closed_until = forms.DateField(
        label=gettext_lazy("closed until"),
        widget=DayInput,
        help_text=gettext_lazy("Last day of the period, today at the latest. What was closed on it belongs to it."),
    )
    size = forms.IntegerField(
        label=gettext_lazy("sample size"),
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"class": "vTextField short"}),
        help_text=gettext_lazy("How many commitments are looked at again."),
    )
    seed = forms.CharField(
        label=gettext_lazy("seed"),
        required=False,
        max_length=lookbacks.LONGEST_SEED,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "What the draw starts from, for example a number drawn in public. Leave it empty for a random one; "
            "it is recorded either way."
        ),
    )


@admin.register(Lookback)
class LookbackAdmin(Guarded[Lookback]):
    """Drawn by the supervision office, read by the city's roles; a sample never changes."""

    viewers = access.CITY
    editors = access.SUPERVISION
    list_display = ["drawn_on", "period", "size", "population_size", "looked_at", "drawn_by"]
    list_select_related = ["drawn_by"]
    ordering = ["-drawn_on", "-id"]

    def scope(self, viewer: Actor) -> QuerySet[Lookback]:
        return policies.lookbacks_visible_to(viewer).select_related("drawn_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lookback]:
        return super().get_queryset(request).annotate(looked_count=Count("picks__verification"))

    def has_change_permission(self, request: HttpRequest, obj: Lookback | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("closed between"), ordering="closed_from")
    def period(self, row: Lookback) -> str:
        return f"{row.closed_from.isoformat()} – {row.closed_until.isoformat()}"

    @admin.display(description=gettext_lazy("population"))
    def population_size(self, row: Lookback) -> int:
        return len(row.population)

    @admin.display(description=gettext_lazy("looked at"))
    def looked_at(self, row: Lookback) -> str:
        return f"{getattr(row, 'looked_count', 0)} / {row.size}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form that draws."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and (row := self._drawn(request, form)):
            return HttpResponseRedirect(reverse("admin:tracker_lookback_change", args=[row.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Draw a sample for the look-back"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/lookback/draw.html", context)

    def _drawn(self, request: HttpRequest, form: DrawForm) -> Lookback | None:
        try:
            row = lookbacks.draw(**form.cleaned_data, by=access.actor_of(request), today=timezone.localdate())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return None
        self.message_user(request, _("The sample is drawn and recorded."), messages.SUCCESS)
        return row

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The sample in the order of the draw, each with its verification or the way to one. Nothing is changed."""
        row, actor = self.row_or_404(request, object_id), access.actor_of(request)
        if request.method == "POST":
            raise PermissionDenied
        sample = verifications.sample(row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Look-back of %(day)s") % {"day": row.drawn_on.isoformat()},
            "opts": self.opts,
            "row": row,
            "quoted_seed": shlex.quote(row.seed),
            "sample": sample,
            "may_verify": actor.role == Role.SUPERVISOR,
            "closed_stages": lifecycle.CLOSED_STAGES,
            "population_count": len(row.population),
        }
        return TemplateResponse(request, "admin/tracker/lookback/sample.html", context)
