"""Subscriptions are made, changed, switched, tested. Administrators only: they say whom the site tells, and of what.

Addresses and secrets are stored encrypted and never told.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import channels, commitments, events, vault
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Subscription, User
from tracker.policies import Actor
from tracker.queries import subscriptions as queries
from tracker.rules import channels as addresses
from tracker.rules import subscriptions as rules

WANTS = ("wants_changes", "wants_reports", "wants_lights")
EDITABLE = frozenset({"name", "plan", "department", "address", *WANTS})
SEALED = ("address", "secret", "former_secret")


@transaction.atomic
def create(code: str, *, values: Mapping[str, object], secret: str = "", by: Actor) -> Subscription:
    """Make a subscription. It is off, and tells of nothing that happened before it is first switched on.

    Args:
        values: name, plan, department, wants_changes, wants_reports, wants_lights, address as it was typed.

    Raises:
        DomainError: not an administrator, a code that is taken, or values that do not fit.
    """
    owner = _require(by)
    _require_known(values)
    if Subscription.objects.filter(code=code).exists():
        raise DomainError("subscription_code_taken", field="code", code=code)
    row = Subscription(code=code, owner=owner)
    wanted = _checked(row, values)
    for field, value in wanted.items():
        setattr(row, field, value)
    _check_whole(row)
    row.secret = vault.seal(_secret(secret)) if secret.strip() else ""
    row.save()
    told = {field: [None, channels.told(row, field, getattr(row, field))] for field in (*wanted, "secret")}
    _record(row, told, reason="", by=by)
    return row


@transaction.atomic
def revise(
    subscription: Subscription,
    *,
    values: Mapping[str, object],
    reason: str = "",
    by: Actor,
    expected_revision: int | None = None,
) -> Subscription:
    """Correct a subscription; writes nothing when nothing differs.

    Args:
        values: as for `create`; an address "" removes it.
        reason: owed when it is on and will tell of something else, or elsewhere.

    Raises:
        DomainError: as `create`, no reason where one is owed, one that is on and would lack its address, or somebody
            else changed it meanwhile (`stale`).
    """
    _require(by)
    _require_known(values)
    row = _locked(subscription)
    commitments.check_revision(row, expected_revision)
    wanted = _checked(row, values)
    changes = {
        field: [
            channels.told(row, field, getattr(row, field)),
            channels.told(row, field, value, before=getattr(row, field)),
        ]
        for field, value in wanted.items()
        if getattr(row, field) != value
    }
    if not changes:
        return row
    if row.is_active and changes.keys() - {"name"} and not reason.strip():
        raise DomainError("subscription_reason_needed", field="reason")
    for field, value in wanted.items():
        setattr(row, field, value)
    _check_whole(row)
    if row.is_active:
        _check_complete(row)
    if "address" in changes:
        # What was found out about the former address says nothing of this one.
        row.tested_at, row.test_error, row.retry_at, row.failures = None, "", None, 0
    row.save(update_fields=[*wanted, "tested_at", "test_error", "retry_at", "failures", "updated_at"])
    _record(row, changes, reason=reason, by=by)
    return row


@transaction.atomic
def rotate(subscription: Subscription, *, secret: str, overlap: int, by: Actor, now: datetime) -> Subscription:
    """Put another secret in force. For `overlap` hours the former one signs too, so that the platform can follow.

    Raises:
        DomainError: not an administrator, a secret that is too short or in force already, or hours out of range.
    """
    _require(by)
    row = _locked(subscription)
    if not 0 <= overlap <= rules.LONGEST_OVERLAP:
        raise DomainError("subscription_overlap_out_of_range", field="overlap", most=rules.LONGEST_OVERLAP)
    said = _secret(secret)
    stored = channels.sealed(row.secret, said)
    if stored == row.secret:
        raise DomainError("subscription_secret_same", field="secret")
    keeps = bool(row.secret) and overlap > 0
    former = row.secret
    row.former_secret, row.former_until = (former, now + timedelta(hours=overlap)) if keeps else ("", None)
    row.secret = stored
    row.tested_at, row.test_error, row.retry_at, row.failures = None, "", None, 0
    fields = [
        "secret",
        "former_secret",
        "former_until",
        "tested_at",
        "test_error",
        "retry_at",
        "failures",
        "updated_at",
    ]
    row.save(update_fields=fields)
    changes: dict[str, list[events.LogValue]] = {"secret": ["stored" if former else "", "changed"]}
    if keeps:
        changes["overlap"] = [None, overlap]
    _record(row, changes, reason="", by=by)
    return row


@transaction.atomic
def switch(
    subscription: Subscription,
    *,
    on: bool,
    reason: str = "",
    by: Actor,
    now: datetime,
    expected_revision: int | None = None,
) -> Subscription:
    """Switch on or off; writes nothing when it is so already. Whoever switches on answers for it from then on.

    The first time it begins with what happens from now on; later with what happened while it was off, as far back as
    one is tried at all (`rules.GIVES_UP_AFTER`). What waits while it is off stays.

    Raises:
        DomainError: not an administrator, not complete, switched off without a reason, or changed meanwhile (`stale`).
    """
    owner = _require(by)
    row = _locked(subscription)
    if row.is_active == on:
        return row
    commitments.check_revision(row, expected_revision)
    if on:
        _check_complete(row)
        row.failures, row.retry_at, row.owner = 0, None, owner
        row.mark = (
            queries.head() if row.mark is None else max(row.mark, queries.last_before(now - rules.GIVES_UP_AFTER))
        )
    elif not reason.strip():
        raise DomainError("subscription_reason_needed", field="reason")
    row.is_active = on
    row.save(update_fields=["is_active", "failures", "retry_at", "owner", "mark", "updated_at"])
    _record(row, {"is_active": [not on, on]}, reason=reason, by=by)
    return row


@transaction.atomic
def record_test(subscription: Subscription, *, error: str, by: Actor, now: datetime) -> Subscription:
    """Keep what a test found: "" when it was taken. Raises DomainError for everybody but administrators."""
    _require(by)
    row = _locked(subscription)
    row.tested_at, row.test_error = now, error[: channels.LONGEST_ERROR]
    row.save(update_fields=["tested_at", "test_error"])
    return row


@transaction.atomic
def reseal_all(*, by: Actor) -> int:
    """Encrypt everything with the key in force, as `channels.reseal_all` does; returns how many subscriptions.

    Raises:
        DomainError: not allowed, or something cannot be opened with any key; then nothing is changed.
    """
    if not policies.can_set_addresses(by):
        raise DomainError("not_allowed")
    count = 0
    for row in Subscription.objects.select_for_update(of=("self",), no_key=True).order_by("pk"):
        for field in SEALED:
            setattr(row, field, vault.reseal(getattr(row, field)))
        row.save(update_fields=SEALED)
        count += 1
    return count


def _require(by: Actor) -> User:
    """The administrator who acts; the site itself makes no subscriptions, for somebody has to answer for them."""
    if by.user is None or not policies.can_set_addresses(by):
        raise DomainError("not_allowed")
    return by.user


def _require_known(values: Mapping[str, object]) -> None:
    unknown = values.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")


def _locked(subscription: Subscription) -> Subscription:
    return Subscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)


def _checked(row: Subscription, values: Mapping[str, object]) -> dict[str, object]:
    """The values as they are stored. An address that stands already is not encrypted anew: nothing would differ."""
    wanted = dict(values)
    if "name" in wanted and not str(wanted["name"]).strip():
        raise DomainError("subscription_name_missing", field="name")
    if "address" in wanted:
        said = str(wanted["address"]).strip()
        if said and not addresses.environment_name(said):
            addresses.target(said)
        wanted["address"] = channels.sealed(row.address, said)
    return wanted


def _secret(said: str) -> str:
    text = said.strip()
    if not addresses.environment_name(text) and len(text) < channels.SHORTEST_SECRET:
        raise DomainError("channel_secret_short", field="secret")
    return text


def _check_whole(row: Subscription) -> None:
    if not row.name.strip():
        raise DomainError("subscription_name_missing", field="name")
    if not any(getattr(row, name) for name in WANTS):
        raise DomainError("subscription_wants_nothing", field="wants_changes")


def _check_complete(row: Subscription) -> None:
    lacking = queries.missing_for(row)
    if lacking:
        raise DomainError(lacking)


def _record(row: Subscription, changes: events.Changes, *, reason: str, by: Actor) -> None:
    subject = f"subscription {row.code}"
    entry = Entry(kind=EventKind.CHANNEL_REVISED, subject=subject, changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    clock.stamp(row)
