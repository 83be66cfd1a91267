"""What the tests of the pages share: a small ledger with everything in it, and eyes that read HTML strictly."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client

from tests.factories import (
    Cast,
    make_cast,
    make_clause,
    make_commitment,
    make_department,
    make_indicator,
    make_initiative,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tracker.choices import Health, Involvement, Kind, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Post, PostHolding, User

PERSONAS = ("lin", "zhou", "chen", "wu", "gu")


def make_world() -> Cast:
    """Two plans, two chapters, ten departments, every light, every report state; ODD-1 is Zhou's by support only."""
    cast = make_cast()
    plan, other = make_plan("P1"), make_plan("P2")
    chapters = [make_clause(plan, str(number), heading=f"第{number}章") for number in (1, 2)]
    clauses = [make_clause(plan, f"{one.code}.1", heading="条款", parent=one) for one in chapters]
    leads = [cast.science, cast.health_bureau, *(make_department(f"d{number}") for number in range(8)), None]
    for number in range(66):
        make_commitment(
            f"W-{number:03d}",
            plan=plan,
            clause=clauses[number % 2] if number % 7 else None,
            department=leads[number % 11],
            health=list(Health)[number % 5 if number % 3 else number % 7],
            progress=Decimal(number) if number % 4 else None,
            due_on=date(2026, 12, 31) if number % 6 else None,
            kind=list(Kind)[number % 7],
        )
    make_commitment("OTHER-1", plan=other, department=cast.science, health=Health.OFF_TRACK)
    shared = make_commitment("ODD-1", plan=plan, department=cast.science, stage=Stage.ISSUED, is_continuous=True)
    CommitmentDepartment.objects.create(
        commitment=shared, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    make_commitment("RED-1", plan=plan, department=cast.science, is_red_line=True, clause=clauses[0])
    _posts(cast)
    _full(make_commitment("FULL-1", plan=plan, department=cast.science, initiative=make_initiative("I-9")), cast)
    return cast


def _posts(cast: Cast) -> None:
    """Wu's post over the head post of science, which Lin holds and Zhou held before."""
    top = make_post("city-1", title="分管副市长", department=cast.office)
    head = Post.objects.create(code="kjj-head", title="局长", department=cast.science, is_head=True, overseen_by=top)
    PostHolding.objects.create(post=top, holder=cast.wu, starts_on=date(2025, 1, 1))
    PostHolding.objects.create(post=head, holder=cast.zhou, starts_on=date(2024, 1, 1), ends_on=date(2026, 2, 28))
    PostHolding.objects.create(post=head, holder=cast.lin, starts_on=date(2026, 3, 1))


def _full(item: Commitment, cast: Cast) -> None:
    """One commitment with everything that a page can show."""
    make_milestone(item, "开工", planned_on=date(2025, 3, 1), actual_on=date(2025, 3, 9), weight=Decimal(40))
    make_milestone(item, "投产 <b>", planned_on=date(2026, 11, 1))
    indicator = make_indicator()
    for year, value in ((2022, 143), (2023, 201), (2024, 214)):
        make_reading(indicator, year, Decimal(value))
    make_target(item, indicator)
    for month, state in ((8, ReportState.ACCEPTED), (9, ReportState.ACCEPTED), (10, ReportState.SUBMITTED)):
        make_report(
            item,
            author=cast.lin,
            state=state,
            period_start=date(2026, month, 1),
            period_end=date(2026, month, 28),
            progress=Decimal(month * 5),
            done="进展 <script>alert(1)</script>",
            reviewer=cast.chen if state == ReportState.ACCEPTED else None,
        )


def signed_in(user: User, *, language: str = "") -> Client:
    client = Client()
    client.force_login(user)
    if language:
        client.cookies["django_language"] = language
    return client


def parse(response: Any) -> Element:
    """The page as a tree. Raises html5lib's ParseError at the first thing that is not HTML5."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(response.content.decode())
    return tree


def text(node: Element) -> str:
    return "".join(node.itertext()).strip()


def figure(node: Element) -> int:
    """The number in a piece of text: "19 项逾期" is 19."""
    return int("".join(sign for sign in text(node) if sign.isdigit()))


def with_class(tree: Element, name: str) -> Iterator[Element]:
    return (node for node in tree.iter() if name in node.get("class", "").split())


def codes(client: Client, href: str) -> list[str]:
    """The codes of all rows behind an address, page after page."""
    found: list[str] = []
    while href:
        response = client.get(href)
        assert response.status_code == 200, (href, response.status_code)
        tree = parse(response)
        found += [text(cell) for cell in with_class(tree, "code") if cell.tag == "td"]
        href = next((link.get("href", "") for link in tree.iter("a") if link.get("rel") == "next"), "")
        assert len(found) < 1000, "paging does not end"
    return found
