"""The inbox, the settings and the calendar addresses as pages: what they say, what their buttons do, what they keep."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_milestone,
    make_post,
    make_user,
)
from tests.reminder_rows import make_reminder
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Audience, ChannelKind, ReminderOccasion, ReminderState
from tracker.models import CalendarFeed, Channel, Commitment, PostHolding, Preference, Reminder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(f"{TODAY.isoformat()}T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return text(parse(answer))


def mark(client: Client, address: str = "/") -> str:
    """The number in the masthead; "" where there is none."""
    (link,) = with_class(parse(client.get(address)), "inbox-mark")
    return "".join(text(number) for number in link.iter("b"))


def test_a_line_says_what_is_wanted_whose_it_is_and_how_it_was_told(cast: Cast) -> None:
    away = make_user("hao", department=cast.science)
    Preference.objects.create(user=away, paused_from=TODAY, paused_until=TODAY, deputy=cast.lin)
    item = make_commitment("C-1", title="建成科创中心", department=cast.science)
    step = make_milestone(item, "封顶 <b>", planned_on=TODAY)
    make_reminder(
        item, recipient=away, occasion=ReminderOccasion.AFTER_DUE, due_on=TODAY - 3 * DAY, milestone=step,
        audience=Audience.HEAD,
    )  # fmt: skip
    said = words(signed_in(cast.lin), "/inbox/")
    late = "已逾期 3 天".replace(" ", "\N{NARROW NO-BREAK SPACE}")
    for part in ("已逾期", "建成科创中心", "封顶 <b>", late, "代 Hao", "单位负责人", "仅站内"):
        assert part in said, part


def test_nothing_of_a_matter_out_of_sight_stands_on_the_page(cast: Cast) -> None:
    item = make_commitment("SECRET-1", title="机密事项", department=cast.science)
    make_reminder(item, recipient=cast.zhou, milestone=make_milestone(item, "机密节点"))
    said = signed_in(cast.zhou).get("/inbox/").content.decode()
    assert "您已无权查看的事项" in said
    assert "机密" not in said
    assert "SECRET" not in said


def test_a_blocker_leads_to_its_form_and_shows_no_light_of_a_foreign_matter(cast: Cast) -> None:
    post = make_post("head", department=cast.office)
    PostHolding.objects.create(post=post, holder=cast.zhou, starts_on=TODAY)
    item = make_commitment("SECRET-1", title="建成科创中心", department=cast.science)
    blocker = make_blocker(item, author=cast.lin, wanted_from=post)
    make_reminder(item, recipient=cast.zhou, occasion=ReminderOccasion.BLOCKER_OPEN, blocker=blocker)
    said = signed_in(cast.zhou).get("/inbox/").content.decode()
    assert f"/admin/tracker/blocker/{blocker.pk}/change/" in said
    assert "SECRET" not in said
    assert signed_in(cast.zhou).get(f"/admin/tracker/blocker/{blocker.pk}/change/").status_code == 200


def test_every_link_of_the_inbox_leads_somewhere(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science)
    for occasion in ReminderOccasion:
        make_reminder(item, recipient=cast.lin, occasion=occasion)
    client = signed_in(cast.lin)
    page = parse(client.get("/inbox/"))
    found = {link.get("href", "") for line in with_class(page, "what-line") for link in line.iter("a")}
    assert found
    assert {client.get(href).status_code for href in found} == {200}


def test_the_masthead_counts_the_unread_on_pages_and_in_the_admin(cast: Cast) -> None:
    client = signed_in(cast.lin)
    assert mark(client) == mark(client, "/admin/") == ""
    rows = [make_reminder(make_commitment(f"C-{number}", department=cast.science), recipient=cast.lin)
            for number in range(2)]  # fmt: skip
    assert mark(client) == mark(client, "/admin/") == "2"
    client.post("/inbox/read/", {"id": rows[0].pk, "back": "unread"})
    assert mark(client) == "1"
    for number in range(2, 102):
        make_reminder(make_commitment(f"C-{number}", department=cast.science), recipient=cast.lin)
    assert mark(client) == "99+"


def test_the_buttons_mark_what_was_shown_and_return_to_the_same_lines(cast: Cast) -> None:
    client = signed_in(cast.lin)
    rows = [make_reminder(make_commitment(f"C-{number}", department=cast.science), recipient=cast.lin)
            for number in range(3)]  # fmt: skip
    page = client.get("/inbox/?show=unread")
    assert page.context["newest"] == rows[-1].pk
    make_reminder(make_commitment("C-9", department=cast.science), recipient=cast.lin)
    answer = client.post("/inbox/read/", {"up_to": rows[-1].pk, "back": "unread"}, follow=True)
    assert answer.redirect_chain == [("/inbox/?show=unread", 302)]
    assert "已将 3 条提醒标为已读" in answer.content.decode()
    assert Reminder.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("data", [{}, {"id": "x"}, {"id": "0"}, {"up_to": "9" * 40}, {"id": "1", "back": "//evil"}])
def test_a_button_with_nothing_behind_it_marks_nothing(data: dict[str, str], cast: Cast) -> None:
    make_reminder(make_commitment("C-9", department=cast.science), recipient=cast.lin)
    answer = signed_in(cast.zhou).post("/inbox/read/", data)
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert Reminder.objects.get().read_at is None


def test_each_list_says_what_it_means_that_it_is_empty(cast: Cast) -> None:
    client = signed_in(cast.lin)
    said = [words(client, f"/inbox/{query}") for query in ("", "?show=unread", "?show=settled")]
    assert "目前没有需要您办理的提醒" in said[0]
    assert "没有未读提醒" in said[1]
    assert "近期没有已处理的提醒" in said[2]
    wrong = client.get("/inbox/?show=wrong&x=1")
    assert wrong.status_code == 400
    assert "请" in text(next(with_class(parse(wrong), "errors")))


def test_what_was_dealt_with_stands_by_itself(cast: Cast) -> None:
    item = make_commitment("C-1", title="建成科创中心", department=cast.science)
    make_reminder(item, recipient=cast.lin, state=ReminderState.CANCELLED)
    client = signed_in(cast.lin)
    assert "建成科创中心" not in words(client, "/inbox/")
    assert "建成科创中心" in words(client, "/inbox/?show=settled")


def test_the_list_goes_on_by_its_mark(cast: Cast) -> None:
    for number in range(60):
        make_reminder(make_commitment(f"C-{number}", department=cast.science), recipient=cast.lin)
    client, found, href = signed_in(cast.lin), 0, "/inbox/"
    while href:
        tree = parse(client.get(href))
        found += sum(1 for _line in with_class(tree, "what-line"))
        href = next((link.get("href", "") for link in tree.iter("a") if link.get("rel") == "next"), "")
    assert found == 60


def wishes(**more: Any) -> dict[str, Any]:
    return {"choice": "site", "hour": "", "paused_from": "", "paused_until": "", "deputy": ""} | more


def test_settings_are_saved_and_said_in_the_next_message(cast: Cast) -> None:
    Channel.objects.filter(kind=ChannelKind.EMAIL).update(is_active=True, is_default=True)
    make_user("hao", department=cast.science)
    client = signed_in(cast.lin)
    assert "lin@example.invalid" in words(client, "/inbox/settings/")
    answer = client.post(
        "/inbox/settings/",
        wishes(hour="9", paused_from=f"{TODAY:%Y-%m-%d}", paused_until=f"{TODAY + 30 * DAY:%Y-%m-%d}", deputy="hao",
               muted=["blocker_answered"]),
        follow=True,
    )  # fmt: skip
    said = answer.content.decode()
    assert "个人设置已保存" in said
    assert "改发 Hao" in said
    row = Preference.objects.get(user=cast.lin)
    assert (row.hour, row.deputy and row.deputy.username, row.muted) == (9, "hao", ["blocker_answered"])
    assert "代行 Lin" in words(signed_in(row.deputy), "/inbox/settings/")  # type: ignore[arg-type]


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast.lin)
    answer = client.post("/inbox/settings/", wishes(hour="9", paused_from="2026-12-05", paused_until="2026-12-01"))
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "外出结束日早于开始日" in said
    assert 'value="2026-12-05"' in said
    assert '<option value="9" selected>' in said
    for wrong in (
        {"hour": "3"},
        {"deputy": "zhou"},
        {"muted": ["before_due"]},
        {"paused_from": "\x00x"},
        {"choice": ""},
    ):
        answer = client.post("/inbox/settings/", wishes(**wrong))
        assert answer.status_code == 400
        assert list(with_class(parse(answer), "errors")), wrong
    assert not Preference.objects.exists()


def test_a_new_address_is_shown_once_and_can_be_revoked(cast: Cast, settings: Any) -> None:
    client = signed_in(cast.lin)
    made = client.post("/inbox/calendar/", {"department": "kjj"})
    assert made["Cache-Control"] == "no-store"
    (field,) = [one for one in parse(made).iter("input") if one.get("id") == "feed-address"]
    address = field.get("value", "")
    assert address.startswith(f"{settings.SITE_URL}/feeds/")
    assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 200
    assert "/feeds/" not in client.get("/inbox/calendar/").content.decode()
    feed = CalendarFeed.objects.get()
    other = signed_in(cast.chen).post("/inbox/calendar/revoke/", {"feed": feed.pk}, follow=True)
    assert "您没有该订阅地址" in other.content.decode()
    client.post("/inbox/calendar/revoke/", {"feed": feed.pk})
    assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 404
    assert "您没有该订阅地址" in client.post("/inbox/calendar/revoke/", {"feed": "x"}, follow=True).content.decode()


def test_a_foreign_department_has_no_address_for_an_officer(cast: Cast) -> None:
    answer = signed_in(cast.lin).post("/inbox/calendar/", {"department": "wjw"})
    assert answer.status_code == 400
    assert not CalendarFeed.objects.exists()
    assert Commitment.objects.count() == 0


def test_the_words_of_the_office_stand_below_what_is_asked_and_are_no_markup(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science)
    make_reminder(item, cast.lin, occasion=ReminderOccasion.BY_HAND, note="<b>明天</b>汇报。")
    page = signed_in(cast.lin).get("/inbox/").content.decode()
    assert "督查室：&lt;b&gt;明天&lt;/b&gt;汇报。" in page
