"""Addresses of the pages, so that no other module spells a query string."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def ledger(**filters: object) -> str:
    """The list, narrowed by the filters that are not empty."""
    kept = {name: value for name, value in filters.items() if value not in (None, "", False)}
    address = reverse("commitments")
    return f"{address}?{urlencode(kept)}" if kept else address


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
