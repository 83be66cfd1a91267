"""What goes out about questions: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.rows import MatterOutput, NamedOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput
from tracker.choices import AnswerState, BlockerCategory, ExtensionState


class RevisedOutput(Output):
    """What ends all of these."""

    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField(help_text='Send it back in If-Match: "<revision>".')
    url = serializers.CharField()


class ExtensionOutput(RevisedOutput):
    ref = serializers.UUIDField()
    commitment = MatterOutput()
    author = PersonOutput()
    asked_at = serializers.DateTimeField()
    original_due_on = serializers.DateField(help_text="As it stood on the day of asking.")
    due_on = serializers.DateField(help_text="The date in force on the day of asking.")
    wanted_on = serializers.DateField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(ExtensionState.choices)
    decided_by = PersonOutput(allow_null=True, help_text="Null: nobody yet, or the site itself.")
    decided_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField(allow_blank=True)
    granted_on = serializers.DateField(allow_null=True)
    is_exemption = serializers.BooleanField(help_text="Assessed by the new date.")


class AskedPostOutput(Output):
    """A post that can be asked."""

    code = serializers.CharField()
    title = serializers.CharField()
    department = NamedOutput()


class AnswerableOutput(RevisedOutput):
    """What blockers and instructions share."""

    ref = serializers.UUIDField()
    commitment = MatterOutput()
    text = serializers.CharField()
    state = serializers.ChoiceField(AnswerState.choices)
    answer = serializers.CharField(allow_blank=True)
    answered_by = PersonOutput(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class BlockerOutput(AnswerableOutput):
    author = PersonOutput()
    raised_by = serializers.CharField(allow_blank=True, help_text="Short name of the department that is stuck.")
    raised_at = serializers.DateTimeField()
    category = serializers.ChoiceField(BlockerCategory.choices, help_text="What is lacking.")
    wanted_from = AskedPostOutput()
    wanted_by = serializers.DateField()


class InstructionOutput(AnswerableOutput):
    given_by = PersonOutput(help_text="The leader.")
    author = PersonOutput(help_text="Who entered it: the leader, or somebody of the supervision office.")
    given_on = serializers.DateField()
    answer_due_on = serializers.DateField()
    asked_of = NamedOutput(allow_null=True, help_text="The department that leads the commitment now, and answers.")


class ExtensionPageOutput(PageOutput):
    results = ExtensionOutput(many=True)


class BlockerPageOutput(PageOutput):
    results = BlockerOutput(many=True)


class InstructionPageOutput(PageOutput):
    results = InstructionOutput(many=True)


class AskedPostPageOutput(PageOutput):
    results = AskedPostOutput(many=True)


class LeaderPageOutput(PageOutput):
    results = PersonOutput(many=True)
