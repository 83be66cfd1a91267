"""Posts: who holds them, who stands in, what lies open with them. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from tracker import policies
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
    return views(Post.objects.filter(department=department).order_by("-is_head", "code"), today=today)


def of_post(post: Post, *, today: date) -> PostView:
    """One post with its people. Three queries."""
    return views(Post.objects.filter(pk=post.pk), today=today)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPost:
    """The post that owns a commitment. `is_own` False: none is named, so it is the head post of the lead department.

    `first`: who held it when the commitment was handed out, None while it is not or when nobody did.
    """

    view: PostView
    is_own: bool
    first: PostHolding | None


def owner_of(item: Commitment, *, today: date) -> OwnerPost | None:
    """The post that answers for a commitment, with its people; None without post and lead. Three queries."""
    if item.post_id is None and item.lead_id is None:
        return None
    named = Q(pk=item.post_id) if item.post_id else Q(department=item.lead_id, is_head=True)
    found = views(Post.objects.filter(named).select_related("department", "overseen_by"), today=today)
    if not found:
        return None
    since = item.issued_on
    held = [one for one in (found[0].holding, *found[0].earlier) if one is not None]
    first = next(
        (one for one in held if since and one.starts_on <= since and (one.ends_on is None or one.ends_on >= since)),
        None,
    )
    return OwnerPost(view=found[0], is_own=item.post_id is not None, first=first)


def views(posts: QuerySet[Post], *, today: date) -> list[PostView]:
    """These posts with their people, in their order. Three queries."""
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


def answered_for(found: QuerySet[Post]) -> Q:
    """The condition on commitments that these posts answer for."""
    heads = found.filter(is_head=True)
    return Q(post__in=found.values("pk")) | Q(lead__in=heads.values("department"))


def depths(viewer: Actor, *, today: date) -> dict[int, int]:
    """The primary keys of the viewer's posts and of all posts under them, each with its depth, a post before those
    under it. Two queries; a circle of posts that oversee each other is walked once.
    """
    under: dict[int | None, list[int]] = {}
    for pk, above in Post.objects.order_by("department__order", "-is_head", "code").values_list("pk", "overseen_by"):
        under.setdefault(above, []).append(pk)
    found: dict[int, int] = {}
    held = list(policies.posts_held_by(viewer, today=today).order_by("pk").values_list("pk", flat=True))
    waiting = [(pk, 0) for pk in reversed(held)]
    while waiting:
        pk, depth = waiting.pop()
        if pk not in found:
            found[pk] = 0 if pk in held else depth
            waiting += [(one, depth + 1) for one in reversed(under.get(pk, []))]
    return found


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
