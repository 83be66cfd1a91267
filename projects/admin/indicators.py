"""How indicators and their readings are laid out. Who may open them is said where they are registered."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import facts
from projects.admin.inlines import HelpTexts
from projects.models import Indicator, Reading

THIN = "\N{NARROW NO-BREAK SPACE}"


class IndicatorLayout(ModelAdmin[Indicator]):
    fields = ["code", "name", "definition", "unit", "direction", "frequency", "source"]
    list_display = ["name", "unit", "direction", "frequency", "source"]
    list_filter = ["frequency"]
    search_fields = ["code", "name", "initials"]
    ordering = ["code"]
    help_texts: ClassVar[HelpTexts] = {
        "code": gettext_lazy("Short and unique; it stands in addresses and never changes."),
        "name": gettext_lazy("As the statistics call it."),
        "definition": gettext_lazy("What exactly is counted, and what is not."),
        "unit": gettext_lazy("What its values are counted in; it stands beside each of them."),
        "direction": gettext_lazy("Whether more of it is better, or less."),
        "frequency": gettext_lazy("How often a value is published."),
        "source": gettext_lazy("Who publishes it, and where."),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> list[str]:
        return ["code"] if obj else []


class Comparison(SimpleListFilter):
    """Readings by what their two values say together: `?compared=differs`."""

    title = gettext_lazy("reported and verified")
    parameter_name = "compared"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[Any, str]]:
        return [("differs", _("differ")), ("unverified", _("not verified yet")), ("agrees", _("agree"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reading]) -> QuerySet[Reading]:
        if self.value() == "differs":
            return queryset.filter(reported__isnull=False, verified__isnull=False).exclude(reported=F("verified"))
        if self.value() == "unverified":
            return queryset.filter(verified__isnull=True)
        return queryset.filter(reported=F("verified")) if self.value() == "agrees" else queryset


class ReadingLayout(ModelAdmin[Reading]):
    """Reported 上报 and verified 核定 side by side with their gap; indicator and period name the row and stay."""

    fields = ["indicator", ("period_start", "period_end"), ("reported", "verified"), "gap_shown", "source"]
    list_display = [
        "indicator",
        "period_shown",
        "reported_shown",
        "verified_shown",
        "gap_shown",
        "source",
        "demo_shown",
    ]
    list_filter = [Comparison]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "indicator__code", "indicator__initials"]
    autocomplete_fields = ["indicator"]
    ordering = ["indicator", "-period_end"]
    help_texts: ClassVar[HelpTexts] = {
        "indicator": gettext_lazy("Name, code or pinyin initials. It stays once the reading is saved."),
        "period_start": gettext_lazy("The first day that the value covers."),
        "period_end": gettext_lazy("The last day that the value covers."),
        "reported": gettext_lazy("What the department says. Leave it empty if it said nothing."),
        "verified": gettext_lazy("What the statistics confirmed; it wins where both stand."),
        "source": gettext_lazy("Where the figure comes from. A verified value needs it."),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Reading | None = None) -> list[str]:
        return ["indicator", "period_start", "period_end", "gap_shown"] if obj else ["gap_shown"]

    @display(description=gettext_lazy("period"), ordering="period_end")
    def period_shown(self, reading: Reading) -> str:
        return _period(reading.period_start, reading.period_end)

    @display(description=gettext_lazy("reported value"), ordering="reported")
    def reported_shown(self, reading: Reading) -> str:
        return _with_unit(reading.reported, reading)

    @display(description=gettext_lazy("verified value"), ordering="verified")
    def verified_shown(self, reading: Reading) -> str:
        return _with_unit(reading.verified, reading)

    @display(description=gettext_lazy("gap"))
    def gap_shown(self, reading: Reading) -> SafeString:
        """In words: they agree, they differ by so much, or nobody has verified yet."""
        context = {"reading": reading, "gap": None, "flag": ""}
        if reading.reported is not None and reading.verified is None:
            context["flag"] = "unverified"
        found = facts.gap(reported=reading.reported, verified=reading.verified)
        if found is not None:
            context["flag"] = "differs" if found.absolute else "agrees"
            context["gap"] = _signed(found.absolute)
            context["percent"] = "" if found.percent is None else _signed(found.percent)
        return render_to_string("admin/projects/_gap.html", context)

    @display(description=gettext_lazy("demonstration"), ordering="is_demo")
    def demo_shown(self, reading: Reading) -> str:
        return _("demonstration") if reading.is_demo else ""


def _period(start: date, end: date) -> str:
    """A year as 2024, whole months as 2026-01 – 2026-06, anything else by its days."""
    ends_month = (end + timedelta(days=1)).day == 1
    if (start.month, start.day, end.month, end.day, start.year) == (1, 1, 12, 31, end.year):
        return str(end.year)
    if start.day == 1 and ends_month:
        return (
            f"{start:%Y-%m}" if (start.year, start.month) == (end.year, end.month) else f"{start:%Y-%m} – {end:%Y-%m}"
        )
    return f"{start} – {end}"


def _with_unit(value: Decimal | None, reading: Reading) -> str:
    return "—" if value is None else f"{plain(value)}{THIN}{reading.indicator.unit}".strip()


def _signed(value: Decimal) -> str:
    return f"{'−' if value < 0 else '+'}{plain(abs(value))}"


def plain(value: Decimal) -> str:
    """A number without trailing zeros and without an exponent."""
    return f"{value.normalize():f}"
