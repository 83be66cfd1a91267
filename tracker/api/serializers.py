"""What goes out: described here, shaped in `shapes`. What comes in is read in `inputs`."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.choices import InitiativeKind, ProjectStage
from tracker.api import shapes
from tracker.api.inputs import QuantityField
from tracker.choices import (
    Ask,
    Audience,
    Comparator,
    DepartmentKind,
    DueBasis,
    Health,
    Involvement,
    Kind,
    MessageState,
    ProgressBasis,
    ReminderOccasion,
    ReportState,
    Role,
    Stage,
)
from tracker.models import Commitment
from tracker.models.plans import ReportCycle

Data = Mapping[str, Any]


class Output(serializers.Serializer[Any]):
    """Describes an answer."""


class ErrorOutput(Output):
    type = serializers.CharField(help_text="Where the code is explained, from the root of the host.")
    title = serializers.CharField(help_text="What the status means, in the reader’s language.")
    status = serializers.IntegerField(help_text="The status of the answer once more.")
    code = serializers.CharField(help_text="Stable; docs/api.md lists them.")
    detail = serializers.CharField(help_text="One sentence in the reader’s language that says what to do.")
    field = serializers.CharField(allow_blank=True, help_text="The input at fault, or empty.")
    revision = serializers.IntegerField(required=False, help_text="With `stale` only: the revision that stands now.")
    restart = serializers.CharField(required=False, help_text="With 410 only: the address at which to begin again.")


class TokenOutput(Output):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class DepartmentOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    kind = serializers.ChoiceField(DepartmentKind.choices)
    is_active = serializers.BooleanField()


class MeOutput(Output):
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    department = DepartmentOutput(allow_null=True)
    is_demo = serializers.BooleanField()


class LeadOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    is_suggested = serializers.BooleanField(help_text="Suggested by the ledger, not confirmed.")


class ReasonOutput(Output):
    code = serializers.CharField()
    params = serializers.DictField(help_text="Dates as ISO text, quantities as plain digits.")


class CommitmentOutput(Output):
    """One row of the list. Lists are shaped by hand; a test proves the two equal."""

    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    stage = serializers.ChoiceField(Stage.choices)
    health = serializers.ChoiceField(Health.choices)
    reasons = ReasonOutput(many=True, source="health_reasons")
    sentence = serializers.SerializerMethodField(help_text="Why this light, as it reads today.")
    progress = serializers.FloatField(allow_null=True, help_text="Percent; null: unknown, which is not zero.")
    due_on = serializers.DateField(allow_null=True)
    original_due_on = serializers.DateField(allow_null=True)
    due_text = serializers.CharField(allow_blank=True)
    is_continuous = serializers.BooleanField()
    lead = serializers.SerializerMethodField()
    plan = serializers.CharField(source="plan.code")
    clause = serializers.SerializerMethodField()
    chapter = serializers.SerializerMethodField()
    forecast_on = serializers.DateField(allow_null=True)
    revision = serializers.IntegerField()
    is_demo = serializers.BooleanField()
    url = serializers.SerializerMethodField(help_text="Address of the whole commitment, from the root of the host.")

    def get_sentence(self, item: Commitment) -> str:
        return shapes.sentence(item.health_reasons, today=timezone.localdate())

    @extend_schema_field(LeadOutput(allow_null=True))
    def get_lead(self, item: Commitment) -> Data | None:
        if item.lead is None:
            return None
        return {"code": item.lead.code, "name": item.lead.name, "is_suggested": item.lead_is_suggested}

    def get_clause(self, item: Commitment) -> str | None:
        return item.clause.code if item.clause else None

    def get_chapter(self, item: Commitment) -> str | None:
        return item.clause.chapter.code if item.clause and item.clause.chapter else None

    def get_url(self, item: Commitment) -> str:
        return shapes.commitment_url(item.code)


class PersonOutput(Output):
    username = serializers.CharField()
    name = serializers.CharField()


class VolumesOutput(Output):
    invested_month_wan = QuantityField(allow_null=True)
    invested_year_wan = QuantityField(allow_null=True)
    physical_percent = QuantityField(allow_null=True)
    work_percent = QuantityField(allow_null=True)
    stage = serializers.ChoiceField(ProjectStage.choices, allow_blank=True)
    in_statistics = serializers.BooleanField(allow_null=True)
    in_statistics_on = serializers.DateField(allow_null=True)


class DoubtOutput(Output):
    code = serializers.CharField()
    field = serializers.CharField()
    params = serializers.DictField(help_text="Quantities as plain digits.")


class ReportOutput(Output):
    ref = serializers.UUIDField()
    commitment = serializers.CharField(help_text="Code of the commitment.")
    commitment_title = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    done = serializers.CharField(allow_blank=True)
    problems = serializers.CharField(allow_blank=True)
    next_steps = serializers.CharField(allow_blank=True)
    is_no_change = serializers.BooleanField()
    progress = serializers.FloatField(allow_null=True)
    value = QuantityField(allow_null=True)
    forecast_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(ReportState.choices)
    author = PersonOutput()
    submitted_at = serializers.DateTimeField(allow_null=True)
    reviewer = PersonOutput(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    return_reason = serializers.CharField(allow_blank=True)
    client_ref = serializers.UUIDField(allow_null=True)
    is_late = serializers.BooleanField(help_text="First handed in after its period closed.")
    doubts = DoubtOutput(many=True, help_text="Figures that were questioned when it was handed in.")
    doubts_answer = serializers.CharField(allow_blank=True)
    volumes = VolumesOutput(allow_null=True, help_text="A project’s three quantities.")
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField(help_text='Send it back in If-Match: "<revision>".')
    url = serializers.CharField()


class OverrideOutput(Output):
    health = serializers.ChoiceField(Health.choices)
    reason = serializers.CharField()
    until = serializers.DateField(allow_null=True)


class InitiativeOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(InitiativeKind.choices)


class PostOutput(Output):
    code = serializers.CharField()
    title = serializers.CharField()


class PartOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    involvement = serializers.ChoiceField(Involvement.choices)
    is_suggested = serializers.BooleanField()


class MilestoneOutput(Output):
    name = serializers.CharField()
    planned_on = serializers.DateField(allow_null=True)
    forecast_on = serializers.DateField(allow_null=True)
    actual_on = serializers.DateField(allow_null=True)
    weight = serializers.FloatField(allow_null=True, help_text="Null: informs only.")
    is_demo = serializers.BooleanField()


class IndicatorOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class ReadingOutput(Output):
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    reported = QuantityField(allow_null=True)
    verified = QuantityField(allow_null=True, help_text="Wins over the reported value.")
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of this name, not the option
    is_demo = serializers.BooleanField()


class TargetOutput(Output):
    indicator = IndicatorOutput()
    comparator = serializers.ChoiceField(Comparator.choices)
    value = QuantityField(allow_null=True)
    value_max = QuantityField(allow_null=True)
    growth_percent = QuantityField(allow_null=True)
    base_year = serializers.IntegerField(allow_null=True)
    required = QuantityField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_null=True, help_text="The value to reach; null while the base is unknown."
    )
    note = serializers.CharField(allow_blank=True)
    readings = ReadingOutput(many=True, help_text="The latest twelve, newest first.")


class WholeCommitmentOutput(CommitmentOutput):
    """One commitment with its parts, as clients keep it."""

    summary = serializers.CharField(allow_blank=True, help_text="What counts as done.")
    starts_on = serializers.DateField(allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    exempt_until = serializers.DateField(allow_null=True)
    due_basis = serializers.ChoiceField(DueBasis.choices, allow_blank=True)
    is_red_line = serializers.BooleanField()
    red_line_broken_on = serializers.DateField(allow_null=True)
    progress_basis = serializers.ChoiceField(ProgressBasis.choices, allow_blank=True)
    last_period_end = serializers.DateField(allow_null=True)
    last_accepted_on = serializers.DateField(allow_null=True)
    health_since = serializers.DateField(allow_null=True)
    override = OverrideOutput(allow_null=True)
    parent = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the option
        allow_null=True, help_text="Code of the parent, where the reader may see it."
    )
    initiative = InitiativeOutput(allow_null=True)
    post = PostOutput(allow_null=True)
    departments = PartOutput(many=True, help_text="Beside the lead, in the order of the document.")
    milestones = MilestoneOutput(many=True)
    targets = TargetOutput(many=True)


class CommitmentDetailOutput(WholeCommitmentOutput):
    """One commitment with all that hangs on it."""

    rule_version = serializers.CharField(allow_blank=True)
    reports = ReportOutput(many=True, help_text="The latest twelve, newest period first.")


class ChapterOutput(Output):
    code = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)


class PlanOutput(Output):
    code = serializers.CharField()
    title = serializers.CharField()
    short_title = serializers.CharField()
    issuer = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    adopted_on = serializers.DateField(allow_null=True)
    horizon_starts_on = serializers.DateField()
    horizon_ends_on = serializers.DateField()
    baseline_year = serializers.IntegerField(allow_null=True)
    report_cycle = serializers.ChoiceField(ReportCycle.choices)
    report_grace_days = serializers.IntegerField()
    tracked_since = serializers.DateField(allow_null=True)
    chapters = ChapterOutput(many=True)
    revision = serializers.IntegerField()


class WorkOutput(Output):
    percent = serializers.FloatField(allow_null=True, help_text="Mean progress of what has one; null: nothing has.")
    known_count = serializers.IntegerField()
    unknown_count = serializers.IntegerField()


class AskedMatterOutput(Output):
    """Of a matter on which only a blocker asks the reader, the title."""

    code = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    health = serializers.ChoiceField(Health.choices, allow_null=True)
    sentence = serializers.CharField(allow_blank=True, help_text="Why this light.")
    url = serializers.CharField(allow_null=True)


class CarriedOutput(Output):
    channel = serializers.CharField(help_text="Name of the channel.")
    state = serializers.ChoiceField(MessageState.choices)
    sent_at = serializers.DateTimeField(allow_null=True)


class InboxLineOutput(Output):
    """One matter and what is asked of it, with the newest of its reminders."""

    id = serializers.IntegerField(help_text="Send it to read/.")
    asks = serializers.ChoiceField(Ask.choices)
    occasion = serializers.ChoiceField(ReminderOccasion.choices)
    told_as = serializers.ChoiceField(Audience.choices)
    on_behalf_of = PersonOutput(allow_null=True, help_text="For whom the reader stands in; null: the reader’s own.")
    commitment = AskedMatterOutput(allow_null=True, help_text="Null: no longer in sight.")
    milestone = serializers.CharField(allow_blank=True)
    asked = serializers.CharField(allow_blank=True, help_text="What is wanted, in one sentence as it reads today.")
    note = serializers.CharField(allow_blank=True, help_text="What the office said when it reminded by hand.")
    due_on = serializers.DateField(allow_null=True, help_text="The day by which it is wanted, or from which it counts.")
    planned_on = serializers.DateField()
    is_unread = serializers.BooleanField()
    carried = CarriedOutput(many=True, help_text="Messages that took it out of the site; empty: inbox only.")
    is_demo = serializers.BooleanField()


class UnreadOutput(Output):
    unread_count = serializers.IntegerField(help_text="At most 99.")
    has_more = serializers.BooleanField(help_text="There are more than 99.")


class InboxReadOutput(UnreadOutput):
    read_count = serializers.IntegerField(help_text="Reminders that were unread until now.")


class PageOutput(Output):
    """A page of a list."""

    next = serializers.CharField(allow_null=True, help_text="Address of the next page, from the root of the host.")


class CommitmentPageOutput(PageOutput):
    results = CommitmentOutput(many=True)


class ReportPageOutput(PageOutput):
    results = ReportOutput(many=True)


class InboxPageOutput(PageOutput):
    results = InboxLineOutput(many=True)


class PlanPageOutput(PageOutput):
    results = PlanOutput(many=True)


class BatchResultOutput(Output):
    """What became of one report of a batch: the report, or the refusal."""

    client_ref = serializers.CharField(allow_null=True, help_text="As it was sent.")
    status = serializers.IntegerField(help_text="What this report alone would have been answered with.")
    report = ReportOutput(allow_null=True)
    error = ErrorOutput(allow_null=True)


class BatchOutput(Output):
    results = BatchResultOutput(many=True, help_text="In the order sent.")
