"""What goes out about steps and reminders."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tracker.api.serializers import ErrorOutput, Output, PageOutput, PersonOutput
from tracker.choices import Stage
from tracker.queries.by_hand import Why

WHYS = [
    (Why.DAY_OFF.value, _("today is a day off")),
    (Why.QUIET.value, _("these are the quiet hours")),
    (Why.TOLD.value, _("a message beside that of the day has gone to them today")),
]


class StepOutput(Output):
    """A step that the caller may take now, and what it asks."""

    to = serializers.ChoiceField(Stage.choices)
    url = serializers.CharField(help_text="Where to POST it.")
    needs_reason = serializers.BooleanField()
    needs_until = serializers.BooleanField(help_text="It asks for `exempt_until`.")
    needs_verification = serializers.BooleanField(help_text="It is taken by a verification that confirms the work.")
    may_propose_lead = serializers.BooleanField(help_text="It takes `proposed_lead`.")


class StepPageOutput(PageOutput):
    results = StepOutput(many=True)


class ToldLaterOutput(Output):
    count = serializers.IntegerField(help_text="People.")
    at = serializers.DateTimeField()
    why = serializers.ChoiceField(WHYS)


class ReminderToldOutput(Output):
    """Who was reminded, and when messages tell them; it stands in their inboxes at once."""

    recipients = PersonOutput(many=True)
    at_once_count = serializers.IntegerField(help_text="People to whom a message goes now.")
    later = ToldLaterOutput(many=True)
    inbox_only_count = serializers.IntegerField(help_text="People whom no channel reaches.")


class ManyResultOutput(Output):
    """What became of one commitment."""

    commitment = serializers.CharField(help_text="Its code, as it was sent.")
    status = serializers.IntegerField(help_text="What this one alone would have been answered with.")
    stage = serializers.ChoiceField(Stage.choices, allow_null=True, help_text="As it stands now; null: refused.")
    error = ErrorOutput(allow_null=True)


class ManyOutput(Output):
    results = ManyResultOutput(many=True, help_text="In the order sent.")
