"""What comes in about slips."""

from rest_framework import serializers

from tracker.api.inputs import Input
from tracker.api.once import OnceInput
from tracker.api.registering.inputs import MOST, DayField

LONGEST = 400  # characters on the paper, as on the page


class DraftInput(OnceInput):
    """The next slip of a commitment’s chain: blue, or the colour after the last one."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    text = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="What is asked; empty: what the site suggests."
    )


class IssueInput(Input):
    text = serializers.CharField(max_length=LONGEST, help_text="What is asked. The department reads it.")
    answer_due_on = DayField(help_text="The day by which the department has to answer.")


class EndInput(Input):
    reason = serializers.CharField(max_length=MOST, help_text="Stands in the history.")


class SlipAnswerInput(Input):
    text = serializers.CharField(max_length=LONGEST, help_text="Why it is late, what will be done, who sees to it.")
    promised_on = DayField(help_text="The day by which it will be reported done.")
