"""What a subscription is told, as JSON (docs/webhooks.md): the event's change, and the commitment as it stands now."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tracker import policies
from tracker.choices import NewsKind
from tracker.delivery import commitment_json
from tracker.delivery.commitment_json import ROOT, Json
from tracker.event_kinds import EventKind
from tracker.models import Delivery, Event, Subscription
from tracker.policies import Actor
from tracker.queries.api import COMMITMENT_COLUMNS
from tracker.rules.subscriptions import TOLD

VERSION = 1
TEST = "test"
# Events about a part of a commitment: the subject says which milestone, which indicator.
PARTS = frozenset({EventKind.MILESTONE_SET, EventKind.TARGET_SET})


def build(delivery: Delivery, subscription: Subscription, *, now: datetime) -> Json | None:
    """The message; None when the commitment is no longer in the subscription's sight. At most two queries."""
    reader = policies.reader_of(subscription)
    row = policies.told_to(subscription).filter(pk=delivery.commitment_id).values_list(*COMMITMENT_COLUMNS).first()
    if row is None or reader is None:
        return None
    event = delivery.event
    commitment = commitment_json.commitments(today=timezone.localdate(now))(row)
    return {
        "version": VERSION,
        "id": str(delivery.ref),
        "type": delivery.kind,
        "at": timezone.localtime(event.at),
        "revision": commitment["revision"],
        "is_demo": event.is_demo,
        "commitment": commitment,
        "change": _change(event, delivery.kind, reader),
    }


def test(key: UUID, *, now: datetime) -> Json:
    """A message that tells nothing: whether it arrives, and whether its signature holds."""
    at = timezone.localtime(now)
    return {
        "version": VERSION, "id": str(key), "type": TEST, "at": at, "revision": None, "is_demo": True,
        "commitment": None, "change": None,
    }  # fmt: skip


def _change(event: Event, kind: str, reader: Actor) -> Json:
    fields = {
        name: {"before": pair[0], "after": pair[1]} for name, pair in event.changes.items() if name in TOLD
    }  # fmt: skip
    return {
        "event": event.kind,
        "part": event.subject if event.kind in PARTS else "",
        "report": _report(event, reader) if kind == NewsKind.REPORT else None,
        "fields": fields,
    }


def _report(event: Event, reader: Actor) -> str | None:
    """The address of the report; None where it is another commitment's, out of the reader's sight."""
    try:
        ref = UUID(event.subject.split(" ")[-1])
    except ValueError:
        return None
    is_seen = policies.reports_visible_to(reader).filter(ref=ref).exists()
    return f"{ROOT}/reports/{ref}/" if is_seen else None
