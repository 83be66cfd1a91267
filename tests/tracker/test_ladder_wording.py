"""A ladder in words: every occasion has its anchor, every shape its sentence, in both languages."""

import pytest
from django.utils import translation

from tracker import ladder_wording
from tracker.actions.reminder_rules import DEFAULTS
from tracker.choices import Audience, ReminderOccasion
from tracker.rules.ladder import Rung

OFFICER, HEAD = Audience.OFFICER, Audience.HEAD


def said(language: str, *rungs: Rung, occasion: str = "before_due", working: bool = False) -> str:
    with translation.override(language):
        return ladder_wording.ladder(rungs, occasion=occasion, counts_working_days=working)


def test_days_before_the_date() -> None:
    rung = Rung(audience=OFFICER, days=(-30, -14, -7, -3, -1))
    assert said("en", rung) == "Officers and owner post: 30, 14, 7, 3, 1 days before the due date"
    assert said("zh-hans", rung) == "经办人和责任岗位：到期前 30、14、7、3、1 天"


def test_one_day_before_on_and_after() -> None:
    rung = Rung(audience=HEAD, days=(-1, 0, 1))
    assert said("en", rung) == (
        "Head of the department: 1 day before the due date, on the due date, 1 day after the due date"
    )
    assert said("zh-hans", rung) == "单位负责人：到期前 1 天，到期当日，到期后 1 天"


def test_repetition_its_growth_and_its_end() -> None:
    rung = Rung(audience=OFFICER, days=(7,), every=7, most=3, growth=200)
    assert said("en", rung, occasion="after_due") == (
        "Officers and owner post: 7 days after the due date, then every 7 days, at most 3 times, "
        "each gap 200 % of the one before"
    )
    assert said("zh-hans", rung, occasion="after_due") == (
        "经办人和责任岗位：到期后 7 天，此后每 7 天一次，最多 3 次，间隔逐次为上次的 200 %"
    )


def test_working_days_after_an_event_and_several_rungs() -> None:
    rungs = (Rung(audience=OFFICER, days=(1,), every=2, most=3), Rung(audience=HEAD, days=(5,)))
    assert said("en", *rungs, occasion="report_returned", working=True) == (
        "Officers and owner post: 1 working day after the return of the report, then every 2 working days, at most "
        "3 times; Head of the department: 5 working days after the return of the report"
    )
    assert said("zh-hans", *rungs, occasion="report_returned", working=True) == (
        "经办人和责任岗位：填报退回后第 1 个工作日，此后每 2 个工作日一次，最多 3 次；"
        "单位负责人：填报退回后第 5 个工作日"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("occasion", [one for one in ReminderOccasion if one != ReminderOccasion.BY_HAND])
def test_every_occasion_of_the_software_can_be_said(language: str, occasion: ReminderOccasion) -> None:
    assert occasion in {one[1] for one in DEFAULTS}
    for _code, of, working, rungs in DEFAULTS:
        if of == occasion:
            text = said(language, *rungs, occasion=occasion, working=working)
            assert "%" not in text
            assert len(text) > 10


def test_a_ladder_that_tells_nobody_says_so() -> None:
    assert said("en", Rung(audience=OFFICER)) == "Nobody is told"
    assert said("en", occasion="by_hand").startswith("Sent by the supervision office")
