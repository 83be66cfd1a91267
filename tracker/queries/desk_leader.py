"""A leader's desk: answers to their word, what waits for it, how their matters stand. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker import policies
from tracker.choices import Health, Role
from tracker.policies import Actor
from tracker.queries import questions, rollup, slips
from tracker.queries.desk import NEWS_DAYS, NO_CARDS
from tracker.queries.questions import Card, Cards
from tracker.queries.slips import NO_SLIPS, SlipCards


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderDesk:
    """A leader's day.

    Args:
        answered: new answers to the leader's instructions; `open`: those that wait, the earliest due first.
        blockers: open ones that ask a post which the leader holds or stands in for.
        words: how many commitments wait for the leader's own word (`questions.words_wanted`): those of `blockers`.
        extensions: waiting for the office's decision: for information.
        red_slips: issued, on work that is still open: the chain lies before the leaders.
        post_ids: the posts that the leader holds; `lights` counts the commitments of these posts.
    """

    answered: Cards = NO_CARDS
    open: Cards = NO_CARDS
    blockers: Cards = NO_CARDS
    words: int = 0
    extensions: Cards = NO_CARDS
    red_slips: SlipCards = NO_SLIPS
    post_ids: Sequence[int] = ()
    lights: Mapping[Health, int] = field(default_factory=dict)

    @property
    def overdue(self) -> Sequence[Card]:
        """The instructions whose answer is late."""
        return [card for card in self.open.rows if card.days_left < 0]

    @property
    def pending(self) -> Sequence[Card]:
        """The instructions whose answer is not due yet."""
        return [card for card in self.open.rows if card.days_left >= 0]

    @property
    def own_count(self) -> int:
        return sum(self.lights.values())


def of_leader(viewer: Actor, *, today: date) -> LeaderDesk:
    """The leader's desk; empty for everybody else."""
    if viewer.role != Role.LEADER:
        return LeaderDesk()
    posts = list(policies.posts_held_by(viewer, today=today).order_by("pk").values_list("pk", flat=True))
    since = today - timedelta(days=NEWS_DAYS)
    return LeaderDesk(
        answered=questions.instructions_answered(viewer, today=today, since=since),
        open=questions.instructions_open(viewer, today=today),
        blockers=questions.blockers_open(viewer, today=today).asked_of_us,
        words=questions.words_wanted(viewer, today=today).count(),
        extensions=questions.extensions_waiting(viewer, today=today),
        red_slips=slips.red(viewer, today=today),
        post_ids=posts,
        lights=rollup.count_lights(policies.visible_to(viewer).filter(post__in=posts)),
    )
