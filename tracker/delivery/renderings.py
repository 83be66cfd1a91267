"""A digest for those who read no HTML: text and Markdown for robots, cut to what they take, and JSON for relays."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, ngettext

from tracker import wording
from tracker.delivery.digest import Digest, Line

Measure = Callable[[str], int]
BREAK = "  \n"  # Markdown: a new line of the same paragraph
UNMARKED = str.maketrans("[]*`<>_#~", "［］＊＇＜＞＿＃～")


def utf8(text: str) -> int:
    """The bytes of a text."""
    return len(text.encode())


def subject(digest: Digest) -> str:
    """The one line that stands above the message."""
    if digest.is_test:
        return gettext("Luoshi: test message")
    words = ngettext("Luoshi: %(count)d matter for you", "Luoshi: %(count)d matters for you", digest.count)
    return _marked_demo(words % {"count": digest.count}, digest)


def text(digest: Digest, *, most: int | None = None, measure: Measure = utf8) -> str:
    """Plain text, at most as long as `most` says."""
    return _cut(digest, [_head(digest)], _plain, "{}", "\n", most=most, measure=measure)


def markdown(digest: Digest, *, most: int, measure: Measure = utf8) -> str:
    """Markdown of the plainest kind: links, bold headings, line breaks. Marks inside titles are written wide."""
    return _cut(digest, [_head(digest).translate(UNMARKED)], _marked, "**{}**", BREAK, most=most, measure=measure)


def as_json(digest: Digest) -> dict[str, Any]:
    """Everything, for a relay that lays out by itself (docs/channels.md)."""
    person = digest.recipient
    return {
        "version": 1,
        "kind": "test" if digest.is_test else "digest",
        "key": digest.key,
        "day": digest.day.isoformat(),
        "language": digest.language,
        "recipient": {"username": person.username, "name": str(person), "email": person.email},
        "subject": subject(digest),
        "count": digest.count,
        "left_out": digest.left_out,
        "is_demo": digest.is_demo,
        "inbox_url": digest.inbox_url,
        "groups": [
            {"code": group.code, "title": group.title, "lines": [_line_json(line) for line in group.lines]}
            for group in digest.groups
        ],
        "text": text(digest),
    }


def rest(count: int) -> str:
    """That there is more than the message tells."""
    return ngettext("%(count)d more in the inbox", "%(count)d more in the inbox", count) % {"count": count}


def _head(digest: Digest) -> str:
    return _marked_demo(gettext("%(name)s, good day.") % {"name": digest.recipient}, digest)


def _marked_demo(said: str, digest: Digest) -> str:
    if not digest.is_demo:
        return said
    mark = gettext("(demonstration)")
    return f"{mark}{said}" if mark.startswith("（") else f"{mark} {said}"


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "commitment": line.code,
        "title": line.title,
        "milestone": line.part,
        "asked": list(line.asked),
        "detail": line.detail,
        "due_on": line.due_on.isoformat(),
        "light": line.health,
        "light_word": line.light,
        "reason": line.reason,
        "note": line.note,
        "instead_of": line.instead_of,
        "url": line.url,
    }


def _title(line: Line) -> str:
    return f"{line.title} · {line.part}" if line.part else line.title


def _below(line: Line) -> list[str]:
    """What stands below a title."""
    semicolon = str(wording.BETWEEN_CLAUSES)
    instead = gettext("In place of %(name)s") % {"name": line.instead_of} if line.instead_of else ""
    return [part for part in (semicolon.join(line.asked), line.detail, line.standing, instead, line.note) if part]


def _plain(number: int, line: Line) -> list[str]:
    return [f"{number}. {_title(line)}", *(f"   {part}" for part in _below(line)), f"   {line.url}"]


def _marked(number: int, line: Line) -> list[str]:
    title = f"{number}. [{_title(line).translate(UNMARKED)}]({line.url})"
    return [title, *(part.translate(UNMARKED) for part in _below(line))]


def _cut(
    digest: Digest,
    head: list[str],
    written: Callable[[int, Line], list[str]],
    heading: str,
    newline: str,
    *,
    most: int | None,
    measure: Measure,
) -> str:
    """The whole message, or as many whole matters as fit, and how many more there are."""
    blocks: list[list[str]] = [head]
    told = 0
    for group in digest.groups:
        for place, line in enumerate(group.lines):
            opening = ["", heading.format(group.title)] if place == 0 else []
            block = [*opening, *written(told + 1, line)]
            tail = _tail(digest, digest.count - told - 1)
            if most is not None and measure(newline.join(_flat([*blocks, block, tail]))) > most:
                return newline.join(_flat([*blocks, _tail(digest, digest.count - told)]))
            blocks.append(block)
            told += 1
    return newline.join(_flat([*blocks, _tail(digest, 0)]))


def _tail(digest: Digest, untold: int) -> list[str]:
    """How many more there are, and where all of them stand."""
    if digest.is_test:
        return []
    more = untold + digest.left_out
    return ["", *([rest(more)] if more else []), digest.inbox_url]


def _flat(blocks: list[list[str]]) -> list[str]:
    return [line for block in blocks for line in block]
