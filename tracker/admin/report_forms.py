"""The report's form: one page an official fills in two minutes, with last month beside it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.choices import ProjectStage
from projects.errors import DomainError
from projects.models import ProjectDetails
from tracker.admin.acting import ActionForm
from tracker.admin.evidence_forms import EvidenceField
from tracker.models import Commitment, ProgressReport, Target
from tracker.queries import figures
from tracker.rules.periods import Period
from tracker.rules.reasons import number
from tracker.rules.reporting import ReportValues, VolumeValues

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TEXTS = ("done", "problems", "next_steps")
NUMBERS = ("progress", "value")
YES_NO = (("", gettext_lazy("not known")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
VOLUME_LABELS: Mapping[str, "_StrPromise"] = {
    "invested_month_wan": gettext_lazy("invested this month (10 000 yuan)"),
    "invested_year_wan": gettext_lazy("invested since January (10 000 yuan)"),
    "physical_percent": gettext_lazy("physical progress (%)"),
    "work_percent": gettext_lazy("work volume (%)"),
}


def month(period: Period | ProgressReport) -> str:
    """A period as people name it: 2026-11, or 2026-10 to 2026-12 for a quarter."""
    if isinstance(period, Period):
        start, end = period.start, period.end
    else:
        start, end = period.period_start, period.period_end
    first, last = start.isoformat()[:7], end.isoformat()[:7]
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def figure(name: str, *, digits: int, places: int) -> forms.DecimalField:
    """A quantity of a project: a number field that takes nothing below zero."""
    return forms.DecimalField(
        label=VOLUME_LABELS[name], required=False, min_value=Decimal(0), max_digits=digits, decimal_places=places,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "vTextField short", "step": "any"}),
    )  # fmt: skip


class PeriodField(forms.ChoiceField):
    """Offers the periods that are taken. Another one is no wrong input: the action says when it closed."""

    def valid_value(self, value: str) -> bool:
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True


class VolumesPart(forms.Form):
    """The fields of a project's three quantities 三量; other commitments are not asked for them."""

    invested_month_wan = figure("invested_month_wan", digits=14, places=2)
    invested_year_wan = figure("invested_year_wan", digits=14, places=2)
    physical_percent = figure("physical_percent", digits=6, places=2)
    work_percent = figure("work_percent", digits=6, places=2)
    stage = forms.ChoiceField(
        label=gettext_lazy("stage of the project"), required=False,
        choices=[("", gettext_lazy("not said")), *ProjectStage.choices],
        help_text=gettext_lazy("Where the project stands now."),
    )  # fmt: skip
    in_statistics = forms.ChoiceField(
        label=gettext_lazy("registered in the statistics"), required=False, choices=YES_NO,
        help_text=gettext_lazy("Whether the statistics office counts the project."),
    )  # fmt: skip
    in_statistics_on = forms.DateField(
        label=gettext_lazy("registered in the statistics on"), required=False, widget=DayInput,
        help_text=gettext_lazy("Only with “yes”."),
    )  # fmt: skip


class ReportForm(ActionForm[ProgressReport], VolumesPart):
    """What a department says of one period. The page gives it its commitment, periods and last report beforehand."""

    item: ClassVar[Commitment]
    periods: ClassVar[Sequence[Period]] = ()
    period_wanted: ClassVar[date | None] = None
    previous: ClassVar[ProgressReport | None] = None
    target: ClassVar[Target | None] = None
    project: ClassVar[ProjectDetails | None] = None
    copies_last: ClassVar[bool] = False
    places = {"period_start": "period", "period": "period"}

    period = PeriodField(label=gettext_lazy("period"), widget=forms.HiddenInput)
    progress = forms.DecimalField(
        label=gettext_lazy("progress (%)"), required=False, max_digits=5, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "vTextField short", "step": "any"}),
        help_text=gettext_lazy("How much of the whole is done, 0 to 100. Leave it empty if you do not know."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=gettext_lazy("value of the indicator"), required=False, max_digits=18, decimal_places=4,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "vTextField short", "step": "any"}),
        help_text=gettext_lazy("The value at the end of the period, in the unit named above."),
    )  # fmt: skip
    forecast_on = forms.DateField(
        label=gettext_lazy("forecast date"), required=False, widget=DayInput,
        help_text=gettext_lazy("The day on which it will be done, if it is not the due date."),
    )  # fmt: skip
    files = EvidenceField()  # type: ignore[assignment]  # the field's name; Django's attribute is the instance's

    class Meta:
        model = ProgressReport
        fields = (*TEXTS, "is_no_change", *NUMBERS, "forecast_on", "doubts_answer")
        widgets = {name: forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}) for name in TEXTS} | {
            "doubts_answer": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        }
        help_texts = {
            "done": gettext_lazy("Results of this period, with figures where there are any."),
            "problems": gettext_lazy("What stands in the way, and who could help."),
            "next_steps": gettext_lazy("What comes next, and by when."),
            "is_no_change": gettext_lazy(
                "Tick this if nothing changed since the last report; then nothing else is needed."
            ),
            "doubts_answer": gettext_lazy("One sentence is enough. The reviewer reads it beside the figures."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_periods()
        self._leave_out()
        self._start_from_stored()
        if self.copies_last and self.previous is not None:
            for name in TEXTS:
                self.initial[name] = self.initial.get(name) or getattr(self.previous, name)
        self._show_last()

    def _offer_periods(self) -> None:
        choices = {period.start.isoformat(): month(period) for period in self.periods}
        if self.instance.pk:
            choices.setdefault(self.instance.period_start.isoformat(), month(self.instance))
        field = self.fields["period"]
        field.choices = list(choices.items())  # type: ignore[attr-defined]
        wanted = self.period_wanted.isoformat() if self.period_wanted else ""
        own = self.instance.period_start.isoformat() if self.instance.pk else ""
        self.initial["period"] = wanted if wanted in choices else own or next(iter(choices), "")

    def _leave_out(self) -> None:
        """Only the figures that this commitment is asked for."""
        if self.item.is_red_line:
            self.fields.pop("progress", None)
        if self.target is None:
            self.fields.pop("value", None)
        else:
            unit = self.target.indicator.unit
            self.fields["value"].label = f"{self.target.indicator.name}({unit})" if unit else self.target.indicator.name
        if self.project is None:
            for name in figures.VOLUMES:
                self.fields.pop(name, None)

    def _start_from_stored(self) -> None:
        stored = figures.volumes_said(self.instance) if self.instance.pk else None
        if stored is not None:
            answer = {True: "yes", False: "no", None: ""}[stored.in_statistics]
            self.initial.update({name: getattr(stored, name) for name in figures.VOLUMES}, in_statistics=answer)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = number(value)

    def _show_last(self) -> None:
        """The last figures below their fields, the year's plan beside the money."""
        last = self.previous
        if last is not None:
            said = figures.volumes_said(last)
            unit = self.target.indicator.unit if self.target else ""
            for name in (*NUMBERS, *VOLUME_LABELS):
                value = getattr(last, name, None) if name in NUMBERS else getattr(said, name, None)
                if value is not None:
                    shown = {"value": number(value), "unit": unit if name == "value" else "", "period": month(last)}
                    self._add_help(name, _("Last: %(value)s %(unit)s (%(period)s).") % shown)
        if self.project is not None and self.project.year_investment_wan is not None:
            planned = {"year": self.project.plan_year or "", "planned": number(self.project.year_investment_wan)}
            said_plan = _("Planned for the year %(year)s: %(planned)s (10 000 yuan).") % planned
            self._add_help("invested_year_wan", said_plan)

    def _add_help(self, name: str, text: str) -> None:
        if name in self.fields:
            self.fields[name].help_text = " ".join(filter(None, (str(self.fields[name].help_text), text)))

    def clean_progress(self) -> Decimal | None:
        progress: Decimal | None = self.cleaned_data["progress"]
        if progress is not None and not 0 <= progress <= 100:
            raise ValidationError(str(DomainError("progress_out_of_range")), code="progress_out_of_range")
        return progress

    @property
    def period_start(self) -> date:
        return date.fromisoformat(self.cleaned_data["period"])

    @property
    def period_now(self) -> Period | None:
        """The period that the page shows: the one sent or begun with; None when it is no longer taken."""
        shown = self.data.get("period") if self.is_bound else self.initial.get("period")
        return next((period for period in self.periods if period.start.isoformat() == shown), None)

    @property
    def other_periods(self) -> list[Period]:
        now = self.period_now
        return [period for period in reversed(self.periods) if period != now]

    def values(self) -> ReportValues:
        """What the action takes; a field that this commitment is not asked for says nothing."""
        said = self.cleaned_data
        return ReportValues(
            done=said["done"],
            problems=said["problems"],
            next_steps=said["next_steps"],
            is_no_change=said["is_no_change"],
            progress=said.get("progress"),
            value=said.get("value"),
            forecast_on=said["forecast_on"],
            volumes=self._volumes() if self.project is not None else None,
            doubts_answer=said.get("doubts_answer", self.instance.doubts_answer),
        )

    def _volumes(self) -> VolumeValues:
        said = self.cleaned_data
        return VolumeValues(
            invested_month_wan=said["invested_month_wan"],
            invested_year_wan=said["invested_year_wan"],
            physical_percent=said["physical_percent"],
            work_percent=said["work_percent"],
            stage=said["stage"],
            in_statistics={"yes": True, "no": False}.get(said["in_statistics"]),
            in_statistics_on=said["in_statistics_on"],
        )


class ReviewForm(forms.Form):
    """The reviewer's word. A reason is owed only when the report goes back."""

    reason = forms.CharField(
        label=gettext_lazy("What is missing or wrong"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("The department reads this. It is needed to return the report."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
