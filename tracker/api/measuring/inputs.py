"""What comes in about readings."""

from rest_framework import serializers

from tracker.api.inputs import Input, QuantityField
from tracker.api.registering.inputs import DayField


class ReadingInput(Input):
    """A value of a period. A value left out keeps what stands there."""

    period_start = DayField()
    period_end = DayField()
    reported = QuantityField(allow_null=True, default=None, help_text="As departments reported it.")
    verified = QuantityField(allow_null=True, default=None, help_text="As the statistics verified it. Needs `source`.")
    source = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the option
        max_length=300, allow_blank=True, default="", help_text="Who says so, and where."
    )
