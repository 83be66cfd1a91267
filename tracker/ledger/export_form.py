"""In which form and as which file a list leaves. One form for the list's page and for the admin."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracker.ledger.exports import KINDS, Choice
from tracker.ledger.stream import XLSX


class ExportForm(forms.Form):
    """Asks for the form and the kind of file. What is not said is the first form, as Excel."""

    layout = forms.ChoiceField(label=pgettext_lazy("export", "Form"), widget=forms.RadioSelect)
    format = forms.ChoiceField(label=gettext_lazy("File"), choices=list(KINDS.items()), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, str] | None, *, offered: Sequence[Choice]) -> None:
        super().__init__(data, initial={"layout": offered[0].value, "format": XLSX})
        self.offered = {choice.value: choice for choice in offered}
        for name, choices in (("layout", [(one.value, one.label) for one in offered]), ("format", KINDS.items())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)
            field.error_messages["invalid_choice"] = _("“%(value)s” is not in the list. Choose one of the entries.")
            field.error_messages["required"] = _("Choose one of the entries.")

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        chosen, kind = self.offered.get(str(cleaned.get("layout"))), cleaned.get("format")
        if chosen and kind and kind not in chosen.kinds:
            self.add_error("format", _("This form has merged cells and colours: it exists as Excel only."))
        return cleaned

    @property
    def chosen(self) -> Choice:
        """What a valid form asks for."""
        return self.offered[self.cleaned_data["layout"]]

    @property
    def kind(self) -> str:
        return str(self.cleaned_data["format"])

    @property
    def entries(self) -> list[dict[str, object]]:
        """The forms that are offered, each with its radio button and what is said of it."""
        return [
            {"radio": radio, "note": one.note} for radio, one in zip(self["layout"], self.offered.values(), strict=True)
        ]
