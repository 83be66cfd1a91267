"""Rows of imports and layouts that the database refuses, for test_models; `r` is its scene."""

from collections.abc import Callable
from typing import Any

from tracker.models import LedgerImport, LedgerLine, ListLayout

Spoil = Callable[[Any], object]
# Internal: no form of a person meets them.
SILENT = {"ledgerimport_state_known", "ledgerimport_done_has_time", "ledgerline_once", "ledgerline_effect_known"}


def _import(r: Any, **values: Any) -> LedgerImport:
    said = {"by": r.cast.chen, "file_name": "台账.xlsx", "sha256": "0" * 64, "byte_count": 1, **values}
    return LedgerImport.objects.create(**said)


def _line(r: Any, of: LedgerImport, effect: str = "new") -> LedgerLine:
    return LedgerLine.objects.create(of=of, commitment=r.item, row=2, effect=effect, digest="0" * 64)


def _lines(r: Any) -> None:
    of = _import(r)
    _line(r, of)
    _line(r, of)


def _layouts(r: Any, **values: Any) -> None:
    for _time in range(2):
        ListLayout.objects.create(name="月报", columns=["code", "title"], **values)


BAD: list[tuple[str, Spoil]] = [
    ("ledgerimport_state_known", lambda r: _import(r, state="dream")),
    ("ledgerimport_done_has_time", lambda r: _import(r, state="done")),
    ("ledgerline_once", _lines),
    ("ledgerline_effect_known", lambda r: _line(r, _import(r), effect="dream")),
    ("listlayout_name_once", lambda r: _layouts(r, department=r.cast.science)),
    ("listlayout_office_name_once", lambda r: _layouts(r)),
]
