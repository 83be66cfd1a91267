"""What goes out about verifications and look-backs: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput
from tracker.choices import Stage, VerificationFinding, VerificationMethod


class VerificationOutput(Output):
    ref = serializers.UUIDField()
    commitment = MatterOutput()
    is_lookback = serializers.BooleanField(help_text="Part of a look-back; false: before closing.")
    lookback = serializers.UUIDField(allow_null=True, help_text="Which one: for the city’s roles.")
    verifier = PersonOutput()
    method = serializers.ChoiceField(VerificationMethod.choices)
    finding = serializers.ChoiceField(VerificationFinding.choices)
    note = serializers.CharField()
    verified_on = serializers.DateField()
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField()
    url = serializers.CharField()


class VerificationPageOutput(PageOutput):
    results = VerificationOutput(many=True)


class LookbackOutput(Output):
    ref = serializers.UUIDField()
    drawn_by = PersonOutput()
    drawn_on = serializers.DateField()
    closed_from = serializers.DateField()
    closed_until = serializers.DateField()
    seed = serializers.CharField()
    size = serializers.IntegerField()
    population_count = serializers.IntegerField(help_text="How many it was drawn from.")
    looked_count = serializers.IntegerField(help_text="How many of the sample were looked at.")
    is_demo = serializers.BooleanField()
    url = serializers.CharField()


class PickOutput(Output):
    """One commitment of the sample."""

    order = serializers.IntegerField()
    commitment = MatterOutput()
    stage = serializers.ChoiceField(Stage.choices)
    verification = serializers.UUIDField(allow_null=True, help_text="Null: nobody has looked yet.")
    finding = serializers.ChoiceField(VerificationFinding.choices, allow_null=True)


class LookbackDetailOutput(LookbackOutput):
    """A sample with all that is needed to draw it again."""

    population = serializers.ListField(child=serializers.CharField(), help_text="The codes that it was drawn from.")
    picks = PickOutput(many=True, help_text="In the order of the draw.")
    is_as_drawn = serializers.BooleanField(help_text="Whether drawing again gives the same.")


class LookbackPageOutput(PageOutput):
    results = LookbackOutput(many=True)
