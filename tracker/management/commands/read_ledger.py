"""`manage.py read_ledger FILE --json OUT [--year N]`: what a ledger file says, as JSON. Touches no database.

A file that is refused: exit status 1, one Chinese sentence on standard error, no OUT.
"""

import contextlib
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from projects.actions import bulk
from projects.errors import DomainError
from tracker.ledger import reading_json, workbook
from tracker.rules.reading import ledger
from tracker.rules.reading.ledger import Reading


class Command(BaseCommand):
    help = "Read a messy ledger (xlsx, xls, csv) and write what it says as JSON. The database is not touched."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", type=Path, required=True, dest="out", metavar="OUT")
        parser.add_argument("--year", type=int, help="the year of deadlines that state none")

    def handle(self, *args: object, **options: object) -> None:
        file, out, year = options["file"], options["out"], options["year"]
        assert isinstance(file, Path)
        assert isinstance(out, Path)
        assert isinstance(year, int | None)
        with bulk.calm(), translation.override("zh-hans"):
            try:
                with _quiet():
                    book = workbook.open_file(_bytes(file), name=file.name)
                reading = ledger.read(book.sheets, year=year, this_year=timezone.localdate().year, file_name=file.stem)
                ledger.check(reading)
                _write(out, reading, book.remarks)
            except DomainError as refusal:
                # No CommandError: it would put its own name before the sentence.
                self.stderr.write(str(refusal))
                raise SystemExit(1) from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The cell reader's Rust code reports what it does not survive on standard error, where one sentence belongs."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _bytes(file: Path) -> bytes:
    """The file's bytes; one more than is permitted is enough to refuse it."""
    try:
        with file.open("rb") as stream:
            return stream.read(settings.LEDGER_MAX_BYTES + 1)
    except OSError:
        raise DomainError("ledger_file_missing") from None


def _write(out: Path, reading: Reading, remarks: tuple[str, ...]) -> None:
    """All of OUT or none of it."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as stream:
            reading_json.write(stream, reading, remarks=remarks)
        os.replace(part, out)
    except OSError:
        part.unlink(missing_ok=True)
        raise DomainError("ledger_out_unwritable", path=str(out)) from None
