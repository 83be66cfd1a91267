"""What a message says: one person's reminders, each matter once. No channel here, no query, and nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import get_language, gettext

from tracker import wording
from tracker.choices import INFORMATION_OCCASIONS, Ask, Audience, Health, ReminderOccasion
from tracker.delivery import asking
from tracker.models import Message, Reminder, User
from tracker.rules import asks
from tracker.rules.asks import PLACES

INBOX = "/inbox/"
TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One matter.

    Args:
        code: of its commitment; "" in a test message.
        part: the milestone, or "" for the commitment itself.
        asked: what is wanted and until when; two duties about one matter are two sentences here.
        detail: words that came with it: why a report was returned, what an instruction says, what the office said when
            it reminded by hand. "" for none.
        due_on: the day by which the most urgent duty is wanted.
        health, light: the light's value and its word; reason: why it shows that.
        note: why the reader is told although others act. "" for none.
        instead_of: whose matter it is while that person is away. "" for the reader’s own.
        url: where it is read and done.
    """

    code: str
    title: str
    part: str
    asked: tuple[str, ...]
    detail: str
    due_on: date
    health: str
    light: str
    reason: str
    note: str
    instead_of: str
    url: str

    @property
    def standing(self) -> str:
        """Light and reason in one line; a reason that was said already ("12 days late") is not said again."""
        is_told = any(sentence.startswith(self.reason) for sentence in self.asked)
        return " · ".join(part for part in (self.light, "" if is_told else self.reason) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines of which the same is asked; `code` is an `Ask`, `title` its words."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message to one person, in the language that was active when it was built.

    `key` is the same however often the message is tried. `left_out` matters stand in the inbox only.
    """

    recipient: User
    key: str
    day: date
    language: str
    groups: tuple[Group, ...]
    left_out: int
    is_demo: bool
    is_test: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the groups."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def count(self) -> int:
        """How many matters the message tells."""
        return sum(len(group.lines) for group in self.groups)

    @property
    def inbox_url(self) -> str:
        return address(INBOX)


def build(message: Message, reminders: Sequence[Reminder], *, left_out: int, today: date) -> Digest:
    """The message of these reminders, in the active language.

    Args:
        reminders: at most as many as one message carries, with everything loaded that they are about (commitment,
            milestone, report, extension, blocker, instruction, slip, recipient, version). Nothing is queried here.
        left_out: matters beyond that number.
    """
    matters: dict[tuple[object, ...], list[Reminder]] = {}
    for row in reminders:
        matters.setdefault(matter(row), []).append(row)
    sorted_in: dict[Ask, list[Line]] = {}
    for rows in matters.values():
        rows.sort(key=lambda row: (PLACES[_ask(row, today=today)], row.recipient_id != message.recipient_id, row.pk))
        line = _line(rows, reader_id=message.recipient_id, today=today)
        sorted_in.setdefault(_ask(rows[0], today=today), []).append(line)
    return Digest(
        recipient=message.recipient,
        key=message.key,
        day=message.day,
        language=get_language() or settings.LANGUAGE_CODE,
        groups=tuple(
            Group(code=ask, title=str(ask.label), lines=tuple(sorted(sorted_in[ask], key=_urgency)))
            for ask in Ask
            if ask in sorted_in
        ),
        left_out=left_out,
        is_demo=any(row.is_demo for row in reminders),
    )


def test(recipient: User, *, key: str, today: date) -> Digest:
    """A message that asks for nothing: it shows that the channel works. In the active language."""
    line = Line(
        code="",
        title=gettext("This is a test"),
        part="",
        asked=(gettext("Nothing is asked of you. If you read this, messages by this channel reach you."),),
        detail="",
        due_on=today,
        health="",
        light="",
        reason="",
        note="",
        instead_of="",
        url=address("/"),
    )
    return Digest(
        recipient=recipient,
        key=key,
        day=today,
        language=get_language() or settings.LANGUAGE_CODE,
        groups=(Group(code=TEST, title=gettext("Test of the channel"), lines=(line,)),),
        left_out=0,
        is_demo=False,
        is_test=True,
    )


def address(path: str) -> str:
    """The absolute address of a page of the site."""
    return settings.SITE_URL.rstrip("/") + path


def matter(row: Reminder) -> tuple[object, ...]:
    """What makes two reminders one line."""
    return (
        row.commitment_id,
        row.milestone_id,
        row.report_id,
        row.extension_id,
        row.blocker_id,
        row.instruction_id,
        row.slip_id,
    )


def _ask(row: Reminder, *, today: date) -> Ask:
    return asks.of(ReminderOccasion(row.occasion), due_on=row.due_on, today=today)


def _details(rows: Sequence[Reminder]) -> str:
    """The words that came with them, each once."""
    said = dict.fromkeys(text for row in rows if (text := asking.detail(row)))
    return str(wording.BETWEEN_CLAUSES).join(said)


def _urgency(line: Line) -> tuple[date, str, str]:
    return line.due_on, line.code, line.part


def _line(rows: Sequence[Reminder], *, reader_id: int, today: date) -> Line:
    """One matter, told by its reminders; the first is the most urgent one."""
    first, item = rows[0], rows[0].commitment
    reasons = item.health_reasons
    own = [row for row in rows if row.recipient_id == reader_id]
    # A duty that one does for somebody else comes before what one is only told of.
    duties = [row for row in rows if row.audience == Audience.OFFICER]
    if duties and not any(row.recipient_id == reader_id for row in duties):
        own, first = [], duties[0]
    return Line(
        code=item.code,
        title=item.title,
        part=first.milestone.name if first.milestone else "",
        asked=tuple(dict.fromkeys(asking.sentence(row, today=today) for row in rows)),
        detail=_details([first, *rows]),
        due_on=asking.due(first),
        health=item.health,
        light=str(Health(item.health).label),
        reason=wording.reason_sentence(reasons[0], today=today) if reasons else "",
        note=_note(own or duties or rows),
        instead_of="" if own else str(first.recipient),
        url=_address(first),
    )


def _note(rows: Sequence[Reminder]) -> str:
    """Why the reader is told, where others act: nothing for whom the work is asked of."""
    audiences = {Audience(row.audience) for row in rows}
    if Audience.OFFICER in audiences or all(row.occasion in INFORMATION_OCCASIONS for row in rows):
        return ""
    is_open_still = any(row.offset > 0 for row in rows)
    if Audience.HEAD in audiences:
        if is_open_still:
            return gettext("Still open after the officers were reminded; told to you as head of the department.")
        return gettext("Told to you as head of the department.")
    if is_open_still:
        return gettext("Still open after the department was reminded; told to the post that oversees it.")
    return gettext("Told to the post that oversees it.")


def _address(row: Reminder) -> str:
    """Where the matter is dealt with. Whoever oversees reads the commitment: the forms are not open to them."""
    if row.slip is not None:
        return address(f"/slips/{row.slip.ref}/")
    if row.blocker_id is not None:
        return address(f"/admin/tracker/blocker/{row.blocker_id}/change/")
    if row.instruction_id is not None:
        return address(f"/admin/tracker/instruction/{row.instruction_id}/change/")
    if row.report_id is not None and row.audience != Audience.OVERSEER:
        return address(f"/admin/tracker/progressreport/{row.report_id}/change/")
    return address(f"/commitments/{quote(row.commitment.code)}/")
