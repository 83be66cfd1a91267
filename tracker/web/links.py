"""Addresses of the pages, so that no other module spells a query string."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from projects.choices import InitiativeKind
from projects.models import Initiative


def ledger(**filters: object) -> str:
    """The list, narrowed by the filters that are not empty."""
    kept = {name: value for name, value in filters.items() if value not in (None, "", False)}
    address = reverse("commitments")
    return f"{address}?{urlencode(kept)}" if kept else address


def with_query(address: str, query: Mapping[str, object]) -> str:
    """The address with what is asked for behind it."""
    return f"{address}?{urlencode(query)}" if query else address


def commitment(code: str) -> str:
    return reverse("commitment", args=[code])


def department(code: str) -> str:
    return reverse("department", args=[code])


def admin(name: str, *args: object, **query: object) -> str:
    """An address of the admin, "" where that page does not exist."""
    try:
        address = reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def departments() -> str:
    return reverse("departments")


# The catalogue's addresses by kind: /projects/…, /parks/…, /platforms/…, /talent/…
THINGS = {
    InitiativeKind.PROJECT: "project",
    InitiativeKind.PARK: "park",
    InitiativeKind.PLATFORM: "platform",
    InitiativeKind.TALENT_PROGRAMME: "talent",
}


def things(kind: str) -> str:
    """The list of the things of a kind."""
    return reverse(f"{THINGS[InitiativeKind(kind)]}s")


def thing(one: Initiative) -> str:
    """The page of a project, park, platform or talent programme."""
    return thing_of(one.kind, one.code)


def thing_of(kind: str, code: str) -> str:
    return reverse(THINGS[InitiativeKind(kind)], args=[code])


def indicators() -> str:
    return reverse("targets")


def indicator(code: str) -> str:
    return reverse("target", args=[code])


def timeline(**filters: object) -> str:
    return _filtered("timeline", filters)


def calendar(**filters: object) -> str:
    return _filtered("calendar", filters)


def search(**filters: object) -> str:
    return _filtered("search", filters)


def _filtered(name: str, filters: Mapping[str, object]) -> str:
    """A page with the filters that are not empty."""
    return with_query(reverse(name), {key: value for key, value in filters.items() if value})
