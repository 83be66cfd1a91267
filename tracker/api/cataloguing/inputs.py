"""What comes in about initiatives. A field that is left out keeps what stands; null or "" empties it."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from tracker.api.inputs import Input
from tracker.api.once import OnceInput
from tracker.api.registering.inputs import LONGEST, CodeField, DayField

PEOPLE = 2**31 - 1


class YearField(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1949, max_value=2199, **options)


class MoneyField(serializers.DecimalField):
    """10 000 yuan."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, allow_null=True, required=False, **options)


class PercentField(serializers.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=6, decimal_places=2, min_value=0, allow_null=True, required=False, **options)


class ProjectInput(Input):
    stage = serializers.ChoiceField(ProjectStage.choices, allow_blank=True, required=False)
    stands_in = CodeField(allow_null=True, required=False, help_text="Code of the park whose page counts it.")
    total_investment_wan = MoneyField(help_text="The whole investment, in 10 000 yuan.")
    plan_year = YearField(allow_null=True, required=False)
    year_investment_wan = MoneyField(help_text="Planned for that year.")
    year_invested_wan = MoneyField(help_text="Spent since January of that year.")
    physical_percent = PercentField()
    work_percent = PercentField()
    in_statistics = serializers.BooleanField(allow_null=True, required=False)
    in_statistics_on = DayField(allow_null=True, required=False)


class ShareInput(Input):
    county = serializers.CharField(max_length=12, help_text="Code of the county (GB/T 2260).")
    share_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100, allow_null=True, required=False
    )


class ParkInput(Input):
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True, required=False)
    shares = serializers.ListField(
        child=ShareInput(), required=False, max_length=50, help_text="By county; one that is not named stays."
    )


class PlatformInput(Input):
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True, required=False)
    field = serializers.CharField(max_length=120, allow_blank=True, required=False)


class TalentYearInput(Input):
    year = YearField()
    quota = serializers.IntegerField(min_value=0, max_value=PEOPLE, allow_null=True, required=False)
    headcount = serializers.IntegerField(min_value=0, max_value=PEOPLE, allow_null=True, required=False)


class TalentProgrammeInput(Input):
    audience = serializers.CharField(max_length=200, allow_blank=True, required=False)
    years = serializers.ListField(child=TalentYearInput(), required=False, max_length=100, help_text="By year.")


class DesignationInput(Input):
    title = serializers.CharField(max_length=160)
    grade = serializers.ChoiceField(Grade.choices, required=False, help_text="Needed for a new one.")
    step = serializers.ChoiceField(DesignationStep.choices, required=False)
    step_on = DayField(allow_null=True, required=False)


class InitiativeCorrectionInput(Input):
    """What is to be corrected. Of the four details only those of its kind are taken."""

    name = serializers.CharField(max_length=200, required=False)
    jurisdiction = serializers.CharField(
        max_length=12, allow_null=True, required=False, help_text="Code of the place where it stands."
    )
    host = serializers.CharField(max_length=120, allow_blank=True, required=False)
    note = serializers.CharField(max_length=LONGEST, allow_blank=True, required=False)
    project = ProjectInput(required=False)
    park = ParkInput(required=False)
    platform = PlatformInput(required=False)
    talent_programme = TalentProgrammeInput(required=False)
    designations = serializers.ListField(child=DesignationInput(), required=False, max_length=50, help_text="By title.")


class NewInitiativeInput(InitiativeCorrectionInput, OnceInput):
    """A project, park, platform or talent programme."""

    code = serializers.RegexField(
        r"^[^/\x00-\x1f\x7f]+\Z", max_length=40, help_text="Stands in addresses and never changes."
    )
    kind = serializers.ChoiceField(InitiativeKind.choices, help_text="It stays.")
    name = serializers.CharField(max_length=200)
