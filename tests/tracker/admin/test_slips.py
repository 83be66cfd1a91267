"""Slips in the admin and on desks: drafted, issued, dropped, withdrawn by the office; answered by the lead."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories import Cast, make_commitment
from tests.slip_rows import make_slip
from tracker.choices import SlipLevel, SlipState, Stage
from tracker.models import Commitment, Slip

Browser = Callable[[str], Client]
DUE = date(2026, 9, 30)
DESK = "/admin/"


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("L-1", department=cast.science, due_on=DUE)


@pytest.fixture
def draft(item: Commitment) -> Slip:
    return make_slip(item, state=SlipState.DRAFT, text="")


def change(slip: Slip) -> str:
    return f"/admin/tracker/slip/{slip.pk}/change/"


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, slip: Slip, button: str, **said: Any) -> Any:
    prefix = "end-" if button in {"_drop", "_withdraw"} else ""
    fields = {f"{prefix}{name}": value for name, value in ({"seen": slip.revision} | said).items()}
    return client.post(change(slip), {button: "x", **fields}, follow=True)


def test_the_draft_shows_its_grounds_and_suggests_words_and_a_day(draft: Slip, browser: Browser) -> None:
    page = shown(browser("chen"), change(draft))
    assert "已逾期 53 天" in page
    assert "一、未按期完成的原因" in page
    assert 'value="2026-11-27"' in page  # the fifth working day
    assert f"/slips/{draft.ref}.docx" in page


def test_the_suggestion_is_chinese_whatever_the_writer_reads(draft: Slip, browser: Browser) -> None:
    client = browser("chen")
    client.cookies["django_language"] = "en"
    page = shown(client, change(draft))
    assert "days late" in page
    assert "一、未按期完成的原因" in page


def test_issuing_asks_for_a_yes_and_gives_a_number(draft: Slip, browser: Browser) -> None:
    said = {"text": "请书面答复。", "answer_due_on": "2026-11-30"}
    refused = press(browser("chen"), draft, "_issue", **said)
    assert "请书面答复。" in refused.content.decode()
    assert "请先通读督办单再勾选" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.state == SlipState.DRAFT
    done = press(browser("chen"), draft, "_issue", confirmed="on", **said)
    assert "已签发：督办〔2026〕1 号。" in done.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.text) == (SlipState.ISSUED, 1, "请书面答复。")
    assert "休息日" not in done.content.decode()
    second = press(browser("chen"), draft, "_issue", confirmed="on", **said).content.decode()  # a second window
    assert "，草稿不能再处理。" in second


def test_an_answer_that_is_wanted_on_a_day_off_is_pointed_out(draft: Slip, browser: Browser) -> None:
    said = {"text": "请书面答复。", "answer_due_on": "2026-12-05", "confirmed": "on"}  # a Saturday
    assert "2026-12-05 为休息日" in press(browser("chen"), draft, "_issue", **said).content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"text": "", "answer_due_on": "2026-11-30"}, "督办要求为空"),
        ({"text": "请答复。", "answer_due_on": ""}, "请选择要求单位答复的日期"),
        ({"text": "x" * 401, "answer_due_on": "2026-11-30"}, "errorlist"),
        ({"text": "请答复。", "answer_due_on": "2026-11-01"}, "答复期限已过"),
        ({"text": "请答复。", "answer_due_on": "x"}, "errorlist"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    said: dict[str, str], sentence: str, draft: Slip, browser: Browser
) -> None:
    page = press(browser("chen"), draft, "_issue", confirmed="on", **said).content.decode()
    assert sentence in page
    assert said["text"] in page
    assert Slip.objects.get().number is None


def test_a_draft_without_ground_can_only_be_dropped(draft: Slip, item: Commitment, browser: Browser) -> None:
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.REPORTED_DONE)
    page = shown(browser("chen"), change(draft))
    assert "_issue" not in page
    assert "_drop" in page
    late = press(browser("chen"), draft, "_issue", text="x", answer_due_on="2026-11-30", confirmed="on")
    assert Slip.objects.get().state == SlipState.DRAFT
    assert late.status_code == 200
    press(browser("chen"), draft, "_drop", reason="已报办结。")
    assert Slip.objects.get().end_reason == "已报办结。"


def test_a_second_writer_is_told(draft: Slip, browser: Browser) -> None:
    page = press(browser("chen"), draft, "_drop", reason="x", seen=draft.revision + 5).content.decode()
    assert Slip.objects.get().state == SlipState.DRAFT
    assert "errornote" in page


def test_withdrawing_asks_for_a_reason_and_a_yes(item: Commitment, browser: Browser) -> None:
    slip = make_slip(item)
    press(browser("chen"), slip, "_withdraw", reason="送达有误。")
    assert Slip.objects.get().state == SlipState.ISSUED
    done = press(browser("chen"), slip, "_withdraw", reason="送达有误。", confirmed="on")
    assert "编号不再使用" in done.content.decode()
    assert (Slip.objects.get().state, Slip.objects.get().number) == (SlipState.WITHDRAWN, 1)


def test_the_lead_answers_from_its_desk(item: Commitment, browser: Browser) -> None:
    slip, lin = make_slip(item), browser("lin")
    desk = shown(lin, DESK)
    assert "督办单待答复" in desk
    assert change(slip) in desk
    page = press(lin, slip, "_answer", text="月底前完成。", promised_on="2026-11-01").content.decode()
    assert "承诺的日期已过" in page
    assert "月底前完成。" in page
    press(lin, slip, "_answer", text="月底前完成。", promised_on="2026-11-30")
    slip.refresh_from_db()
    assert (slip.state, slip.answer, slip.promised_on) == (SlipState.ANSWERED, "月底前完成。", date(2026, 11, 30))
    assert change(slip) not in shown(lin, DESK)
    again = press(lin, slip, "_answer", text="再答。", promised_on="2026-11-30").content.decode()
    assert "已答复" in again
    assert Slip.objects.get().answer == "月底前完成。"


def test_who_may_not_act_is_offered_nothing(item: Commitment, browser: Browser) -> None:
    slip = make_slip(item)
    for name in ("wu", "gu"):
        page = shown(browser(name), change(slip))
        assert not any(button in page for button in ("_answer", "_withdraw", "_issue", "_drop"))
        press(browser(name), slip, "_withdraw", reason="x", confirmed="on")
    assert browser("zhou").get(change(slip)).status_code == 404
    assert Slip.objects.get().state == SlipState.ISSUED


def test_the_office_drafts_by_hand_from_the_commitment(item: Commitment, browser: Browser) -> None:
    chen, add = browser("chen"), "/admin/tracker/slip/add/?commitment=L-1"
    assert add in shown(chen, f"/admin/tracker/commitment/{item.pk}/change/").replace("&amp;", "&")
    assert add not in shown(browser("lin"), f"/admin/tracker/commitment/{item.pk}/change/")
    assert "一、未按期完成的原因" in shown(chen, add)
    page = chen.post(add, {"text": "请答复。"}, follow=True).content.decode()
    assert "已拟稿" in page
    assert (Slip.objects.get().text, Slip.objects.get().state) == ("请答复。", SlipState.DRAFT)
    assert "已有督办单草稿" in chen.get(add, follow=True).content.decode()


def test_a_slip_by_hand_keeps_to_the_chain(item: Commitment, browser: Browser) -> None:
    make_slip(item, answer_due_on=date(2026, 11, 30))
    answer = browser("chen").get("/admin/tracker/slip/add/?commitment=L-1", follow=True)
    assert "给单位的时间到 2026-11-30" in answer.content.decode()


def test_desks_show_what_waits(item: Commitment, cast: Cast, browser: Browser) -> None:
    late = make_slip(item, answer_due_on=date(2026, 11, 9))
    other = make_commitment("L-2", department=cast.health_bureau, due_on=DUE)
    draft = make_slip(other, state=SlipState.DRAFT)
    office = shown(browser("chen"), DESK)
    assert change(draft) in office
    assert f"/slips/{late.ref}/" in office
    assert "督办单逾期未答复" in office
    zhou = shown(browser("zhou"), DESK)
    assert "督办单待答复" not in zhou
    yellow = make_slip(item, level=SlipLevel.YELLOW, cites=late, number=2)
    red = make_slip(item, level=SlipLevel.RED, cites=yellow, number=3)
    assert f"/slips/{red.ref}/" in shown(browser("wu"), DESK)
    lin = shown(browser("lin"), DESK)
    assert [change(one) in lin for one in (late, yellow, red)] == [False, False, True]


def test_a_department_reads_no_draft_in_the_list_or_the_history(
    draft: Slip, item: Commitment, browser: Browser
) -> None:
    from tracker.actions import slips
    from tracker.policies import SYSTEM

    slips.drop(draft, reason="已当面沟通", by=SYSTEM, today=date(2026, 11, 22))
    lin = browser("lin")
    assert lin.get(change(draft)).status_code == 404
    for address in ("/admin/tracker/slip/", f"/admin/tracker/commitment/{item.pk}/history/", "/commitments/L-1/"):
        assert "已当面沟通" not in shown(lin, address)
    assert "已当面沟通" in shown(browser("chen"), f"/admin/tracker/commitment/{item.pk}/history/")
