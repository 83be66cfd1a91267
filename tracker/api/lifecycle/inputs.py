"""What comes in with a step, with many at once, with a reminder."""

from rest_framework import serializers

from tracker.api.inputs import Input
from tracker.api.registering.inputs import CodeField, DayField, ReasonField
from tracker.delivery import asking

MOST_AT_ONCE = 100


class StepInput(Input):
    reason = ReasonField(help_text="Stands in the history. Some steps need it.")


class RefusalInput(Input):
    reason = ReasonField(help_text="Why it is refused. Needed.")
    proposed_lead = CodeField(
        allow_null=True, default=None, help_text="Code of the department that should lead instead; null: not known."
    )


class ExemptionInput(Input):
    reason = ReasonField(help_text="Why. Needed.")
    exempt_until = DayField(help_text="The last day of the exemption, after today.")


class RemindInput(Input):
    reason = serializers.CharField(
        max_length=asking.LONGEST_NOTE, allow_blank=True, default="", help_text="What the people are told."
    )


class CodesInput(Input):
    """Many commitments by their codes."""

    commitments = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_AT_ONCE, help_text="Codes."
    )


class ManyInput(CodesInput):
    """Many commitments by their codes, and one reason for all."""

    reason = ReasonField()


class RemindManyInput(CodesInput):
    reason = serializers.CharField(
        max_length=asking.LONGEST_NOTE, allow_blank=True, default="", help_text="What the people are told."
    )


class ReassignManyInput(CodesInput):
    lead = CodeField(help_text="Code of the department that leads from now on.")
    reason = ReasonField(help_text="The departments read it. Needed.")
