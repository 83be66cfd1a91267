"""The audit: one append-only, hash-chained row per change. Triggers refuse UPDATE and DELETE (migration 0002)."""

import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.event_kinds import EventKind
from tracker.models.commitments import Commitment

CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
GENESIS = "0" * 64  # what the first event names as its predecessor


class Event(models.Model):
    """What happened, who did it, when, why, field by field. Written only by `actions.events`."""

    seq = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=24, choices=EventKind)
    # NULL: the site itself (the sweep, a command).
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="events", verbose_name=_("who")
    )
    # NULL: about something else than one commitment.
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, related_name="events", verbose_name=_("commitment")
    )
    subject = models.CharField(_("object"), max_length=80, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    group = models.UUIDField(_("group"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-seq"]
        constraints = [
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=EventKind.values)),
            models.CheckConstraint(name="event_seq_positive", condition=Q(seq__gt=0)),
        ]
        indexes = [
            # The history of one commitment, newest first.
            models.Index(name="event_commitment_seq", fields=["commitment", "-seq"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    def seal(self) -> str:
        """The SHA-256 over the previous hash and every column of this event, in canonical JSON; writes nothing."""
        body = [
            self.previous_hash,
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.kind,
            self.actor_id,
            self.commitment_id,
            self.subject,
            self.changes,
            self.reason,
            str(self.group) if self.group else None,
            self.request_id,
            self.is_demo,
        ]
        return hashlib.sha256(CANONICAL.encode(body).encode()).hexdigest()


class EventChain(models.Model):
    """The chain's head: one row, locked while events are appended, so that numbers have no gaps."""

    CHAIN_ID = 1

    length = models.BigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("event chain")
        verbose_name_plural = _("event chains")
        constraints = [models.CheckConstraint(name="eventchain_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.length)


class ChainCheck(models.Model):
    """One walk over the whole chain: when, by whom, how far, and whether it held. Written by `actions.chain` only.

    Pages say when the chain was last verified; they never walk it.
    """

    at = models.DateTimeField(_("at"), auto_now_add=True)
    # NULL: the site itself, every night, or a command on the server.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    event_count = models.BigIntegerField(_("events"))
    # NULL: the chain held.
    broken_seq = models.BigIntegerField(_("first event that does not fit"), null=True)
    problem = models.CharField(_("problem"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("check of the event chain")
        verbose_name_plural = _("checks of the event chain")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event_count}"
