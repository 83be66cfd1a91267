"""Rule sets are data: what is not exactly one is refused."""

from decimal import Decimal

import pytest

from tracker.rules import ruleset
from tracker.rules.ruleset import RuleSet


def test_a_rule_set_survives_a_round_trip_through_json() -> None:
    rules = RuleSet(version="2027", mode="ratio", behind_at_risk=Decimal("7.5"), missed_at_risk=2)
    assert RuleSet.from_json("2027", rules.to_json()) == rules
    assert rules.to_json()["behind_at_risk"] == 7.5


def test_the_default_is_the_published_one() -> None:
    assert ruleset.DEFAULT.to_json() == {
        "mode": "points",
        "behind_at_risk": 10,
        "behind_off_track": 30,
        "milestone_off_track_days": 7,
        "forecast_off_track_days": 30,
        "missed_at_risk": 1,
        "missed_off_track": 3,
        "path_at_risk_percent": 100,
        "path_off_track_percent": 90,
        "investment_at_risk": 10,
        "investment_off_track": 30,
        "unaccepted_at_risk": 3,
        "unaccepted_off_track": 7,
    }


def test_unknown_and_missing_keys_are_named() -> None:
    data = ruleset.DEFAULT.to_json()
    del data["mode"]
    data["mood"] = "good"
    with pytest.raises(ValueError, match=r"unknown keys \['mood'\], missing keys \['mode'\]"):
        RuleSet.from_json("x", data)


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "guess"},
        {"missed_at_risk": "1"},
        {"missed_at_risk": True},
        {"missed_at_risk": 1.5},
        {"missed_at_risk": 0},
        {"milestone_off_track_days": -1},
        {"behind_at_risk": "10"},
        {"behind_at_risk": True},
        {"behind_at_risk": -1},
        {"behind_at_risk": float("nan")},
        {"behind_at_risk": 31},
        {"path_off_track_percent": 101},
        {"unaccepted_at_risk": 8},
    ],
)
def test_values_that_make_no_sense_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RuleSet.from_json("x", {**ruleset.DEFAULT.to_json(), **change})
