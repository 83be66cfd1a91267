"""Channels are made, changed, switched and tested. Their addresses and secrets are stored encrypted and never told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, vault
from tracker.actions.events import Entry
from tracker.choices import ROBOT_KINDS, ChannelKind
from tracker.event_kinds import EventKind
from tracker.models import Channel, Department
from tracker.policies import Actor
from tracker.queries import channels as queries
from tracker.rules import channels as rules

# Where messages go: administrators only, because the site itself posts there.
ADDRESSED = frozenset({"address", "secret", "server"})
PLAIN = frozenset({"name", "department", "is_default"})
SIGNED = frozenset({ChannelKind.WEBHOOK, ChannelKind.DINGTALK, ChannelKind.FEISHU})
SHORTEST_SECRET = 16
LONGEST_ERROR = 500


@transaction.atomic
def create(
    code: str,
    *,
    name: str,
    kind: ChannelKind,
    department: Department | None = None,
    is_default: bool = False,
    address: str = "",
    secret: str = "",
    server: str = "",
    by: Actor,
) -> Channel:
    """Make a channel. It is off until somebody switches it on.

    Raises:
        DomainError: neither the supervision office nor an administrator; an address, secret or server from anybody
            but an administrator; a code that is taken; or values that the kind does not take.
    """
    values = {"name": name, "department": department, "is_default": is_default}
    addressed = {"address": address, "secret": secret, "server": server}
    values |= {field: value for field, value in addressed.items() if value}
    _require(by, values)
    if Channel.objects.filter(code=code).exists():
        raise DomainError("channel_code_taken", field="code", code=code)
    if kind == ChannelKind.EMAIL and Channel.objects.filter(kind=kind).exists():
        raise DomainError("channel_email_exists", field="kind")
    row = Channel(code=code, kind=kind)
    for field, value in _checked(row, values).items():
        setattr(row, field, value)
    _check_whole(row)
    row.save()
    changes = {"name": [None, name], "kind": [None, str(kind)]}
    _record(row, changes, reason="", by=by)
    return row


@transaction.atomic
def revise(
    channel: Channel, *, values: Mapping[str, object], reason: str = "", by: Actor, expected_revision: int | None = None
) -> Channel:
    """Correct a channel; writes nothing when nothing differs.

    Args:
        values: name, department, is_default; address, secret and server as they were typed, "" to remove them.
        reason: owed when a channel that is on will reach people elsewhere.

    Raises:
        DomainError: as `create`, no reason where one is owed, a channel that is on and would lack its address, or
            somebody else changed it meanwhile (`stale`).
    """
    _require(by, values)
    unknown = values.keys() - PLAIN - ADDRESSED
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    commitments.check_revision(row, expected_revision)
    wanted = _checked(row, values)
    changes = {
        field: [told(row, field, getattr(row, field)), told(row, field, value, before=getattr(row, field))]
        for field, value in wanted.items()
        if getattr(row, field) != value
    }
    if not changes:
        return row
    if row.is_active and changes.keys() - {"name", "is_default"} and not reason.strip():
        raise DomainError("channel_reason_needed", field="reason")
    for field, value in wanted.items():
        setattr(row, field, value)
    _check_whole(row)
    if row.is_active:
        _check_complete(row)
    if changes.keys() & ADDRESSED:
        # What was found out about the former address says nothing of this one.
        row.tested_at, row.test_error, row.retry_at, row.failures = None, "", None, 0
    row.save(update_fields=[*wanted, "tested_at", "test_error", "retry_at", "failures", "updated_at"])
    _record(row, changes, reason=reason, by=by)
    return row


@transaction.atomic
def switch(
    channel: Channel,
    *,
    on: bool,
    reason: str = "",
    despite_test: bool = False,
    by: Actor,
    expected_revision: int | None = None,
) -> Channel:
    """Switch a channel on or off; writes nothing when it is so already. What waits for a channel that is off stays.

    Args:
        despite_test: switch it on although its last test failed; the log keeps what the test found.

    Raises:
        DomainError: not allowed, not configured, its last test failed (`channel_test_failed`), switched off without a
            reason, or changed meanwhile (`stale`).
    """
    _require(by, {})
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    if row.is_active == on:
        return row
    commitments.check_revision(row, expected_revision)
    if on:
        _check_complete(row)
        if row.test_error and not despite_test:
            raise DomainError("channel_test_failed", field="confirmed", why=row.test_error)
        row.failures, row.retry_at = 0, None  # whoever switches on wants to see it tried at once
    elif not reason.strip():
        raise DomainError("channel_reason_needed", field="reason")
    row.is_active = on
    row.save(update_fields=["is_active", "failures", "retry_at", "updated_at"])
    known = {"test_error": [row.test_error, row.test_error]} if on and row.test_error else {}
    _record(row, {"is_active": [not on, on], **known}, reason=reason, by=by)
    return row


@transaction.atomic
def record_test(channel: Channel, *, error: str, by: Actor, now: datetime) -> Channel:
    """Keep what a test found: "" when the message went out. Raises DomainError for who may not administer."""
    _require(by, {})
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    row.tested_at, row.test_error = now, error[:LONGEST_ERROR]
    row.save(update_fields=["tested_at", "test_error"])
    return row


@transaction.atomic
def reseal_all(*, by: Actor) -> int:
    """Encrypt everything with the key in force, so that the former one can be dropped; returns how many channels.

    Raises:
        DomainError: not allowed, or something cannot be opened with any key; then nothing is changed.
    """
    _require(by, {"address": ""})
    count = 0
    for row in Channel.objects.select_for_update().order_by("pk"):
        if not row.address and not row.secret:
            continue
        row.address, row.secret = vault.reseal(row.address), vault.reseal(row.secret)
        row.save(update_fields=["address", "secret"])
        count += 1
    return count


def _require(by: Actor, values: Mapping[str, object]) -> None:
    """The office and the administrators; where the site posts to is the administrators’ matter."""
    if not policies.can_administer(by) or (values.keys() & ADDRESSED and not policies.can_set_addresses(by)):
        raise DomainError("not_allowed")


def _checked(row: Channel, values: Mapping[str, object]) -> dict[str, object]:
    """The values as they are stored. Values that stand already are not encrypted anew: nothing would differ."""
    wanted, kind = dict(values), ChannelKind(row.kind)
    if "name" in wanted and not str(wanted["name"]).strip():
        raise DomainError("channel_name_missing", field="name")
    if "address" in wanted:
        wanted["address"] = sealed(row.address, _address(kind, str(wanted["address"]).strip()))
    if "secret" in wanted:
        wanted["secret"] = sealed(row.secret, _secret(kind, str(wanted["secret"]).strip()))
    if wanted.get("server"):
        wanted["server"] = _server(kind, str(wanted["server"]).strip())
    return wanted


def _address(kind: ChannelKind, said: str) -> str:
    if not said or rules.environment_name(said):
        return said
    if kind == ChannelKind.EMAIL:
        raise DomainError("channel_takes_no_address", field="address")
    if kind in ROBOT_KINDS:
        return rules.robot_key(kind, said)
    rules.target(said)
    return said


def _secret(kind: ChannelKind, said: str) -> str:
    if not said:
        return said
    if kind not in SIGNED:
        raise DomainError("channel_takes_no_secret", field="secret")
    if not rules.environment_name(said) and len(said) < SHORTEST_SECRET:
        raise DomainError("channel_secret_short", field="secret")
    return said


def _server(kind: ChannelKind, said: str) -> str:
    if kind not in ROBOT_KINDS:
        raise DomainError("channel_takes_no_server", field="server")
    rules.target(said, field="server")
    return said.rstrip("/")


def sealed(stored: str, said: str) -> str:
    """What stands, when it says the same; otherwise the new value, encrypted."""
    try:
        is_same = bool(stored) and vault.open_(stored) == said
    except DomainError:
        is_same = stored == said
    return stored if is_same else vault.seal(said)


def _check_whole(row: Channel) -> None:
    if row.kind in ROBOT_KINDS and row.department_id is None:
        raise DomainError("channel_robot_homeless", field="department")


def _check_complete(row: Channel) -> None:
    lacking = queries.missing_for(row)
    if lacking:
        raise DomainError(lacking)


def told(row: Model, field: str, value: object, *, before: object = "") -> events.LogValue:
    """A value as the log tells it. Of addresses and secrets only that there is one, or another one now."""
    if field in {"address", "secret"}:
        if not value:
            return ""
        return "changed" if before else "stored"
    return events.plain(getattr(value, "code", value))


def _record(row: Channel, changes: events.Changes, *, reason: str, by: Actor) -> None:
    entry = Entry(kind=EventKind.CHANNEL_REVISED, subject=f"channel {row.code}", changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    clock.stamp(row)
