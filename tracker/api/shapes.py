"""How tuples become JSON: by hand, once. `serializers` describes the same shapes, and a test holds the two together."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tracker import inbox_wording
from tracker.choices import Audience
from tracker.delivery import asking
from tracker.delivery.commitment_json import ROOT, Json, commitment_url, commitments, sentence
from tracker.models import Clause, Department, Plan, User
from tracker.queries.api import CommitmentHead, CommitmentParts, MeasuredTarget, Row
from tracker.queries.figures import VOLUMES
from tracker.queries.inbox import MOST_COUNTED, Line
from tracker.rules.reasons import number

# Others take these names from here.
__all__ = ["ROOT", "Json", "commitment_url", "commitments", "sentence"]


def commitment(head: CommitmentHead, parts: CommitmentParts, *, today: date) -> Json:
    """One commitment with all that hangs on it."""
    return (
        commitments(today=today)(head.row)
        | details(head.details, parts)
        | {
            "rule_version": head.details["rule_version"],
            "reports": [report(row) for row in parts.reports],
        }
    )


def details(own: dict[str, Any], parts: CommitmentParts) -> Json:
    """What the page of one commitment shows beside its row of the list: DETAIL_COLUMNS by name, and its parts."""
    initiative = {name: own[f"initiative__{name}"] for name in ("code", "name", "kind")}
    override = {"health": own["override_health"], "reason": own["override_reason"], "until": own["override_until"]}
    return {
        "summary": own["summary"],
        "starts_on": own["starts_on"],
        "issued_on": own["issued_on"],
        "closed_on": own["closed_on"],
        "exempt_until": own["exempt_until"],
        "due_basis": own["due_basis"],
        "is_red_line": own["is_red_line"],
        "red_line_broken_on": own["red_line_broken_on"],
        "progress_basis": own["progress_basis"],
        "last_period_end": own["last_period_end"],
        "last_accepted_on": own["last_accepted_on"],
        "health_since": own["health_since"],
        "override": override if override["health"] else None,
        "parent": parts.parent,
        "initiative": initiative if initiative["code"] else None,
        "post": {"code": own["post__code"], "title": own["post__title"]} if own["post__code"] else None,
        "departments": [_part(row) for row in parts.departments],
        "milestones": [_milestone(row) for row in parts.milestones],
        "targets": [_target(row) for row in parts.targets],
    }


def report(row: Row) -> Json:
    """One row of REPORT_COLUMNS."""
    (ref, code, title, period_start, period_end, done, problems, next_steps, is_no_change, progress, value, forecast_on,
     state, author, author_name, submitted_at, reviewer, reviewer_name, reviewed_at, return_reason, client_ref,
     is_late, doubts, doubts_answer, *quantities, has_volumes, is_demo, revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": code,
        "commitment_title": title,
        "period_start": period_start,
        "period_end": period_end,
        "done": done,
        "problems": problems,
        "next_steps": next_steps,
        "is_no_change": is_no_change,
        "progress": None if progress is None else float(progress),
        "value": quantity(value),
        "forecast_on": forecast_on,
        "state": state,
        "author": {"username": author, "name": author_name or author},
        "submitted_at": _local(submitted_at),
        "reviewer": {"username": reviewer, "name": reviewer_name or reviewer} if reviewer else None,
        "reviewed_at": _local(reviewed_at),
        "return_reason": return_reason,
        "client_ref": client_ref,
        "is_late": is_late,
        "doubts": doubts,
        "doubts_answer": doubts_answer,
        "volumes": _volumes(quantities) if has_volumes else None,
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/reports/{ref}/",
    }


def _volumes(row: list[Any]) -> Json:
    """A project's three quantities, in the order of VOLUMES; decimals as plain digits."""
    pairs = zip(VOLUMES, row, strict=True)
    return {name: quantity(value) if isinstance(value, Decimal) else value for name, value in pairs}


def plan(row: Plan, chapters: list[Clause]) -> Json:
    """One plan with its chapters."""
    return {
        "code": row.code,
        "title": row.title,
        "short_title": row.short_title,
        "issuer": row.issuer,
        "number": row.number,
        "adopted_on": row.adopted_on,
        "horizon_starts_on": row.horizon_starts_on,
        "horizon_ends_on": row.horizon_ends_on,
        "baseline_year": row.baseline_year,
        "report_cycle": row.report_cycle,
        "report_grace_days": row.report_grace_days,
        "tracked_since": row.tracked_since,
        "chapters": [{"code": chapter.code, "heading": chapter.heading} for chapter in chapters],
        "revision": row.revision,
    }


def department(row: Department) -> Json:
    """One department."""
    return {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "is_active": row.is_active,
    }


def person(user: User) -> Json:
    """Who calls."""
    return {
        "username": user.username,
        "name": str(user),
        "role": user.role,
        "department": department(user.department) if user.department else None,
        "is_demo": user.is_demo,
    }


def _part(row: Row) -> Json:
    code, name, involvement, is_suggested = row
    return {"code": code, "name": name, "involvement": involvement, "is_suggested": is_suggested}


def inbox_line(*, today: date) -> Callable[[Line], Json]:
    """A function that shapes one line of the inbox as it reads today, in the active language."""

    def shape(found: Line) -> Json:
        row, item, other = found.row, found.matter, found.on_behalf
        return {
            "id": row.pk,
            "asks": found.ask,
            "occasion": row.occasion,
            "told_as": row.audience,
            "on_behalf_of": {"username": other.username, "name": str(other)} if other else None,
            "commitment": _asked_matter(found, today=today),
            "milestone": row.milestone.name if row.milestone and found.is_whole else "",
            "asked": _asked(found, today=today) if item else "",
            "note": row.note if item else "",
            "due_on": asking.due(row) if item else None,
            "planned_on": row.planned_on,
            "is_unread": found.is_unread,
            "carried": [
                {"channel": one.channel, "state": one.state, "sent_at": _local(one.sent_at)} for one in found.carried
            ],
            "is_demo": row.is_demo,
        }

    return shape


def _asked_matter(found: Line, *, today: date) -> Json | None:
    """The matter as far as it is in sight; None where nothing of it is."""
    item = found.matter
    if item is None:
        return None
    if not found.is_whole:
        return {"code": "", "title": item.title, "health": None, "sentence": "", "url": None}
    return {
        "code": item.code,
        "title": item.title,
        "health": item.health,
        "sentence": sentence(item.health_reasons, today=today),
        "url": commitment_url(item.code),
    }


def _asked(found: Line, *, today: date) -> str:
    if found.audience != Audience.OFFICER:
        return asking.sentence(found.row, today=today)
    extension = found.row.extension
    outcome = str(extension.get_state_display()) if extension else ""
    return inbox_wording.asked(found.worded_as, day=asking.due(found.row), today=today, outcome=outcome)


def unread(count: int) -> Json:
    """How many are unread: counted to 99, and whether there are more."""
    return {"unread_count": min(count, MOST_COUNTED), "has_more": count > MOST_COUNTED}


def _milestone(row: Row) -> Json:
    name, planned_on, forecast_on, actual_on, weight, is_demo = row
    return {
        "name": name,
        "planned_on": planned_on,
        "forecast_on": forecast_on,
        "actual_on": actual_on,
        "weight": None if weight is None else float(weight),
        "is_demo": is_demo,
    }


def _target(measured: MeasuredTarget) -> Json:
    row = measured.target
    return {
        "indicator": {"code": row.indicator.code, "name": row.indicator.name, "unit": row.indicator.unit},
        "comparator": row.comparator,
        "value": quantity(row.value),
        "value_max": quantity(row.value_max),
        "growth_percent": quantity(row.growth_percent),
        "base_year": row.base_year,
        "required": quantity(measured.required),
        "note": row.note,
        "readings": [
            {
                "period_start": reading.period_start,
                "period_end": reading.period_end,
                "reported": quantity(reading.reported),
                "verified": quantity(reading.verified),
                "source": reading.source,
                "is_demo": reading.is_demo,
            }
            for reading in measured.readings
        ],
    }


def quantity(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def _local(at: Any) -> object:
    return None if at is None else timezone.localtime(at)
