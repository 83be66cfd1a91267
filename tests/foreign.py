"""One row of everything the admin registers, all of it the science bureau's: foreign to Zhou of the health commission.

SECRET stands in every text of it, so that a page that shows any of it gives itself away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, reverse

from projects.choices import InitiativeKind
from projects.models import Indicator, Initiative, ParkDetails, TalentProgrammeDetails
from tests import evidence_files, factories, import_rows, reminder_rows, slip_rows, subscription_rows
from tests.factories import TODAY, Cast
from tracker.actions import events, evidence
from tracker.actions.events import Entry
from tracker.choices import BlockerCategory
from tracker.event_kinds import EventKind
from tracker.models import (
    Blocker,
    Channel,
    Clause,
    Commitment,
    Contribution,
    Deputy,
    ExtensionRequest,
    HealthRuleSet,
    Instruction,
    ListLayout,
    Lookback,
    LookbackPick,
    Message,
    Plan,
    Post,
    PostHolding,
    SiteSettings,
    SweepRun,
    Verification,
)
from tracker.policies import SYSTEM
from tracker.rules.ruleset import RuleSet

SECRET = "机密字样"
# What everybody in the city may read.
PUBLIC = frozenset({Plan, Clause})


@dataclass(frozen=True, slots=True)
class World:
    cast: Cast
    rows: dict[type[Model], Model]

    def row(self, model: type[Model]) -> Model:
        return self.rows[model]


def make_world() -> World:
    """All foreign to Zhou, who has a commitment of his own, Z-1."""
    cast = factories.make_cast()
    cast.lin.full_name = f"{SECRET}林"
    cast.lin.save()
    plan = factories.make_plan()
    clause = factories.make_clause(plan)
    item = factories.make_commitment("C-1", title=f"{SECRET}事项", plan=plan, department=cast.science, clause=clause)
    factories.make_commitment("Z-1", title="卫健事项", plan=plan, department=cast.health_bureau)
    made = [cast.science, cast.lin, plan, clause, item]
    made += [*_words(item, cast), *_people(item, cast), *_catalogue(), *_machine(item, cast)]
    made += [import_rows.make_import(plan, cast.actor("chen"), name=f"{SECRET}.xlsx")]
    made += [import_rows.make_alias(f"{SECRET}办"), import_rows.make_heading(f"{SECRET}点")]
    return World(cast=cast, rows={type(row): row for row in made})


def _words(item: Commitment, cast: Cast) -> list[Model]:
    """Reports, questions, verifications, files."""
    report = factories.make_report(item, author=cast.lin, done=f"{SECRET}完成")
    post = Post.objects.create(code="kjj-deputy", title=f"{SECRET}副局长", department=cast.science)
    extension = ExtensionRequest.objects.create(
        commitment=item, author=cast.lin, original_due_on="2026-12-31", due_on="2026-12-31", wanted_on="2027-03-31",
        reason=f"{SECRET}原因",
    )  # fmt: skip
    blocker = Blocker.objects.create(
        commitment=item, author=cast.lin, wanted_from=post, category=BlockerCategory.LAND, wanted_by=TODAY,
        text=f"{SECRET}堵点",
    )  # fmt: skip
    word = Instruction.objects.create(
        commitment=item, given_by=cast.wu, author=cast.wu, given_on=TODAY, answer_due_on=TODAY, text=f"{SECRET}批示"
    )
    lookback = Lookback.objects.create(
        drawn_by=cast.chen, drawn_on=TODAY, closed_from=TODAY, closed_until=TODAY, seed="1", population=["C-1"], size=1
    )
    seen = Verification.objects.create(
        commitment=item, verifier=cast.chen, lookback=lookback, method="documents", finding="confirmed",
        note=f"{SECRET}核查", verified_on=TODAY,
    )  # fmt: skip
    pick = LookbackPick.objects.create(lookback=lookback, commitment=item, order=1, verification=seen)
    file = evidence.add(item, upload=evidence_files.upload(), note=SECRET, by=cast.actor("lin"), today=TODAY).evidence
    part = Contribution.objects.create(
        commitment=item, department=cast.science, author=cast.lin, period_start="2026-11-01", period_end="2026-11-30",
        text=f"{SECRET}配合",
    )  # fmt: skip
    slip = slip_rows.make_slip(item, text=f"{SECRET}督办")
    return [report, extension, blocker, word, lookback, seen, pick, file, part, slip]


def _people(item: Commitment, cast: Cast) -> list[Model]:
    post = Post.objects.create(code="kjj-head", title=f"{SECRET}局长", department=cast.science, is_head=True)
    holding = PostHolding.objects.create(post=post, holder=cast.lin, starts_on=TODAY)
    deputy = Deputy.objects.create(post=post, deputy=cast.lin, starts_on=TODAY, ends_on=TODAY, reason=SECRET)
    return [post, holding, deputy]


def _catalogue() -> list[Model]:
    initiative = Initiative.objects.create(code="I-1", name=f"{SECRET}项目", kind=InitiativeKind.PROJECT)
    park = ParkDetails.objects.create(initiative=factories.make_initiative("I-2", kind=InitiativeKind.PARK))
    talent = TalentProgrammeDetails.objects.create(
        initiative=factories.make_initiative("I-3", kind=InitiativeKind.TALENT_PROGRAMME)
    )
    indicator = Indicator.objects.create(
        code="secret", name=f"{SECRET}指标", unit="家", direction="up", frequency="year"
    )
    return [initiative, park, talent, indicator, factories.make_reading(indicator, 2023, Decimal(201))]


def _machine(item: Commitment, cast: Cast) -> list[Model]:
    reminder = reminder_rows.make_reminder(item, recipient=cast.lin)
    rule = reminder.rule
    sweep = SweepRun.objects.create(day=TODAY, started_at="2026-11-22T00:00:00Z")
    rules = HealthRuleSet.objects.create(version="v9", in_force_from=TODAY, parameters=RuleSet(version="v9").to_json())
    event = events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item, reason=SECRET), by=SYSTEM)
    settings, _created = SiteSettings.objects.get_or_create(pk=SiteSettings.SETTINGS_ID)
    moved = factories.make_moved_day(name=SECRET)
    channel = Channel.objects.create(code="hook", name=f"{SECRET}渠道", kind="webhook", department=cast.science)
    message = Message.objects.create(
        recipient=cast.lin, channel=channel, day=TODAY, not_before="2026-11-22T00:00:00Z", error=SECRET
    )
    layout = ListLayout.objects.create(name=f"{SECRET}版式", department=cast.science, columns=["code", "title"])
    told = subscription_rows.make_subscription(cast, name=f"{SECRET}平台", on=False)
    delivery = subscription_rows.make_delivery(told, event, error=SECRET)
    return [rule, reminder, sweep, rules, event, settings, moved, channel, message, told, delivery, layout]


def views_of(page: Any, row: Model) -> Iterator[str]:
    """The addresses of one row: Django's, and those that the page adds. A word beside the key takes a few values."""
    for pattern in page.get_urls():
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        names = set(pattern.pattern.converters)
        keys = {name for name in names if name.endswith("id")}
        if not keys:
            continue
        words = [{}] if names == keys else [dict.fromkeys(names - keys, word) for word in ("closed", "issued", "x")]
        for word in words:
            try:
                yield reverse(f"admin:{pattern.name}", kwargs=dict.fromkeys(keys, row.pk) | word)
            except NoReverseMatch:
                continue
