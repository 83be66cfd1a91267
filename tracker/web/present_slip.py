"""A supervision slip as a paper: what its page, its print and its Word file say. No queries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import wording
from tracker.choices import SlipState
from tracker.models import Commitment, Slip
from tracker.queries.slips import SlipView
from tracker.web import links

Shown = dict[str, Any]
LONG = 300  # characters from which the print is set smaller, so that one sheet is enough


def paper(view: SlipView, *, today: date) -> Shown:
    """Everything the paper says, in the active language. An issued one speaks of the day on which it was issued."""
    slip, item = view.slip, view.slip.commitment
    day = slip.issued_on or today
    return {
        "ref": slip.ref,
        "office": view.office,
        "number": wording.slip_number(slip.year, slip.number),
        "level": slip.level,
        "level_label": slip.get_level_display(),
        "state": slip.state,
        "state_label": wording.slip_state(slip.state, is_followed=view.later is not None),
        "marks": _marks(slip),
        "is_long": len(slip.text) + len(slip.answer) > LONG,
        "is_draft": slip.state == SlipState.DRAFT,
        "is_waiting": slip.state == SlipState.ISSUED and view.later is None,
        "is_demo": slip.is_demo,
        "to": item.lead.name if item.lead else _("nobody yet"),
        "code": item.code,
        "title": item.title,
        "commitment_href": links.commitment(item.code),
        "clause": _clause(item),
        "original_due_on": item.original_due_on,
        "due_on": item.due_on,
        "is_moved": item.due_on != item.original_due_on,
        "drafted_on": slip.drafted_on,
        "issued_on": slip.issued_on,
        "issued_by": str(slip.issued_by) if slip.issued_by else "",
        "grounds": [wording.reason_sentence(one, today=day) for one in slip.grounds],
        "text": slip.text or wording.slip_request(slip.level, slip.grounds, today=day),
        "answer_due_on": slip.answer_due_on,
        "end_reason": slip.end_reason,
        "answer": _answer(slip),
        "earlier": [_earlier(one) for one in view.earlier],
        "later": _named(view.later) if view.later else None,
    }


def _marks(slip: Slip) -> Sequence[str]:
    """What has to be seen first, across every form of the paper: that it is no slip yet, or no longer one; a show."""
    found = [slip.get_state_display()] if slip.number is None or slip.state == SlipState.WITHDRAWN else []
    return [*found, _("demonstration")] if slip.is_demo else found


def _clause(item: Commitment) -> str:
    """Where the matter stands in the decision; "" where no clause is known."""
    if item.clause is None:
        return ""
    number = f"{item.clause.code} {item.clause.heading}".strip()
    return f"{item.plan.short_title} {number}"


def _answer(slip: Slip) -> Shown | None:
    if slip.answered_at is None:
        return None
    return {
        "text": slip.answer,
        "promised_on": slip.promised_on,
        "by": str(slip.answered_by) if slip.answered_by else "",
        "on": timezone.localdate(slip.answered_at),
    }


def _named(slip: Slip) -> Shown:
    return {
        "number": wording.slip_number(slip.year, slip.number),
        "level": slip.level,
        "level_label": slip.get_level_display(),
        "href": links.slip(slip.ref),
    }


def _earlier(slip: Slip) -> Shown:
    """A slip that is cited, with what became of it."""
    return _named(slip) | {
        "issued_on": slip.issued_on,
        "answer_due_on": slip.answer_due_on,
        "promised_on": slip.promised_on,
    }
