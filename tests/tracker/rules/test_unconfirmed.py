"""What somebody looked at and did not find is doubted, whatever the reports say."""

from datetime import date
from typing import Any

import pytest

from tests.tracker.rules.make import TODAY, look, recheck
from tracker.choices import Kind, Stage, VerificationFinding
from tracker.rules.facts import CommitmentFacts
from tracker.rules.health import ReportingFacts

LOOKED_ON = date(2026, 6, 10)
REPORTED = ReportingFacts(tracked_since=date(2026, 1, 1), last_period_end=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("finding", "code"),
    [(VerificationFinding.NOT_CONFIRMED, "not_confirmed"), (VerificationFinding.PARTLY, "confirmed_in_part")],
)
@pytest.mark.parametrize("kind", [{}, {"is_continuous": True}, {"is_red_line": True}])
def test_what_was_not_confirmed_is_yellow_though_reported_on_time(
    finding: VerificationFinding, code: str, kind: dict[str, Any]
) -> None:
    assert look(CommitmentFacts(reporting=REPORTED, **kind)) == ("on_track", ["reported_on_time"])
    doubted = CommitmentFacts(reporting=REPORTED, unconfirmed=finding, unconfirmed_on=LOOKED_ON, **kind)
    assert look(doubted) == ("at_risk", [code])


def test_a_targets_doubt_is_told_beside_its_readings() -> None:
    facts = CommitmentFacts(
        kind=Kind.TARGET, unconfirmed=VerificationFinding.NOT_CONFIRMED, unconfirmed_on=LOOKED_ON, reporting=REPORTED
    )
    assert look(facts) == ("at_risk", ["not_confirmed", "goal_missing"])


def test_a_doubt_never_softens_what_is_late_and_does_not_move_with_time() -> None:
    doubt: dict[str, Any] = {"unconfirmed": VerificationFinding.PARTLY, "unconfirmed_on": LOOKED_ON}
    assert look(CommitmentFacts(due_on=date(2026, 6, 1), **doubt)) == ("off_track", ["overdue", "confirmed_in_part"])
    assert recheck(CommitmentFacts(**doubt)) is None


@pytest.mark.parametrize("stage", [Stage.REPORTED_DONE, Stage.VERIFIED, Stage.CLOSED, Stage.REGISTERED])
def test_what_waits_for_verification_or_is_closed_shows_no_old_doubt(stage: Stage) -> None:
    facts = CommitmentFacts(stage=stage, unconfirmed=VerificationFinding.NOT_CONFIRMED, unconfirmed_on=TODAY)
    assert look(facts) == look(CommitmentFacts(stage=stage))
