"""What stands in the database while the contract of the API is tried: one of everything, of Lin's department."""

from typing import Any

from knox.models import AuthToken

from tests import evidence_files, factories, slip_rows
from tests.factories import Cast
from tracker.actions import devices, evidence
from tracker.choices import ReportState, Role, Stage
from tracker.models import Commitment

# What stands in an address, by the beginning of its path: the names of its parameters, and keys of the scene.
ADDRESSES: dict[str, list[dict[str, str]]] = {
    "/api/v1/commitments/{code}/": [{"code": "item"}, {"code": "other"}],
    "/api/v1/plans/{plan}/": [{"plan": "plan"}],
    "/api/v1/plans/{plan}/clauses/{clause}/": [{"plan": "plan", "clause": "clause"}],
    "/api/v1/indicators/{indicator}/": [{"indicator": "indicator"}],
    "/api/v1/me/devices/{ref}/": [{"ref": "device"}],
    "/api/v1/reports/{ref}/": [{"ref": "draft"}, {"ref": "submitted"}],
    "/api/v1/extensions/{ref}/": [{"ref": "extension"}],
    "/api/v1/blockers/{ref}/": [{"ref": "blocker"}],
    "/api/v1/instructions/{ref}/": [{"ref": "instruction"}],
    "/api/v1/evidence/{ref}/": [{"ref": "evidence"}],
    "/api/v1/contributions/{ref}/": [{"ref": "contribution"}],
    "/api/v1/verifications/{ref}/": [{"ref": "verification"}],
    "/api/v1/lookbacks/{ref}/": [{"ref": "lookback"}],
    "/api/v1/slips/{ref}/": [{"ref": "slip"}],
    "/api/v1/initiatives/{code}/": [{"code": "initiative"}],
    "/api/v1/departments/{code}/": [{"code": "department"}],
    "/api/v1/posts/{code}/": [{"code": "post"}],
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
        "plan": plan.code,
        "clause": clause.code,
        "indicator": factories.make_target(item, factories.make_indicator()).indicator.code,
        "item": item.code,
        "other": other.code,
        "draft": str(draft.ref),
        "submitted": str(submitted.ref),
        "initiative": factories.make_initiative("I-1").code,
        "department": cast.science.code,
        "post": factories.make_post("kjj-head", department=cast.science).code,
        **make_words(item, cast),
    }


def make_words(item: Commitment, cast: Cast) -> dict[str, Any]:
    """Questions, a file, a contribution, a look-back: their references by what they are."""
    closed = factories.make_commitment("C-3", plan=item.plan, department=cast.science, stage=Stage.CLOSED)
    lookback = factories.make_lookback(closed, drawn_by=cast.chen)
    file = evidence.add(item, upload=evidence_files.upload(), by=cast.actor("lin"), today=factories.TODAY).evidence
    rows: dict[str, Any] = {
        "extension": factories.make_extension(item, author=cast.lin),
        "blocker": factories.make_blocker(item, author=cast.lin, wanted_from=factories.make_post()),
        "instruction": factories.make_instruction(item, given_by=cast.wu),
        "evidence": file,
        "contribution": factories.make_contribution(item, author=cast.zhou),
        "device": devices.signed_in(AuthToken.objects.create(user=cast.lin)[0], name="手机", by=cast.actor("lin")),
        "verification": factories.make_verification(closed, verifier=cast.chen, lookback=lookback),
        "lookback": lookback,
        "slip": slip_rows.make_slip(item),
    }
    return {name: str(row.ref) for name, row in rows.items()}


def values_of(path: str, scene: dict[str, Any]) -> list[dict[str, str]]:
    """What may stand in the place of a path's parameters and is there; none where nothing is known."""
    found = [names for start, names in ADDRESSES.items() if path.startswith(start)]
    return [{name: scene[key] for name, key in names.items()} for names in (found[-1] if found else [])]
