"""What comes in about look-backs."""

from rest_framework import serializers

from tracker.actions.lookbacks import LONGEST_SEED
from tracker.api.once import OnceInput
from tracker.choices import VerificationFinding, VerificationMethod


class NewVerificationInput(OnceInput):
    """Who looked, how, what was found; who is the caller."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    method = serializers.ChoiceField(VerificationMethod.choices, help_text="The strongest one, if there were several.")
    finding = serializers.ChoiceField(
        VerificationFinding.choices, help_text="Only `confirmed` leads on to closing; the others send it back to work."
    )
    note = serializers.CharField(max_length=2000, help_text="What was looked at, where and with whom; what is lacking.")
    lookback = serializers.UUIDField(
        allow_null=True, default=None, help_text="Reference of the sample that it was drawn in; null: before closing."
    )


class DrawInput(OnceInput):
    """From what to draw, how many, and what the draw starts from."""

    closed_from = serializers.DateField(input_formats=["%Y-%m-%d"])
    closed_until = serializers.DateField(
        input_formats=["%Y-%m-%d"], help_text="That day included; today at the latest."
    )
    size = serializers.IntegerField(min_value=1, max_value=999)
    seed = serializers.CharField(
        max_length=LONGEST_SEED, allow_blank=True, default="", help_text="Empty: a random one, which is recorded."
    )
