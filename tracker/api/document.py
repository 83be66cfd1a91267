"""What the OpenAPI document says beyond its views: enums in both languages, and an example of every shape."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from projects.errors import DomainError
from tracker.api import errors

# Taken from the demonstration by `python -m scripts.api_examples`; by the name of the component.
EXAMPLES = Path(__file__).with_name("examples.json")

# Refusals as examples, where the first code of a status tells less or needs values.
REFUSALS = {
    400: DomainError("progress_out_of_range", field="progress"),
    412: DomainError("stale", revision=813),
    413: DomainError("body_too_large", kilobytes=1024),
    429: DomainError("too_many_requests", seconds=30),
    503: DomainError("evidence_not_stored", name="验收单.pdf"),
}


def lines(choices: Iterable[tuple[Any, Any]]) -> str:
    """A line for each value of an enum: the value, and what it means in English and in Chinese.

    Args:
        choices: values and their labels; lazy ones are read in both languages.
    """
    return "\n".join(
        f"* `{value}`: {in_language('en', label)} · {in_language('zh-hans', label)}" for value, label in choices
    )


def enums_in_both_languages(result: dict[str, Any], **_told: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the enums that settings name describe their values in both languages."""
    schemas = result["components"]["schemas"]
    told: Any = settings.SPECTACULAR_SETTINGS
    for name, named in told["ENUM_NAME_OVERRIDES"].items():
        choices = import_string(named) if isinstance(named, str) else named
        if name in schemas:
            stands = set(schemas[name]["enum"])
            pairs = getattr(choices, "choices", choices)
            schemas[name]["description"] = lines(pair for pair in pairs if pair[0] in stands)
    return result


def with_examples(result: dict[str, Any], **_told: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: every component that has an example shows it."""
    for name, example in examples().items():
        if name in result["components"]["schemas"]:
            result["components"]["schemas"][name]["examples"] = [example]
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, told in operation["responses"].items():
                if errors.MEDIA_TYPE in told.get("content", {}):
                    told["content"][errors.MEDIA_TYPE]["example"] = _refusal(int(status))
    return result


@lru_cache(maxsize=1)
def examples() -> Mapping[str, Any]:
    """Examples by the names of components."""
    read: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=32)
def _refusal(status: int) -> dict[str, Any]:
    """A refusal of this status, in Chinese; where none is named, the first of its codes."""
    code = next((code for code in errors.STATUS if errors.STATUS[code] == status), "")
    with translation.override("zh-hans"):
        return errors.problem(REFUSALS.get(status) or DomainError(code))


def in_language(language: str, label: Any) -> str:
    """A label that may be lazy, in this language."""
    with translation.override(language):
        return str(label)
