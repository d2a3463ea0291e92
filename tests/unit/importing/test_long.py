"""Files with a row an answer, and of several measures, are read a measure at a time."""

import polars as pl
import pytest

from romframe import DataError
from romframe.importing.mapping import parse_mapping
from romframe.importing.shape import widened


ROWS = pl.DataFrame(
    [
        ("R1", "2026-03-02", "PHQ", "Q1", "2", "a"),
        ("R2", "2026-03-02", "PHQ", "Q2", "0", "b"),
        ("R1", "2026-03-02", "PHQ", "Q2", "1", "c"),
        ("R1", "2026-03-02", "GAD", "Q1", "3", "d"),
    ],
    schema=["Ref", "completed_at", "Form", "Question", "Answer", "note"],
    orient="row",
)
MAPPING = """
instrument: phq_4
shape: long
long: {item: Question, value: Answer, measure: Form, named: PHQ}
columns: {referral_id: Ref, q1: Q1, q2: Q2, q3: Q3}
"""


@pytest.fixture
def phq_4(shipped):
    return shipped.instrument("phq_4")


def read(text, phq_4, rows=ROWS):
    return widened(rows, phq_4, parse_mapping(text, "map.yaml"), "long.csv")


def test_rows_of_one_assessment_become_one_row(phq_4):
    wide = read(MAPPING, phq_4)
    assert wide.select("Ref", "completed_at", "Q1", "Q2", "Q3").rows() == [
        ("R1", "2026-03-02", "2", "1", None),
        ("R2", "2026-03-02", None, "0", None),
    ]
    assert {"q4", "Q3"} < set(wide.columns)
    assert "note" not in wide.columns


def test_a_measure_goes_by_its_id_unless_another_name_is_said(phq_4):
    rows = ROWS.with_columns(Form=pl.lit("phq_4"))[:2]
    assert read(MAPPING.replace(", named: PHQ", ""), phq_4, rows).height == 2
    assert read(MAPPING.replace(", measure: Form, named: PHQ", ""), phq_4, rows).height == 2


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("value: Answer", "value: Answr", "long-column", "no column 'Answr'"),
        ("named: PHQ", "named: HADS", "long-none", "No row has 'HADS' in the column 'Form'"),
        (", named: PHQ", "", "long-none", "No row has 'phq_4'"),
        (", measure: Form, named: PHQ", "", "long-twice", "several answers to 'Q1'"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(phq_4, old, new, code, said):
    with pytest.raises(DataError) as told:
        read(MAPPING.replace(old, new), phq_4)
    assert {problem.code for problem in told.value.problems} == {code}
    assert said in told.value.problems[0].what


def test_only_a_long_file_says_where_its_answers_are():
    with pytest.raises(DataError, match="mapping-shape"):
        parse_mapping("instrument: phq_4\nlong: {item: x}\n", "map.yaml")
