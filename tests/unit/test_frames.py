"""The caller's own kind of frame in, the same kind out."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import romframe
from romframe.errors import DataError, UsageError
from romframe.frames import cross


ITEMS = [f"q{n}" for n in range(1, 11)]
ANSWERS = {
    "who": ["ann", "ben", "cy"],
    **{item: [1, 2, None] for item in ITEMS[:2]},
    **{item: [0, 4, 3] for item in ITEMS[2:9]},
    "q10": [0, None, 9],
}
TOTALS = [("ann", 2.0, "scored"), ("ben", 320 / 9, "prorated"), ("cy", None, "refused")]


def score(frame, **options):
    return romframe.score(frame, "core_10", coding="scored", **options)


def verdicts(frame):
    """Give who, value and status of every row of a tidy result, whatever kind it is."""
    frame = pl.from_pandas(frame) if isinstance(frame, pd.DataFrame) else frame
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.pl()
    frame = pl.DataFrame(frame) if isinstance(frame, pa.Table) else frame
    return frame.select("who", "value", pl.col("status").cast(pl.String)).rows()


def test_polars_eager_and_lazy():
    eager = score(pl.DataFrame(ANSWERS))
    assert isinstance(eager, pl.DataFrame)
    assert verdicts(eager) == TOTALS
    lazy = score(pl.LazyFrame(ANSWERS))
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(eager)
    wide = score(pl.LazyFrame(ANSWERS), shape="wide")
    assert isinstance(wide, pl.LazyFrame)
    assert wide.collect().equals(score(pl.DataFrame(ANSWERS), shape="wide"))


def test_a_lazy_frame_is_not_read_before_it_is_asked_for():
    asked = []
    frame = pl.LazyFrame(ANSWERS).map_batches(lambda batch: asked.append(1) or batch)
    lazy = score(frame)
    assert asked == []
    assert verdicts(lazy.collect()) == TOTALS
    assert asked


def test_pyarrow():
    found = score(pa.table(ANSWERS))
    assert isinstance(found, pa.Table)
    assert verdicts(found) == TOTALS


def test_duckdb_relation():
    table = pa.table(ANSWERS)
    relation = duckdb.connect().from_arrow(table)
    found = score(relation)
    assert isinstance(found, duckdb.DuckDBPyRelation)
    assert verdicts(found) == TOTALS


@pytest.mark.parametrize(
    "convert",
    [
        lambda frame: frame,
        lambda frame: frame.convert_dtypes(),
        lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
        lambda frame: frame.astype(dict.fromkeys(ITEMS, object)),
        lambda frame: frame.astype(dict.fromkeys(ITEMS, "Int64")).astype("string"),
        lambda frame: frame.astype(dict.fromkeys(ITEMS, "category")),
    ],
    ids=["numpy", "nullable", "pyarrow", "objects", "text", "categories"],
)
def test_pandas_of_every_flavour(convert):
    found = score(convert(pd.DataFrame(ANSWERS)))
    assert isinstance(found, pd.DataFrame)
    assert verdicts(found) == TOTALS


def test_pandas_keeps_its_index_so_that_results_meet_their_rows():
    """Without it, `frame["total"] = wide["total"]` would give people each other's scores."""
    frame = pd.DataFrame(ANSWERS, index=[2, 0, 1])
    wide = score(frame, shape="wide")
    assert wide.index.to_list() == [2, 0, 1]
    frame["total"] = wide["total"]
    assert frame.loc[2, "who"] == "ann"
    assert frame.loc[2, "total"] == 2.0
    assert frame.loc[0, "total"] == 320 / 9
    assert pd.isna(frame.loc[1, "total"])


def test_pandas_rows_that_became_several_share_their_index():
    forms = pd.DataFrame({f"q{n}": [1, 2] for n in range(1, 13)}, index=["x", "y"])
    tidy = romframe.score(forms, "honos")
    scores = tidy["score"].nunique()
    assert tidy.index.to_list() == ["x"] * scores + ["y"] * scores
    total = tidy[tidy["score"] == "total"]["value"]
    assert total.to_dict() == {"x": 12.0, "y": 24.0}


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(3),
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["site", "n"]),
        pd.DatetimeIndex(["2025-01-03", "2025-01-01", "2025-01-01"], name="on"),
    ],
)
def test_pandas_index_of_any_kind(index):
    frame = pd.DataFrame(ANSWERS).set_index(index)
    pd.testing.assert_index_equal(score(frame, shape="wide").index, index)
    judged = pd.DataFrame({"first": [20, 20, 9], "last": [8, 19, 30]}).set_index(index)
    found = romframe.classify(judged, "core_10", score="total")
    pd.testing.assert_index_equal(found.index, index)
    assert found["class"].to_list() == ["recovered", "unchanged", "harmed"]


def test_pandas_results_with_rows_of_their_own_have_an_index_of_their_own():
    """Alerts are as many as there are; the third form raises the second one."""
    answers = {**{item: [0] * 4 for item in ITEMS}, "q6": [1, 0, 4, 0], "who": list("abcd")}
    found = romframe.api.alerts(
        pd.DataFrame(answers, index=[9, 8, 7, 6]), "core_10", coding="scored"
    )
    assert found["who"].to_list() == ["a", "c"]
    assert found.index.to_list() == [0, 1]


def test_pandas_key_columns_come_back_as_they_were():
    """A whole number of 17 digits beside a missing one must not pass through a float."""
    frame = pd.DataFrame(ANSWERS)
    frame["number"] = pd.array([90071992547409931, None, 3], dtype="Int64")
    frame["seen"] = pd.Categorical(["a", "b", "a"])
    found = score(frame)
    assert found["number"].to_list() == [90071992547409931, pd.NA, 3]
    assert found.dtypes[["number", "seen"]].to_list() == frame.dtypes[["number", "seen"]].to_list()


def test_pandas_scores_are_given_as_numbers_even_if_they_came_as_text():
    frame = pd.DataFrame({"first": ["20", " 9 "], "last": ["8", ""]})
    found = romframe.classify(frame, "core_10", score="total")
    assert found["first"].to_list() == [20.0, 9.0]
    assert found["class"].to_list() == ["recovered", "not_classified"]


def test_pandas_columns_named_by_numbers():
    frame = pd.DataFrame(ANSWERS).rename(columns={"who": 1})
    assert "1" in score(frame).columns


def test_an_empty_pandas_frame():
    empty = pd.DataFrame(ANSWERS).head(0)
    assert len(score(empty)) == len(score(empty, shape="wide")) == 0


def test_a_pandas_column_of_mixed_values_is_named_without_showing_them():
    frame = pd.DataFrame(ANSWERS)
    frame["q3"] = pd.Series([1, "secret", 2], dtype=object)
    with pytest.raises(DataError) as refused:
        score(frame)
    (problem,) = refused.value.problems
    assert problem.code == "column-type"
    assert "'q3'" in problem.what
    assert 'astype("string")' in problem.mend
    assert "secret" not in str(refused.value)


def test_two_columns_of_one_name_are_refused():
    frame = pd.DataFrame(ANSWERS)
    frame.insert(0, "q1", [1, 1, 1], allow_duplicates=True)
    with pytest.raises(DataError) as refused:
        score(frame)
    assert refused.value.problems[0].code == "column-twice"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        7,
        "answers.csv",
        {"q1": [1]},
        [{"q1": 1}],
        np.zeros((2, 2)),
        pd.Series([1]),
        pl.Series([1]),
        date(2025, 1, 1),
    ],
    ids=lambda wrong: type(wrong).__name__,
)
def test_what_is_no_frame_is_refused(wrong):
    for call in (score, lambda frame: romframe.classify(frame, "core_10", score="total")):
        with pytest.raises(UsageError) as refused:
            call(wrong)
        (problem,) = refused.value.problems
        assert problem.code == "frame-kind"
        assert type(wrong).__name__ in problem.what


def test_a_border_knows_whether_the_caller_was_lazy():
    assert cross(pl.LazyFrame({"a": [1]})).lazy
    for frame in (pl.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}), pa.table({"a": [1]})):
        assert not cross(frame).lazy
    same = pl.LazyFrame({"a": [1]})
    assert cross(same).give_back(same) is same
