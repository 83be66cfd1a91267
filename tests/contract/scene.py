"""What stands in the database while the contract of the API is tried: one of everything of two departments.

Lin and Hai are of the science bureau, Zhou is of the health commission: what is the one's is foreign to the other.
Every word of a department holds its mark.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Model, TextField
from knox.models import AuthToken

from projects.models import Indicator
from tests import evidence_files, factories, slip_rows
from tests.factories import TODAY, Cast
from tracker.actions import devices, evidence
from tracker.choices import Health, ReportState, Role, SlipState, Stage
from tracker.models import Commitment, Evidence, ExtensionRequest, Post, PostHolding, User

# What stands in an address, by the beginning of its path: the names of its parameters, and keys of the scene.
ADDRESSES: dict[str, list[dict[str, str]]] = {
    "/api/v1/commitments/{code}/": [{"code": "item"}, {"code": "other"}],
    **{
        f"/api/v1/commitments/{{code}}/{step}/": [{"code": stage}, {"code": "item"}]
        for step, stage in {
            "issuance": "registered",
            "acceptance": "issued",
            "refusal": "issued",
            "start": "accepted",
            "closing": "verified",
            "archiving": "closed",
            "reopening": "closed",
            "resumption": "suspended",
            "deferral": "suspended",
        }.items()
    },
    "/api/v1/me/devices/{ref}/": [{"ref": "device"}],
    "/api/v1/reports/{ref}/": [{"ref": "draft"}, {"ref": "submitted"}],
    "/api/v1/extensions/{ref}/": [{"ref": "extension"}],
    "/api/v1/blockers/{ref}/": [{"ref": "blocker"}],
    "/api/v1/instructions/{ref}/": [{"ref": "instruction"}],
    "/api/v1/evidence/{ref}/": [{"ref": "evidence"}],
    "/api/v1/contributions/{ref}/": [{"ref": "contribution"}],
    "/api/v1/verifications/{ref}/": [{"ref": "verification"}],
    "/api/v1/lookbacks/{ref}/": [{"ref": "lookback"}],
    "/api/v1/departments/{code}/": [{"code": "department"}],
    "/api/v1/posts/{code}/": [{"code": "post"}],
    "/api/v1/slips/{ref}/": [{"ref": "slip"}, {"ref": "slip_draft"}],
    "/api/v1/plans/{plan}/": [{"plan": "plan"}],
    "/api/v1/plans/{plan}/clauses/{clause}/": [{"plan": "plan", "clause": "clause"}],
    "/api/v1/indicators/{indicator}/": [{"indicator": "indicator"}],
    "/api/v1/initiatives/{code}/": [{"code": "initiative"}],
}
MARKS = {"science": "科技密文", "health": "卫健密文"}
# Fields whose words are no words of a person's.
NOT_WORDS = frozenset({"code", "seed", "sha256", "media_type", "color", "reference"})
UNCHANGING = (ExtensionRequest, Evidence)  # the database refuses to change their words


def make_scene() -> dict[str, Any]:
    """People by their names, the public keys of the science bureau's things by what they are, `health`: the others'."""
    cast = factories.make_cast()
    hai = factories.make_user("hai", role=Role.HEAD, department=cast.science)
    tang = factories.make_user("tang", department=factories.make_department("tj", name="市统计局"))
    people = {"lin": cast.lin, "hai": hai, "zhou": cast.zhou, "chen": cast.chen, "wu": cast.wu, "gu": cast.gu}
    catalogue = make_catalogue()
    sides = {
        name: catalogue | make_things(name, author=author, tang=tang, cast=cast)
        for name, author in (("science", cast.lin), ("health", cast.zhou))
    }
    return people | sides["science"] | {"health": sides["health"]}


def make_catalogue() -> dict[str, str]:
    """What everybody may read, by what it is."""
    plan = factories.make_plan()
    clause = factories.make_clause(plan)
    indicator = factories.make_indicator()
    factories.make_reading(indicator, 2023, Decimal(201))
    initiative = factories.make_initiative("I-1")
    return {"plan": plan.code, "clause": clause.code, "indicator": indicator.code, "initiative": initiative.code}


def make_things(name: str, *, author: User, tang: User, cast: Cast) -> dict[str, str]:
    """One of everything that is a department's; Tang of the statistics bureau contributes."""
    letter = name[0].upper()
    department = author.department
    assert department is not None
    plan = factories.make_plan()
    common: dict[str, Any] = {"plan": plan, "department": department, "clause": plan.clauses.get()}
    item, other = (factories.make_commitment(f"{letter}-{number}", **common) for number in (1, 2))
    closed = factories.make_commitment(f"{letter}-3", stage=Stage.CLOSED, health=Health.DONE, **common)
    resting = {
        stage: factories.make_commitment(f"{letter}-{stage}", stage=stage, **common)
        for stage in (Stage.REGISTERED, Stage.ISSUED, Stage.ACCEPTED, Stage.VERIFIED, Stage.SUSPENDED)
    }
    post = Post.objects.create(code=f"{name}-head", title="局长", department=department, is_head=True)
    rows = {
        "draft": factories.make_report(item, author=author, state=ReportState.DRAFT),
        "submitted": factories.make_report(other, author=author),
        "lookback": (lookback := factories.make_lookback(closed, drawn_by=cast.chen)),
        "verification": factories.make_verification(closed, verifier=cast.chen, lookback=lookback),
        "slip": slip_rows.make_slip(item, number=1 if name == "science" else 2),
        "slip_draft": slip_rows.make_slip(other, state=SlipState.DRAFT),
        **make_words(item, MARKS[name], author=author, tang=tang, cast=cast),
    }
    for row in (item, other, closed, post, *resting.values(), *rows.values()):
        if not isinstance(row, UNCHANGING):
            mark(row, MARKS[name])
    PostHolding.objects.create(post=post, holder=author, starts_on=TODAY)
    keys = {"item": item.code, "other": other.code, "closed": closed.code, "post": post.code}
    keys |= {"department": department.code} | {stage.value: row.code for stage, row in resting.items()}
    return keys | {what: str(row.ref) for what, row in rows.items()}


def make_words(item: Commitment, word: str, *, author: User, tang: User, cast: Cast) -> dict[str, Any]:
    """Questions, steps, a file, a contribution, a device: by what they are."""
    factories.make_milestone(item, planned_on=date(2026, 12, 1))
    factories.make_target(item, Indicator.objects.get())
    return {
        "extension": factories.make_extension(item, author=author, reason=f"{word}原因"),
        "blocker": factories.make_blocker(item, author=author, wanted_from=_asked()),
        "instruction": factories.make_instruction(item, given_by=cast.wu),
        "evidence": evidence.add(
            item, upload=evidence_files.upload(), note=f"{word}批复", by=cast.actor(author.username), today=TODAY
        ).evidence,
        "contribution": factories.make_contribution(item, author=tang),
        "device": devices.signed_in(
            AuthToken.objects.create(user=author)[0], name="手机", by=cast.actor(author.username)
        ),
    }


def mark(row: Model, word: str) -> None:
    """Put a word before every text of a row, past what guards it: this is a scene."""
    texts = [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and not (field.choices or field.unique or field.name in NOT_WORDS or field.name.endswith("basis"))
    ]
    changed = {name: f"{word}{getattr(row, name)}" for name in texts if getattr(row, name)}
    type(row)._default_manager.filter(pk=row.pk).update(**changed)


def values_of(path: str, scene: dict[str, Any]) -> list[dict[str, str]]:
    """What may stand in the place of a path's parameters and is there; none where nothing is known."""
    found = [(len(start), names) for start, names in ADDRESSES.items() if path.startswith(start)]
    if not found:
        return []
    return [{name: scene[key] for name, key in names.items()} for names in max(found, key=lambda one: one[0])[1]]


def _asked() -> Post:
    """The post that the blockers ask: of a department that is neither's."""
    return Post.objects.filter(code="fgw-head").first() or factories.make_post()
