"""A list's tag changes with everything that the list shows: what does not stamp the clock must not stand in one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from projects.actions import catalogue
from projects.choices import Direction, Frequency, InitiativeKind
from tests import evidence_files
from tests.factories import (
    TODAY,
    Cast,
    make_clause,
    make_commitment,
    make_extension,
    make_indicator,
    make_instruction,
    make_post,
    make_report,
)
from tests.tracker.api.conftest import Caller
from tracker.actions import (
    blockers,
    commitments,
    contributions,
    evidence,
    extensions,
    health,
    instructions,
    lookbacks,
    people,
    plans,
    reviews,
    slips,
    verifications,
)
from tracker.choices import (
    BlockerCategory,
    Comparator,
    DepartmentKind,
    Health,
    Involvement,
    Role,
    Stage,
    VerificationFinding,
    VerificationMethod,
)
from tracker.models import Commitment, CommitmentDepartment, Plan, Post

pytestmark = pytest.mark.django_db


def ask(cast: Cast) -> None:
    blockers.ask(
        Commitment.objects.get(code="A"), category=BlockerCategory.LAND, text="缺地。", wanted_from=Post.objects.get(),
        wanted_by=TODAY, by=cast.actor("lin"), today=TODAY,
    )  # fmt: skip


def worry(cast: Cast) -> None:
    health.override(
        Commitment.objects.get(code="A"), to=Health.AT_RISK, reason="设备未到货。", until=TODAY,
        by=cast.actor("chen"), today=TODAY,
    )  # fmt: skip


# List: what changes it, by an action.
CHANGES: dict[str, Callable[[Cast], Any]] = {
    "blockers/": ask,
    "extensions/": lambda cast: extensions.decide(
        make_extension(Commitment.objects.get(code="A"), author=cast.lin),
        is_granted=True, by=cast.actor("chen"), today=TODAY,
    ),
    "instructions/": lambda cast: instructions.answer(
        make_instruction(Commitment.objects.get(code="A"), given_by=cast.wu),
        answer="已办。", by=cast.actor("lin"), today=TODAY,
    ),
    "evidence/": lambda cast: evidence.add(
        Commitment.objects.get(code="A"), upload=evidence_files.upload(), by=cast.actor("lin"), today=TODAY
    ),
    "reports/": lambda cast: reviews.accept(
        make_report(Commitment.objects.get(code="A"), author=cast.lin), by=cast.actor("chen"), today=TODAY
    ),
    "contributions/": lambda cast: contributions.save(
        Commitment.objects.get(code="A"), text="已提供数据。", by=cast.actor("zhou"), today=TODAY
    ),
    "verifications/": lambda cast: verifications.record(
        make_commitment("DONE", department=cast.science, stage=Stage.REPORTED_DONE),
        method=VerificationMethod.DOCUMENTS, finding=VerificationFinding.CONFIRMED, note="属实。",
        by=cast.actor("chen"), today=TODAY,
    ),
    "lookbacks/": lambda cast: lookbacks.draw(
        closed_from=TODAY, closed_until=TODAY, size=1, by=cast.actor("chen"), today=TODAY
    ),
    "milestones/": lambda cast: commitments.set_milestone(
        Commitment.objects.get(code="A"), name="开工", planned_on=TODAY, by=cast.actor("chen"), today=TODAY
    ),
    "commitments/A/targets/": lambda cast: commitments.set_target(
        Commitment.objects.get(code="A"), indicator=make_indicator(), comparator=Comparator.AT_LEAST,
        value=Decimal(5), by=cast.actor("chen"), today=TODAY,
    ),
    "indicators/": lambda _cast: catalogue.record_reading(
        make_indicator(), period_start=TODAY, period_end=TODAY, reported=Decimal(5)
    ),
    "plans/P1/clauses/": lambda cast: plans.set_clause(
        Plan.objects.get(code="P1"), "7", values={"heading": "开放"}, by=cast.actor("chen")
    ),
    "plans/P1/": lambda cast: plans.judge_clause(
        make_clause(Plan.objects.get(code="P1")), needs_none=True, reason="只作判断。", by=cast.actor("chen")
    ),
    "departments/": lambda cast: people.set_department(
        cast.science.code, name="市科学技术局", short_name="科技局", kind=DepartmentKind.CITY,
        jurisdiction=cast.science.jurisdiction, by=cast.actor("gu"),
    ),
    "posts/": lambda cast: people.set_post("kjj-head", title="局长", department=cast.science, by=cast.actor("gu")),
    "initiatives/": lambda cast: catalogue.set_initiative("P-1", name="科创中心", kind=InitiativeKind.PROJECT),
    "slips/": lambda cast: slips.draft(
        make_commitment("LATE", department=cast.science, due_on=TODAY.replace(day=1)),
        by=cast.actor("chen"), today=TODAY,
    ),
    "changes/": worry,
    "overview/": worry,
}  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
def test_the_tag_changes_with_what_the_list_shows(path: str, cast: Cast, sign_in: Callable[[str], Caller]) -> None:
    item = make_commitment("A", department=cast.science)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    Commitment.objects.filter(pk=make_commitment("CLOSED", department=cast.science, stage=Stage.CLOSED).pk).update(
        closed_on=TODAY
    )
    make_post("wjw-head", department=cast.health_bureau)
    chen = sign_in("chen")
    tag = chen.get(path)["ETag"]
    assert chen.get(path, If_None_Match=tag).status_code == 304
    CHANGES[path](cast)
    assert chen.get(path, If_None_Match=tag).status_code == 200


def test_no_answer_stands_when_a_name_in_it_is_another(cast: Cast, sign_in: Callable[[str], Caller]) -> None:
    item = make_commitment("A", department=cast.science)
    indicator = make_indicator()
    commitments.set_target(
        item, indicator=indicator, comparator=Comparator.AT_LEAST, value=Decimal(5), by=cast.actor("chen"), today=TODAY
    )
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    make_post("wjw-head", department=cast.health_bureau)
    ask(cast)
    make_post("kjj-head", department=cast.science)
    instruction, extension = make_instruction(item, given_by=cast.wu), make_extension(item, author=cast.lin)
    file = evidence.add(item, upload=evidence_files.upload(), by=cast.actor("lin"), today=TODAY).evidence
    given = contributions.save(item, text="已提供数据。", by=cast.actor("zhou"), today=TODAY)
    paths = (
        "commitments/A/", f"reports/{make_report(item, author=cast.lin).ref}/", f"extensions/{extension.ref}/",
        f"instructions/{instruction.ref}/", f"evidence/{file.ref}/", f"blockers/{item.blockers.get().ref}/",
        f"contributions/{given.ref}/", "instructions/", "posts/",
    )  # fmt: skip
    chen, renamed = sign_in("chen"), 0
    changed: set[tuple[int, str]] = set()

    def rename() -> None:
        name = f"新名{renamed}"
        if renamed == 0:
            values = {"title": name}
            commitments.revise(item, values=values, reason="更正。", by=cast.actor("chen"), today=TODAY)
        elif renamed < 4:
            person = (cast.lin, cast.zhou, cast.wu)[renamed - 1]
            people.set_user(
                person.username,
                role=Role(person.role),
                full_name=name,
                department=person.department,
                by=cast.actor("gu"),
            )
        elif renamed == 4:
            catalogue.set_indicator(
                indicator.code, name=name, definition=indicator.definition, unit=indicator.unit,
                direction=Direction(indicator.direction), frequency=Frequency(indicator.frequency),
                source=indicator.source,
            )  # fmt: skip
        else:
            people.set_department(
                cast.science.code, name=name, short_name=name, kind=DepartmentKind.CITY,
                jurisdiction=cast.science.jurisdiction, by=cast.actor("gu"),
            )  # fmt: skip

    for renamed in range(6):
        read = {path: chen.get(path) for path in paths}
        rename()
        for path, before in read.items():
            again = chen.get(path, If_None_Match=before["ETag"])
            now = chen.get(path)
            assert again.status_code == 200 or now.json() == before.json(), (renamed, path)
            if now.json() != before.json():
                changed.add((renamed, path))
    assert {path for _kind, path in changed} == set(paths), "every answer shows a name"
