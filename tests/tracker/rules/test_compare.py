"""The figures behind a reason: what was compared, how far apart, and where yellow and red begin."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules import compare
from tracker.rules.reasons import Reason
from tracker.rules.ruleset import RuleSet
from tracker.wording import SENTENCES

TODAY = date(2026, 11, 22)
RULES = RuleSet(version="v1")
D = Decimal

# reason, then: rule, actual, required, gap, yellow from, red from (or last not red), measure
TABLE = [
    (Reason.of("overdue", due_on=date(2026, 10, 1)), ("overdue", TODAY, date(2026, 10, 1), D(52), None, D(1), "days")),
    (
        Reason.of("milestone_overdue", name="验收", planned_on=date(2026, 11, 15)),
        ("milestones", TODAY, date(2026, 11, 15), D(7), D(1), D(8), "days"),
    ),
    (
        Reason.of("forecast_late", forecast_on=date(2027, 1, 15), due_on=date(2026, 12, 31)),
        ("forecast", date(2027, 1, 15), date(2026, 12, 31), D(15), D(1), D(31), "days"),
    ),
    (
        Reason.of("progress_behind", progress=D(40), steps="2025-08-25=70,2026-10-04=100"),
        ("schedule", D(40), D(100), D(60), D(10), D(30), "points"),
    ),
    (
        Reason.of("progress_on_time", progress=D(80), steps="2025-08-25=70,2026-12-04=100"),
        ("schedule", D(80), D(70), D(-10), D(10), D(30), "points"),
    ),
    (
        Reason.of("investment_behind", year=2026, planned_wan=D(1000), done_wan=D(600)),
        ("investment", D(60), D("83.3"), D("23.3"), D(10), D(30), "points"),
    ),
    (
        Reason.of("below_path", value=D(238), required=D(251), unit="家", read_on=TODAY),
        ("readings", D(238), D(251), D("94.8"), D(100), D(90), "share"),
    ),
    # A falling target: too much is bad, and the share is turned round.
    (
        Reason.of("below_path", value=D(50), required=D(40), unit="吨", read_on=TODAY),
        ("readings", D(50), D(40), D(80), D(100), D(90), "share"),
    ),
    (
        Reason.of("target_reached", value=D(30), required=D(40), unit="吨", read_on=TODAY),
        ("readings", D(30), D(40), D("133.3"), D(100), D(90), "share"),
    ),
    (
        Reason.of("reports_missed", count=2, since=date(2026, 8, 1)),
        ("reports", None, None, D(2), D(1), D(3), "periods"),
    ),
    (
        Reason.of("not_accepted", issued_on=date(2026, 11, 2), working_days=7),
        ("unaccepted", date(2026, 11, 2), None, D(7), D(3), D(7), "working_days"),
    ),
]


@pytest.mark.parametrize(("reason", "expected"), TABLE)
def test_what_was_compared(reason: Reason, expected: tuple[object, ...]) -> None:
    found = compare.compared(reason, rules=RULES, today=TODAY)
    assert found is not None
    assert (
        found.rule, found.actual, found.required, found.gap, found.at_risk, found.off_track, found.measure,
    ) == expected  # fmt: skip


def test_a_rule_set_that_measures_ratios_says_so() -> None:
    reason = Reason.of("progress_behind", progress=D(40), steps="2025-08-25=80")
    found = compare.compared(reason, rules=RuleSet(version="v2", mode="ratio"), today=TODAY)
    assert found is not None
    assert (found.measure, found.gap) == ("ratio", D(50))


def test_reasons_without_figures_compare_nothing() -> None:
    for code in ("done", "suspended", "awaiting_acceptance", "no_report", "a_code_of_tomorrow"):
        assert compare.compared(Reason.of(code), rules=RULES, today=TODAY) is None


def test_every_comparison_has_a_sentence_too() -> None:
    assert set(compare.COMPARED) <= set(SENTENCES)
