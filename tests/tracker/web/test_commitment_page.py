"""One commitment: why this light, with the figures; who answers then and now; the dates between; its relatives."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.utils import timezone

from projects.models import Reading
from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_clause,
    make_commitment,
    make_extension,
    make_indicator,
    make_initiative,
    make_plan,
    make_post,
    make_report,
    make_target,
)
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.actions import extensions, health
from tracker.choices import Involvement, ReportState
from tracker.models import Blocker, Commitment, CommitmentDepartment, Evidence, Post, PostHolding

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def look(cast: Cast, name: str = "wu", code: str = "C-1") -> Element:
    response = signed_in(getattr(cast, name), language="en").get(f"/commitments/{code}/")
    assert response.status_code == 200
    return parse(response)


def compared(tree: Element) -> list[list[str]]:
    table = next(with_class(tree, "compared"))
    return [[" ".join(text(cell).split()) for cell in row] for row in table.iter("tr") if row.find("td") is not None]


def test_the_figures_behind_the_light_stand_under_its_sentence(cast: Cast) -> None:
    item = make_commitment(
        "C-1", department=cast.science, starts_on=date(2026, 1, 1), due_on=date(2026, 10, 1), progress=Decimal(40)
    )
    health.reassess([item], today=TODAY)
    assert compared(look(cast)) == [
        ["Past the date: late at once", "today, 2026-11-22", "2026-10-01", "52 days", "–", "from 1 day"],
        [
            "Behind time-proportional progress",
            "40 %",
            "100 %",
            "60 points",
            "10 to 30 points",
            "above 30 points",
        ],
    ]


def test_a_light_without_figures_shows_no_empty_table(cast: Cast) -> None:
    make_commitment("C-1", department=cast.science)
    assert list(with_class(look(cast), "compared")) == []


def test_the_post_tells_who_held_it_when_the_matter_was_handed_out_and_who_does_now(cast: Cast) -> None:
    post = make_post("kjj-2", title="分管副局长", department=cast.science)
    PostHolding.objects.create(post=post, holder=cast.gu, starts_on=date(2025, 1, 1), ends_on=date(2026, 5, 31))
    PostHolding.objects.create(post=post, holder=cast.lin, starts_on=date(2026, 6, 1))
    make_commitment("C-1", department=cast.science, issued_on=date(2026, 1, 5))
    Commitment.objects.update(post=post)
    shown = " ".join(text(look(cast)).split())
    assert "Lin since 2026-06-01" in shown
    assert "When it was handed out: Gu, from 2025-01-01 until 2026-05-31" in shown
    assert "no other is named" not in shown


def test_without_a_post_of_its_own_the_head_of_the_lead_answers_and_the_page_says_so(cast: Cast) -> None:
    post = make_post("kjj-head", title="局长", department=cast.science)
    Post.objects.filter(pk=post.pk).update(is_head=True)
    make_commitment("C-1", department=cast.science)
    shown = " ".join(text(look(cast)).split())
    assert "局长head post of the lead; no other is named" in shown
    assert "nobody holds it today" in shown


def test_each_extension_stands_between_the_first_date_and_the_present_one(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science, due_on=date(2026, 12, 31))
    for wanted_on in (date(2027, 3, 31), date(2027, 6, 30)):
        asked = make_extension(Commitment.objects.get(pk=item.pk), author=cast.lin, wanted_on=wanted_on)
        extensions.decide(asked, is_granted=True, by=cast.actor("chen"), today=TODAY)
    facts = " ".join(text(next(with_class(look(cast), "facts"))).split())
    dates = ("2026-12-31", "2027-03-31", "2027-06-30")
    said = [f"First due{dates[0]}", f"Extended{dates[1]}", f"Extended{dates[2]}", f"Due now{dates[2]}"]
    places = [facts.index(words) for words in said]
    assert places == sorted(places)


def test_the_words_of_a_due_date_stand_beside_the_day_that_they_say(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science, due_on=date(2026, 11, 30))
    # Moved on the site: the words are still the plan's.
    Commitment.objects.filter(pk=item.pk).update(due_on=date(2026, 12, 15), due_text="11月底")
    facts = " ".join(text(next(with_class(look(cast), "facts"))).split())
    assert "First due2026-11-30 “11月底”" in facts
    Commitment.objects.filter(pk=item.pk).update(due_text="12月15日")  # a file moved both
    facts = " ".join(text(next(with_class(look(cast), "facts"))).split())
    assert "Due now2026-12-15 “12月15日”" in facts


def test_progress_is_drawn_against_time_with_the_figures_behind_it(cast: Cast) -> None:
    item = make_commitment(
        "C-1", department=cast.science, starts_on=date(2026, 1, 1), due_on=date(2026, 12, 31), progress=Decimal(50)
    )
    for month, value in ((6, 20), (10, 50)):
        make_report(
            item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen, progress=Decimal(value),
            period_start=date(2026, month, 1), period_end=date(2026, month, 28),
        )  # fmt: skip
    tree = look(cast)
    assert "50 % done, 89 % due by today: 39 points behind." in text(tree).replace("\N{NARROW NO-BREAK SPACE}", " ")
    figures = next(with_class(tree, "figures"))
    rows = [[text(cell).replace("\N{NARROW NO-BREAK SPACE}", " ") for cell in row] for row in figures.iter("tr")][1:]
    assert rows == [["2026-06-28", "20 %", "48.8 %", "−28.8"], ["2026-10-28", "50 %", "82.2 %", "−32.2"]]
    assert any(node.tag.endswith("polyline") for node in with_class(tree, "path")), "due by time: dashed"


def test_reported_and_verified_stand_side_by_side(cast: Cast) -> None:
    item, indicator = make_commitment("C-1", department=cast.science), make_indicator(unit="家")
    make_target(item, indicator)
    Reading.objects.create(
        indicator=indicator, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31),
        reported=Decimal(250), verified=Decimal(238), source="名单",
    )  # fmt: skip
    facts = " ".join(text(next(with_class(look(cast), "facts"))).split())
    assert "250 家 reported 238 家 verified gap 12 家" in facts.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_report_that_waits_for_review_does_not_count_yet(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science, progress=Decimal(40))
    make_report(item, author=cast.lin, progress=Decimal(55))
    facts = " ".join(text(next(with_class(look(cast), "facts"))).split())
    assert "55 % reported, waits for review gap 15" in facts


def test_a_report_carries_the_blockers_of_its_time_and_its_files(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science)
    reports = [
        make_report(
            item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen,
            period_start=date(2026, month, 1), period_end=date(2026, month, 28),
        )
        for month in (9, 10)
    ]  # fmt: skip
    blocker = make_blocker(item, author=cast.lin, wanted_from=make_post())
    Blocker.objects.filter(pk=blocker.pk).update(created_at=timezone.now().replace(month=9, day=20))
    Evidence.objects.create(
        commitment=item, report=reports[1], author=cast.lin, name="验收单.pdf", size=9, media_type="application/pdf",
        sha256="0" * 64,
    )  # fmt: skip
    october, september = [
        text(node) for node in with_class(look(cast), "report") if "2026" in text(node) and "Accepted" in text(node)
    ]
    assert "验收单.pdf" in october
    assert "用地预审未办结。" not in october
    assert "用地预审未办结。" in september


def test_the_family_stands_within_sight_only(cast: Cast) -> None:
    plan, other, thing = make_plan("P1"), make_plan("P2"), make_initiative("I-1")
    parent = make_commitment("A-0", plan=plan, department=cast.health_bureau)
    item = make_commitment("C-1", plan=plan, department=cast.science, parent=parent, initiative=thing)
    make_commitment("C-2", plan=plan, department=cast.science, parent=item)
    make_commitment("C-3", plan=plan, department=cast.health_bureau, parent=item)
    make_commitment("Z-9", plan=other, department=cast.health_bureau, initiative=thing)
    make_commitment("N-1", plan=other, department=cast.science)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING
    )
    found = {
        name: [
            code
            for code in ("A-0", "C-2", "C-3", "Z-9", "N-1")
            if f"/commitments/{code}/" in addresses(look(cast, name))
        ]
        for name in ("wu", "lin", "zhou")
    }
    assert found == {"wu": ["A-0", "C-2", "C-3", "Z-9"], "lin": ["C-2"], "zhou": ["A-0", "C-3", "Z-9"]}
    assert "P2" in text(next(with_class(look(cast), "family")))


def addresses(tree: Element) -> set[str]:
    return {link.get("href", "") for link in tree.iter("a")}


def test_the_place_in_the_text_and_the_thing_promised_are_linked(cast: Cast) -> None:
    plan = make_plan("P1")
    clause = make_clause(plan, "1.2", parent=make_clause(plan, "1"))
    make_commitment("C-1", plan=plan, department=cast.science, clause=clause, initiative=make_initiative("I-1"))
    found = addresses(look(cast))
    assert "/projects/I-1/" in found
    assert any(href.startswith("/plans/P1/#") for href in found)
