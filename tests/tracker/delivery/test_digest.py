"""What a message says: each matter once, under what is asked, with where it is done; nothing is queried for it."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from tests.factories import (
    Cast,
    make_blocker,
    make_commitment,
    make_extension,
    make_instruction,
    make_milestone,
    make_post,
    make_report,
)
from tests.tracker.delivery.conftest import DAY, LOADED, built, make_message, remind
from tracker.choices import Ask, Audience, ReminderOccasion, ReportState
from tracker.delivery import digest, renderings
from tracker.delivery.digest import Digest, Line
from tracker.models import Commitment, ExtensionRequest, Reminder, Slip

pytestmark = pytest.mark.django_db
On = ReminderOccasion


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def the_line(found: Digest) -> Line:
    [line] = found.lines
    return line


def item_of(cast: Cast, **values: Any) -> Commitment:
    return make_commitment(department=cast.science, due_on=date(2026, 5, 28), **values)


def make_slip(item: Commitment) -> Slip:
    return Slip.objects.create(
        commitment=item, level="blue", text="请说明原因。", state="issued", drafted_on=DAY, year=2026, number=7,
        issued_on=DAY, answer_due_on=date(2026, 6, 16),
    )  # fmt: skip


def everything(cast: Cast) -> list[Reminder]:
    """A reminder of each occasion, each about a matter of its own."""
    lin, item = cast.lin, lambda title: item_of(cast, title=title)
    returned, asked, stuck, freed, told, slipped = (
        item(name) for name in ("退回", "延期", "堵点", "答复", "批示", "督办")
    )
    post = make_post()
    report = make_report(returned, author=lin, state=ReportState.RETURNED)
    granted = make_extension(asked, author=lin)
    ExtensionRequest.objects.filter(pk=granted.pk).update(
        state="granted",
        granted_on=date(2026, 9, 30),
        decided_by=cast.chen,
        decided_at=timezone.now(),
        decision="同意。",
    )
    answered = make_blocker(freed, author=lin, wanted_from=post)
    return [
        remind(item("逾期"), lin, On.AFTER_DUE),
        remind(item("将到期"), lin, On.BEFORE_DUE, due_on=date(2026, 6, 12), offset=-3),
        remind(item("今日到期"), lin, On.ON_DUE, due_on=DAY, offset=0),
        remind(item("填报"), lin, On.PERIOD_CLOSING, due_on=date(2026, 6, 10), offset=-1),
        remind(returned, lin, On.REPORT_RETURNED, due_on=DAY, offset=0, report=report),
        remind(item("交办"), lin, On.HANDOUT_OPEN, due_on=date(2026, 6, 4), offset=3),
        remind(stuck, lin, On.BLOCKER_OPEN, blocker=make_blocker(stuck, author=lin, wanted_from=post)),
        remind(told, lin, On.INSTRUCTION_DUE, instruction=make_instruction(told, given_by=cast.wu)),
        remind(slipped, lin, On.SLIP_DUE, due_on=date(2026, 6, 16), offset=-3, slip=make_slip(slipped)),
        remind(item("督查"), lin, On.BY_HAND, due_on=DAY, offset=0),
        remind(asked, lin, On.EXTENSION_DECIDED, due_on=DAY, offset=0, extension=granted),
        remind(freed, lin, On.BLOCKER_ANSWERED, due_on=DAY, offset=0, blocker=answered),
    ]


def test_matters_stand_under_what_is_asked_in_a_fixed_order(cast: Cast) -> None:
    found = built(cast.lin, everything(cast)[::-1])
    assert [group.code for group in found.groups] == list(Ask)
    assert [[line.title for line in group.lines] for group in found.groups] == [
        ["逾期"], ["退回"], ["督办"], ["批示"], ["堵点"], ["交办"], ["填报"], ["今日到期", "将到期"], ["督查"],
        ["延期", "答复"],
    ]  # fmt: skip
    assert found.count == 12


def test_building_a_message_asks_the_database_nothing(cast: Cast) -> None:
    rows = everything(cast)
    message = make_message(cast.lin)
    loaded = list(Reminder.objects.filter(pk__in=[row.pk for row in rows]).select_related(*LOADED))
    with CaptureQueriesContext(connection) as asked:
        found = digest.build(message, loaded, left_out=0, today=DAY)
        renderings.text(found)
        renderings.as_json(found)
    assert len(asked) == 0


def test_every_address_leads_to_a_page(cast: Cast, settings: Any) -> None:
    settings.SITE_URL = "https://luoshi.example/"
    for line in built(cast.lin, everything(cast)).lines:
        path = line.url.removeprefix("https://luoshi.example")
        assert path.startswith("/")
        if not path.startswith("/slips/"):
            resolve(path)


def test_the_pages_of_questions_and_reports_are_the_links(cast: Cast) -> None:
    paths = {line.title: line.url.split("8000")[1].split("/")[1:4] for line in built(cast.lin, everything(cast)).lines}
    assert paths["退回"] == ["admin", "tracker", "progressreport"]
    assert paths["堵点"] == ["admin", "tracker", "blocker"]
    assert paths["批示"] == ["admin", "tracker", "instruction"]
    assert paths["督办"][0] == "slips"
    assert paths["逾期"][0] == "commitments"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("逾期", ("12 days late", "28 May 2026")),
        ("今日到期", ("due today", "9 June 2026")),
        ("将到期", ("3 days left", "12 June 2026")),
        ("填报", ("closes on 10 June 2026",)),
        ("退回", ("for the period to 30 November 2026 was returned",)),
        ("交办", ("Handed out on 4 June 2026 and not taken on yet",)),
        ("堵点", ("wanted by 1 December 2026",)),
        ("批示", ("answer due on 1 December 2026",)),
        ("督办", ("Blue slip 2026 No. 7", "16 June 2026")),
        ("督查", ("The supervision office asks you", "12 days late")),
        ("延期", ("now due on 30 September 2026",)),
        ("答复", ("The blocker was answered",)),
    ],
)
def test_each_occasion_says_what_is_wanted_and_until_when(cast: Cast, title: str, words: tuple[str, ...]) -> None:
    lines = {line.title: line for line in built(cast.lin, everything(cast)).lines}
    [asked] = lines[title].asked
    for word in words:
        assert word in asked


def test_words_that_came_with_a_matter_are_told_in_short(cast: Cast) -> None:
    lines = {line.title: line.detail for line in built(cast.lin, everything(cast)).lines}
    assert lines["退回"] == "请补充数据来源。"
    assert lines["批示"] == "请抓紧推进。"
    assert lines["延期"] == "同意。"
    assert lines["逾期"] == ""
    item = item_of(cast)
    word = make_instruction(item, given_by=cast.wu, text="长" * 500)
    line = the_line(built(cast.zhou, [remind(item, cast.zhou, On.INSTRUCTION_DUE, instruction=word)]))
    assert len(line.detail) <= 120


def test_a_reminder_caught_up_after_the_date_stands_with_the_late_ones(cast: Cast) -> None:
    row = remind(item_of(cast), cast.lin, On.BEFORE_DUE, due_on=date(2026, 6, 8), offset=-7)
    [group] = built(cast.lin, [row]).groups
    assert (group.code, group.lines[0].asked[0].startswith("1 day late")) == ("late", True)


def test_a_matter_owed_for_two_reasons_is_one_line_under_the_more_urgent_one(cast: Cast) -> None:
    item = item_of(cast)
    rows = [
        remind(item, cast.lin, On.PERIOD_CLOSING, due_on=date(2026, 6, 10), offset=-1),
        remind(item, cast.lin, On.AFTER_DUE, offset=7),
        remind(item, cast.lin, On.AFTER_DUE, offset=12),
    ]
    found = built(cast.lin, rows)
    assert [group.code for group in found.groups] == ["late"]
    line = the_line(found)
    assert len(line.asked) == 2
    assert "closes on" in line.asked[1]


def test_a_milestone_is_a_matter_of_its_own_and_named(cast: Cast) -> None:
    item = item_of(cast, title="建园区")
    step = make_milestone(item, "封顶仪式", planned_on=date(2026, 6, 12))
    rows = [
        remind(item, cast.lin),
        remind(item, cast.lin, On.BEFORE_DUE, due_on=date(2026, 6, 12), offset=-3, milestone=step),
    ]
    found = built(cast.lin, rows)
    assert [(line.title, line.part) for line in found.lines] == [("建园区", ""), ("建园区", "封顶仪式")]
    assert "建园区 · 封顶仪式" in renderings.text(found)


def test_several_reminders_of_a_hand_out_are_one_sentence_that_is_true_today(cast: Cast) -> None:
    item = item_of(cast)
    rows = [remind(item, cast.lin, On.HANDOUT_OPEN, due_on=date(2026, 6, 4), offset=offset) for offset in (1, 3)]
    line = the_line(built(cast.lin, rows))
    assert line.asked == ("Handed out on 4 June 2026 and not taken on yet",)


@pytest.mark.parametrize(
    ("audience", "offset", "note"),
    [
        (Audience.OFFICER, 12, ""),
        (Audience.HEAD, 12, "Still open after the officers were reminded; told to you as head of the department."),
        (Audience.HEAD, -3, "Told to you as head of the department."),
        (Audience.OVERSEER, 12, "Still open after the department was reminded; told to the post that oversees it."),
    ],
)
def test_who_is_told_as_head_or_overseer_reads_why(cast: Cast, audience: Audience, offset: int, note: str) -> None:
    row = remind(item_of(cast), cast.lin, offset=offset, audience=audience)
    assert the_line(built(cast.lin, [row])).note == note


def test_whoever_is_asked_to_act_reads_no_such_note_although_also_head(cast: Cast) -> None:
    item = item_of(cast)
    rows = [remind(item, cast.lin, offset=7), remind(item, cast.lin, offset=12, audience=Audience.HEAD)]
    assert the_line(built(cast.lin, rows)).note == ""


def test_an_overseer_is_led_to_the_commitment_and_not_to_a_department_s_form(cast: Cast) -> None:
    item = item_of(cast)
    report = make_report(item, author=cast.lin, state=ReportState.RETURNED)
    row = remind(item, cast.wu, On.REPORT_RETURNED, report=report, audience=Audience.OVERSEER)
    assert the_line(built(cast.wu, [row])).url.endswith(f"/commitments/{item.code}/")


def test_who_stands_in_reads_whose_matter_it_is(cast: Cast) -> None:
    item, other = item_of(cast), item_of(cast)
    rows = [remind(item, cast.lin), remind(other, cast.lin), remind(other, cast.zhou, offset=7)]
    found = built(cast.zhou, rows)
    assert {line.code: line.instead_of for line in found.lines} == {item.code: "Lin", other.code: ""}
    assert found.recipient == cast.zhou
    assert "In place of Lin" in renderings.text(found)


def test_the_light_has_its_word_and_its_reason(cast: Cast) -> None:
    item = item_of(cast)
    item.health, item.health_reasons = "off_track", [{"code": "overdue", "params": {"due_on": "2026-05-28"}}]
    item.save()
    line = the_line(built(cast.lin, [remind(item, cast.lin)]))
    assert (line.health, line.light, line.reason) == ("off_track", "Late", "12 days late")


def test_a_message_about_demonstration_data_says_so_everywhere(cast: Cast) -> None:
    row = remind(item_of(cast), cast.lin)
    Reminder.objects.filter(pk=row.pk).update(is_demo=True)
    found = built(cast.lin, [row])
    for said in (
        renderings.subject(found),
        renderings.text(found),
        renderings.markdown(found, most=9999),
    ):
        assert "(demonstration)" in said
    assert renderings.as_json(found)["is_demo"]


def test_what_is_beyond_the_cap_is_counted_and_the_inbox_named(cast: Cast) -> None:
    found = built(cast.lin, [remind(item_of(cast), cast.lin)], left_out=14)
    assert f"14 more in the inbox\n{found.inbox_url}" in renderings.text(found)
    assert renderings.as_json(found)["left_out"] == 14
    assert found.inbox_url.endswith("/inbox/")


def test_the_key_is_the_message_s(cast: Cast) -> None:
    found = built(cast.lin, [remind(item_of(cast), cast.lin)])
    assert found.key.endswith(f"-{cast.lin.pk}-20260609")


def test_a_text_too_short_for_any_matter_still_says_where_all_of_them_are(cast: Cast) -> None:
    found = built(cast.lin, everything(cast))
    said = renderings.text(found, most=10)
    assert said.splitlines()[0] == "Lin, good day."
    assert said.splitlines()[-2:] == ["12 more in the inbox", found.inbox_url]


@pytest.mark.parametrize("most", [200, 400, 700, 1500])
def test_a_cut_text_keeps_whole_matters_and_the_count_is_right(cast: Cast, most: int) -> None:
    found = built(cast.lin, everything(cast), left_out=2)
    said = renderings.text(found, most=most)
    told = sum(f"{line.url}\n" in f"{said}\n" for line in found.lines)
    assert len(said.encode()) <= most or told == 0
    assert renderings.rest(14 - told) in said
    assert sum(group.title in said.splitlines() for group in found.groups) <= told


def test_markdown_takes_marks_in_titles_for_letters(cast: Cast) -> None:
    item = item_of(cast, title="[首批](http://evil.example) **重点** <b>项目</b> #1")
    said = renderings.markdown(built(cast.lin, [remind(item, cast.lin)]), most=9999)
    assert "](http://evil.example" not in said
    assert said.count("**") == 2  # the heading's own
    assert "<b>" not in said


def test_the_json_is_json_in_the_order_of_the_text(cast: Cast) -> None:
    found = built(cast.lin, everything(cast))
    said = json.loads(json.dumps(renderings.as_json(found)))
    assert [line["title"] for group in said["groups"] for line in group["lines"]] == [
        line.title for line in found.lines
    ]
    assert said["count"] == 12
    assert said["text"] == renderings.text(found)


def test_the_message_is_in_the_reader_s_language(cast: Cast) -> None:
    row = remind(item_of(cast), cast.lin)
    with translation.override("zh-hans"):
        found = built(cast.lin, [row])
        assert found.language == "zh-hans"
        assert "已逾期 12 天" in the_line(found).asked[0]
        assert "您好" in renderings.text(found)


def test_a_test_asks_for_nothing_and_names_no_matter(cast: Cast) -> None:
    found = digest.test(cast.gu, key="test-1", today=DAY)
    assert found.is_test
    assert renderings.as_json(found)["kind"] == "test"
    assert "inbox" not in renderings.text(found)
    with pytest.raises(Resolver404):
        resolve("/no/such/page/")


def test_a_duty_done_for_somebody_else_is_not_hidden_by_what_the_deputy_is_only_told_of(cast: Cast) -> None:
    item = item_of(cast)
    rows = [
        remind(item, cast.zhou, On.AFTER_DUE, audience=Audience.HEAD),
        remind(item, cast.lin, On.AFTER_DUE),
    ]
    line = the_line(built(cast.zhou, rows))
    assert (line.instead_of, line.note) == (str(cast.lin), "")
