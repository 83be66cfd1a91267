"""The report's form: one page an official fills in two minutes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker.admin.acting import ActionForm
from tracker.models import Commitment, ProgressReport, Target
from tracker.rules.periods import Period
from tracker.rules.reporting import ReportValues

TEXTS = ("done", "problems", "next_steps")


def month(period: Period | ProgressReport) -> str:
    """A period as people name it: 2026-11, or 2026-10 to 2026-12 for a quarter."""
    if isinstance(period, Period):
        start, end = period.start, period.end
    else:
        start, end = period.period_start, period.period_end
    first, last = start.isoformat()[:7], end.isoformat()[:7]
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


class PeriodField(forms.ChoiceField):
    """Offers the open periods. Another one is no wrong input but a late one: the action says when it closed."""

    def valid_value(self, value: str) -> bool:
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True


class ReportForm(ActionForm[ProgressReport]):
    """What a department says of one period. The page gives it its commitment, periods and last report beforehand."""

    item: ClassVar[Commitment]
    periods: ClassVar[Sequence[Period]] = ()
    previous: ClassVar[ProgressReport | None] = None
    target: ClassVar[Target | None] = None
    places = {"period_start": "period", "period": "period"}

    period = PeriodField(label=gettext_lazy("period"))
    progress = forms.DecimalField(
        label=gettext_lazy("progress (%)"), required=False, max_digits=5, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "vTextField short", "step": "any"}),
        help_text=gettext_lazy("How much of the whole is done, 0 to 100. Leave it empty if you do not know."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=gettext_lazy("value of the indicator"), required=False, max_digits=18, decimal_places=4,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "vTextField short", "step": "any"}),
    )  # fmt: skip
    forecast_on = forms.DateField(
        label=gettext_lazy("forecast date"), required=False, widget=DayInput,
        help_text=gettext_lazy("The day on which it will be done, if it is not the due date."),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ProgressReport
        fields = ("done", "problems", "next_steps", "is_no_change", "progress", "value", "forecast_on")
        widgets = {name: forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}) for name in TEXTS}
        help_texts = {
            "done": gettext_lazy("Results of this period, with figures where there are any."),
            "problems": gettext_lazy("What stands in the way, and who could help."),
            "next_steps": gettext_lazy("What comes next, and by when."),
            "is_no_change": gettext_lazy(
                "Tick this if nothing changed since the last report; then nothing else is needed."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("progress", "value"):
            if isinstance(self.initial.get(name), Decimal):
                self.initial[name] = f"{self.initial[name].normalize():f}"
        self._offer_periods()
        if self.item.is_red_line:
            self.fields.pop("progress", None)
        if self.target is None:
            self.fields.pop("value", None)
        else:
            self._ask_for_value(self.target)
        self.fields["seen"].initial = self.instance.revision if self.instance.pk else None

    def _offer_periods(self) -> None:
        choices = [(period.start.isoformat(), month(period)) for period in self.periods]
        if self.instance.pk:
            own = self.instance.period_start.isoformat()
            self.fields["period"].initial = own
            if own not in dict(choices):
                choices.append((own, month(self.instance)))
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        if len(self.periods) == 1:
            closes = self.periods[0].closes_on.isoformat()
            self.fields["period"].help_text = _("Can be handed in until %(day)s.") % {"day": closes}

    def _ask_for_value(self, target: Target) -> None:
        field, unit = self.fields["value"], target.indicator.unit
        field.label = f"{target.indicator.name}({unit})" if unit else target.indicator.name
        if self.previous is not None and self.previous.value is not None:
            last = {"value": f"{self.previous.value.normalize():f}", "unit": unit, "period": month(self.previous)}
            field.help_text = _("Last: %(value)s %(unit)s (%(period)s).") % last

    def clean_progress(self) -> Decimal | None:
        progress: Decimal | None = self.cleaned_data["progress"]
        if progress is not None and not 0 <= progress <= 100:
            raise ValidationError(str(DomainError("progress_out_of_range")), code="progress_out_of_range")
        return progress

    @property
    def period_start(self) -> date:
        return date.fromisoformat(self.cleaned_data["period"])

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
