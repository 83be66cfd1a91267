"""Loads Nanchong's plan once for a module: it takes seconds. Each test works in a savepoint above it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # noon in Shanghai


AFTER_THE_HORIZON = datetime(2027, 3, 31, 4, tzinfo=UTC)


def run(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A transaction around the whole module, a folder for the sign-ins, and one fixed day."""
    folder = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOON, tick=False),
        override_settings(VAR_DIR=folder),
        transaction.atomic(),
    ):
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def nanchong(site: Path) -> str:
    """What the first load says."""
    return run("load_plan", "nanchong")


@pytest.fixture(scope="module")
def bare(nanchong: str) -> dict[str, dict[str, object]]:
    """The ledger before any demonstration."""
    return ledger()


@pytest.fixture(scope="module")
def rehearsals(bare: dict[str, dict[str, object]], site: Path) -> dict[str, list[object]]:
    """What a small demonstration leaves on the fixed day, on that day again, and after the horizon; all taken back."""
    moments = {"once": NOON, "again": NOON, "after the horizon": AFTER_THE_HORIZON}
    return {name: story(site / str(moment.year), moment) for name, moment in moments.items()}


@pytest.fixture(scope="module")
def demo(rehearsals: dict[str, list[object]]) -> str:
    """What the demonstration's first run says; after the rehearsals, which need the bare ledger."""
    return run("seed_demo")


def story(folder: Path, moment: datetime) -> list[object]:
    """A demonstration of the first forty commitments on that day, in a transaction that is rolled back."""
    from tracker.models import Commitment

    with transaction.atomic(), time_machine.travel(moment, tick=False), override_settings(VAR_DIR=folder):
        Commitment.objects.filter(code__gt="NC-040").update(stage="archived")
        assert "Added" in run("seed_demo")
        told = told_now()
        transaction.set_rollback(True)
    return told


def told_now() -> list[object]:
    """The ledger and the reports as they stand, and whether the chain holds."""
    from tracker.models import ProgressReport
    from tracker.queries import chain

    reports = ProgressReport.objects.order_by("commitment__code", "period_start", "pk")
    told = list(reports.values_list("commitment__code", "state", "progress", "done", "forecast_on"))
    return [ledger(), told, chain.verify().problem]


def ledger() -> dict[str, dict[str, object]]:
    """Every commitment by its code, without what counts or dates the writing itself, or numbers people."""
    from tracker.models import Commitment

    passing = {"id", "revision", "created_at", "updated_at", "health_since", "assessed_on"}
    return {
        str(row["code"]): {name: value for name, value in row.items() if name not in passing}
        | {"reported_done_by_id": row["reported_done_by_id"] is not None}
        for row in Commitment.objects.values()
    }
