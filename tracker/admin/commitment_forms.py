"""The forms of a commitment's page: its facts, the departments beside the lead, milestones, targets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin.inlines import FollowsParent
from tracker.actions.commitments import EDITABLE, Owners
from tracker.admin.acting import ActionForm
from tracker.choices import Involvement
from tracker.models import Commitment, CommitmentDepartment, Milestone, Target

MILESTONE_FIELDS = ("planned_on", "forecast_on", "actual_on", "weight", "order")
TARGET_FIELDS = ("comparator", "value", "value_max", "growth_percent", "base_year", "note")


class CommitmentForm(ActionForm[Commitment]):
    """A commitment's facts, why they are corrected, and the revision that the page was opened at."""

    reason = forms.CharField(
        label=_("reason for the change"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("Stands in the history beside what you changed."),
    )

    class Meta:
        model = Commitment
        exclude: tuple[str, ...] = ()
        help_texts = {
            "code": _("Short and unique; it stands in addresses and never changes."),
            "plan": _("The document that promises it."),
            "kind": _("What sort of deliverable it is; it decides what its reports ask."),
            "starts_on": _("When the work begins. Leave it empty if it is not known."),
            "due_basis": _("Whether the document says the date, its horizon does, or the office set it."),
            "is_continuous": _("Work without an end date, which is never overdue. It is asked whether it is reported."),
            "is_red_line": _("It is kept or broken, and never has a percentage."),
            "red_line_broken_on": _("The day on which it was broken. Leave it empty while it is kept."),
            "tightening_reason": _(
                "Needed when the date is earlier or the number higher than the parent’s. Such matters are listed."
            ),
            "title": _("What will be delivered, in one line."),
            "summary": _("How anybody can tell that it is done."),
            "lead": _("Exactly one department leads. Leave it empty while nobody is known."),
            "post": _("The post that answers for it. Its holder may change."),
            "due_on": _("The first date entered is kept as the original one."),
            "due_text": _("As the document says it, for example “by the end of 2026”."),
            "clause": _("The place in the document that asks for it."),
            "initiative": _("The project, park, platform or programme it is about."),
            "parent": _("The larger commitment that this one belongs to."),
            "is_public": _("May be shown on the public pages."),
        }

    def values(self) -> dict[str, object]:
        """What the action takes. A lead that a person sets is no suggestion any more."""
        said = {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}
        if "lead" in self.changed_data:
            said["lead_is_suggested"] = False
        return said


class KeyedForm(forms.ModelForm[Any]):
    """A row that its action finds by one field: this field stays once the row stands."""

    key = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.key in self.fields:
            self.fields[self.key].disabled = True


class MilestoneForm(KeyedForm):
    key = "name"


class TargetForm(KeyedForm):
    key = "indicator"


class OwnerInline(FollowsParent[CommitmentDepartment, Commitment]):
    """Departments that share the work. Leaving one out is a correction of the list, so rows may be taken away."""

    model = CommitmentDepartment
    template = "admin/edit_inline/tabular.html"
    fields = ["involvement", "department", "order"]
    autocomplete_fields = ["department"]
    ordering = ["involvement", "order"]
    can_delete = True
    help_texts = {
        "involvement": _("Responsible for a piece of it, or supporting the lead."),
        "department": _("Name, short name or pinyin initials. Not the lead department."),
        "order": _("Its place in the document’s list."),
    }
    verbose_name = _("other department")
    verbose_name_plural = _("other departments")

    def has_delete_permission(self, request: HttpRequest, obj: Commitment | None = None) -> bool:
        return self.has_change_permission(request, obj)


class MilestoneInline(FollowsParent[Milestone, Commitment]):
    model = Milestone
    template = "admin/edit_inline/stacked.html"
    form = MilestoneForm
    fields = ["name", ("planned_on", "forecast_on", "actual_on"), ("weight", "order")]
    help_texts = {
        "name": _("What is reached, for example “construction begins”. It stays once it is saved."),
        "planned_on": _("The day on which it should be reached."),
        "forecast_on": _("The day on which it will be reached as things stand."),
        "actual_on": _("The day on which it was reached. Leave it empty until then."),
        "weight": _("Its share of the whole. Only milestones with a weight count in progress and light."),
        "order": _("Its place in the list."),
    }


class TargetInline(FollowsParent[Target, Commitment]):
    model = Target
    template = "admin/edit_inline/stacked.html"
    form = TargetForm
    fields = ["indicator", ("comparator", "value", "value_max"), ("growth_percent", "base_year"), "note"]
    autocomplete_fields = ["indicator"]
    help_texts = {
        "indicator": _("What is measured. It stays once it is saved."),
        "comparator": _("How the value has to compare with the number promised."),
        "value": _("The number promised, in the indicator’s unit. Leave it empty for a growth."),
        "value_max": _("The upper end, for a range only."),
        "growth_percent": _("The growth or decline promised, in percent of the base year’s value."),
        "base_year": _("The year that a growth is compared with."),
        "note": _("What has to be known to read the number."),
    }


Formset = BaseInlineFormSet[Any, Any, Any]


def owners(formset: Formset) -> Owners | None:
    """The departments as the page lists them, each group in its order; None when the page left the list as it was."""
    if not formset.has_changed():
        return None
    kept = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    rows = sorted((row for row in kept if row.get("department")), key=lambda row: row["order"] or 0)
    return Owners(
        responsible=[row["department"] for row in rows if row["involvement"] == Involvement.RESPONSIBLE],
        supporting=[row["department"] for row in rows if row["involvement"] == Involvement.SUPPORTING],
    )


def changed_rows(formset: Formset) -> list[Mapping[str, Any]]:
    """What the rows say that somebody added or changed."""
    return [form.cleaned_data for form in formset.forms if form.has_changed() and form.cleaned_data]
