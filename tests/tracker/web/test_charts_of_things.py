"""The charts of the catalogue and the band of a forecast: pure, read as XML."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from django.utils import translation

from tracker.web import charts
from tracker.web.charts import Band, Column, Goal, Point, Series

TODAY = date(2026, 11, 22)
END = date(2026, 12, 31)
HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def of_class(svg: str, name: str) -> list[Element]:
    return [mark for mark in ElementTree.fromstring(svg).iter() if name in mark.get("class", "").split()]


def titles(svg: str) -> list[str]:
    return [title.text or "" for title in ElementTree.fromstring(svg).iter("title")]


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("text")]


def years(*pairs: tuple[int | None, int | None]) -> list[Column]:
    return [
        Column(
            label=str(2023 + place),
            value=None if value is None else Decimal(value),
            planned=None if planned is None else Decimal(planned),
        )
        for place, (value, planned) in enumerate(pairs)
    ]


def drawn(*pairs: tuple[int | None, int | None]) -> str:
    return charts.columns(years(*pairs), name="Headcount", unit="people")


# --- Columns


def test_a_column_is_as_high_as_its_value_and_the_plan_is_a_line_across_it():
    svg = drawn((10, 20), (20, 20))
    low, high = (float(mark.get("height", "")) for mark in of_class(svg, "column"))
    assert low == pytest.approx(high / 2)
    assert len(of_class(svg, "goal")) == 2
    assert titles(svg)[0] == "2023: 10 people, planned 20 people"


def test_an_unknown_year_is_an_outline_with_a_question_mark_and_never_a_zero():
    svg = drawn((None, 20), (0, 20))
    unknown, zero = of_class(svg, "column")
    assert "unknown" in unknown.get("class", "")
    assert "unknown" not in zero.get("class", "")
    assert "?" in words(svg)
    assert "0" in words(svg)
    assert "2023: unknown, planned 20 people" in titles(svg)


def test_a_year_without_a_plan_has_no_line():
    assert of_class(drawn((10, None)), "goal") == []


def test_without_a_figure_a_sentence_stands_instead_of_columns():
    for svg in (drawn(), drawn((None, None))):
        assert "<svg" not in svg
        assert "No figure yet" in svg


def test_all_zero_still_makes_a_chart_inside_its_frame():
    for mark in of_class(drawn((0, 0), (0, None)), "column"):
        assert 0 <= float(mark.get("y", "")) <= 150


def test_forty_years_keep_their_numbers_apart():
    svg = drawn(*[(10, 10)] * 40)
    assert len(of_class(svg, "column")) == 40
    assert len(of_class(svg, "now-text")) <= 12


# --- Two lines


def months(*values: int | None) -> list[Point]:
    return [
        Point(on=date(2026, place, 28), value=None if value is None else Decimal(value))
        for place, value in enumerate(values, start=1)
    ]


def pair(first: list[Point], second: list[Point]) -> str:
    return charts.pair(
        Series(name="Physical", points=first), Series(name="Work", points=second), name="Both", today=TODAY
    )


def test_two_lines_are_told_apart_by_their_shapes_and_named_on_every_mark():
    svg = pair(months(10, 20, 30), months(5, None, 25))
    shapes = [mark.tag for mark in of_class(svg, "dot")]
    assert shapes == ["circle", "circle", "circle", "rect", "rect"]
    assert "Work, 2026-03-28: 25 %" in titles(svg)


def test_the_latest_values_stand_beside_the_lines_and_never_over_each_other():
    svg = pair(months(10, 50), months(10, 50))
    places = [float(text.get("y", "")) for text in of_class(svg, "now-text")]
    assert abs(places[0] - places[1]) >= 15


def test_a_share_above_a_hundred_stays_inside_the_plot():
    for mark in of_class(pair(months(10, 140), months(5)), "dot"):
        assert 0 <= float(mark.get("cy") or mark.get("y") or "") <= 150


def test_one_line_may_be_missing_and_both_are_said():
    assert len(of_class(pair(months(10), []), "dot")) == 1
    assert "<svg" not in pair([], months(None))


# --- The band of a forecast


def trajectory(band: Band) -> str:
    return charts.trajectory(
        [Point(on=date(2024, 12, 31), value=Decimal(214)), Point(on=date(2026, 6, 30), value=Decimal(238))],
        name="Enterprises",
        unit="家",
        today=TODAY,
        goal=Goal(on=END, value=Decimal(262), label="≥262"),
        band=band,
    )


def test_the_band_starts_at_the_latest_reading_and_has_a_line_along_its_middle():
    svg = trajectory(Band(on=END, low=Decimal(240), high=Decimal(250), middle=Decimal(247), label="about 247"))
    (area,) = of_class(svg, "band")
    (line,) = of_class(svg, "likely")
    last = of_class(svg, "dot")[-1]
    assert area.get("d", "").startswith(f"M{last.get('cx')},{last.get('cy')}L")
    assert line.get("d", "").startswith(f"M{last.get('cx')},{last.get('cy')}L")
    assert "about 247" in words(svg)


def test_where_no_band_is_known_a_line_alone_is_drawn():
    svg = trajectory(Band(on=END, low=Decimal(247), high=Decimal(247)))
    assert of_class(svg, "band") == []
    assert len(of_class(svg, "likely")) == 1


@pytest.mark.parametrize(
    "svg",
    [
        charts.columns([Column(label=HOSTILE, value=Decimal(1))], name=HOSTILE, unit=HOSTILE),
        charts.pair(
            Series(name=HOSTILE, points=[Point(on=TODAY, value=Decimal(1))]),
            Series(name=HOSTILE, points=[]),
            name=HOSTILE,
            today=TODAY,
        ),
        trajectory(Band(on=END, low=Decimal(240), high=Decimal(250), label=HOSTILE)),
    ],
)
def test_a_chart_is_well_formed_named_and_holds_no_style_and_no_script(svg):
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label")
    assert all(mark.tag != "script" and mark.get("style") is None for mark in root.iter())
    assert "<script" not in svg
