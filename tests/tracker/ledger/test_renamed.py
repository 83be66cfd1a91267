"""Nothing is doubled or lost: renamed commitments are known again, two columns are not read as one."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import TODAY, make_cast, make_plan
from tests.import_rows import make_import
from tests.tracker.ledger.books import xlsx
from tracker.actions import commitments, imports
from tracker.ledger import importing
from tracker.models import Commitment
from tracker.policies import actor_of

pytestmark = pytest.mark.django_db
ROWS = [[1, "智慧停车平台", "市科技局", "年底"], [2, "清淤河道", "市科技局", "年底"]]


def test_the_same_file_after_a_renaming_makes_no_second_commitment() -> None:
    cast, plan = make_cast(), make_plan("P1")
    chen = actor_of(cast.chen)
    row = make_import(plan, chen, content=xlsx(ROWS))
    imports.confirm(row, seal=row.seal, by=chen)
    importing.work(row.pk, now=timezone.now())
    item = Commitment.objects.get(title="智慧停车平台")
    commitments.revise(item, values={"title": "城市停车一张网"}, reason="更名。", by=chen, today=TODAY)
    again = make_import(plan, chen, content=xlsx(ROWS))
    assert (again.new_count, again.changed_count, again.unchanged_count) == (0, 0, 2)
    held = importing.shown(again)["held"]
    assert [(one["code"], one["field"], one["why"]) for one in held] == [("P1-001", "title", "changed_here")]


def test_two_columns_cannot_be_given_one_meaning() -> None:
    cast, plan = make_cast(), make_plan("P1")
    head = ["序号", "重点任务", "牵头单位", "完成时限", "攻坚点位", "备注"]
    content = xlsx([[1, "清淤河道", "市科技局", "年底", "中坝", "省级"]], head=head)
    row = make_import(plan, actor_of(cast.chen), content=content)
    client = Client()
    client.force_login(cast.chen, backend="django.contrib.auth.backends.ModelBackend")
    said = {"do": "confirm", "plan": plan.pk, "column-0-4": "remarks", "column-0-5": "remarks", "only_good": "on"}
    page = client.post(f"/admin/tracker/ledgerimport/{row.pk}/change/", said, follow=True).content.decode()
    assert "攻坚点位" in page
    assert "请只选其中一列" in page
    row.refresh_from_db()
    assert (row.state, row.choices["only_good"]) == ("ready", True)  # what else was answered is kept
    columns = importing.shown(row)["sheets"][0]["columns"]
    assert [one["field"] for one in columns][4:] == ["", "remarks"]  # the new meaning waits to be decided


def test_a_text_that_does_not_fit_refuses_its_row_and_no_other() -> None:
    cast, plan = make_cast(), make_plan("P1")
    content = xlsx([[1, "长" * 201, "市科技局", "年底"], [2, "清淤河道", "市科技局", "年底"]])
    row = make_import(plan, actor_of(cast.chen), content=content)
    assert (row.new_count, row.refused_count) == (1, 1)
    assert [one["row"] for one in importing.shown(row)["refused"]] == [3]
