"""The demonstration layer: everything can be seen, everything is marked, and one command takes it away."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.utils import timezone

from tests.tracker.management.conftest import NOON, ledger, run
from tracker.actions import commitments
from tracker.choices import Health, ReportState, Role, Stage
from tracker.models import Commitment, Department, Event, LightChange, Milestone, Plan, ProgressReport, Reminder, User
from tracker.policies import SYSTEM, actor_of
from tracker.queries import chain, light_changes
from tracker.rules.reasons import Reason

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def demo_rows() -> dict[str, int]:
    """Rows marked as demonstration, by table."""
    models = [model for app in ("projects", "tracker") for model in apps.get_app_config(app).get_models()]
    marked = [model for model in models if any(field.name == "is_demo" for field in model._meta.fields)]
    return {model.__name__: model._default_manager.filter(is_demo=True).count() for model in marked}


def test_every_light_every_stage_and_every_report_state_can_be_seen(demo: str) -> None:
    assert "204 commitments" in demo
    assert set(Commitment.objects.values_list("health", flat=True)) == set(Health.values)
    assert set(Commitment.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert set(ProgressReport.objects.values_list("state", flat=True)) == set(ReportState.values)


def test_every_row_that_rests_on_it_is_marked(demo: str) -> None:
    assert not ProgressReport.objects.filter(is_demo=False).exists()
    assert not Milestone.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    unmarked = Commitment.objects.filter(is_demo=False)
    assert set(unmarked.values_list("stage", flat=True)) <= {Stage.REGISTERED}
    assert not unmarked.filter(progress__isnull=False).exists()
    counts = demo_rows()
    assert {name for name, count in counts.items() if count} >= {
        "Commitment", "ProgressReport", "Milestone", "Reading", "User", "Event",
    }  # fmt: skip
    added = Event.objects.get(kind="demo_added")
    worked = Event.objects.filter(seq__lt=added.seq, actor__isnull=False)
    assert worked.exists()
    assert not worked.filter(is_demo=False).exists()


def test_there_is_one_sign_in_for_each_role_and_its_password_works(demo: str, site: Path) -> None:
    accounts = json.loads((site / "demo-accounts.json").read_text("utf-8"))
    assert [account["role"] for account in accounts] == [str(role) for role in Role]
    assert (site / "demo-accounts.json").stat().st_mode & 0o077 == 0
    for account in accounts:
        user = User.objects.get(username=account["username"])
        assert user.check_password(account["password"])
        assert (user.role, user.is_active) == (account["role"], True)


def test_the_same_day_tells_the_same_story(rehearsals: dict[str, list[object]]) -> None:
    assert rehearsals["once"] == rehearsals["again"]


def test_it_can_be_shown_after_the_horizon_too(rehearsals: dict[str, list[object]]) -> None:
    rows, reports, problem = rehearsals["after the horizon"]
    assert isinstance(rows, dict)
    assert {"done", "off_track", "exempt"} <= {row["health"] for row in rows.values()}
    assert reports
    assert problem == ""


def test_a_second_run_changes_nothing(demo: str, site: Path) -> None:
    kept = (site / "demo-accounts.json").read_text("utf-8")
    before = (ledger(), Event.objects.count(), demo_rows())
    assert "left as it is" in run("seed_demo")
    assert (ledger(), Event.objects.count(), demo_rows()) == before
    assert (site / "demo-accounts.json").read_text("utf-8") == kept


def test_the_stored_lights_are_those_that_the_rules_give(demo: str) -> None:
    from tracker.actions import health

    before = ledger()
    health.recheck(
        list(Commitment.objects.values_list("pk", flat=True)), today=datetime(2026, 11, 22, tzinfo=UTC).date()
    )
    assert ledger() == before
    for row in before.values():
        for reason in row["health_reasons"]:  # type: ignore[attr-defined]
            Reason.from_json(reason)


def test_the_chain_holds_over_the_whole_layer(demo: str) -> None:
    assert chain.verify() == chain.ChainResult(event_count=Event.objects.count())


def test_clearing_brings_the_bare_ledger_back(demo: str, bare: dict[str, dict[str, object]]) -> None:
    events = Event.objects.count()
    assert run("clear_demo").startswith("Removed: ")
    assert ledger() == bare
    assert set(Commitment.objects.values_list("health", flat=True)) == {Health.NOT_STARTED}
    left = {name for name, count in demo_rows().items() if count}
    assert left == {"User", "Event"}
    assert not User.objects.filter(is_demo=True, is_active=True).exists()
    assert not Reminder.objects.exists()
    assert Plan.objects.get().tracked_since is None
    assert Event.objects.count() > events
    assert chain.verify().broken_seq is None


def records() -> dict[str, list[tuple[date, str, str]]]:
    """The record of each commitment's light, oldest first."""
    found: dict[str, list[tuple[date, str, str]]] = {}
    for row in LightChange.objects.order_by("pk").values_list("commitment__code", "on", "before", "after"):
        found.setdefault(row[0], []).append(row[1:])
    return found


def test_the_record_of_lights_leads_day_by_day_to_the_stored_light_with_the_demonstration_and_without(
    demo: str,
) -> None:
    entered = timezone.localdate()
    for told in ("with", "without"):
        found = records()
        for code, light in Commitment.objects.values_list("code", "health"):
            steps = found[code]
            assert [before for _on, before, _after in steps] == ["", *(after for _on, _before, after in steps[:-1])]
            assert steps[-1][2] == light
            assert [on for on, _before, _after in steps] == sorted(on for on, _before, _after in steps)
        if told == "with":
            today = NOON.date()
            week = light_changes.net(SYSTEM, None, since=light_changes.week_start(today))
            assert week is not None
            assert week[Health.DONE] > 0
            run("clear_demo")
    assert set(map(tuple, records().values())) == {((entered, "", "not_started"),)}


def test_clearing_takes_back_what_demonstration_sign_ins_changed_in_the_facts(
    demo: str, bare: dict[str, dict[str, object]]
) -> None:
    office = actor_of(User.objects.get(username="supervisor"))
    item = Commitment.objects.get(code="NC-008")
    other = Department.objects.get(code="dcs")
    values = {"title": "另一个名称", "due_on": date(2027, 6, 30), "lead": other, "clause": None}
    commitments.revise(item, values=values, owners=commitments.Owners(), reason="改", by=office, today=NOON.date())
    commitments.confirm_lead(Commitment.objects.get(code="NC-009"), by=office, today=NOON.date())
    involved = sorted(item.involvements.values_list("department__code", "involvement", "order"))
    run("clear_demo")
    assert ledger() == bare
    assert not involved
    assert item.involvements.exists()


def test_the_demonstration_can_be_brought_back(demo: str, bare: dict[str, dict[str, object]]) -> None:
    run("clear_demo")
    Commitment.objects.filter(code__gt="NC-040").update(stage=Stage.ARCHIVED)
    assert "Added demonstration progress to 40 commitments" in run("seed_demo")


def test_clearing_twice_is_harmless(demo: str, bare: dict[str, dict[str, object]]) -> None:
    run("clear_demo")
    assert "0 reports" in run("clear_demo")
    assert ledger() == bare


def test_without_a_plan_the_command_says_what_to_do(site: Path) -> None:
    with pytest.raises(CommandError, match=r"Run `manage.py load_plan nanchong` first\."):
        run("seed_demo", "--plan", "NOTHING")
