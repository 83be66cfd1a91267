"""The list of slips and one slip as a paper: what stands there, for whom, and as a file."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import TODAY, Cast, make_cast, make_clause, make_commitment, make_plan
from tests.slip_rows import make_slip
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import SlipLevel, SlipState
from tracker.models import Commitment, Slip
from tracker.queries import slips

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    plan = make_plan()
    due_on = timezone.localdate() - timedelta(days=90)
    clause = make_clause(plan, "2.1", heading="技术转移")
    row = make_commitment(
        "S-1", title="用好<b>云平台</b>", plan=plan, department=cast.science, due_on=due_on, clause=clause
    )
    Commitment.objects.filter(pk=row.pk).update(original_due_on=due_on - timedelta(days=30))
    row.refresh_from_db()
    return row


@pytest.fixture
def red(cast: Cast, item: Commitment) -> Slip:
    """The end of a chain, and beside it a draft and an answered slip of others."""
    blue = make_slip(item, number=1)
    yellow = make_slip(item, number=2, level=SlipLevel.YELLOW, cites=blue)
    answered = make_commitment("S-2", department=cast.health_bureau)
    make_slip(answered, number=4, state=SlipState.ANSWERED)
    make_slip(make_commitment("S-3", department=cast.science), state=SlipState.DRAFT)
    return make_slip(
        item, number=3, level=SlipLevel.RED, cites=yellow, text="请说明 & {{ 原因 }}。", issued_by=cast.chen
    )


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return text(parse(response))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["S-3", "S-2", "S-1", "S-1", "S-1"]),
        ("?state=draft", ["S-3"]),
        ("?state=answered", ["S-2"]),
        ("?state=late", ["S-1"]),
        ("?level=yellow", ["S-1"]),
        ("?year=2026", ["S-2", "S-1", "S-1", "S-1"]),
        ("?department=wjw", ["S-2"]),
        ("?state=dropped", []),
    ],
)
def test_the_filters_choose_the_slips(red: Slip, cast: Cast, query: str, found: list[str]) -> None:
    assert _codes(signed_in(cast.chen), f"/slips/{query}") == found


def test_a_department_sees_its_own_and_no_draft(red: Slip, cast: Cast) -> None:
    assert _codes(signed_in(cast.lin), "/slips/") == ["S-1", "S-1", "S-1"]
    assert _codes(signed_in(cast.zhou), "/slips/") == ["S-2"]
    assert signed_in(cast.lin).get("/slips/?state=draft").status_code == 400


@pytest.mark.parametrize("query", ["state=x", "level=purple", "year=1900", "department=zz", "wrong=1"])
def test_a_wrong_filter_is_named(red: Slip, cast: Cast, query: str) -> None:
    response = signed_in(cast.chen).get(f"/slips/?{query}")
    assert response.status_code == 400
    assert list(with_class(parse(response), "errors"))


def test_pages_follow_each_other_without_a_gap(red: Slip, cast: Cast) -> None:
    viewer, after, found = cast.actor("chen"), "", list[str]()
    for _page in range(9):
        part = slips.page(viewer, after=after, size=2, today=TODAY)
        found += [row.code for row in part.rows]
        after = part.next_after
        if not after:
            break
    assert found == ["S-3", "S-2", "S-1", "S-1", "S-1"]
    assert signed_in(cast.chen).get("/slips/?after=1.x").status_code == 200


def test_what_a_later_slip_followed_is_not_waited_for(red: Slip, cast: Cast) -> None:
    shown = page(signed_in(cast.chen, language="en"), "/slips/?level=blue&department=kjj&state=issued")
    assert "not answered" in shown
    assert "No answer in time" not in shown.split("Slips that pass")[1]


def test_the_list_as_a_file_holds_all_rows(red: Slip, cast: Cast) -> None:
    body = signed_in(cast.chen).get("/slips/?format=csv").getvalue().decode("utf-8-sig")
    assert len(body.strip().splitlines()) == 2 + 5
    assert "督办〔2026〕3 号" in body


def test_an_empty_list_says_what_would_stand_there(cast: Cast) -> None:
    assert "尚未签发督办单" in page(signed_in(cast.lin), "/slips/")


def test_the_paper_says_everything(red: Slip, cast: Cast) -> None:
    shown = page(signed_in(cast.lin), f"/slips/{red.ref}/")
    for words in (
        "市委市政府督查室", "督办〔2026〕3 号", "红色", "市科技局", "用好<b>云平台</b>", "S-1", "2.1 技术转移", "原定",
        "督办〔2026〕1 号", "督办〔2026〕2 号", "未答复", "请说明 & {{ 原因 }}。", "2026",
    ):  # fmt: skip
        assert words in shown, words
    assert "草稿" not in shown


def test_a_draft_is_marked_and_has_no_number(red: Slip, cast: Cast) -> None:
    draft = Slip.objects.get(state=SlipState.DRAFT)
    shown = page(signed_in(cast.wu), f"/slips/{draft.ref}/")
    assert "草稿" in shown
    assert "未编号" in shown
    assert "签发时确定" in shown


def test_the_paper_leads_to_what_the_reader_may_do(red: Slip, cast: Cast) -> None:
    admin = f"/admin/tracker/slip/{red.pk}/change/"
    assert admin in signed_in(cast.lin).get(f"/slips/{red.ref}/").content.decode()
    assert admin in signed_in(cast.chen).get(f"/slips/{red.ref}/").content.decode()
    assert admin not in signed_in(cast.wu).get(f"/slips/{red.ref}/").content.decode()
    blue = Slip.objects.get(number=1)
    assert f"/admin/tracker/slip/{blue.pk}/" not in signed_in(cast.lin).get(f"/slips/{blue.ref}/").content.decode()


def test_what_is_out_of_sight_does_not_exist(red: Slip, cast: Cast) -> None:
    for path in (f"/slips/{red.ref}/", f"/slips/{red.ref}.docx"):
        assert signed_in(cast.zhou).get(path).status_code == 404
    assert signed_in(cast.chen).get(f"/slips/{uuid4()}/").status_code == 404
    assert Client().get(f"/slips/{red.ref}/").status_code == 302


def test_the_commitment_page_names_its_slips(red: Slip, cast: Cast) -> None:
    shown = signed_in(cast.lin).get("/commitments/S-1/").content.decode()
    assert shown.count("督办〔2026〕") == 3
    assert f"/slips/{red.ref}/" in shown


def test_public_pages_never_show_a_slip(red: Slip, cast: Cast) -> None:
    for path in ("/public/", "/public/P1/", "/public/P1/S-1/"):
        assert "督办" not in Client().get(path).content.decode()


def _codes(client: Client, address: str) -> list[str]:
    found: list[str] = []
    while address:
        tree = parse(client.get(address))
        found += [text(one) for one in with_class(tree, "code")]
        address = next((link.get("href", "") for link in tree.iter("a") if link.get("rel") == "next"), "")
    return found
