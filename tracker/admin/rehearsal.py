"""The dry run of a rule's version, as its page shows it, and versions in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tracker import ladder_wording
from tracker.actions import reminders
from tracker.choices import Audience
from tracker.models import Department, Reminder, ReminderRule, ReminderRuleVersion
from tracker.queries import reminder_reach
from tracker.queries.reminder_reach import Gap
from tracker.rules import ladder
from tracker.rules.ladder import Rung

DAYS = 20
# How much of a long list the page shows; the counts are of all.
MOST_LINES = 100
MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reminder that would be sent."""

    day: date
    reminder: Reminder
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An audience that some departments do not have, and how many open matters it concerns."""

    audience: Audience
    departments: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _name, count in self.departments)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """Whom a version would tell what on the next working days, were it alone and in force."""

    days: int
    total: int
    by_day: Sequence[tuple[date, int, int]]  # day, reminders, people
    by_person: Sequence[tuple[str, str, int]]  # name, department, reminders
    people: int
    lines: Sequence[Line]
    gaps: Sequence[Missing]
    is_sound: bool = True

    @property
    def lines_left(self) -> int:
        return self.total - len(self.lines)

    @property
    def people_left(self) -> int:
        return self.people - len(self.by_person)


def rungs_of(version: ReminderRuleVersion) -> tuple[Rung, ...]:
    """The version's ladder; nothing where it cannot be understood."""
    try:
        return ladder.read(version.ladder)
    except ValueError:
        return ()


def words(version: ReminderRuleVersion, rule: ReminderRule) -> list[str]:
    """The version's ladder in words, a line for each audience."""
    try:
        rungs = ladder.read(version.ladder)
    except ValueError:
        return [_("The ladder cannot be understood; it tells nobody.")]
    return ladder_wording.lines(rungs, occasion=rule.occasion, counts_working_days=version.counts_working_days)


def of(version: ReminderRuleVersion, *, today: date) -> DryRun:
    """Plans the next working days with this version and takes everything back; nothing is written."""
    try:
        found = reminders.rehearse_version(version, today=today, days=DAYS)
    except ValueError:
        return DryRun(days=DAYS, total=0, by_day=(), by_person=(), people=0, lines=(), gaps=(), is_sound=False)
    rows = [(one.day, row) for one in found for row in one.reminders]
    people = {row.recipient_id: row.recipient for _day, row in rows}
    departments = Department.objects.in_bulk({one.department_id for one in people.values() if one.department_id})
    counts = Counter(row.recipient_id for _day, row in rows)
    audiences = [rung.audience for rung in rungs_of(version) if rung.days]
    return DryRun(
        days=DAYS,
        total=len(rows),
        by_day=[(one.day, len(one.reminders), len({row.recipient_id for row in one.reminders})) for one in found],
        by_person=[
            (str(people[pk]), str(departments.get(people[pk].department_id, "")), count)
            for pk, count in counts.most_common(MOST_PEOPLE)
        ],
        people=len(counts),
        lines=[Line(day=day, reminder=row, when=_when(row, version)) for day, row in rows[:MOST_LINES]],
        gaps=_missing(reminder_reach.gaps(version.rule, audiences, today=today)),
    )


def _missing(gaps: Sequence[Gap]) -> list[Missing]:
    """The gaps by audience, from the bottom of the ladder up."""
    found = []
    for audience in Audience:
        departments = [
            (str(gap.department) if gap.department else _("No lead department yet"), gap.count)
            for gap in gaps
            if gap.audience == audience
        ]
        if departments:
            found.append(Missing(audience=audience, departments=departments))
    return found


def _when(row: Reminder, version: ReminderRuleVersion) -> str:
    return ladder_wording.offset(row.offset, occasion=row.occasion, counts_working_days=version.counts_working_days)
