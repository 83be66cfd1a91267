"""What goes out about indicators and targets: described here, shaped in `shapes`."""

from rest_framework import serializers

from projects.choices import Direction, Frequency
from tracker.api.inputs import QuantityField
from tracker.api.lines import LineOutput
from tracker.api.rows import MatterOutput
from tracker.api.serializers import IndicatorOutput, Output, PageOutput, ReadingOutput
from tracker.choices import Comparator, Health


class GapOutput(Output):
    """Reported minus verified."""

    absolute = QuantityField()
    percent = QuantityField(allow_null=True, help_text="Of the verified value; null where that is zero.")


class ComparedReadingOutput(ReadingOutput):
    gap = GapOutput(allow_null=True, help_text="Null unless both values are known.")


class PointOutput(Output):
    on = serializers.DateField()
    value = QuantityField()


class PaceOutput(Output):
    """Growth in percent a year."""

    needed_percent = QuantityField(help_text="What the rest of the way needs.")
    so_far_percent = QuantityField(help_text="What there has been since the base.")


class ForecastOutput(Output):
    """The value on the due date if the paces of the readings go on; no opinion on what will be done."""

    on = serializers.DateField()
    low = QuantityField()
    middle = QuantityField()
    high = QuantityField()
    has_band = serializers.BooleanField(help_text="False: low, middle and high are one number.")
    short_of_goal = QuantityField(
        allow_null=True, help_text="By how much the middle misses the goal; 0 or less: reached. Null: goal unknown."
    )


class AimOutput(Output):
    """A target as it stands today: base, goal, path, pace, forecast."""

    indicator = IndicatorOutput()
    commitment = MatterOutput()
    health = serializers.ChoiceField(Health.choices, help_text="The light of the commitment.")
    sentence = serializers.CharField(allow_blank=True, help_text="Why this light, as it reads today.")
    note = serializers.CharField(allow_blank=True)
    comparator = serializers.ChoiceField(Comparator.choices)
    value = QuantityField(allow_null=True)
    value_max = QuantityField(allow_null=True)
    growth_percent = QuantityField(allow_null=True)
    base_year = serializers.IntegerField(allow_null=True)
    base_value = QuantityField(allow_null=True)
    due_on = serializers.DateField(allow_null=True, help_text="The day by which it is assessed.")
    required = QuantityField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_null=True, help_text="The value to reach; null while the base is unknown."
    )
    latest_value = QuantityField(allow_null=True, help_text="Verified wins over reported.")
    latest_on = serializers.DateField(allow_null=True)
    asked = QuantityField(allow_null=True, help_text="What the path asks for on the day of the latest reading.")
    is_reached = serializers.BooleanField(allow_null=True, help_text="Null: goal or reading unknown.")
    progress = serializers.FloatField(allow_null=True, help_text="Percent of the way from base to goal, 0 to 100.")
    pace = PaceOutput(allow_null=True)
    forecast = ForecastOutput(allow_null=True, help_text="Null: nothing to go by.")
    path = PointOutput(many=True, help_text="Planned values between base and goal, by day.")


class IndicatorRowOutput(IndicatorOutput):
    definition = serializers.CharField(allow_blank=True, help_text="Empty: none is known.")
    direction = serializers.ChoiceField(Direction.choices)
    frequency = serializers.ChoiceField(Frequency.choices)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of this name, not the option
    latest = ComparedReadingOutput(allow_null=True, help_text="The latest reading.")
    targets = AimOutput(many=True, help_text="Those in sight.")
    revision = serializers.IntegerField()
    url = serializers.CharField()


class IndicatorDetailOutput(IndicatorRowOutput):
    readings = ComparedReadingOutput(many=True, help_text="All, newest first.")
    commitments = LineOutput(many=True, help_text="The first fifty in sight that aim at it.")


class IndicatorPageOutput(PageOutput):
    results = IndicatorRowOutput(many=True)


class AimListOutput(Output):
    results = AimOutput(many=True, help_text="All of them.")
