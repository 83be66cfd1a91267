"""Bad rows of the desk's tables, for the table in test_models: each names the constraint that refuses it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from tracker.choices import AnswerState, ExtensionState
from tracker.models import (
    Blocker,
    Contribution,
    Deputy,
    Evidence,
    ExtensionRequest,
    HandoverItem,
    Instruction,
    LightChange,
    Lookback,
    LookbackPick,
    ReportVolumes,
    SiteSettings,
    Verification,
)

DAY, EARLIER, LATER = date(2026, 6, 1), date(2026, 5, 1), date(2026, 7, 1)
# The rows of test_models: `cast`, `item`, `post`, `holding`, `report`. Any, or the two modules would import each other.
Spoil = Callable[[Any], object]


def _put(row: models.Model, **values: object) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def extension(rows: Any, **values: object) -> ExtensionRequest:
    facts = {
        "commitment": rows.item, "author": rows.cast.lin, "original_due_on": DAY, "due_on": DAY, "wanted_on": LATER,
        "reason": "设备到货延期。",
    }  # fmt: skip
    return ExtensionRequest.objects.create(**(facts | values))


def _decided(rows: Any, **values: object) -> ExtensionRequest:
    return extension(rows, **({"decided_at": timezone.now(), "decided_by": rows.cast.chen} | values))


def _blocker(rows: Any, **values: object) -> Blocker:
    facts = {
        "commitment": rows.item, "author": rows.cast.lin, "wanted_from": rows.post, "category": "land",
        "wanted_by": DAY, "text": "用地预审未办结。",
    }  # fmt: skip
    return Blocker.objects.create(**(facts | values))


def _light(rows: Any, **values: str) -> LightChange:
    return LightChange.objects.create(commitment=rows.item, plan=rows.plan, on=DAY, **values)


def _instruction(rows: Any, **values: object) -> Instruction:
    facts = {
        "commitment": rows.item, "given_by": rows.cast.wu, "author": rows.cast.wu, "given_on": DAY,
        "answer_due_on": LATER, "text": "请抓紧。",
    }  # fmt: skip
    return Instruction.objects.create(**(facts | values))


def _verification(rows: Any, **values: object) -> Verification:
    facts = {
        "commitment": rows.item, "verifier": rows.cast.chen, "method": "documents", "finding": "confirmed",
        "note": "属实。", "verified_on": DAY,
    }  # fmt: skip
    return Verification.objects.create(**(facts | values))


def _lookback(rows: Any, **values: object) -> Lookback:
    facts = {
        "drawn_by": rows.cast.chen, "drawn_on": DAY, "closed_from": EARLIER, "closed_until": DAY, "seed": "s",
        "population": ["GOOD"], "size": 1,
    }  # fmt: skip
    return Lookback.objects.create(**(facts | values))


def _picked_twice(rows: Any) -> None:
    draw = _lookback(rows)
    for order in (1, 2):
        LookbackPick.objects.create(lookback=draw, commitment=rows.item, order=order)


def _evidence(rows: Any, **values: object) -> Evidence:
    facts = {
        "commitment": rows.item, "author": rows.cast.lin, "name": "a.pdf", "size": 1, "media_type": "application/pdf",
        "sha256": "0" * 64,
    }  # fmt: skip
    return Evidence.objects.create(**(facts | values))


def _volumes(rows: Any, **values: object) -> ReportVolumes:
    return ReportVolumes.objects.create(report=rows.report, **values)


def _contribution(rows: Any, **values: object) -> Contribution:
    facts = {
        "commitment": rows.item, "department": rows.cast.office, "author": rows.cast.chen, "period_start": EARLIER,
        "period_end": DAY, "text": "已完成。",
    }  # fmt: skip
    return Contribution.objects.create(**(facts | values))


def _deputy(rows: Any, **values: object) -> Deputy:
    facts = {"post": rows.post, "deputy": rows.cast.zhou, "starts_on": DAY, "ends_on": LATER}
    return Deputy.objects.create(**(facts | values))


ANSWERED = {"state": AnswerState.ANSWERED, "answer": "好。"}
BAD: list[tuple[str, Spoil]] = [
    ("project_percent_not_negative", lambda r: _put(r.project, physical_percent=-1)),
    ("project_percent_not_negative", lambda r: _put(r.project, work_percent=-1)),
    ("volumes_stage_known", lambda r: _volumes(r, stage="dream")),
    ("volumes_not_negative", lambda r: _volumes(r, invested_month_wan=-1)),
    ("volumes_not_negative", lambda r: _volumes(r, invested_year_wan=-1)),
    ("volumes_not_negative", lambda r: _volumes(r, physical_percent=-1)),
    ("volumes_not_negative", lambda r: _volumes(r, work_percent=-1)),
    ("volumes_date_only_when_registered", lambda r: _volumes(r, in_statistics_on=DAY)),
    ("volumes_date_only_when_registered", lambda r: _volumes(r, in_statistics_on=DAY, in_statistics=False)),
    ("contribution_once_per_period", lambda r: [_contribution(r), _contribution(r)]),
    ("contribution_period_in_order", lambda r: _contribution(r, period_start=LATER)),
    ("contribution_says_something", lambda r: _contribution(r, text="")),
    ("extension_state_known", lambda r: extension(r, state="limbo")),
    ("extension_wants_a_later_date", lambda r: extension(r, wanted_on=DAY)),
    ("extension_says_why", lambda r: extension(r, reason="")),
    ("extension_decision_is_complete", lambda r: _decided(r)),
    ("extension_decision_is_complete", lambda r: extension(r, state=ExtensionState.REFUSED, decision="不行")),
    ("extension_grant_has_a_date", lambda r: _decided(r, state=ExtensionState.GRANTED)),
    ("extension_grant_has_a_date", lambda r: _decided(r, state=ExtensionState.GRANTED, granted_on=DAY)),
    ("extension_grant_has_a_date", lambda r: extension(r, granted_on=LATER)),
    ("extension_grant_has_a_date", lambda r: extension(r, is_exemption=True)),
    ("extension_refusal_says_why", lambda r: _decided(r, state=ExtensionState.REFUSED)),
    (
        "extension_not_decided_by_its_author",
        lambda r: _decided(r, state=ExtensionState.GRANTED, granted_on=LATER, decided_by=r.cast.lin),
    ),
    ("extension_one_pending_per_commitment", lambda r: [extension(r), extension(r)]),
    ("blocker_state_known", lambda r: _blocker(r, state="limbo")),
    ("blocker_has_text", lambda r: _blocker(r, text="")),
    ("blocker_answer_is_complete", lambda r: _blocker(r, **ANSWERED)),
    ("blocker_answer_is_complete", lambda r: _blocker(r, state="answered", answered_at=timezone.now())),
    ("blocker_answer_is_complete", lambda r: _blocker(r, answer="好。")),
    ("blocker_category_known", lambda r: _blocker(r, category="luck")),
    ("instruction_state_known", lambda r: _instruction(r, state="limbo")),
    ("instruction_has_text", lambda r: _instruction(r, text="")),
    ("instruction_answer_is_complete", lambda r: _instruction(r, **ANSWERED)),
    ("instruction_answer_after_word", lambda r: _instruction(r, answer_due_on=EARLIER)),
    ("verification_method_known", lambda r: _verification(r, method="dice")),
    ("verification_finding_known", lambda r: _verification(r, finding="maybe")),
    ("verification_says_what_was_found", lambda r: _verification(r, note="")),
    ("lookback_period_in_order", lambda r: _lookback(r, closed_from=LATER)),
    ("lookback_draws_something", lambda r: _lookback(r, size=0)),
    ("lookback_draws_something", lambda r: _lookback(r, seed="")),
    ("lookbackpick_once", _picked_twice),
    ("evidence_has_a_digest", lambda r: _evidence(r, sha256="")),
    ("evidence_is_not_empty", lambda r: _evidence(r, size=0)),
    ("deputy_ends_after_start", lambda r: _deputy(r, ends_on=EARLIER)),
    ("deputy_once_per_start", lambda r: [_deputy(r), _deputy(r)]),
    (
        "handoveritem_kind_known",
        lambda r: HandoverItem.objects.create(holding=r.holding, kind="dream", commitment=r.item, title="x"),
    ),
    ("lightchange_lights_known", lambda r: _light(r, after="blinking")),
    ("lightchange_is_a_change", lambda r: _light(r, before="done", after="done")),
    ("sitesettings_is_one_row", lambda r: SiteSettings.objects.create(pk=2)),
    ("clause_judged_with_a_reason", lambda r: _put(r.clause, needs_no_commitment=True)),
]
