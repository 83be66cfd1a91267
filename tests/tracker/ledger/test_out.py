"""Out and back: whatever leaves as a file prints well, runs nothing, and comes back without a change."""

import io
from datetime import date
from datetime import datetime as date_time
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from projects.actions import clock
from projects.models import ProjectDetails
from tests import slip_rows
from tests.factories import (
    TODAY,
    make_cast,
    make_clause,
    make_commitment,
    make_initiative,
    make_milestone,
    make_plan,
    make_report,
)
from tests.import_rows import make_import
from tracker.actions import imports
from tracker.choices import Health, OfficialLayout, ReportState, Stage
from tracker.import_choices import ImportState
from tracker.ledger import importing, official, stream, template, workbook, writer
from tracker.models import Commitment, Event
from tracker.policies import SYSTEM
from tracker.queries import ledger
from tracker.rules import layouts
from tracker.rules.ledger import COLUMNS, LedgerRow
from tracker.rules.ledger_choices import Choices
from tracker.rules.reading import ledger as reading
from tracker.web import sheets

pytestmark = pytest.mark.django_db
SPEAKING = (
    "=1+1",
    "+86 817",
    "-1",
    "@a",
    "'quoted",
    "''=x",
    "第一行\n第二行",
    "工厂🏭𠮷",
    "<b>&amp;</b>",
    "_x000D_",
    "a\tb",
    "“引”、'",
)
LONG = "长🏭" * 12_000  # signs that Excel counts as one and as two
DUES = (
    ("D-1", None, "", False),
    ("D-2", None, "长期坚持", False),
    ("D-3", None, "长期坚持", True),
    ("D-4", None, "2026-06-30", False),
    ("D-5", date(2026, 6, 30), "6月底前", False),
    ("D-6", None, "年底前", True),
)


@pytest.fixture
def cast():
    return make_cast()


def every_kind(cast):
    """Commitments of every kind of row: texts that speak, that no cell holds, continuous, red line, suggested lead,
    demonstration, reported done, on a project, due dates in every form.
    """
    plan = make_plan()
    clause = make_clause(plan, "1.1")
    for number, text in enumerate(SPEAKING):
        made = make_commitment(f"T-{number:02d}", title=text, plan=plan, clause=clause, department=cast.science)
        Commitment.objects.filter(pk=made.pk).update(summary=f"{text}\n{text}", due_text=text)
    make_commitment("K-1", is_continuous=True)
    make_commitment("K-2", is_red_line=True, health=Health.OFF_TRACK)
    make_commitment("K-3", department=cast.science)
    Commitment.objects.filter(code="K-3").update(lead_is_suggested=True)
    make_commitment("K-4", progress=Decimal("12.50"), stage=Stage.IN_PROGRESS)
    make_commitment("K-5", due_on=date(2026, 6, 30))
    Commitment.objects.filter(code="K-4").update(is_demo=True)
    Commitment.objects.filter(code="K-5").update(summary=LONG, due_text="年中", clause=clause)
    known = make_initiative("I-1")
    ProjectDetails.objects.create(initiative=known, total_investment_wan=Decimal(50_000))
    for code, due_on, due_text, is_continuous in DUES:
        make_commitment(code, due_on=due_on, is_continuous=is_continuous, initiative=known, stage=Stage.REPORTED_DONE)
        Commitment.objects.filter(code=code).update(due_text=due_text)
    for name, day in (("开工", date(2026, 3, 1)), ("=竣工", date(2026, 6, 30)), ("验收", None)):
        make_milestone(Commitment.objects.get(code="K-5"), name, planned_on=day)


def counted(content, name, *, by):
    """What the import says that a file would do: new, changed, unchanged, refused."""
    row = make_import(None, by, name=name, content=content)
    assert row.state == ImportState.READY, row.problem
    return row.new_count, row.changed_count, row.unchanged_count, row.refused_count


def test_every_kind_of_row_comes_back_unchanged_with_all_columns_and_with_few(cast):
    every_kind(cast)
    rows, events, chen = (
        list(ledger.rows(Commitment.objects.order_by("code"))),
        Event.objects.count(),
        cast.actor("chen"),
    )
    few = layouts.columns(["title", "due_on", "code", "lead", "health"])
    for kind, columns in product((stream.XLSX, stream.CSV), (COLUMNS, few)):
        with writer.spooled(kind, rows, columns) as file:
            assert counted(file.read(), f"台账.{kind}", by=chen) == (0, 0, len(SPEAKING) + 5 + len(DUES), 0), (
                kind,
                len(columns),
            )
    assert Event.objects.count() == events


def test_every_form_comes_back_unchanged_and_a_changed_cell_as_that_one_change(cast):
    every_kind(cast)
    chen, new_day = cast.actor("chen"), date_time(2027, 1, 31)
    every = Commitment.objects.exclude(title="_x000D_")  # openpyxl saves it as a line break
    changes: dict[str, dict[str, tuple[object, ...]]] = {
        OfficialLayout.BREAKDOWN: {
            "重点任务": ("D-1", "新题", "title"), "完成标准": ("D-1", "新标准", "summary"),
            "责任单位": ("D-1", "市卫生健康委", "responsible"), "完成时限": ("D-5", new_day, "due_on"),
        },
        OfficialLayout.PROJECTS: {},
        OfficialLayout.SUPERVISION: {
            "督查事项": ("T-00", "新题", "title"), "牵头单位": ("T-00", "市卫生健康委", "lead"),
            "完成时限": ("D-2", new_day, "due_on"),
        },
    }  # fmt: skip
    for layout in OfficialLayout:
        content = printed(layout, every)
        row = make_import(None, chen, name="表.xlsx", content=content)
        count = len(DUES) if layout == OfficialLayout.PROJECTS else every.count()
        assert (row.new_count, row.changed_count, row.unchanged_count, row.refused_count) == (0, 0, count, 0), layout
        [told] = [one["fault"] for one in importing.shown(row)["warnings"]]
        assert told["code"] == "ledger_form_read"
        for heading, (code, value, field) in changes[layout].items():
            row = make_import(None, chen, name="表.xlsx", content=with_cell(content, code, heading, value))
            [changed] = importing.shown(row)["changed"]
            assert (changed["code"], [one[0] for one in changed["differences"]]) == (code, [field]), (layout, heading)
            assert (row.new_count, row.unchanged_count, row.refused_count) == (0, count - 1, 0)


def test_a_form_undoes_no_newer_change_and_registers_nothing(cast):
    item = make_commitment("T-00")
    content = printed(OfficialLayout.SUPERVISION, Commitment.objects.all())
    clock.stamp(item)
    for heading, value, refusal in (
        ("督查事项", "新题", "ledger_stale"),
        ("编号", "T-99", "ledger_code_unknown"),
        ("编号", "", "ledger_form_new_row"),
    ):
        changed = with_cell(content, "T-00", heading, value)
        row = make_import(None, cast.actor("chen"), name="表.xlsx", content=changed)
        [refused] = importing.shown(row)["refused"]
        assert [one["code"] for one in refused["findings"]] == [refusal]


def printed(layout, found):
    """The form as a file."""
    with official.workbook(layout, found, viewer=SYSTEM, today=TODAY) as file:
        return file.read()


def with_cell(content, code, heading, value):
    """The workbook with another value in the row of this code."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    [sheet] = book.worksheets
    headings = said(sheet, 3)
    [number] = [number for number in range(4, sheet.max_row + 1) if said(sheet, number)[headings.index("编号")] == code]
    sheet.cell(number, headings.index(heading) + 1, value)
    stream_ = io.BytesIO()
    book.save(stream_)
    return stream_.getvalue()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_as_a_page_shows_it_is_no_ledger(cast, language):
    with translation.override(language):
        sheet = sheets.Sheet(
            name="清单", columns=["编号", "承诺事项", "牵头"], rows=[["C-1", "事项", "科技"]], filters=["红灯"]
        )
        for kind in sheets.NAMES:
            content = sheets.response(sheet, kind).getvalue()
            row = make_import(make_plan(), cast.actor("chen"), name=f"清单.{kind}", content=content)
            assert (row.state, row.problem["code"]) == (ImportState.REFUSED, "ledger_is_a_list")


def test_the_beginning_of_a_text_that_was_cut_is_not_corrected_without_its_end(cast):
    every_kind(cast)
    content = printed(OfficialLayout.BREAKDOWN, Commitment.objects.filter(code="K-5"))
    row = make_import(None, cast.actor("chen"), name="表.xlsx", content=with_cell(content, "K-5", "完成标准", "改…"))
    assert [one["findings"][0]["code"] for one in importing.shown(row)["refused"]] == ["ledger_text_was_cut"]


def test_words_in_a_column_that_is_only_compared_hinder_no_entering(cast):
    plan, chen = make_plan(), cast.actor("chen")
    said = f"编号,事项,类别,原定期限,计划\nC-1,新题,行动,待定,{plan.code}\n"
    row = make_import(None, chen, name="台账.csv", content=said.encode())
    imports.confirm(row, seal=row.seal, by=chen)
    importing.work(row.pk, now=timezone.now())
    assert Commitment.objects.get(code="C-1").original_due_on is None


def test_a_long_ledger_is_spooled_and_no_batch_asks_more():
    """Rows are made as they are written: a file that is longer than memory likes lies on disk."""
    row = LedgerRow(code="C-1", title="事项", kind="action", health="off_track", summary="说明" * 40)
    with writer.spooled(stream.CSV, (row for _ in range(4000))) as file:
        assert file._rolled  # type: ignore[attr-defined]  # what a spooled file says of itself
        assert len(file.read().splitlines()) == 4001


def opened(layout, found):
    """The form as openpyxl sees it, and as the reader of messy ledgers understands it."""
    content = printed(layout, found)
    book = workbook.open_file(content, name="表.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return sheet, reading.read(book.sheets, year=2026, this_year=2026)


def said(sheet, row):
    return [cell.value for cell in sheet[row]]


def test_the_breakdown_has_sections_shared_lead_cells_and_reads_back_as_the_same_tasks(cast):
    plan = make_plan()
    chapter = make_clause(plan, "1", heading="产业焕新")
    clause = make_clause(plan, "1.1", heading="科技创新", parent=chapter)
    make_commitment("C-1", plan=plan, clause=clause, department=cast.science, due_on=date(2026, 6, 30))
    make_commitment("C-2", plan=plan, clause=clause, department=cast.science, title="=危险", health=Health.OFF_TRACK)
    make_commitment("C-3", plan=plan, department=cast.science, is_continuous=True)
    Commitment.objects.filter(code="C-2").update(is_demo=True)
    sheet, found = opened(OfficialLayout.BREAKDOWN, Commitment.objects.all())
    as_of = "数据截至：尚未评估    注：含演示数据，未曾实际发生    台账版本：0"
    assert [sheet.cell(row, 1).value for row in range(1, 10)] == [
        "重点任务分解表", as_of, "序号", "1 产业焕新", "1.1 科技创新", 1, 2, "未列入条款的事项", 3,
    ]  # fmt: skip
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:J1", "A2:J2", "A4:J4", "A5:J5", "E6:E7", "A8:J8"}
    light = sheet["I7"]
    assert (light.value, light.fill.fgColor.rgb, sheet["J7"].value) == ("红灯", "FFBF2E1D", "演示数据")
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C4", "$3:$3")
    set_up = sheet.page_setup
    assert (set_up.orientation, set_up.paperSize, set_up.fitToHeight) == ("landscape", 9, 0)
    assert [(one.code, one.title, one.lead, one.section, one.due.day) for one in found.entries] == [
        ("C-1", "事项 C-1", ("市科技局",), "1.1 科技创新", date(2026, 6, 30)),
        ("C-2", "'=危险", ("市科技局",), "1.1 科技创新", date(2026, 12, 31)),
        ("C-3", "事项 C-3", ("市科技局",), "未列入条款的事项", None),
    ]
    assert not found.rejects


def test_the_progress_of_projects_has_two_header_rows_and_leaves_empty_what_is_unknown(cast):
    known, unknown = make_initiative("I-1"), make_initiative("I-2")
    ProjectDetails.objects.create(
        initiative=known, total_investment_wan=Decimal(50_000), year_investment_wan=Decimal(8_000),
        year_invested_wan=Decimal(6_000), physical_percent=Decimal(40), plan_year=2026,
    )  # fmt: skip
    ProjectDetails.objects.create(initiative=unknown, year_investment_wan=Decimal(0), year_invested_wan=Decimal(0))
    make_commitment("C-1", initiative=known, department=cast.science, health=Health.ON_TRACK)
    make_commitment("C-2", initiative=known, department=cast.health_bureau, health=Health.AT_RISK)
    make_commitment("C-3", initiative=unknown)
    make_commitment("C-4", department=cast.science)
    sheet, found = opened(OfficialLayout.PROJECTS, Commitment.objects.all())
    assert said(sheet, 3)[3:9] == ["牵头单位", "投资（万元）", None, None, None, "形象进度（%）"]
    assert said(sheet, 4)[4:8] == ["总投资", "年度计划", "累计完成", "完成率（%）"]
    assert "单位：万元" in sheet["A2"].value
    assert said(sheet, 5)[3:9] == ["市科技局、市卫生健康委", 50_000, 8_000, 6_000, 75, 40]
    assert (sheet["K5"].value, sheet["K5"].fill.fgColor.rgb, sheet["L5"].value) == ("黄灯", "FFC48200", "C-1、C-2")
    assert said(sheet, 6)[3:9] == [None, None, 0, 0, None, None]
    assert sheet.max_row == 6
    assert sheet.print_title_rows == "$3:$4"
    first = found.entries[0]
    assert (first.title, {name: (amount.value, amount.unit) for name, amount in first.amounts.items()}) == (
        "载体 I-1",
        {"total_investment": (50_000, "万元"), "year_investment": (8_000, "万元"), "done_investment": (6_000, "万元")},
    )


def test_the_supervision_ledger_tells_the_latest_accepted_report_of_what_is_in_sight(cast):
    late = make_commitment("C-1", department=cast.science, due_on=date(2026, 11, 2), health=Health.OFF_TRACK)
    Commitment.objects.filter(pk=late.pk).update(
        original_due_on=date(2026, 6, 30), health_reasons=[{"code": "overdue", "params": {"due_on": "2026-11-02"}}]
    )
    make_report(late, author=cast.lin, state=ReportState.ACCEPTED, period_end=date(2026, 10, 31),
                period_start=date(2026, 10, 1), done="上月", reviewer=cast.chen)  # fmt: skip
    accepted = make_report(late, author=cast.lin, state=ReportState.ACCEPTED, done="设备到场", reviewer=cast.chen)
    type(accepted).objects.filter(pk=accepted.pk).update(problems="资金未到位")
    make_report(late, author=cast.lin, done="尚未审核", period_start=date(2026, 12, 1), period_end=date(2026, 12, 31))
    slip_rows.make_slip(late)
    make_commitment("C-2", department=cast.health_bureau)
    sheet, found = opened(OfficialLayout.SUPERVISION, Commitment.objects.all())
    assert said(sheet, 4)[1:] == [
        "C-1", "事项 C-1", "市科技局", date_time(2026, 6, 30), date_time(2026, 11, 2), "承办", "红灯",
        "（截至2026-11-30）设备到场", "资金未到位", 20, 1, None,
    ]  # fmt: skip
    assert said(sheet, 5)[8:12] == [None, None, None, 0]
    assert [(one.code, one.lead, one.due.day) for one in found.entries] == [
        ("C-1", ("市科技局",), date(2026, 11, 2)),
        ("C-2", ("市卫生健康委",), date(2026, 12, 31)),
    ]
    assert not found.rejects


def test_no_form_asks_more_for_more_rows(cast):
    def asked(layout):
        with CaptureQueriesContext(connection) as queries:
            official.workbook(layout, Commitment.objects.all(), viewer=SYSTEM, today=TODAY).close()
        return len(queries)

    plan = make_plan()
    clause = make_clause(plan)
    make_commitment("C-0", plan=plan, clause=clause, department=cast.science)
    few = [asked(layout) for layout in OfficialLayout]
    for number in range(1, 30):
        item = make_commitment(f"C-{number}", plan=plan, clause=clause, department=cast.science)
        make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
    assert [asked(layout) for layout in OfficialLayout] == few


def test_a_filled_template_is_entered_and_its_example_is_not(cast):
    plan = make_plan()
    make_clause(plan, "1.1")
    make_commitment("NC-007", plan=plan)
    with template.workbook(viewer=cast.actor("chen")) as file:
        book = openpyxl.load_workbook(file)
    sheet = book["台账"]
    headings = [cell.value for cell in sheet[3]]
    assert headings == [column.heading for column in COLUMNS if column.is_writable]
    assert all(cell.comment and cell.comment.text for cell in sheet[3])
    offered = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert {column for column, rule in offered.items() if rule.type == "list"} >= {"C4", "D4", "F4", "G4"}
    assert [cell.value for cell in book["词表"]["C"]][:2] == ["条款", "1.1"]
    filled: dict[str, str | date] = {
        "编号": "N-1", "事项": "建成平台", "类别": "平台", "牵头单位": "市科技局", "现定期限": date(2026, 12, 31),
        "条款": "1.1", "红线": "否", "计划": plan.code,
    }  # fmt: skip
    without_code = filled | {"编号": "", "事项": "引进人才"}
    for number, cells in enumerate([filled, without_code | {"牵头单位": "无此单位"}, without_code], start=4):
        for heading, value in cells.items():
            sheet.cell(number, headings.index(heading) + 1, value)
    stream_ = io.BytesIO()
    book.save(stream_)
    chen = cast.actor("chen")
    row = make_import(None, chen, name="台账模板.xlsx", content=stream_.getvalue())
    assert (row.new_count, row.changed_count, row.unchanged_count, row.refused_count) == (2, 0, 0, 1)
    imports.choose(row, choices=Choices(only_good=True), plan=None, year=None, kind="", by=chen)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    imports.confirm(row, seal=row.seal, by=chen)
    importing.work(row.pk, now=timezone.now())
    assert Commitment.objects.get(code="N-1").lead == cast.science
    assert Commitment.objects.get(code="NC-008").title == "引进人才"  # a refused row uses up no number
    assert counted(stream_.getvalue(), "台账模板.xlsx", by=chen) == (0, 0, 2, 1)
    found = reading.read(workbook.open_file(stream_.getvalue(), name="a.xlsx").sheets, year=2026, this_year=2026)
    assert [(one.sheet, one.code, one.title) for one in found.entries][:1] == [("台账", "N-1", "建成平台")]
