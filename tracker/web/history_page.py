"""Everything that happened to one commitment, a page at a time, with the proof that it was not rewritten."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tracker import policies
from tracker.models import ChainCheck
from tracker.queries import chain, history
from tracker.queries.history import HistoryPage
from tracker.web import links, present_history
from tracker.web.viewers import viewer_of

LARGEST = 2**63 - 1  # the largest number that the log can hold


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The full history, or 404 when the commitment is not in sight, or the place in the list is none."""
    viewer = viewer_of(request)
    seen = policies.visible_to(viewer)
    item = None if "\x00" in code else seen.select_related("plan").filter(code=code).first()
    if item is None:
        raise Http404
    found = history.page(item, viewer=viewer, before=_before(request.GET.get("before", "")))
    context = {
        "crumbs": [
            {"text": item.plan.short_title, "href": links.decision(item.plan.code)},
            {"text": item.code, "href": links.commitment(item.code)},
        ],
        "commitment": {"code": item.code, "title": item.title, "href": links.commitment(item.code)},
        **_shown(found, links.history(item.code), is_first="before" not in request.GET),
        "check": _check(chain.last_check()),
    }
    return render(request, "tracker/history.html", context)


def _before(text: str) -> int | None:
    """The number of the event before which the page begins; None without one."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST):
        raise Http404
    return int(text)


def _shown(found: HistoryPage, address: str, *, is_first: bool) -> dict[str, Any]:
    next_before = found.next_before
    return {
        "total": found.total,
        "history": [present_history.event(one) for one in found.entries],
        "proof": found.proof,
        "first_href": "" if is_first else address,
        "next_href": links.with_query(address, {"before": next_before}) if next_before else "",
    }


def _check(one: ChainCheck | None) -> dict[str, Any] | None:
    """The last walk over the whole chain, for components/_proof.html."""
    if one is None:
        return None
    return {
        "at": one.at,
        "by": str(one.by) if one.by else "",
        "event_count": one.event_count,
        "broken_seq": one.broken_seq,
    }
