"""How the catalogue's initiatives are laid out. Who may open them is said where they are registered."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin.inlines import FollowsParent, HelpTexts
from projects.choices import InitiativeKind
from projects.models import (
    Designation,
    Initiative,
    ParkDetails,
    ParkShare,
    PlatformDetails,
    ProjectDetails,
    TalentProgrammeDetails,
    TalentYear,
)

STACKED = "admin/edit_inline/stacked.html"
TABULAR = "admin/edit_inline/tabular.html"


class ProjectForm(ModelForm[ProjectDetails]):
    """A project's details. Its park is chosen among the parks and written by the action `place_in_park`."""

    stands_in = ModelChoiceField(
        label=_("park it stands in"),
        queryset=Initiative.objects.filter(kind=InitiativeKind.PARK, park__isnull=False).order_by("code"),
        required=False,
        empty_label=_("none, or not known"),
        help_text=_("The park whose page counts this project."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.park is not None:
            self.initial["stands_in"] = self.instance.park.initiative


class ProjectInline(FollowsParent[ProjectDetails, Initiative]):
    model = ProjectDetails
    form = ProjectForm
    template = STACKED
    fields = [
        ("stage", "stands_in"),
        "total_investment_wan",
        ("plan_year", "year_investment_wan", "year_invested_wan"),
        ("physical_percent", "work_percent"),
        ("in_statistics", "in_statistics_on"),
    ]
    help_texts = {
        "stage": _("How far the project is, from planning to in use."),
        "total_investment_wan": _("The whole investment, in units of 10 000 yuan."),
        "plan_year": _("The year for which the investment beside it is planned."),
        "year_investment_wan": _("Planned for that year, in units of 10 000 yuan."),
        "year_invested_wan": _("Spent since January of that year, in units of 10 000 yuan."),
        "physical_percent": _("How much of what is built stands, in percent."),
        "work_percent": _("How much of the planned work is done, in percent."),
        "in_statistics": _("Whether the statistics office has registered the project."),
        "in_statistics_on": _("The day of that registration."),
    }


class ParkInline(FollowsParent[ParkDetails, Initiative]):
    model = ParkDetails
    template = STACKED
    fields = ["grade"]
    help_texts = {
        "grade": _("National, provincial or municipal; leave it empty if it has none."),
    }


class PlatformInline(FollowsParent[PlatformDetails, Initiative]):
    model = PlatformDetails
    template = STACKED
    fields = ["grade", "field"]
    help_texts = {
        "grade": _("National, provincial or municipal; leave it empty if it has none."),
        "field": _("The field that it works in."),
    }


class TalentProgrammeInline(FollowsParent[TalentProgrammeDetails, Initiative]):
    model = TalentProgrammeDetails
    template = STACKED
    fields = ["audience"]
    help_texts = {
        "audience": _("For whom the programme is."),
    }


class DesignationInline(FollowsParent[Designation, Initiative]):
    model = Designation
    template = STACKED
    fields = ["title", ("grade", "step", "step_on")]
    help_texts = {
        "title": _("The title that is applied for or held."),
        "grade": _("Who awards it."),
        "step": _("How far it has climbed, from aimed at to evaluated."),
        "step_on": _("The day of this step."),
    }


class ParkShareInline(FollowsParent[ParkShare, ParkDetails]):
    model = ParkShare
    template = TABULAR
    fields = ["county", "share_percent"]
    help_texts = {
        "county": _("A county that shares the park."),
        "share_percent": _("Its share in percent; all shares make 100."),
    }


class TalentYearInline(FollowsParent[TalentYear, TalentProgrammeDetails]):
    model = TalentYear
    template = TABULAR
    fields = ["year", "quota", "headcount"]
    help_texts = {
        "year": _("The year counted."),
        "quota": _("How many places the year has."),
        "headcount": _("How many people were won. Leave it empty until it is known."),
    }


DETAILS: dict[str, type[FollowsParent[Any, Initiative]]] = {
    InitiativeKind.PROJECT: ProjectInline,
    InitiativeKind.PARK: ParkInline,
    InitiativeKind.PLATFORM: PlatformInline,
    InitiativeKind.TALENT_PROGRAMME: TalentProgrammeInline,
}


class InitiativeLayout(ModelAdmin[Initiative]):
    """An initiative with the details of its kind; the kind stays once the details stand."""

    fields = ["code", "name", "kind", "jurisdiction", "host", "note"]
    help_texts: ClassVar[HelpTexts] = {
        "code": _("Short and unique; it stands in addresses and never changes."),
        "name": _("The proper name, as it stands in documents."),
        "kind": _("It decides which details are kept; it stays once it is saved."),
        "jurisdiction": _("The place where it stands."),
        "host": _("Who carries it: an institution, a company, a committee."),
        "note": _("What has to be known beside the facts."),
    }
    list_display = ["code", "name", "kind", "jurisdiction", "host"]
    list_filter = ["kind", "jurisdiction"]
    list_select_related = ["jurisdiction"]
    search_fields = ["code", "name", "initials", "host"]
    ordering = ["code"]

    def get_inlines(self, request: HttpRequest, obj: Initiative | None) -> list[Any]:
        return [DETAILS[obj.kind], DesignationInline] if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Initiative | None = None) -> list[str]:
        return ["code", "kind"] if obj else []


class ParkLayout(ModelAdmin[ParkDetails]):
    """The counties that share a park."""

    fields = ["initiative", "grade"]
    readonly_fields = ["initiative", "grade"]
    inlines = [ParkShareInline]
    list_display = ["initiative", "grade"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__name", "initiative__initials"]
    verbose_name = _("park")


class TalentLayout(ModelAdmin[TalentProgrammeDetails]):
    """Quota and headcount of a talent programme, year by year."""

    fields = ["initiative", "audience"]
    readonly_fields = ["initiative", "audience"]
    inlines = [TalentYearInline]
    list_display = ["initiative", "audience"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__name", "initiative__initials"]
