"""The what-when chart and schedules in words."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from romframe_report import theme

from romframe import Schedule, UsageError, schedule_on_time, schedule_when
from romframe.cli import cli
from romframe.frameworks.schedules import Span


@pytest.mark.parametrize(
    ("schedule", "said", "days"),
    [
        (Schedule("s", ("a",), "referral"), "on the day of the referral", "on that day"),
        (
            Schedule("s", ("a",), "birth", Span(0, 14), 3, 7),
            "2 weeks after each birth",
            "from 3 days before to 7 days after",
        ),
        (
            Schedule("s", ("a",), "assessment", Span(1, 7)),
            "1 month and 1 week after the assessment",
            "on that day",
        ),
        (
            Schedule("s", ("a",), "cpa_review", Span(0, -8), 1),
            "8 days before each CPA review",
            "from 1 day before",
        ),
        (
            Schedule("s", ("a",), "birth", Span(0, 7), late=1, every=Span(3), at_most=2),
            "1 week after each birth, then every 3 months until the discharge, 2 in all",
            "up to 1 day after",
        ),
    ],
)
def test_a_schedule_is_said_in_words(schedule, said, days):
    assert schedule_when(schedule) == said
    assert schedule_on_time(schedule) == days


@pytest.fixture(scope="module")
def charted(new_service):
    made = new_service()
    text = made.path.read_text().replace("Made-up timing", "Made-up <timing>")
    text += "  - {id: move, instruments: [phq_9], anchor: transfer, window: {after: 7}}\n"
    text += "  - {id: born, instruments: [honos], anchor: birth, timepoint: review,\n"
    text += "     window: {after: 7}}\n"
    made.path.write_text(text)
    return made


@pytest.fixture(scope="module")
def chart(charted, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chart")

    def chart(name):
        out = folder / name
        arguments = ["-w", str(charted.workspace.path), "report", "chart", "made_up", "--out"]
        result = CliRunner().invoke(cli, [*arguments, str(out)])
        return result, out

    return chart


@pytest.fixture(scope="module")
def page(chart):
    result, out = chart("chart.html")
    assert result.output == f"Wrote the chart to {out}.\n"
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawing(chart):
    _, out = chart("chart.SVG")
    return ElementTree.fromstring(out.read_bytes())


STAGES = [
    "1 Admission",
    "2 Assessment",
    "3 Birth",
    "4 Review",
    "5 Transfer",
    "6 Discharge",
]


def cells(page, measure):
    row = re.search(rf'<tr><th scope="row">{measure}</th>(.*?)</tr>', page)[1]
    found = re.findall(r"<td.*?>(.*?)</td>", row)
    return [re.sub(r"<.*?>", "", each) for each in found]


def test_stages_are_columns_in_the_order_of_care_with_numbers_and_names(page):
    heads = re.findall(r'<th scope="col".*?>(.*?)</th>', page)
    assert heads == ["Measure", *STAGES]


def test_a_measure_says_in_each_stage_when_it_is_asked_for_and_of_whom(page):
    assert cells(page, "GAD-7") == [
        "",
        "",
        "2 weeks after each birth (on time: from 3 days before to 7 days after; Treated)",
        "",
        "",
        "",
    ]
    _, first, *_, last = cells(page, "CORE-10")
    assert first == "On the day of the assessment (on time: up to 14 days after)"
    assert last.startswith("On the day of the discharge")
    assert "; inpatient)" in page


def test_what_counts_from_an_event_stands_under_that_event_whatever_its_timepoint(page):
    admission, assessment, birth, review, *_ = cells(page, "HoNOS")
    assert admission.startswith("4 weeks after each admission")
    assert assessment.startswith("On the day of the assessment")
    assert birth.startswith("On the day of each birth")
    assert review == ""
    assert cells(page, "CORE-10")[3].startswith("3 months after the assessment")


SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing):
    return ["".join(each.itertext()) for each in drawing.iter(f"{SVG}text")]


def test_a_drawing_says_as_text_what_the_page_says(page, drawing):
    body = re.sub(r"<style>.*?</style>", "", page.partition("<body>")[2], flags=re.DOTALL)
    words = sorted(unescape(re.sub(r"<.*?>", " ", body)).split())
    assert sorted(" ".join(texts(drawing)).split()) == words
    assert [each for each in texts(drawing) if each in STAGES] == STAGES


def test_a_drawing_has_a_title_a_description_and_loads_nothing(drawing):
    title, told = (drawing.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title.text.startswith("What and when: Made-up <timing>, version 1")
    assert "Admission, Assessment, Birth, Review, Transfer, Discharge" in told.text
    assert drawing.get("aria-labelledby").split() == [title.get("id"), told.get("id")]
    assert (drawing.get("width"), drawing.get("height")) == ("297mm", "210mm")
    kinds = {each.tag.removeprefix(SVG) for each in drawing.iter()}
    assert kinds == {"svg", "title", "desc", "style", "rect", "text", "g"}


def test_a_drawing_is_read_as_a_grid_whose_lines_stay_in_their_cells(drawing):
    groups = list(drawing.iter(f"{SVG}g"))
    width = len(STAGES) + 1
    assert len(groups) % width == 0
    heads = [group.find(f"{SVG}rect").get("fill") for group in groups[1:width]]
    assert heads == [theme.PALE, theme.LIGHT, theme.WARM, theme.BLUE, theme.PALE, theme.DARK]
    for group in groups:
        box = {name: float(group[0].get(name)) for name in ("x", "y", "width", "height")}
        for line in group.iter(f"{SVG}text"):
            assert box["x"] < float(line.get("x"))
            assert float(line.get("x")) + 5 * len(line.text) < box["x"] + box["width"]
            assert box["y"] < float(line.get("y")) < box["y"] + box["height"]


def test_a_chart_of_another_kind_is_refused(chart):
    result, out = chart("chart.pdf")
    (problem,) = result.exception.problems
    assert problem.code == "chart-kind"
    assert not out.exists()


def test_the_chart_is_one_landscape_page_that_loads_nothing(page):
    assert "size: A4 landscape" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img|iframe)\b", page)


def test_a_framework_without_schedules_has_no_chart(new_service, tmp_path):
    made = new_service()
    made.path.write_text(made.path.read_text().partition("timing:")[0])
    out = str(tmp_path / "chart.html")
    arguments = ["-w", str(made.workspace.path), "report", "chart", "made_up", "--out", out]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, UsageError)
    assert result.exception.problems[0].code == "no-schedules"
