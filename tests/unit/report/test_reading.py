from types import SimpleNamespace

import polars as pl
from romframe_report.reading import read_once


def test_what_is_read_of_some_assessments_is_not_taken_for_all():
    asked = []

    def read(name, among=None):
        asked.append((name, None if among is None else list(among)))
        return len(asked)

    workspace = read_once(SimpleNamespace(table=read, responses=read))

    for name in (workspace.table, workspace.responses):
        everything = name("x")
        assert name("x", pl.Series([1])) != everything
        assert name("x") == everything
    assert asked == [("x", None), ("x", [1])] * 2
