"""What goes out about a hand-over: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput
from tracker.api.serializers import Output, PersonOutput, PostOutput
from tracker.choices import HandoverKind


class HandoverLineOutput(Output):
    """One open matter, as it stood on the day of the hand-over."""

    kind = serializers.ChoiceField(HandoverKind.choices)
    title = serializers.CharField()
    note = serializers.CharField(allow_blank=True, help_text="How it stood, in words.")
    due_on = serializers.DateField(allow_null=True)
    commitment = MatterOutput(allow_null=True, help_text="Null: out of the reader’s sight today.")


class HandoverOutput(Output):
    """The list that the holder of a post has to confirm."""

    post = PostOutput()
    holder = PersonOutput()
    before = PersonOutput(allow_null=True, help_text="Who held the post before; null: nobody.")
    starts_on = serializers.DateField()
    received_on = serializers.DateField(allow_null=True, help_text="Null: not confirmed yet.")
    can_receive = serializers.BooleanField(help_text="It waits for the reader’s word.")
    lines = HandoverLineOutput(many=True)
