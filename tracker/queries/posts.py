"""Posts: who holds them, who stands in, what lies open with them. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from tracker.choices import FINAL_STAGES, AnswerState, ExtensionState, HandoverKind, ReportState, Stage
from tracker.models import (
    Blocker,
    Commitment,
    Department,
    Deputy,
    ExtensionRequest,
    HandoverItem,
    Instruction,
    Post,
    PostHolding,
    ProgressReport,
)
from tracker.policies import Actor

# Handed out and not finished: what a post has on its hands.
OPEN_STAGES = sorted(set(Stage.values) - FINAL_STAGES - {Stage.REGISTERED})
NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post and its people: the holder today, who stands in today, and who held it before, latest first."""

    post: Post
    holding: PostHolding | None
    deputies: Sequence[Deputy]
    earlier: Sequence[PostHolding]


def of_department(department: Department, *, today: date) -> list[PostView]:
    """The department's posts, the head's first. Three queries."""
    return _views(Post.objects.filter(department=department).order_by("-is_head", "code"), today=today)


def of_post(post: Post, *, today: date) -> PostView:
    """One post with its people. Three queries."""
    return _views(Post.objects.filter(pk=post.pk), today=today)[0]


def _views(posts: QuerySet[Post], *, today: date) -> list[PostView]:
    holdings = PostHolding.objects.select_related("holder").order_by("-starts_on")
    deputies = Deputy.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("deputy")
    rows = posts.prefetch_related(
        Prefetch("holdings", queryset=holdings), Prefetch("deputies", queryset=deputies.order_by("starts_on", "pk"))
    )
    return [_view(post, today=today) for post in rows]


def _view(post: Post, *, today: date) -> PostView:
    holdings = list(post.holdings.all())
    present = [one for one in holdings if one.starts_on <= today and (one.ends_on is None or one.ends_on >= today)]
    return PostView(
        post=post,
        holding=present[0] if present else None,
        deputies=tuple(post.deputies.all()),
        earlier=tuple(one for one in holdings if one.ends_on is not None and one.ends_on < today),
    )


def deputising(post: Post, *, today: date) -> QuerySet[Deputy]:
    """Who stands in for the post's holder today."""
    return Deputy.objects.filter(post=post, starts_on__lte=today, ends_on__gte=today)


def matters(post: Post) -> QuerySet[Commitment]:
    """The open commitments that the post owns; for a head post also those that its department leads."""
    owned = Q(post=post)
    if post.is_head:
        owned |= Q(lead=post.department_id)
    return Commitment.objects.filter(owned, stage__in=OPEN_STAGES)


def open_items(post: Post) -> Iterator[HandoverItem]:
    """What lies open with the post, as unsaved lines of a hand-over list: matters first, then what waits for a word."""
    mine = matters(post)
    for item in mine.order_by("due_on", "code"):
        yield _line(HandoverKind.COMMITMENT, item, note=item.stage, due_on=item.due_on)
    waiting = [ReportState.DRAFT, ReportState.RETURNED, ReportState.SUBMITTED]
    reports = ProgressReport.objects.filter(commitment__in=mine, state__in=waiting).select_related("commitment")
    for report in reports.order_by("period_end", "pk"):
        yield _line(HandoverKind.REPORT, report.commitment, note=report.state, due_on=report.period_end)
    extensions = ExtensionRequest.objects.filter(commitment__in=mine, state=ExtensionState.PENDING)
    for extension in extensions.select_related("commitment").order_by("created_at", "pk"):
        yield _line(HandoverKind.EXTENSION, extension.commitment, note=extension.reason, due_on=extension.wanted_on)
    blockers = Blocker.objects.filter(Q(commitment__in=mine) | Q(wanted_from=post), state=AnswerState.OPEN)
    for blocker in blockers.select_related("commitment").order_by("wanted_by", "pk"):
        yield _line(HandoverKind.BLOCKER, blocker.commitment, note=blocker.text, due_on=blocker.wanted_by)
    instructions = Instruction.objects.filter(commitment__in=mine, state=AnswerState.OPEN).select_related("commitment")
    for word in instructions.order_by("answer_due_on", "pk"):
        yield _line(HandoverKind.INSTRUCTION, word.commitment, note=word.text, due_on=word.answer_due_on)


def _line(kind: HandoverKind, item: Commitment, *, note: str, due_on: date | None) -> HandoverItem:
    return HandoverItem(kind=kind, commitment=item, title=item.title[:NOTE], note=note[:NOTE], due_on=due_on)


def to_receive(viewer: Actor, *, today: date) -> QuerySet[PostHolding]:
    """The hand-overs that wait for this person's word: as the new holder, or as who stands in for the new holder."""
    if viewer.user is None:
        return PostHolding.objects.none()
    standing_in = Q(
        post__deputies__deputy=viewer.user, post__deputies__starts_on__lte=today, post__deputies__ends_on__gte=today
    )
    mine = Q(holder=viewer.user) | standing_in
    waiting = PostHolding.objects.filter(mine, received_on__isnull=True, ends_on__isnull=True, handover__isnull=False)
    return waiting.select_related("post__department").distinct()
