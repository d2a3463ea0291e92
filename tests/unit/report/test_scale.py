"""The service report of nobody, of one, of two, of very many, and of names that are long."""

from contextlib import contextmanager
from datetime import date
from html import unescape

import pytest
from matplotlib.figure import Figure
from romframe_report import SECTIONS
from romframe_report.charts.crowd import CROWD, squares
from romframe_report.charts.scatter import Point
from romframe_report.sections import scatter
from romframe_report.service import service_report

from romframe import SERVICE, Window, create_workspace


LONG = "Maternal Mental Health and Perinatal Loss Service for the Whole of the County, " * 2
WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))


def test_a_workspace_with_nobody_in_it_has_a_report_of_every_plugin_s_sections(tmp_path):
    workspace = create_workspace(tmp_path / "empty", "Nobody yet", today=date(2026, 7, 1))
    told = []

    @contextmanager
    def progress(label, total):
        done = []
        yield done.append
        told.append((label, sum(done) == total))

    with workspace.store:
        page = service_report(workspace, WINDOW.start, WINDOW.end, progress=progress)
        titles = [
            each.title for each in workspace.catalogue.host.registry("report_sections").values()
        ]
    assert "Nobody yet" in page
    assert sorted(told) == sorted((title, True) for title in titles)


@pytest.mark.parametrize("number", [1, 2])
def test_a_report_of_one_or_two_referrals_is_whole(service, number):
    service.several(number, 20.0, 8.0, end="2025-09-01", ethnicity="A", born="1990-01-01")
    page = unescape(service.report())
    absent = {name for name, title, _ in SECTIONS if title not in page}
    assert absent == {"subgroups", "items"}  # one group alone, and a measure without item profile


def test_a_long_name_stands_whole_in_the_report(service):
    service.several(6, 20.0, 8.0, team=LONG, end="2025-09-01")
    service.several(6, 20.0, 18.0, team="B", end="2025-09-01")
    assert LONG.strip(", ") in unescape(service.report())


@pytest.mark.parametrize(("pairs", "said"), [(CROWD - 1, "Each mark"), (CROWD, "too many pairs")])
def test_where_marks_would_cover_one_another_squares_are_drawn_and_said(service, pairs, said):
    service.several(pairs, 20.0, 8.0)
    (cloud,) = scatter.build(service, WINDOW)["clouds"]
    assert said in cloud.marks
    chart = cloud.picture(SERVICE)
    assert said in chart.words.description
    assert ("of the fullest" in chart.svg) == (pairs == CROWD)


def test_squares_hold_the_pairs_of_their_stretch_and_none_that_are_few():
    axes = Figure().add_subplot()
    points = [
        Point(10, 10, "unchanged", 60),
        Point(11, 10, "unchanged", 40),  # in the same square as the one before
        Point(20, 5, "improved", 30),
        Point(0, 40, "deteriorated", 4),  # too few to show
        Point(30, 30, "unchanged", 9),
    ]
    squares(axes, points, (0, 40), SERVICE)
    drawn = [[tuple(map(float, at)) for at in each.get_offsets()] for each in axes.collections]
    assert drawn == [[(31.0, 31.0)], [], [(21.0, 5.0)], [(11.0, 11.0)]]


def test_squares_of_which_none_may_be_shown_are_none():
    axes = Figure().add_subplot()
    squares(axes, [Point(10, 10, "unchanged", 2)], (0, 40), SERVICE)
    assert all(len(each.get_offsets()) == 0 for each in axes.collections)
