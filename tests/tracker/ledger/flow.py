"""A messy ledger's way through the site, as the tests of importing go it."""

from django.utils import timezone

from tests.factories import make_department
from tests.tracker.ledger.books import xlsx
from tracker.actions import imports
from tracker.ledger import importing

HEAD = ["序号", "重点任务", "工作目标", "牵头单位", "配合单位", "完成时限", "攻坚点", "备注"]
ROWS: list[list[object]] = [
    [1, "建设实验室", "建成 2 个", "发改局", "人社局", "2026年6月底前", "难", "甲"],
    [2, "引进人才", "引进 80 人", "人社局", "", "长期坚持", "", ""],
    [3, "改造园区", "", "园区办", "发改局", "6月底前完成设计,12月底前开工", "", ""],
    ["", "", "", "", "", "", "", ""],
    ["填表人：某", "", "", "", "", "", "", ""],
]


def look(content, plan, by, name="台账.xlsx", **said):
    row = imports.receive(content, file_name=name, plan=plan, by=by, **said)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    return row, importing.shown(row)


def enter(row, by):
    imports.confirm(row, seal=row.seal, by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    return row


def known(*names):
    """Departments that the file names, by their short names."""
    return [make_department(f"d{number}", name=f"市{name}", short_name=name) for number, name in enumerate(names)]


def entered(scene, rows=ROWS, *, name="台账.xlsx"):
    _cast, plan, by = scene
    row, _data = look(xlsx(rows, head=HEAD), plan, by, name=name)
    return enter(row, by)
