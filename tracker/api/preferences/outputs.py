"""What goes out about personal settings."""

from rest_framework import serializers

from tracker.api.preferences.inputs import INFORMATION
from tracker.api.serializers import Output, PersonOutput
from tracker.choices import ChannelKind


class ChannelOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(ChannelKind.choices)
    is_default = serializers.BooleanField(help_text="Used where the site chooses.")


class OfferedOutput(Output):
    """What may be chosen."""

    channels = ChannelOutput(many=True)
    hours = serializers.ListField(child=serializers.IntegerField(), help_text="Outside of the quiet hours.")
    deputies = PersonOutput(many=True)
    muted = serializers.ListField(child=serializers.ChoiceField(INFORMATION))
    site_hour = serializers.IntegerField(help_text="The hour of whom chooses none.")


class NextMessageOutput(Output):
    """When the next message goes out, if there is something to tell."""

    on = serializers.DateField()
    hour = serializers.IntegerField()
    channels = serializers.ListField(child=serializers.CharField(), help_text="Codes; empty: the inbox only.")
    deputy = PersonOutput(allow_null=True, help_text="Who gets it, because the person is away.")


class StandingInOutput(Output):
    """An absence in which the caller stands in."""

    person = PersonOutput()
    paused_from = serializers.DateField()
    paused_until = serializers.DateField()


class PreferencesOutput(Output):
    chooses_channels = serializers.BooleanField()
    channels = serializers.ListField(child=serializers.CharField(), help_text="Codes of those in use.")
    hour = serializers.IntegerField(allow_null=True)
    muted = serializers.ListField(child=serializers.ChoiceField(INFORMATION))
    paused_from = serializers.DateField(allow_null=True)
    paused_until = serializers.DateField(allow_null=True)
    deputy = serializers.CharField(allow_blank=True, help_text="Sign-in name; empty: nobody.")
    next = NextMessageOutput()
    stands_in_for = StandingInOutput(many=True)
    offered = OfferedOutput()
