"""What goes out about milestones: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput
from tracker.api.serializers import MilestoneOutput, PageOutput
from tracker.choices import Health


class DatedMilestoneOutput(MilestoneOutput):
    """A milestone with the commitment that it is a step of."""

    commitment = MatterOutput()
    health = serializers.ChoiceField(Health.choices, help_text="The light of the commitment.")
    is_overdue = serializers.BooleanField(help_text="Its planned day has passed and it is not reached.")
    revision = serializers.IntegerField()


class MilestonePageOutput(PageOutput):
    results = DatedMilestoneOutput(many=True)
