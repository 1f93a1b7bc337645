"""Where the marks of a chart stand."""

import math
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.ground.web import charts
from stepwell.ground.web.charts import (
    Band,
    Came,
    Hours,
    LineChart,
    Mark,
    Note,
    Point,
    Reading,
    Row,
    Stretch,
    draw,
    number,
    path,
    percent,
    spark,
    week,
)

NOVEMBER_1 = date(2026, 11, 1)
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")

anything = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**6), 10**6)
days = st.integers(-10, 60).map(lambda n: NOVEMBER_1 + timedelta(days=n))


def chart(*readings: Reading, last: date = NOVEMBER_1 + timedelta(days=30), **more: object) -> LineChart:
    return LineChart(
        sentence="Craving by day",
        measure="Craving, 0 to 10",
        first=NOVEMBER_1,
        last=last,
        low=0,
        high=10,
        ticks=((0, "0"), (10, "10")),
        readings=readings,
        **more,  # type: ignore[arg-type]
    )


def test_a_day_without_an_answer_lifts_the_pen():
    assert path([Point(0, 1), Point(1, 2), None, Point(3, 4), Point(4, 5)]) == "M0 1L1 2M3 4L4 5"


def test_an_answer_alone_between_gaps_is_a_dot():
    assert path([None, Point(3, 4), None]) == "M3 4h0"


def test_no_answers_draw_no_line():
    assert spark([]).path == ""
    assert spark([None, None]).end is None


def test_one_answer_draws_its_dot():
    assert spark([4], low=0, high=10).path.endswith("h0")


def test_the_same_answer_every_day_runs_level_in_the_middle():
    points = NUMBERS.findall(spark([5, 5, 5]).path)
    assert len(set(points[1::2])) == 1


def test_a_higher_answer_stands_higher():
    band = Band(0, 10, top=14, bottom=132)
    assert band.y(10) == 14
    assert band.y(0) == 132
    assert band.y(7) < band.y(3)


def test_an_answer_outside_the_scale_stays_inside_the_picture():
    band = Band(0, 10, top=14, bottom=132)
    assert band.y(1000) == 14
    assert band.y(-5) == 132


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.25, "1.2"), (-0.01, "0"), (math.nan, "0"), (math.inf, "0")]
)
def test_a_coordinate_is_always_a_number(value: float, text: str):
    assert number(value) == text


@settings(max_examples=200)
@given(st.lists(anything, max_size=40), st.none() | st.floats(), st.none() | st.floats())
def test_a_sparkline_never_leaves_its_picture(
    values: list[float | None], low: float | None, high: float | None
):
    drawn = spark(values, low=low, high=high)
    assert "nan" not in drawn.path
    assert "inf" not in drawn.path
    for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", drawn.path):
        assert 0 <= float(x) <= drawn.width
        assert 0 <= float(y) <= drawn.height


@settings(max_examples=100)
@given(
    st.lists(st.builds(Reading, days, st.floats(allow_nan=True, allow_infinity=True)), max_size=30),
    st.lists(st.builds(Mark, days, st.text(max_size=5)), max_size=10),
    st.lists(st.builds(Note, days, st.text(max_size=30), st.booleans()), max_size=4),
    st.integers(0, 400),
)
def test_a_line_chart_never_leaves_its_picture(
    readings: list[Reading], marks: list[Mark], notes: list[Note], length: int
):
    drawn = draw(
        chart(
            *readings,
            last=NOVEMBER_1 + timedelta(days=length),
            rows=(Row("Groups", tuple(marks)),),
            notes=tuple(notes),
        )
    )
    for point in drawn.points:
        assert drawn.left <= point.x <= drawn.right
        assert 0 <= point.y <= drawn.height
    for placed in drawn.rows[0].marks:
        assert drawn.left <= placed.x <= drawn.right
    assert all(0 <= note.y <= drawn.height for note in drawn.notes)
    assert all(drawn.left <= day.x <= drawn.right for day in drawn.days)


def test_dates_along_the_foot_do_not_lie_on_each_other():
    for length in range(1, 200):
        places = [day.x for day in draw(chart(last=NOVEMBER_1 + timedelta(days=length)), width=330).days]
        # The first and the last date reach inwards from their ends; those between stand centered.
        assert all(b - a >= 40 for a, b in pairwise(places)), length


def test_a_chart_of_one_day_stands_at_today():
    drawn = draw(chart(Reading(NOVEMBER_1, 4), last=NOVEMBER_1))
    assert drawn.last is not None
    assert drawn.last.x == drawn.right


def test_the_table_says_what_the_picture_says():
    november_3 = date(2026, 11, 3)
    drawn = draw(
        chart(
            Reading(NOVEMBER_1, 7),
            rows=(Row("Groups", (Mark(november_3, "did not come"),)),),
            notes=(Note(november_3, "Family dinner"),),
        )
    )
    assert [(line.on, line.value, line.marks, line.notes) for line in drawn.table] == [
        (november_3, None, ("did not come",), "Family dinner"),
        (NOVEMBER_1, 7, ("",), ""),
    ]


def test_words_at_the_right_edge_turn_inwards():
    drawn = draw(chart(notes=(Note(NOVEMBER_1 + timedelta(days=30), "Family dinner"),)))
    assert drawn.notes[0].anchor == "end"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(6, 9, 67), (9, 9, 100), (12, 9, 100), (-1, 9, 0), (3, 0, 0), (None, 9, 0), (math.nan, 9, 0)],
)
def test_a_meter_shows_no_less_than_nothing_and_no_more_than_all(
    part: float | None, whole: float, shown: int
):
    assert percent(part, whole) == shown


def test_three_hours_fill_an_eighth_of_a_day():
    picture = week([[Stretch(18, 3)], *[[]] * 6], heads=False, height=80)
    assert [(box.y, box.height) for box in picture.filled] == [(60, 10)]


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_time_in_care_stays_inside_its_day(starts: float, hours: float):
    picture = week([[Stretch(starts, hours)], *[[]] * 6], heads=True)
    (box,) = picture.filled
    assert picture.boxes[0].y <= box.y
    assert box.y + box.height <= picture.height + 0.001


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven days"):
        week([[]] * 6, heads=True)


def test_hours_of_a_strip_stand_at_one_of_six_heights():
    assert [Hours(hours).step for hours in (0, 0.5, 1.5, 3, 9, math.nan)] == [1, 1, 2, 3, 6, 1]
    assert Hours(1.5).text == "1.5h"


def test_attendance_counts_only_what_happened():
    assert charts.counted([Came.PRESENT, Came.ABSENT, Came.PRESENT]) == ((Came.PRESENT, 2), (Came.ABSENT, 1))
