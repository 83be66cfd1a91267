"""Each page asks the database the same number of questions for 3 rows and for 30, and no more than its budget."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_clause,
    make_commitment,
    make_department,
    make_extension,
    make_indicator,
    make_instruction,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tests.reminder_rows import make_channel, make_reminder, make_rule
from tests.slip_rows import make_slip
from tests.subscription_rows import make_delivery
from tests.tracker.web.pages import signed_in
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import ChannelKind, Health, Involvement, MessageState, ReminderOccasion, ReportState, SlipState
from tracker.event_kinds import EventKind
from tracker.models import (
    CalendarFeed,
    Commitment,
    CommitmentDepartment,
    Contribution,
    Deputy,
    Device,
    Evidence,
    LastLook,
    LightChange,
    Message,
    Post,
    PostHolding,
    Slip,
    Subscription,
    SweepRun,
    Verification,
)
from tracker.policies import SYSTEM

pytestmark = pytest.mark.once
SLIP = UUID(int=7)
# Every page: 2 session and person; 1 what is unread in the inbox; 1 revision (key of the kept status), 5 the site's
# status, kept until data changes.
BASE = 9
BUDGETS = {
    # the revision once more for the body's key; plans in sight with their jurisdiction; lights and work done; week and
    # month, and whether the record reaches back; late, at risk, third list and what is asked there (two kinds at most);
    # targets, their readings, their path points; matrix: departments' sums, names, cells, chapters; late by chapter.
    # The first look: the mark, the newest change, the insertion and its four savepoints.
    "/": BASE + 26,
    # plans; came and left; how many; the rows.
    "/changes/": BASE + 4,
    # departments and chapters of the filters, plans in sight; matched, rows, total.
    "/commitments/": BASE + 6,
    # the same filters; layouts; matched.
    "/commitments/export/": BASE + 5,
    # the row with its relations; milestones, targets, readings, path, plan, investment and the moved working days for
    # what is expected; the rules; owners; milestones; targets, readings, path; reports; the owner post, its holders,
    # its deputies; extensions, blockers, instructions, verifications, files, contributions, slips; relatives; which
    # files, contributions and slips the history may tell of, its events, how many, what they name, the seals before
    # them.
    "/commitments/X-1/": BASE + 33,
    # the row with its plan; which contributions, files and slips it may tell of; events, how many, the seals before
    # them; the last walk over the chain.
    "/commitments/X-1/history/": BASE + 8,
    # the post with its department and the one above; holders; deputies; the posts under it; lights; rows; blockers.
    "/posts/kjj-head/": BASE + 7,
    # what waits for the reader's word; all posts by who is above; the posts held; these posts, holders, deputies;
    # lights by post and lead; open blockers by post.
    "/portfolio/": BASE + 8,
    # lights by department; the departments; whether they may be compared.
    "/departments/": BASE + 3,
    # counts by plan and light; the plans; what changed in a week, and whether the record reaches that far.
    "/wall/": BASE + 4,
    # plans; their clauses by whether they are taken up; their commitments by light and lead.
    "/plans/": BASE + 3,
    # the plan; its chapters for the filter; its clauses; their commitments; late ones by chapter; coverage as above.
    "/plans/P1/": BASE + 7,
    # plans; reports by lead; contributions by department; the departments.
    "/burden/": BASE + 4,
    # years and departments of the filters; the rows, and how many.
    "/slips/": BASE + 4,
    # the slip with its relations; the office; what cites it.
    f"/slips/{SLIP}/": BASE + 3,
    # the lines' keys; the newest reminder; the rows with their subjects; the messages that carried them.
    "/inbox/": BASE + 4,
    # the person's settings; the site's; channels; who may stand in; for whom one stands in; the rules; days moved.
    "/inbox/settings/": BASE + 7,
    # departments to choose from; the addresses in use.
    "/inbox/calendar/": BASE + 2,
    # the devices.
    "/inbox/devices/": BASE + 1,
    # the rules with their plans; the versions in force; counts by rule; moved days; today's sweep; the hours.
    "/reminders/": BASE + 6,
    # the last sweep, the queue, the last message sent, the hours and moved days while one is due; the last sweeps;
    # failures by channel, their errors, the channels; subscriptions and what of them waits
    # or was given up; whom no channel reaches; broken rules; the chain; moved days; when the next sweep
    # is (two); the hours.
    "/operations/": BASE + 19,
    "/operations/inbox-only/": BASE + 4,
    # the department; lights; three groups of rows and two totals; its posts, their holders and deputies; the blockers
    # that ask them.
    "/departments/kjj/": BASE + 11,
}


def grow(cast: Cast, size: int) -> None:
    """A ledger of about this size: as many commitments, departments, reports, events, milestones, targets."""
    plan = make_plan()
    item = make_commitment("X-1", department=cast.science, clause=make_clause(plan, f"0-{size}"))
    head = Post.objects.create(code="kjj-head", title="局长", department=cast.science, is_head=True)
    for holder in (cast.wu, cast.lin, cast.chen):
        Deputy.objects.create(post=head, deputy=holder, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    Slip.objects.filter(pk=make_slip(item).pk).update(ref=SLIP)
    for number in range(size):
        department = make_department(f"g{number}")
        row = make_commitment(
            f"G-{number:03d}",
            department=cast.science if number % 2 else department,
            clause=make_clause(plan, f"c{number}"),
            health=list(Health)[number % 7],
            parent=item,
        )
        PostHolding.objects.create(post=head, holder=cast.lin, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
        make_report(row, author=cast.lin)
        LightChange.objects.create(commitment=row, plan=plan, on=TODAY, before="", after=row.health)
        CommitmentDepartment.objects.create(
            commitment=item, department=department, involvement=Involvement.SUPPORTING, order=number
        )
        make_report(
            item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen, progress=Decimal(number),
            period_start=date(2020, 1, 1), period_end=date(2020, 1, number + 1),
        )  # fmt: skip
        make_extension(row, author=cast.lin)
        make_slip(row, number=number + 2)
        make_slip(item, number=number + 100, state=SlipState.WITHDRAWN)
        post = make_post(f"post-{number}", department=department)
        Post.objects.filter(pk=post.pk).update(overseen_by=head)
        make_blocker(item, author=cast.lin, wanted_from=post)
        make_blocker(item, author=cast.lin, wanted_from=head)
        make_instruction(item, given_by=cast.wu)
        _told(cast, row)
        Verification.objects.create(
            commitment=item, verifier=cast.chen, method="documents", finding="confirmed", note="属实", verified_on=TODAY
        )
        Evidence.objects.create(
            commitment=item,
            author=cast.lin,
            name=f"{number}.pdf",
            size=9,
            media_type="application/pdf",
            sha256="0" * 64,
        )
        Contribution.objects.create(
            commitment=item, department=department, author=cast.zhou, text="已配合。",
            period_start=date(2026, 11, 1), period_end=date(2026, 11, 30),
        )  # fmt: skip
        make_milestone(item, f"节点 {number}", planned_on=date(2026, 1, 1))
        indicator = make_indicator(f"i-{number}")
        make_reading(indicator, 2023, Decimal(100))
        make_target(item, indicator)
        events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=cast.actor("chen"))
        _tell(number, row, cast)


def _tell(number: int, row: Commitment, cast: Cast) -> None:
    """A rule, a reminder, a channel that fails, its messages, a sweep."""
    make_rule(f"before-{number}", occasion=ReminderOccasion.BEFORE_DUE, ladder=[-7])
    make_reminder(row, cast.lin, due_on=date(2026, 12, 1))
    channel = make_channel(f"hook-{number}", kind=ChannelKind.WEBHOOK)
    facts = {"recipient": cast.lin, "channel": channel, "not_before": "2026-11-20T00:00Z"}
    Message.objects.create(day=TODAY, **facts)
    Message.objects.create(day=timezone.localdate(), state=MessageState.FAILED, error="refused", **facts)
    told = Subscription.objects.create(code=f"told-{number}", name="平台", owner=cast.gu, department=cast.science)
    for state in ("waiting", "failed"):
        event = events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=row), by=SYSTEM)
        make_delivery(told, event, state=state)
    SweepRun.objects.create(day=TODAY, started_at="2026-11-22T00:00Z", finished_at="2026-11-22T00:01Z")


def _told(cast: Cast, row: Commitment) -> None:
    """A reminder, a calendar address and a device more for each reader."""
    for reader in (cast.wu, cast.lin, cast.chen):
        make_reminder(row, recipient=reader)
        CalendarFeed.objects.create(owner=reader, digest=f"{reader.pk}-{row.pk}")
        token, _secret = AuthToken.objects.create(user=reader)
        Device.objects.create(owner=reader, token=token, name="手机")


def asked(name: str, size: int) -> dict[str, list[str]]:
    """What each page asks the database for this reader, in a ledger of that size that is gone afterwards.

    Each page in a savepoint of its own: what it writes when looked at is not there for the next.
    """
    found = {}
    with transaction.atomic():
        cast = make_cast()
        grow(cast, size)
        client = signed_in(getattr(cast, name))
        for path in BUDGETS:
            cache.clear()
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                status = client.get(path).status_code
                assert status == (404 if name == "lin" and path.startswith("/operations/") else 200), path
                transaction.set_rollback(True)
            found[path] = [query["sql"] for query in queries]
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wu", "chen", "lin"])
def test_every_page_asks_as_much_for_three_rows_as_for_thirty(name: str) -> None:
    few, many = asked(name, 3), asked(name, 30)
    grown = {path: (len(few[path]), len(many[path])) for path in BUDGETS if len(few[path]) != len(many[path])}
    assert not grown
    dear = {path: "\n".join(many[path]) for path in BUDGETS if len(many[path]) > BUDGETS[path]}
    assert not dear


@pytest.mark.django_db
def test_the_kept_overview_asks_only_who_looks_and_whether_anything_changed() -> None:
    cast = make_cast()
    grow(cast, 3)
    client = signed_in(cast.wu)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    # session, person, revision for the body, the reader's last look in its savepoint, revision and what is unread for
    # the masthead
    assert len(queries) == 8, "\n".join(query["sql"] for query in queries)


@pytest.mark.django_db
def test_a_second_visit_asks_once_more_for_what_is_new_however_much_it_is() -> None:
    counted = {}
    cast = make_cast()
    for size in (3, 30):
        client = signed_in(cast.wu)
        client.get("/")
        LastLook.objects.update(looked_at=timezone.now() - timedelta(days=1))
        plan = make_plan()
        for number in range(size):
            row = make_commitment(f"N{size}-{number}", plan=plan, department=cast.science)
            LightChange.objects.create(commitment=row, plan=plan, on=TODAY, before="", after=row.health)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counted[size] = len(queries)
    assert counted == {3: 10, 30: 10}, "the changes counted, and the newest of them"


@pytest.mark.django_db
def test_plans_side_by_side_ask_as_much_for_two_as_for_twenty() -> None:
    counted = []
    cast = make_cast()
    for size in (2, 20):
        for number in range(size):
            make_commitment(f"S{size}-{number}", plan=make_plan(f"P{number}"), department=cast.science)
        cache.clear()
        client = signed_in(cast.wu)
        client.get("/")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    # revision; plans twice, for the choice and for the lines; lights; week and month; three lists; the look.
    assert counted[1] <= BASE + 14
