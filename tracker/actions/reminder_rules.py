"""Reminder rules: versions are drafted, tried without effect, put into force, followed by others; never changed."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, reminders
from tracker.actions.events import Entry
from tracker.choices import EVENT_OCCASIONS, SAME_DAY_OCCASIONS, Audience, ReminderOccasion, VersionState
from tracker.event_kinds import EventKind
from tracker.models import Plan, ReminderRule, ReminderRuleVersion
from tracker.policies import Actor
from tracker.queries import workdays
from tracker.rules import ladder
from tracker.rules.ladder import Rung

# On which side of the due date an occasion stands; the others may be told on both.
SIDES = {ReminderOccasion.BEFORE_DUE: {-1}, ReminderOccasion.ON_DUE: {0}, ReminderOccasion.AFTER_DUE: {1}}
OFFICER, HEAD, OVERSEER = Audience.OFFICER, Audience.HEAD, Audience.OVERSEER


def _rung(audience: Audience, *days: int, every: int = 0, most: int = 0) -> Rung:
    return Rung(audience=audience, days=days, every=every, most=most)


# PRODUCT.md §6: 30, 14, 7, 3, 1 days before; on the day; every 7 days after it, four times, then escalation. The rest
# are defaults of ours. (code, occasion, counts working days, ladder)
DEFAULTS: tuple[tuple[str, ReminderOccasion, bool, tuple[Rung, ...]], ...] = (
    ("before-due", ReminderOccasion.BEFORE_DUE, False, (_rung(OFFICER, -30, -14, -7, -3, -1),)),
    ("on-due", ReminderOccasion.ON_DUE, False, (_rung(OFFICER, 0),)),
    (
        "after-due",
        ReminderOccasion.AFTER_DUE,
        False,
        (_rung(OFFICER, 7, every=7, most=3), _rung(HEAD, 14, 28), _rung(OVERSEER, 35)),
    ),
    ("period-closing", ReminderOccasion.PERIOD_CLOSING, False, (_rung(OFFICER, -3, 0), _rung(HEAD, 1))),
    (
        "report-returned",
        ReminderOccasion.REPORT_RETURNED,
        True,
        (_rung(OFFICER, 1, every=2, most=3), _rung(HEAD, 5)),
    ),
    ("extension-decided", ReminderOccasion.EXTENSION_DECIDED, True, (_rung(OFFICER, 1),)),
    (
        "blocker-open",
        ReminderOccasion.BLOCKER_OPEN,
        False,
        (_rung(OFFICER, -3, 0, every=3, most=3), _rung(HEAD, 3), _rung(OVERSEER, 7)),
    ),
    ("blocker-answered", ReminderOccasion.BLOCKER_ANSWERED, True, (_rung(OFFICER, 1),)),
    ("instruction-given", ReminderOccasion.INSTRUCTION_GIVEN, True, (_rung(OFFICER, 0), _rung(HEAD, 0))),
    (
        "instruction-due",
        ReminderOccasion.INSTRUCTION_DUE,
        False,
        (_rung(OFFICER, -3, -1, 0, every=2, most=3), _rung(HEAD, 0, 3), _rung(OVERSEER, 7)),
    ),
    (
        "handout-open",
        ReminderOccasion.HANDOUT_OPEN,
        True,
        (_rung(OFFICER, 1, every=2, most=3), _rung(HEAD, 3, 7), _rung(OVERSEER, 8)),
    ),
    ("slip-issued", ReminderOccasion.SLIP_ISSUED, True, (_rung(OFFICER, 0), _rung(HEAD, 0))),
    (
        "slip-due",
        ReminderOccasion.SLIP_DUE,
        False,
        (_rung(OFFICER, -3, -1, 0), _rung(HEAD, -1, 1), _rung(OVERSEER, 3)),
    ),
)


@transaction.atomic
def begin(*, today: date) -> int:
    """Enter the rules that come with the software, in force, where they are missing; returns how many are new."""
    count = 0
    for code, occasion, counts_working_days, rungs in DEFAULTS:
        rule, created = ReminderRule.objects.get_or_create(code=code, defaults={"occasion": occasion})
        if created:
            ReminderRuleVersion.objects.create(
                rule=rule,
                number=1,
                ladder=ladder.stored(rungs),
                counts_working_days=counts_working_days,
                state=VersionState.LIVE,
                live_from=today,
            )
            count += 1
    return count


@transaction.atomic
def found(code: str, *, occasion: ReminderOccasion, plan: Plan | None, by: Actor) -> ReminderRule:
    """A new rule, of one plan or of all, without a version: it reminds nobody yet.

    Raises:
        DomainError: not allowed, sent by hand (`rule_by_hand`), or the code is taken (`rule_exists`).
    """
    _check(by)
    if occasion == ReminderOccasion.BY_HAND:
        raise DomainError("rule_by_hand", field="occasion")
    if ReminderRule.objects.filter(code=code).exists():
        raise DomainError("rule_exists", field="code", code=code)
    rule = ReminderRule.objects.create(code=code, occasion=occasion, plan=plan)
    changes = {"occasion": ["", occasion.value], "plan": ["", plan.code if plan else ""]}
    events.record(Entry(kind=EventKind.RULES_REVISED, subject=_subject(rule), changes=changes), by=by)
    return rule


@transaction.atomic
def draft(
    rule: ReminderRule, *, rungs: Sequence[Rung], counts_working_days: bool, note: str, by: Actor
) -> ReminderRuleVersion:
    """Write down a new version. It reminds nobody until it is put into force.

    Raises:
        DomainError: not allowed, nobody is told on any day, days that make no sense, days before something that cannot
            be foreseen, or no reason.
    """
    _check(by)
    locked = ReminderRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    _check_ladder(locked, rungs, counts_working_days=counts_working_days)
    if not note.strip():
        raise DomainError("reason_needed", field="note")
    number = (locked.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    version = ReminderRuleVersion.objects.create(
        rule=locked,
        number=number,
        ladder=ladder.stored(rungs),
        counts_working_days=counts_working_days,
        note=note.strip(),
        made_by=by.user,
    )
    changes = {"draft": [None, number]}
    events.record(Entry(kind=EventKind.RULES_REVISED, subject=_subject(locked), changes=changes, reason=note), by=by)
    return version


@transaction.atomic
def put_into_force(version: ReminderRuleVersion, *, reason: str, by: Actor, today: date) -> ReminderRuleVersion:
    """Let this version remind from today on; the one before it is replaced and stays on record. Where today's sweep
    has run, what the version asks of today is written at once, as its dry run says.

    Raises:
        DomainError: not allowed, no reason, the version is no draft (`version_not_draft`), or a later one is in force
            (`version_overtaken`).
    """
    rule, row = _draft(version, reason=reason, by=by)
    standing = rule.versions.filter(state=VersionState.LIVE).first()
    if standing is not None and standing.number > row.number:
        raise DomainError("version_overtaken", number=row.number, live=standing.number)
    rule.versions.filter(state=VersionState.LIVE).update(state=VersionState.RETIRED, retired_on=today)
    row.state, row.live_from = VersionState.LIVE, today
    row.save(update_fields=["state", "live_from"])
    changes = {"version": [standing.number if standing else None, row.number]}
    entry = Entry(kind=EventKind.RULES_REVISED, subject=_subject(rule), changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    if rule.is_active and rule.last_run_on == today:
        reminders.write([row], today=today, calendar=workdays.calendar())
    return row


@transaction.atomic
def drop(version: ReminderRuleVersion, *, reason: str, by: Actor) -> ReminderRuleVersion:
    """Drop a draft: it can be put into force no more. It stays on record, and its number is not used again.

    Raises:
        DomainError: not allowed, no reason, or the version is no draft (`version_not_draft`).
    """
    rule, row = _draft(version, reason=reason, by=by)
    row.state = VersionState.DROPPED
    row.save(update_fields=["state"])
    changes = {"draft": [row.number, None]}
    entry = Entry(kind=EventKind.RULES_REVISED, subject=_subject(rule), changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    return row


@transaction.atomic
def switch(rule: ReminderRule, *, on: bool, reason: str, by: Actor) -> ReminderRule:
    """Switch a rule on or off; off, what it planned and nobody has been told of is taken back. On again, it begins with
    the next sweep: what fell on the days between is not told.

    Raises:
        DomainError: not allowed, or no reason.
    """
    _check(by)
    row = ReminderRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if row.is_active == on:
        return row
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    row.is_active = on
    if on:
        row.last_run_on = None
    row.save(update_fields=["is_active", "last_run_on"])
    changes = {"is_active": [not on, on]}
    entry = Entry(kind=EventKind.RULES_REVISED, subject=_subject(row), changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    return row


def _check(by: Actor) -> None:
    if not policies.can_administer(by):
        raise DomainError("not_allowed")


def _check_ladder(rule: ReminderRule, rungs: Sequence[Rung], *, counts_working_days: bool) -> None:
    try:
        ladder.read(ladder.stored(rungs))
    except ValueError:
        raise DomainError("ladder_not_understood") from None
    offsets = [offset for rung in rungs for offset in rung.offsets]
    if not offsets:
        raise DomainError("ladder_is_empty")
    if not set(map(_side, offsets)) <= SIDES.get(ReminderOccasion(rule.occasion), {-1, 0, 1}):
        raise DomainError("ladder_wrong_side", occasion=ReminderOccasion(rule.occasion).label)
    first = 0 if rule.occasion in SAME_DAY_OCCASIONS else 1
    if rule.occasion in EVENT_OCCASIONS and (not counts_working_days or min(offsets) < first):
        raise DomainError("ladder_before_event", first=first)


def _side(offset: int) -> int:
    """Before the anchor, on it or after it: -1, 0, 1."""
    return (offset > 0) - (offset < 0)


def _subject(rule: ReminderRule) -> str:
    return f"reminderrule {rule.code}"


def _draft(version: ReminderRuleVersion, *, reason: str, by: Actor) -> tuple[ReminderRule, ReminderRuleVersion]:
    """The rule, locked, and this draft of it as it stands. Raises DomainError as those who end drafts say."""
    _check(by)
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    rule = ReminderRule.objects.select_for_update(no_key=True).get(pk=version.rule_id)
    row = ReminderRuleVersion.objects.get(pk=version.pk)
    if row.state != VersionState.DRAFT:
        raise DomainError("version_not_draft", number=row.number)
    return rule, row
