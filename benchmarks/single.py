"""One assessment in a warm process."""

import statistics

import polars as pl

import romframe
from benchmarks.data import core_om
from benchmarks.harness import race, report


def run() -> None:
    """Score one row fifty times and give the median."""
    one = pl.read_parquet(core_om(1_000_000), n_rows=1)
    times = race(50, one=lambda: romframe.score(one, "core_om", coding="position"))["one"]
    report("one CORE-OM, warm", statistics.median(times) * 1000, 20, at_least=False, unit="ms")
