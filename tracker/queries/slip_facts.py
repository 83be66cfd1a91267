"""What decides whether a slip is due, gathered for many commitments at once: for `actions.slips` and its pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tracker.choices import REPORTABLE_STAGES, ReminderState, SlipLevel, SlipState, Stage
from tracker.models import Commitment, Reminder, Slip
from tracker.queries import settings_of, workdays
from tracker.rules import slips
from tracker.rules.reasons import Reason
from tracker.rules.slips import Cited, Pace, SlipFacts

DRAFTED = Q(state=SlipState.DRAFT)
# Dropped by the sweep, because its ground was gone: only a person gives a reason.
MOOT = Q(state=SlipState.DROPPED, end_reason="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The facts of one commitment, and the slip that the next one would cite (None: it would be blue)."""

    facts: SlipFacts
    last: Slip | None


def pace() -> Pace:
    """How patient the office wants the site to be. One query."""
    found = settings_of.site_settings()
    return Pace(after_days=found.slip_after_days, next_days=found.slip_next_days)


def answer_due_on(*, today: date) -> date:
    """By when a slip that is issued today is answered: so many working days, as the office has set. Two queries."""
    return workdays.calendar().add_working_days(today, settings_of.site_settings().slip_answer_days)


def candidates(*, pace: Pace, today: date) -> QuerySet[Commitment]:
    """The commitments of which a colour may be due today; `rules.slips.due_level` decides of each. One query."""
    ours = Slip.objects.filter(commitment=OuterRef("pk"), drafted_on__gt=OuterRef("due_on"))
    none_yet = Q(due_on__lte=today - timedelta(days=pace.after_days)) & ~Exists(ours.exclude(MOOT))
    passed = today - timedelta(days=pace.next_days)
    unfollowed = ours.exclude(level=SlipLevel.RED).filter(
        Q(cited_by__isnull=True) | Q(cited_by__state=SlipState.DROPPED, cited_by__end_reason="")
    )
    next_due = Exists(
        unfollowed.filter(
            Q(state=SlipState.ISSUED, answer_due_on__lte=passed) | Q(state=SlipState.ANSWERED, promised_on__lte=passed)
        )
    )
    late = Commitment.objects.filter(stage__in=REPORTABLE_STAGES, lead__isnull=False, due_on__lt=today)
    return late.filter(~Exists(Slip.objects.filter(DRAFTED, commitment=OuterRef("pk"))), none_yet | Q(next_due))


def of_commitments(items: Sequence[Commitment]) -> dict[int, Known]:
    """What is known of each, by primary key. One query."""
    rows: dict[int, list[Slip]] = {item.pk: [] for item in items}
    found = Slip.objects.filter(commitment__in=rows).order_by(F("year").asc(nulls_last=True), "number", "pk")
    for slip in found.select_related("cited_by"):
        rows[slip.commitment_id].append(slip)
    return {item.pk: _known(item, rows[item.pk]) for item in items}


def cited(slip: Slip | None) -> Cited | None:
    """The slip as the rules see it; None for a draft, which cannot be cited."""
    if slip is None or slip.answer_due_on is None or slip.year is None or slip.number is None:
        return None
    return Cited(
        level=SlipLevel(slip.level),
        state=SlipState(slip.state),
        answer_due_on=slip.answer_due_on,
        promised_on=slip.promised_on,
        year=slip.year,
        number=slip.number,
    )


def of_draft(slip: Slip) -> SlipFacts:
    """The facts that decide whether the draft is moot. The commitment and what it cites are loaded with it."""
    item = slip.commitment
    return SlipFacts(
        stage=Stage(item.stage), due_on=item.due_on, has_lead=item.lead_id is not None, last=cited(slip.cites)
    )


def grounds(pairs: Iterable[tuple[Commitment, Slip | None]]) -> dict[int, list[dict[str, object]]]:
    """Why each commitment gets a slip that cites this one, as it is stored, by primary key. One query."""
    wanted = [(item, last, item.due_on) for item, last in pairs]
    told = _reminded([item.pk for item, _last, _due in wanted])
    found: dict[int, list[dict[str, object]]] = {}
    for item, last, due_on in wanted:
        reasons: Sequence[Reason] = ()
        if due_on is not None:
            reasons = slips.grounds(
                due_on=due_on,
                original_due_on=item.original_due_on,
                reminded_count=told.get(item.pk, 0),
                last_period_end=item.last_period_end,
                cited=cited(last),
            )
        found[item.pk] = [reason.to_json() for reason in reasons]
    return found


def _reminded(ids: Sequence[int]) -> Mapping[int, int]:
    """On how many days somebody was reminded of each commitment."""
    sent = Reminder.objects.filter(commitment__in=ids, state=ReminderState.SENT).order_by()
    return dict(sent.values_list("commitment").annotate(days=Count("planned_on", distinct=True)))


def _known(item: Commitment, rows: Sequence[Slip]) -> Known:
    """Of the slips of this due date: those drafted after it. A withdrawn one ends its chain."""
    due_on = item.due_on
    ours = [slip for slip in rows if due_on is not None and slip.drafted_on > due_on]
    newest = next((slip for slip in reversed(ours) if slip.number is not None), None)
    is_withdrawn = newest is not None and newest.state == SlipState.WITHDRAWN
    last = None if is_withdrawn else newest
    is_dropped = any(
        slip.state == SlipState.DROPPED and slip.end_reason and slip.cites_id == (last.pk if last else None)
        for slip in ours
    )
    facts = SlipFacts(
        stage=Stage(item.stage),
        due_on=due_on,
        has_lead=item.lead_id is not None,
        has_draft=any(slip.state == SlipState.DRAFT for slip in rows),
        last=cited(last),
        is_settled=is_withdrawn or is_dropped,
    )
    return Known(facts=facts, last=last)
