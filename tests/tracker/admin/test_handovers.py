"""Posts in the admin: handing over, the list to read and confirm, deputies, and finding people by initials."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import TODAY, Cast, make_commitment, make_user
from tracker.actions import people
from tracker.choices import DepartmentKind
from tracker.models import Deputy, Post, PostHolding
from tracker.policies import SYSTEM, Actor

HOLDING = "/admin/tracker/postholding/"
DEPUTY = "/admin/tracker/deputy/"


@pytest.fixture
def post(cast: Cast) -> Post:
    post = people.set_post("kjj-head", title="局长", department=cast.science, is_head=True, by=SYSTEM)
    people.hand_over(post, to=cast.zhou, on=date(2026, 1, 1), by=SYSTEM)
    return post


@pytest.fixture
def holding(cast: Cast, post: Post) -> PostHolding:
    """Lin takes over from Zhou; one matter is open."""
    make_commitment("C-1", department=cast.science, title="建设中试平台")
    return people.hand_over(post, to=cast.lin, on=TODAY, by=SYSTEM)


def handover(holding: PostHolding) -> str:
    return reverse("admin:tracker_postholding_handover", args=[holding.pk])


def page(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]  # a response


def test_handing_over_leads_to_the_list(cast, browser, post):
    make_commitment("C-1", department=cast.science)
    said = {"post": post.pk, "holder": cast.lin.pk, "starts_on": "2026-11-22"}
    answer = browser("chen").post(f"{HOLDING}add/", said)
    held = PostHolding.objects.get(ends_on__isnull=True)
    assert answer["Location"] == handover(held)
    assert "C-1" in page(browser("chen").get(handover(held)))
    assert handover(held) in page(browser("chen").get(HOLDING))


def test_the_new_holder_reads_and_confirms_without_seeing_the_lists_of_others(cast, browser, holding):
    lin = browser("lin")
    text = page(lin.get(handover(holding)))
    assert "建设中试平台" in text
    assert "<form" in text.partition('id="content"')[2]
    assert lin.post(handover(holding)).status_code == 302
    holding.refresh_from_db()
    assert holding.received_on == TODAY
    text = page(lin.get(handover(holding)))
    assert "2026-11-22" in text
    assert lin.get(HOLDING).status_code == 403


def test_who_has_nothing_to_do_with_the_post_does_not_find_its_list(cast, browser, holding):
    make_user("sun", department=cast.science)
    assert browser("zhou").get(handover(holding)).status_code == 404
    assert browser("zhou").post(handover(holding)).status_code == 404
    for name in ("chen", "wu", "gu"):
        assert browser(name).get(handover(holding)).status_code == 200
        browser(name).post(handover(holding))
    holding.refresh_from_db()
    assert holding.received_on is None


def test_who_stands_in_confirms_and_matters_out_of_sight_are_no_links(cast, browser, post, holding):
    people.set_deputy(post, deputy=cast.zhou, starts_on=TODAY, ends_on=TODAY, by=SYSTEM)
    text = page(browser("zhou").get(handover(holding)))
    assert "建设中试平台" in text
    assert "/admin/tracker/commitment/" not in text.partition('id="content"')[2]
    assert browser("zhou").post(handover(holding)).status_code == 302
    holding.refresh_from_db()
    assert holding.received_on == TODAY


def test_a_deputy_is_named_and_ends_early(cast, browser, post):
    chen = browser("chen")
    said = {
        "post": post.pk,
        "deputy": cast.lin.pk,
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-10",
        "reason": "学习",
    }
    answer = chen.post(f"{DEPUTY}add/", said | {"deputy": cast.zhou.pk})
    assert set(answer.context["adminform"].form.errors) == {"deputy"}
    answer = chen.post(f"{DEPUTY}add/", said | {"ends_on": "2026-11-01"})
    assert "ends_on" in str(answer.context["adminform"].form.errors) or answer.context["errors"]
    assert chen.post(f"{DEPUTY}add/", said).status_code == 302
    named = Deputy.objects.get()
    change = f"{DEPUTY}{named.pk}/change/"
    answer = chen.post(change, {"ends_on": "2026-12-20"})
    assert "ends_on" in answer.context["adminform"].form.errors
    assert chen.post(change, {"ends_on": "2026-12-05", "deputy": cast.wu.pk}).status_code == 302
    named.refresh_from_db()
    assert (named.ends_on, named.deputy) == (date(2026, 12, 5), cast.lin)
    assert browser("wu").get(change).status_code == 200
    assert browser("wu").post(change, {"ends_on": "2026-12-02"}).status_code == 403
    assert browser("lin").get(change).status_code == 404


def test_a_posts_page_names_its_people(cast, browser, post, holding):
    people.set_deputy(post, deputy=cast.wu, starts_on=TODAY, ends_on=TODAY, reason="学习", by=SYSTEM)
    text = page(browser("chen").get(f"/admin/tracker/post/{post.pk}/change/"))
    for fact in ("Lin", "Zhou", "Wu", "学习", "2026-11-21"):
        assert fact in text
    text = page(browser("lin").get("/departments/kjj/"))
    for fact in ("局长", "Lin", "Zhou", "Wu", "学习", "2026-11-21"):
        assert fact in text


def test_a_department_with_open_commitments_stays_on_and_says_why(cast, browser):
    make_commitment("C-1", department=cast.science)
    office = cast.science
    said = {
        "name": office.name, "short_name": office.short_name, "kind": office.kind,
        "jurisdiction": office.jurisdiction_id, "order": 0,
    }  # fmt: skip
    address = f"/admin/tracker/department/{office.pk}/change/"
    answer = browser("gu").post(address, said)
    assert "is_active" in answer.context["adminform"].form.errors
    assert browser("gu").post(address, said | {"is_active": "on"}).status_code == 302


def found(browser, model: str, field: str, words: str) -> list[str]:
    said = {"app_label": "tracker", "model_name": model, "field_name": field, "term": words}
    return [row["text"] for row in browser("chen").get("/admin/autocomplete/", said).json()["results"]]


def rename(cast: Cast, by: Actor) -> None:
    people.set_department(
        "kjj",
        name="市科技局",
        short_name="科技",
        kind=DepartmentKind.CITY,
        jurisdiction=cast.science.jurisdiction,
        by=by,
    )


def test_autocomplete_finds_a_department_a_post_and_a_person_by_pinyin_initials(cast, browser, post):
    cast.science.name = "科技局"
    cast.science.save()
    rename(cast, SYSTEM)
    people.set_user("sun", role=cast.lin.role, full_name="孙丽", department=cast.science, by=SYSTEM)
    assert found(browser, "post", "department", "skjj") == ["市科技局"]
    assert found(browser, "postholding", "post", "skjj") == ["局长"]
    assert found(browser, "postholding", "holder", "sl") == ["孙丽"]
