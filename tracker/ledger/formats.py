"""The two file formats that import-export offers: xlsx and CSV, read and written by our own reader and writer."""

from collections.abc import Iterable

from import_export.formats import base_formats

from tracker.ledger import writer
from tracker.rules.ledger import LedgerRow


class Workbook(base_formats.Format):  # type: ignore[misc]  # the library has no types
    """Excel's xlsx."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take the library's `encoding` and leave it: the files say their own."""

    def get_title(self) -> str:
        return "xlsx"

    def export_data(self, dataset: Iterable[LedgerRow]) -> bytes:
        return writer.workbook(dataset)

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


class Text(Workbook):
    """CSV. Binary for the library, because the reader finds out the encoding itself."""

    def get_title(self) -> str:
        return "csv"

    def export_data(self, dataset: Iterable[LedgerRow]) -> bytes:
        return writer.text(dataset)

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"


FORMATS = [Workbook, Text]
EXTENSIONS = {".xlsx": "0", ".xlsm": "0", ".csv": "1"}  # to the position in FORMATS
