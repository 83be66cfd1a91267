"""Matters of an occasion of which nobody would hear, because the department has no such person. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from tracker.choices import Audience, ReminderOccasion
from tracker.models import Department, Plan, ReminderRule
from tracker.queries import reminder_matters, reminder_people
from tracker.queries.reminder_matters import Matters, Scope
from tracker.queries.reminders import in_force

# How far ahead reporting windows are looked for.
WINDOW_DAYS = 92
Counts = Counter[tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """So many open matters of a department (None: they have no lead) for which this audience has nobody today."""

    department: Department | None
    audience: Audience
    count: int


def scope_of(rule: ReminderRule) -> Scope:
    """The plans that a rule speaks for: its own, or all but those with an active rule of their own. One query."""
    if rule.plan_id:
        return Scope(plan=rule.plan_id)
    own = in_force().filter(rule__occasion=rule.occasion, rule__plan__isnull=False)
    return Scope(without=tuple(sorted(set(own.values_list("rule__plan", flat=True)))))


def gaps(rule: ReminderRule, audiences: Sequence[Audience], *, today: date) -> list[Gap]:
    """Whom the rule would not reach today, by department and audience, most matters first.

    A number of queries that depends on the occasion, never on how many matters there are.
    """
    counts = _counts(rule, today=today)
    found = []
    for audience in audiences:
        reached = _reached(audience, today=today)
        missing: dict[int | None, int] = defaultdict(int)
        for (lead, post), count in counts.items():
            if lead not in reached[reminder_people.LEAD] and post not in reached[reminder_people.POST]:
                missing[lead] += count
        departments = Department.objects.in_bulk([lead for lead in missing if lead is not None])
        found += [
            Gap(department=departments[lead] if lead else None, audience=audience, count=count)
            for lead, count in missing.items()
        ]
    return sorted(found, key=lambda gap: (-gap.count, gap.department.order if gap.department else 0, gap.audience))


def _counts(rule: ReminderRule, *, today: date) -> Counts:
    """How many open matters belong to which department and post. One query for each kind of matter, or each window."""
    occasion = ReminderOccasion(rule.occasion)
    if occasion == ReminderOccasion.BY_HAND:
        return Counter()
    scope = scope_of(rule)
    if occasion != ReminderOccasion.PERIOD_CLOSING:
        return sum((_grouped(matters) for matters in reminder_matters.of(occasion, scope, anchors=())), Counter())
    anchors = [today + timedelta(days=ahead) for ahead in range(WINDOW_DAYS)]
    total: Counts = Counter()
    for plan in Plan.objects.filter(scope.within("pk")).values_list("pk", flat=True):
        # A matter stands in each of the next windows; the fullest of them tells how many there are.
        fullest: Counts = Counter()
        for matters in reminder_matters.of(occasion, Scope(plan=plan), anchors=anchors):
            fullest |= _grouped(matters)
        total += fullest
    return total


def _grouped(matters: Matters) -> Counts:
    grouped = matters.values(reminder_people.LEAD, reminder_people.POST).annotate(owed_count=Count("pk"))
    rows = grouped.values_list(reminder_people.LEAD, reminder_people.POST, "owed_count")
    return Counter({(lead, post): count for lead, post, count in rows})


def _reached(audience: Audience, *, today: date) -> dict[str, set[int]]:
    """The departments and the posts for which this audience has somebody today."""
    reached: dict[str, set[int]] = {reminder_people.LEAD: set(), reminder_people.POST: set()}
    for place, people in reminder_people.of(audience, today=today):
        reached[place] |= set(people.values_list("owed_place", flat=True))
    return reached
