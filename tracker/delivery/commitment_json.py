"""A commitment as JSON: one shape for the lists of the API and for what is told to other platforms."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.utils import translation

from tracker import wording
from tracker.queries.api import Row
from tracker.rules.reasons import Reason

Json = dict[str, object]
ROOT = "/api/v1"


def commitments(*, today: date) -> Callable[[Row], Json]:
    """A function that shapes one row of COMMITMENT_COLUMNS as it reads today, in the active language."""
    language, between = translation.get_language(), str(wording.BETWEEN_CLAUSES)

    def shape(row: Row) -> Json:
        (code, title, kind, stage, health, reasons, progress, due_on, original_due_on, due_text, is_continuous,
         lead, lead_name, lead_is_suggested, plan, clause, chapter, forecast_on, revision, is_demo) = row  # fmt: skip
        return {
            "code": code,
            "title": title,
            "kind": kind,
            "stage": stage,
            "health": health,
            "reasons": reasons,
            "sentence": _joined(reasons, today, language, between),
            "progress": None if progress is None else float(progress),
            "due_on": due_on,
            "original_due_on": original_due_on,
            "due_text": due_text,
            "is_continuous": is_continuous,
            "lead": None if lead is None else {"code": lead, "name": lead_name, "is_suggested": lead_is_suggested},
            "plan": plan,
            "clause": clause,
            "chapter": chapter,
            "forecast_on": forecast_on,
            "revision": revision,
            "is_demo": is_demo,
            "url": commitment_url(code),
        }

    return shape


def commitment_url(code: str) -> str:
    """The address of one commitment, from the root of the host."""
    return f"{ROOT}/commitments/{quote(code, safe='')}/"


def sentence(reasons: list[Json], *, today: date) -> str:
    """Why this light, as it reads today in the active language; "" when no reason is stored."""
    return _joined(reasons, today, translation.get_language(), str(wording.BETWEEN_CLAUSES))


def _joined(reasons: list[Json], today: date, language: str | None, between: str) -> str:
    return between.join(
        _reason(language, today, reason["code"], tuple(reason.get("params", {}).items()))  # type: ignore[attr-defined]
        for reason in reasons
    )


@lru_cache(maxsize=8192)
def _reason(language: str | None, today: date, code: str, params: tuple[tuple[str, str | int], ...]) -> str:
    """One reason's sentence. The same few stand on most rows, and wording one costs more than a row does."""
    return wording.reason_sentence(Reason(code=code, params=params), today=today)
