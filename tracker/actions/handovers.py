"""Posts change hands: the hand-over with its list, its receipt, and who stands in while a holder is away."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Deputy, HandoverItem, Post, PostHolding, User
from tracker.policies import Actor
from tracker.queries import posts


@transaction.atomic
def hand_over(post: Post, *, to: User, on: date, by: Actor) -> PostHolding:
    """Make `to` the holder of the post from `on`; the present holding ends the day before.

    What lies open with the post is written down as the successor's list; everything follows the post by itself.
    A first holder gets a list too: the matters were there before the person.

    Raises:
        DomainError: not allowed, `to` cannot sign in, or the present holding started on that day or later.
    """
    post = _lock(post, by=by)
    present = PostHolding.objects.select_for_update(of=("self",)).filter(post=post, ends_on__isnull=True).first()
    if present is not None and present.holder_id == to.pk:
        return present
    if not to.is_active:
        raise DomainError("holder_inactive", field="to", name=str(to))
    if present is not None:
        if present.starts_on >= on:
            raise DomainError("handover_too_early", field="on", day=present.starts_on)
        present.ends_on = date.fromordinal(on.toordinal() - 1)
        present.save(update_fields=["ends_on"])
    holding = PostHolding.objects.create(post=post, holder=to, starts_on=on)
    items = list(posts.open_items(post))
    for order, item in enumerate(items, start=1):
        item.holding, item.order = holding, order
    HandoverItem.objects.bulk_create(items, batch_size=500)
    before = present.holder.username if present else None
    changes: events.Changes = {"holder": [before, to.username], "starts_on": [None, on.isoformat()]}
    events.record(Entry(kind=EventKind.POST_HANDED_OVER, subject=f"post {post.code}", changes=changes), by=by)
    clock.tick()  # the holder stands on kept pages
    return holding


def may_receive(by: Actor, holding: PostHolding, *, today: date) -> bool:
    """Whether the hand-over waits for this person's word."""
    return posts.to_receive(by, today=today).filter(pk=holding.pk).exists()


@transaction.atomic
def receive_handover(holding: PostHolding, *, by: Actor, today: date) -> PostHolding:
    """Confirm that the list was received. Once; a second time changes nothing.

    Raises:
        DomainError: neither the holder nor who stands in today, the holding has ended, or there is no list.
    """
    fresh = PostHolding.objects.select_for_update(of=("self",)).select_related("post").get(pk=holding.pk)
    if not may_receive(by, fresh, today=today):
        if fresh.received_on is not None and by.user_id == fresh.holder_id:
            return fresh
        raise DomainError("handover_not_yours")
    fresh.received_on = today
    fresh.save(update_fields=["received_on"])
    changes: events.Changes = {"received_on": [None, today.isoformat()]}
    events.record(Entry(kind=EventKind.HANDOVER_RECEIVED, subject=f"post {fresh.post.code}", changes=changes), by=by)
    return fresh


@transaction.atomic
def set_deputy(
    post: Post, *, deputy: User, starts_on: date, ends_on: date, reason: str = "", by: Actor, is_demo: bool = False
) -> Deputy:
    """Name who stands in for the post's holder from the first to the last day. Two people may share an absence.

    Raises:
        DomainError: not allowed, the days run backwards, `deputy` cannot sign in, holds the post on one of these days,
            or is named for one of them already.
    """
    post = _lock(post, by=by)
    if ends_on < starts_on:
        raise DomainError("absence_ends_before_start", field="ends_on")
    if not deputy.is_active:
        raise DomainError("holder_inactive", field="deputy", name=str(deputy))
    still_holds = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if PostHolding.objects.filter(still_holds, post=post, holder=deputy, starts_on__lte=ends_on).exists():
        raise DomainError("deputy_is_holder", field="deputy", name=str(deputy))
    same = Deputy.objects.filter(post=post, deputy=deputy, starts_on__lte=ends_on, ends_on__gte=starts_on)
    standing = same.order_by("starts_on").first()
    if standing is not None:
        raise DomainError(
            "deputy_named_already", field="starts_on", starts_on=standing.starts_on, ends_on=standing.ends_on
        )
    named = Deputy.objects.create(
        post=post,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        is_demo=is_demo or by.is_demo,
    )
    changes: events.Changes = {
        "deputy": [None, deputy.username],
        "starts_on": [None, starts_on.isoformat()],
        "ends_on": [None, ends_on.isoformat()],
    }
    _tell(named, changes=changes, reason=named.reason, by=by)
    return named


@transaction.atomic
def end_deputy(deputy: Deputy, *, on: date, by: Actor) -> Deputy:
    """End a standing-in early: `on` becomes its last day.

    Raises:
        DomainError: not allowed, or a day before its first or after its last.
    """
    post = _lock(deputy.post, by=by)
    fresh = Deputy.objects.select_for_update(of=("self",)).select_related("deputy").get(pk=deputy.pk)
    fresh.post = post
    if fresh.ends_on == on:
        return fresh
    if not fresh.starts_on <= on <= fresh.ends_on:
        raise DomainError("deputy_end_outside", field="ends_on", starts_on=fresh.starts_on, ends_on=fresh.ends_on)
    changes: events.Changes = {"ends_on": [fresh.ends_on.isoformat(), on.isoformat()]}
    fresh.ends_on = on
    fresh.save(update_fields=["ends_on"])
    _tell(fresh, changes={"deputy": [fresh.deputy.username] * 2, **changes}, by=by)
    return fresh


def _lock(post: Post, *, by: Actor) -> Post:
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    return Post.objects.select_for_update(of=("self",)).select_related("department").get(pk=post.pk)


def _tell(deputy: Deputy, *, changes: events.Changes, by: Actor, reason: str = "") -> None:
    entry = Entry(
        kind=EventKind.DEPUTY_SET,
        subject=f"post {deputy.post.code}",
        changes=changes,
        reason=reason,
        is_demo=deputy.is_demo,
    )
    events.record(entry, by=by)
    clock.tick()  # who stands in stands on kept pages
