"""What comes in about a commitment's facts. Lengths are those of the columns, or of the pages' forms."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tracker.api.inputs import Input, QuantityField
from tracker.api.once import OnceInput
from tracker.choices import Comparator, DueBasis, Kind

MOST = 1000  # characters of a reason
LONGEST = 20_000  # characters of a free text
EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)
SHORT = 2**15 - 1


class DayField(serializers.DateField):
    """A day as 2026-12-31, in a year that a plan can mean."""

    default_error_messages = {"year": _("The day lies between 1949-10-01 and 2199-12-31.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("year")
        return day


class CodeField(serializers.CharField):
    """The public code of something that stands already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)


class ReasonField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST, allow_blank=True, default="", **options)


class CommitmentFactsInput(OnceInput):
    """A commitment's facts. A field left out is empty in a new one, and keeps what stands in a correction."""

    title = serializers.CharField(max_length=200, help_text="What will be delivered, in one line.")
    summary = serializers.CharField(max_length=LONGEST, allow_blank=True, default="", help_text="What counts as done.")
    kind = serializers.ChoiceField(Kind.choices)
    lead = CodeField(allow_null=True, default=None, help_text="Code of the lead department; null: nobody yet.")
    post = CodeField(allow_null=True, default=None, help_text="Code of the post that answers for it.")
    responsible = serializers.ListField(
        child=CodeField(), max_length=100, default=list, help_text="Codes of departments, in the document’s order."
    )
    supporting = serializers.ListField(child=CodeField(), max_length=100, default=list)
    starts_on = DayField(allow_null=True, default=None)
    due_on = DayField(allow_null=True, default=None, help_text="The first one is kept as the original date.")
    due_text = serializers.CharField(max_length=80, allow_blank=True, default="", help_text="As the document says it.")
    due_basis = serializers.ChoiceField(DueBasis.choices, allow_blank=True, default="")
    is_continuous = serializers.BooleanField(default=False)
    clause = serializers.CharField(
        max_length=20, allow_null=True, default=None, help_text="Code of a clause of the plan."
    )
    initiative = CodeField(allow_null=True, default=None, help_text="Code of the initiative it is about.")
    parent = CodeField(  # type: ignore[assignment]  # a field of this name, not the serializer around it
        allow_null=True, default=None, help_text="Code of the larger commitment it belongs to."
    )
    tightening_reason = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="Needed where it asks more than its parent."
    )
    is_red_line = serializers.BooleanField(default=False)
    red_line_broken_on = DayField(allow_null=True, default=None)
    is_public = serializers.BooleanField(default=False)


class NewCommitmentInput(CommitmentFactsInput):
    """A commitment of a plan's ledger."""

    code = serializers.RegexField(
        r"^[^/\x00-\x1f\x7f]+\Z", max_length=40, help_text="Stands in addresses and never changes."
    )
    plan = CodeField(help_text="Code of the plan that promises it.")


class CommitmentCorrectionInput(CommitmentFactsInput):
    """What is to be corrected, and why."""

    client_ref = None  # type: ignore[assignment]  # a repetition changes nothing anyhow
    reason = ReasonField(help_text="Needed where a date that stands is moved, or work passes to another lead.")


class ReassignmentInput(Input):
    lead = CodeField(help_text="Code of the department that leads from now on.")
    reason = ReasonField(help_text="Both departments read it. Needed.")


class LeadConfirmationInput(Input):
    reason = ReasonField()


class MilestoneInput(Input):
    """A milestone by its name. What is left out keeps what stands; null empties it."""

    name = serializers.CharField(max_length=120)
    planned_on = DayField(allow_null=True, required=False)
    forecast_on = DayField(allow_null=True, required=False)
    actual_on = DayField(allow_null=True, required=False, help_text="The day on which it was reached.")
    weight = serializers.DecimalField(
        max_digits=6, decimal_places=2, allow_null=True, required=False, help_text="Null: informs only."
    )
    order = serializers.IntegerField(min_value=0, max_value=SHORT, required=False, help_text="Its place in the list.")


class TargetInput(Input):
    """A target by its indicator. What is left out keeps what stands; null empties it."""

    indicator = CodeField(help_text="Code of the indicator.")
    comparator = serializers.ChoiceField(Comparator.choices, required=False)
    value = QuantityField(allow_null=True, required=False, help_text="In the indicator’s unit.")
    value_max = QuantityField(allow_null=True, required=False, help_text="Upper end, for a range.")
    growth_percent = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True, required=False)
    base_year = serializers.IntegerField(min_value=1949, max_value=2199, allow_null=True, required=False)
    note = serializers.CharField(max_length=300, allow_blank=True, required=False)
