"""What every page of the site and of the admin knows."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.choices import Role
from tracker.models import User
from tracker.queries import overview, status
from tracker.web import links
from tracker.web.forms import printable

Shown = dict[str, Any]


def site(request: HttpRequest) -> dict[str, Shown]:
    """The masthead's and footer's facts under `site`; a visitor gets only the demonstration banner's."""
    user = getattr(request, "user", None)
    found = _status()
    shown: Shown = {
        "demo": found.is_demo,
        "nav": [],
        "search_url": "",
        "search_text": "",
        "user_name": "",
        "role_label": "",
        "as_of": None,
        "rule_version": "",
        "event_count": None,
    }
    if not isinstance(user, User) or not user.is_authenticated:
        return {"site": shown}
    return {
        "site": shown
        | {
            "nav": _nav(request, user),
            "search_url": links.ledger(),
            "search_text": printable(request.GET.get("q", "")),
            "user_name": str(user),
            "role_label": Role(user.role).label,
            "as_of": found.as_of,
            "rule_version": found.rule_version,
            "event_count": found.event_count,
        }
    }


def _status() -> status.SiteStatus:
    """The site's status, kept until the data changes."""
    key = f"status:{overview.revision()}"
    found = cache.get(key)
    if not isinstance(found, status.SiteStatus):
        found = status.of_site()
        cache.set(key, found, 300)
    return found


def _nav(request: HttpRequest, user: User) -> list[tuple[str, str, bool]]:
    """The entries with their addresses; one is current on its own pages and on those under it."""
    catalogue = [*(links.things(kind) for kind in links.THINGS), links.indicators()]
    entries = [
        ([reverse("overview")], _("Overview")),
        ([links.ledger()], _("Commitments")),
        ([links.departments()], _("Departments")),
        (catalogue, _("Catalogue")),
        ([links.timeline()], _("Timeline")),
        ([links.calendar()], _("Calendar")),
    ]
    if user.is_staff:  # first for those with daily work, last for those who read
        place = 0 if user.role in {Role.OFFICER, Role.HEAD, Role.SUPERVISOR} else len(entries)
        entries.insert(place, ([reverse("admin:index")], _("My desk")))
    return [(places[0], label, any(_is_under(request.path, place) for place in places)) for places, label in entries]


def _is_under(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(place))
