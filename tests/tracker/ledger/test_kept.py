"""What was read of a file comes back as it was read; of another version of the site it does not come back at all."""

from datetime import date

import orjson
import pytest

from projects.errors import DomainError
from tracker.ledger import kept
from tracker.queries.imports import Source
from tracker.rules.ledger import LedgerRow

ROWS = [
    LedgerRow(),
    LedgerRow(
        number=7, sheet="责任清单", given=frozenset({"code", "title"}), code="P1-001", title="建设\n实验室 “甲”\t",
        kind="action", lead="市科技局", responsible=("市发改委",), supporting=("市财政局", "市人社局"),
        starts_on=date(2026, 1, 2), original_due_on=date(2026, 6, 30), due_on=date(2027, 6, 30), is_public=True,
        milestones=(("完成设计", date(2026, 6, 30)), ("开工", None)), progress="45.5", revision="12", is_broken=True,
    ),
]  # fmt: skip


def test_rows_their_words_and_the_faults_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PIECE", 7)  # as long files come: in pieces that end anywhere
    fault = DomainError("ledger_title_missing", field="title", row=9, sheet="责任清单")
    source = Source(rows=ROWS * 50, beside=[b"", orjson.dumps({"remarks": "甲\n乙"})] * 50, is_own=True)
    found = kept.unpack(kept.pack(source, [fault]))
    assert found is not None
    again, [told] = found
    assert (again, told.to_json()) == (source, fault.to_json())


def test_what_another_version_kept_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = kept.pack(Source(rows=ROWS, beside=[b"", b""]), [])
    monkeypatch.setattr(kept, "FIELDS", [*kept.FIELDS, "a_field_of_tomorrow"])
    assert kept.unpack(packed) is None
