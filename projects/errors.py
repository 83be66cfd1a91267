"""The one exception of the business layers: its shape, and the sentences of the catalogue's own codes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal that a person can act on.

    Args:
        code: stable machine code, snake_case; texts may change, codes may not.
        field: name of the input field at fault, or "" when the whole request is.
        params: values for the sentence's named placeholders.

    ``str(error)`` is the sentence in the active language.
    """

    sentences: ClassVar[dict[str, str | Promise]] = {}

    def __init__(self, code: str, /, *, field: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return str(self.sentences[self.code]) % self.params

    def to_json(self) -> dict[str, object]:
        """The code and its values, to be kept and said later in whatever language; `from_json` is the inverse."""
        params = {name: value if isinstance(value, int) else str(value) for name, value in self.params.items()}
        return {"code": self.code, "params": params}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The refusal that `to_json` wrote; its `field` is not kept."""
        kept = cls(said["code"])
        kept.params = dict(said["params"])
        return kept


def word(sentences: dict[str, str | Promise]) -> None:
    """Add sentences for codes. Raises ValueError when a code is worded twice: one code, one sentence."""
    twice = DomainError.sentences.keys() & sentences.keys()
    if twice:
        raise ValueError(f"worded twice: {sorted(twice)}")
    DomainError.sentences.update(sentences)


word(
    {
        "park_of_no_project": _("Only a project stands in a park. Choose an initiative of the kind project."),
        "park_unknown": _("“%(name)s” is no park. Choose one from the list of parks."),
        "reading_unknown_indicator": _("There is no indicator “%(code)s”. Choose one from the list of indicators."),
        "reading_period_order": _("The period ends before it starts. Correct one of the two dates."),
        "reading_without_value": _("A reading needs a reported or a verified value. Enter one of the two."),
        "reading_without_source": _("A verified value needs its source. Say where the figure comes from."),
    }
)
