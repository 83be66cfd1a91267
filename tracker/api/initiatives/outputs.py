"""What goes out about the catalogue: described here, shaped in `shapes`."""

from rest_framework import serializers

from projects.choices import Grade, InitiativeKind
from tracker.api.inputs import QuantityField
from tracker.api.lines import LineOutput, lights_field
from tracker.api.rows import MatterOutput, NamedOutput
from tracker.api.serializers import Output, PageOutput, PersonOutput, VolumesOutput
from tracker.api.sync.outputs import DesignationOutput, PlatformOutput, ProjectOutput, TalentProgrammeOutput
from tracker.choices import Health, ReportState


class PlacedProjectOutput(ProjectOutput):
    """A project’s three quantities, in 10 000 yuan and percent; null: not known."""

    park = NamedOutput(  # type: ignore[assignment]  # with its name, not the code alone
        allow_null=True, help_text="The park it stands in."
    )


class CountyShareOutput(Output):
    county = NamedOutput()
    share_percent = QuantityField(allow_null=True, help_text="Null: the agreement names none.")


class TotalOutput(Output):
    """A sum in 10 000 yuan over those projects of which it is known."""

    wan = QuantityField(allow_null=True, help_text="Null: known of none.")
    known_count = serializers.IntegerField()


class ResidentsOutput(Output):
    """The projects that stand in a park."""

    count = serializers.IntegerField()
    total_investment = TotalOutput()
    year_investment = TotalOutput(help_text="Planned for the year.")
    year_invested = TotalOutput()


class SharedParkOutput(Output):
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True)
    shares = CountyShareOutput(many=True, help_text="The counties that share it.")
    residents = ResidentsOutput()


class InitiativeLineOutput(Output):
    """A project, park, platform or talent programme. Only the details of its kind are not null."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(InitiativeKind.choices)
    jurisdiction = NamedOutput(allow_null=True)
    host = serializers.CharField(allow_blank=True, help_text="Who carries it.")
    note = serializers.CharField(allow_blank=True)
    project = PlacedProjectOutput(allow_null=True)
    park = SharedParkOutput(allow_null=True)
    platform = PlatformOutput(allow_null=True)
    talent_programme = TalentProgrammeOutput(allow_null=True)
    designations = DesignationOutput(many=True)
    health = serializers.ChoiceField(
        Health.choices, allow_null=True, help_text="The gravest light; null: nothing in your sight stands on it."
    )
    lights = lights_field("Commitments in your sight that stand on it, by light.")
    is_demo = serializers.BooleanField()
    revision = serializers.IntegerField()
    url = serializers.CharField()


class InitiativePageOutput(PageOutput):
    results = InitiativeLineOutput(many=True)


class ToldOutput(Output):
    """A report on a commitment that stands on the thing, in short. Its address gives the whole."""

    ref = serializers.UUIDField()
    commitment = MatterOutput()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    state = serializers.ChoiceField(ReportState.choices)
    author = PersonOutput()
    done = serializers.CharField(allow_blank=True)
    problems = serializers.CharField(allow_blank=True)
    is_no_change = serializers.BooleanField()
    progress = serializers.FloatField(allow_null=True)
    is_demo = serializers.BooleanField()
    url = serializers.CharField()


class ToldVolumesOutput(Output):
    """What an accepted report said of the three quantities."""

    commitment = MatterOutput()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    volumes = VolumesOutput()
    is_demo = serializers.BooleanField()


class RelatedInitiativeOutput(NamedOutput):
    url = serializers.CharField()


class ResidentOutput(RelatedInitiativeOutput):
    """A project that stands in the park."""

    health = serializers.ChoiceField(Health.choices, allow_null=True)
    project = PlacedProjectOutput(allow_null=True)
    is_demo = serializers.BooleanField()


class InitiativeDetailOutput(InitiativeLineOutput):
    """One thing with what stands on it in the reader’s sight."""

    commitments = LineOutput(many=True, help_text="The first fifty, by code; `lights` counts them all.")
    reports = ToldOutput(many=True, help_text="The latest twelve, newest period first.")
    volumes = ToldVolumesOutput(many=True, help_text="The latest sixty, oldest period first.")
    parts = RelatedInitiativeOutput(
        many=True, help_text="Projects that commitments under this thing’s commitments stand on."
    )
    residents = ResidentOutput(many=True, help_text="Of a park, the first fifty; `park.residents` counts them all.")
