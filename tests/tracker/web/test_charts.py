"""Charts are pure functions: the tests read their SVG as XML and need no database."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation

from tracker.choices import Health
from tracker.web import charts
from tracker.web.charts import Band, Goal, Point, Share, Step

TODAY = date(2026, 11, 22)
HOSTILE = "<script>alert('x')</script>\"&"
HREF = "/commitments/?health=done&chapter=1"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def parsed(svg):
    return ElementTree.fromstring(svg)


def titles(svg):
    return [title.text for title in parsed(svg).iter("title")]


def of_class(svg, name):
    return [mark for mark in parsed(svg).iter() if name in mark.get("class", "").split()]


def shares(*counts):
    return [Share(health=health, count=count, href=HREF) for health, count in zip(Health, counts, strict=False)]


def year_ends(*values):
    return [
        Point(on=date(2022 + place, 12, 31), value=None if value is None else Decimal(value))
        for place, value in enumerate(values, start=1)
    ]


def drawn(**changes):
    """A trajectory with everything in it."""
    given = {
        "points": year_ends(201, 214, 229),
        "name": "High-tech enterprises",
        "unit": "户",
        "today": TODAY,
        "required": [
            Point(on=date(2023, 12, 31), value=Decimal(201)),
            Point(on=date(2026, 12, 31), value=Decimal(262)),
        ],
        "goal": Goal(on=date(2026, 12, 31), value=Decimal(262), label="≥262"),
        "band": Band(on=date(2026, 12, 31), low=Decimal(240), high=Decimal(252), label="about 246"),
        **changes,
    }
    return charts.trajectory(given.pop("points"), **given)


STEPS = [
    Step(name="Approval", planned_on=date(2024, 3, 1), actual_on=date(2024, 3, 1)),
    Step(name="Start of building", planned_on=date(2024, 8, 1), actual_on=date(2024, 9, 4)),
    Step(name="Production", planned_on=date(2026, 10, 1), is_late=True),
    Step(name="Without a date"),
]


def line_of(steps):
    return charts.milestone_line(steps, starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31), today=TODAY)


# --- Proportions


def widths(svg):
    return [Decimal(part.get("width").rstrip("%")) for part in parsed(svg).findall("a/svg")]


@pytest.mark.parametrize(
    "counts",
    [
        (61, 74, 27, 19, 6, 7, 2),
        (1, 1, 1, 1, 1, 1, 1),
        (3000, 1, 0, 0, 1),
        (0, 0, 0, 196),
        (1,),
        (9999, 1, 1, 1, 1, 1, 1),
    ],
)
def test_the_parts_of_the_bar_fill_it_exactly(counts):
    found = widths(charts.proportions(shares(*counts)))
    assert sum(found) == 100
    assert len(found) == sum(1 for count in counts if count)
    assert min(found) >= charts.LEAST_SHARE


def test_the_parts_stand_side_by_side():
    parts = parsed(charts.proportions(shares(61, 74, 27, 19, 6, 7, 2))).findall("a/svg")
    lefts = [Decimal(part.get("x").rstrip("%")) for part in parts]
    ends = [left + Decimal(part.get("width").rstrip("%")) for left, part in zip(lefts, parts, strict=True)]
    assert lefts == [0, *ends[:-1]]


def test_each_part_is_a_link_with_its_name_and_count():
    svg = charts.proportions(shares(61, 74))
    assert [link.get("href") for link in parsed(svg).iter("a")] == [HREF, HREF]
    assert titles(svg) == ["Done: 61", "On track: 74"]
    assert parsed(svg).get("aria-label")


def test_a_light_without_commitments_is_not_drawn():
    assert titles(charts.proportions(shares(0, 5))) == ["On track: 5"]


def test_no_commitments_is_said_and_not_drawn():
    assert "<svg" not in charts.proportions([])
    assert "<svg" not in charts.proportions(shares(0, 0))


def test_an_address_is_escaped():
    svg = charts.proportions([Share(health="done", count=1, href='"><script>')])
    assert "<script>" not in svg
    assert parsed(svg).find("a").get("href") == '"><script>'


# --- Pace


@pytest.mark.parametrize(
    ("percent", "width"), [(0, "0"), (71, "71"), (Decimal("71.50"), "71.5"), (140, "100"), (-3, "0")]
)
def test_a_pace_bar_is_as_wide_as_its_percentage_and_never_wider_than_its_track(percent, width):
    svg = charts.pace_bar(percent, name="Work done")
    assert of_class(svg, "fill")[0].get("width") == width


def test_a_pace_bar_that_is_not_known_is_no_bar_of_zero():
    svg = charts.pace_bar(None, name="Work done")
    assert of_class(svg, "fill") == []
    assert of_class(svg, "unknown")
    assert parsed(svg).get("aria-label") == "Work done: not known"


# --- Trajectory


def test_a_trajectory_names_every_mark():
    found = titles(drawn())
    assert "2024-12-31: 214 户" in found
    assert "What is required" in found
    assert "Goal: ≥262" in found
    assert parsed(drawn()).get("role") == "img"


def test_a_missing_value_is_a_gap_and_not_a_zero():
    svg = drawn(points=year_ends(201, 205, None, 229))
    assert len(of_class(svg, "dot")) == 3
    assert len(of_class(svg, "real")) == 1  # the single value after the gap has no line to it
    assert len(of_class(drawn(points=year_ends(201, 205, 210, 229)), "real")) == 1


def test_values_on_both_sides_of_a_gap_are_two_lines():
    months = [Point(on=date(2026, month, 28), value=None if month == 3 else Decimal(month)) for month in range(1, 6)]
    assert len(of_class(drawn(points=months), "real")) == 2


def test_a_value_that_is_only_reported_is_drawn_hollow_and_says_so():
    svg = drawn(points=[Point(on=date(2024, 12, 31), value=Decimal(214), is_verified=False)])
    assert of_class(svg, "reported")
    assert "2024-12-31: 214 户, reported and not verified" in titles(svg)


def test_without_readings_a_sentence_stands_instead_of_an_empty_axis():
    for text in (drawn(points=[]), drawn(points=year_ends(None, None))):
        assert "<svg" not in text
        assert "No reading yet" in text


def test_a_trajectory_needs_neither_goal_nor_path_nor_forecast():
    svg = drawn(required=(), goal=None, band=None, points=year_ends(201))
    assert of_class(svg, "goal") == of_class(svg, "path") == of_class(svg, "band") == []
    assert len(of_class(svg, "dot")) == 1


def test_equal_values_still_make_a_chart():
    assert len(of_class(drawn(points=year_ends(5, 5), required=(), goal=None, band=None), "dot")) == 2
    assert len(of_class(drawn(points=year_ends(0, 0), required=(), goal=None, band=None), "dot")) == 2


def test_higher_values_stand_higher():
    low, high = (float(dot.get("cy")) for dot in of_class(drawn(points=year_ends(201, 229)), "dot"))
    assert high < low


def test_the_order_of_the_readings_does_not_matter():
    points = year_ends(201, 214, 229)
    assert drawn(points=points) == drawn(points=points[::-1])


def test_everything_stays_inside_the_plot():
    for dot in of_class(drawn(), "dot"):
        assert 0 <= float(dot.get("cx")) <= 360
        assert 0 <= float(dot.get("cy")) <= 150


# --- Progress over time


def test_progress_runs_from_zero_to_a_hundred():
    points = [Point(on=date(2026, 1, 31), value=Decimal(0)), Point(on=date(2026, 2, 28), value=Decimal(100))]
    lowest, highest = (float(dot.get("cy")) for dot in of_class(charts.progress_history(points, today=TODAY), "dot"))
    assert (lowest, highest) == (126, 24)


def test_without_progress_a_sentence_stands_instead():
    assert "No progress reported yet." in charts.progress_history([], today=TODAY)


def test_expected_progress_is_drawn_in_dashes():
    points = [Point(on=date(2026, 1, 31), value=Decimal(10))]
    expected = [Point(on=date(2026, 1, 1), value=Decimal(0)), Point(on=date(2026, 12, 31), value=Decimal(100))]
    assert of_class(charts.progress_history(points, expected=expected, today=TODAY), "path")


# --- Milestones


def test_each_milestone_with_a_date_has_its_mark():
    svg = line_of(STEPS)
    assert [mark.get("class") for mark in of_class(svg, "step")] == ["step done", "step done", "step off_track"]
    assert "Start of building +34 days 2024-09-04" in titles(svg)
    assert "Start of building: planned for 2024-08-01" in titles(svg)


def test_milestones_without_dates_are_said_and_not_drawn():
    assert "No milestone has a date yet." in line_of([Step(name="One day")])
    assert line_of([]) == ""


def test_names_that_do_not_fit_are_left_to_the_table():
    crowd = [Step(name=f"A long name of milestone {day}", planned_on=date(2025, 6, day)) for day in range(1, 11)]
    svg = line_of(crowd)
    assert len(of_class(svg, "step")) == 10
    assert 0 < len(of_class(svg, "name")) <= 3


def test_marks_stay_on_the_line_when_dates_lie_outside_the_commitment():
    early = [Step(name="Early", planned_on=date(2019, 1, 1)), Step(name="Late", planned_on=date(2031, 1, 1))]
    for mark in of_class(line_of(early), "step"):
        assert 0 <= float(mark.get("x").rstrip("%")) <= 100


def test_one_day_is_enough():
    svg = charts.milestone_line([Step(name="A", actual_on=TODAY)], starts_on=None, ends_on=None, today=TODAY)
    assert len(of_class(svg, "step")) == 1


# --- All of them


ALL = [
    charts.proportions([Share(health="done", count=1, href=HOSTILE)], label=HOSTILE),
    charts.pace_bar(5, name=HOSTILE),
    charts.pace_bar(None, name=HOSTILE),
    drawn(name=HOSTILE, unit=HOSTILE, goal=Goal(on=TODAY, value=Decimal(1), label=HOSTILE)),
    drawn(band=Band(on=date(2027, 1, 1), low=Decimal(1), high=Decimal(2), label=HOSTILE)),
    line_of([Step(name=HOSTILE, planned_on=TODAY)]),
    charts.progress_history([Point(on=TODAY, value=Decimal(5))], today=TODAY),
]


@pytest.mark.parametrize("svg", ALL)
def test_a_chart_is_well_formed_named_and_holds_no_style_and_no_script(svg):
    root = parsed(svg)
    assert root.get("aria-label")
    for mark in root.iter():
        assert mark.tag != "script"
        assert mark.get("style") is None
        assert not [name for name in mark.attrib if name.startswith("on")]
    assert "<script" not in svg
