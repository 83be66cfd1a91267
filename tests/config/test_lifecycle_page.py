"""docs/lifecycle.md is the table of steps, drawn: it fails when the two drift apart."""

from pathlib import Path

import pytest

from scripts import lifecycle_table
from tracker.choices import Stage
from tracker.rules.lifecycle import STEPS


def test_the_page_is_what_the_code_says() -> None:
    assert lifecycle_table.main(["check"]) == 0


def test_a_page_that_drifted_is_named_and_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "lifecycle.md"
    monkeypatch.setattr(lifecycle_table, "PAGE", page)
    assert lifecycle_table.main(["check"]) == 1
    page.write_text(lifecycle_table.page().replace("| S |", "| D |", 1), encoding="utf-8")
    assert lifecycle_table.main(["check"]) == 1
    assert "scripts.lifecycle_table" in capsys.readouterr().err
    assert lifecycle_table.main([]) == 0
    assert lifecycle_table.main(["check"]) == 0


def test_every_cell_stands_in_the_table() -> None:
    rows = [line.split("|")[2:-1] for line in lifecycle_table.table()][2:]
    assert [len(row) for row in rows] == [len(Stage)] * len(Stage)
    filled = [[bool(one.strip()) for one in row] for row in rows]
    assert filled == [[to in STEPS[current] for to in Stage] for current in Stage]
