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
        "desk_url": "",
        "as_of": None,
        "rule_version": "",
        "event_count": None,
    }
    if not isinstance(user, User) or not user.is_authenticated:
        return {"site": shown}
    return {
        "site": shown
        | {
            "nav": _nav(request),
            "search_url": links.ledger(),
            "search_text": printable(request.GET.get("q", "")),
            "user_name": str(user),
            "role_label": Role(user.role).label,
            "desk_url": reverse("admin:index") if user.is_staff else "",
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


def _nav(request: HttpRequest) -> list[tuple[str, str, bool]]:
    entries = [
        (reverse("overview"), _("Overview")),
        (links.ledger(), _("Commitments")),
        (links.departments(), _("Departments")),
    ]
    return [
        (url, label, request.path == url or (url != "/" and request.path.startswith(url))) for url, label in entries
    ]
