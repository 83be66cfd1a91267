"""Posts and portfolios: everything of one post, the posts under it, and numbers that are the rows they lead to."""

from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine

from tests.factories import TODAY, Cast, make_blocker, make_cast, make_commitment, make_department, make_post
from tests.tracker.web.pages import codes, figure, parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.models import Commitment, Deputy, Post, PostHolding

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    """Wu's post is over the heads of science and health, and that over a third; seven matters in two lights."""
    cast = make_cast()
    top = make_post("city-1", title="分管副市长", department=cast.office)
    head = make_post("kjj-head", title="局长", department=cast.science)
    other = make_post("wjw-head", title="主任", department=cast.health_bureau)
    deep = make_post("jd-head", title="所长", department=make_department("jd", name="市检验所"))
    for post, above in ((head, top), (other, top), (deep, other)):
        Post.objects.filter(pk=post.pk).update(is_head=True, overseen_by=above)
    PostHolding.objects.create(post=top, holder=cast.wu, starts_on=date(2026, 1, 1))
    for number in range(7):
        make_commitment(
            f"C-{number}",
            department=[cast.science, cast.health_bureau, deep.department][number % 3],
            health=[Health.OFF_TRACK, Health.AT_RISK][number % 2],
        )
    Commitment.objects.filter(code="C-1").update(post=top)  # counted with the top and with the head of its lead
    make_commitment("X-1", department=make_department("xx", name="市外办"))
    return cast


def look(cast: Cast, address: str, name: str = "wu") -> Element:
    response = signed_in(getattr(cast, name), language="en").get(address)
    assert response.status_code == 200, address
    return parse(response)


def links(tree: Element) -> list[Element]:
    return [link for link in tree.iter("a") if link.get("href", "").startswith("/commitments/?")]


@pytest.mark.parametrize("address", ["/portfolio/", "/posts/city-1/", "/posts/kjj-head/", "/posts/wjw-head/"])
def test_every_number_is_the_rows_it_leads_to(cast: Cast, address: str) -> None:
    client, seen = signed_in(cast.wu, language="en"), 0
    for link in links(look(cast, address)):
        if any(sign.isdigit() for sign in text(link)):
            assert len(codes(client, link.get("href", ""))) == figure(link), (address, link.get("href"))
            seen += 1
    assert seen > 3


def test_a_portfolio_holds_the_posts_under_the_posts_under_it_and_counts_each_matter_once(cast: Cast) -> None:
    tree = look(cast, "/portfolio/")
    for title in ("分管副市长", "局长", "主任", "所长"):
        assert title in text(tree)
    headline = next(with_class(tree, "headline"))
    assert "7 commitments" in text(headline)
    assert codes(signed_in(cast.wu), "/commitments/?portfolio=1") == [f"C-{number}" for number in range(7)]


def test_posts_that_oversee_each_other_end(cast: Cast) -> None:
    top, deep = Post.objects.get(code="city-1"), Post.objects.get(code="jd-head")
    Post.objects.filter(pk=top.pk).update(overseen_by=deep)
    assert text(look(cast, "/portfolio/")).count("所长") == 1


def test_who_stands_in_has_the_portfolio_while_it_lasts(cast: Cast) -> None:
    top = Post.objects.get(code="city-1")
    deputy = Deputy.objects.create(post=top, deputy=cast.gu, starts_on=TODAY, ends_on=TODAY)
    assert "局长" in text(look(cast, "/portfolio/", "gu"))
    Deputy.objects.filter(pk=deputy.pk).update(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    assert "局长" not in text(look(cast, "/portfolio/", "gu"))


def test_nobody_without_a_post_is_left_with_an_empty_page(cast: Cast) -> None:
    shown = text(look(cast, "/portfolio/", "chen"))
    assert "You hold no post" in shown
    assert "supervision office enters" in shown


def test_the_page_of_a_post_tells_its_people_and_its_place(cast: Cast) -> None:
    head = Post.objects.get(code="kjj-head")
    PostHolding.objects.create(post=head, holder=cast.zhou, starts_on=date(2024, 1, 1), ends_on=date(2026, 2, 28))
    PostHolding.objects.create(post=head, holder=cast.lin, starts_on=date(2026, 3, 1))
    Deputy.objects.create(post=head, deputy=cast.gu, starts_on=TODAY, ends_on=date(2026, 11, 30), reason="学习")
    shown = text(look(cast, "/posts/kjj-head/"))
    for words in ("Lin", "since 2026-03-01", "Zhou", "2026-02-28", "Gu stands in until 2026-11-30", "分管副市长"):
        assert words in shown


def test_blockers_asked_of_a_post_stand_on_its_page_and_on_its_departments(cast: Cast) -> None:
    item = Commitment.objects.get(code="C-0")
    make_blocker(item, author=cast.lin, wanted_from=Post.objects.get(code="wjw-head"))
    for address in ("/posts/wjw-head/", "/departments/wjw/"):
        tree = look(cast, address)
        assert "用地预审未办结。" in text(tree)
        assert "1 of 1 wait for an answer" in text(tree)
        # Zhou's department is asked, and reads it; the matter itself is out of Zhou's sight.
        asked = look(cast, address, "zhou")
        assert "用地预审未办结。" in text(asked)
        assert "/commitments/C-0/" not in {link.get("href") for link in asked.iter("a")}
    assert "1 blocker asked" in text(look(cast, "/portfolio/"))


def test_a_department_reads_on_a_post_only_what_it_sees(cast: Cast) -> None:
    Deputy.objects.create(post=Post.objects.get(code="kjj-head"), deputy=cast.zhou, starts_on=TODAY, ends_on=TODAY)
    tree = look(cast, "/posts/kjj-head/", "zhou")
    assert "answers for no commitment" in text(tree), "the matters of science are not Zhou's to read"
    assert codes(signed_in(cast.zhou), "/commitments/?post=kjj-head") == []


def test_a_filter_by_a_post_out_of_sight_is_refused_like_an_unknown_one(cast: Cast) -> None:
    client = signed_in(cast.zhou)
    for code in ("kjj-head", "nothing", "x%00"):
        assert client.get(f"/commitments/?post={code}").status_code == 400
