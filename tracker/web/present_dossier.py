"""Words for what was asked, answered, proved and handed in about a commitment. No queries."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat

from projects.errors import DomainError
from tracker import policies, wording
from tracker.choices import DEPARTMENT_ROLES, AnswerState, ExtensionState, Stage
from tracker.models import (
    Blocker,
    Commitment,
    Contribution,
    Evidence,
    ExtensionRequest,
    Instruction,
    Slip,
    User,
    Verification,
)
from tracker.policies import Actor
from tracker.queries.dossier import Dossier
from tracker.queries.slips import has_follower
from tracker.rules import questions
from tracker.web import links
from tracker.web.present_history import period

Shown = dict[str, Any]


def shown(found: Dossier, item: Commitment, *, viewer: Actor, today: date) -> Shown:
    """The lists of the page, and where the viewer may ask for more ("" where not)."""
    return {
        "extensions": [_extension(row) for row in found.extensions],
        "blockers": [_blocker(row, today=today) for row in found.blockers],
        "instructions": [_instruction(row, today=today) for row in found.instructions],
        "verifications": [_verification(row) for row in found.verifications],
        "evidence": [_evidence(row) for row in found.evidence],
        "contributions": [_contribution(row) for row in found.contributions],
        "slips": [_slip(row) for row in found.slips],
        **_hrefs(found, item, viewer=viewer, today=today),
    }


def _hrefs(found: Dossier, item: Commitment, *, viewer: Actor, today: date) -> Shown:
    stage = Stage(item.stage)
    hrefs = {"extension_href": "", "blocker_href": "", "instruction_href": ""}
    if viewer.role in DEPARTMENT_ROLES:
        with suppress(DomainError):
            questions.check_blocker(stage, text="…", wanted_by=today, today=today)
            hrefs["blocker_href"] = links.admin("tracker_blocker_add", commitment=item.code)
    if viewer.role in DEPARTMENT_ROLES and policies.leads(viewer, item):
        has_pending = any(row.state == ExtensionState.PENDING for row in found.extensions)
        with suppress(DomainError):
            questions.check_request(
                stage, due_on=item.due_on, wanted_on=date.max, reason="…", has_pending=has_pending, today=today
            )
            hrefs["extension_href"] = links.admin("tracker_extensionrequest_add", commitment=item.code)
    if viewer.role is not None and policies.can_instruct(viewer):
        with suppress(DomainError):
            questions.check_instruction(
                stage,
                has_lead=item.lead_id is not None,
                giver_is_leader=True,
                text="…",
                answer_due_on=today,
                today=today,
            )
            hrefs["instruction_href"] = links.admin("tracker_instruction_add", commitment=item.code)
    return hrefs


def _department(author: User) -> str:
    return author.department.short_name if author.department else str(author)


def _extension(row: ExtensionRequest) -> Shown:
    return {
        "href": links.admin("tracker_extensionrequest_change", row.pk),
        "state": row.state,
        "state_label": row.get_state_display(),
        "by": f"{_department(row.author)} {row.author}",
        "at": row.created_at,
        "reason": row.reason,
        "original_on": row.original_due_on,
        "due_on": row.due_on,
        "wanted_on": row.wanted_on,
        "granted_on": row.granted_on,
        "is_exemption": row.is_exemption,
        "decision": row.decision,
        "decided_by": str(row.decided_by) if row.decided_by else "",
        "decided_at": row.decided_at,
        "is_demo": row.is_demo,
    }


def _question(row: Blocker | Instruction, day: date, *, today: date) -> Shown:
    is_open = row.state == AnswerState.OPEN
    left = (day - today).days
    return {
        "state": row.state,
        "state_label": row.get_state_display(),
        "text": row.text,
        "day": day,
        "left": wording.days_left(left) if is_open else "",
        "is_over": is_open and left < 0,
        "answer": row.answer,
        "answered_by": str(row.answered_by) if row.answered_by else "",
        "answered_at": row.answered_at,
        "is_demo": row.is_demo,
    }


def _blocker(row: Blocker, *, today: date) -> Shown:
    return _question(row, row.wanted_by, today=today) | {
        "anchor": f"blocker-{row.pk}",
        "href": links.admin("tracker_blocker_change", row.pk),
        "title": row.get_category_display(),
        "by": _department(row.author),
        "from_whom": f"{row.wanted_from.department.short_name} {row.wanted_from.title}",
    }


def asked(row: Blocker, viewer: Actor, *, today: date) -> Shown:
    """A blocker on the page of whom it asks, with the commitment that it stands on; no address where it is out of the
    viewer's sight (a foreign department asked).
    """
    item = row.commitment
    is_open = policies.is_citywide(viewer) or viewer.department_id == item.lead_id
    return _blocker(row, today=today) | {
        "commitment": f"{item.code} {item.title}",
        "commitment_href": links.commitment(item.code) if is_open else "",
    }


def _instruction(row: Instruction, *, today: date) -> Shown:
    return _question(row, row.answer_due_on, today=today) | {
        "href": links.admin("tracker_instruction_change", row.pk),
        "title": str(row.given_by),
        "given_on": row.given_on,
    }


def _verification(row: Verification) -> Shown:
    return {
        "href": links.admin("tracker_verification_change", row.pk),
        "finding": row.finding,
        "finding_label": row.get_finding_display(),
        "method_label": row.get_method_display(),
        "verifier": str(row.verifier),
        "on": row.verified_on,
        "note": row.note,
        "is_lookback": row.lookback_id is not None,
        "is_demo": row.is_demo,
    }


def _evidence(row: Evidence) -> Shown:
    return {
        "href": links.admin("tracker_evidence_download", row.pk),
        "name": row.name,
        "size": filesizeformat(row.size),
        "note": row.note,
        "by": _department(row.author),
        "at": row.created_at,
        "is_demo": row.is_demo,
    }


def _contribution(row: Contribution) -> Shown:
    return {
        "department": row.department.short_name,
        "period": period(row.period_start, row.period_end),
        "text": row.text,
        "is_no_change": row.is_no_change,
        "is_late": row.is_late,
        "author": str(row.author),
        "is_demo": row.is_demo,
    }


def _slip(row: Slip) -> Shown:
    return {
        "href": links.slip(row.ref),
        "number": wording.slip_number(row.year, row.number),
        "level": row.level,
        "state_label": wording.slip_state(row.state, is_followed=has_follower(row)),
        "issued_on": row.issued_on,
        "answer_due_on": row.answer_due_on,
        "promised_on": row.promised_on,
        "is_demo": row.is_demo,
    }
