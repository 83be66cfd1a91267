"""Who answers for a commitment and by when: departments, the post with its holders, the dates with what moved them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import policies
from tracker.choices import ExtensionState, Involvement
from tracker.models import Commitment, Department, ExtensionRequest, Post
from tracker.policies import Actor
from tracker.queries.detail import CommitmentView
from tracker.queries.posts import PostView
from tracker.rules.reading import deadlines
from tracker.web import links

Shown = dict[str, Any]


def departments(view: CommitmentView, viewer: Actor) -> list[Shown]:
    """The lead and the departments beside it, in their order."""
    item = view.commitment
    owners = []
    if item.lead:
        owners.append(_department(_("Lead"), item.lead, viewer, is_suggested=item.lead_is_suggested))
    owners.extend(
        _department(str(Involvement(row.involvement).label), row.department, viewer, is_suggested=row.is_suggested)
        for row in view.involvements
    )
    return owners


def _department(part: str, one: Department, viewer: Actor, *, is_suggested: bool) -> Shown:
    return {"part": part, "name": one.name, "href": department_href(one, viewer), "is_suggested": is_suggested}


def department_href(one: Department, viewer: Actor) -> str:
    """The department's page; "" where the viewer may not open it."""
    is_open = policies.is_citywide(viewer) or one.pk == viewer.department_id
    return links.department(one.code) if is_open else ""


def post(view: CommitmentView, viewer: Actor, *, today: date) -> Shown | None:
    """The owner post, who holds it and since when, and who held it when the commitment was handed out."""
    owner = view.owner
    if owner is None:
        return None
    first, holding = owner.first, owner.view.holding
    has_changed = first is not None and (holding is None or holding.holder_id != first.holder_id)
    return people(owner.view) | {
        "href": post_href(owner.view.post, viewer),
        "is_own": owner.is_own,
        "first": str(first.holder) if first and has_changed else "",
        "first_from": first.starts_on if first else None,
        "first_until": first.ends_on if first else None,
    }


def post_href(one: Post, viewer: Actor) -> str:
    """The post's page; "" where the viewer cannot be sure to open it."""
    is_open = policies.is_citywide(viewer) or one.department_id == viewer.department_id
    return links.post(one.code) if is_open else ""


def people(view: PostView) -> Shown:
    """A post with its holder, who stands in, and who held it before."""
    return {
        "title": view.post.title,
        "code": view.post.code,
        "holder": str(view.holding.holder) if view.holding else "",
        "since": view.holding.starts_on if view.holding else None,
        "deputies": [{"name": str(one.deputy), "until": one.ends_on, "reason": one.reason} for one in view.deputies],
        "earlier": [
            {"name": str(one.holder), "starts_on": one.starts_on, "ends_on": one.ends_on} for one in view.earlier
        ],
    }


def dates(item: Commitment, extensions: Sequence[ExtensionRequest]) -> Shown:
    """The dates, and each extension that was granted between the first and the present one, oldest first."""
    granted = [one for one in extensions if one.state == ExtensionState.GRANTED]
    is_of_now = item.due_on is not None and _says(item.due_text, item.due_on)
    return {
        "starts_on": item.starts_on,
        "first_words": "" if is_of_now and item.due_on != item.original_due_on else item.due_text,
        "now_words": item.due_text if is_of_now and item.due_on != item.original_due_on else "",
        "due_on": item.due_on,
        "original_due_on": item.original_due_on,
        "forecast_on": item.forecast_on,
        "closed_on": item.closed_on,
        "is_moved": item.due_on is not None and item.due_on != item.original_due_on,
        "is_assessed_by_current": item.is_assessed_by_current_date,
        "extensions": [_granted(one) for one in sorted(granted, key=lambda one: (one.granted_on, one.pk))],
        "is_asked_for": next((one.wanted_on for one in extensions if one.state == ExtensionState.PENDING), None),
    }


def _says(words: str, day: date) -> bool:
    """Whether a due date's words are those of this day: a file that moved the date brought its words along."""
    return deadlines.read(words, year=day.year).day == day


def _granted(one: ExtensionRequest) -> Shown:
    return {
        "on": one.granted_on,
        "decided_on": timezone.localdate(one.decided_at) if one.decided_at else None,
        "is_exemption": one.is_exemption,
        "is_demo": one.is_demo,
    }
