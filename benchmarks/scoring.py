"""Scoring 1,000,000 CORE-OM forms: romframe, idiomatic pandas, hand-tuned Polars."""

import polars as pl

import romframe
from benchmarks import core_om_peers
from benchmarks.data import core_om
from benchmarks.harness import race, ratio, report


ROWS = 1_000_000
SCORES = list(core_om_peers.DOMAINS)


def run() -> None:
    """Check that all three agree, then time them."""
    path = core_om(ROWS)

    def ours() -> pl.DataFrame:
        frame = pl.scan_parquet(path)
        wide = romframe.score(frame, "core_om", coding="position", shape="wide", scores=SCORES)
        result: pl.DataFrame = wide.collect(engine="streaming")
        return result

    mine, tuned = ours(), core_om_peers.in_polars(path)
    pandas = pl.from_pandas(core_om_peers.in_pandas(path))
    for column in tuned.columns:
        text = mine[column].dtype == pl.Enum
        kind = pl.String if text else mine[column].dtype
        for peer in (tuned, pandas):
            if not mine[column].cast(kind).equals(peer[column].cast(kind), null_equal=True):
                raise AssertionError(f"{column} differs")
    times = race(
        5,
        romframe=ours,
        tuned=lambda: core_om_peers.in_polars(path),
        scan=lambda: pl.read_parquet(path),
    )
    slow = race(2, romframe=ours, pandas=lambda: core_om_peers.in_pandas(path))
    report("pandas / romframe, 1M CORE-OM", ratio(slow, "pandas", "romframe"), 10, at_least=True)
    report("romframe / hand-tuned Polars", ratio(times, "romframe", "tuned"), 1.5, at_least=False)
    report("romframe / reading the file", ratio(times, "romframe", "scan"), 3, at_least=False)
