"""The calendar behind a secret address: read by the library and by a second, stricter eye; nothing out of sight."""

import logging
import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from config.logs import EventFormatter, without_secrets
from tests.factories import (
    TODAY,
    Cast,
    make_cast,
    make_commitment,
    make_department,
    make_instruction,
    make_milestone,
    make_plan,
    make_post,
)
from tracker.actions import feeds as actions
from tracker.choices import Involvement, SlipLevel, SlipState, Stage
from tracker.models import CalendarFeed, Commitment, CommitmentDepartment, Instruction, Plan, PostHolding, Slip, User
from tracker.queries import feeds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOSTILE = 'A,B;C\\D"E\nBEGIN:VEVENT\r\nX:1 ' + "很长的名称" * 40


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(f"{TODAY.isoformat()}T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    Plan.objects.filter(pk=make_plan().pk).update(report_cycle="none")
    return cast


def read(name: str, cast: Cast, department: str = "") -> list[Any]:
    """The events of a new address of this person."""
    token = actions.open_feed(department, by=cast.actor(name)).token
    answer = Client().get(f"/feeds/{token}.ics")
    assert answer.status_code == 200
    strict(answer.content)
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def strict(body: bytes) -> None:
    """RFC 5545, 3.1: lines end in CRLF and have at most 75 octets; a fold never cuts a character in two."""
    assert body.endswith(b"\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75, line
        assert not {b"\n", b"\r"} & {bytes([one]) for one in line}
        line.decode("utf-8")
    unfolded = body.decode().replace("\r\n ", "").replace("\r\n\t", "")
    for said in unfolded.strip().split("\r\n"):
        assert re.match(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:", said), said


def summaries(events: list[Any]) -> list[str]:
    return sorted(str(event["SUMMARY"]) for event in events)


def make_slip(item: Commitment, *, on: date, **more: Any) -> Slip:
    values = {"state": SlipState.ISSUED, "year": on.year, "number": item.pk, "issued_on": TODAY} | more
    return Slip.objects.create(commitment=item, level=SlipLevel.BLUE, drafted_on=TODAY, answer_due_on=on, **values)


def test_every_sort_of_day_stands_in_it(cast: Cast) -> None:
    Plan.objects.update(report_cycle="month", report_grace_days=5, horizon_ends_on=date(2026, 12, 31))
    item = make_commitment("C-1", title="科创中心", department=cast.science, due_on=date(2026, 12, 31))
    make_milestone(item, "开工", planned_on=date(2026, 12, 1))
    make_instruction(item, given_by=cast.wu, answer_due_on=date(2026, 12, 2))
    make_slip(item, on=date(2026, 12, 3))
    found = {str(event["SUMMARY"]): event for event in read("lin", cast)}
    assert set(found) == {
        "到期：科创中心", "节点“开工”：科创中心", "批示答复截止：科创中心", "督办单答复截止：科创中心", "填报截止：P1",
    }  # fmt: skip
    due = found["到期：科创中心"]
    assert (due["DTSTART"].dt, due["DTEND"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert due["URL"] == "http://127.0.0.1:8000/commitments/C-1/"
    assert due["SEQUENCE"] == item.revision
    assert not list(due.walk("VALARM"))
    windows = [event["DTSTART"].dt for event in read("lin", cast) if "P1" in event["SUMMARY"]]
    assert windows == [date(2026, 12, 5), date(2027, 1, 5)]


def test_a_window_leaves_when_everything_is_reported(cast: Cast) -> None:
    Plan.objects.update(report_cycle="month", report_grace_days=5, horizon_ends_on=date(2026, 11, 30))
    item = make_commitment("C-1", department=cast.science, due_on=None)
    assert len(read("lin", cast)) == 1
    Commitment.objects.filter(pk=item.pk).update(last_period_end=date(2026, 11, 30))
    assert read("lin", cast) == []


def test_the_name_of_a_day_stays_and_its_number_rises(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science, due_on=TODAY)
    (before,) = read("lin", cast)
    Commitment.objects.filter(pk=item.pk).update(due_on=TODAY + DAY, revision=item.revision + 7)
    (after,) = read("lin", cast)
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 7


def test_what_is_done_is_ticked_and_what_was_dropped_leaves(cast: Cast) -> None:
    done = make_commitment("C-1", title="甲", department=cast.science, stage=Stage.CLOSED)
    make_milestone(done, "验收", planned_on=TODAY, actual_on=TODAY)
    gone = make_commitment("C-2", title="乙", department=cast.science, stage=Stage.CANCELLED)
    make_milestone(gone, "开工", planned_on=TODAY)
    word = make_instruction(done, given_by=cast.wu)
    Instruction.objects.filter(pk=word.pk).update(state="withdrawn")
    make_slip(make_commitment("C-3", title="丙", department=cast.science, due_on=None), on=TODAY + DAY)
    draft = make_commitment("C-4", title="丁", department=cast.science, due_on=None)
    make_slip(draft, on=TODAY, state=SlipState.DRAFT, year=None, number=None, issued_on=None)
    found = summaries(read("lin", cast))
    assert len(found) == 3
    assert sum(title.startswith("✓") for title in found) == 2
    assert not any("乙" in title or "丁" in title for title in found)


def test_demonstration_is_said(cast: Cast) -> None:
    Commitment.objects.filter(pk=make_commitment("C-1", department=cast.science).pk).update(is_demo=True)
    (event,) = read("lin", cast)
    assert "演示" in event["SUMMARY"]
    assert "演示" in event["DESCRIPTION"]


def test_hostile_words_stay_words(cast: Cast) -> None:
    item = make_commitment("C-1", title=HOSTILE[:200], department=cast.science)
    make_milestone(item, HOSTILE[:100], planned_on=TODAY)
    events = read("lin", cast)
    assert len(events) == 2
    assert all(HOSTILE[:30].replace("\r\n", "\n") in str(event["SUMMARY"]) for event in events)
    assert not any("X" in event for event in events)


def test_only_what_the_owner_sees_on_the_day_of_reading(cast: Cast) -> None:
    ours = make_commitment("C-1", title="甲", department=cast.science)
    theirs = make_commitment("C-2", title="乙", department=cast.health_bureau)
    joint = make_commitment("C-3", title="丙", department=cast.health_bureau)
    CommitmentDepartment.objects.create(
        commitment=joint, department=cast.science, involvement=Involvement.SUPPORTING, order=1
    )
    assert [title[-1] for title in summaries(read("lin", cast))] == ["甲"]
    assert sorted(title[-1] for title in summaries(read("lin", cast, "kjj"))) == ["丙", "甲"]
    assert sorted(title[-1] for title in summaries(read("chen", cast, "wjw"))) == ["丙", "乙"]
    assert read("chen", cast) == [], "who holds no post answers for nothing"
    post = make_post("mayor", department=cast.office)
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=TODAY)
    Commitment.objects.filter(pk=theirs.pk).update(post=post)
    assert [title[-1] for title in summaries(read("wu", cast))] == ["乙"]
    token = actions.open_feed("kjj", by=cast.actor("chen")).token
    User.objects.filter(pk=cast.chen.pk).update(role="officer", department=cast.health_bureau)
    events = Calendar.from_ical(Client().get(f"/feeds/{token}.ics").content).walk("VEVENT")
    assert [str(event["SUMMARY"])[-1] for event in events] == ["丙"], "a smaller role, a smaller calendar"
    assert ours.title == "甲"


def test_the_span_and_the_number_are_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (-61, -60, -1, 0, 1, 400, 401):
        make_commitment(f"C{days}", department=cast.science, due_on=TODAY + days * DAY)
    assert len(read("lin", cast)) == 5
    monkeypatch.setattr(feeds, "MOST_EVENTS", 3)
    found = [event["DTSTART"].dt for event in read("lin", cast)]
    assert found == [TODAY, TODAY + DAY, TODAY + 400 * DAY], "what is to come goes before what is past"


def test_unknown_revoked_and_out_of_office_are_answered_alike(cast: Cast) -> None:
    revoked, left = (actions.open_feed(by=cast.actor(name)) for name in ("lin", "zhou"))
    CalendarFeed.objects.filter(pk=revoked.feed.pk).update(revoked_at="2026-11-01T00:00:00Z")
    User.objects.filter(pk=cast.zhou.pk).update(is_active=False)
    answers, counted = [], []
    for token in ("unknown", "x" * 2000, "空", revoked.token, left.token):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(f"/feeds/{token}.ics")
        answers.append((answer.status_code, answer.content, answer["Cache-Control"]))
        counted.append(len(queries))
    assert set(answers) == {(404, b"Not found\n", "no-store")}
    assert set(counted) == {1}


def test_it_is_private_tagged_and_not_for_search_engines(cast: Cast) -> None:
    token = actions.open_feed(by=cast.actor("lin")).token
    first = Client().get(f"/feeds/{token}.ics")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, max-age=900"
    assert first["Referrer-Policy"] == "no-referrer"
    assert "noindex" in first["X-Robots-Tag"]
    assert not first.cookies
    again = Client().get(f"/feeds/{token}.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post(f"/feeds/{token}.ics").status_code == 405
    assert "Disallow: /" in Client().get("/robots.txt").content.decode()
    make_commitment("C-1", department=cast.science)
    assert Client().get(f"/feeds/{token}.ics")["ETag"] != first["ETag"]


def test_no_log_holds_the_secret() -> None:
    line = '1.2.3.4 "GET /feeds/Abc-_9.ics HTTP/1.1" 200 "http://x/feeds/Abc-_9.ics?a=1"'
    assert "Abc" not in without_secrets(line)
    assert without_secrets(line).count("/feeds/…") == 2
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/feeds/Abc-_9.ics",), None)
    record.path = "/feeds/Abc-_9.ics"
    assert "Abc" not in EventFormatter().format(record)


def test_the_access_log_of_the_server_does_not_either() -> None:
    glogging = pytest.importorskip("gunicorn.glogging")
    from gunicorn.config import Config  # type: ignore[import-untyped]  # gunicorn has no types

    from config.access import AccessLogger

    class Said:
        status, sent, headers = "200 OK", 5, ()

    class Asked:
        headers = (("REFERER", "http://x/feeds/Abc.ics"),)

    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": "/feeds/Abc.ics", "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": "/feeds/Abc.ics", "QUERY_STRING": "", "HTTP_REFERER": "http://x/feeds/Abc.ics",
    }  # fmt: skip
    atoms = AccessLogger(Config()).atoms(Said(), Asked(), environ, timedelta(0))
    assert "Abc" not in str([atoms[name] for name in ("r", "U", "q", "f")])
    assert issubclass(AccessLogger, glogging.Logger)


def test_reading_asks_as_much_for_three_days_as_for_thirty(cast: Cast) -> None:
    counted = []
    for name in ("lin", "chen", "wu"):
        for size in (3, 30):
            for _number in range(size):
                item = make_commitment(department=cast.science, plan=make_plan(f"P-{size}-{_number}"))
                make_milestone(item, f"节点 {size}-{_number}", planned_on=TODAY)
                make_instruction(item, given_by=cast.wu)
                make_slip(item, on=TODAY + DAY, number=item.pk)
                make_department(f"d{size}{_number}")
            token = actions.open_feed("kjj", by=cast.actor(name)).token
            Client().get(f"/feeds/{token}.ics")
            with CaptureQueriesContext(connection) as queries:
                Client().get(f"/feeds/{token}.ics")
            counted.append(len(queries))
    # the address; due dates; milestones; what is owed in reports; its plans; instructions; slips.
    assert set(counted) == {7}
