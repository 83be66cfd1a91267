"""A written file as an answer: streamed from where it was spooled, kept by the reader and by nobody in between."""

from typing import IO

from django.http import FileResponse
from django.utils import timezone

from tracker.ledger.stream import CSV, XLSX

TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(file: IO[bytes], *, name: str, kind: str) -> FileResponse:
    """The file under its name and today's date. The response closes it."""
    full = f"{name} {timezone.localdate().isoformat()}.{kind}"
    response = FileResponse(file, as_attachment=True, filename=full, content_type=TYPES[kind])
    response["Cache-Control"] = "private, no-store"
    return response
