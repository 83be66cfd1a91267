"""Work on ledger files: who does it, one at a time, what becomes of it when it cannot be done; taking back as work."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import TODAY, make_cast, make_plan
from tests.import_rows import make_import
from tests.tracker.ledger.books import xlsx
from tracker.actions import chain, commitments, imports
from tracker.event_kinds import EventKind
from tracker.import_choices import ImportState
from tracker.ledger import importing
from tracker.models import Commitment, Event, LedgerImport
from tracker.policies import SYSTEM, Actor, actor_of
from tracker.tasks import jobs

pytestmark = pytest.mark.django_db
CONTENT = xlsx([[1, "建设实验室", "市科技局", "年底"], [2, "引进人才", "市科技局", "年底"]])


@pytest.fixture
def chen() -> Actor:
    return actor_of(make_cast().chen)


def waiting(by: Actor) -> LedgerImport:
    return imports.receive(CONTENT, file_name="台账.xlsx", plan=make_plan("P1"), by=by)


def entered(by: Actor) -> LedgerImport:
    row = make_import(make_plan("P1"), by, content=CONTENT)
    imports.confirm(row, seal=row.seal, by=by)
    return worked_on(row)


def worked_on(row: LedgerImport) -> LedgerImport:
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    return row


def test_one_worker_has_an_import_until_its_time_is_up(chen: Actor) -> None:
    row, now = waiting(chen), timezone.now()
    assert imports.claim(row.pk, now=now)
    assert imports.claim(row.pk, now=now) is None
    assert worked_on(row).state == ImportState.WAITING  # a second ring finds nothing to do
    importing.work(row.pk, now=now + imports.CLAIM * 2)  # the first worker was killed
    row.refresh_from_db()
    assert row.state == ImportState.READY


def test_the_workers_task_takes_what_waits(chen: Actor) -> None:
    plan = make_plan("P1")
    rows = [imports.receive(CONTENT, file_name=f"{n}.xlsx", plan=plan, by=chen) for n in range(2)]
    jobs.import_ledgers()
    assert {LedgerImport.objects.get(pk=row.pk).state for row in rows} == {ImportState.READY}
    jobs.import_ledgers()  # nothing waits any more


def test_work_that_waited_for_another_writer_too_long_is_done_at_the_next_ring(chen: Actor) -> None:
    row = waiting(chen)

    def locked(execute: Any, sql: str, *rest: Any) -> Any:
        if not sql.startswith('UPDATE "tracker_ledgerfile"'):
            return execute(sql, *rest)
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError from cause

    with connection.execute_wrapper(locked), pytest.raises(OperationalError):
        importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.problem) == (ImportState.WAITING, {})
    jobs.import_ledgers()
    row.refresh_from_db()
    assert row.state == ImportState.READY


def test_what_somebody_went_on_working_with_cannot_be_taken_back(chen: Actor) -> None:
    row = entered(chen)
    item = Commitment.objects.get(code="P1-002")
    commitments.revise(item, values={"summary": "另说"}, reason="r", by=chen, today=TODAY)
    events = Event.objects.count()
    row = worked_on(imports.take_back(row, reason="错误的文件", by=chen))
    told = (row.state, row.problem["code"], row.problem["params"]["codes"])
    assert told == (ImportState.DONE, "ledger_worked_on", "P1-002")
    assert (Commitment.objects.count(), Event.objects.count()) == (2, events)


def test_what_is_too_long_for_a_request_is_taken_back_by_the_worker(
    chen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "INLINE_BYTES", 0)
    row, client = entered(chen), Client()
    assert chen.user is not None
    client.force_login(chen.user, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/tracker/ledgerimport/{row.pk}/"
    page = client.post(f"{address}revert/", {"reason": "错误的文件"}, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, Commitment.objects.count()) == (ImportState.LEAVING, 2)
    assert "正在撤回本次导入。" in page
    assert "后台尚未开始处理。" not in page
    with pytest.raises(DomainError) as refused:
        imports.take_back(row, reason="再一次", by=chen)
    assert refused.value.code == "import_state"
    LedgerImport.objects.update(waits_since=timezone.now() - timedelta(minutes=1))
    assert "后台尚未开始处理。" in client.get(f"{address}change/").content.decode()
    jobs.import_ledgers()
    row.refresh_from_db()
    assert (row.state, Commitment.objects.count()) == (ImportState.REVERTED, 0)
    assert "错误的文件" in client.get(f"{address}change/").content.decode()
    left = Event.objects.filter(kind__in=[EventKind.COMMITMENT_WITHDRAWN, EventKind.LEDGER_REVERTED])
    assert (left.count(), left.values("group").distinct().count()) == (3, 1)
    assert chain.verify(by=SYSTEM).broken_seq is None
