"""The lower half of a commitment's page: what was asked, answered, proved; who reads it, and who is offered to ask."""

from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_department,
    make_extension,
    make_instruction,
    make_post,
)
from tests.tracker.web.pages import parse, signed_in, text
from tracker.actions import blockers, events, extensions, instructions
from tracker.actions.events import Entry
from tracker.choices import Involvement
from tracker.event_kinds import EventKind
from tracker.models import Commitment, CommitmentDepartment, Contribution, Evidence, Verification

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science, due_on=DUE)


def page(cast: Cast, name: str, language: str = "en") -> Element:
    response = signed_in(getattr(cast, name), language=language).get("/commitments/C-1/")
    assert response.status_code == 200
    return parse(response)


def addresses(tree: Element) -> set[str]:
    return {link.get("href", "").split("?")[0] for link in tree.iter("a")}


def test_both_dates_stand_there_and_which_one_counts(cast: Cast, item: Commitment) -> None:
    asked = make_extension(item, author=cast.lin)
    extensions.decide(asked, is_granted=True, decision="同意延期。", by=cast.actor("chen"), today=TODAY)
    for language in ("en", ""):
        shown = text(page(cast, "wu", language))
        assert "设备到货延期。" in shown
        assert "同意延期。" in shown
    assert "assessed by the first date" in text(page(cast, "wu"))
    second = make_extension(Commitment.objects.get(pk=item.pk), author=cast.lin, wanted_on=date(2027, 6, 30))
    extensions.decide(second, is_granted=True, is_exemption=True, by=cast.actor("chen"), today=TODAY)
    assert "assessed by this date" in text(page(cast, "wu"))


def test_questions_stand_there_with_their_answers(cast: Cast, item: Commitment) -> None:
    post = make_post()
    blocker = make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=date(2026, 11, 20))
    given = make_instruction(item, given_by=cast.wu, text="请每周报告。")
    shown = text(page(cast, "lin"))
    for words in ("用地预审未办结。", "2 days over", "请每周报告。", "9 days left"):
        assert words in shown
    blockers.answer(blocker, answer="指标已落实。", by=cast.actor("chen"), today=TODAY)
    instructions.answer(given, answer="已按周报告。", by=cast.actor("lin"), today=TODAY)
    shown = text(page(cast, "lin"))
    for words in ("指标已落实。", "已按周报告。"):
        assert words in shown
    assert "days over" not in shown


def test_verifications_and_files_stand_there(cast: Cast, item: Commitment) -> None:
    Verification.objects.create(
        commitment=item,
        verifier=cast.chen,
        method="site_visit",
        finding="partly",
        note="二期未投产。",
        verified_on=TODAY,
    )
    facts = {"commitment": item, "author": cast.lin, "size": 2048, "media_type": "application/pdf", "sha256": "a" * 64}
    kept = Evidence.objects.create(name="验收单.pdf", note="验收结论", **facts)
    Evidence.objects.create(name="误传.pdf", withdrawn_at="2026-11-21T00:00:00Z", **facts)
    tree = page(cast, "wu")
    shown = text(tree)
    for words in ("二期未投产。", "Chen", "验收单.pdf", "验收结论", "2.0"):
        assert words in shown
    assert "误传.pdf" not in shown
    assert reverse("admin:tracker_evidence_download", args=[kept.pk]) in addresses(tree)


def test_a_contribution_is_read_by_its_department_the_lead_and_the_city_and_by_no_other(
    cast: Cast, item: Commitment
) -> None:
    other = make_department("fgw", name="市发展改革委")
    for order, department in enumerate((cast.health_bureau, other)):
        CommitmentDepartment.objects.create(
            commitment=item, department=department, involvement=Involvement.SUPPORTING, order=order
        )
    part = Contribution.objects.create(
        commitment=item, department=other, author=cast.gu, text="我委已批复。",
        period_start=date(2026, 11, 1), period_end=date(2026, 11, 30),
    )  # fmt: skip
    told = Entry(
        kind=EventKind.CONTRIBUTION_SAVED, commitment=item, subject=str(part.ref), changes={"text": ["", "批"]}
    )
    events.record(told, by=cast.actor("gu"))
    seen = {name: "我委已批复。" in text(page(cast, name)) for name in ("lin", "zhou", "chen", "wu")}
    assert seen == {"lin": True, "zhou": False, "chen": True, "wu": True}
    with translation.override("en"):
        saved = str(EventKind.CONTRIBUTION_SAVED.label)
    history = {name: saved in text(page(cast, name)) for name in ("lin", "zhou", "chen", "wu")}
    assert history == seen, "what is not read is not told of either"


def test_everybody_is_offered_only_what_they_may_ask(cast: Cast, item: Commitment) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    add = {kind: reverse(f"admin:tracker_{kind}_add") for kind in ("extensionrequest", "blocker", "instruction")}
    offered = {
        name: [kind for kind, href in add.items() if href in addresses(page(cast, name))]
        for name in ("lin", "zhou", "chen", "wu", "gu")
    }
    assert offered == {
        "lin": ["extensionrequest", "blocker"], "zhou": ["blocker"], "chen": ["instruction"], "wu": ["instruction"],
        "gu": [],
    }  # fmt: skip
    make_extension(item, author=cast.lin)
    assert add["extensionrequest"] not in addresses(page(cast, "lin")), "one waits already"


def test_the_history_tells_questions_in_words(cast: Cast, item: Commitment) -> None:
    asked = extensions.request(
        item, wanted_on=date(2027, 3, 31), reason="设备到货延期。", by=cast.actor("lin"), today=TODAY
    )
    extensions.decide(asked, is_granted=False, decision="工期充足。", by=cast.actor("chen"), today=TODAY)
    tree = page(cast, "wu")
    history = next(table for table in tree.iter("table") if "history" in table.get("class", ""))
    assert "Extension decided" in text(history)
    assert "Waits for a decision" in text(history)
    assert "Refused" in text(history)
