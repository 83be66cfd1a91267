"""The calendar behind a secret address, in iCalendar (RFC 5545). No sign-in, no session: the address is the key.

An unknown, a revoked address and one whose owner is no longer in office are answered alike.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from tracker.actions import feeds as actions
from tracker.choices import FeedKind
from tracker.models import CalendarFeed
from tracker.queries import feeds
from tracker.queries.feeds import Entry
from tracker.web import links
from tracker.web.forms import printable

KEPT_SECONDS = 900
ONE_DAY = timedelta(days=1)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, in Chinese: what is promised has no other language."""
    today = timezone.localdate()
    found = actions.use(token, today=today)
    if found is None:
        return _guarded(HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8"))
    with translation.override(settings.LANGUAGE_CODE):
        body = calendar(found, feeds.entries(found, today=today))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    answer["Content-Disposition"] = 'inline; filename="luoshi.ics"'
    kept = get_conditional_response(request, etag=answer["ETag"], response=answer)
    assert isinstance(kept, HttpResponse)
    return _guarded(kept, keep=True)


def calendar(found: CalendarFeed, entries: Sequence[Entry]) -> bytes:
    """The calendar as it is sent: the same bytes for the same days. The library escapes and folds."""
    whose = found.department.name if found.department else str(found.owner)
    shown = Calendar()
    shown.add("prodid", "-//Luoshi//Calendar feed//ZH")
    shown.add("version", "2.0")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", printable(_("Luoshi: %(whose)s") % {"whose": whose}))
    shown.add("x-wr-timezone", settings.TIME_ZONE)
    shown.add("x-published-ttl", "PT1H")
    for entry in entries:
        shown.add_component(_event(entry))
    body: bytes = shown.to_ical()
    return body


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(settings.SITE_URL).hostname or 'luoshi'}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + ONE_DAY)
    event.add("summary", printable(_summary(entry)))
    event.add("description", printable(_description(entry)))
    event.add("categories", [str(FeedKind(entry.kind).label)])
    event.add("url", _address(entry))
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because something is due
    return event


def _summary(entry: Entry) -> str:
    texts = {
        FeedKind.DUE: _("Due: %(title)s"),
        FeedKind.MILESTONE: _("Milestone %(name)s: %(title)s"),
        FeedKind.WINDOW: _("Last day for reports: %(title)s"),
        FeedKind.INSTRUCTION: _("Answer to an instruction: %(title)s"),
        FeedKind.SLIP: _("Answer to a slip: %(title)s"),
    }
    said = texts[entry.kind] % {"title": entry.title, "name": entry.name}
    said = _("[demonstration] %(said)s") % {"said": said} if entry.is_demo else said
    return f"✓ {said}" if entry.is_done else said


def _description(entry: Entry) -> str:
    """Which matter and whose; a window says how many reports are asked for."""
    if entry.kind == FeedKind.WINDOW:
        said = ngettext(
            "%(count)d matter has to be reported on.", "%(count)d matters have to be reported on.", entry.count
        )
        return said % {"count": entry.count}
    lead = entry.lead or _("No lead department yet")
    lines = [entry.code, lead, _("demonstration") if entry.is_demo else ""]
    return "\n".join(line for line in lines if line)


def _address(entry: Entry) -> str:
    path = links.commitment(entry.code) if entry.code else links.ledger()
    return settings.SITE_URL.rstrip("/") + path


def _guarded(answer: HttpResponse, *, keep: bool = False) -> HttpResponse:
    """Nobody else keeps it, no page that is left for another tells of it, no search engine lists it."""
    answer["Cache-Control"] = f"private, max-age={KEPT_SECONDS}" if keep else "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
