"""What comes in about contributions."""

from rest_framework import serializers

from tracker.api.inputs import Input
from tracker.api.once import OnceInput


class ContributionInput(Input):
    """Text, or nothing changed."""

    text = serializers.CharField(max_length=20_000, allow_blank=True, default="", help_text="What the department did.")
    is_no_change = serializers.BooleanField(default=False)


class NewContributionInput(ContributionInput, OnceInput):
    """For a commitment in which the caller’s department has a confirmed part."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    period_start = serializers.DateField(
        allow_null=True,
        default=None,
        input_formats=["%Y-%m-%d"],
        help_text="A day of the period; null: the one that the lead is asked for now.",
    )
