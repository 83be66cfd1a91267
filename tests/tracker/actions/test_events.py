"""The audit log: it holds after mixed work, and whatever is done to it behind our back is named with its number."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.conftest import drop_event_triggers
from tests.factories import TODAY, make_cast, make_commitment, make_department, make_plan
from tracker.actions import commitments, events, health, reports, reviews, steps
from tracker.actions.events import Entry
from tracker.choices import Health, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, EventChain, ProgressReport
from tracker.policies import SYSTEM
from tracker.queries import chain
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def work() -> int:
    """Mixed work of several people; returns how many events it left."""
    cast = make_cast()
    item = commitments.register(
        "E-1",
        plan=make_plan(),
        values={"title": "一件事", "kind": "action", "lead": cast.science, "due_on": date(2026, 12, 31)},
        by=cast.actor("chen"),
        today=TODAY,
    )
    steps.move(item, to=Stage.ISSUED, by=cast.actor("chen"), today=TODAY)
    values = ReportValues(done="“引号” & 换行\n", progress=Decimal("33.50"), forecast_on=date(2027, 1, 9))
    draft = reports.save_draft(item, values=values, by=cast.actor("lin"), today=TODAY)
    sent = reports.submit(draft, by=cast.actor("lin"), today=TODAY)
    reviews.send_back(sent, reason="请补充", by=cast.actor("chen"), today=TODAY)
    sent = reports.submit(sent, by=cast.actor("lin"), today=TODAY)
    reviews.accept(sent, by=cast.actor("chen"), today=TODAY)
    commitments.revise(
        item, values={"due_on": date(2027, 3, 1)}, reason="经批准延期", by=cast.actor("chen"), today=TODAY
    )
    health.override(item, to=Health.AT_RISK, reason="核实", until=TODAY, by=cast.actor("chen"), today=TODAY)
    events.record(Entry(kind=EventKind.RULES_REVISED, changes={"a": [True, None], "b": [0, "x"]}), by=SYSTEM)
    return Event.objects.count()


def test_the_chain_holds_after_mixed_work_and_numbers_have_no_gaps() -> None:
    count = work()
    assert count > 10
    assert chain.verify() == chain.ChainResult(event_count=count)
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, count + 1))


def test_an_empty_log_holds() -> None:
    assert chain.verify() == chain.ChainResult(event_count=0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "nothing to see"),
        ("kind", "commitment_revised"),
        ("subject", "somebody else"),
        ("changes", '{"stage": ["a", "b"]}'),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("actor_id", None),
        ("commitment_id", None),
        ("request_id", "other"),
        ("is_demo", True),
        ("group", "76921fdb190742288ad9595705c3139a"),
    ],
)
def test_an_altered_event_is_named_by_its_number_whatever_column_was_touched(column: str, value: object) -> None:
    work()
    drop_event_triggers()
    sql(f'UPDATE tracker_event SET "{column}" = %s WHERE seq = 5', value)
    assert (chain.verify().broken_seq, chain.verify().problem) == (5, "altered")


def test_a_deleted_event_is_missed_by_its_number() -> None:
    work()
    drop_event_triggers()
    sql("DELETE FROM tracker_event WHERE seq = 4")
    assert chain.verify() == chain.ChainResult(event_count=3, broken_seq=4, problem="missing")


def test_a_deleted_first_event_is_missed_too() -> None:
    work()
    drop_event_triggers()
    sql("DELETE FROM tracker_event WHERE seq = 1")
    assert chain.verify() == chain.ChainResult(event_count=0, broken_seq=1, problem="missing")


def test_a_tail_that_was_cut_off_is_missed() -> None:
    count = work()
    drop_event_triggers()
    sql("DELETE FROM tracker_event WHERE seq > %s", count - 2)
    assert chain.verify() == chain.ChainResult(event_count=count - 2, broken_seq=count - 1, problem="cut_off")


def test_a_log_that_was_emptied_is_missed() -> None:
    work()
    drop_event_triggers()
    sql("DELETE FROM tracker_event")
    assert chain.verify() == chain.ChainResult(event_count=0, broken_seq=1, problem="cut_off")


def test_an_event_that_continues_another_is_named() -> None:
    work()
    drop_event_triggers()
    sql("UPDATE tracker_event SET previous_hash = %s WHERE seq = 6", "f" * 64)
    assert (chain.verify().broken_seq, chain.verify().problem) == (6, "not_linked")


def test_closing_the_gap_of_a_deleted_event_shows_at_the_event_behind_it() -> None:
    work()
    drop_event_triggers()
    sql("DELETE FROM tracker_event WHERE seq = 4")
    for event in Event.objects.filter(seq__gt=4).order_by("seq"):
        sql("UPDATE tracker_event SET seq = %s WHERE id = %s", event.seq - 1, event.pk)
    assert (chain.verify().broken_seq, chain.verify().problem) == (4, "not_linked")


def reseal(first: int) -> None:
    """What a forger with the code would do: seal everything anew from an event on."""
    previous = Event.objects.get(seq=first - 1).hash
    for event in Event.objects.filter(seq__gte=first).order_by("seq"):
        event.previous_hash = previous
        previous = event.seal()
        sql(
            "UPDATE tracker_event SET previous_hash = %s, hash = %s WHERE id = %s",
            event.previous_hash,
            previous,
            event.pk,
        )


def test_a_log_sealed_anew_does_not_fit_the_head() -> None:
    count = work()
    drop_event_triggers()
    sql("UPDATE tracker_event SET reason = 'forged' WHERE seq = 5")
    reseal(5)
    assert (chain.verify().broken_seq, chain.verify().problem) == (count, "sealed_anew")


def test_an_event_put_behind_the_end_is_not_known_to_the_head() -> None:
    count = work()
    last = Event.objects.get(seq=count)
    forged = Event(seq=count + 1, at=last.at, kind=last.kind, previous_hash=last.hash, changes={})
    forged.hash = forged.seal()
    forged.save()
    assert (chain.verify().broken_seq, chain.verify().problem) == (count + 1, "added")


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Event.objects.filter(seq=1).update(reason="x"),
        lambda: Event.objects.filter(seq=1).delete(),
        lambda: Event.objects.get(seq=1).delete(),
        lambda: Event.objects.get(seq=1).save(),
        lambda: sql("UPDATE tracker_event SET seq = seq + 1000"),
        lambda: sql("DELETE FROM tracker_event"),
    ],
)
def test_the_database_itself_refuses_to_change_the_log(attempt: Callable[[], object]) -> None:
    count = work()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempt()
    assert chain.verify() == chain.ChainResult(event_count=count)


def test_the_command_says_that_the_chain_holds() -> None:
    count = work()
    out = io.StringIO()
    call_command("verify_events", stdout=out)
    assert f"The chain holds: {count} events." in out.getvalue()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE tracker_event SET reason = 'x' WHERE seq = 3", "event 3 was altered"),
        ("DELETE FROM tracker_event WHERE seq = 3", "event 3 is missing"),
        ("UPDATE tracker_event SET previous_hash = 'x' WHERE seq = 3", "event 3 does not continue the one before"),
        ("DELETE FROM tracker_event WHERE seq > 2", "the log ends before event 3"),
        ("UPDATE tracker_eventchain SET length = length - 1", "was added"),
        ("UPDATE tracker_eventchain SET head_hash = 'x'", "sealed anew"),
    ],
)
def test_the_command_names_the_damage_and_fails(damage: str, said: str) -> None:
    work()
    drop_event_triggers()
    sql(damage)
    with pytest.raises(CommandError, match=said) as failure:
        call_command("verify_events")
    assert failure.value.returncode == 1
    assert str(failure.value).endswith(".")


def test_a_seal_is_the_same_after_a_reload() -> None:
    cast = make_cast()
    item = make_commitment(department=cast.science)
    before = events.record(
        Entry(
            kind=EventKind.COMMITMENT_REVISED,
            commitment=item,
            subject="é 中文 \U0001f600",
            changes={"zz": ["b", None], "a": [10**15, True], "中": ["\u2028", ""], "A": [-1, "1e5"]},
            reason="a\r\nb\t“c”",
        ),
        by=cast.actor("chen"),
        group=uuid4(),
    )
    after = Event.objects.get(seq=before.seq)
    assert after.seal() == before.hash == after.hash
    text = json.dumps(after.changes, ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(text.encode()) is not None
    assert list(after.changes["zz"]) == ["b", None]


def test_the_head_knows_the_last_event() -> None:
    count = work()
    head = EventChain.objects.get(pk=EventChain.CHAIN_ID)
    assert (head.length, head.head_hash) == (count, Event.objects.get(seq=count).hash)


def test_what_a_refused_action_wrote_is_gone_from_the_chain_too() -> None:
    count = work()
    with transaction.atomic():
        events.record(Entry(kind=EventKind.RULES_REVISED), by=SYSTEM)
        transaction.set_rollback(True)
    assert chain.verify() == chain.ChainResult(event_count=count)
    events.record(Entry(kind=EventKind.RULES_REVISED), by=SYSTEM)
    assert chain.verify() == chain.ChainResult(event_count=count + 1)


def test_differences_tell_relations_by_code_and_numbers_and_dates_as_text() -> None:
    science, other = make_department("kjj"), make_department("wjw")
    item = make_commitment(department=science, due_on=date(2026, 6, 30), progress=Decimal("40.00"))
    changes = events.differences(
        item,
        {
            "lead": other,
            "due_on": date(2026, 7, 1),
            "progress": Decimal("62.5"),
            "title": item.title,
            "is_public": True,
            "post": None,
            "forecast_on": None,
        },
    )
    assert changes == {
        "lead": ["kjj", "wjw"],
        "due_on": ["2026-06-30", "2026-07-01"],
        "progress": ["40", "62.5"],
        "is_public": [False, True],
    }
    assert events.differences(item, {"lead": science, "progress": Decimal(40), "due_on": date(2026, 6, 30)}) == {}
    assert events.differences(item, {"lead": None}) == {"lead": ["kjj", None]}
    assert events.differences(ProgressReport(), {"value": Decimal("0.0"), "done": "x"}) == {
        "value": [None, "0"],
        "done": ["", "x"],
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal(0), "0"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (True, True),
        (7, 7),
        (None, None),
        (Stage.ISSUED, "issued"),
    ],
)
def test_values_stand_in_the_log_as_plain_ones(value: object, shown: object) -> None:
    assert events.plain(value) == shown
    assert type(events.plain(value)) in {str, int, bool, type(None)}


def test_nothing_to_write_writes_nothing() -> None:
    assert events.append([], by=SYSTEM) == []
    assert Event.objects.count() == 0
    assert Commitment.objects.count() == 0
