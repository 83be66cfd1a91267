"""What stands in the database while the contract of the API is tried: one of everything, of Lin's department."""

from typing import Any

from tests import factories
from tests.factories import Cast
from tracker.choices import ReportState, Role

# What stands in an address, by the beginning of its path: the names of its parameters, and keys of the scene.
ADDRESSES: dict[str, list[dict[str, str]]] = {
    "/api/v1/commitments/{code}/": [{"code": "item"}, {"code": "other"}],
    "/api/v1/reports/{ref}/": [{"ref": "draft"}, {"ref": "submitted"}],
}


def make_scene() -> dict[str, Any]:
    """People by their names, and the public keys of things by what they are."""
    cast: Cast = factories.make_cast()
    hai = factories.make_user("hai", role=Role.HEAD, department=cast.science)
    plan = factories.make_plan()
    clause = factories.make_clause(plan)
    item = factories.make_commitment("C-1", plan=plan, department=cast.science, clause=clause)
    other = factories.make_commitment("C-2", plan=plan, department=cast.science, clause=clause)
    draft = factories.make_report(item, author=cast.lin, state=ReportState.DRAFT)
    submitted = factories.make_report(other, author=cast.lin)
    people = {"lin": cast.lin, "hai": hai, "zhou": cast.zhou, "chen": cast.chen, "wu": cast.wu, "gu": cast.gu}
    return people | {
        "item": item.code,
        "other": other.code,
        "draft": str(draft.ref),
        "submitted": str(submitted.ref),
    }


def values_of(path: str, scene: dict[str, Any]) -> list[dict[str, str]]:
    """What may stand in the place of a path's parameters and is there; none where nothing is known."""
    found = [names for start, names in ADDRESSES.items() if path.startswith(start)]
    return [{name: scene[key] for name, key in names.items()} for names in (found[-1] if found else [])]
