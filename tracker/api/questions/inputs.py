"""What comes in about questions. Lengths are those of the pages' forms."""

from typing import Any

from rest_framework import serializers

from tracker.api.inputs import Input
from tracker.api.once import OnceInput
from tracker.choices import BlockerCategory

MOST = 1000  # characters of what is asked, answered, given as a reason
DAY = ["%Y-%m-%d"]


class Words(serializers.CharField):
    """A few sentences."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST, **options)


class NewExtensionInput(OnceInput):
    """A later date, asked for on or before the present one."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    wanted_on = serializers.DateField(input_formats=DAY, help_text="Later than the present due date.")
    reason = Words(help_text="What delays it, what was done about it, why the new date can be kept.")


class DecisionInput(Input):
    """The office's word on an extension request."""

    is_granted = serializers.BooleanField()
    granted_on = serializers.DateField(
        input_formats=DAY, allow_null=True, default=None, help_text="Null: the date asked for."
    )
    is_exemption = serializers.BooleanField(
        default=False, help_text="Assessed by the new date: force majeure or changed policy only."
    )
    decision = Words(allow_blank=True, default="", help_text="Words to the department. A refusal needs them.")


class NewBlockerInput(OnceInput):
    """What is lacking, who can help, by when."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    category = serializers.ChoiceField(BlockerCategory.choices)
    wanted_from = serializers.CharField(max_length=60, help_text="Code of the post, from /blockers/posts/.")
    wanted_by = serializers.DateField(input_formats=DAY, help_text="Today or later.")
    text = Words(help_text="What is stuck, what was tried, what exactly should be decided or done.")


class NewInstructionInput(OnceInput):
    """A leader's word, given by the leader or written down by the supervision office."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    text = Words(help_text="As it was given. Everybody who sees the commitment reads it.")
    answer_due_on = serializers.DateField(input_formats=DAY, help_text="Today or later.")
    given_by = serializers.CharField(
        max_length=150, allow_null=True, default=None, help_text="Sign-in name of the leader; null: the caller."
    )


class AnswerInput(Input):
    answer = Words(help_text="What was decided or done. It closes the matter.")


class TakeBackInput(Input):
    """For a blocker or a request the reason is free."""

    reason = Words(allow_blank=True, default="")


class RevokeInput(Input):
    reason = Words(help_text="Why the instruction is taken back.")
