"""What posts answer for: one post with everything of it, and the posts that somebody holds with those they oversee.

A post answers for the commitments that name it; a head post also for all that its department leads.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window

from tracker import policies
from tracker.choices import AnswerState, Health
from tracker.models import Blocker, Commitment, Post
from tracker.policies import Actor
from tracker.queries import posts
from tracker.queries.ledger_rows import LedgerRow, first_rows
from tracker.queries.posts import PostView

GROUP_ROWS, ASKED = 30, 12
OPEN_FIRST = Case(When(state=AnswerState.OPEN, then=Value(0)), default=Value(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Blockers, the open ones first, the earliest wanted day first; `total` counts all, `open_total` the open ones."""

    rows: Sequence[Blocker]
    total: int
    open_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """Everything of one post in the viewer's sight. `oversees`: the posts right under it."""

    view: PostView
    oversees: Sequence[Post]
    counts: dict[Health, int]
    rows: Sequence[LedgerRow]
    asked: Asked

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def post(code: str, *, viewer: Actor, today: date) -> PostPage | None:
    """The page of the post with this code, or None when it is not in the viewer's sight."""
    found = policies.posts_visible_to(viewer, today=today).filter(code=code)
    views = posts.views(found.select_related("department", "overseen_by"), today=today)
    if not views:
        return None
    seen = policies.visible_to(viewer).filter(posts.answered_for(Post.objects.filter(code=code)))
    return PostPage(
        view=views[0],
        oversees=list(Post.objects.filter(overseen_by__code=code).select_related("department").order_by("code")),
        counts=_lights(seen),
        rows=first_rows(seen, size=GROUP_ROWS),
        asked=asked(Q(wanted_from__code=code), viewer=viewer, today=today),
    )


def asked(condition: Q, *, viewer: Actor, today: date) -> Asked:
    """The blockers in the viewer's sight that meet a condition. One query."""
    found = policies.blockers_visible_to(viewer, today=today).filter(condition).exclude(state=AnswerState.WITHDRAWN)
    rows = (
        found.select_related("commitment", "author__department", "wanted_from__department", "answered_by")
        .annotate(all_rows=Window(Count("pk")), open_rows=Window(Count("pk", filter=Q(state=AnswerState.OPEN))))
        .order_by(OPEN_FIRST, "wanted_by", "pk")[:ASKED]
    )
    shown = list(rows)
    return Asked(
        rows=shown,
        total=getattr(shown[0], "all_rows", 0) if shown else 0,
        open_total=getattr(shown[0], "open_rows", 0) if shown else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioLine:
    """A post of a portfolio: its depth under the post held (0: held or stood in for), lights, open blockers asked."""

    view: PostView
    depth: int
    counts: dict[Health, int]
    open_blockers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """`counts`: each commitment once, however many posts answer for it. `lines`: a post before those under it."""

    lines: Sequence[PortfolioLine]
    counts: dict[Health, int]
    words_wanted: int

    @property
    def held(self) -> int:
        """How many of the posts the viewer holds or stands in for."""
        return sum(1 for line in self.lines if line.depth == 0)


def of_viewer(viewer: Actor, *, today: date, words_wanted: int) -> Portfolio:
    """The viewer's portfolio; without lines for whoever holds no post. A fixed number of queries."""
    places = posts.depths(viewer, today=today)
    mine = Post.objects.filter(pk__in=places)
    views = {one.post.pk: one for one in posts.views(mine.select_related("department"), today=today)}
    groups = _grouped(policies.visible_to(viewer).filter(posts.answered_for(mine)))
    blockers = dict(
        policies.blockers_visible_to(viewer, today=today)
        .filter(wanted_from__in=places, state=AnswerState.OPEN)
        .order_by()
        .values_list("wanted_from")
        .annotate(count=Count("pk"))
    )
    lines = [
        PortfolioLine(
            view=views[pk],
            depth=depth,
            counts=_of_post(views[pk].post, groups),
            open_blockers=blockers.get(pk, 0),
        )
        for pk, depth in places.items()
    ]
    return Portfolio(lines=lines, counts=_summed(groups.values()), words_wanted=words_wanted)


Groups = dict[tuple[int | None, int | None], dict[Health, int]]


def _lights(seen: QuerySet[Commitment]) -> dict[Health, int]:
    found = dict(seen.order_by().values_list("health").annotate(count=Count("pk")))
    return {light: found.get(light, 0) for light in Health}


def _grouped(seen: QuerySet[Commitment]) -> Groups:
    """Lights by owner post and lead department. One query."""
    groups: Groups = {}
    for owner, lead, light, count in seen.order_by().values_list("post", "lead", "health").annotate(count=Count("pk")):
        groups.setdefault((owner, lead), {})[Health(light)] = count
    return groups


def _summed(groups: Iterable[dict[Health, int]]) -> dict[Health, int]:
    total: Counter[Health] = Counter()
    for lights in groups:
        total.update(lights)
    return {light: total[light] for light in Health}


def _of_post(one: Post, groups: Groups) -> dict[Health, int]:
    """The lights of what this post answers for."""
    head_of = one.department_id if one.is_head else None
    return _summed(
        lights
        for (owner, lead), lights in groups.items()
        if owner == one.pk or (head_of is not None and lead == head_of)
    )
