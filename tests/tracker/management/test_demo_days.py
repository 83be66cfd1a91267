"""The same day tells the same demonstration; and every day of the coming years can be shown."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from tests.tracker.management.conftest import NOON, ledger, run
from tracker.models import ProgressReport
from tracker.queries import chain

pytestmark = [pytest.mark.usefixtures("nanchong"), pytest.mark.django_db]


def story(folder: Path, moment: datetime) -> list[object]:
    """What a demonstration on that day leaves; everything is taken back."""
    with transaction.atomic(), time_machine.travel(moment, tick=False), override_settings(VAR_DIR=folder):
        run("seed_demo")
        reports = ProgressReport.objects.order_by("commitment__code", "period_start", "pk")
        told: list[object] = [ledger(), list(reports.values_list("commitment__code", "state", "progress", "done"))]
        assert chain.verify().broken_seq is None
        transaction.set_rollback(True)
    return told


def test_the_same_day_tells_the_same_story(tmp_path: Path) -> None:
    assert story(tmp_path / "one", NOON) == story(tmp_path / "two", NOON)


@pytest.mark.parametrize("day", [(2026, 3, 1), (2027, 3, 31)], ids=["the first of a month", "after the horizon"])
def test_the_demonstration_can_be_shown_on_any_day(tmp_path: Path, day: tuple[int, int, int]) -> None:
    rows = story(tmp_path, datetime(*day, 4, tzinfo=UTC))[0]
    assert isinstance(rows, dict)
    assert len({row["health"] for row in rows.values()}) >= 5
