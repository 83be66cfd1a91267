"""What goes out about figures: described here, shaped in `shapes`."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tracker.api.indicators.outputs import AimOutput
from tracker.api.lines import LineOutput, lights_field
from tracker.api.rows import MatterOutput, NamedOutput
from tracker.api.serializers import Output, PageOutput, WorkOutput
from tracker.choices import Health
from tracker.queries.asked import Question

WAITING = [
    ("review", _("Waiting for review")),
    ("word", _("Waiting for your word")),
    ("silent", Health.NO_DATA.label),
]
QUESTIONS = [
    (Question.BLOCKER.value, _("blocker")),
    (Question.INSTRUCTION.value, _("instruction")),
    (Question.EXTENSION.value, _("extension request")),
    (Question.REPORT.value, _("progress report")),
]
NET = "How many more, or fewer, show each light than when the last {days} days began; null: not recorded so far back."


class ExceptionsOutput(Output):
    """A list of exceptions: the first five and the number of all."""

    total_count = serializers.IntegerField()
    commitments = LineOutput(many=True)


class AskedWordOutput(Output):
    """The oldest question on a matter."""

    kind = serializers.ChoiceField(QUESTIONS)
    text = serializers.CharField(allow_blank=True, help_text="In the asker’s words.")
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_blank=True, help_text="A blocker’s category in words."
    )
    on = serializers.DateField(
        allow_null=True, help_text="The date that an extension asks for, or the last day of a report’s period."
    )
    waited_days = serializers.IntegerField()
    other_count = serializers.IntegerField(help_text="How many more questions wait on it.")


class AskedLineOutput(LineOutput):
    asked = AskedWordOutput(allow_null=True)


class WaitingOutput(Output):
    """What waits for the reader: the office’s reviews and decisions, a leader’s word; else what nobody has reported."""

    kind = serializers.ChoiceField(WAITING)
    total_count = serializers.IntegerField()
    commitments = AskedLineOutput(many=True)


class PlanFiguresOutput(Output):
    code = serializers.CharField()
    short_title = serializers.CharField()
    jurisdiction = NamedOutput()
    horizon_starts_on = serializers.DateField()
    horizon_ends_on = serializers.DateField()
    elapsed_percent = serializers.FloatField(help_text="Time that is over, of the horizon.")
    total_count = serializers.IntegerField()
    lights = lights_field()
    work = WorkOutput()


class OverviewChapterOutput(Output):
    code = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)
    late_count = serializers.IntegerField()


class CellOutput(Output):
    """What one department leads in one chapter."""

    chapter = serializers.CharField()
    department = serializers.CharField()
    health = serializers.ChoiceField(Health.choices, help_text="The gravest light of the cell.")
    count = serializers.IntegerField()
    lights = lights_field()


class MatrixOutput(Output):
    """Chapters by the departments with most commitments in them."""

    departments = NamedOutput(many=True, help_text="With their short names.")
    hidden_count = serializers.IntegerField(help_text="Departments that are left out.")
    cells = CellOutput(many=True, help_text="Those that hold something.")


class SinceLastLookOutput(Output):
    """What changed after your last visit but one to the page of the overview; the API does not count as a visit."""

    since = serializers.DateTimeField()
    newer = serializers.IntegerField(help_text="As the filter `newer` of `GET /changes/`: exactly these.")
    total_count = serializers.IntegerField()
    came = lights_field("How many came to each light.")


class OverviewOutput(Output):
    """The overview as its page shows it."""

    plan = serializers.CharField(allow_null=True, help_text="Code of the plan asked for; null: all plans in sight.")
    total_count = serializers.IntegerField()
    lights = lights_field()
    work = WorkOutput()
    headline = serializers.CharField(help_text="The figures in one sentence.")
    week = lights_field(NET.format(days=7), allow_null=True)
    month = lights_field(NET.format(days=30), allow_null=True)
    late = ExceptionsOutput()
    at_risk = ExceptionsOutput()
    waiting = WaitingOutput()
    plans = PlanFiguresOutput(many=True, help_text="The plan asked for, or all in sight.")
    days_left = serializers.IntegerField(allow_null=True, help_text="To the horizon of the plan asked for.")
    targets = AimOutput(many=True, help_text="Of the plan asked for, the gravest first.")
    chapters = OverviewChapterOutput(many=True, help_text="Of the plan asked for.")
    matrix = MatrixOutput(allow_null=True, help_text="Of the plan asked for.")
    since_last_look = SinceLastLookOutput(allow_null=True, help_text="Null: you never looked before.")


class LightChangeOutput(Output):
    """One light that changed."""

    commitment = MatterOutput()
    lead_name = serializers.CharField(allow_blank=True, help_text="Short name of the lead.")
    on = serializers.DateField()
    before = serializers.ChoiceField(Health.choices, allow_null=True, help_text="Null: its first light.")
    after = serializers.ChoiceField(Health.choices)
    is_demo = serializers.BooleanField()


class ChangePageOutput(PageOutput):
    results = LightChangeOutput(many=True)
    total_count = serializers.IntegerField(help_text="Of all that the filters choose.")
    came = lights_field("How many changes led to each light, whatever `light` and `direction` say.")
    left = lights_field("How many led away from it.")
