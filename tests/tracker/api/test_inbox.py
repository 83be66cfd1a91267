"""The inbox for phones: the described shape, one's own lines only, the unread number with its tag, reading twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, Cast, make_commitment, make_instruction
from tests.reminder_rows import make_reminder
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import ReminderOccasion
from tracker.models import Commitment, Reminder

SignIn = Callable[[str], Caller]
DAY = timedelta(days=1)


def test_the_lines_are_ones_own_and_have_the_described_shape(cast: Cast, sign_in: SignIn) -> None:
    item = make_commitment("C-1", title="建成科创中心", department=cast.science)
    for occasion in ReminderOccasion:
        make_reminder(item, recipient=cast.lin, occasion=occasion, due_on=TODAY - DAY)
    answer = sign_in("lin").get("inbox/")
    lines = answer.json()["results"]
    for line in lines:
        assert_fits(line, "InboxLineOutput")
    assert lines[0]["asks"] == "late"
    assert lines[0]["commitment"]["code"] == "C-1"
    assert all(line["asked"] and line["is_unread"] for line in lines)
    assert sign_in("zhou").get("inbox/").json()["results"] == []


def test_a_matter_out_of_sight_tells_nothing(cast: Cast, sign_in: SignIn) -> None:
    item = make_commitment("C-1", title="机密事项", department=cast.science)
    make_reminder(item, recipient=cast.zhou)
    Reminder.objects.update(occasion="by_hand", note="机密要求")
    answer = sign_in("zhou").get("inbox/")
    (line,) = answer.json()["results"]
    assert_fits(line, "InboxLineOutput")
    assert line["commitment"] is line["due_on"] is None
    assert line["asked"] == ""
    assert "机密" not in answer.content.decode()


def test_pages_follow_each_other(cast: Cast, sign_in: SignIn) -> None:
    phone, found = sign_in("lin"), []
    for number in range(7):
        row = make_commitment(f"C-{number}", department=cast.science)
        make_reminder(row, recipient=cast.lin, due_on=TODAY + DAY if number % 2 else TODAY - DAY)
    at = "/api/v1/inbox/?limit=3"
    while at:
        page = phone.get(at.removeprefix("/api/v1/")).json()
        found += [line["id"] for line in page["results"]]
        at = page["next"]
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize(
    ("query", "code"),
    [("show=wrong", "filter_value"), ("x=1", "filter_unknown"), ("limit=0", "limit_out_of_range")],
)
def test_a_wrong_address_is_refused(query: str, code: str, sign_in: SignIn) -> None:
    assert_refused(sign_in("lin").get(f"inbox/?{query}"), 400, code)


def test_the_unread_number_comes_with_a_tag_and_falls_when_lines_are_read(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    rows = [make_reminder(make_commitment(department=cast.science), recipient=cast.lin) for _ in range(3)]
    answer = phone.get("inbox/unread/")
    assert_fits(answer.json(), "UnreadOutput")
    assert answer.json() == {"unread_count": 3, "has_more": False}
    assert phone.get("inbox/unread/", If_None_Match=answer["ETag"]).status_code == 304
    read = phone.post("inbox/read/", {"ids": [rows[0].pk, 10**12]})
    assert_fits(read.json(), "InboxReadOutput")
    assert read.json() == {"read_count": 1, "unread_count": 2, "has_more": False}
    assert phone.get("inbox/unread/", If_None_Match=answer["ETag"]).status_code == 200
    assert_refused(phone.post("inbox/read/", {"ids": ["x"]}), 400, "field_invalid", "ids")
    assert phone.post("inbox/read/", {"all": True}).json()["read_count"] == 2
    assert phone.post("inbox/read/", {"all": True}).json()["read_count"] == 0
    assert [line["is_unread"] for line in phone.get("inbox/").json()["results"]] == [False] * 3
    assert phone.get("inbox/?show=unread").json()["results"] == []


def test_a_foreign_line_is_passed_over_and_what_is_not_said_is_refused(cast: Cast, sign_in: SignIn) -> None:
    row = make_reminder(make_commitment(department=cast.science), recipient=cast.lin)
    assert sign_in("zhou").post("inbox/read/", {"ids": [row.pk]}).json()["read_count"] == 0
    assert sign_in("chen").post("inbox/read/", {"all": True}).json()["read_count"] == 0
    assert Reminder.objects.get().read_at is None
    phone = sign_in("lin")
    assert_refused(phone.post("inbox/read/", {}), 400, "read_nothing")
    assert_refused(phone.post("inbox/read/", {"ids": []}), 400, "read_nothing")
    assert_refused(phone.post("inbox/read/", {"ids": [2**64]}), 400, "field_invalid")
    assert_refused(phone.post("inbox/read/", {"id": 1}), 400, "field_unknown")


def test_a_page_costs_the_same_for_3_and_30_lines(cast: Cast, sign_in: SignIn) -> None:
    phone, counts = sign_in("lin"), []
    for rows in (3, 30):
        for number in range(Commitment.objects.count(), rows):
            make_reminder(make_commitment(f"N-{number:02}", department=cast.science), recipient=cast.lin)
        phone.get("inbox/?limit=100")  # fills the token cache
        with CaptureQueriesContext(connection) as queries:
            assert len(phone.get("inbox/?limit=100").json()["results"]) == rows
        counts.append(len(queries))
    assert counts == [4, 4]  # the lines' keys, the newest, the rows with their subjects, the messages


def test_the_words_of_the_office_and_the_day_of_an_answer_stand_in_the_line(cast: Cast, sign_in: SignIn) -> None:
    item = make_commitment("C-1", department=cast.science)
    make_reminder(item, recipient=cast.lin, occasion=ReminderOccasion.BY_HAND, note="市长要听汇报。")
    row = make_instruction(item, given_by=cast.wu)
    given = ReminderOccasion.INSTRUCTION_GIVEN
    make_reminder(item, recipient=cast.lin, occasion=given, due_on=TODAY, instruction=row)
    lines = {line["occasion"]: line for line in sign_in("lin").get("inbox/").json()["results"]}
    assert lines["by_hand"]["note"] == "市长要听汇报。"
    assert (lines[given]["note"], lines[given]["due_on"]) == ("", row.answer_due_on.isoformat())
    assert row.answer_due_on.isoformat() in lines[given]["asked"]
