"""What changes a sheet without changing its meaning changes nothing that is read from it."""

import random
from dataclasses import replace

from tests.tracker.rules.reading.make import read, sheet
from tracker.rules.reading import grid as grids
from tracker.rules.reading.grid import Area

TASKS = (
    """
    南充市2026年重点任务分解表|||||||
    填报单位:市政府办||||||单位:万元|
    序号|重点任务|工作目标|牵头单位|责任单位|完成时限|年度计划投资|备注
    一、扩大投资(2项)|||||||
    1|推进重点项目|新增80户,完成投资680亿元以上|市发展改革委|市财政局、各县(市、区)|11月底前|1200|十件大事
    2|用好国债资金|到位资金60亿元|市发展改革委|市财政局|6月底前申报,12月底前到位|1.2亿元|
    小计|2项|||||1320|
    二、科技创新|||||||
    3|建设实验室|新建2个|★市科技局、西华师范大学||长期坚持||
    4||建成投用|市科技局||年底前||
    5|建设中试平台|建成1个|市科技局牵头,市财政局配合||2026年2月30日||
    注:1.各单位每月25日前报送。|||||||
    """,
    ("A1:H1", "A2:F2", "A4:H4", "A8:H8", "D5:D6", "A12:H12"),
)
PROJECTS = (
    """
    2026年重点项目进度表|||||||||
    序号|项目名称|总投资(亿元)|投资情况(万元)|||形象进度|建设起止年限|责任单位|督办等级
    |||2026年计划投资|1-6月完成投资|完成率||||
    合计|2个|40|||||||
    1|汽车产业园|15.2|48000|24000|0.5|封顶|2024-2026|嘉陵区政府|A
    2|绕城高速|98000万元|6000|1200|20%|桩基|2026年3月至2027年6月|市交通运输局|B
    3|停车楼|-1|10|1|0.1|前期|2026-2027|市国资委|B
    """,
    ("A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3", "H2:H3", "I2:I3", "J2:J3"),
)
SHEETS = [sheet(TASKS[0], *TASKS[1]), sheet(PROJECTS[0], *PROJECTS[1], percents=["F5", "F7"])]
HEADERS = [(2, 2), (1, 2)]  # the first and the last row of each header, from 0
WIDE = str.maketrans(",;:()", "，；：（）")
NARROW = str.maketrans("，；：（）", ",;:()")


def meaning(reading):
    entries = [replace(entry, row=0, due=replace(entry.due, text=None), milestones=()) for entry in reading.entries]
    stages = [[stage.day for stage in entry.milestones] for entry in reading.entries]
    rejects = [(reject.title, [finding.code for finding in reject.findings]) for reject in reading.rejects]
    return str((entries, stages, rejects)).translate(NARROW).replace(".0'", "'"), set(reading.unknown_columns)


def moved(old, rows, row, column):
    """The sheet with new rows, its marks put where they went."""

    def key(place):
        return grids.key(row(place // grids.WIDEST), column(place % grids.WIDEST))

    merges = tuple(
        Area(top=row(area.top), left=column(area.left), bottom=row(area.bottom), right=column(area.right))
        for area in old.merges
    )
    return replace(old, rows=rows, merges=merges, percents=frozenset(map(key, old.percents)))


def with_row(old, place, *cells):
    width = len(old.rows[0])
    rows = [*old.rows[:place], (*cells, *[""] * (width - len(cells))), *old.rows[place:]]
    return moved(old, rows, lambda row: row + (row >= place), lambda column: column)


def with_column(old, place, cells=()):
    told = dict(cells)
    rows = [(*row[:place], told.get(number, ""), *row[place:]) for number, row in enumerate(old.rows)]
    return moved(old, rows, lambda row: row, lambda column: column + (column >= place))


def changed(old, cell):
    return replace(old, rows=[tuple(cell(value) for value in row) for row in old.rows])


def variants(old, top, bottom):
    yield "a line above", with_row(old, 0, "附件3")
    yield "a blank row above the header", with_row(old, top)
    yield "a blank row below the header", with_row(old, bottom + 1)
    yield "a note below", with_row(old, len(old.rows), "填表人:张三", "", "审核人:李四")
    yield "an empty first column", with_column(old, 0)
    yield "two empty first columns", with_column(with_column(old, 0), 0)
    yield "full-width signs", changed(old, lambda cell: cell.translate(WIDE) if isinstance(cell, str) else cell)
    for row in range(bottom + 2, len(old.rows)):
        if not any(area.top < row <= area.bottom for area in old.merges):
            yield f"a blank row {row}", with_row(old, row)
            if top == bottom:
                yield f"the header again {row}", with_row(old, row, *old.rows[top])
    for column in range(1, len(old.rows[0])):
        if not any(area.left < column <= area.right for area in old.merges if area.top > 1 or area.bottom == top):
            yield f"an empty column {column}", with_column(old, column)


def test_lines_blanks_empty_columns_and_wide_signs_change_nothing():
    for old, (top, bottom) in zip(SHEETS, HEADERS, strict=True):
        expected, unknown = meaning(read(old))
        assert "推进重点项目" in expected or "汽车产业园" in expected
        for name, new in variants(old, top, bottom):
            found, still_unknown = meaning(read(new))
            assert (name, found, still_unknown) == (name, expected, unknown)


def test_a_column_that_nobody_knows_is_named_wherever_it_stands_and_changes_nothing():
    old, (top, bottom) = SHEETS[0], HEADERS[0]
    expected, _ = meaning(read(old))
    cells = [(top, "挂图编号"), *((row, "甲") for row in range(bottom + 2, 6))]
    for column in (1, 3, 6, 8):
        found, unknown = meaning(read(with_column(old, column, cells)))
        assert (column, found, unknown) == (column, expected, {("台账", "挂图编号")})


def test_the_order_of_the_columns_does_not_matter():
    chance = random.Random(8)
    old, top = SHEETS[0], HEADERS[0][0]
    expected, _ = meaning(read(old))
    for _ in range(20):
        order = chance.sample(range(8), 8)
        places = {column: place for place, column in enumerate(order)}
        rows = [
            row if number < top or sum(cell != "" for cell in row) < 2 else tuple(row[column] for column in order)
            for number, row in enumerate(old.rows)
        ]
        new = moved(old, rows, lambda row: row, lambda column, places=places: places[column])
        whole = tuple(
            before if before.right > before.left else after
            for before, after in zip(old.merges, new.merges, strict=True)
        )
        assert (order, meaning(read(replace(new, merges=whole)))[0]) == (order, expected)
