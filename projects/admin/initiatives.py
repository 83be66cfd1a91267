"""How the catalogue's initiatives are laid out. Who may open them is said where they are registered."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin.inlines import FollowsParent
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


class ProjectInline(FollowsParent[ProjectDetails, Initiative]):
    model = ProjectDetails
    template = STACKED
    fields = [
        "stage",
        "total_investment_wan",
        ("plan_year", "year_investment_wan", "year_invested_wan"),
        ("physical_percent", "work_percent"),
        ("in_statistics", "in_statistics_on"),
    ]


class ParkInline(FollowsParent[ParkDetails, Initiative]):
    model = ParkDetails
    template = STACKED
    fields = ["grade"]


class PlatformInline(FollowsParent[PlatformDetails, Initiative]):
    model = PlatformDetails
    template = STACKED
    fields = ["grade", "field"]


class TalentProgrammeInline(FollowsParent[TalentProgrammeDetails, Initiative]):
    model = TalentProgrammeDetails
    template = STACKED
    fields = ["audience"]


class DesignationInline(FollowsParent[Designation, Initiative]):
    model = Designation
    template = STACKED
    fields = ["title", ("grade", "step", "step_on")]


class ParkShareInline(FollowsParent[ParkShare, ParkDetails]):
    model = ParkShare
    template = TABULAR
    fields = ["county", "share_percent"]


class TalentYearInline(FollowsParent[TalentYear, TalentProgrammeDetails]):
    model = TalentYear
    template = TABULAR
    fields = ["year", "quota", "headcount"]


DETAILS: dict[str, type[FollowsParent[Any, Initiative]]] = {
    InitiativeKind.PROJECT: ProjectInline,
    InitiativeKind.PARK: ParkInline,
    InitiativeKind.PLATFORM: PlatformInline,
    InitiativeKind.TALENT_PROGRAMME: TalentProgrammeInline,
}


class InitiativeLayout(ModelAdmin[Initiative]):
    """An initiative with the details of its kind; the kind stays once the details stand."""

    fields = ["code", "name", "kind", "jurisdiction", "host", "note"]
    list_display = ["code", "name", "kind", "jurisdiction", "host"]
    list_filter = ["kind", "jurisdiction"]
    list_select_related = ["jurisdiction"]
    search_fields = ["code", "name", "host"]
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
    search_fields = ["initiative__name"]
    verbose_name = _("park")


class TalentLayout(ModelAdmin[TalentProgrammeDetails]):
    """Quota and headcount of a talent programme, year by year."""

    fields = ["initiative", "audience"]
    readonly_fields = ["initiative", "audience"]
    inlines = [TalentYearInline]
    list_display = ["initiative", "audience"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__name"]
