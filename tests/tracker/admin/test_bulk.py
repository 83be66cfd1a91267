"""Many at once: a page that says what will happen, one reason, one group, and no refusal in silence."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import make_commitment, make_department
from tests.reminder_rows import make_channel
from tracker.choices import Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Reminder

LIST = "/admin/tracker/commitment/"


def ask(client, action, *rows, **said):
    """Choose these rows and an action, as the list sends it."""
    return client.post(LIST, {"action": action, "index": 0, "_selected_action": [row.pk for row in rows], **said})


def do(client, page, **said):
    """Press the button of the page that asks."""
    chosen = page.context["chosen"]
    first = chosen.split(",")[0]
    data = {"action": page.context["action"], "index": 0, "_selected_action": first, "chosen": chosen, "reason": ""}
    return client.post(LIST, data | said, follow=True)


def sentences(answer):
    return [str(message) for message in answer.context["messages"]]


def registered(code, cast):
    return make_commitment(code, department=cast.science, stage=Stage.REGISTERED, issued_on=None)


def test_handing_out_first_says_what_will_happen_and_what_will_not(cast, browser):
    good, done, nobodys = registered("C-1", cast), make_commitment("C-2", stage=Stage.CLOSED), make_commitment("C-3")
    Commitment.objects.filter(pk=nobodys.pk).update(stage=Stage.REGISTERED)
    page = ask(browser("chen"), "hand_out", good, done, nobodys)
    assert [line.name for line in page.context["possible"]] == [str(good)]
    assert [(line.name, bool(line.why_not)) for line in page.context["impossible"]] == [
        (str(done), True),
        (str(nobodys), True),
    ]
    assert not Event.objects.exists()


def test_each_row_is_done_by_itself_under_one_reason_and_one_group(cast, browser):
    chen, rows = browser("chen"), [registered(f"C-{number}", cast) for number in range(3)]
    page = ask(chen, "hand_out", *rows)
    Commitment.objects.filter(pk=rows[1].pk).update(stage=Stage.CANCELLED)  # somebody is faster
    answer = do(chen, page, reason="市政府第 9 次常务会议。")
    assert sorted(Commitment.objects.values_list("stage", flat=True)) == [Stage.CANCELLED, Stage.ISSUED, Stage.ISSUED]
    moved = Event.objects.filter(kind=EventKind.COMMITMENT_MOVED)
    assert len({event.group for event in moved}) == 1
    assert {event.reason for event in moved} == {"市政府第 9 次常务会议。"}
    assert any("C-1" in sentence for sentence in sentences(answer))
    assert len(sentences(answer)) == 2


def test_all_across_the_pages_are_taken_and_nothing_that_came_later(cast, browser):
    for number in range(60):
        registered(f"C-{number:02d}", cast)
    chen = browser("chen")
    page = ask(chen, "hand_out", Commitment.objects.get(code="C-00"), select_across=1)
    assert len(page.context["possible"]) == 60
    late = registered("C-99", cast)
    do(chen, page)
    assert Commitment.objects.filter(stage=Stage.ISSUED).count() == 60
    late.refresh_from_db()
    assert late.stage == Stage.REGISTERED


def test_all_across_the_pages_keeps_the_filter(cast, browser):
    mine, other = registered("C-1", cast), make_commitment("C-2", department=cast.science, stage=Stage.ACCEPTED)
    data = {"action": "remind", "index": 0, "_selected_action": [mine.pk], "select_across": 1}
    page = browser("chen").post(f"{LIST}?stage__exact=accepted", data)
    assert [line.name for line in page.context["possible"]] == [str(other)]
    assert page.context["back"].endswith("?stage__exact=accepted")


def test_reassigning_needs_a_reason_and_a_lead_and_says_so_beside_the_field(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    chen = browser("chen")
    page = ask(chen, "reassign", item)
    again = do(chen, page)
    assert set(again.context["form"].errors) == {"reason", "lead"}
    assert again.context["possible"][0].name == str(item)
    do(chen, page, lead=cast.health_bureau.pk, reason="职责在卫健委。")
    item.refresh_from_db()
    assert (item.lead, item.stage) == (cast.health_bureau, Stage.ISSUED)


def test_one_of_many_that_the_department_leads_already_is_named(cast, browser):
    rows = [make_commitment("C-1", department=cast.science), make_commitment("C-2", department=cast.health_bureau)]
    chen = browser("chen")
    answer = do(chen, ask(chen, "reassign", *rows), lead=cast.health_bureau.pk, reason="调整。")
    assert any(sentence.startswith("C-2") for sentence in sentences(answer))
    assert set(Commitment.objects.values_list("lead__code", flat=True)) == {"wjw"}


def test_reminding_puts_messages_into_the_outbox_and_names_what_reaches_nobody(cast, browser):
    item, nobodys = make_commitment("C-1", department=cast.science), make_commitment("C-2")
    chen = browser("chen")
    page = ask(chen, "remind", item, nobodys)
    assert [line.name for line in page.context["impossible"]] == [str(nobodys)]
    do(chen, page, reason="请尽快填报。")
    assert [row.recipient for row in Reminder.objects.all()] == [cast.lin]
    assert Event.objects.get(kind=EventKind.REMINDED_BY_HAND).reason == "请尽快填报。"


def test_confirming_leads_of_many(cast, browser):
    named, nobody = make_commitment("C-1", department=cast.science), make_commitment("C-2")
    Commitment.objects.filter(pk=named.pk).update(lead_is_suggested=True)
    chen = browser("chen")
    page = ask(chen, "confirm_lead", named, nobody)
    assert [line.name for line in page.context["impossible"]] == [str(nobody)]
    do(chen, page)
    named.refresh_from_db()
    assert named.lead_is_suggested is False


def test_where_nothing_can_be_done_there_is_no_button(cast, browser):
    page = ask(browser("chen"), "hand_out", make_commitment("C-1", stage=Stage.CLOSED))
    assert page.context["possible"] == []
    assert b'type="submit" value' not in page.content


@pytest.mark.parametrize("chosen", ["", "x", "1,,2", "1;DROP"])
def test_a_broken_choice_does_nothing(chosen, cast, browser):
    item = registered("C-1", cast)
    said = {"chosen": chosen, "reason": ""}
    assert ask(browser("chen"), "hand_out", item, **said).status_code == 200
    item.refresh_from_db()
    assert item.stage == Stage.REGISTERED


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_nobody_else_does_it(name, cast, browser):
    item = registered("C-1", cast)
    ask(browser(name), "hand_out", item, chosen=str(item.pk), reason="")
    item.refresh_from_db()
    assert item.stage == Stage.REGISTERED


def test_the_box_for_the_new_lead_finds_a_department_by_its_initials(cast, browser):
    bureau = make_department("sjj", name="市审计局")
    bureau.initials = "ssjj"
    bureau.save()
    box = {"app_label": "tracker", "model_name": "commitment", "field_name": "lead", "term": "ssj"}
    found = browser("chen").get(reverse("admin:autocomplete"), box).json()["results"]
    assert [row["text"] for row in found] == ["市审计局"]


def test_reminding_says_when_it_goes_out_and_the_words_reach_the_people(cast, browser):
    make_channel()
    item, chen = make_commitment("C-1", department=cast.science), browser("chen")
    with time_machine.travel("2026-11-27T10:00:00+08:00", tick=False):  # a Friday
        page = ask(chen, "remind", item)
        assert "立即发出" in page.context["sentence"]
        answer = do(chen, page, reason="请尽快填报。")
    assert Reminder.objects.get().note == "请尽快填报。"
    assert "1 人将立即收到消息。" in sentences(answer)
    other = make_commitment("C-2", department=cast.science)
    with time_machine.travel("2026-11-28T10:00:00+08:00", tick=False):  # a Saturday
        page = ask(chen, "remind", other)
        assert "2026 年 11 月 30 日 08:00" in page.context["sentence"]
        answer = do(chen, page)
    assert any("2026 年 11 月 30 日 08:00" in sentence and "今天休息" in sentence for sentence in sentences(answer))


def test_without_a_channel_the_page_promises_no_message(cast, browser):
    item, chen = make_commitment("C-1", department=cast.science), browser("chen")
    page = ask(chen, "remind", item)
    assert "没有启用任何消息渠道" in page.context["sentence"]
    assert "1 人只能在站内提醒中看到：没有可用的消息渠道。" in sentences(do(chen, page))


def test_words_that_no_message_could_hold_are_refused_beside_their_field(cast, browser):
    item, chen = make_commitment("C-1", department=cast.science), browser("chen")
    answer = do(chen, ask(chen, "remind", item), reason="请" * 201)
    assert set(answer.context["form"].errors) == {"reason"}
    assert not Reminder.objects.exists()
