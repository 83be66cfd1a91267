"""What the tests of the public pages share: matters that were marked public, switches, eyes that read as a visitor."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from projects.models import Reading
from tests.factories import (
    Cast,
    make_blocker,
    make_clause,
    make_commitment,
    make_indicator,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tracker.actions import settings
from tracker.choices import Health, PublicField, ReportState
from tracker.models import Commitment, LightChange, ProgressReport, SiteSettings, Target
from tracker.policies import SYSTEM

DELAY = 14
SECRET = "机密字样"
EVERY = tuple(PublicField.values)
PAGES = ("/public/", "/public/P1/", "/public/P1/M-1/")
BESIDE = ("/public.json", "/public/P1.json", "/public/P1/M-1.json")


def today() -> date:
    return timezone.localdate()


def as_of() -> date:
    """The day whose state the public sees."""
    return today() - timedelta(days=DELAY)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def switch_on(*fields: str, **values: object) -> SiteSettings:
    said = {"shows_public_pages": True, "public_delay_days": DELAY, "public_fields": list(fields)} | values
    return settings.revise(values=said, reason="公开", by=SYSTEM)


def make_public(code: str = "M-1", *, on: date | None = None, **values: Any) -> Commitment:
    """A matter that was marked public long ago, unless `on` says when."""
    item = make_commitment(code, **values)
    Commitment.objects.filter(pk=item.pk).update(is_public=True, published_on=on or as_of())
    return Commitment.objects.get(pk=item.pk)


def light(item: Commitment, health: Health, *, on: date, before: str = "") -> None:
    LightChange.objects.create(commitment=item, plan_id=item.plan_id, on=on, before=before, after=health)


def read(address: str = "/public/P1/M-1.json") -> dict[str, Any]:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    found: dict[str, Any] = json.loads(answer.content)
    return found


def matter() -> dict[str, Any]:
    found: dict[str, Any] = read()["matter"]
    return found


def status(address: str, **asked: str) -> int:
    return Client().get(address, asked).status_code


def full(cast: Cast) -> Commitment:
    """A public matter with words of people everywhere around it."""
    for user in (cast.lin, cast.chen, cast.wu):
        user.full_name = f"{SECRET}某"
        user.save(update_fields=["full_name"])
    item = make_public(department=cast.science, clause=make_clause(make_plan(), "2.3", heading="研发"))
    make_report(
        item, author=cast.lin, reviewer=cast.chen, state=ReportState.ACCEPTED, done=SECRET, progress=Decimal("62.5"),
        period_start=date(2026, 1, 1), period_end=date(2026, 1, 31),
    )  # fmt: skip
    ProgressReport.objects.update(reviewed_at=at(as_of()), problems=SECRET, next_steps=SECRET)
    make_blocker(item, author=cast.lin, wanted_from=make_post(title=SECRET))
    Commitment.objects.filter(pk=item.pk).update(
        tightening_reason=SECRET,
        override_reason=SECRET,
        health_reasons=[{"code": "milestone_overdue", "params": {"name": SECRET}}],
        summary="研发投入增长三成。",
    )
    light(item, Health.AT_RISK, on=as_of())
    indicator = make_indicator(unit="家")
    make_reading(indicator, 2023, Decimal(200))
    make_target(item, indicator)
    Reading.objects.update(source=SECRET, updated_at=at(as_of()))
    Target.objects.update(note=SECRET, created_at=at(as_of()))
    return item


def owner_name() -> str:
    return Commitment.objects.select_related("lead").get(code="M-1").lead.name  # type: ignore[union-attr]
