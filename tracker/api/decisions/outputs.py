"""What goes out about plans and clauses: described here, shaped in `shapes`."""

from rest_framework import serializers

from tracker.api.lines import lights_field
from tracker.api.rows import NamedOutput
from tracker.api.serializers import ChapterOutput, LeadOutput, Output, PageOutput, PlanOutput, WorkOutput
from tracker.choices import Health
from tracker.queries.decision import Show

COVERED = [(one.value, one.label) for one in (Show.COVERED, Show.JUDGED, Show.UNCOMMITTED)]


class CoverageOutput(Output):
    """From clauses to commitments to owners, as far as the reader sees them."""

    clause_count = serializers.IntegerField(help_text="Clauses without parts, or that hold a commitment themselves.")
    covered_count = serializers.IntegerField(help_text="Clauses with commitments.")
    judged_count = serializers.IntegerField(
        allow_null=True, help_text="Judged to need none; null for who does not see the whole city."
    )
    uncommitted_count = serializers.IntegerField(
        allow_null=True, help_text="Nobody took them up; null for who does not see the whole city."
    )
    commitment_count = serializers.IntegerField(help_text="Commitments that stand in a clause.")
    confirmed_count = serializers.IntegerField(help_text="Of these: with a confirmed lead.")
    suggested_count = serializers.IntegerField(help_text="With a suggested lead only.")
    unowned_count = serializers.IntegerField(help_text="Without a lead.")
    unplaced_count = serializers.IntegerField(help_text="Commitments that stand in no clause.")


class ChapterFiguresOutput(ChapterOutput):
    late_count = serializers.IntegerField(help_text="Its late commitments.")


class PlanDetailOutput(PlanOutput):
    """One plan with its figures."""

    chapters = ChapterFiguresOutput(many=True)
    jurisdiction = NamedOutput()
    source_note = serializers.CharField(allow_blank=True)
    report_opens_days = serializers.IntegerField(
        allow_null=True, help_text="Reports open so many days before a period ends; null: from its first day."
    )
    late_periods = serializers.IntegerField(help_text="Closed periods that may still be reported.")
    support_days = serializers.IntegerField(help_text="Contributions are wanted so many days before reports close.")
    elapsed_percent = serializers.FloatField(help_text="How much of the plan’s time is gone.")
    total_count = serializers.IntegerField()
    lights = lights_field()
    work = WorkOutput()
    coverage = CoverageOutput()
    url = serializers.CharField()


class PromiseOutput(Output):
    """A commitment where it stands in its clause."""

    code = serializers.CharField()
    title = serializers.CharField()
    health = serializers.ChoiceField(Health.choices)
    sentence = serializers.CharField(allow_blank=True, help_text="Why this light, as it reads today.")
    lead = LeadOutput(allow_null=True, help_text="With its short name.")
    span_start = serializers.IntegerField(
        allow_null=True,
        help_text="Its first character in `verbatim`; null: not located. Behind its end: counted in another text.",
    )
    span_end = serializers.IntegerField(allow_null=True, help_text="The character after its last.")
    is_demo = serializers.BooleanField()
    url = serializers.CharField()


class ClauseOutput(Output):
    plan = serializers.CharField(help_text="Code of the plan.")
    code = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_null=True, help_text="Code of the clause above; null: a chapter."
    )
    depth = serializers.IntegerField(help_text="0 for a chapter.")
    heading = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True, help_text="Our wording.")
    verbatim = serializers.CharField(allow_blank=True, help_text="The document’s own words, where they may be kept.")
    paragraph = serializers.IntegerField(allow_null=True, help_text="Paragraph of the source.")
    has_parts = serializers.BooleanField(help_text="Clauses stand below it.")
    coverage = serializers.ChoiceField(
        COVERED, allow_null=True, help_text="Null: a heading, or the reader does not see every commitment."
    )
    no_commitment_reason = serializers.CharField(allow_blank=True, help_text="Why it was judged to need none.")
    commitments = PromiseOutput(many=True, help_text="Those in sight, in the order of the text.")
    revision = serializers.IntegerField()
    url = serializers.CharField()


class ClausePageOutput(PageOutput):
    results = ClauseOutput(many=True)
