"""What becomes of a draft report when its department leads the commitment no longer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from tracker.actions import events, sight
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.choices import ReportState
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Evidence, ProgressReport
from tracker.policies import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What was taken away: the change for the log (empty: there was no draft), the files to be stamped last, and what
    syncing clients have to be told then.
    """

    changes: dict[str, list[events.LogValue]] = field(default_factory=dict)
    files: Sequence[Evidence] = ()
    notes: Sequence[Note] = ()


def set_aside(item: Commitment, *, reason: str, by: Actor, group: UUID | None = None) -> Aside:
    """Take away the (locked) commitment's draft report, if it has one. The caller logs the change and stamps the files.

    A draft is its department's own until it is handed in. Left standing it would block the new lead, who may have one
    open report only, and the new lead's first save would write over it. So the row goes; every word of it stays in the
    log, in the events of its own department, which alone reads them. Files on it are withdrawn: they stay in the store
    and are served to nobody. A report that was handed in and returned is no draft: it is still owed and passes on.
    """
    draft = (
        ProgressReport.objects.select_for_update(of=("self",), no_key=True)
        .filter(commitment=item, state=ReportState.DRAFT)
        .first()
    )
    if draft is None:
        return Aside()
    files = list(Evidence.objects.select_for_update(of=("self",), no_key=True).filter(report=draft).order_by("pk"))
    for file in files:
        file.report = None
        file.withdrawn_at = file.withdrawn_at or timezone.now()
        file.save(update_fields=["report", "withdrawn_at", "updated_at"])
    entries = [
        Entry(
            kind=EventKind.EVIDENCE_WITHDRAWN,
            commitment=item,
            subject=str(file.ref),
            reason=reason,
            is_demo=file.is_demo,
        )
        for file in files
    ]
    events.append(entries, by=by, group=group)
    period, notes = draft.period_start.isoformat(), sight.gone([draft])
    draft.delete()
    return Aside(changes={"draft": [period, None]}, files=files, notes=notes)
