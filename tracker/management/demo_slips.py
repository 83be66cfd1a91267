"""The demonstration's supervision slips: each state and colour that stands, and a chain that reached the leaders.

Deterministic for a given day, through actions, every row marked. `seed()` is the entrance; `demo_layer` calls it last.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.utils import translation

from tracker import wording
from tracker.actions import commitments, slips
from tracker.choices import DueBasis, Stage
from tracker.models import Commitment, Plan, Slip
from tracker.policies import Actor

ANSWER = "前期手续办理滞后。已倒排工期、明确专人，按周调度，确保按承诺时间办结。（演示）"
OURS = "kjj"  # whose officer and head sign in to the demonstration
ANSWER_DAYS = 7
BEGUN = 60  # days back: when the date of these matters passed


class SlipLayer:
    """Tells a few stories about work that got a date when it was handed out, and is late for long."""

    def __init__(self, plan: Plan, *, today: date, office: Actor, officer: Callable[[Commitment], Actor]) -> None:
        self.today, self.office, self.officer = today, office, officer
        ongoing = Commitment.objects.filter(
            plan=plan, stage=Stage.IN_PROGRESS, is_continuous=True, is_red_line=False, lead__isnull=False
        )
        rows = list(ongoing.select_related("lead").order_by("code"))
        self.ours = [item for item in rows if item.lead and item.lead.code == OURS][:1]
        self.others = [item for item in rows if item.lead and item.lead.code != OURS][:4]

    def seed(self) -> None:
        """Everything in the order of its days, so that the numbers of a year run with them."""
        if len(self.ours) < 1 or len(self.others) < 4:
            return
        waiting = self._dated(self.ours[0])
        chain, answered, unanswered, drafted = [self._dated(item) for item in self.others]
        self._issued(chain, 36)
        wrong = self._issued(answered, 30)
        slips.withdraw(wrong, reason="送达单位有误，重新签发。（演示）", by=self.office, today=self._day(29))
        self._answered(self._issued(answered, 28), 24)
        self._issued(chain, 24)
        self._issued(unanswered, 12)
        self._issued(chain, 5)
        self._issued(waiting, 2)
        slips.draft(drafted, by=self.office, today=self._day(1))

    def _dated(self, item: Commitment) -> Commitment:
        """The matter with a date that it got when it was handed out, and that has passed."""
        values = {"is_continuous": False, "due_on": self._day(BEGUN), "due_basis": DueBasis.ASSIGNED}
        reason = "交办时明确了阶段性期限。（演示）"
        return commitments.revise(item, values=values, reason=reason, by=self.office, today=self.today)

    def _day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def _issued(self, item: Commitment, ago: int) -> Slip:
        day = self._day(ago)
        draft = slips.draft(item, by=self.office, today=day)
        with translation.override(settings.LANGUAGE_CODE):
            text = wording.slip_request(draft.level, draft.grounds, today=day)
        due_on = day + timedelta(days=ANSWER_DAYS)
        return slips.issue(draft, text=f"{text}（演示）", answer_due_on=due_on, by=self.office, today=day)

    def _answered(self, slip: Slip, ago: int) -> None:
        day = self._day(ago)
        promised_on = self.today + timedelta(days=16)
        slips.answer(slip, text=ANSWER, promised_on=promised_on, by=self.officer(slip.commitment), today=day)
