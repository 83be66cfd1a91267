"""What comes in about personal settings."""

from rest_framework import serializers

from tracker.actions.preferences import Wishes
from tracker.api.inputs import Input
from tracker.api.registering.inputs import DayField
from tracker.choices import INFORMATION_OCCASIONS, ReminderOccasion

INFORMATION = [(one.value, one.label) for one in ReminderOccasion if one in INFORMATION_OCCASIONS]


class PreferencesInput(Input):
    """The choices, whole: a field left out is back at the site's own."""

    chooses_channels = serializers.BooleanField(default=False, help_text="False: the site chooses the channels.")
    channels = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, default=list, help_text="Codes, from `offered`."
    )
    hour = serializers.IntegerField(
        min_value=0, max_value=23, allow_null=True, default=None, help_text="Of the daily message; null: the site’s."
    )
    muted = serializers.ListField(
        child=serializers.ChoiceField(INFORMATION),
        max_length=len(INFORMATION),
        default=list,
        help_text="Information that is not wanted. Duties cannot be switched off.",
    )
    paused_from = DayField(allow_null=True, default=None, help_text="First day of an absence.")
    paused_until = DayField(allow_null=True, default=None, help_text="Its last day.")
    deputy = serializers.CharField(
        max_length=150, allow_blank=True, default="", help_text="Sign-in name of who stands in, from `offered`."
    )

    def wishes(self) -> Wishes:
        """The wishes of a body that was found readable."""
        return Wishes(**self.validated_data)
