"""The what-when chart and schedules in words."""

import re

import pytest
from click.testing import CliRunner

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
def page(new_service, tmp_path_factory):
    made = new_service()
    text = made.path.read_text()
    made.path.write_text(
        text + "  - {id: move, instruments: [phq_9], anchor: transfer, window: {after: 7}}\n"
    )
    out = tmp_path_factory.mktemp("chart") / "chart.html"
    arguments = ["-w", str(made.workspace.path), "report", "chart", "made_up", "--out", str(out)]
    result = CliRunner().invoke(cli, arguments)
    assert result.output == f"Wrote the chart to {out}.\n"
    return out.read_text(encoding="utf-8")


def cells(page, measure):
    row = re.search(rf'<tr><th scope="row">{measure}</th>(.*?)</tr>', page)[1]
    found = re.findall(r"<td.*?>(.*?)</td>", row)
    return [re.sub(r"<.*?>", "", each) for each in found]


def test_stages_are_columns_in_the_order_of_care_with_numbers_and_names(page):
    heads = re.findall(r'<th scope="col".*?>(.*?)</th>', page)
    assert heads == ["Measure", "1 Assessment", "2 Birth", "3 Review", "4 Transfer", "5 Discharge"]


def test_a_measure_says_in_each_stage_when_it_is_asked_for_and_of_whom(page):
    assert cells(page, "GAD-7") == [
        "",
        "2 weeks after each birth (on time: from 3 days before to 7 days after; Treated)",
        "",
        "",
        "",
    ]
    first, *_, last = cells(page, "CORE-10")
    assert first == "On the day of the assessment (on time: up to 14 days after)"
    assert last.startswith("On the day of the discharge")
    assert "; inpatient)" in page


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
