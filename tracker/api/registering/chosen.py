"""Public codes that a body names, as rows. A code that names nothing is refused at its field."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from projects.errors import DomainError
from projects.models import Initiative
from tracker import policies
from tracker.actions.commitments import EDITABLE, Owners
from tracker.choices import Involvement
from tracker.models import Clause, Commitment, Department, Plan, Post
from tracker.policies import Actor

Found = TypeVar("Found", bound=Model)


def one(rows: QuerySet[Found], code: str, *, field: str) -> Found:
    """The row of this code. Raises DomainError `code_unknown`."""
    found = rows.filter(code=code).first()
    if found is None:
        raise DomainError("code_unknown", field=field, code=code)
    return found


def values(said: Mapping[str, Any], *, plan: Plan, viewer: Actor) -> dict[str, object]:
    """What the actions take of the facts that were said: codes of related rows became rows."""
    tables: dict[str, QuerySet[Any]] = {
        "lead": Department.objects.all(),
        "post": Post.objects.all(),
        "clause": Clause.objects.filter(plan=plan),
        "initiative": Initiative.objects.all(),
        "parent": policies.visible_to(viewer),
    }
    return {
        name: one(tables[name], value, field=name) if name in tables and value is not None else value
        for name, value in said.items()
        if name in EDITABLE
    }


def owners(said: Mapping[str, Any], *, item: Commitment | None = None) -> Owners | None:
    """The departments beside the lead; a group that was not said stays as it stands. None: neither was.

    Raises DomainError for codes that name nothing, and `department_twice` at the group that was said.
    """
    groups = {"responsible": Involvement.RESPONSIBLE, "supporting": Involvement.SUPPORTING}
    if not groups.keys() & said.keys():
        return None
    responsible, supporting = (
        departments(said[name], field=name) if name in said else _standing(item, part) for name, part in groups.items()
    )
    if {row.pk for row in responsible} & {row.pk for row in supporting}:
        raise DomainError("department_twice", field="supporting" if "supporting" in said else "responsible")
    return Owners(responsible=responsible, supporting=supporting)


def departments(codes: Sequence[str], *, field: str) -> list[Department]:
    """The departments of these codes in this order. One query."""
    found = {row.code: row for row in Department.objects.filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise DomainError("code_unknown", field=field, code=code)
    return [found[code] for code in codes]


def _standing(item: Commitment | None, part: Involvement) -> list[Department]:
    if item is None:
        return []
    rows = item.involvements.filter(involvement=part).select_related("department").order_by("order")
    return [row.department for row in rows]
