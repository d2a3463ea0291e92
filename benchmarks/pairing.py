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


def in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Idiomatic pandas: sort, first and last of each group, thresholds by boolean masks."""
    groups = frame.sort_values(["completed_at", "assessment_id"]).groupby("referral_id", sort=False)
    pairs = groups.agg(
        first=("value", "first"),
        last=("value", "last"),
        first_id=("assessment_id", "first"),
        last_id=("assessment_id", "last"),
        n=("value", "size"),
    )
    pairs["change"] = pairs["last"] - pairs["first"]
    better = (-pairs["change"]).round(9)
    paired = pairs["n"] > 1
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
    return pairs


def run() -> None:
    """Check that both give the same classes, then time them."""
    frame = scores(ROWS)
    as_pandas = frame.to_pandas()
    known = catalogue()
    ready = judge(known.instrument("core_10"), known.change_methods, score="total")

    def ours() -> pl.DataFrame:
        return ready.classify(pair(frame.lazy(), None, ANY_DAY)).collect(engine="streaming")

    mine = dict(ours()["class"].cast(pl.String).value_counts().iter_rows())
    if mine != in_pandas(as_pandas)["class"].value_counts().to_dict():
        raise AssertionError("the classes differ")
    times = race(3, romframe=ours, pandas=lambda: in_pandas(as_pandas))
    figure = ratio(times, "pandas", "romframe")
    report("pandas / romframe, 10M scores paired and classified", figure, 3, at_least=True)
