"""Eight writers and three devices at once on PostgreSQL, 20 000 changes: every device ends with exactly what stands.

What a writer does: a transaction changes ten rows, waits a little, so that many overlap, and stamps them last, as every
action does. Every tenth transaction is a real action instead, one change, which moves a commitment between departments.
A change is one row written by one transaction; 20 000 of them are some 2 200 transactions. The devices are those of
docs/sync.md: they ask the view while the writers write, in pages of different sizes.
"""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction
from knox.models import AuthToken

from projects.actions import clock
from projects.models import SyncClock
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_milestone, make_report
from tests.tracker.actions.test_concurrency import at_once
from tests.tracker.api.conftest import Caller
from tests.tracker.api.mirror import fresh, mirror
from tracker.actions import commitments
from tracker.choices import ReportState
from tracker.models import Commitment, ProgressReport, User
from tracker.policies import SYSTEM

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WRITERS, CHANGES, AT_A_TIME, ITEMS = 8, 20_000, 10, 120


def scene(cast: Cast) -> list[int]:
    ids = []
    for number in range(ITEMS):
        item = make_commitment(f"C-{number:03}", department=(cast.science, cast.health_bureau)[number % 2])
        make_milestone(item)
        make_report(item, author=cast.lin, state=ReportState.ACCEPTED)
        ids.append(item.pk)
    return ids


def writer(seed: int, ids: list[int], cast: Cast) -> Callable[[], int]:
    """A person who changes one lot after the other; returns how many changes were committed."""
    pick = random.Random(seed)

    def act(number: int) -> int:
        lead = pick.choice([cast.science, cast.health_bureau])
        item = Commitment.objects.get(pk=pick.choice(ids))
        commitments.revise(item, values={"lead": lead, "title": f"改 {seed}-{number}"}, by=SYSTEM, today=TODAY)
        return 1

    @transaction.atomic
    def change(number: int) -> int:
        lot, is_report = pick.sample(ids, AT_A_TIME), number % 3 == 0
        rows: Any = (
            ProgressReport.objects.filter(commitment__in=lot) if is_report else Commitment.objects.filter(pk__in=lot)
        )
        held = list(rows.select_for_update(no_key=True).order_by("pk").only("pk"))
        rows.update(**{"done" if is_report else "summary": f"{seed}-{number}"})
        time.sleep(0.003)
        clock.stamp_all(held)
        return len(held)

    def write() -> int:
        done = number = 0
        while done < CHANGES // WRITERS:
            number += 1
            try:
                done += act(number) if number % 10 == 0 else change(number)
            except OperationalError:  # two waited for each other, one was chosen to try again
                continue
        return done

    return write


def device(phone: Caller, limit: int, ended: threading.Event) -> tuple[Any, Callable[[], int]]:
    """A device that syncs as long as anybody writes; returns how many pages it read."""
    own = mirror(phone, limit=limit)

    def follow() -> int:
        pages = 0
        while not ended.is_set():
            pages += own.sync()
            ended.wait(0.1)
        return pages

    return own, follow


def test_every_device_ends_with_exactly_the_rows_of_the_server() -> None:
    cast = make_cast()
    ids = scene(cast)
    phones = {
        name: Caller(AuthToken.objects.create(user=User.objects.get(username=name))[1])
        for name in ("lin", "zhou", "wu")
    }
    ended, left, lock = threading.Event(), [WRITERS], threading.Lock()

    def counted(write: Callable[[], int]) -> Callable[[], int]:
        def run() -> int:
            try:
                return write()
            finally:
                with lock:
                    left[0] -= 1
                    if not left[0]:
                        ended.set()

        return run

    devices = {
        name: device(phone, limit, ended) for (name, phone), limit in zip(phones.items(), (500, 7, 50), strict=True)
    }
    writers = [counted(writer(seed, ids, cast)) for seed in range(WRITERS)]
    found = at_once(*writers, *(follow for _own, follow in devices.values()), patience=300)
    assert all(isinstance(done, int) for done in found), found
    assert sum(found[:WRITERS]) >= CHANGES  # type: ignore[arg-type]  # they are numbers, as just seen
    assert min(pages for pages in found[WRITERS:] if isinstance(pages, int)) > 50
    assert SyncClock.objects.get().rev > CHANGES // AT_A_TIME
    for name, (own, _follow) in devices.items():
        own.sync()
        assert own.rows == fresh(phones[name]), name
        assert len(own.rows["commitments"]) > ITEMS // 4
