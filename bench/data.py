"""What the benchmark measures on: plans, people and commitments from a fixed seed. Pure rows; `bench.fill` writes them.

The same number of commitments always gives the same rows, on every machine and on any day: dates lie around ANCHOR,
never around today. Half of the commitments belong to the first plan, the one the overview opens with.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

from tracker.actions.reminder_rules import DEFAULTS
from tracker.choices import DUE_OCCASIONS
from tracker.rules import ladder

SEED = 20261120
ANCHOR = date(2026, 11, 20)  # a Friday: its sweep also serves the weekend
ENTERED = date(2026, 1, 5)
LAST_RUN = ANCHOR - timedelta(days=1)
PLANS, CHAPTERS, CLAUSES_PER_CHAPTER, DEPARTMENTS, MILESTONES = 5, 12, 8, 60, 5
CLAUSES = CHAPTERS * (1 + CLAUSES_PER_CHAPTER)
TARGETS = 6
LEADER_ID, OFFICE_ID = 1, 2
VICE_ID = OFFICE_ID + 3 * DEPARTMENTS
LEADER, MAIN_PLAN = "bench-leader", "bench-1"
LIGHTS = {
    "done": 25,
    "on_track": 35,
    "at_risk": 10,
    "off_track": 8,
    "not_started": 10,
    "no_data": 10,
    "exempt": 2,
}
STAGES = {"done": "verified", "not_started": "registered", "exempt": "suspended"}
KINDS = ("action", "project", "platform", "reform", "park", "talent_programme")
# The site's own rules for dates, as `actions.reminder_rules` delivers them: officers, heads and overseers.
RULES = tuple(rule for rule in DEFAULTS if rule[1] in DUE_OCCASIONS)
OVERSEERS = 4  # vice mayors; each oversees a quarter of the departments' head posts

Row = tuple[Any, ...]


class Table(NamedTuple):
    """Rows of one model. What is not among the columns gets the field's default."""

    model: str
    columns: Sequence[str]
    rows: Iterator[Row]


@dataclass(slots=True)
class Dataset:
    """All tables of a site with so many commitments, in an order that satisfies the foreign keys. Walk it once."""

    count: int
    pick: random.Random = field(default_factory=lambda: random.Random(SEED))
    # (start, due date or None, light) by commitment: its milestones lie between the two.
    spans: list[tuple[date, date | None, str]] = field(default_factory=list)
    # (plan, light, the day that brought it) by commitment: what its record of changes ends with.
    lights: list[tuple[int, str, date]] = field(default_factory=list)

    def tables(self) -> Iterator[Table]:
        """Each table once; its rows are made while they are read."""
        yield Table("projects.Jurisdiction", ("id", "code", "name", "level"), iter([(1, "511300", "南充市", "city")]))
        yield from _documents()
        yield from _people()
        yield Table("tracker.Commitment", COMMITMENT, (self._commitment(number) for number in _numbers(self.count)))
        yield Table(
            "tracker.CommitmentDepartment",
            ("id", "commitment_id", "department_id", "involvement"),
            ((number, number, 1 + number * 7 % DEPARTMENTS, "supporting") for number in _numbers(self.count)),
        )
        yield Table("tracker.Milestone", MILESTONE, self._milestones())
        yield Table("tracker.LightChange", CHANGE, self._changes())
        yield from _targets()
        yield from _rules()

    def _commitment(self, number: int) -> Row:
        """One row of COMMITMENT; notes its span."""
        pick = self.pick
        light = "on_track" if number <= TARGETS else pick.choices(list(LIGHTS), list(LIGHTS.values()))[0]
        plan = 1 if number <= TARGETS or pick.random() < 0.5 else pick.randrange(2, PLANS + 1)
        lead = 1 + min(int(pick.expovariate(0.06)), DEPARTMENTS - 1)
        is_continuous = number > TARGETS and pick.random() < 0.15
        due = None if is_continuous else self._due(light)
        start = min(due or ANCHOR, ANCHOR) - timedelta(days=pick.randrange(60, 700))
        self.spans.append((start, due, light))
        since = ANCHOR - timedelta(days=pick.randrange(1, 90))
        self.lights.append((plan, light, since))
        progress = None if light in {"not_started", "no_data", "exempt"} else pick.randrange(5, 100)
        clause = (plan - 1) * CLAUSES + pick.randrange(1, CLAUSES + 1)
        return (
            number, f"B{number:07d}", f"建设第 {number} 项承诺事项，按期形成可验收的成果", "完成建设并通过验收。",
            "target" if number <= TARGETS else pick.choice(KINDS), plan, clause, lead, pick.random() < 0.2,
            lead if pick.random() < 0.7 else None, start, due, due, "持续推进" if is_continuous else "", is_continuous,
            "" if due is None else "stated", STAGES.get(light, "in_progress"), start, progress,
            "" if progress is None else "reported", self._reasons(light, start, due),
            since, light, ANCHOR, "v1", ANCHOR + timedelta(days=1), number,
        )  # fmt: skip

    def _due(self, light: str) -> date:
        """Late ones lie in the past, half of those at risk soon, all others anywhere in the plan's years."""
        low, high = {"off_track": (-90, 0), "at_risk": (1, 120)}.get(light, (-300, 760))
        return ANCHOR + timedelta(days=self.pick.randrange(low, high))

    def _reasons(self, light: str, start: date, due: date | None) -> list[dict[str, object]]:
        """Stored reasons, one or two, of codes whose sentence differs in what it needs."""
        period = {"period_end": "2026-10-31"}
        if light == "off_track":
            late = _reason("milestone_overdue", name="主体完工", planned_on=(ANCHOR - timedelta(days=9)).isoformat())
            return [late] if due is None else [_reason("overdue", due_on=due.isoformat()), late]
        if light == "at_risk":
            return [_reason("reports_missed", count=self.pick.randrange(1, 4)), _reason("last_report", **period)]
        if light == "not_started":
            return [_reason("not_issued")]
        codes = {"done": "done", "no_data": "no_report", "exempt": "suspended"}
        return [_reason(codes[light])] if light in codes else [_reason("reported_on_time", **period)]

    def _milestones(self) -> Iterator[Row]:
        """Five steps between start and due date; most of those in the past were reached."""
        pick, number = self.pick, 0
        for commitment, (start, due, light) in enumerate(self.spans, start=1):
            days = ((due or start + timedelta(days=900)) - start).days
            for step in range(1, MILESTONES + 1):
                number += 1
                planned = start + timedelta(days=days * step // MILESTONES)
                is_reached = light == "done" or (planned < ANCHOR and pick.random() < 0.8)
                weight = 20 if step != 1 else None
                yield number, commitment, f"节点 {step}", step, planned, planned if is_reached else None, weight, number

    def _changes(self) -> Iterator[Row]:
        """White on the day of the first entry, then the light of today: a third of them came in the last month."""
        number = 0
        for commitment, (plan, light, since) in enumerate(self.lights, start=1):
            number += 1
            yield number, commitment, plan, ENTERED, "", "not_started"
            if light != "not_started":
                number += 1
                yield number, commitment, plan, since, "not_started", light


CHANGE = ("id", "commitment_id", "plan_id", "on", "before", "after")
COMMITMENT = (
    "id", "code", "title", "summary", "kind", "plan_id", "clause_id", "lead_id", "lead_is_suggested", "post_id",
    "starts_on", "original_due_on", "due_on", "due_text", "is_continuous", "due_basis", "stage", "issued_on",
    "progress", "progress_basis", "health_reasons", "health_since", "health", "assessed_on", "rule_version",
    "recheck_on", "revision",
)  # fmt: skip
MILESTONE = ("id", "commitment_id", "name", "order", "planned_on", "actual_on", "weight", "revision")


def _numbers(count: int) -> range:
    return range(1, count + 1)


def _reason(code: str, **params: object) -> dict[str, object]:
    return {"code": code, "params": params}


def _documents() -> Iterator[Table]:
    """The plans, each with its chapters and their clauses."""
    columns = ("id", "code", "title", "short_title", "issuer", "jurisdiction_id", "horizon_starts_on",
               "horizon_ends_on", "tracked_since")  # fmt: skip
    first, last, since = date(2025, 1, 1), date(2028, 12, 31), date(2026, 1, 1)
    plans = ((n, f"bench-{n}", f"第 {n} 号决定", f"决定 {n}", "市委", 1, first, last, since) for n in _numbers(PLANS))
    yield Table("tracker.Plan", columns, plans)
    parts = ("id", "plan_id", "parent_id", "chapter_id", "code", "order", "heading", "summary")
    yield Table("tracker.Clause", parts, _clauses())


def _clauses() -> Iterator[Row]:
    number = 0
    for plan in _numbers(PLANS):
        for chapter in _numbers(CHAPTERS):
            number += 1
            top = number
            yield top, plan, None, top, f"{chapter}", chapter * 100, f"第 {chapter} 章", ""
            for clause in _numbers(CLAUSES_PER_CHAPTER):
                number += 1
                yield number, plan, top, top, f"{chapter}.{clause}", chapter * 100 + clause, "", "推进一项工作。"


def _people() -> Iterator[Table]:
    """Departments; a leader and a supervision officer; per department a head, who holds its post, and two officers."""
    columns = ("id", "code", "name", "short_name", "kind", "jurisdiction_id", "order")
    departments = ((n, f"d{n:02d}", f"市第 {n} 局", f"{n} 局", "city", 1, n) for n in _numbers(DEPARTMENTS))
    yield Table("tracker.Department", columns, departments)
    yield Table("tracker.User", ("id", "username", "password", "role", "department_id", "is_active"), _users())
    titles = ("id", "code", "title", "department_id", "is_head", "overseen_by_id")
    above = ((DEPARTMENTS + n, f"vice-{n}", "副市长", 1, False, None) for n in _numbers(OVERSEERS))
    posts = ((n, f"post-{n}", "局长", n, True, DEPARTMENTS + 1 + n % OVERSEERS) for n in _numbers(DEPARTMENTS))
    yield Table("tracker.Post", titles, chain(above, posts))
    held = ((n, n, OFFICE_ID + n, date(2025, 1, 1), None) for n in _numbers(DEPARTMENTS))
    vice = ((DEPARTMENTS + n, DEPARTMENTS + n, VICE_ID + n, date(2025, 1, 1), None) for n in _numbers(OVERSEERS))
    yield Table("tracker.PostHolding", ("id", "post_id", "holder_id", "starts_on", "ends_on"), chain(held, vice))


def _rules() -> Iterator[Table]:
    """The rules, each with its one version in force."""
    rules = ((number, code, occasion.value, LAST_RUN) for number, (code, occasion, *_) in enumerate(RULES, start=1))
    yield Table("tracker.ReminderRule", ("id", "code", "occasion", "last_run_on"), rules)
    columns = ("id", "rule_id", "number", "ladder", "counts_working_days", "state", "live_from")
    versions = (
        (number, number, 1, ladder.stored(rungs), counts_working_days, "live", ENTERED)
        for number, (_code, _occasion, counts_working_days, rungs) in enumerate(RULES, start=1)
    )
    yield Table("tracker.ReminderRuleVersion", columns, versions)


def _users() -> Iterator[Row]:
    yield LEADER_ID, LEADER, "!", "leader", None, True
    yield OFFICE_ID, "bench-office", "!", "supervisor", 1, True
    for place, role in enumerate(("head", "officer", "officer")):
        for n in _numbers(DEPARTMENTS):
            is_active = place < 2 or n % 10 > 0
            yield OFFICE_ID + place * DEPARTMENTS + n, f"bench-{role}-{place}-{n}", "!", role, n, is_active
    for n in _numbers(OVERSEERS):
        yield VICE_ID + n, f"bench-vice-{n}", "!", "leader", None, True


def _targets() -> Iterator[Table]:
    """Six quantified targets in the first plan, each with five years of readings: as many as a city's decision has."""
    indicators = ((n, f"bench-{n}", f"指标 {n}", "户") for n in _numbers(TARGETS))
    yield Table("projects.Indicator", ("id", "code", "name", "unit"), indicators)
    readings = (
        (n * 10 + year - 2021, n, date(year, 1, 1), date(year, 12, 31), 100 + 7 * n + 11 * (year - 2021))
        for n in _numbers(TARGETS)
        for year in range(2021, 2026)
    )
    yield Table("projects.Reading", ("id", "indicator_id", "period_start", "period_end", "verified"), readings)
    targets = ((n, n, n, "growth_at_least", 30, 2023) for n in _numbers(TARGETS))
    columns = ("id", "commitment_id", "indicator_id", "comparator", "growth_percent", "base_year")
    yield Table("tracker.Target", columns, targets)
