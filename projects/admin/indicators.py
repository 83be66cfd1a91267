"""How indicators and their readings are laid out. Who may open them is said where they are registered."""

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from projects.models import Indicator, Reading


class IndicatorLayout(ModelAdmin[Indicator]):
    fields = ["code", "name", "definition", "unit", "direction", "frequency", "source"]
    list_display = ["name", "unit", "direction", "frequency", "source"]
    list_filter = ["frequency"]
    search_fields = ["code", "name"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> list[str]:
        return ["code"] if obj else []


class ReadingLayout(ModelAdmin[Reading]):
    """Reported 上报 and verified 核定 side by side; the indicator and the period name the row and stay."""

    fields = ["indicator", ("period_start", "period_end"), ("reported", "verified"), "source"]
    list_display = ["indicator", "period_start", "period_end", "reported", "verified", "source", "is_demo"]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "indicator__code"]
    autocomplete_fields = ["indicator"]
    ordering = ["indicator", "-period_end"]

    def get_readonly_fields(self, request: HttpRequest, obj: Reading | None = None) -> list[str]:
        return ["indicator", "period_start", "period_end"] if obj else []
