"""What the figures share: a commitment as one line of a list inside of something else, lights by their counts."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django_filters import FilterSet
from rest_framework import serializers
from rest_framework.request import Request

from projects.errors import DomainError
from tracker.api.filters import NoFilter, narrow
from tracker.api.paging import PARAMETERS
from tracker.api.rows import Json
from tracker.api.serializers import LeadOutput, Output
from tracker.api.shapes import commitment_url, sentence
from tracker.choices import Health, Stage
from tracker.models import Commitment
from tracker.queries.ledger_rows import LedgerRow
from tracker.queries.rollup import WorkDone


class LineOutput(Output):
    """A commitment in short. Its address gives the whole."""

    code = serializers.CharField()
    title = serializers.CharField()
    health = serializers.ChoiceField(Health.choices)
    sentence = serializers.CharField(allow_blank=True, help_text="Why this light, as it reads today.")
    stage = serializers.ChoiceField(Stage.choices)
    progress = serializers.FloatField(allow_null=True, help_text="Percent; null: unknown, which is not zero.")
    expected = serializers.FloatField(
        allow_null=True, help_text="The progress due by today; null: the light does not rest on a schedule."
    )
    due_on = serializers.DateField(allow_null=True)
    original_due_on = serializers.DateField(allow_null=True)
    lead = LeadOutput(allow_null=True, help_text="With its short name.")
    is_demo = serializers.BooleanField()
    url = serializers.CharField()


def lights_field(
    help_text: str = "Commitments by light; all seven are keys.", *, allow_null: bool = False
) -> serializers.DictField:
    """Counts by light."""
    return serializers.DictField(child=serializers.IntegerField(), help_text=help_text, allow_null=allow_null)


def line(row: LedgerRow, *, today: date) -> Json:
    """One row of `ledger_rows`."""
    lead = {"code": row.lead_code, "name": row.lead_name, "is_suggested": row.lead_is_suggested}
    return {
        "code": row.code,
        "title": row.title,
        "health": row.health,
        "sentence": sentence(row.reasons, today=today),
        "stage": row.stage,
        "progress": percent(row.progress),
        "expected": percent(row.expected(today=today)),
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "lead": lead if row.lead_code else None,
        "is_demo": row.is_demo,
        "url": commitment_url(row.code),
    }


def lines(rows: Iterable[LedgerRow], *, today: date) -> list[Json]:
    return [line(row, today=today) for row in rows]


def lights(counts: Mapping[Health, int]) -> Json:
    """Every light with its count; what is missing counts none."""
    return {light.value: counts.get(light, 0) for light in Health}


def lights_or_none(counts: Mapping[Health, int] | None) -> Json | None:
    """None where the record does not reach far enough back."""
    return None if counts is None else lights(counts)


def work(found: WorkDone) -> Json:
    """How far the work is, and of how many commitments that is known."""
    return {"percent": percent(found.percent), "known_count": found.known, "unknown_count": found.unknown}


def percent(value: Decimal | None) -> float | None:
    """A percentage to a hundredth."""
    return None if value is None else float(round(value, 2))


def named(code: str, name: str) -> Json:
    return {"code": code, "name": name}


def check_bare(request: Request, *, by: type[FilterSet] = NoFilter) -> None:
    """For answers that have no pages: they take the filters of `by`, no window. Raises DomainError `filter_unknown`."""
    if asked := PARAMETERS & request.query_params.keys():
        allowed = ", ".join(by.base_filters)
        raise DomainError("filter_unknown", field="", name=", ".join(sorted(asked)), allowed=allowed)
    narrow(Commitment.objects.none(), request.query_params, by=by)
