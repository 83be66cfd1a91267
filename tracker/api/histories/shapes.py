"""How events become JSON."""

from tracker.api.rows import Json, moment
from tracker.queries.history import HistoryEntry
from tracker.queries.names import EMPTY


def event(one: HistoryEntry) -> Json:
    """One event."""
    return {
        "seq": one.seq,
        "at": moment(one.at),
        "kind": one.kind,
        "what": one.what,
        "who": one.who,
        "about": one.about,
        "changes": [
            {"field": change.label, "before": _filled(change.before), "after": _filled(change.after)}
            for change in one.changes
        ],
        "reason": one.reason,
        "others_count": one.others,
        "seal": one.seal,
        "is_demo": one.is_demo,
    }


def _filled(value: str) -> str:
    """A value of a change, "" for an empty one."""
    return "" if value == EMPTY else value
