"""Sync: what is kept, that it says what the other addresses say, whose a cursor is, what one call costs."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import catalogue, clock
from projects.choices import Grade, InitiativeKind
from projects.models import Initiative, SyncClock, TalentProgrammeDetails, TalentYear
from tests.factories import (
    TODAY,
    Cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tests.tracker.api.mirror import fresh, mirror
from tracker import policies
from tracker.actions import commitments, people, sight
from tracker.actions.sight import Note
from tracker.choices import Involvement, Kind, ReportState, Role
from tracker.models import Commitment, CommitmentDepartment, SyncNote, User
from tracker.models.sync import NoteSubject
from tracker.policies import SYSTEM

SignIn = Callable[[str], Caller]
COMPONENTS = {
    "departments": "DepartmentOutput",
    "plans": "PlanOutput",
    "initiatives": "SyncedInitiativeOutput",
    "commitments": "SyncedCommitmentOutput",
    "reports": "ReportOutput",
}


@pytest.fixture
def world(cast: Cast) -> Commitment:
    """A commitment with all that may hang on one, its parent elsewhere, and one of another department."""
    plan = make_plan()
    clause = make_clause(plan, "1.1", parent=make_clause(plan, "1"))
    park = catalogue.set_initiative(
        "PARK", name="园区", kind=InitiativeKind.PARK, grade=Grade.NATIONAL, counties=(cast.science.jurisdiction,)
    )
    catalogue.aim_at(park, title="国家级园区", grade=Grade.NATIONAL)
    project = catalogue.set_initiative("PROJECT", name="项目", kind=InitiativeKind.PROJECT)
    catalogue.place_in_park(project, park=park)
    catalogue.record_volumes(project, year=2026, invested_year_wan=Decimal("1200.50"), work_percent=Decimal(40))
    catalogue.set_initiative("LAB", name="实验室", kind=InitiativeKind.PLATFORM, grade=Grade.NATIONAL)
    programme = catalogue.set_initiative("T", name="人才", kind=InitiativeKind.TALENT_PROGRAMME)
    TalentYear.objects.create(programme=TalentProgrammeDetails.objects.get(pk=programme.pk), year=2026, quota=20)
    parent = make_commitment("P", department=cast.health_bureau)
    item = make_commitment(
        "A", department=cast.science, parent=parent, clause=clause, initiative=project, kind=Kind.PROJECT
    )
    Commitment.objects.filter(pk=item.pk).update(
        post=make_post(department=cast.science),
        progress=Decimal("12.50"),
        progress_basis="reported",
        override_health="at_risk",
        override_reason="核实中",
        override_until=date(2026, 12, 1),
        health_reasons=[{"code": "overdue", "params": {"due_on": "2026-11-10"}}],
    )
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    indicator = make_indicator()
    make_reading(indicator, 2023, Decimal(201))
    make_target(item, indicator)
    make_milestone(item, "开工", planned_on=date(2026, 5, 1), weight=Decimal("40.00"))
    make_report(item, author=cast.lin, state=ReportState.DRAFT)
    make_report(
        item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen,
        period_start=date(2026, 10, 1), period_end=date(2026, 10, 31),
    )  # fmt: skip
    return item


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_device_keeps_what_the_other_addresses_say_row_by_row(language: str, world: Any, sign_in: SignIn) -> None:
    for name in ("lin", "zhou", "chen", "wu", "gu"):
        phone = sign_in(name)
        phone.headers["Accept-Language"] = language
        kept = fresh(phone)
        for listed, component in COMPONENTS.items():
            for row in kept[listed].values():
                assert_fits(row, component)
            if listed == "initiatives":
                continue
            said = phone.get(f"{listed}/?limit=200").json()["results"]
            assert sorted(kept[listed]) == sorted(str(row.get("code", row.get("ref"))) for row in said), (name, listed)
            for row in said:
                whole = phone.get(f"commitments/{row['code']}/").json() if listed == "commitments" else row
                if listed == "commitments":
                    del whole["reports"], whole["rule_version"]
                if listed == "departments":  # figures that change without the department
                    del whole["lights"], whole["url"]
                assert kept[listed][whole.get("ref") or whole["code"]] == whole, (name, listed)
    assert set(fresh(sign_in("lin"))["initiatives"]) == set(Initiative.objects.values_list("code", flat=True))
    park, project = (fresh(sign_in("lin"))["initiatives"][code] for code in ("PARK", "PROJECT"))
    assert (park["park"]["grade"], park["designations"][0]["title"], park["project"]) == (
        "national",
        "国家级园区",
        None,
    )
    assert park["park"]["shares"] == [{"county": "511300", "share_percent": None}]
    assert (project["project"]["park"], project["project"]["year_invested_wan"]) == ("PARK", "1200.5")
    assert fresh(sign_in("lin"))["initiatives"]["T"]["talent_programme"]["years"][0]["quota"] == 20


def test_small_pages_make_the_same_snapshot_and_a_device_goes_on_where_it_stopped(world: Any, sign_in: SignIn) -> None:
    for number in range(11):
        make_commitment(f"N-{number}", department=world.lead)
    phone = sign_in("lin")
    whole, small = fresh(phone), mirror(phone, limit=2)
    assert small.sync() > 8
    assert small.rows == whole
    broken = mirror(phone, limit=3)
    calls, get = iter(range(3)), broken.get

    def drops(address: str, headers: dict[str, str]) -> Any:
        if next(calls, None) is None:
            raise OSError("no network")
        return get(address, headers)

    broken.get = drops
    with pytest.raises(OSError, match="no network"):
        broken.sync()
    broken.get = get
    broken.sync()
    assert broken.rows == whole


def test_nothing_changed_is_a_304_for_one_read_of_the_clock(world: Any, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    kept = mirror(phone)
    kept.sync()
    with CaptureQueriesContext(connection) as queries:
        assert kept.sync() == 0
    assert len(queries) == 1
    clock.stamp(world)
    assert kept.sync() == 1  # the tag is of yesterday's number
    assert kept.sync() == 0
    behind = phone.get("sync/?limit=1").json()["cursor"]
    assert phone.get(f"sync/?cursor={behind}", If_None_Match=kept.tag).status_code == 200  # rows are still to come


def test_a_page_costs_the_same_queries_whatever_its_rows(world: Any, sign_in: SignIn, cast: Cast) -> None:
    phone, counts = sign_in("lin"), []
    for rows in (4, 40):
        for number in range(Commitment.objects.count(), rows):
            item = make_commitment(f"N-{number}", department=cast.science)
            make_milestone(item)
            make_target(item, make_indicator(f"i-{number}"))
            make_report(item, author=cast.lin)
        phone.get("sync/")  # fills the token cache
        with CaptureQueriesContext(connection) as queries:
            assert len(phone.get("sync/").json()["commitments"]) == rows - 1  # the parent is foreign
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    cache.clear()


def test_a_cursor_is_its_owners_for_one_scope_and_one_language(world: Any, sign_in: SignIn, cast: Cast) -> None:
    lin, zhou = sign_in("lin"), sign_in("zhou")
    cursor = lin.get("sync/").json()["cursor"]
    listed = lin.get("reports/?limit=1").json()["next"].split("cursor=")[1].split("&")[0]
    for phone, given in ((zhou, cursor), (lin, "abc"), (lin, cursor[:-1]), (lin, listed), (lin, "x" * 5000)):
        assert_refused(phone.get(f"sync/?cursor={given}"), 400, "cursor_unknown", "cursor")
    assert_refused(lin.get("sync/?limit=501"), 400, "limit_out_of_range", "limit")
    assert_refused(lin.get("sync/?plan=P1"), 400, "filter_unknown", "plan")
    assert_refused(lin.get(f"sync/?cursor={cursor}", Accept_Language="zh-hans"), 410, "scope_changed", "cursor")
    User.objects.filter(pk=cast.lin.pk).update(department=cast.health_bureau)
    cache.clear()  # what fifteen seconds do
    refused = lin.get(f"sync/?cursor={cursor}")
    assert_refused(refused, 410, "scope_changed", "cursor")
    assert refused.json()["restart"] == "/api/v1/sync/"
    User.objects.filter(pk=cast.lin.pk).update(role=Role.LEADER)
    cache.clear()
    assert_refused(lin.get(f"sync/?cursor={cursor}"), 410, "scope_changed", "cursor")


def test_a_cursor_outlives_the_notes_by_no_day(world: Any, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    old, restored, fast = mirror(phone), mirror(phone), mirror(phone)
    old.sync()
    sight.write([Note(NoteSubject.COMMITMENT, "GONE", policies.department_scope(world.lead_id), is_leaving=True)])
    fast.sync()
    assert sight.forget(now=timezone.now()) == 0
    assert sight.forget(now=timezone.now() + sight.KEPT + timedelta(days=1)) == 1
    assert SyncNote.objects.get().subject == NoteSubject.FLOOR
    assert fast.sync() == 0  # it had read them
    assert_refused(phone.get(f"sync/?cursor={old.cursor}"), 410, "cursor_expired", "cursor")
    assert sight.forget(now=timezone.now() + sight.KEPT + timedelta(days=1)) == 0
    sight.write([Note(NoteSubject.COMMITMENT, "A")])
    assert fast.sync() == 1
    scope = policies.department_scope(world.lead_id)
    sight.write([Note(NoteSubject.COMMITMENT, f"GONE-{number}", scope, is_leaving=True) for number in range(3)])
    halfway = phone.get(f"sync/?limit=1&cursor={fast.cursor}").json()["cursor"]
    read = phone.get(f"sync/?limit=3&cursor={fast.cursor}").json()["cursor"]
    assert sight.forget(now=timezone.now() + sight.KEPT + timedelta(days=1)) == 4
    assert_refused(phone.get(f"sync/?cursor={halfway}"), 410, "cursor_expired", "cursor")
    assert phone.get(f"sync/?cursor={read}").status_code == 200  # they were all told before they went
    restored.sync()
    SyncClock.objects.update(rev=1)  # a copy of long ago was put back
    assert_refused(phone.get(f"sync/?cursor={restored.cursor}"), 410, "cursor_expired", "cursor")


def test_after_a_restore_every_device_begins_anew(world: Commitment, sign_in: SignIn, cast: Cast) -> None:
    phone = sign_in("lin")
    kept, begun = mirror(phone), phone.get("sync/?limit=1").json()["cursor"]
    with transaction.atomic():  # what was written after the copy was made
        commitments.revise(world, values={"title": "已丢失"}, by=SYSTEM, today=TODAY)
        lost = phone.get("commitments/A/")["ETag"]
        kept.sync()
        transaction.set_rollback(True)
    call_command("restart_sync", stdout=StringIO())
    commitments.revise(Commitment.objects.get(pk=world.pk), values={"summary": "恢复后。"}, by=SYSTEM, today=TODAY)
    assert_refused(phone.get(f"sync/?cursor={kept.cursor}"), 410, "cursor_expired", "cursor")
    kept.sync()
    assert kept.rows == fresh(phone)
    assert phone.get("commitments/A/")["ETag"] != lost
    onward = phone.get(f"sync/?cursor={begun}")  # it ends what was begun, then finds that it is of no use
    while onward.status_code == 200 and onward.json()["more"]:
        onward = phone.get(f"sync/?cursor={onward.json()['cursor']}")
    assert_refused(onward, 410, "cursor_expired", "cursor")


def test_what_was_never_in_sight_is_not_named_when_it_leaves(world: Any, sign_in: SignIn, cast: Cast) -> None:
    phones = {name: sign_in(name) for name in ("lin", "zhou", "chen")}
    kept = {name: mirror(phone) for name, phone in phones.items()}
    for one in kept.values():
        one.sync()
    scope = policies.department_scope(cast.health_bureau.pk)
    sight.write([Note(NoteSubject.COMMITMENT, "THEIRS", scope, is_leaving=True), Note(NoteSubject.COMMITMENT, "P")])
    told = {name: phones[name].get(f"sync/?cursor={one.cursor}").json() for name, one in kept.items()}
    assert {name: page["removed"] for name, page in told.items()} == {
        "lin": [], "zhou": [{"kind": "commitment", "key": "THEIRS"}], "chen": [],
    }  # fmt: skip
    assert {name: [row["code"] for row in page["commitments"]] for name, page in told.items()} == {
        "lin": [], "zhou": ["P"], "chen": ["P"],
    }  # fmt: skip
    assert phones["zhou"].get("sync/").json()["removed"] == []  # who begins now never kept it


def test_a_draft_is_not_named_to_a_department_that_never_saw_its_matter(sign_in: SignIn, cast: Cast) -> None:
    make_report(make_commitment("A", department=cast.science), author=cast.lin, state=ReportState.DRAFT)
    phone = sign_in("zhou")
    cursor = phone.get("sync/").json()["cursor"]
    for department in (cast.health_bureau, cast.science):
        people.set_user("lin", role=Role.OFFICER, department=department, full_name=cast.lin.full_name, by=SYSTEM)
    told = phone.get(f"sync/?cursor={cursor}").json()
    assert (told["removed"], told["reports"]) == ([], [])


def test_a_large_answer_is_compressed_for_who_takes_it(world: Any, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    plain, packed = phone.get("sync/"), phone.get("sync/", Accept_Encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    told, same = orjson.loads(gzip.decompress(packed.content)), plain.json()
    assert told == same
    assert phone.get(f"sync/?cursor={told['cursor']}", If_None_Match=packed["ETag"]).status_code == 304
    small = phone.get(f"sync/?cursor={told['cursor']}", Accept_Encoding="gzip")
    assert "Content-Encoding" not in small.headers


def test_the_client_of_the_docs_begins_anew_with_a_cursor_that_is_not_ours(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science)
    device = mirror(sign_in("lin"))
    device.sync()
    kept, device.cursor, device.tag = dict(device.rows["commitments"]), "broken", None
    device.sync()
    assert device.rows["commitments"] == kept
    device.apply({**{name: [] for name in device.rows}, "removed": [{"kind": "something-new", "key": "A"}]})
    assert device.rows["commitments"] == kept
