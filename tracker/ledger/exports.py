"""What a list of commitments can become as a file: the ledger, an office's layout of it, or an official form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _

from tracker import policies
from tracker.choices import OfficialLayout
from tracker.ledger import downloads, official, writer
from tracker.ledger.stream import CSV, XLSX
from tracker.models import Commitment, ListLayout
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules import layouts
from tracker.rules.ledger import COLUMNS, Column
from tracker.rules.ledger_forms import TITLES

LEDGER = "ledger"
OWN = "layout-"  # before the number of a layout that an office made
KINDS = {XLSX: "Excel", CSV: "CSV"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A form in which the list can leave. `kinds`: the files that it can be; `columns`: of the ledger, if it is one."""

    value: str
    label: str
    note: str
    kinds: Sequence[str] = (XLSX, CSV)
    columns: Sequence[Column] = ()


def choices(viewer: Actor) -> list[Choice]:
    """The ledger, the layouts of the offices in sight, the official forms. One query."""
    found = policies.layouts_visible_to(viewer).filter(is_active=True).select_related("department")
    return [
        Choice(
            value=LEDGER,
            label=_("The whole ledger"),
            note=_("Every column; can be filled in and read back."),
            columns=COLUMNS,
        ),
        *(_of_office(row) for row in found),
        *(
            Choice(value=value, label=str(label), note=_("Official form, ready to print."), kinds=(XLSX,))
            for value, label in OfficialLayout.choices
        ),
    ]


def _of_office(row: ListLayout) -> Choice:
    columns = layouts.exported(row.columns)
    owner = row.department.short_name if row.department else _("supervision office")
    note = _("Layout of %(owner)s: %(columns)s") % {
        "owner": owner,
        "columns": "、".join(column.heading for column in columns),
    }
    return Choice(value=f"{OWN}{row.pk}", label=row.name, note=note, columns=columns)


def answer(chosen: Choice, kind: str, found: QuerySet[Commitment], *, viewer: Actor, today: date) -> FileResponse:
    """The file with these commitments, all of them in the viewer's sight, in their order."""
    if not chosen.columns:
        file = official.workbook(chosen.value, found, viewer=viewer, today=today)
        return downloads.answer(file, name=TITLES[chosen.value], kind=XLSX)
    fields = [column.field for column in chosen.columns]
    file = writer.spooled(kind, ledger.rows(found, fields=fields), chosen.columns)
    name = writer.SHEET_NAME if chosen.value == LEDGER else chosen.label
    return downloads.answer(file, name=name, kind=kind)
