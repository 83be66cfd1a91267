"""The permission matrix: every address, for every role, on something of its own department or of a foreign one.

The table stands in permissions.txt: method, address, then the status for each persona. Lin is the officer and Hai the
head of the department that leads the commitment, Zhou an officer of another one. A second test fails when an address of
the site is missing from the table.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from knox.models import AuthToken

from projects.choices import InitiativeKind
from projects.models import Indicator, Initiative, ParkDetails, Reading, TalentProgrammeDetails
from tests import evidence_files, factories, import_rows, reminder_rows, slip_rows, subscription_rows
from tracker.actions import devices, events, evidence, feeds
from tracker.actions.events import Entry
from tracker.choices import ReportState, Role, SlipState, Stage
from tracker.event_kinds import EventKind
from tracker.models import (
    Blocker,
    Channel,
    Clause,
    Commitment,
    Contribution,
    DayOverride,
    Delivery,
    Department,
    DepartmentAlias,
    Deputy,
    Event,
    Evidence,
    ExtensionRequest,
    HeadingWord,
    HealthRuleSet,
    Instruction,
    LedgerImport,
    ListLayout,
    Lookback,
    Message,
    Plan,
    Post,
    PostHolding,
    ProgressReport,
    Reminder,
    ReminderRule,
    SiteSettings,
    Slip,
    Subscription,
    SweepRun,
    User,
    Verification,
)
from tracker.policies import SYSTEM
from tracker.rules.ruleset import RuleSet

pytestmark = pytest.mark.django_db

PERSONAS = ("visitor", "lin", "hai", "zhou", "chen", "wu", "gu")
TABLE = Path(__file__).with_name("permissions.txt")
# Redirects and catch-alls that Django's admin adds to each model; they lead to the addresses in the table.
GENERATED = {"admin/(?P<url>.*)$", "admin/r/<path:content_type_id>/<path:object_id>/"}


def rows() -> list[tuple[str, str, list[str]]]:
    """The table: method, address, statuses in the order of PERSONAS."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(line[0], line[1], line[2:]) for line in lines]


@pytest.fixture
def world(settings: Any) -> dict[str, str]:
    """One of everything, and the public or primary keys that stand in addresses."""
    settings.AXES_ENABLED = False
    cast = factories.make_cast()
    factories.make_user("hai", role=Role.HEAD, department=cast.science)
    plan = factories.make_plan()
    clause = factories.make_clause(plan)
    item = factories.make_commitment("C-1", plan=plan, department=cast.science, clause=clause)
    other = factories.make_commitment("C-2", plan=plan, department=cast.science, clause=clause)
    draft = factories.make_report(item, author=cast.lin, state=ReportState.DRAFT)
    submitted = factories.make_report(other, author=cast.lin)
    initiative = factories.make_initiative("I-1")
    park = ParkDetails.objects.create(initiative=factories.make_initiative("I-2", kind=InitiativeKind.PARK))
    talent = TalentProgrammeDetails.objects.create(
        initiative=factories.make_initiative("I-3", kind=InitiativeKind.TALENT_PROGRAMME)
    )
    indicator = factories.make_indicator()
    reading = factories.make_reading(indicator, 2023, Decimal(201))
    post = Post.objects.create(code="kjj-head", title="局长", department=cast.science)
    holding = PostHolding.objects.create(post=post, holder=cast.lin, starts_on=factories.TODAY)
    deputy = Deputy.objects.create(
        post=post, deputy=cast.wu, starts_on=factories.TODAY, ends_on=factories.TODAY, reason="学习"
    )
    file = evidence.add(item, upload=evidence_files.upload(), by=cast.actor("lin"), today=factories.TODAY).evidence
    tang = factories.make_user("tang", department=factories.make_department("tj"))
    contribution = factories.make_contribution(item, author=tang)
    done = factories.make_commitment("C-3", plan=plan, department=cast.science, stage=Stage.REPORTED_DONE)
    closed = factories.make_commitment("C-4", plan=plan, department=cast.science, stage=Stage.CLOSED)
    verification = factories.make_verification(closed, verifier=cast.chen)
    lookback = factories.make_lookback(closed, drawn_by=cast.chen)
    rule = reminder_rows.make_rule(ladder=[-7])
    reminder = reminder_rows.make_reminder(item, cast.lin, due_on=factories.TODAY, offset=0)
    channel = reminder_rows.make_channel()
    message = Message.objects.create(
        recipient=cast.lin, channel=channel, day=factories.TODAY, not_before="2026-11-22T00:00:00Z"
    )
    sweep = SweepRun.objects.create(day=factories.TODAY, started_at="2026-11-22T00:00:00Z")
    rules = HealthRuleSet.objects.create(
        version="v9", in_force_from=factories.TODAY, parameters=RuleSet(version="v9").to_json()
    )
    moved = factories.make_moved_day()
    ledger = import_rows.make_import(plan, cast.actor("chen"))
    alias, heading = import_rows.make_alias(), import_rows.make_heading()
    event = events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=SYSTEM)
    token, _secret = AuthToken.objects.create(user=cast.lin)
    phone = devices.signed_in(token, name="手机", by=cast.actor("lin"))
    slip = slip_rows.make_slip(item)
    subscription = subscription_rows.make_subscription(cast)
    extension = factories.make_extension(item, author=cast.lin)
    blocker = factories.make_blocker(item, author=cast.lin, wanted_from=post)
    instruction = factories.make_instruction(item, given_by=cast.wu)
    made: dict[type, object] = {
        LedgerImport: ledger.pk,
        DepartmentAlias: alias.pk,
        HeadingWord: heading.pk,
        Slip: slip.pk,
        ExtensionRequest: extension.pk,
        Blocker: blocker.pk,
        Instruction: instruction.pk,
        Commitment: item.pk,
        ProgressReport: draft.pk,
        Department: cast.science.pk,
        Post: post.pk,
        PostHolding: holding.pk,
        Deputy: deputy.pk,
        Evidence: file.pk,
        Contribution: contribution.pk,
        Verification: verification.pk,
        Lookback: lookback.pk,
        User: cast.lin.pk,
        Plan: plan.pk,
        Clause: clause.pk,
        Event: event.pk,
        Reminder: reminder.pk,
        Message: message.pk,
        ReminderRule: rule.pk,
        HealthRuleSet: rules.pk,
        SweepRun: sweep.pk,
        DayOverride: moved.pk,
        SiteSettings: switched_on(item).pk,
        Channel: Channel.objects.create(code="hook", name="中转", kind="webhook").pk,
        Subscription: subscription.pk,
        ListLayout: ListLayout.objects.create(name="月报用表", department=cast.science, columns=["code", "title"]).pk,
        Delivery: subscription_rows.make_delivery(subscription, event).pk,
        Initiative: initiative.pk,
        ParkDetails: park.pk,
        TalentProgrammeDetails: talent.pk,
        Indicator: indicator.pk,
        Reading: reading.pk,
    }
    keys = {model.__name__.lower(): str(pk) for model, pk in made.items()}
    return (
        keys
        | {
            "feed": feeds.open_feed(by=cast.actor("lin")).token,
            "device": str(phone.ref),
            "code": item.code,
            "plan_code": plan.code,
            "draft": str(draft.ref),
            "submitted": str(submitted.ref),
            "free": str(other.pk),
            "slip_ref": str(slip.ref),
            "extension_ref": str(extension.ref),
            "blocker_ref": str(blocker.ref),
            "instruction_ref": str(instruction.ref),
            "evidence_ref": str(file.ref),
            "contribution_ref": str(contribution.ref),
            "verification_ref": str(verification.ref),
            "lookback_ref": str(lookback.ref),
            "slip_draft": str(slip_rows.make_slip(other, state=SlipState.DRAFT).ref),
        }
        | {
            "done": str(done.pk),
            "closed": str(closed.pk),
        }
    )


def switched_on(item: Commitment) -> SiteSettings:
    """Everything that the office can switch on, so that the table says who sees it; one matter is public."""
    Commitment.objects.filter(pk=item.pk).update(is_public=True, published_on=date(2020, 1, 1))
    row, _created = SiteSettings.objects.update_or_create(
        pk=SiteSettings.SETTINGS_ID,
        defaults={"compares_departments": True, "shows_public_pages": True, "public_fields": ["light"]},
    )
    return row


def ask(persona: str, method: str, address: str) -> int:
    """The status of one request by one persona; the API is asked with a session-free token."""
    client = Client(raise_request_exception=True)
    headers = {}
    if persona != "visitor":
        user = User.objects.get(username=persona)
        if address.startswith("/api/"):
            headers["authorization"] = f"Token {AuthToken.objects.create(user=user)[1]}"
        else:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    body: dict[str, Any] = {"content_type": "application/json"} if address.startswith("/api/") else {}
    return client.generic(method, address, data="{}" if body else "", headers=headers, **body).status_code


def filled(address: str, world: dict[str, str]) -> str:
    """The address with the keys of this run: {commitment}, {code} …"""
    return address.format(**world)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_matrix_holds(persona: str, world: dict[str, str]) -> None:
    """Every row for one persona; each request is taken back, so that none changes what the next one finds."""
    place, wrong = PERSONAS.index(persona), []
    for method, address, statuses in rows():
        point = transaction.savepoint()
        found = ask(persona, method, filled(address, world))
        transaction.savepoint_rollback(point)
        if str(found) != statuses[place]:
            wrong.append(f"{method} {address}: {found}, not {statuses[place]}")
    assert wrong == []


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def test_every_address_stands_in_the_matrix(world: dict[str, str]) -> None:
    asked = {filled(address, world).split("?")[0] for _method, address, _statuses in rows()}
    resolver = get_resolver()
    covered = {resolver.resolve(address).route for address in asked}
    missing = [
        route
        for route, entry in patterns(resolver)
        if route not in covered
        and route not in GENERATED
        and not (entry.name is None and route.endswith("<path:object_id>/"))
    ]
    assert missing == []
