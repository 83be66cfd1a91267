"""What anyone reads without a sign-in: approved fields of public matters, as they stood so many days ago."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from projects.models import Reading
from tests.factories import (
    make_cast,
    make_commitment,
    make_indicator,
    make_initiative,
    make_plan,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.web.pages import parse, signed_in, text
from tests.tracker.web.public import (
    BESIDE,
    DELAY,
    EVERY,
    PAGES,
    SECRET,
    as_of,
    at,
    full,
    light,
    make_public,
    matter,
    owner_name,
    read,
    status,
    switch_on,
    today,
)
from tracker.actions import commitments
from tracker.choices import Health, PublicField, ReportState
from tracker.models import Commitment, ProgressReport, Target
from tracker.policies import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [*PAGES, *BESIDE])
def test_while_they_are_off_there_are_no_public_pages_for_anybody(address: str) -> None:
    cast = make_cast()
    make_public()
    assert status(address) == 404
    assert signed_in(cast.chen).get(address).status_code == 404


@pytest.mark.parametrize("address", [*PAGES, *BESIDE])
def test_a_visitor_reads_them_without_a_session(address: str) -> None:
    make_public()
    switch_on(*EVERY)
    answer = Client().get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "public" in answer["Cache-Control"]
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize(("published", "seen"), [(0, True), (-1, True), (1, False), (DELAY, False), (None, False)])
def test_a_matter_appears_when_it_has_been_public_for_the_delay(published: int | None, seen: bool) -> None:
    item = make_public("M-1")
    day = None if published is None else as_of() + timedelta(days=published)
    Commitment.objects.filter(pk=item.pk).update(published_on=day)
    switch_on(*EVERY)
    for address in (*PAGES[1:], *BESIDE[1:]):
        assert status(address) == (200 if seen else 404), address
    assert len(read("/public.json")["plans"]) == seen


def test_what_is_not_public_any_more_is_gone_at_once() -> None:
    item = make_public()
    make_public("M-2")
    switch_on(*EVERY)
    assert status("/public/P1/M-1/") == 200
    commitments.revise(item, values={"is_public": False}, by=SYSTEM, today=today())
    assert status("/public/P1/M-1/") == 404
    assert [one["code"] for one in read("/public/P1.json")["matters"]] == ["M-2"]


def test_a_matter_stands_under_its_own_plan_only() -> None:
    make_public("M-1", plan=make_plan("P1"))
    make_public("M-2", plan=make_plan("P2"))
    switch_on(*EVERY)
    assert status("/public/P2/M-1/") == 404
    assert status("/public/nothing/") == 404
    assert [one["code"] for one in read("/public.json")["plans"]] == ["P1", "P2"]


KEYS = {
    PublicField.LIGHT: {"light"},
    PublicField.OWNER: {"owner"},
    PublicField.DUE: {"due_on", "original_due_on", "is_continuous"},
    PublicField.SUMMARY: {"summary"},
    PublicField.CLAUSE: {"clause"},
    PublicField.PROGRESS: {"progress"},
    PublicField.READINGS: {"targets"},
}
ALWAYS = {"code", "title", "kind", "is_demonstration", "url", "json"}


@pytest.mark.parametrize("field", PublicField)
def test_only_the_approved_field_is_there(field: PublicField) -> None:
    make_public()
    switch_on(field.value)
    assert matter().keys() == ALWAYS | KEYS[field]
    listed = read("/public/P1.json")
    assert listed["matters"][0].keys() == ALWAYS | KEYS[field]
    assert ("lights" in listed) is (field == PublicField.LIGHT)
    assert listed["fields"] == [field.value]


def test_no_name_of_an_officer_and_nothing_that_people_wrote_is_ever_shown() -> None:
    full(make_cast())
    switch_on(*EVERY)
    for address in (*PAGES, *BESIDE):
        html = Client().get(address).content.decode()
        assert SECRET not in html, address
        assert "Lin" not in html, address


def test_the_page_and_its_json_say_the_same() -> None:
    full(make_cast())
    switch_on(*EVERY)
    found = matter()
    assert found["light"] == "at_risk"
    assert found["owner"] == owner_name()
    assert found["clause"] == {"code": "2.3", "heading": "研发"}
    assert found["progress"] == {"percent": "62.5", "period_end": "2026-01-31"}
    assert found["targets"][0]["goal"] == "260"
    assert [one["value"] for one in found["targets"][0]["verified"]] == ["200"]
    shown = text(parse(Client().get("/public/P1/M-1/")))
    for word in (found["title"], found["owner"], found["due_on"], "62.5", "260", "200", "2.3 研发", found["summary"]):
        assert word in shown


def test_an_owner_is_named_once_the_office_has_confirmed_it() -> None:
    item = make_public(department=make_cast().science)
    Commitment.objects.filter(pk=item.pk).update(lead_is_suggested=True)
    switch_on("owner")
    assert matter()["owner"] is None
    commitments.confirm_lead(item, by=SYSTEM, today=today())
    assert matter()["owner"] == owner_name()


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({-30: Health.ON_TRACK}, "on_track"),
        ({-30: Health.ON_TRACK, 0: Health.OFF_TRACK}, "off_track"),
        ({-30: Health.ON_TRACK, 1: Health.OFF_TRACK}, "on_track"),
        ({0: Health.ON_TRACK, DELAY: Health.DONE}, "on_track"),
        ({1: Health.OFF_TRACK}, None),
        ({}, None),
    ],
)
def test_the_light_is_that_of_the_day_shown(changes: Mapping[int, Health], shown: str | None) -> None:
    item = make_public(health=Health.OFF_TRACK)
    before = ""
    for days, health in changes.items():
        light(item, health, on=as_of() + timedelta(days=days), before=before)
        before = health
    switch_on("light")
    assert matter()["light"] == shown
    assert read("/public/P1.json")["lights"]["unknown" if shown is None else shown] == 1


def test_a_due_date_that_was_moved_since_is_told_only_after_the_delay() -> None:
    item = make_public(due_on=date(2026, 6, 30))
    for day in (date(2026, 9, 30), date(2026, 12, 31)):
        commitments.revise(item, values={"due_on": day}, reason="经批准", by=SYSTEM, today=today())
    switch_on("due")
    assert (matter()["due_on"], matter()["original_due_on"]) == ("2026-06-30", "2026-06-30")
    switch_on("due", public_delay_days=0)
    Commitment.objects.update(published_on=today())
    assert (matter()["due_on"], matter()["original_due_on"]) == ("2026-12-31", "2026-06-30")


def test_a_date_that_was_entered_since_is_not_known_yet() -> None:
    item = make_public(due_on=None)
    commitments.revise(item, values={"due_on": date(2026, 9, 30)}, by=SYSTEM, today=today())
    switch_on("due")
    assert (matter()["due_on"], matter()["original_due_on"]) == (None, None)


@pytest.mark.parametrize(
    ("state", "days", "shown"),
    [
        (ReportState.ACCEPTED, 0, "40"),
        (ReportState.ACCEPTED, 1, None),
        (ReportState.SUBMITTED, 0, None),
        (ReportState.RETURNED, 0, None),
        (ReportState.DRAFT, 0, None),
    ],
)
def test_progress_comes_from_reports_that_were_accepted_by_then(
    state: ReportState, days: int, shown: str | None
) -> None:
    cast = make_cast()
    item = make_public(department=cast.science, progress=Decimal(99))
    make_report(item, author=cast.lin, reviewer=cast.chen, state=state, progress=Decimal(40))
    ProgressReport.objects.update(reviewed_at=at(as_of() + timedelta(days=days)))
    switch_on("progress")
    assert (matter()["progress"] or {}).get("percent") == shown


def test_a_report_of_the_same_initiative_serves_every_matter_on_it_and_a_red_line_has_no_percentage() -> None:
    cast = make_cast()
    thing = make_initiative("I-1")
    make_public("M-1", initiative=thing)
    make_public("M-2", initiative=thing, is_red_line=True)
    reporting = make_commitment("M-3", initiative=thing, department=cast.science)
    make_report(reporting, author=cast.lin, reviewer=cast.chen, state=ReportState.ACCEPTED, progress=Decimal(40))
    ProgressReport.objects.update(reviewed_at=at(as_of()))
    switch_on("progress")
    shown = {one["code"]: one["progress"] and one["progress"]["percent"] for one in read("/public/P1.json")["matters"]}
    assert shown == {"M-1": "40", "M-2": None}


def test_values_that_are_only_reported_or_were_verified_since_are_not_shown() -> None:
    item = make_public()
    indicator = make_indicator()
    make_target(item, indicator)
    Target.objects.update(created_at=at(as_of()))
    for year in (2023, 2024, 2025):
        make_reading(indicator, year, Decimal(year))
    Reading.objects.filter(period_end__year__lt=2025).update(updated_at=at(as_of()))
    Reading.objects.filter(period_end__year=2024).update(verified=None, reported=Decimal(7))
    switch_on("readings")
    assert [one["value"] for one in matter()["targets"][0]["verified"]] == ["2023"]


def test_demonstration_is_marked_and_kept_out_of_search_engines() -> None:
    make_public("M-1")
    real = Client()
    switch_on(*EVERY)
    assert "noindex" not in real.get("/public/P1/").content.decode()
    Commitment.objects.update(is_demo=True)
    cache.clear()
    for address in PAGES:
        html = Client().get(address).content.decode()
        assert "noindex" in html
        assert 'class="demo"' in html
    assert matter()["is_demonstration"] is True
    assert read("/public.json")["plans"][0]["has_demonstration"] is True
