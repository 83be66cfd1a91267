"""Reads a plan's data files (`tracker/data/<plan>/`, `projects/data/<plan>/`) and enters them through actions.

Rows that already stand are left alone, so that a second run changes nothing and never undoes what people corrected.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.apps import apps
from django.db import transaction

from projects.actions import catalogue
from projects.choices import Direction, Frequency, Grade, InitiativeKind, JurisdictionLevel
from projects.models import Indicator, Initiative, Jurisdiction, Reading
from tracker.actions import commitments, people, plans, reminder_rules, sight
from tracker.actions.commitments import Owners
from tracker.choices import Comparator, DepartmentKind
from tracker.models import Clause, Commitment, Department, HealthRuleSet, Plan, Post, Target
from tracker.policies import SYSTEM
from tracker.rules.ruleset import RuleSet

Row = dict[str, str]
HEAD_TITLE = "{name}主要负责人"  # what the post that heads a department is called until somebody names it


@dataclass(slots=True)
class Loaded:
    """How many rows of each file were new."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


def folder(app: str, name: str) -> Path:
    """Where an app keeps the files of a plan."""
    return Path(apps.get_app_config(app).path) / "data" / name


def exists(name: str) -> bool:
    """Whether there are files of this name."""
    return (folder("tracker", name) / "plan.toml").is_file()


@transaction.atomic
def load(name: str, *, today: date) -> Loaded:
    """Enter everything of the plan that is not there yet, in one transaction."""
    loaded = Loaded()
    _load_rules(loaded, today=today)
    _load_catalogue(name, loaded)
    for row in _rows("tracker", name, "departments"):
        _load_department(row, loaded)
    plan = _load_plan(name, loaded)
    _load_clauses(plan, name, loaded)
    _load_commitments(plan, name, loaded, today=today)
    _load_targets(name, loaded, today=today)
    return loaded


def _rows(app: str, name: str, file: str) -> Iterator[Row]:
    with (folder(app, name) / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _codes(text: str) -> list[str]:
    return [code for code in text.split(";") if code]


def _load_rules(loaded: Loaded, *, today: date) -> None:
    if not HealthRuleSet.objects.exists():
        HealthRuleSet.objects.create(
            version="v1", in_force_from=date(2024, 1, 1), parameters=RuleSet(version="v1").to_json()
        )
        loaded.add("rule sets")
    if reminder_rules.begin(today=today):
        loaded.add("reminder rules")


def _load_catalogue(name: str, loaded: Loaded) -> None:
    for row in _rows("projects", name, "jurisdictions"):
        if not Jurisdiction.objects.filter(code=row["code"]).exists():
            catalogue.set_jurisdiction(
                row["code"],
                name=row["name"],
                level=JurisdictionLevel(row["level"]),
                parent=Jurisdiction.objects.filter(code=row["parent"]).first(),
                order=int(row["order"]),
            )
            loaded.add("jurisdictions")
    _load_initiatives(name, loaded)
    _load_indicators(name, loaded)


def _load_initiatives(name: str, loaded: Loaded) -> None:
    places = {place.code: place for place in Jurisdiction.objects.all()}
    for row in _rows("projects", name, "initiatives"):
        if not Initiative.objects.filter(code=row["code"]).exists():
            catalogue.set_initiative(
                row["code"],
                name=row["name"],
                kind=InitiativeKind(row["kind"]),
                jurisdiction=places.get(row["jurisdiction"]),
                host=row["host"],
                note=row["note"],
                grade=row["level"],
                counties=tuple(places[code] for code in _codes(row["counties"])),
            )
            loaded.add("initiatives")
    for row in _rows("projects", name, "designations"):
        catalogue.aim_at(Initiative.objects.get(code=row["initiative"]), title=row["title"], grade=Grade(row["grade"]))


def _load_indicators(name: str, loaded: Loaded) -> None:
    for row in _rows("projects", name, "indicators"):
        if not Indicator.objects.filter(code=row["code"]).exists():
            catalogue.set_indicator(
                row["code"],
                name=row["name"],
                definition=row["definition"],
                unit=row["unit"],
                direction=Direction(row["direction"]),
                frequency=Frequency(row["frequency"]),
                source=row["source"],
            )
            loaded.add("indicators")
    for row in _rows("projects", name, "readings"):
        known = Reading.objects.filter(indicator__code=row["indicator"], period_end=row["period_end"])
        if not known.exists():
            reading = catalogue.record_reading(
                Indicator.objects.get(code=row["indicator"]),
                period_start=date.fromisoformat(row["period_start"]),
                period_end=date.fromisoformat(row["period_end"]),
                reported=_number(row["reported"]),
                verified=_number(row["verified"]),
                source=row["source"],
            )
            sight.tell_names(indicator=reading.indicator)
            loaded.add("readings")


def _load_department(row: Row, loaded: Loaded) -> None:
    """A department, and the post that heads it: blockers and hand-overs need somebody to turn to, whoever holds it."""
    department = Department.objects.filter(code=row["code"]).first()
    if department is None:
        department = people.set_department(
            row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=DepartmentKind(row["kind"]),
            jurisdiction=Jurisdiction.objects.get(code=row["jurisdiction"]),
            order=int(row["order"]),
            by=SYSTEM,
        )
        loaded.add("departments")
    if not Post.objects.filter(department=department, is_head=True).exists():
        people.set_post(
            f"{department.code}-head",
            title=HEAD_TITLE.format(name=department.name),
            department=department,
            is_head=True,
            by=SYSTEM,
        )
        loaded.add("posts")


def _load_plan(name: str, loaded: Loaded) -> Plan:
    facts = tomllib.loads((folder("tracker", name) / "plan.toml").read_text(encoding="utf-8"))
    code, place = facts.pop("code"), facts.pop("jurisdiction")
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        plan = plans.set_plan(code, values=facts | {"jurisdiction": Jurisdiction.objects.get(code=place)}, by=SYSTEM)
        loaded.add("plans")
    return plan


def _load_clauses(plan: Plan, name: str, loaded: Loaded) -> None:
    standing = {clause.code: clause for clause in Clause.objects.filter(plan=plan).select_related("chapter")}
    for position, row in enumerate(_rows("tracker", name, "clauses"), start=1):
        if row["code"] in standing:
            continue
        standing[row["code"]] = plans.set_clause(
            plan,
            row["code"],
            values={
                "parent": standing[row["parent"]] if row["parent"] else None,
                "order": position,
                "heading": row["heading"],
                "summary": row["summary"],
                "paragraph": int(row["paragraph"]) if row["paragraph"] else None,
            },
            by=SYSTEM,
        )
        loaded.add("clauses")


def _load_commitments(plan: Plan, name: str, loaded: Loaded, *, today: date) -> None:
    departments = {department.code: department for department in Department.objects.all()}
    clauses = {clause.code: clause for clause in Clause.objects.filter(plan=plan)}
    initiatives = {initiative.code: initiative for initiative in Initiative.objects.all()}
    standing = {item.code: item for item in Commitment.objects.filter(plan=plan)}
    for row in _rows("tracker", name, "commitments"):
        if row["code"] in standing:
            continue
        values: dict[str, object] = {
            "clause": clauses[row["clause"]],
            "kind": row["kind"],
            "title": row["title"],
            "summary": row["summary"],
            "lead": departments[row["lead"]] if row["lead"] else None,
            "lead_is_suggested": bool(row["lead"]),
            "due_on": _day(row["due_on"]),
            "due_text": row["due_text"],
            "due_basis": row["due_basis"],
            "is_continuous": row["is_continuous"] == "yes",
            "is_red_line": row["is_red_line"] == "yes",
            "is_public": row["is_public"] == "yes",
            "initiative": initiatives[row["initiative"]] if row["initiative"] else None,
            "span_start": int(row["span_start"]) if row["span_start"] else None,
            "span_end": int(row["span_end"]) if row["span_end"] else None,
            "parent": standing[row["parent"]] if row["parent"] else None,
        }
        owners = Owners(
            responsible=[departments[code] for code in _codes(row["responsible"])],
            supporting=[departments[code] for code in _codes(row["supporting"])],
            are_suggested=True,
        )
        standing[row["code"]] = commitments.register(
            row["code"], plan=plan, values=values, owners=owners, by=SYSTEM, today=today
        )
        loaded.add("commitments")


def _load_targets(name: str, loaded: Loaded, *, today: date) -> None:
    for row in _rows("tracker", name, "targets"):
        if Target.objects.filter(commitment__code=row["commitment"], indicator__code=row["indicator"]).exists():
            continue
        commitments.set_target(
            Commitment.objects.get(code=row["commitment"]),
            indicator=Indicator.objects.get(code=row["indicator"]),
            comparator=Comparator(row["comparator"]),
            value=_number(row["value"]),
            growth_percent=_number(row["growth_percent"]),
            base_year=int(row["base_year"]) if row["base_year"] else None,
            note=row["note"],
            by=SYSTEM,
            today=today,
        )
        loaded.add("targets")
