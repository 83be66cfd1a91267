"""Every invariant that the database holds, by its name: a bad row is refused even when it is written past all code."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone
from knox.models import AuthToken

from projects.choices import Grade, InitiativeKind
from projects.models import (
    Designation,
    Indicator,
    Initiative,
    Jurisdiction,
    ParkDetails,
    ParkShare,
    PlatformDetails,
    ProjectDetails,
    Reading,
    SyncClock,
    TalentProgrammeDetails,
    TalentYear,
)
from tests.factories import (
    Cast,
    make_cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_initiative,
    make_jurisdiction,
    make_milestone,
    make_plan,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker import bad_desk_rows, bad_import_rows, bad_reminder_rows
from tracker.choices import Involvement, ReminderOccasion, ReportState, Role
from tracker.models import (
    ApiWrite,
    Clause,
    Commitment,
    CommitmentDepartment,
    Department,
    Device,
    Event,
    EventChain,
    Milestone,
    PathPoint,
    Plan,
    Post,
    PostHolding,
    ProgressReport,
    ReminderRule,
    SyncNote,
    Target,
    User,
)

pytestmark = pytest.mark.django_db
DAY, EARLIER = date(2026, 6, 1), date(2026, 5, 1)


class Rows:
    """One good row of each kind to spoil or to double."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.plan = make_plan()
        self.clause = make_clause(self.plan)
        self.item = make_commitment("GOOD", department=self.cast.science, starts_on=DAY)
        self.red = make_commitment("RED", is_red_line=True)
        self.endless = make_commitment("ENDLESS", is_continuous=True)
        self.milestone = make_milestone(self.item)
        self.report = make_report(self.item, author=self.cast.lin)
        self.indicator = make_indicator()
        self.reading = make_reading(self.indicator, 2023, Decimal(201))
        self.target = make_target(self.item, self.indicator)
        self.post = Post.objects.create(code="head", title="局长", department=self.cast.science, is_head=True)
        self.holding = PostHolding.objects.create(post=self.post, holder=self.cast.lin, starts_on=DAY)
        self.rule = ReminderRule.objects.create(code="r", occasion=ReminderOccasion.ON_DUE)
        self.part = CommitmentDepartment.objects.create(
            commitment=self.item, department=self.cast.office, involvement=Involvement.SUPPORTING
        )
        self.project = ProjectDetails.objects.create(initiative=make_initiative())
        self.park = ParkDetails.objects.create(initiative=make_initiative(kind=InitiativeKind.PARK))
        self.platform = PlatformDetails.objects.create(initiative=make_initiative(kind=InitiativeKind.PLATFORM))
        self.programme = TalentProgrammeDetails.objects.create(
            initiative=make_initiative(kind=InitiativeKind.TALENT_PROGRAMME)
        )
        self.share = ParkShare.objects.create(park=self.park, county=make_jurisdiction())
        self.designation = Designation.objects.create(
            initiative=self.park.initiative, title="国家级", grade=Grade.NATIONAL
        )

    def event(self, **values: object) -> None:
        facts = {"seq": 1, "at": timezone.now(), "kind": "rules_revised", "hash": uuid4().hex} | values
        Event.objects.create(**facts)


def put(row: models.Model, **values: object) -> None:
    """Write past every action, form and validator."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)


Spoil = Callable[[Rows], object]
BAD: list[tuple[str, Spoil]] = [
    ("commitment_kind_known", lambda r: put(r.item, kind="dream")),
    ("commitment_stage_known", lambda r: put(r.item, stage="limbo")),
    ("commitment_health_known", lambda r: put(r.item, health="purple")),
    (
        "commitment_health_known",
        lambda r: put(r.item, override_health="x", override_reason="x", override_until=DAY),
    ),
    ("commitment_due_basis_known", lambda r: put(r.item, due_basis="guess")),
    ("commitment_progress_basis_known", lambda r: put(r.item, progress_basis="guess")),
    ("commitment_ends_after_start", lambda r: put(r.item, due_on=EARLIER)),
    ("commitment_continuous_has_no_date", lambda r: put(r.endless, due_on=DAY, original_due_on=DAY)),
    ("commitment_due_has_original", lambda r: put(r.item, original_due_on=None)),
    ("commitment_progress_in_range", lambda r: put(r.item, progress=Decimal(101), progress_basis="reported")),
    ("commitment_progress_in_range", lambda r: put(r.item, progress=Decimal(-1), progress_basis="reported")),
    ("commitment_progress_has_basis", lambda r: put(r.item, progress=Decimal(5))),
    ("commitment_red_line_has_no_percentage", lambda r: put(r.red, progress=Decimal(5), progress_basis="reported")),
    ("commitment_broken_only_red_lines", lambda r: put(r.item, red_line_broken_on=DAY)),
    ("commitment_span_in_order", lambda r: put(r.item, span_start=5, span_end=5)),
    ("commitment_span_in_order", lambda r: put(r.item, span_start=5)),
    ("commitment_span_in_order", lambda r: put(r.item, span_end=5)),
    ("commitment_suggestion_has_a_lead", lambda r: put(r.red, lead_is_suggested=True)),
    ("commitment_override_is_complete", lambda r: put(r.item, override_health="done", override_reason="x")),
    ("commitment_override_is_complete", lambda r: put(r.item, override_health="done", override_until=DAY)),
    ("commitment_not_its_own_parent", lambda r: put(r.item, parent=r.item)),
    (
        "commitmentdepartment_once",
        lambda r: CommitmentDepartment.objects.create(
            commitment=r.item, department=r.cast.office, involvement=Involvement.RESPONSIBLE
        ),
    ),
    ("commitmentdepartment_part_known", lambda r: put(r.part, involvement="boss")),
    ("milestone_weight_positive", lambda r: put(r.milestone, weight=0, planned_on=DAY)),
    ("milestone_weight_has_a_date", lambda r: put(r.milestone, weight=1, planned_on=None)),
    ("milestone_name_once", lambda r: make_milestone(r.item, r.milestone.name)),
    ("event_kind_known", lambda r: r.event(kind="magic")),
    ("event_seq_positive", lambda r: r.event(seq=0)),
    ("eventchain_is_one_row", lambda r: EventChain.objects.create(pk=2)),
    ("department_kind_known", lambda r: put(r.cast.science, kind="club")),
    ("user_role_known", lambda r: put(r.cast.wu, role="king")),
    ("user_of_a_department_has_one", lambda r: put(r.cast.wu, role=Role.HEAD)),
    (
        "post_one_head_per_department",
        lambda r: Post.objects.create(code="two", title="x", department=r.cast.science, is_head=True),
    ),
    ("post_does_not_oversee_itself", lambda r: put(r.post, overseen_by=r.post)),
    ("postholding_ends_after_start", lambda r: put(r.holding, ends_on=EARLIER)),
    (
        "postholding_one_open_per_post",
        lambda r: PostHolding.objects.create(post=r.post, holder=r.cast.zhou, starts_on=DAY),
    ),
    ("plan_horizon_in_order", lambda r: put(r.plan, horizon_ends_on=date(2020, 1, 1))),
    ("plan_report_cycle_known", lambda r: put(r.plan, report_cycle="daily")),
    ("clause_code_once_per_plan", lambda r: Clause.objects.create(plan=r.plan, code=r.clause.code)),
    ("clause_not_its_own_parent", lambda r: put(r.clause, parent=r.clause)),
    ("reminderrule_occasion_known", lambda r: put(r.rule, occasion="whenever")),
    ("report_state_known", lambda r: put(r.report, state="burnt")),
    ("report_period_in_order", lambda r: put(r.report, period_end=EARLIER)),
    ("report_progress_in_range", lambda r: put(r.report, progress=Decimal(140))),
    ("report_one_open_per_commitment", lambda r: make_report(r.item, author=r.cast.lin, state=ReportState.DRAFT)),
    ("report_client_ref_once_per_author", lambda r: same_reference(r)),
    ("report_returned_says_why", lambda r: put(r.report, state="returned", return_reason="")),
    ("report_not_reviewed_by_its_author", lambda r: put(r.report, reviewer=r.cast.lin)),
    ("target_once_per_indicator", lambda r: make_target(r.item, r.indicator)),
    ("target_comparator_known", lambda r: put(r.target, comparator="about", value=1)),
    ("target_relative_has_base", lambda r: put(r.target, base_year=None)),
    ("target_relative_has_base", lambda r: put(r.target, growth_percent=None)),
    ("target_absolute_has_value", lambda r: put(r.target, comparator="at_least", value=None)),
    ("target_range_in_order", lambda r: put(r.target, comparator="range", value=5, value_max=4)),
    ("target_range_in_order", lambda r: put(r.target, comparator="range", value=5, value_max=None)),
    (
        "pathpoint_once_per_day",
        lambda r: [PathPoint.objects.create(target=r.target, day=DAY, value=n) for n in (1, 2)],
    ),
    ("indicator_direction_known", lambda r: put(r.indicator, direction="side")),
    ("indicator_frequency_known", lambda r: put(r.indicator, frequency="daily")),
    ("reading_once_per_period", lambda r: make_reading(r.indicator, 2023, Decimal(1))),
    ("reading_period_in_order", lambda r: put(r.reading, period_end=date(2022, 1, 1))),
    ("reading_has_a_value", lambda r: put(r.reading, verified=None)),
    ("initiative_kind_known", lambda r: put(r.park.initiative, kind="dream")),
    ("project_stage_known", lambda r: put(r.project, stage="dream")),
    ("project_money_not_negative", lambda r: put(r.project, total_investment_wan=Decimal("-0.01"))),
    ("project_money_not_negative", lambda r: put(r.project, year_investment_wan=Decimal("-0.01"))),
    ("project_money_not_negative", lambda r: put(r.project, year_invested_wan=Decimal("-0.01"))),
    ("park_grade_known", lambda r: put(r.park, grade="galactic")),
    ("parkshare_once_per_county", lambda r: ParkShare.objects.create(park=r.park, county=r.share.county)),
    ("parkshare_percent_in_range", lambda r: put(r.share, share_percent=Decimal(0))),
    ("parkshare_percent_in_range", lambda r: put(r.share, share_percent=Decimal(101))),
    ("platform_grade_known", lambda r: put(r.platform, grade="galactic")),
    (
        "talentyear_once_per_year",
        lambda r: [TalentYear.objects.create(programme=r.programme, year=2025) for _ in range(2)],
    ),
    (
        "designation_once_per_initiative",
        lambda r: Designation.objects.create(
            initiative=r.designation.initiative, title=r.designation.title, grade=Grade.NATIONAL
        ),
    ),
    ("designation_grade_known", lambda r: put(r.designation, grade="galactic")),
    ("designation_step_known", lambda r: put(r.designation, step="dream")),
    ("jurisdiction_level_known", lambda r: put(r.share.county, level="galaxy")),
    ("jurisdiction_not_its_own_parent", lambda r: put(r.share.county, parent=r.share.county)),
    ("syncclock_is_one_row", lambda r: SyncClock.objects.create(pk=2)),
    ("syncnote_subject_known", lambda r: SyncNote.objects.create(revision=1, subject="dream")),
    ("syncnote_leaves_a_scope", lambda r: SyncNote.objects.create(revision=1, subject="plan", is_leaving=True)),
    (
        "syncnote_one_floor",
        lambda r: [SyncNote.objects.create(revision=revision, subject="floor") for revision in (1, 2)],
    ),
    ("apiwrite_once", lambda r: [_write(r), _write(r)]),
    ("device_has_a_name", lambda r: Device.objects.create(owner=r.cast.lin, token=_token(r), name="")),
    *bad_desk_rows.BAD,
    *bad_reminder_rows.BAD,
    *bad_import_rows.BAD,
]


def _write(rows: Rows) -> ApiWrite:
    return ApiWrite.objects.create(author=rows.cast.lin, client_ref=UUID(int=1), operation="report", fingerprint="")


def _token(rows: Rows) -> AuthToken:
    return AuthToken.objects.create(user=rows.cast.lin)[0]


def same_reference(rows: Rows) -> None:
    ref = uuid4()
    put(rows.report, client_ref=ref, state="accepted")
    put(make_report(rows.item, author=rows.cast.lin), client_ref=ref)


def own_models() -> list[type[models.Model]]:
    return [model for app in ("projects", "tracker") for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize(("name", "spoil"), BAD, ids=[f"{name}-{n}" for n, (name, _spoil) in enumerate(BAD)])
def test_the_database_refuses_a_bad_row(name: str, spoil: Spoil) -> None:
    rows = Rows()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        spoil(rows)
    unique = next((c for m in own_models() for c in m._meta.constraints if c.name == name), None)
    if connection.vendor == "postgresql" or isinstance(unique, models.CheckConstraint):
        assert name in str(refusal.value)
    else:
        assert "UNIQUE constraint failed" in str(refusal.value)


def test_every_named_constraint_of_both_apps_is_in_the_table() -> None:
    named = {constraint.name for model in own_models() for constraint in model._meta.constraints}
    assert named == {name for name, _spoil in BAD}


def test_every_constraint_says_in_words_what_is_wrong() -> None:
    internal = {"event_kind_known", "event_seq_positive", "eventchain_is_one_row", "sitesettings_is_one_row"}
    internal |= {"lightchange_lights_known", "lightchange_is_a_change", "apiwrite_once", "device_has_a_name"}
    internal |= bad_reminder_rows.SILENT | bad_import_rows.SILENT
    silent = {
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    }
    assert silent <= internal


def test_the_good_rows_are_good() -> None:
    rows = Rows()
    bad_reminder_rows.reminder(rows)
    bad_reminder_rows.reminder(rows, milestone=rows.milestone)
    assert Commitment.objects.count() == 3
    for model in own_models():
        assert model._default_manager.model is model
    assert {
        Department,
        Indicator,
        Initiative,
        Jurisdiction,
        Milestone,
        Plan,
        ProgressReport,
        Reading,
        Target,
        User,
    } <= {*own_models()}


@pytest.mark.parametrize("column", ["wanted_on", "due_on", "original_due_on", "reason", "author", "commitment"])
def test_what_an_extension_request_asked_for_cannot_be_rewritten(column: str) -> None:
    rows = Rows()
    row = bad_desk_rows.extension(rows)
    other = {"reason": "另一个理由。", "author": rows.cast.zhou, "commitment": rows.red}
    with pytest.raises((IntegrityError, DatabaseError), match="immutable"), transaction.atomic():
        put(row, **{column: other.get(column, date(2027, 1, 1))})


def test_an_extension_request_is_not_deleted_but_a_demonstrations_is() -> None:
    rows = Rows()
    row = bad_desk_rows.extension(rows, state="withdrawn")
    with pytest.raises((IntegrityError, DatabaseError), match="immutable"), transaction.atomic():
        row.delete()
    bad_desk_rows.extension(rows, is_demo=True).delete()


def test_an_extension_request_can_be_decided() -> None:
    rows = Rows()
    row = bad_desk_rows.extension(rows)
    put(row, state="granted", granted_on=row.wanted_on, decided_at=timezone.now(), decided_by=rows.cast.chen)
    row.refresh_from_db()
    assert (row.state, row.granted_on) == ("granted", row.wanted_on)
