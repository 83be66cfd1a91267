"""What the ledger lacks, counted in one query and never guessed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_reading,
    make_target,
)
from tracker.choices import Comparator, Stage
from tracker.models import Commitment, Evidence
from tracker.queries import quality

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def lacking(name: str) -> set[str]:
    return set(Commitment.objects.filter(quality.CONDITIONS[name]()).values_list("code", flat=True))


def prove(item: Commitment, cast: Cast) -> Evidence:
    return Evidence.objects.create(
        commitment=item, author=cast.lin, name="a.pdf", size=1, media_type="application/pdf", sha256="0" * 64
    )


def test_a_lead_is_missing_until_somebody_leads(cast):
    make_commitment("C-1")
    make_commitment("C-2", department=cast.science)
    make_commitment("C-3", stage=Stage.CANCELLED)
    assert lacking("no_owner") == {"C-1"}


def test_continuous_work_and_red_lines_lack_no_date(cast):
    make_commitment("C-1", due_on=None)
    make_commitment("C-2", is_continuous=True)
    make_commitment("C-3", due_on=None, is_red_line=True)
    make_commitment("C-4")
    assert lacking("no_date") == {"C-1"}


def test_a_relative_target_lacks_its_base_until_that_year_has_a_reading(cast):
    indicator = make_indicator()
    make_target(make_commitment("C-1"), indicator)
    make_target(make_commitment("C-2"), indicator, comparator=Comparator.AT_LEAST, value=Decimal(3), base_year=None)
    make_reading(indicator, 2022, Decimal(143))
    assert lacking("no_base") == {"C-1"}
    reading = make_reading(indicator, 2023, Decimal(201))
    assert lacking("no_base") == set()
    type(reading).objects.filter(pk=reading.pk).update(period_end=date(2023, 6, 30))
    assert lacking("no_base") == {"C-1"}


def test_what_is_said_to_be_done_lacks_evidence_until_a_file_stands(cast):
    done = make_commitment("C-1", stage=Stage.REPORTED_DONE)
    make_commitment("C-2", stage=Stage.IN_PROGRESS)
    make_commitment("C-3", stage=Stage.CLOSED)
    assert lacking("no_evidence") == {"C-1", "C-3"}
    file = prove(done, cast)
    assert lacking("no_evidence") == {"C-3"}
    Evidence.objects.filter(pk=file.pk).update(withdrawn_at=timezone.now())
    assert lacking("no_evidence") == {"C-1", "C-3"}


def test_all_are_counted_in_one_query_within_ones_sight(cast):
    make_commitment("C-1", due_on=None, department=cast.science)
    make_commitment("C-2", due_on=None, department=cast.health_bureau)
    make_target(make_commitment("C-3"), make_indicator())
    with CaptureQueriesContext(connection) as caught:
        found = quality.counts(cast.actor("chen"))
    assert len(caught) == 1
    assert found == {"no_owner": 1, "no_date": 2, "no_base": 1, "no_evidence": 0}
    assert list(found) == list(quality.CONDITIONS) == list(quality.LABELS)
    assert quality.counts(cast.actor("lin"))["no_date"] == 1
