"""What sync answers, described; shaped by hand in `shapes`."""

from rest_framework import serializers

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from tracker.api.inputs import QuantityField
from tracker.api.serializers import (
    DepartmentOutput,
    Output,
    PlanOutput,
    ReportOutput,
    WholeCommitmentOutput,
)
from tracker.models.sync import NoteSubject


class SyncedCommitmentOutput(WholeCommitmentOutput):
    """One commitment as `GET /commitments/{code}/` gives it, without `rule_version` and `reports`."""


class ProjectOutput(Output):
    """A project’s three quantities, in 10 000 yuan and percent; null: not known."""

    stage = serializers.ChoiceField(ProjectStage.choices, allow_blank=True)
    total_investment_wan = QuantityField(allow_null=True)
    plan_year = serializers.IntegerField(allow_null=True)
    year_investment_wan = QuantityField(allow_null=True)
    year_invested_wan = QuantityField(allow_null=True)
    physical_percent = QuantityField(allow_null=True)
    work_percent = QuantityField(allow_null=True)
    in_statistics = serializers.BooleanField(allow_null=True)
    in_statistics_on = serializers.DateField(allow_null=True)
    park = serializers.CharField(allow_null=True, help_text="Code of the park it stands in.")


class ParkShareOutput(Output):
    county = serializers.CharField(help_text="Code of the county (GB/T 2260).")
    share_percent = QuantityField(allow_null=True)


class ParkOutput(Output):
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True)
    shares = ParkShareOutput(many=True)


class PlatformOutput(Output):
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True)
    field = serializers.CharField(allow_blank=True, help_text="Field of work.")


class TalentYearOutput(Output):
    year = serializers.IntegerField()
    quota = serializers.IntegerField(allow_null=True)
    headcount = serializers.IntegerField(allow_null=True)


class TalentProgrammeOutput(Output):
    audience = serializers.CharField(allow_blank=True, help_text="Whom it is for.")
    years = TalentYearOutput(many=True)


class DesignationOutput(Output):
    title = serializers.CharField()
    grade = serializers.ChoiceField(Grade.choices)
    step = serializers.ChoiceField(DesignationStep.choices)
    step_on = serializers.DateField(allow_null=True)


class SyncedInitiativeOutput(Output):
    """A project, park, platform or talent programme. Of the four details one is not null, as `kind` says."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(InitiativeKind.choices)
    jurisdiction = serializers.CharField(allow_null=True, help_text="Code (GB/T 2260).")
    host = serializers.CharField(allow_blank=True, help_text="Who carries it.")
    note = serializers.CharField(allow_blank=True)
    project = ProjectOutput(allow_null=True)
    park = ParkOutput(allow_null=True)
    platform = PlatformOutput(allow_null=True)
    talent_programme = TalentProgrammeOutput(allow_null=True)
    designations = DesignationOutput(many=True)
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField()


# What may be removed; a department never is.
REMOVABLE = [(one.value, one.label) for one in (NoteSubject.COMMITMENT, NoteSubject.REPORT, NoteSubject.PLAN)]


class RemovedOutput(Output):
    """Left the reader’s sight, or is gone. With a commitment go its reports."""

    kind = serializers.ChoiceField(REMOVABLE)
    key = serializers.CharField(help_text="The code; of a report, the reference.")


class SyncOutput(Output):
    """Apply `removed` first, then put every row in the place of the one with its code or reference."""

    removed = RemovedOutput(many=True)
    departments = DepartmentOutput(many=True)
    plans = PlanOutput(many=True)
    initiatives = SyncedInitiativeOutput(many=True)
    commitments = SyncedCommitmentOutput(many=True)
    reports = ReportOutput(many=True)
    today = serializers.DateField(help_text="The site’s day, on which each `sentence` reads so.")
    cursor = serializers.CharField(help_text="Keep it with the rows; it belongs to this person.")
    more = serializers.BooleanField(help_text="Ask again at once; false: all that stood is told.")
