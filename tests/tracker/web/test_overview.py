"""The leader's page: every figure is the number of rows behind its link; a kept body is shown to nobody else."""

from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from django.utils import timezone

from tests.factories import Cast, make_commitment, make_extension, make_plan, make_post, make_report, make_user
from tests.tracker.web.pages import codes, figure, parse, signed_in, text, with_class
from tracker.actions import blockers, people, reports, reviews
from tracker.choices import BlockerCategory, DepartmentKind, Health, Role
from tracker.models import Commitment, PostHolding, ProgressReport
from tracker.policies import SYSTEM
from tracker.rules.reporting import ReportValues

READERS = ("lin", "zhou", "chen", "wu")


def has_figure(node: Element) -> bool:
    return any(sign.isdigit() for sign in text(node))


def figures_with_links(page: Element) -> list[tuple[str, int, str]]:
    """(where, number, address) of every figure that is a link; words without a number ("all done") are left out."""
    found: list[tuple[str, int, str]] = []
    for headline in with_class(page, "headline"):
        found += [("headline", figure(link), link.get("href", "")) for link in headline.iter("a") if has_figure(link)]
    for keys in with_class(page, "keys"):
        for link in keys.iter("a"):
            found.append(("key", figure(next(with_class(link, "n"))), link.get("href", "")))
    for row in with_class(page, "tally"):
        found += [("key", figure(link), link.get("href", "")) for td in with_class(row, "n") for link in td.iter("a")]
    for head in with_class(page, "section-head"):
        found += [("list", figure(link), link.get("href", "")) for link in head.iter("a")]
    for table in with_class(page, "heat"):
        for cell in table.iter("td"):
            found += [("matrix", figure(link), link.get("href", "")) for link in cell.iter("a")]
    for table in with_class(page, "departments"):
        for cell in table.iter("td"):
            found += [("departments", figure(link), link.get("href", "")) for link in cell.iter("a") if text(link)]
    return found


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("path", ["/?plan=P1", "/departments/", "/departments/{own}/"])
def test_every_figure_leads_to_exactly_as_many_rows(world: Cast, name: str, path: str) -> None:
    client = signed_in(getattr(world, name))
    page = parse(client.get(path.format(own="wjw" if name == "zhou" else "kjj")))
    found = figures_with_links(page)
    assert len(found) > 1
    for where, number, href in found:
        rows = codes(client, href)
        assert len(rows) == number, (where, href)
        assert len(set(rows)) == number, (where, href)


def test_the_overview_of_one_plan_counts_nothing_of_another(world: Cast) -> None:
    client = signed_in(world.wu)
    kinds = {where for where, _number, _href in figures_with_links(parse(client.get("/?plan=P1")))}
    assert kinds == {"headline", "key", "list", "matrix"}
    total = Commitment.objects.filter(plan__code="P1").count()
    keys = [n for where, n, _h in figures_with_links(parse(client.get("/?plan=P1"))) if where == "key"]
    assert sum(keys) == total
    assert all(
        "plan=P1" in href or "chapter=P1-" in href
        for _w, _n, href in figures_with_links(parse(client.get("/?plan=P1")))
    )


@pytest.mark.parametrize("light", list(Health))
def test_the_headline_of_a_single_light_leads_to_its_rows(db, light: Health) -> None:
    from tests.factories import make_cast

    cast = make_cast()
    for _ in range(2):
        make_commitment(department=cast.science, health=light)
    client = signed_in(cast.wu)
    page = parse(client.get("/"))
    for where, number, href in figures_with_links(page):
        assert len(codes(client, href)) == number, (where, href)
    for link in next(with_class(page, "headline")).iter("a"):
        assert len(codes(client, link.get("href", ""))) == 2, text(link)


def test_a_horizon_that_has_passed_is_the_news_and_its_figure_leads_to_what_is_open(db) -> None:
    from datetime import date

    from tests.factories import make_cast

    cast = make_cast()
    plan = make_plan("OLD", starts_on=date(2019, 1, 1), ends_on=date(2021, 12, 31))
    for number, light in enumerate((Health.DONE, Health.OFF_TRACK, Health.EXEMPT, Health.NO_DATA, Health.AT_RISK)):
        make_commitment(f"O-{number}", plan=plan, department=cast.science, health=light)
    client = signed_in(cast.wu)
    found = figures_with_links(parse(client.get("/")))
    assert found[0][1] == 3
    assert codes(client, found[0][2]) == ["O-1", "O-3", "O-4"]


def report_and_accept(cast: Cast, code: str) -> ProgressReport:
    today = timezone.localdate()
    item = Commitment.objects.get(code=code)
    values = ReportValues(done="完成", progress=Decimal(100))
    draft = reports.save_draft(item, values=values, by=cast.actor("lin"), today=today)
    sent = reports.submit(draft, by=cast.actor("lin"), today=today)
    return reviews.accept(sent, by=cast.actor("chen"), today=today)


def test_the_kept_body_changes_when_a_report_is_accepted(world: Cast) -> None:
    client = signed_in(world.wu)
    before = next(with_class(parse(client.get("/")), "tally"))
    assert text(next(with_class(parse(client.get("/")), "tally"))) == text(before)
    Commitment.objects.filter(code="W-000").update(health=Health.OFF_TRACK)
    assert text(next(with_class(parse(client.get("/")), "tally"))) == text(before), "nothing was kept"
    report_and_accept(world, "W-000")
    after = next(with_class(parse(client.get("/")), "tally"))
    assert text(after) != text(before)


def test_the_kept_body_is_never_shared_between_scopes_or_languages(world: Cast) -> None:
    bodies = {}
    for name in (*READERS, "gu"):
        for language in ("", "en"):
            client = signed_in(getattr(world, name), language=language)
            main = next(parse(client.get("/")).iter("main"))
            bodies[name, language] = text(main)
            assert text(next(parse(client.get("/")).iter("main"))) == bodies[name, language]
    assert bodies["wu", ""] == bodies["gu", ""]
    different = [bodies[name, language] for name in READERS for language in ("", "en")]
    assert len(set(different)) == len(different)


def test_two_officers_of_one_department_see_the_same_and_another_department_sees_its_own(world: Cast) -> None:
    from tests.factories import make_user

    colleague = make_user("lan", department=world.science)
    pages = [parse(signed_in(user).get("/")) for user in (world.lin, colleague, world.zhou)]
    lin, lan, zhou = (text(next(page.iter("main"))) for page in pages)
    assert lin == lan
    assert lin != zhou


def test_a_renamed_department_is_renamed_on_the_kept_overview(world: Cast) -> None:
    client = signed_in(world.wu)
    assert "新科技" not in client.get("/").content.decode()
    people.set_department(
        "kjj",
        name="市科技局",
        short_name="新科技",
        kind=DepartmentKind.CITY,
        jurisdiction=world.science.jurisdiction,
        by=SYSTEM,
    )
    assert "新科技" in client.get("/").content.decode()


def test_the_office_sees_what_waits_for_review_and_the_leader_what_nobody_reported(world: Cast) -> None:
    for code in ("W-000", "RED-1"):
        make_report(Commitment.objects.get(code=code), author=world.lin)
    office = parse(signed_in(world.chen).get("/?plan=P1"))
    waiting = [link for link in office.iter("a") if "review=1" in link.get("href", "")]
    assert [figure(link) for link in waiting] == [3]
    assert sorted(codes(signed_in(world.chen), waiting[0].get("href", ""))) == ["FULL-1", "RED-1", "W-000"]
    leader = parse(signed_in(world.wu).get("/?plan=P1"))
    assert not [link for link in leader.iter("a") if "review=1" in link.get("href", "")]


def test_a_pending_extension_stands_in_the_offices_queue(world: Cast) -> None:
    make_extension(Commitment.objects.get(code="W-000"), author=world.lin)
    make_extension(Commitment.objects.get(code="FULL-1"), author=world.lin)
    office = parse(signed_in(world.chen).get("/?plan=P1"))
    waiting = [link for link in office.iter("a") if "review=1" in link.get("href", "")]
    assert [figure(link) for link in waiting] == [2], "FULL-1 has a report to review as well"
    assert sorted(codes(signed_in(world.chen), waiting[0].get("href", ""))) == ["FULL-1", "W-000"]


def test_the_leader_reads_what_waits_for_their_own_word_and_nobody_elses(world: Cast) -> None:
    today = timezone.localdate()
    mine, foreign = make_post("mayor", title="副市长", department=world.office), make_post()
    PostHolding.objects.create(post=mine, holder=world.wu, starts_on=today)
    for code, post in (("RED-1", mine), ("ODD-1", mine), ("FULL-1", foreign)):
        item = Commitment.objects.get(code=code)
        blockers.ask(
            item, category=BlockerCategory.MONEY, text="缺资金。", wanted_from=post, wanted_by=today,
            by=world.actor("lin"), today=today,
        )  # fmt: skip
    make_extension(Commitment.objects.get(code="W-000"), author=world.lin)
    client = signed_in(world.wu)
    page = parse(client.get("/?plan=P1"))
    found = [(figure(link), link.get("href", "")) for link in page.iter("a") if "word=1" in link.get("href", "")]
    assert [number for number, _href in found] == [2, 2], "the headline's figure and the list's"
    for _number, href in found:
        assert sorted(codes(client, href)) == ["ODD-1", "RED-1"], "the office decides on a later date, no leader"
    assert "缺资金" in text(page), "the question itself, not the light's reason"
    other = make_user("sun", role=Role.LEADER)
    page = parse(signed_in(other).get("/?plan=P1"))
    found = [(figure(link), link.get("href", "")) for link in page.iter("a") if "word=1" in link.get("href", "")]
    assert found == []
    assert not [
        link for link in parse(signed_in(world.gu).get("/?plan=P1")).iter("a") if "word=1" in link.get("href", "")
    ]
    assert codes(signed_in(world.lin), "/commitments/?word=1") == [], "what others are asked waits for them"


def test_the_target_says_what_is_required(world: Cast) -> None:
    page = parse(signed_in(world.wu).get("/?plan=P1"))
    assert "262" in text(next(with_class(page, "target")))
