"""The sentences of reasons and headlines, in their source language."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

import tracker.errors  # noqa: F401  # words the refusals
from projects.errors import DomainError
from tests.tracker.rules.make import TODAY
from tracker import wording
from tracker.choices import Health
from tracker.rules import findings, headline, health, lifecycle, reporting
from tracker.rules.headline import HeadlineFacts
from tracker.rules.reasons import Reason

H = Health


@pytest.fixture(autouse=True)
def _in_the_source_language():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason.of("overdue", due_on=date(2026, 6, 3)), "12 days late"),
        (Reason.of("overdue", due_on=date(2026, 6, 14)), "1 day late"),
        (
            Reason.of("progress_behind", progress=Decimal(40), starts_on=date(2026, 1, 1), due_on=date(2026, 12, 31)),
            "Progress 40 %, expected 45.2 %, 5.2 points behind",
        ),
        (
            Reason.of("progress_behind", progress=Decimal(40), steps="2026-03-31=65,2026-12-31=100"),
            "Progress 40 %, expected 65 %, 25 points behind",
        ),
        (
            Reason.of("progress_on_time", progress=Decimal("66.667"), steps="2026-12-31=100"),
            "Progress 66.7 %, expected 0 %",
        ),
        (Reason.of("progress_known", progress=Decimal(40)), "Progress 40 %, no schedule to compare with"),
        (
            Reason.of("investment_behind", year=2026, planned_wan=Decimal(10000), done_wan=Decimal(1500)),
            "Investment of 2026: 15 % of the plan, expected 41.7 %, 26.7 points behind",
        ),
        (Reason.of("reports_missed", count=2, since=date(2026, 4, 1)), "2 periods without a report"),
        (Reason.of("reports_missed", count=1, since=date(2026, 5, 1)), "1 period without a report"),
        (
            Reason.of("forecast_late", forecast_on=date(2026, 7, 10), due_on=date(2026, 6, 30)),
            "Forecast for 2026-07-10, 10 days after the due date",
        ),
        (
            Reason.of("milestone_overdue", name="投产", planned_on=date(2026, 6, 10)),
            "Milestone “投产” is 5 days late",
        ),
        (
            Reason.of("not_accepted", issued_on=date(2026, 6, 1), working_days=3),
            "Handed out on 2026-06-01, not taken on within 3 working days",
        ),
        (Reason.of("awaiting_acceptance"), "Handed out, not taken on yet"),
        (Reason.of("awaiting_acceptance", issued_on=TODAY), "Handed out on 2026-06-15, not taken on yet"),
        (Reason.of("exempt"), "Exempt"),
        (Reason.of("exempt", until=TODAY), "Exempt until 2026-06-15"),
        (
            Reason.of("below_path", value=Decimal(248), required=Decimal(262), unit="户", read_on=TODAY),
            "248 户 on 2026-06-15, at least 262 户 required, 14 户 short",
        ),
        (
            Reason.of("below_path", value=Decimal("11.5"), required=Decimal(11), unit="", read_on=TODAY),
            "11.5 on 2026-06-15, at most 11 allowed, 0.5 too much",
        ),
        (
            Reason.of("target_reached", value=Decimal(30), required=Decimal(30), unit="%", read_on=TODAY),
            "30 % on 2026-06-15, the goal of 30 % is reached",
        ),
    ],
)
def test_a_reason_reads_as_one_sentence_of_the_day(reason: Reason, sentence: str) -> None:
    assert wording.reason_sentence(reason, today=TODAY) == sentence
    assert wording.reason_sentence(reason.to_json(), today=TODAY) == sentence


@pytest.mark.parametrize(
    ("reason", "measure", "rest"),
    [
        (Reason.of("overdue", due_on=date(2026, 6, 3)), "12 days late", ""),
        (
            Reason.of("milestone_overdue", name="投产", planned_on=date(2026, 6, 10)),
            "5 days late",
            "Milestone “投产”",
        ),
        (
            Reason.of("progress_behind", progress=Decimal(40), steps="2026-03-31=65,2026-12-31=100"),
            "25 points behind",
            "Progress 40 %, expected 65 %",
        ),
        (
            Reason.of("below_path", value=Decimal("11.5"), required=Decimal(11), unit="", read_on=TODAY),
            "0.5 too much",
            "11.5 on 2026-06-15, at most 11 allowed",
        ),
        (Reason.of("reports_missed", count=2, since=date(2026, 4, 1)), "2 periods missing", ""),
        (Reason.of("awaiting_acceptance"), "", "Handed out, not taken on yet"),
    ],
)
def test_a_reason_in_a_narrow_list_is_its_measure_and_the_rest(reason: Reason, measure: str, rest: str) -> None:
    assert wording.brief(reason, today=TODAY) == (measure, rest)


def test_several_plans_are_counted_first_and_one_is_not_mentioned() -> None:
    facts = HeadlineFacts(counts={H.OFF_TRACK: 2, H.DONE: 3}, plans=2)
    pieces = wording.headline_parts(headline.build(facts, today=TODAY))
    assert "".join(piece.text for piece in pieces) == "2 plans, 5 commitments, 3 done; 2 late."
    assert pieces[0].filter_key == headline.PLANS


def test_a_stored_reason_grows_with_the_days() -> None:
    stored = Reason.of("overdue", due_on=date(2026, 6, 3)).to_json()
    assert wording.reason_sentence(stored, today=date(2026, 7, 3)) == "30 days late"


def test_a_code_without_a_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording.reason_sentence(Reason.of("mystery"), today=TODAY)


def test_every_reason_code_in_the_rules_has_a_sentence() -> None:
    told = {"suspended", "cancelled", "progress_behind", "investment_behind", "on_path", "below_path"}
    for module in (findings, health):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        told |= {part.split('"')[0] for part in source.split('Reason.of("')[1:]}
    assert told - wording.SENTENCES.keys() == set()


@pytest.mark.parametrize("module", [lifecycle, reporting])
def test_every_refusal_of_the_rules_has_a_sentence(module: object) -> None:
    source = Path(str(module.__file__)).read_text(encoding="utf-8")  # type: ignore[attr-defined]  # a module has one
    codes = {part.split('"')[0] for part in source.split('DomainError("')[1:]}
    assert codes - DomainError.sentences.keys() == set()


def test_a_refusal_is_worded_with_its_parameters() -> None:
    assert str(DomainError("progress_out_of_range")) == (
        "Progress lies between 0 and 100 %. Enter a number in this range."
    )
    assert "2026-06-05" in str(DomainError("period_closed", closed_on="2026-06-05"))


START, END = date(2026, 1, 1), date(2026, 12, 31)
USUAL = HeadlineFacts(
    counts={H.DONE: 61, H.ON_TRACK: 74, H.AT_RISK: 27, H.OFF_TRACK: 19, H.NOT_STARTED: 6, H.NO_DATA: 7, H.EXEMPT: 2},
    waiting=3,
    starts_on=START,
    ends_on=END,
)


@pytest.mark.parametrize(
    ("facts", "today", "sentence"),
    [
        (USUAL, TODAY, "196 commitments, 61 done; 19 late, 27 will be late, 3 wait for your word."),
        (HeadlineFacts(counts={}), TODAY, "No commitments yet."),
        (HeadlineFacts(counts={H.ON_TRACK: 5}), TODAY, "5 commitments; nothing is late."),
        (
            HeadlineFacts(counts={H.ON_TRACK: 5, H.NO_DATA: 3}),
            TODAY,
            "8 commitments; nothing is late, 3 without data.",
        ),
        (
            HeadlineFacts(counts={H.OFF_TRACK: 1, H.NO_DATA: 9}),
            TODAY,
            "10 commitments; 1 late, 9 without data.",
        ),
        (HeadlineFacts(counts={H.NO_DATA: 8, H.NOT_STARTED: 2}), TODAY, "10 commitments, nobody has reported yet."),
        (HeadlineFacts(counts={H.NOT_STARTED: 2}), TODAY, "2 commitments, none has started."),
        (HeadlineFacts(counts={H.DONE: 2}), TODAY, "2 commitments, all done."),
        (HeadlineFacts(counts={H.OFF_TRACK: 2}, waiting=1), TODAY, "2 commitments, all late; 1 waits for your word."),
        (HeadlineFacts(counts={H.OFF_TRACK: 1}), TODAY, "1 commitment, late."),
        (HeadlineFacts(counts={H.DONE: 1}), TODAY, "1 commitment, done."),
        (HeadlineFacts(counts={H.NO_DATA: 1, H.DONE: 0}), TODAY, "1 commitment, without data."),
        (
            replace(USUAL, waiting=0),
            START,
            "Today is the first day; 196 commitments, 61 done; 19 late, 27 will be late.",
        ),
        (
            replace(USUAL, waiting=0),
            END,
            "Today is the last day; 196 commitments, 61 done; 19 late, 27 will be late.",
        ),
        (
            replace(USUAL, waiting=0),
            date(2027, 1, 1),
            "The time is over, 133 are not finished; 196 commitments, 61 done; 19 late, 27 will be late.",
        ),
        (
            HeadlineFacts(counts={H.DONE: 2}, ends_on=END),
            date(2027, 1, 1),
            "The time is over; 2 commitments, all done.",
        ),
    ],
)
def test_the_headline_says_what_matters_on_the_day(facts: HeadlineFacts, today: date, sentence: str) -> None:
    pieces = wording.headline_parts(headline.build(facts, today=today))
    assert "".join(piece.text for piece in pieces) == sentence


def test_each_figure_of_the_headline_leads_to_its_rows_in_its_tone() -> None:
    pieces = wording.headline_parts(headline.build(USUAL, today=TODAY))
    assert [tuple(piece) for piece in pieces if piece.filter_key] == [
        ("196 commitments", "all", ""),
        ("61 done", "done", "done"),
        ("19 late", "off_track", "off_track"),
        ("27 will be late", "at_risk", "at_risk"),
        ("3 wait for your word", "waiting", "waiting"),
    ]


@pytest.mark.parametrize("light", list(Health))
def test_one_commitment_has_a_headline_under_every_light(light: Health) -> None:
    pieces = wording.headline_parts(headline.build(HeadlineFacts(counts={light: 1}), today=TODAY))
    assert len(pieces) == 4
