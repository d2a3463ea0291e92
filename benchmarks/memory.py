"""Peak memory of 10,000,000 CORE-OM forms streamed to Parquet, and how time grows."""

import subprocess
import sys

from benchmarks.data import core_om
from benchmarks.harness import DATA, report


SCRIPT = """
import pathlib, re, sys, time
import polars as pl, romframe
start = time.perf_counter()
frame = romframe.score(pl.scan_parquet(sys.argv[1]), "core_om", coding="position", shape="wide")
frame.sink_parquet(sys.argv[2])
status = pathlib.Path("/proc/self/status").read_text()  # its own peak; rusage keeps the parent's
print(time.perf_counter() - start, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""


def run() -> None:
    """Measure 1M and 10M, each in its own process."""
    seconds, peak = {}, {}
    for rows in (1_000_000, 10_000_000):
        command = [sys.executable, "-c", SCRIPT, str(core_om(rows)), str(DATA / "out.parquet")]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        seconds[rows], peak[rows] = float(told[0]), float(told[1])
    report("peak memory, 10M to Parquet", peak[10_000_000], 1024, at_least=False, unit="MiB")
    grown = seconds[10_000_000] / seconds[1_000_000]
    report("10M / 1M, all ten scores written", grown, 11, at_least=False)
