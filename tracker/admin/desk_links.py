"""Where the desk's sections lead: the query of a list that shows exactly the rows of a section."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from tracker.choices import REPORTABLE_STAGES, Stage
from tracker.models import Department
from tracker.queries.desk_department import WEEK, DepartmentDesk
from tracker.queries.desk_leader import LeaderDesk

AT_WORK = ",".join(sorted(REPORTABLE_STAGES))


def _query(**lookups: object) -> str:
    return f"?{urlencode(lookups, safe=',')}"


def _rows(keys: Iterable[int]) -> str:
    """Rows by their keys, where no filter gives just these."""
    return _query(id__in=",".join(str(key) for key in keys))


def of_department(desk: DepartmentDesk, department: Department | None, *, today: date) -> dict[str, str]:
    """By section of a department's desk."""
    lead = department.pk if department else 0
    return {
        "returned": _rows(desk.returned.ids),
        "to_accept": _rows(desk.to_accept.ids),
        "to_report": _rows(card.commitment_id for card in desk.to_report),
        "to_contribute": _rows(card.commitment_id for card in desk.to_contribute),
        "overdue": _query(lead__id__exact=lead, stage__in=AT_WORK, due_on__lt=today),
        "due_soon": _query(
            lead__id__exact=lead, stage__in=AT_WORK, due_on__gte=today, due_on__lte=today + WEEK
        ),
        "waiting": _rows(desk.waiting.ids),
        "lights": f"department={department.code}&" if department else "",
    }  # fmt: skip


def of_office(*, today: date) -> dict[str, str]:
    """By section of the supervision office's desk."""
    return {
        "queue": _query(state__exact="submitted"),
        "extensions": _query(state__exact="pending"),
        "refused": _query(stage__exact=Stage.REGISTERED.value, issued_on__isnull=False),
        "unaccepted": _query(stage__exact=Stage.ISSUED.value),
        "to_verify": _query(stage__exact=Stage.REPORTED_DONE.value),
        "to_close": _query(stage__exact=Stage.VERIFIED.value),
        "blockers": _query(state__exact="open", wanted_by__lt=today),
        "at_work": AT_WORK,
    }


def of_leader(desk: LeaderDesk, *, leader_id: int) -> dict[str, str]:
    """By section of a leader's desk."""
    posts = ",".join(str(key) for key in desk.post_ids)
    return {
        "answered": _query(state__exact="answered", given_by=leader_id),
        "open": _query(state__exact="open", given_by=leader_id),
        "extensions": _query(state__exact="pending"),
        "lights": f"post__in={posts}&",
    }
