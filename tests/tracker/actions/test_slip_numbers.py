"""Numbers of slips have no gaps and are given once, also when several people issue at the same moment."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from projects.errors import DomainError
from tests.factories import TODAY, make_cast, make_commitment
from tests.tracker.actions.test_concurrency import at_once
from tracker.actions import slips
from tracker.choices import SlipState
from tracker.models import Slip, SlipCounter
from tracker.queries import chain

WRITERS = 6


def _issue_all_at_once() -> None:
    cast = make_cast()
    late = TODAY - timedelta(days=40)
    for number in range(WRITERS):
        make_commitment(f"N-{number}", department=cast.science, due_on=late)
    assert slips.draft_due(today=TODAY) == WRITERS
    drafts, chen = list(Slip.objects.order_by("pk")), cast.actor("chen")

    def issue(slip: Slip, *, text: str = "请答复。") -> object:
        return slips.issue(slip, text=text, answer_due_on=TODAY, by=chen, today=TODAY)

    # One of them is refused in the middle, and the first is issued twice: neither uses a number.
    works = [*(lambda row=row: issue(row) for row in drafts), lambda: issue(drafts[0])]
    results = at_once(*works, lambda: issue(drafts[1], text=""))
    refused = [one.code for one in results if isinstance(one, DomainError)]
    assert len(refused) == 2, results
    assert list(Slip.objects.order_by("number").values_list("number", flat=True)) == list(range(1, WRITERS + 1))
    assert set(Slip.objects.values_list("state", "year")) == {(SlipState.ISSUED, 2026)}
    assert SlipCounter.objects.get().last == WRITERS
    assert chain.verify().broken_seq is None


@pytest.mark.django_db(transaction=True)
def test_several_people_issue_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        _issue_all_at_once()
        return
    # Threads cannot share the suite's database in memory: they get a copy in a file, as the site would have it.
    copy = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    monkeypatch.setitem(connections.settings["default"], "NAME", str(copy))
    assert at_once(_issue_all_at_once) == [None]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_draft_each_slip_once() -> None:
    cast = make_cast()
    for number in range(5):
        make_commitment(f"N-{number}", department=cast.science, due_on=TODAY - timedelta(days=40))
    results = at_once(lambda: slips.draft_due(today=TODAY), lambda: slips.draft_due(today=TODAY))
    assert sorted(results) == [0, 5]  # type: ignore[type-var]
    assert Slip.objects.count() == 5
