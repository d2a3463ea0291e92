"""Every faulty framework of tests/bad/frameworks gets one message, with its place and its mend."""

from pathlib import Path

import pytest

from romframe.errors import FrameworkError
from romframe.frameworks.loader import load_framework
from romframe.yaml_source import read_yaml_file


FOLDER = Path(__file__).parents[2] / "bad/frameworks"
EXPECTED = read_yaml_file(FOLDER / "expected.yaml").data


def test_the_index_lists_every_file():
    files = {path.stem for path in FOLDER.glob("*.yaml")} - {"expected"}
    assert set(EXPECTED) == files
    assert len(files) > 80


@pytest.mark.parametrize("name", EXPECTED)
def test_a_faulty_framework_gets_one_message(name, terms):
    path = FOLDER / f"{name}.yaml"
    with pytest.raises(FrameworkError) as caught:
        load_framework(path, terms)
    (problem,) = caught.value.problems
    expected = EXPECTED[name]
    assert problem.code == expected["code"]
    assert problem.place.file == str(path)
    assert (problem.place.line, problem.place.column) == (expected["line"], expected["column"])
    assert problem.mend.endswith((".", "?", "`."))
    assert expected["says"] in f"{problem.what} {problem.mend}"


def test_every_fault_of_a_file_is_told_at_once_each_at_its_own_place(terms, load):
    with pytest.raises(FrameworkError) as caught:
        load(
            ("every: month", "every: week"),
            ("disclosure: nhs_monthly", "disclosure: nobody"),
            ("where: {pathway: prevention}", "where: {patway: prevention}"),
            ("rule: corc_manual", "rule: corc"),
            ("core_10, score: total, group: kept_well", "core_9, score: total, group: kept"),
            ("days: 30", "days: 0"),
            ("instruments: [core_10]", "instruments: [core_7]"),
        )
    told = [(problem.code, problem.place.line) for problem in caught.value.problems]
    assert told == [
        ("not-allowed", 6),
        ("unknown-disclosure-policy", 7),
        ("unknown-key", 15),
        ("unknown-rule", 25),
        ("unknown-instrument", 30),
        ("unknown-group", 30),
        ("out-of-range", 37),
        ("unknown-instrument", 42),
    ]


def test_days_that_no_calendar_holds_are_refused(load):
    change = ("indicator: come_back", "indicator: re_referral")
    assert load(change, ("days: 30", "days: 10000"))
    with pytest.raises(FrameworkError, match=r"10001 is out of range"):
        load(change, ("days: 30", "days: 10001"))
