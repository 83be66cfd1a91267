"""What goes out about the desk: described here, shaped in `shapes`."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tracker.api.serializers import Output
from tracker.choices import Health

AUDIENCES = [
    ("department", _("department")),
    ("office", _("supervision office")),
    ("leader", _("city leader")),
    ("keeper", _("administrator, who has no desk")),
]
KINDS = [
    ("commitment", _("commitment")),
    ("report", _("progress report")),
    ("contribution", _("contribution")),
    ("extension", _("extension request")),
    ("blocker", _("blocker")),
    ("instruction", _("instruction")),
    ("slip", _("slip")),
    ("handover", _("line of a hand-over list")),
    ("lookback", _("look-back")),
    ("department", _("department")),
]


class DeskItemOutput(Output):
    """One line. What a kind of line does not know is null or empty."""

    kind = serializers.ChoiceField(KINDS, help_text="What the line is about.")
    ref = serializers.UUIDField(allow_null=True, help_text="Of the report, the question, the slip, the look-back.")
    code = serializers.CharField(allow_blank=True, help_text="Of the commitment, where it is in sight.")
    title = serializers.CharField(help_text="Of the commitment, the post, the department.")
    health = serializers.ChoiceField(Health.choices, allow_null=True)
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_blank=True, help_text="A blocker’s category in words, a slip’s colour."
    )
    text = serializers.CharField(allow_blank=True, help_text="What was asked, or why it came back.")
    who = serializers.CharField(allow_blank=True, help_text="Who asks, or who leads the commitment.")
    from_whom = serializers.CharField(allow_blank=True, help_text="Who is to answer, reviewed, or was named instead.")
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    since = serializers.DateField(allow_null=True, help_text="When the post changed hands, the sample was drawn.")
    due_on = serializers.DateField(allow_null=True, help_text="By when something is wanted.")
    days_left = serializers.IntegerField(allow_null=True, help_text="To that day; negative: over.")
    wanted_on = serializers.DateField(allow_null=True, help_text="The date that an extension asks for or grants.")
    waited_days = serializers.IntegerField(allow_null=True)
    waited_working_days = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField(allow_null=True, help_text="How many it stands for.")
    is_late = serializers.BooleanField()
    is_demo = serializers.BooleanField()
    url = serializers.CharField(allow_null=True, help_text="Where to read on, from the root of the host.")


class DeskSectionOutput(Output):
    name = serializers.CharField(help_text="docs/api.md lists them.")
    is_task = serializers.BooleanField(help_text="The caller has to do something.")
    count = serializers.IntegerField()
    items = DeskItemOutput(many=True, help_text="The first twelve.")


class DeskOutput(Output):
    audience = serializers.ChoiceField(AUDIENCES)
    task_count = serializers.IntegerField(help_text="What the sections that are tasks hold together.")
    sections = DeskSectionOutput(many=True, help_text="In the order of the page, empty ones too.")
    lights = serializers.DictField(
        child=serializers.IntegerField(), help_text="The caller’s own commitments by light; the office has none."
    )
    stages = serializers.DictField(child=serializers.IntegerField(), help_text="For the office: by stage.")
    lacking = serializers.DictField(
        child=serializers.IntegerField(), help_text="For the office: what the ledger lacks."
    )
    closes_on = serializers.DateField(allow_null=True, help_text="When the department’s next window closes.")
    working_days_left = serializers.IntegerField(allow_null=True)
    is_provisional = serializers.BooleanField(help_text="These working days are not all announced.")
