"""What the last entered file said of commitments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import policies
from tracker.import_choices import ImportState
from tracker.models import Commitment, LedgerLine
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules import ledger_beside


def last_lines(codes: Sequence[str]) -> dict[str, ledger_beside.Line]:
    """What the last entered file said of these commitments. A query for each batch."""
    lines = LedgerLine.objects.filter(of__state=ImportState.DONE).order_by("of_id", "pk")
    return {
        code: (facts, beside)
        for part in ledger.batches(codes)
        for code, facts, beside in lines.filter(commitment__code__in=part).values_list(
            "commitment__code", "facts", "beside"
        )
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the last entered file says of a commitment beside its facts: the names of the words, and they."""

    import_id: int
    file_name: str
    at: datetime | None
    sheet: str
    row: int
    words: Sequence[tuple[str, str]]


def last_said(commitment: Commitment, *, viewer: Actor) -> Said | None:
    """The last file's words, for the city's roles; None for others, and where no file said anything. One query."""
    if not policies.is_citywide(viewer):
        return None
    lines = LedgerLine.objects.filter(commitment=commitment, of__state=ImportState.DONE).order_by("-of_id")
    found = lines.values_list("of_id", "of__file_name", "of__done_at", "sheet", "row", "facts", "beside").first()
    if found is None:
        return None
    pk, name, at, sheet, row, facts, beside = found
    words = [(ledger_beside.label(field), text) for field, text in ledger_beside.words((facts, beside)).items()]
    return Said(import_id=pk, file_name=name, at=at, sheet=sheet, row=row, words=words) if words else None
