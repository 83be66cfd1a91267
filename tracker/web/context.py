"""What every page of the site and of the admin knows."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.queries import clock
from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES, Role
from tracker.models import User
from tracker.policies import actor_of
from tracker.queries import inbox, status
from tracker.web import links

Shown = dict[str, Any]


def site(request: HttpRequest) -> dict[str, Shown]:
    """The masthead's and footer's facts under `site`; a visitor gets only the demonstration banner's."""
    user = getattr(request, "user", None)
    found = status_now()
    shown: Shown = {
        "demo": found.is_demo,
        "nav": [],
        "search_url": "",
        "user_name": "",
        "role_label": "",
        "portfolio_url": "",
        "inbox_url": "",
        "unread": "",
        "reminders_url": "",
        "operations_url": "",
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
            "search_url": links.search(),
            "portfolio_url": links.portfolio() if user.role in DEPARTMENT_ROLES else "",
            "inbox_url": links.inbox(),
            "unread": unread(user),
            "reminders_url": links.reminders(),
            "operations_url": links.operations() if user.role in CITYWIDE_ROLES else "",
            "user_name": str(user),
            "role_label": Role(user.role).label,
            "as_of": found.as_of,
            "rule_version": found.rule_version,
            "event_count": found.event_count,
        }
    }


def unread(user: User) -> str:
    """How many lines of the inbox were not looked at: "" for none, "99+" for more than that. One query."""
    count = inbox.unread_count(actor_of(user), today=timezone.localdate())
    if count > inbox.MOST_COUNTED:
        return f"{inbox.MOST_COUNTED}+"
    return str(count) if count else ""


def status_now() -> status.SiteStatus:
    """The site's own state, kept until the data changes."""
    key = f"status:{clock.revision()}"
    found = cache.get(key)
    if not isinstance(found, status.SiteStatus):
        found = status.of_site()
        cache.set(key, found, 300)
    return found


def _nav(request: HttpRequest, user: User) -> list[tuple[str, str, bool]]:
    """The entries with their addresses; one is current on its own pages and on those under it."""
    catalogue = [*(links.things(kind) for kind in links.THINGS), links.indicators()]
    entries = [
        ([reverse("overview"), links.changes()], _("Overview")),
        ([links.plans()], pgettext("navigation", "Decision")),
        ([links.ledger()], _("Commitments")),
        (catalogue, _("Catalogue")),
        ([links.departments(), "/posts/"], _("Departments")),
        ([links.timeline()], _("Timeline")),
        ([links.calendar()], _("Calendar")),
    ]
    if user.role == Role.LEADER:
        entries.append(([links.portfolio()], pgettext("navigation", "Portfolio")))
    if user.is_staff:  # first for those with daily work, last for those who read
        place = 0 if user.role in {Role.OFFICER, Role.HEAD, Role.SUPERVISOR} else len(entries)
        entries.insert(place, ([reverse("admin:index")], _("My desk")))
    return [(places[0], label, any(_is_under(request.path, place) for place in places)) for places, label in entries]


def _is_under(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(place))
