"""What the filter forms of the pages share: values stand in the address, each is checked, a refusal is a sentence."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.web import links
from tracker.web.forms import address_data


class AddressForm(forms.Form):
    """A GET form. A wrong value narrows nothing and is named beside its field; so is a filter that does not exist.

    A subclass that has no field `q` says in `named_at` beside which field an unknown filter is named.
    """

    named_at = "q"

    after = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(address_data(data))
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("“%(value)s” is not in the list. Choose one of the entries.")
            field.error_messages["invalid"] = _("This is no date. Write it like 2026-06-30.")

    def offer(self, name: str, choices: Iterable[tuple[object, object]]) -> None:
        """Fill a list of choices; call it before anything reads the form."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        unknown = sorted(set(self.data) - set(self.fields))
        if unknown:
            text = _("There is no filter called “%(name)s”. Use the fields of this form.")
            self.add_error(self.named_at, forms.ValidationError(text, params={"name": unknown[0]}))
        return cleaned

    def value(self, name: str) -> str:
        """A checked value as text; "" where it is empty, wrong or not asked for. Validates on first use."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    def in_use(self) -> list[str]:
        """The filters that narrow: given, right, and not the place in the list."""
        self.is_valid()
        return [
            name for name in self.fields if name != "after" and self.cleaned_data.get(name) not in (None, "", False)
        ]

    def query(self, *, without: str = "") -> dict[str, str]:
        """The filters in use as they stand in the address, but for one."""
        return {name: str(self.data[name]) for name in self.in_use() if name != without and name in self.data}

    def chips(self, address: str) -> list[dict[str, str]]:
        """The filters in use in words, each with the address of the page without it."""
        return [
            {
                "label": f"{self.fields[name].label} {self._worded(name)}",
                "href": links.with_query(address, self.query(without=name)),
            }
            for name in self.in_use()
        ]

    def _worded(self, name: str) -> str:
        value = self.value(name)
        return str(dict(getattr(self.fields[name], "choices", ())).get(value) or value)
