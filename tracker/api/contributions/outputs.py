"""What goes out about contributions: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput, NamedOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput


class ContributionOutput(Output):
    ref = serializers.UUIDField()
    commitment = MatterOutput()
    department = NamedOutput()
    author = PersonOutput()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    text = serializers.CharField(allow_blank=True)
    is_no_change = serializers.BooleanField()
    is_late = serializers.BooleanField(help_text="First came after its day.")
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField(help_text='Send it back in If-Match: "<revision>".')
    url = serializers.CharField()


class ContributionPageOutput(PageOutput):
    results = ContributionOutput(many=True)
