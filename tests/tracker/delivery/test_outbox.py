"""Delivery: one message a person, failures recorded, nothing lost when the mail server is away."""

import smtplib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.test import override_settings

from tests.factories import Cast, make_cast, make_commitment, make_milestone
from tests.tracker.actions.test_reminders import make_reminder
from tracker.actions import reminders
from tracker.choices import Stage
from tracker.delivery import outbox
from tracker.delivery.outbox import Delivered
from tracker.models import Commitment, Reminder, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 9, 1, tzinfo=UTC)
BACKEND = f"{__name__}.Moody"


class Moody(BaseEmailBackend):
    """A mail server that can be away, refuse a person, break, or look whether a transaction is open."""

    away: ClassVar[bool] = False
    refused: ClassVar[set[str]] = set()
    sent: ClassVar[list[str]] = []
    in_transaction: ClassVar[list[bool]] = []

    def open(self) -> bool:
        if self.away:
            raise ConnectionRefusedError("nobody listens")
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if self.refused & set(message.to):
                raise smtplib.SMTPServerDisconnected("connection lost")
            self.sent.append(message.to[0])
            self.in_transaction.append(transaction.get_connection().in_atomic_block)
        return len(email_messages)


@pytest.fixture
def moody():
    Moody.away, Moody.refused, Moody.sent, Moody.in_transaction = False, set(), [], []
    with override_settings(EMAIL_BACKEND=BACKEND):
        yield Moody


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rows() -> list[tuple[str, str, int]]:
    return list(Reminder.objects.order_by("pk").values_list("recipient__username", "state", "attempts"))


def letter(number: int = 0) -> tuple[EmailMultiAlternatives, str, str]:
    message = mail.outbox[number]
    assert isinstance(message, EmailMultiAlternatives)
    return message, str(message.body), str(message.alternatives[0][0])


def test_one_person_gets_one_message_with_a_line_for_each_matter(cast: Cast) -> None:
    for code in ("C-1", "C-2", "C-3"):
        make_reminder(make_commitment(code, title=f"建设{code}", department=cast.science), cast.lin)
    make_reminder(Commitment.objects.get(code="C-1"), cast.zhou)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=2, failed=0)
    assert sorted(message.to[0] for message in mail.outbox) == ["lin@example.invalid", "zhou@example.invalid"]
    _message, text, html = letter()
    for body in (text, html):
        assert all(f"建设{code}" in body for code in ("C-1", "C-2", "C-3"))
        assert "/commitments/C-1/" in body
    assert {state for _, state, _ in rows()} == {"sent"}
    assert outbox.deliver(100, now=NOW) == Delivered()


def test_a_line_says_what_until_when_how_late_and_how_it_stands(cast: Cast) -> None:
    item = make_commitment(title="<b>建设 & 运营</b>", department=cast.science, due_on=date(2026, 6, 2))
    item.health, item.health_reasons = "off_track", [{"code": "overdue", "params": {"due_on": "2026-06-02"}}]
    item.save()
    make_reminder(item, cast.lin)
    with override_settings(LANGUAGE_CODE="en", SITE_URL="https://luoshi.example/"):
        outbox.deliver(1, now=NOW)
    message, text, html = letter()
    assert message.subject == "1 commitment is due"
    for piece in (
        "<b>建设 & 运营</b>",
        "2 June 2026",
        "7 days late",
        "Late",
        f"https://luoshi.example/commitments/{item.code}/",
    ):
        assert piece in text
    assert "&lt;b&gt;建设 &amp; 运营&lt;/b&gt;" in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(date(2026, 6, 9), "due today"), (date(2026, 6, 10), "1 day left"), (date(2026, 6, 8), "1 day late")],
)
def test_the_date_is_told_from_the_day_of_sending(cast: Cast, due_on: date, words: str) -> None:
    make_reminder(make_commitment(department=cast.science, due_on=due_on), cast.lin)
    with override_settings(LANGUAGE_CODE="en"):
        outbox.deliver(1, now=NOW)
    assert words in letter()[1]


def test_a_matter_owed_for_two_reasons_is_one_line_and_a_milestone_is_named(cast: Cast) -> None:
    item = make_commitment(title="建园区", department=cast.science)
    make_reminder(item, cast.lin, offset=-7)
    row = make_reminder(item, cast.lin, offset=-3)
    step = make_milestone(item, "封顶仪式", planned_on=date(2026, 6, 16))
    Reminder.objects.create(
        commitment=item, milestone=step, rule=row.rule, recipient=cast.lin, due_on=date(2026, 6, 16),
        offset=-7, planned_on=row.planned_on,
    )  # fmt: skip
    outbox.deliver(1, now=NOW)
    text = letter()[1]
    assert text.count("建园区") == 2
    assert text.count("封顶仪式") == 1
    assert [state for _, state, _ in rows()] == ["sent"] * 3


def test_a_message_about_demonstration_data_says_so(cast: Cast) -> None:
    row = make_reminder(make_commitment(department=cast.science), cast.lin)
    Reminder.objects.filter(pk=row.pk).update(is_demo=True)
    with override_settings(LANGUAGE_CODE="en"):
        outbox.deliver(1, now=NOW)
    message, text, html = letter()
    assert "(demonstration)" in message.subject
    assert "demonstration data" in text
    assert "demonstration data" in html


def test_who_has_no_address_is_recorded_as_failed_with_a_sentence_and_the_others_get_theirs(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    make_reminder(item, cast.zhou)
    User.objects.filter(pk=cast.lin.pk).update(email="")
    with override_settings(LANGUAGE_CODE="en"):
        assert outbox.deliver(100, now=NOW) == Delivered(sent=1, failed=1)
    assert rows() == [("lin", "failed", 1), ("zhou", "sent", 1)]
    failed = Reminder.objects.get(recipient=cast.lin)
    assert failed.error == "Lin has no e-mail address. Enter one in the list of people."


def test_a_message_that_fails_is_tried_later_and_does_not_stop_the_others(cast: Cast, moody: type[Moody]) -> None:
    item = make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    make_reminder(item, cast.zhou)
    moody.refused = {"lin@example.invalid"}
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1, failed=1)
    assert rows() == [("lin", "planned", 1), ("zhou", "sent", 1)]
    assert Reminder.objects.get(recipient=cast.lin).error == "SMTPServerDisconnected: connection lost"
    moody.refused = set()
    assert outbox.deliver(100, now=NOW + timedelta(seconds=30)) == Delivered()
    assert outbox.deliver(100, now=NOW + timedelta(seconds=61)) == Delivered(sent=1)
    assert moody.sent == ["zhou@example.invalid", "lin@example.invalid"]
    assert Reminder.objects.get(recipient=cast.lin).error == ""


def test_while_the_mail_server_is_away_nothing_is_claimed_and_no_try_is_used_up(cast: Cast, moody: type[Moody]) -> None:
    make_reminder(make_commitment(department=cast.science), cast.lin)
    moody.away = True
    for minute in range(10):
        assert outbox.deliver(100, now=NOW + timedelta(minutes=minute)) == Delivered()
    assert rows() == [("lin", "planned", 0)]
    moody.away = False
    assert outbox.deliver(100, now=NOW + timedelta(minutes=11)) == Delivered(sent=1)


def test_the_limit_counts_messages(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    make_reminder(item, cast.zhou)
    assert outbox.deliver(1, now=NOW) == Delivered(sent=1)
    assert outbox.deliver(1, now=NOW) == Delivered(sent=1)


def test_what_was_reported_after_planning_is_not_sent(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.REPORTED_DONE)
    assert outbox.deliver(100, now=NOW) == Delivered()
    assert rows() == [("lin", "cancelled", 0)]


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_crash_between_claim_and_sending_sends_it_once_later(cast: Cast) -> None:
    make_reminder(make_commitment(department=cast.science), cast.lin)
    reminders.claim(10, now=NOW)  # and the worker dies
    assert outbox.deliver(100, now=NOW + timedelta(seconds=60)) == Delivered()
    assert outbox.deliver(100, now=NOW + timedelta(seconds=301)) == Delivered(sent=1)
    assert len(mail.outbox) == 1


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_crash_between_sending_and_recording_repeats_it_once_with_the_same_message_id(cast: Cast) -> None:
    make_reminder(make_commitment(department=cast.science), cast.lin)
    outbox.deliver(100, now=NOW)
    Reminder.objects.update(state="claimed", sent_at=None, claimed_at=NOW)  # the worker died before it could record
    assert outbox.deliver(100, now=NOW + timedelta(seconds=301)) == Delivered(sent=1)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    assert outbox.deliver(100, now=NOW + timedelta(days=1)) == Delivered()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(moody: type[Moody]) -> None:
    cast = make_cast()
    make_reminder(make_commitment(department=cast.science), cast.lin)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1)
    assert moody.in_transaction == [False]
