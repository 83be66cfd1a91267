"""The filters of the list: every value is checked, every refusal is a sentence beside its field."""

import re
from collections.abc import Iterable, Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.choices import Health, Involvement, Kind, Stage
from tracker.models import Clause, Department, Plan, Post
from tracker.queries.ledger_rows import Filters

ALL = ("", _("All"))
KNOWN = frozenset(
    {
        "q",
        "health",
        "department",
        "part",
        "kind",
        "plan",
        "chapter",
        "stage",
        "due_after",
        "due_before",
        "review",
        "word",
        "progress",
        "post",
        "portfolio",
        "after",
    }
)


# The last two places of every plane of Unicode are no characters either.
NOWHERE = "".join(chr(plane * 0x10000 + place) for plane in range(17) for place in (0xFFFE, 0xFFFF))
CONTROLS = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{NOWHERE}]")


def printable(text: str) -> str:
    """The text without control characters and non-characters, which no page may show and nobody types."""
    return CONTROLS.sub("", text)


def address_data(data: Mapping[str, str]) -> dict[str, str]:
    """What stands in an address for its form: printable, and without the kind of file, which is no filter."""
    return {name: printable(value) for name, value in data.items() if name != "format"}


class FilterForm(forms.Form):
    """`filters()` gives the checked values; a wrong value narrows nothing and is named."""

    q = forms.CharField(label=_("Code or words of the title"), max_length=100, required=False)
    health = forms.ChoiceField(label=_("Light"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    part = forms.ChoiceField(
        choices=[("", ""), ("lead", _("Lead")), *Involvement.choices],
        required=False,
        widget=forms.HiddenInput,
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    plan = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    chapter = forms.ChoiceField(label=_("Chapter"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    due_after = forms.DateField(label=_("Due from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    due_before = forms.DateField(label=_("Due until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    review = forms.BooleanField(required=False, widget=forms.HiddenInput)
    word = forms.BooleanField(required=False, widget=forms.HiddenInput)
    progress = forms.ChoiceField(
        label=_("Progress"), choices=[ALL, ("unknown", _("unknown"))], required=False, widget=forms.HiddenInput
    )
    post = forms.ChoiceField(label=_("Post"), required=False, widget=forms.HiddenInput)
    portfolio = forms.BooleanField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        departments: Iterable[Department],
        chapters: Iterable[Clause],
        plans: Iterable[Plan],
        posts: Iterable[Post] = (),
    ) -> None:
        super().__init__(address_data(data))
        self.chapters = {f"{clause.plan.code}-{clause.code}": clause for clause in chapters}
        self._offer("health", [ALL, ("open", _("Not finished")), *Health.choices])
        self._offer("department", [ALL, *((one.code, one.name) for one in departments)])
        self._offer("plan", [ALL, *((one.code, one.short_title) for one in plans)])
        self._offer("post", [ALL, *((one.code, one.title) for one in posts)])
        self._offer("kind", [ALL, *Kind.choices])
        self._offer("stage", [ALL, *Stage.choices])
        self._offer("chapter", [ALL, *((key, clause.heading) for key, clause in self.chapters.items())])
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("“%(value)s” is not in the list. Choose one of the entries.")
            field.error_messages["invalid"] = _("This is no date. Write it like 2026-06-30.")

    def _offer(self, name: str, choices: list[tuple[object, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        unknown = sorted(set(self.data) - KNOWN)
        if unknown:
            self.add_error(
                "q",
                forms.ValidationError(
                    _("There is no filter called “%(name)s”. Use the fields of this form."), params={"name": unknown[0]}
                ),
            )
        first, last = cleaned.get("due_after"), cleaned.get("due_before")
        if first and last and str(first) > str(last):
            self.add_error("due_before", _("The last day lies before the first. Correct one of the two dates."))
        return cleaned

    def filters(self) -> Filters:
        """What to narrow by; fields with an error do not narrow."""
        self.is_valid()
        given = self.cleaned_data
        chapter = self.chapters.get(str(given.get("chapter", "")))
        return Filters(
            q=str(given.get("q", "")).strip(),
            health=given.get("health", ""),
            department=given.get("department", ""),
            part=given.get("part", ""),
            kind=given.get("kind", ""),
            plan=given.get("plan", ""),
            chapter_id=chapter.pk if chapter else None,
            stage=given.get("stage", ""),
            due_after=given.get("due_after"),
            due_before=given.get("due_before"),
            review=bool(given.get("review")),
            progress_unknown=bool(given.get("progress")),
            post=given.get("post", ""),
            portfolio_on=timezone.localdate() if given.get("portfolio") else None,
            word_on=timezone.localdate() if given.get("word") else None,
        )
