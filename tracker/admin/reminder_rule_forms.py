"""The forms of reminder rules: a new rule, a new version with one line of days for each audience, a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker.choices import Audience, ReminderOccasion
from tracker.models import Plan
from tracker.rules import ladder_text
from tracker.rules.ladder import LONGEST_OFFSET, MOST_REPEATS, UNCHANGED, Rung

SHORT = {"class": "vTextField short"}
# What stands beside an audience's days.
NUMBERS = ("every", "most", "growth")


class FoundForm(forms.Form):
    """A new rule: of what, in which plan. Whom and when says its first version."""

    code = forms.SlugField(
        label=gettext_lazy("code"),
        max_length=40,
        widget=forms.TextInput(attrs=SHORT),
        help_text=gettext_lazy("Short and unique; it stands in the log and never changes. For example: slip-nc2024."),
    )
    occasion = forms.ChoiceField(
        label=gettext_lazy("occasion"),
        choices=[one for one in ReminderOccasion.choices if one[0] != ReminderOccasion.BY_HAND],
        help_text=gettext_lazy("What it reminds of. The days of the ladder count from it."),
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label=gettext_lazy("plan"),
        required=False,
        empty_label=gettext_lazy("Every plan without a rule of its own"),
        help_text=gettext_lazy("A plan with an active rule of its own is not served by the general one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.fields["plan"]
        assert isinstance(plan, forms.ModelChoiceField)
        plan.queryset = Plan.objects.order_by("code")


class ReasonForm(forms.Form):
    """Why, for the log."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Stands in the history."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = str(DomainError("reason_needed"))


class DropForm(ReasonForm):
    """Why a draft is dropped."""

    prefix = "drop"


class DraftForm(forms.Form):
    """A version: for each audience its days and how they repeat."""

    counts_working_days = forms.BooleanField(
        label=gettext_lazy("days are working days"),
        required=False,
        help_text=gettext_lazy(
            "Not ticked, calendar days count, and a reminder that falls on a day off goes out on the working day "
            "before. "
            "Where something that happened is told (a return, a decision, a hand-out), only working days make sense."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("why"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Why the ladder changes. It stands beside the version for as long as it is kept."),
    )

    def __init__(self, *args: Any, rungs: Sequence[Rung] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].error_messages["required"] = str(DomainError("reason_needed"))
        given = {rung.audience: rung for rung in rungs}
        for audience in Audience:
            self._add(audience, given.get(audience, Rung(audience=audience)))
        self.order_fields([*(name for name in self.fields if name not in {"counts_working_days", "note"})])

    def _add(self, audience: Audience, rung: Rung) -> None:
        self.fields[f"{audience}_days"] = forms.CharField(
            label=_("days"),
            required=False,
            max_length=400,
            initial=ladder_text.written(rung.days),
            widget=forms.TextInput(attrs={"class": "vTextField", "inputmode": "text", "autocomplete": "off"}),
            help_text=_("Before the day with a minus, on it 0, after it without: -30, -14, 0, 7. Empty: not told."),
        )
        labels = {"every": _("then every … days"), "most": _("at most … times"), "growth": _("growth of the gaps (%)")}
        helps = {
            "every": _("After the last of the days. Empty: it does not repeat."),
            "most": _("How often it repeats; after that it ends."),
            "growth": _("100: all gaps are equal. 150: each gap is half as long again."),
        }
        limits = {"every": (0, LONGEST_OFFSET), "most": (0, MOST_REPEATS), "growth": (UNCHANGED, 1000)}
        for name in NUMBERS:
            least, most = limits[name]
            self.fields[f"{audience}_{name}"] = forms.IntegerField(
                label=labels[name],
                required=False,
                min_value=least,
                max_value=most,
                initial=getattr(rung, name) or None,
                widget=forms.NumberInput(attrs=SHORT),
                help_text=helps[name],
            )

    def lines(self) -> list[tuple[str, list[BoundField]]]:
        """The fields of each audience, under its name."""
        return [
            (str(audience.label), [self[f"{audience}_{name}"] for name in ("days", *NUMBERS)]) for audience in Audience
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for audience in Audience:
            days = self._days(audience, str(cleaned.get(f"{audience}_days", "")))
            cleaned[f"{audience}_days"] = days
            every, most = cleaned.get(f"{audience}_every") or 0, cleaned.get(f"{audience}_most") or 0
            if (every or most) and not days and f"{audience}_days" not in self.errors:
                self.add_error(f"{audience}_days", _("What repeats needs a first day. Enter one, or empty the rest."))
            if every and not most:
                self.add_error(f"{audience}_most", _("Say how often at most: it must end."))
            if most and not every:
                self.add_error(f"{audience}_every", _("Say every how many days it repeats."))
        return cleaned

    def _days(self, audience: Audience, text: str) -> tuple[int, ...]:
        try:
            return ladder_text.read(text)
        except ValueError as error:
            sentence = _("“%(piece)s” is no number of days up to %(most)d. Write: -30, -14, 0, 7.")
            self.add_error(f"{audience}_days", sentence % {"piece": error, "most": LONGEST_OFFSET})
            return ()

    def rungs(self) -> list[Rung]:
        """The ladder of a valid form, the lowest audience first."""
        said = self.cleaned_data
        return [
            Rung(
                audience=audience,
                days=said[f"{audience}_days"],
                every=said[f"{audience}_every"] or 0,
                most=said[f"{audience}_most"] or 0,
                growth=said[f"{audience}_growth"] or UNCHANGED,
            )
            for audience in Audience
            if said[f"{audience}_days"]
        ]
