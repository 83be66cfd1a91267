"""The ledger's pages: the list, one commitment, its steps. Supervisors keep it; everybody else reads what is theirs."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies, wording
from tracker.actions import commitments, corrections
from tracker.admin import access, commitment_forms
from tracker.admin.acting import Acting
from tracker.admin.commitment_bulk import BulkPages
from tracker.admin.commitment_forms import CommitmentForm, MilestoneInline, OwnerInline, TargetInline
from tracker.admin.filters import ImportFilter, QualityFilter
from tracker.admin.questions import offered as questions_offered
from tracker.admin.steps import StepPages, offered
from tracker.admin.tightening import TightenedFilter
from tracker.ledger.admin import LedgerAdminMixin
from tracker.models import Commitment, CommitmentDepartment, Milestone
from tracker.policies import Actor
from tracker.queries import ledger_said, questions, reporting

FACTS: list[tuple[Any, dict[str, Any]]] = [
    (None, {"fields": ["code", "plan", "title", "kind", "summary"]}),
    (gettext_lazy("Who"), {"fields": ["lead", "post"]}),
    (gettext_lazy("When"), {"fields": [("starts_on", "due_on"), ("due_basis", "due_text"), "is_continuous"]}),
    (
        gettext_lazy("Where it belongs"),
        {
            "fields": [
                "clause",
                "initiative",
                "parent",
                "tightening_reason",
                ("is_red_line", "red_line_broken_on"),
                "is_public",
            ]
        },
    ),
]
STANDING = (
    gettext_lazy("Where it stands"),
    {"fields": [("lamp", "stage"), "why", ("progress_shown", "forecast_on"), ("issued_on", "original_due_on")]},
)
REASON = (gettext_lazy("For the history"), {"fields": ["reason"]})


@admin.register(Commitment)
class CommitmentAdmin(LedgerAdminMixin, StepPages, BulkPages, Acting[Commitment]):
    viewers = access.EVERYBODY
    editors = access.SUPERVISION
    form = CommitmentForm
    action_compares = True
    inlines = [OwnerInline, MilestoneInline, TargetInline]
    change_form_template = "admin/tracker/commitment/change_form.html"
    list_display = ["code", "title_shown", "lamp", "lead_shown", "due_shown", "stage", "progress_shown"]
    list_display_links = ["code", "title_shown"]
    list_filter = [
        "health",
        "stage",
        ("lead", RelatedOnlyFieldListFilter),
        "kind",
        QualityFilter,
        TightenedFilter,
        ImportFilter,
    ]
    list_select_related = ["lead"]
    search_fields = ["code", "title", "initials", "initiative__name"]
    search_help_text = gettext_lazy("Code, words of the title or their pinyin initials, or the initiative’s name.")
    autocomplete_fields = ["plan", "clause", "initiative", "parent", "lead", "post"]
    ordering = ["code"]

    def scope(self, viewer: Actor) -> QuerySet[Commitment]:
        return policies.visible_to(viewer).select_related("plan", "lead")

    # --- What stands on the page

    def get_fieldsets(self, request: HttpRequest, obj: Commitment | None = None) -> Any:
        if not self.has_change_permission(request, obj):
            return [STANDING, *FACTS]
        return [*FACTS, REASON] if obj is None else [STANDING, *FACTS, REASON]

    def get_readonly_fields(self, request: HttpRequest, obj: Commitment | None = None) -> list[str]:
        standing = ["lamp", "stage", "why", "progress_shown", "forecast_on", "issued_on", "original_due_on"]
        return standing if obj is None else [*standing, "code", "plan"]

    def get_inlines(self, request: HttpRequest, obj: Commitment | None) -> list[Any]:
        """A reader is shown no empty groups."""
        if obj is None or self.has_change_permission(request, obj):
            return list(self.inlines)
        return [inline for inline in self.inlines if inline.model.objects.filter(commitment=obj).exists()]

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def title_shown(self, item: Commitment) -> SafeString:
        return render_to_string("admin/tracker/_title.html", {"item": item})

    @admin.display(description=gettext_lazy("light"), ordering="health")
    def lamp(self, item: Commitment) -> SafeString:
        return render_to_string("admin/tracker/_light.html", {"health": item.health})

    @admin.display(description=gettext_lazy("why this light"))
    def why(self, item: Commitment) -> SafeString:
        today = timezone.localdate()
        sentences = [wording.reason_sentence(reason, today=today) for reason in item.health_reasons]
        return render_to_string("admin/tracker/_reasons.html", {"sentences": sentences, "item": item})

    @admin.display(description=gettext_lazy("lead department"), ordering="lead__order")
    def lead_shown(self, item: Commitment) -> str:
        if item.lead is None:
            return _("nobody yet")
        return _("%(name)s (suggested)") % {"name": item.lead} if item.lead_is_suggested else str(item.lead)

    @admin.display(description=gettext_lazy("due date"), ordering="due_on")
    def due_shown(self, item: Commitment) -> str:
        if item.is_continuous:
            return _("continuous")
        return format_html('<span class="date">{}</span>', item.due_on.isoformat()) if item.due_on else "—"

    @admin.display(description=gettext_lazy("progress"), ordering="progress")
    def progress_shown(self, item: Commitment) -> str:
        if item.is_red_line:
            return _("broken") if item.red_line_broken_on else _("kept")
        return "—" if item.progress is None else f"{item.progress.normalize():f} %"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        item, actor = self.row_or_404(request, object_id), access.actor_of(request)
        extra = {
            "steps": offered(item, actor),
            "questions": questions_offered(self.admin_site, request, item),
            "may_report": policies.can_report(actor, item) and actor.role in access.DEPARTMENTS,
            "said": ledger_said.last_said(item, viewer=actor),
            "may_import": self.has_import_permission(request),
            "title": item.title,
            "subtitle": None,
        }
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Commitment], search_term: str
    ) -> tuple[QuerySet[Commitment], bool]:
        """In the report form's search box: only what the person's department reports on."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == "progressreport" and request.GET.get("field_name") == "commitment":
            found = found.filter(pk__in=reporting.reportable_by(access.actor_of(request)).values("pk"))
        return self._askable(request, found), may_repeat

    def _askable(self, request: HttpRequest, found: QuerySet[Commitment]) -> QuerySet[Commitment]:
        """In the search box of a new extension request, blocker or instruction: only what it may be asked of."""
        if request.GET.get("field_name") != "commitment":
            return found
        name, actor = request.GET.get("model_name", ""), access.actor_of(request)
        rows = questions.askable(name, actor, today=timezone.localdate())
        return found if rows is None else found.filter(pk__in=rows.values("pk"))

    # --- What a supervisor changes

    def carry_out(
        self, request: HttpRequest, row: Commitment, form: CommitmentForm, formsets: Any, change: bool
    ) -> Commitment:
        actor, today = access.actor_of(request), timezone.localdate()
        sets = {formset.model: formset for formset in formsets}
        owners = commitment_forms.owners(sets[CommitmentDepartment])
        if change:
            item = corrections.correct(
                row,
                values=form.values(),
                owners=owners,
                reason=form.cleaned_data["reason"],
                expected_revision=form.seen_revision,
                by=actor,
                today=today,
            )
        else:
            said = form.cleaned_data
            item = commitments.register(
                said["code"], plan=said["plan"], values=form.values(), owners=owners, by=actor, today=today
            )
        for formset in formsets:
            if formset.model is not CommitmentDepartment:
                _set_rows(item, formset, by=actor)
        return item


def _set_rows(item: Commitment, formset: commitment_forms.Formset, *, by: Actor) -> None:
    """Milestones and targets, each through its action."""
    today = timezone.localdate()
    for said in commitment_forms.changed_rows(formset):
        if formset.model is Milestone:
            values = {name: said[name] for name in commitment_forms.MILESTONE_FIELDS}
            values["order"] = values["order"] or 0
            commitments.set_milestone(item, name=said["name"], **values, by=by, today=today)
        else:
            values = {name: said[name] for name in commitment_forms.TARGET_FIELDS}
            commitments.set_target(item, indicator=said["indicator"], **values, by=by, today=today)
