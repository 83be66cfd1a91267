"""What responsible and supporting departments hand to the lead: a list, and a page with two fields."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker import policies
from tracker.actions import contributions
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.models import Commitment, Contribution
from tracker.policies import Actor
from tracker.queries import reporting
from tracker.rules import periods
from tracker.rules.periods import Period

DESK = "admin:index"


def month(start: date, end: date) -> str:
    """A period as people name it: 2026-11, or 2026-10 to 2026-12 for a quarter."""
    first, last = start.isoformat()[:7], end.isoformat()[:7]
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


class ContributionForm(ActionForm[Contribution]):
    """What this department did in the period. Two fields."""

    class Meta:
        model = Contribution
        fields = ("text", "is_no_change")
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"})}
        help_texts = {
            "text": gettext_lazy(
                "What your department did in this period. The lead reads it while it writes the report."
            ),
            "is_no_change": gettext_lazy("Tick this if nothing changed on your side; then nothing else is needed."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """The sentence about an empty contribution is the action's."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own hook
        return excluded | {"text"}


@admin.register(Contribution)
class ContributionAdmin(Acting[Contribution]):
    viewers = access.EVERYBODY
    editors = access.DEPARTMENTS
    action_compares = True
    form = ContributionForm
    change_form_template = "admin/tracker/contribution/change_form.html"
    list_display = ["title_shown", "period_shown", "department", "text_shown", "late_shown"]
    list_filter = ["is_late", "is_no_change"]
    list_select_related = ["commitment", "department"]
    search_fields = ["commitment__code", "commitment__title"]
    search_help_text = gettext_lazy("Code or words of the commitment’s title.")
    fields = ["text", "is_no_change"]

    def scope(self, viewer: Actor) -> QuerySet[Contribution]:
        return policies.contributions_visible_to(viewer).select_related(
            "commitment__plan", "commitment__lead", "department", "author"
        )

    def has_change_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        """One's own department's, until the lead hands its report in."""
        if not super().has_change_permission(request, obj) or obj is None:
            return False
        is_ours = obj.department_id == access.actor_of(request).department_id
        return is_ours and not reporting.is_handed_in(
            obj.commitment, period_start=obj.period_start, period_end=obj.period_end
        )

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def title_shown(self, row: Contribution) -> SafeString:
        return render_to_string("admin/tracker/_title.html", {"item": row.commitment, "with_code": True})

    @admin.display(description=gettext_lazy("period"), ordering="period_end")
    def period_shown(self, row: Contribution) -> str:
        return month(row.period_start, row.period_end)

    @admin.display(description=gettext_lazy("what we did"))
    def text_shown(self, row: Contribution) -> str:
        return row.text[:80] if row.text else _("nothing changed")

    @admin.display(description=gettext_lazy("late"), ordering="is_late")
    def late_shown(self, row: Contribution) -> str:
        return _("late") if row.is_late else "—"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The address names the commitment; what the department gave already is opened instead."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        if "commitment" not in request.GET:
            said = _("What leads wait for stands on your desk. Open it there.")
            self.message_user(request, said, messages.INFO)
            return HttpResponseRedirect(reverse(DESK))
        item, actor = self._commitment(request), access.actor_of(request)
        period = self._period(request, item)
        if period is None:
            self.message_user(request, str(DomainError("contribution_not_asked")), messages.WARNING)
            return HttpResponseRedirect(reverse(DESK))
        mine = Contribution.objects.filter(
            commitment=item, department=actor.department_id, period_start=period.start
        ).first()
        if mine is not None and request.method == "GET":
            return HttpResponseRedirect(reverse("admin:tracker_contribution_change", args=[mine.pk]))
        return super().add_view(request, form_url, {**_around(item, period), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        period = Period(start=row.period_start, end=row.period_end, opens_on=row.period_start, closes_on=row.period_end)
        extra = {**_around(row.commitment, period), "contribution": row, "due_on": None, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _commitment(self, request: HttpRequest) -> Commitment:
        """The commitment that the address names. Raises Http404 when there is none in sight."""
        seen = policies.visible_to(access.actor_of(request)).select_related("plan", "lead")
        item = seen.filter(code=request.GET.get("commitment", "")).first()
        if item is None:
            raise Http404
        return item

    def _period(self, request: HttpRequest, item: Commitment) -> Period | None:
        return reporting.period_asked(item, item.plan, today=timezone.localdate())

    def carry_out(
        self, request: HttpRequest, row: Contribution, form: ContributionForm, formsets: Any, change: bool
    ) -> Contribution:
        said = form.cleaned_data
        item = row.commitment if change else self._commitment(request)
        return contributions.save(
            item,
            text=said["text"],
            is_no_change=said["is_no_change"],
            period_start=row.period_start if change else None,
            expected_revision=form.seen_revision,
            by=access.actor_of(request),
            today=timezone.localdate(),
        )

    def _saved(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, _("Handed to the lead. You may change it until the lead reports."), messages.SUCCESS)
        return HttpResponseRedirect(reverse(DESK))

    def response_add(
        self, request: HttpRequest, obj: Contribution, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._saved(request)

    def response_change(self, request: HttpRequest, obj: Contribution) -> HttpResponse:
        return self._saved(request)


def _around(item: Commitment, period: Period) -> dict[str, Any]:
    """What stands beside the form: the matter, the period, and the day."""
    return {
        "title": item.title,
        "subtitle": None,
        "item": item,
        "period": month(period.start, period.end),
        "due_on": periods.contributions_due_on(period, support_days=item.plan.support_days),
        "today": timezone.localdate(),
    }
