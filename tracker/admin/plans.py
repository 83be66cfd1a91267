"""Plans and their clauses: the supervision office keeps them, everybody reads them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.actions import plans
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.models import Clause, Plan
from tracker.policies import Actor

PLAN_FIELDS = (
    "title", "short_title", "issuer", "number", "jurisdiction", "adopted_on", "horizon_starts_on", "horizon_ends_on",
    "baseline_year", "source_note", "report_cycle", "report_opens_days", "report_grace_days", "late_periods",
    "support_days", "tracked_since",
)  # fmt: skip
CLAUSE_FIELDS = ("parent", "order", "heading", "summary", "verbatim", "paragraph")


class PlanForm(ActionForm[Plan]):
    places = {"plan_ends_before_start": "horizon_ends_on"}


class ClauseForm(ActionForm[Clause]):
    def clean(self) -> dict[str, Any]:
        """A judgement has its reason, and a reason its judgement: words that nobody would keep are not taken."""
        is_judged = self.instance.needs_no_commitment
        cleaned = super().clean()
        if "needs_no_commitment" in self.errors:
            return cleaned
        needs_none, reason = cleaned.get("needs_no_commitment"), cleaned.get("no_commitment_reason")
        if needs_none and not reason:
            self._refuse("judgement_needs_reason")
        elif reason and not needs_none and not is_judged:
            self._refuse("judgement_without_mark")
        return cleaned

    def _refuse(self, code: str) -> None:
        if "no_commitment_reason" not in self.errors:
            self.add_error("no_commitment_reason", ValidationError(str(DomainError(code)), code=code))

    def clean_parent(self) -> Clause | None:
        """A clause belongs to one of its own document."""
        parent: Clause | None = self.cleaned_data["parent"]
        plan = self.cleaned_data.get("plan") or (self.instance.plan if self.instance.pk else None)
        if parent is not None and plan is not None and parent.plan_id != plan.pk:
            raise ValidationError(str(DomainError("clause_of_another_plan")), code="clause_of_another_plan")
        return parent


@admin.register(Plan)
class PlanAdmin(Acting[Plan]):
    viewers = access.EVERYBODY
    editors = access.SUPERVISION
    form: Any = PlanForm
    list_display = ["short_title", "issuer", "horizon_starts_on", "horizon_ends_on", "report_cycle", "tracked_since"]
    search_fields = ["code", "title", "short_title"]
    fieldsets = [
        (None, {"fields": ["code", "title", "short_title", ("issuer", "number"), "jurisdiction", "adopted_on"]}),
        (
            _("What it spans"),
            {"fields": [("horizon_starts_on", "horizon_ends_on"), "baseline_year", "source_note"]},
        ),
        (
            _("How it is reported"),
            {
                "fields": [
                    ("report_cycle", "tracked_since"), ("report_opens_days", "report_grace_days"),
                    ("late_periods", "support_days"),
                ]
            },
        ),
    ]  # fmt: skip
    help_texts = {
        "code": _("Short and unique; it stands in addresses and never changes."),
        "title": _("The document’s full title."),
        "short_title": _("As people call it; it stands in lists."),
        "issuer": _("Who adopted it, for example the municipal committee."),
        "number": _("As printed on the document. Leave it empty if it has none."),
        "jurisdiction": _("The place that it binds."),
        "adopted_on": _("The day of adoption. Leave it empty if it is not known."),
        "horizon_starts_on": _("The first day of the time that the document plans for."),
        "horizon_ends_on": _("The last day of the time that the document plans for."),
        "baseline_year": _("The year that growth is compared with. Leave it empty if the document names none."),
        "source_note": _("Where the text was published, with the address."),
        "report_cycle": _("Departments report once in each such period."),
        "report_opens_days": _("Empty: from the first day of the period."),
        "report_grace_days": _("Reports are on time until so many days after the period’s last day."),
        "late_periods": _("So many closed periods may still be reported; such a report is marked late."),
        "support_days": _("Supporting departments are asked this much earlier than the lead, which builds on them."),
        "tracked_since": _("From this day on a missing report counts. Leave it empty while nothing is handed out."),
    }

    def scope(self, viewer: Actor) -> QuerySet[Plan]:
        return Plan.objects.all()

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> list[str]:
        return ["code"] if obj else []

    def carry_out(self, request: HttpRequest, row: Plan, form: Any, formsets: Any, change: bool) -> Plan:
        said, actor = form.cleaned_data, access.actor_of(request)
        values = {name: said[name] for name in PLAN_FIELDS}
        since = values.pop("tracked_since")
        before = Plan.objects.filter(code=row.code).values_list("tracked_since", flat=True).first()
        if since is None or since == before:
            return plans.set_plan(row.code, values={**values, "tracked_since": since}, by=actor)
        # Lights are looked at again when reports are owed from another day.
        return plans.start_tracking(plans.set_plan(row.code, values=values, by=actor), since=since, by=actor)


@admin.register(Clause)
class ClauseAdmin(Acting[Clause]):
    viewers = access.EVERYBODY
    editors = access.SUPERVISION
    form: Any = ClauseForm
    fieldsets = [
        (None, {"fields": ["plan", "code", "parent", "order", "heading", "summary", "verbatim", "paragraph"]}),
        (_("Judged"), {"fields": ["needs_no_commitment", "no_commitment_reason"]}),
    ]
    list_display = ["code", "heading", "plan", "parent", "needs_no_commitment"]
    list_filter = ["plan", "needs_no_commitment"]
    list_select_related = ["plan", "parent"]
    search_fields = ["code", "heading", "summary"]
    autocomplete_fields = ["plan", "parent"]
    ordering = ["plan", "order"]
    help_texts = {
        "plan": _("The document that it stands in."),
        "code": _("Its number within the document, for example 2.3; it never changes."),
        "parent": _("The clause or chapter that it belongs to. Leave it empty for a chapter."),
        "order": _("Its place in the document, counted from the first clause."),
        "heading": _("Its heading, or a short name for it."),
        "summary": _("What it asks, in our own words."),
        "verbatim": _("The document’s own words, where they may be kept."),
        "paragraph": _("The paragraph of the source, counted from 1. Leave it empty if it is not known."),
        "needs_no_commitment": _("You read it, and nothing in it is to be delivered: no promise, nothing to be done."),
        "no_commitment_reason": _(
            "It stands beside the clause on the decision’s page. "
            "To take the judgement back, clear the mark and write why."
        ),
    }

    def scope(self, viewer: Actor) -> QuerySet[Clause]:
        return Clause.objects.select_related("plan")

    def get_readonly_fields(self, request: HttpRequest, obj: Clause | None = None) -> list[str]:
        return ["plan", "code"] if obj else []

    def carry_out(self, request: HttpRequest, row: Clause, form: Any, formsets: Any, change: bool) -> Clause:
        said = form.cleaned_data
        values = {name: said[name] for name in CLAUSE_FIELDS}
        actor = access.actor_of(request)
        clause = plans.set_clause(row.plan, row.code, values=values, by=actor)
        needs_none, reason = said["needs_no_commitment"], said["no_commitment_reason"]
        return plans.judge_clause(clause, needs_none=needs_none, reason=reason, by=actor)
