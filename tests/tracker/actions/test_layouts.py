"""Layouts of files: whose they are, what they may hold, that each change stands in the log."""

import pytest

from projects.errors import DomainError
from projects.models import SyncClock
from tests.factories import make_cast
from tracker import policies
from tracker.actions import layouts
from tracker.event_kinds import EventKind
from tracker.models import Event, ListLayout

pytestmark = pytest.mark.django_db
COLUMNS = ["code", "title", "lead", "due_on"]


@pytest.fixture
def cast():
    return make_cast()


def refused(work):
    with pytest.raises(DomainError) as refusal:
        work()
    return refusal.value.code


def test_a_layout_is_made_corrected_and_withdrawn_and_the_log_says_so(cast):
    lin = cast.actor("lin")
    row = layouts.create(" 月报用表 ", department=cast.science, columns=COLUMNS, by=lin)
    assert (row.name, row.revision) == ("月报用表", SyncClock.objects.get().rev)
    layouts.revise(row, values={"columns": ["title", "code", "lead", "health"], "is_active": False}, by=lin)
    assert layouts.revise(row, values={"is_active": False}, by=lin).columns[0] == "title"
    made, changed = Event.objects.order_by("seq")
    assert (made.kind, made.subject) == (EventKind.LAYOUT_REVISED, f"listlayout {row.pk}")
    assert made.changes["columns"] == [None, "编号、事项、牵头单位、现定期限"]
    assert changed.changes == {
        "columns": ["编号、事项、牵头单位、现定期限", "事项、编号、牵头单位、灯"],
        "is_active": [True, False],
    }


def test_an_office_keeps_its_own_and_the_supervision_office_all(cast):
    lin, zhou, chen, wu = (cast.actor(name) for name in ("lin", "zhou", "chen", "wu"))
    for actor, department in ((zhou, cast.science), (lin, None), (wu, cast.science), (wu, None)):
        assert refused(lambda a=actor, d=department: layouts.create("表", department=d, columns=COLUMNS, by=a)) == (
            "layout_not_yours"
        )
    own = layouts.create("表", department=cast.science, columns=COLUMNS, by=lin)
    city = layouts.create("表", department=None, columns=COLUMNS, by=chen)
    shared = layouts.create("另一表", department=cast.health_bureau, columns=COLUMNS, is_shared=True, by=chen)
    assert refused(lambda: layouts.revise(own, values={"name": "改名"}, by=zhou)) == "layout_not_yours"
    seen = {actor.user: set(policies.layouts_visible_to(actor)) for actor in (lin, zhou, wu)}
    assert seen == {cast.lin: {own, city, shared}, cast.zhou: {city, shared}, cast.wu: {own, city, shared}}
    layouts.revise(city, values={"is_active": False}, by=chen)
    assert set(policies.layouts_visible_to(lin)) == {own, shared}


def test_what_a_layout_may_not_be(cast):
    lin = cast.actor("lin")
    row = layouts.create("表", department=cast.science, columns=COLUMNS, by=lin)
    for name, columns, code in (
        (" ", COLUMNS, "layout_name_missing"),
        ("表", COLUMNS, "layout_name_taken"),
        ("新表", [*COLUMNS, "colour"], "layout_column_unknown"),
        ("新表", [*COLUMNS, "lead"], "layout_column_twice"),
        ("新表", ["title", "lead", "due_on", "stage"], "layout_column_needed"),
        ("新表", ["code", "title", "lead"], "layout_too_few"),
    ):
        made = refused(lambda n=name, c=columns: layouts.create(n, department=cast.science, columns=c, by=lin))
        assert made == code
    stale = refused(lambda: layouts.revise(row, values={"name": "改"}, by=lin, expected_revision=row.revision - 1))
    assert (stale, ListLayout.objects.count()) == ("stale", 1)
