"""What goes out about files: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput


class EvidenceOutput(Output):
    ref = serializers.UUIDField()
    commitment = MatterOutput()
    report = serializers.UUIDField(allow_null=True, help_text="The report that it belongs to.")
    verification = serializers.UUIDField(allow_null=True, help_text="The verification that it belongs to.")
    author = PersonOutput()
    added_at = serializers.DateTimeField()
    name = serializers.CharField()
    note = serializers.CharField(allow_blank=True, help_text="What it proves.")
    size = serializers.IntegerField(help_text="Bytes.")
    media_type = serializers.CharField(help_text="By its content.")
    sha256 = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="Null: it stands.")
    file_url = serializers.CharField(allow_null=True, help_text="Where the bytes are; null once it is withdrawn.")
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField(help_text='Send it back in If-Match: "<revision>".')
    url = serializers.CharField()


class EvidenceDetailOutput(EvidenceOutput):
    """One file, and what else it is said to prove: worth a second look."""

    also_proves = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of other commitments in sight that stand on the same file."
    )
    also_unseen_count = serializers.IntegerField(help_text="How many more there are out of sight.")


class EvidencePageOutput(PageOutput):
    results = EvidenceOutput(many=True)
