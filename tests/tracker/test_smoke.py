"""The whole way of one report through the actions; details stand in the tests beside this one."""

from decimal import Decimal

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, make_cast, make_commitment
from tracker.actions import reports, reviews
from tracker.choices import Health, ReportState
from tracker.queries import chain
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db


def test_an_accepted_report_moves_progress_light_and_chain() -> None:
    cast = make_cast()
    item = make_commitment(department=cast.science)
    draft = reports.save_draft(
        item, values=ReportValues(done="完成。", progress=Decimal(40)), by=cast.actor("lin"), today=TODAY
    )
    submitted = reports.submit(draft, by=cast.actor("lin"), today=TODAY)
    with pytest.raises(DomainError):
        reviews.accept(submitted, by=cast.actor("lin"), today=TODAY)
    accepted = reviews.accept(submitted, by=cast.actor("chen"), today=TODAY)
    item.refresh_from_db()
    assert accepted.state == ReportState.ACCEPTED
    assert (item.progress, item.health) == (Decimal(40), Health.OFF_TRACK)
    assert item.revision > 0
    assert chain.verify().broken_seq is None
    assert chain.verify().event_count >= 4
