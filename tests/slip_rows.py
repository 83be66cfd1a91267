"""Slips as rows, for tests that are not about the actions that make them."""

from datetime import UTC, date, datetime

from tracker.choices import SlipLevel, SlipState
from tracker.models import Commitment, Slip, SlipCounter, User


def make_slip(
    commitment: Commitment,
    *,
    level: SlipLevel = SlipLevel.BLUE,
    state: SlipState = SlipState.ISSUED,
    cites: Slip | None = None,
    number: int = 1,
    drafted_on: date = date(2026, 11, 2),
    answer_due_on: date = date(2026, 11, 13),
    text: str = "请说明未按期完成的原因和下步措施。",
    issued_by: User | None = None,
) -> Slip:
    """A slip as its actions would leave it in November; an answered one promises the twentieth."""
    row = Slip(commitment=commitment, level=level, state=state, cites=cites, drafted_on=drafted_on, text=text)
    row.grounds = [{"code": "overdue", "params": {"due_on": str(commitment.due_on)}}] if commitment.due_on else []
    if state in {SlipState.ISSUED, SlipState.ANSWERED, SlipState.WITHDRAWN}:
        row.year, row.number, row.issued_on, row.issued_by = 2026, number, drafted_on, issued_by
        row.answer_due_on = answer_due_on
        counter, _created = SlipCounter.objects.get_or_create(year=2026)
        SlipCounter.objects.filter(year=2026).update(last=max(counter.last, number))
    if state == SlipState.ANSWERED:
        row.answer, row.promised_on = "已倒排工期。", date(2026, 11, 20)
        row.answered_at = datetime(2026, 11, 10, 2, tzinfo=UTC)
    row.save()
    return row
