"""How a hand-over becomes JSON."""

from collections.abc import Sequence

from tracker.api.rows import Json, matter, person
from tracker.models import PostHolding
from tracker.queries.handovers import Line


def handover(holding: PostHolding, lines: Sequence[Line], *, before: PostHolding | None, can_receive: bool) -> Json:
    """The list of one holding."""
    holder = holding.holder
    return {
        "post": {"code": holding.post.code, "title": holding.post.title},
        "holder": person(holder.username, holder.full_name),
        "before": None if before is None else person(before.holder.username, before.holder.full_name),
        "starts_on": holding.starts_on,
        "received_on": holding.received_on,
        "can_receive": can_receive,
        "lines": [_line(one) for one in lines],
    }


def _line(one: Line) -> Json:
    row = one.row
    return {
        "kind": row.kind,
        "title": row.title,
        "note": one.note,
        "due_on": row.due_on,
        "commitment": matter(row.commitment.code, row.commitment.title) if one.is_seen else None,
    }
