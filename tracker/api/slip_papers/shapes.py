"""How supervision slips become JSON."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from tracker import policies, wording
from tracker.api.lines import named
from tracker.api.rows import Json, matter, moment, person
from tracker.api.shapes import ROOT
from tracker.choices import SlipState
from tracker.models import Slip, User
from tracker.policies import Actor
from tracker.queries.slips import SlipRow, SlipView


def row(found: SlipRow) -> Json:
    """A line of the list."""
    return {
        "ref": found.ref,
        "name": wording.slip_number(found.year, found.number),
        "level": found.level,
        "year": found.year,
        "number": found.number,
        "issued_on": found.issued_on,
        "answer_due_on": found.answer_due_on,
        "promised_on": found.promised_on,
        "url": _url(found.ref),
        "state": found.state,
        "commitment": matter(found.code, found.title),
        "lead_name": found.owner,
        "drafted_on": found.drafted_on,
        "is_late": found.is_late,
        "is_followed": found.is_followed,
        "is_demo": found.is_demo,
    }


def paper(*, viewer: Actor, today: date) -> Callable[[SlipView], Json]:
    """A function that shapes one slip as a paper: an issued one speaks of the day on which it was issued."""

    def shape(view: SlipView) -> Json:
        slip, item = view.slip, view.slip.commitment
        is_waiting = slip.state == SlipState.ISSUED and view.later is None
        return _numbered(slip) | {
            "state": slip.state,
            "is_waiting": is_waiting,
            "is_late": is_waiting and slip.answer_due_on is not None and slip.answer_due_on < today,
            "office": view.office,
            "asked_of": named(item.lead.code, item.lead.name) if item.lead else None,
            "commitment": matter(item.code, item.title),
            "clause": item.clause.code if item.clause else None,
            "plan": item.plan.code,
            "original_due_on": item.original_due_on,
            "due_on": item.due_on,
            "drafted_on": slip.drafted_on,
            "issued_by": _person(slip.issued_by),
            **_words(slip, today=slip.issued_on or today),
            "end_reason": slip.end_reason,
            "answer": _answer(slip),
            "earlier": [_numbered(one) for one in view.earlier],
            "later": _numbered(view.later) if view.later else None,
            "can_issue": slip.state == SlipState.DRAFT and policies.can_issue_slips(viewer),
            "can_answer": is_waiting and policies.can_answer_slip(viewer, slip),
            "can_withdraw": is_waiting and policies.can_issue_slips(viewer),
            "is_demo": slip.is_demo,
            "revision": slip.revision,
        }

    return shape


def _words(slip: Slip, *, today: date) -> Json:
    return {
        "grounds": slip.grounds,
        "sentences": [wording.reason_sentence(one, today=today) for one in slip.grounds],
        "text": slip.text or wording.slip_request(slip.level, slip.grounds, today=today),
    }


def _numbered(slip: Slip) -> Json:
    return {
        "ref": slip.ref,
        "name": wording.slip_number(slip.year, slip.number),
        "level": slip.level,
        "year": slip.year,
        "number": slip.number,
        "issued_on": slip.issued_on,
        "answer_due_on": slip.answer_due_on,
        "promised_on": slip.promised_on,
        "url": _url(slip.ref),
    }


def _answer(slip: Slip) -> Json | None:
    if slip.answered_at is None:
        return None
    return {
        "text": slip.answer,
        "promised_on": slip.promised_on,
        "answered_by": _person(slip.answered_by),
        "answered_at": moment(slip.answered_at),
    }


def _person(one: User | None) -> Json | None:
    return person(one.username, one.full_name) if one else None


def _url(ref: UUID) -> str:
    return f"{ROOT}/slips/{ref}/"
