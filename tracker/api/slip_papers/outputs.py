"""What goes out about supervision slips: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput, NamedOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput, ReasonOutput
from tracker.choices import SlipLevel, SlipState


class NumberedSlipOutput(Output):
    """What every slip is called by."""

    ref = serializers.UUIDField()
    name = serializers.CharField(help_text="What it is called everywhere, in the reader’s language.")
    level = serializers.ChoiceField(SlipLevel.choices)
    year = serializers.IntegerField(allow_null=True, help_text="Null in a draft, and in one that was dropped.")
    number = serializers.IntegerField(allow_null=True, help_text="In the year; without gaps.")
    issued_on = serializers.DateField(allow_null=True)
    answer_due_on = serializers.DateField(allow_null=True)
    promised_on = serializers.DateField(allow_null=True, help_text="The date in the answer; null: no answer.")
    url = serializers.CharField()


class SlipLineOutput(NumberedSlipOutput):
    """A slip in a list."""

    state = serializers.ChoiceField(SlipState.choices)
    commitment = MatterOutput()
    lead_name = serializers.CharField(
        allow_blank=True, help_text="Short name of the department that leads the commitment now, and answers."
    )
    drafted_on = serializers.DateField()
    is_late = serializers.BooleanField(help_text="The day for its answer has passed.")
    is_followed = serializers.BooleanField(help_text="A later slip of its chain was issued: nobody waits for this one.")
    is_demo = serializers.BooleanField()


class SlipPageOutput(PageOutput):
    results = SlipLineOutput(many=True)


class SlipAnswerOutput(Output):
    text = serializers.CharField()
    promised_on = serializers.DateField()
    answered_by = PersonOutput(allow_null=True)
    answered_at = serializers.DateTimeField()


class SlipOutput(NumberedSlipOutput):
    """One slip as a paper."""

    state = serializers.ChoiceField(SlipState.choices)
    is_waiting = serializers.BooleanField(help_text="It was issued, and its answer is awaited.")
    is_late = serializers.BooleanField(help_text="The day for its answer has passed.")
    office = serializers.CharField(allow_blank=True, help_text="Who sends it.")
    asked_of = NamedOutput(allow_null=True, help_text="The department that leads the commitment now, and answers.")
    commitment = MatterOutput()
    clause = serializers.CharField(allow_null=True, help_text="Code of the clause in the plan of the commitment.")
    plan = serializers.CharField(help_text="Code of the plan.")
    original_due_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    drafted_on = serializers.DateField()
    issued_by = PersonOutput(allow_null=True)
    grounds = ReasonOutput(many=True, help_text="What the site knew when it drafted the slip.")
    sentences = serializers.ListField(
        child=serializers.CharField(), help_text="The grounds in words, as they read on the day of issue."
    )
    text = serializers.CharField(help_text="What is asked; while nobody has written it, what the site suggests.")
    end_reason = serializers.CharField(allow_blank=True, help_text="Why it was dropped or withdrawn.")
    answer = SlipAnswerOutput(allow_null=True)
    earlier = NumberedSlipOutput(many=True, help_text="What its chain cites, the first slip first.")
    later = NumberedSlipOutput(allow_null=True, help_text="The slip that cites it.")
    can_issue = serializers.BooleanField(help_text="You may issue or drop the draft.")
    can_answer = serializers.BooleanField(help_text="You may answer it.")
    can_withdraw = serializers.BooleanField(help_text="You may withdraw it.")
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField(help_text='Send it back in If-Match: "<revision>".')
