"""What the public pages print, and the same for machines. A field that is not approved has no key at all."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tracker.choices import Health, Kind, PublicField
from tracker.queries.public import Matter, PlanPage, PublicPlan, PublicTarget, Terms
from tracker.rules import targets as target_rules
from tracker.rules.reasons import number
from tracker.rules.targets import TargetFacts
from tracker.web import links
from tracker.wording import quantity

Shown = dict[str, Any]


def terms(on: Terms) -> Shown:
    """The head of every answer: the day whose state is shown, and what is shown at all."""
    return {
        "as_of": on.as_of.isoformat(),
        "delay_days": on.delay_days,
        "fields": [field.value for field in PublicField if on.shows(field)],
    }


def plan(one: PublicPlan) -> Shown:
    """A plan for machines."""
    row = one.plan
    return {
        "code": row.code,
        "title": row.title,
        "issuer": row.issuer,
        "number": row.number,
        "jurisdiction": row.jurisdiction.name,
        "runs_from": row.horizon_starts_on.isoformat(),
        "runs_until": row.horizon_ends_on.isoformat(),
        "matter_count": one.matter_count,
        "has_demonstration": one.has_demo,
        "url": links.public(row.code),
        "json": links.public(row.code, as_json=True),
    }


def plan_page(page: PlanPage, on: Terms) -> Shown:
    """A plan with one page of its matters, for machines."""
    code = page.plan.plan.code
    lights = {"unknown" if light is None else light.value: count for light, count in page.lights.items()}
    return {
        **terms(on),
        "plan": plan(page.plan),
        **({"lights": lights} if on.shows(PublicField.LIGHT) else {}),
        "matters": [matter(one, on, plan_code=code) for one in page.matters],
        "next": _after(links.public(code, as_json=True), page.next_after) or None,
    }


def matter(one: Matter, on: Terms, *, plan_code: str) -> Shown:
    """A matter for machines: dates in ISO form, figures as text, null for what is not known."""
    values: dict[PublicField, Shown] = {
        PublicField.LIGHT: {"light": one.light.value if one.light else None},
        PublicField.OWNER: {"owner": one.owner or None},
        PublicField.DUE: {
            "due_on": one.due_on.isoformat() if one.due_on else None,
            "original_due_on": one.original_due_on.isoformat() if one.original_due_on else None,
            "is_continuous": one.is_continuous,
        },
        PublicField.SUMMARY: {"summary": one.summary},
        PublicField.CLAUSE: {"clause": one.clause and {"code": one.clause.code, "heading": one.clause.heading}},
        PublicField.PROGRESS: {
            "progress": one.progress
            and {"percent": number(one.progress.percent), "period_end": one.progress.period_end.isoformat()}
        },
        PublicField.READINGS: {"targets": [_target(target) for target in one.targets]},
    }
    shown: Shown = {"code": one.code, "title": one.title, "kind": one.kind, "is_demonstration": one.is_demo}
    for field, value in values.items():
        if on.shows(field):
            shown |= value
    return shown | {
        "url": links.public(plan_code, one.code),
        "json": links.public(plan_code, one.code, as_json=True),
    }


def _target(one: PublicTarget) -> Shown:
    goal = target_rules.required_value(one.facts)
    growth = one.facts.growth_percent
    return {
        "indicator": one.indicator,
        "unit": one.unit,
        "comparator": one.facts.comparator.value,
        "goal": None if goal is None else number(goal),
        "growth_percent": None if growth is None else number(growth),
        "base_year": one.facts.base_year,
        "verified": [
            {
                "period_start": reading.period_start.isoformat(),
                "period_end": reading.period_end.isoformat(),
                "value": number(reading.verified),
                "is_demonstration": reading.is_demo,
            }
            for reading in one.readings
            if reading.verified is not None
        ],
    }


def lines(page: PlanPage, on: Terms, *, query: Mapping[str, str]) -> list[Shown]:
    """The rows of a plan's page."""
    code = page.plan.plan.code
    return [line(one, on) | {"href": links.with_query(links.public(code, one.code), query)} for one in page.matters]


def line(one: Matter, on: Terms) -> Shown:
    """A matter as people read it; `shows` names what is approved, so that “not known” is said of nothing else."""
    return {
        "code": one.code,
        "title": one.title,
        "kind": Kind(one.kind).label,
        "is_demo": one.is_demo,
        "shows": {field.value: on.shows(field) for field in PublicField},
        "light": one.light.value if one.light else "",
        "owner": one.owner,
        "due_on": one.due_on,
        "original_due_on": one.original_due_on if one.original_due_on != one.due_on else None,
        "is_continuous": one.is_continuous,
        "summary": one.summary,
        "clause": f"{one.clause.code} {one.clause.heading}".strip() if one.clause else "",
        "progress": one.progress and {"percent": number(one.progress.percent), "until": one.progress.period_end},
        "targets": [target_words(target) for target in one.targets],
    }


def target_words(one: PublicTarget) -> Shown:
    """A target with its verified values, newest first."""
    return {
        "name": one.indicator,
        "goal": _goal(one.facts),
        "base_year": one.facts.base_year,
        "readings": [
            {"until": reading.period_end, "value": _amount(reading.verified, one.unit), "is_demo": reading.is_demo}
            for reading in reversed(one.readings)
        ],
    }


def _goal(known: TargetFacts) -> str:
    """What the target asks for: a value where it can be said, else the growth over its base year."""
    goal = target_rules.required_value(known)
    if goal is not None:
        return _amount(goal, known.unit)
    if known.growth_percent is not None and known.base_year is not None:
        rates = {"percent": number(known.growth_percent), "year": known.base_year}
        return _("%(percent)s %% over %(year)d") % rates
    return ""


def _amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else quantity(number(value), unit)


def lights(counts: Mapping[Health | None, int]) -> Sequence[tuple[str, int]]:
    """The counted lights in their order, without those that nobody has; "" for a light that is not known."""
    return [(light.value if light else "", count) for light, count in counts.items() if count]


def _after(address: str, code: str, query: Mapping[str, str] | None = None) -> str:
    return links.with_query(address, {**(query or {}), "after": code}) if code else ""


def next_href(page: PlanPage, query: Mapping[str, str]) -> str:
    """The address of the next page of matters; "" on the last."""
    return _after(links.public(page.plan.plan.code), page.next_after, query)
