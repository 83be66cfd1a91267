"""What comes in about look-backs."""

from rest_framework import serializers

from tracker.actions.lookbacks import LONGEST_SEED
from tracker.api.once import OnceInput


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
