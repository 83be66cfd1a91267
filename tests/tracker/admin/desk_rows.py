"""Rows that desks show: plain makers, and `fill` for so many of everything."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories import TODAY, Cast, make_commitment, make_department, make_report
from tracker.choices import BlockerCategory, ExtensionState, Involvement, ReportState, Stage
from tracker.models import (
    Blocker,
    Commitment,
    CommitmentDepartment,
    Department,
    ExtensionRequest,
    HandoverItem,
    Instruction,
    Lookback,
    LookbackPick,
    Post,
    PostHolding,
    User,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def post_of(
    cast: Cast, code: str = "mayor", *, holder: User | None = None, department: Department | None = None
) -> Post:
    post, is_new = Post.objects.get_or_create(
        code=code, defaults={"title": f"岗位 {code}", "department": department or cast.office}
    )
    if is_new and holder is not None:
        PostHolding.objects.create(post=post, holder=holder, starts_on=date(2026, 1, 1))
    return post


def blocker(
    item: Commitment, *, author: User, post: Post, wanted_by: date = date(2026, 11, 25), **values: Any
) -> Blocker:
    said: dict[str, Any] = {"category": BlockerCategory.LAND, "text": "用地指标没有落实。", **values}
    return Blocker.objects.create(commitment=item, author=author, wanted_from=post, wanted_by=wanted_by, **said)


def extension(item: Commitment, *, author: User, **values: Any) -> ExtensionRequest:
    days: dict[str, Any] = {"original_due_on": item.due_on, "due_on": item.due_on, "wanted_on": date(2027, 6, 30)}
    return ExtensionRequest.objects.create(commitment=item, author=author, reason="设备未到货。", **days, **values)


def instruction(
    item: Commitment, *, leader: User, answer_due_on: date = date(2026, 11, 30), **values: Any
) -> Instruction:
    return Instruction.objects.create(
        commitment=item, given_by=leader, author=leader, given_on=date(2026, 11, 2), answer_due_on=answer_due_on,
        text="请加快。", **values,
    )  # fmt: skip


def answered(cast: Cast) -> dict[str, Any]:
    return {"state": "answered", "answer": "已经办好。", "answered_by": cast.chen, "answered_at": NOW}


def fill(cast: Cast, count: int) -> None:
    """So many of everything that a desk or a list can show."""
    mayor = post_of(cast, holder=cast.wu)
    ours = post_of(cast, "kjj-head", department=cast.science)
    lookback = Lookback.objects.create(
        drawn_by=cast.chen, drawn_on=TODAY, closed_from=TODAY, closed_until=TODAY, seed="x", population=[], size=count
    )
    for number in range(count):
        states = (None, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.DRAFT, ReportState.ACCEPTED)
        for state in states:
            item = make_commitment(department=cast.science)
            if state is not None:
                reviewer = cast.chen if state in {ReportState.RETURNED, ReportState.ACCEPTED} else None
                make_report(item, author=cast.lin, state=state, reviewer=reviewer, progress=Decimal(number))
        for stage in (Stage.REGISTERED, Stage.ISSUED, Stage.REPORTED_DONE, Stage.VERIFIED):
            make_commitment(department=cast.science, stage=stage)
        Commitment.objects.filter(pk=make_commitment(stage=Stage.REGISTERED).pk).update(proposed_lead=cast.science)
        asked = make_commitment(department=cast.science, due_on=TODAY + timedelta(days=3))
        Commitment.objects.filter(pk=asked.pk).update(post=mayor)
        make_commitment(department=cast.science, due_on=TODAY - timedelta(days=9 + number), parent=asked)
        blocker(asked, author=cast.lin, post=mayor)
        blocker(asked, author=cast.lin, post=mayor, wanted_by=date(2026, 11, 1))
        blocker(asked, author=cast.lin, post=mayor, **answered(cast))
        blocker(asked, author=cast.zhou, post=ours)
        extension(asked, author=cast.lin)
        extension(
            asked, author=cast.lin, state=ExtensionState.GRANTED, decided_by=cast.chen, decided_at=NOW,
            granted_on=date(2027, 6, 30),
        )  # fmt: skip
        instruction(asked, leader=cast.wu)
        instruction(asked, leader=cast.wu, answer_due_on=date(2026, 11, 10))
        instruction(asked, leader=cast.wu, **answered(cast))
        other = make_commitment(department=make_department(f"d-{count}-{number}"))
        CommitmentDepartment.objects.create(
            commitment=other, department=cast.science, involvement=Involvement.SUPPORTING
        )
        LookbackPick.objects.create(lookback=lookback, commitment=other, order=number)
        post = Post.objects.create(code=f"p-{count}-{number}", title="处长", department=cast.science)
        holding = PostHolding.objects.create(post=post, holder=cast.lin, starts_on=TODAY)
        HandoverItem.objects.create(holding=holding, kind="commitment", commitment=asked, title=asked.title)
