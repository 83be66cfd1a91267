"""Letters through a real mail server on loopback: taken, refused, put off, slow, gone, back again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import relays
from tests.factories import Cast, make_commitment
from tests.relays import Mailbox, Mood
from tests.tracker.delivery.conftest import built, remind
from tracker.choices import ChannelKind
from tracker.delivery import renderings, transports
from tracker.delivery.digest import Digest
from tracker.delivery.email import Email
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.models import Channel, User

pytestmark = pytest.mark.django_db
Letter = Callable[..., Digest]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with relays.mailbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = relays.HOST, box.port, 5
        settings.DEFAULT_FROM_EMAIL = "落实 <luoshi@city.example>"
        settings.LANGUAGE_CODE = "en"
        yield box


def opened() -> Email:
    transport = transports.of(Channel(kind=ChannelKind.EMAIL))
    assert isinstance(transport, Email)
    transport.open()
    return transport


def test_a_letter_says_what_the_rows_say_in_text_and_in_html(mailbox: Mailbox, letter: Letter) -> None:
    digest = letter()
    transport = opened()
    transport.send(digest)
    transport.close()
    [received] = mailbox.letters
    assert received["To"] == "lin@example.invalid"
    assert received["Subject"] == renderings.subject(digest)
    assert received["Auto-Submitted"] == "auto-generated"
    assert received.get_content_type() == "multipart/alternative"
    text, html = relays.body_of(received), relays.body_of(received, "html")
    for line in digest.lines:
        assert line.title in text
        assert line.title in html
        assert line.asked[0] in text
        assert line.asked[0] in html
        assert line.url in text
        assert f'href="{line.url}"' in html


def test_marks_in_a_title_do_not_become_html(mailbox: Mailbox, cast: Cast) -> None:
    item = make_commitment(title="<b>建设 & 运营</b>", department=cast.science)
    opened().send(built(cast.lin, [remind(item, cast.lin)]))
    [received] = mailbox.letters
    assert "<b>建设 & 运营</b>" in relays.body_of(received)
    assert "&lt;b&gt;建设 &amp; 运营&lt;/b&gt;" in relays.body_of(received, "html")


def test_the_message_id_is_the_key_s_however_often_it_is_tried(mailbox: Mailbox, letter: Letter) -> None:
    digest = letter()
    opened().send(digest)
    opened().send(digest)
    assert {received["Message-ID"] for received in mailbox.letters} == {f"<message.{digest.key}@city.example>"}


def test_several_letters_go_over_one_connection(mailbox: Mailbox, letter: Letter, cast: Cast) -> None:
    first, second = letter(), letter(cast.zhou)
    transport = opened()
    transport.send(first)
    transport.send(second)
    assert (len(mailbox.letters), mailbox.connections) == (2, 1)


def test_who_has_no_address_is_refused_with_a_sentence(mailbox: Mailbox, letter: Letter, cast: Cast) -> None:
    User.objects.filter(pk=cast.lin.pk).update(email="")
    cast.lin.refresh_from_db()
    with pytest.raises(Refused, match="Lin"):
        opened().send(letter())
    assert mailbox.letters == []


def test_an_address_with_a_line_break_is_refused_and_reaches_no_header(
    mailbox: Mailbox, letter: Letter, cast: Cast
) -> None:
    cast.lin.email = "lin@example.invalid\nBcc: all@example.invalid"
    digest = letter(cast.lin)
    with pytest.raises(Refused):
        opened().send(digest)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("answer", "raised"),
    [("550 no such person", Refused), ("450 mailbox busy", Failed), ("421 closing", Unreachable)],
)
def test_a_recipient_is_refused_for_good_or_for_now(
    mailbox: Mailbox, letter: Letter, cast: Cast, answer: str, raised: type[Exception]
) -> None:
    mailbox.answers["lin@example.invalid"] = answer
    transport = opened()
    with pytest.raises(raised) as error:
        transport.send(letter())
    if raised is not Unreachable:
        assert answer.split(" ", 1)[1] in str(error.value)
        transport.send(letter(cast.zhou))
        assert [received["To"] for received in mailbox.letters] == ["zhou@example.invalid"]


@pytest.mark.parametrize(("answer", "raised"), [("554 looks like spam", Refused), ("452 disk full", Failed)])
def test_a_letter_is_refused_for_good_or_for_now(
    mailbox: Mailbox, letter: Letter, answer: str, raised: type[Exception]
) -> None:
    mailbox.data_answer = answer
    with pytest.raises(raised):
        opened().send(letter())


def test_a_sender_that_is_not_taken_is_nobody_s_fault_but_the_site_s(mailbox: Mailbox, letter: Letter) -> None:
    mailbox.sender_answer = "553 not your address"
    with pytest.raises(Unreachable, match="not your address"):
        opened().send(letter())


def test_a_server_that_does_not_answer_is_unreachable(mailbox: Mailbox, letter: Letter, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    mailbox.mood = Mood.SLOW
    with pytest.raises(Unreachable, match="in time"):
        opened().send(letter())


def test_a_connection_that_breaks_fails_one_letter_and_the_next_goes_out(
    mailbox: Mailbox, letter: Letter, cast: Cast
) -> None:
    mailbox.mood = Mood.DROP
    transport = opened()
    with pytest.raises(Failed):
        transport.send(letter())
    mailbox.mood = Mood.ACCEPT
    transport.send(letter(cast.zhou))
    assert [received["To"] for received in mailbox.letters] == ["zhou@example.invalid"]


def test_a_server_that_is_gone_is_unreachable_and_found_again_when_it_is_back(letter: Letter, settings: Any) -> None:
    port = relays.free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = relays.HOST, port, 5
    with pytest.raises(Unreachable):
        opened()
    with relays.mailbox(port=port) as box:
        transport = opened()
        transport.send(letter())
        assert len(box.letters) == 1
    transport.close()


def test_closing_never_raises(mailbox: Mailbox) -> None:
    transport = opened()
    mailbox.mood = Mood.DROP
    transport.close()
    transport.close()
