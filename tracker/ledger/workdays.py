"""Opens what somebody brings as working days: an uploaded file through the guarded reader, or pasted text."""

from pathlib import PurePath

from projects.errors import DomainError
from tracker.ledger import reader, workbook
from tracker.ledger.formats import EXTENSIONS
from tracker.rules import workday_notice, workday_rows
from tracker.rules.workday_rows import Reading

IS_TEXT = EXTENSIONS[".csv"]


def of_file(data: bytes, *, name: str, notice: str) -> Reading:
    """The days of an xlsx workbook's first sheet or of a CSV file. Raises DomainError; nothing is executed or kept."""
    kind = EXTENSIONS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise DomainError("workdays_file_kind", field="import_file")
    try:
        if kind == IS_TEXT:
            return workday_notice.of_text(workbook.words_of(data), notice=notice)
        return workday_rows.of_table(reader.table_of(data, name=name), notice=notice)
    except DomainError as refusal:
        raise DomainError(refusal.code, field="import_file", **refusal.params) from None
