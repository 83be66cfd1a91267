"""What goes out about a history: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.serializers import Output, PageOutput
from tracker.event_kinds import EventKind


class ChangeOutput(Output):
    field = serializers.CharField(help_text="In words.")
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class EventOutput(Output):
    """One event, as the page tells it to this reader."""

    seq = serializers.IntegerField(help_text="Its number in the event log of the site.")
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(EventKind.choices)
    what = serializers.CharField(help_text="The kind in words.")
    who = serializers.CharField(allow_blank=True, help_text="Empty: the site itself.")
    about = serializers.CharField(allow_blank=True, help_text="The milestone or the indicator.")
    changes = ChangeOutput(many=True)
    reason = serializers.CharField(allow_blank=True)
    others_count = serializers.IntegerField(help_text="How many things were changed together with it.")
    seal = serializers.CharField(help_text="SHA-256 over it and the seal of the one before.")
    is_demo = serializers.BooleanField()


class ProofOutput(Output):
    """What recomputing the seals of this page told."""

    event_count = serializers.IntegerField()
    broken_seq = serializers.IntegerField(allow_null=True, help_text="The first that does not fit; null: all do.")


class HistoryPageOutput(PageOutput):
    results = EventOutput(many=True)
    proof = ProofOutput()
