import re
from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from romframe_report.charts.canvas import Words
from romframe_report.charts.timeline import Point, Timeline, _label_left, _rows, timeline


WORDS = Words("t", "A title", "What it shows")
START = date(2025, 1, 1)
TOLD = Timeline(
    WORDS,
    (START, date(2025, 12, 31)),
    (0, 40),
    "lower",
    ((Point(START, 30.0), Point(date(2025, 6, 1), None), Point(date(2025, 9, 1), 7.5, "better")),),
    bands=((0, "healthy"), (6, "low"), (12, "thin"), (13, "a name that is much too long")),
    events=((date(2025, 2, 1), "birth"),),
)


def _texts(told):
    return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", timeline(told).svg)]


def test_values_bands_events_and_gaps_are_written():
    texts = _texts(TOLD)

    assert {"30", "7.5", "?", "healthy", "low", "birth", "0", "40", "May 2025"} <= set(texts)
    assert "thin" not in texts
    assert "a name that is ..." in texts


def test_without_numbers_the_axis_says_which_way_is_better():
    for better, label in (("lower", "\u2193 better"), ("higher", "better \u2191")):
        texts = _texts(evolve(TOLD, numbers=False, better=better))
        assert label in texts
        assert not {"0", "40", "30", "7.5"} & set(texts)


def test_where_neither_way_is_better_the_axis_says_nothing():
    assert not any("better" in text for text in _texts(evolve(TOLD, better="neither")))


def test_several_lines_have_their_names_and_none_stands_over_another():
    lines = ((Point(START, 5.0),), (Point(START, 5.0),), (Point(START, None),))
    svg = timeline(evolve(TOLD, runs=lines, names=("Goal 1", "Goal 2", "Goal 3"), bands=())).svg

    heights = re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>Goal \d<', svg)
    assert len(heights) == 2
    assert abs(float(heights[0]) - float(heights[1])) > 7.5  # points, as high as the letters


def test_values_that_would_stand_over_one_another_are_left_to_the_table():
    days = [date(2025, 12, day) for day in range(1, 20)]
    run = tuple(Point(day, float(number)) for number, day in enumerate(days))

    texts = _texts(evolve(TOLD, runs=(run,), limits=(-1, 40)))

    assert "18" in texts
    assert not {"16", "17"} & set(texts)


def test_a_long_label_of_an_event_is_cut_to_what_fits():
    told = evolve(TOLD, events=((date(2025, 12, 30), "seen at another place by others than us"),))

    assert "seen at another place by ..." in _texts(told)


def test_a_band_outside_of_what_is_drawn_is_left_out():
    assert "a name that is ..." not in _texts(evolve(TOLD, limits=(0, 11)))


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (0, {"28 Dec 2024", "4 Jan 2025"}),
        (40, {"Jan 2025", "Feb 2025"}),
        (200, {"Jan 2025", "Mar 2025", "May 2025", "Jul 2025"}),
        (2000, {"Nov 2024", "May 2026", "Nov 2027", "May 2029"}),
    ],
)
def test_a_few_days_are_named_whatever_the_span(days, labels):
    told = evolve(TOLD, span=(START, START + timedelta(days)), events=())

    named = {text for text in _texts(told) if re.search(r"\d{4}$", text)}

    assert named == labels


EVENTS = st.lists(
    st.tuples(
        st.dates(START, date(2025, 12, 31)), st.sampled_from(["birth", "admitted, referred", "x"])
    ),
    unique_by=lambda event: event[0],
    max_size=12,
).map(sorted)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_labels_of_events_never_stand_over_one_another(events):
    end = date(2025, 12, 31)
    inch = 4.6 * 0.64 / (end - START).days
    rows = _rows(events, START, end)

    placed = [
        (row, _label_left((on - START).days * inch, what), 0.07 * len(what))
        for (on, what), row in zip(events, rows, strict=True)
    ]
    for n, (row, left, width) in enumerate(placed):
        for other_row, other_left, other_width in placed[n + 1 :]:
            apart = left + width <= other_left or other_left + other_width <= left
            assert row != other_row or apart


def test_the_picture_is_told_to_those_who_cannot_see_it_and_is_the_same_each_time():
    svg = timeline(TOLD).svg

    assert '<title id="t-title">A title</title>' in svg
    assert '<desc id="t-desc">What it shows</desc>' in svg
    assert timeline(TOLD).svg == svg
