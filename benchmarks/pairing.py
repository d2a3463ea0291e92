"""Pairing and classifying 10,000,000 scores: romframe and pandas."""

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.data import scores
from benchmarks.harness import race, ratio, report
from romframe.api import catalogue
from romframe.change import judge
from romframe.pairing import PairingPolicy, pair


ROWS = 10_000_000
ANY_DAY = PairingPolicy("any_day", same=())


def in_pandas(frame: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Idiomatic pandas giving the same columns: sort, first and last of each group, masks."""
    groups = frame.sort_values(["completed_at", "assessment_id"]).groupby("referral_id", sort=False)
    pairs = groups.agg(
        first=("value", "first"),
        last=("value", "last"),
        first_id=("assessment_id", "first"),
        last_id=("assessment_id", "last"),
        first_at=("completed_at", "first"),
        last_at=("completed_at", "last"),
        n=("value", "size"),
    )
    paired = pairs.pop("n") > 1
    pairs["verdict"] = np.where(paired, "paired", "single_assessment")
    pairs["change"] = pairs["last"] - pairs["first"]
    pairs["improvement"] = -pairs["change"]
    better = pairs["improvement"].round(9)
    was, now = pairs["first"] >= 11, pairs["last"] >= 11
    pairs["class"] = np.select(
        [
            ~paired,
            (better >= 6) & was & ~now,
            better >= 6,
            (better <= -6) & ~was & now,
            better <= -6,
        ],
        ["not_classified", "recovered", "improved", "harmed", "deteriorated"],
        "unchanged",
    )
    pairs["reliable"] = np.select(
        [~paired, better >= 6, better <= -6], [None, "improved", "deteriorated"], "unchanged"
    )
    pairs["clinical"] = np.select(
        [~paired, was & ~now, ~was & now, was],
        [None, "clinical_to_non_clinical", "non_clinical_to_clinical", "stayed_clinical"],
        "stayed_non_clinical",
    )
    pairs.loc[~paired, ["first", "last", "first_id", "last_id", "first_at", "last_at"]] = None
    return pairs.assign(**labels)


def run() -> None:
    """Check that both give the same classes, then time them."""
    frame = scores(ROWS)
    as_pandas = frame.to_pandas()
    known = catalogue()
    ready = judge(known.instrument("core_10"), known.change_methods, score="total")

    def ours() -> pl.DataFrame:
        return ready.classify(pair(frame.lazy(), None, ANY_DAY)).collect(engine="streaming")

    labels = {"rule": ready.label, "constants": ready.constants, "source": ready.citation}
    mine, theirs = ours(), in_pandas(as_pandas, labels)
    for column in ("verdict", "class", "reliable", "clinical"):
        counts = dict(mine[column].drop_nulls().cast(pl.String).value_counts().iter_rows())
        if counts != theirs[column].value_counts().to_dict():
            raise AssertionError(f"{column} differs")
    if set(theirs.columns) != set(mine.columns) - {"referral_id"}:
        raise AssertionError("the columns differ")
    times = race(3, romframe=ours, pandas=lambda: in_pandas(as_pandas, labels))
    figure = ratio(times, "pandas", "romframe")
    report("pandas / romframe, 10M scores paired and classified", figure, 3, at_least=True)
