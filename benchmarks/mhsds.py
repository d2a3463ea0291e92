"""A month of 100,000 assessments for MHSDS with its checks, out of a store with a long history."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from attrs import frozen

from benchmarks.harness import DATA, race, ratio, report
from benchmarks.month import PERIOD, TODAY, store


SMALL, LARGE, HISTORY = 10_000, 100_000, 300_000
ROWS = "MHS606CodedScoreAssessmentRefer.csv"
SCRIPT = """
import datetime, pathlib, re, sys, time
from romframe.exporting import run_export
from romframe.workspace import open_workspace
place, out, day, period, kind = sys.argv[1:]
start = time.perf_counter()
workspace = open_workspace(pathlib.Path(place), today=datetime.date.fromisoformat(day))
options = {"period": period, "full": kind == "full", "provider": "RXX", "commissioner": "15E"}
done = run_export(workspace, "mhsds", pathlib.Path(out), options)
if not done.accepted or done.counts["rows_rejected"] or done.counts["excluded"]:
    raise AssertionError(done.summary)
status = pathlib.Path("/proc/self/status").read_text()  # its own peak; rusage keeps the parent's
print(time.perf_counter() - start, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""


@frozen
class Export:
    """One export of the month in a fresh process: its seconds, its peak in MiB and its files."""

    seconds: float
    peak: float
    out: Path


def run() -> None:
    """Export the month of a store with a long history, of one with none, and a small month."""
    small, young, old = store(SMALL), store(LARGE), store(LARGE, HISTORY)
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        scratch = Path(folder)
        alone = _export(old, scratch / "alone", full=False)
        full = _export(old, scratch / "full", full=True)
        least = _export(small, scratch / "small", full=True)
        first = _export(young, scratch / "young", full=True)
        written = pd.read_csv(full.out / ROWS, dtype=str)
        if len(written) < 10 * LARGE:
            raise AssertionError(f"only {len(written)} rows")
        again = (_export(old, scratch / f"full_{n}", full=True) for n in range(2))
        times = race(
            2,
            romframe=lambda: next(again),
            pandas=lambda: written.to_csv(scratch / "rows.csv", index=False, quoting=csv.QUOTE_ALL),
        )
    name = f"MHSDS, {LARGE:,} assessments"
    report(f"{name} alone", alone.seconds, 120, at_least=False, unit="s")
    report(f"{name} with records", full.seconds, 120, at_least=False, unit="s")
    report(f"{name} with records, peak memory", full.peak, 512, at_least=False, unit="MiB")
    report("its peak / that of a month of 10,000", full.peak / least.peak, 1.75, at_least=False)
    report("its peak / that without history", full.peak / first.peak, 1.25, at_least=False)
    figure = ratio(times, "romframe", "pandas")
    report("MHSDS export / pandas writing the same rows", figure, 10, at_least=False)


def _export(place: Path, out: Path, *, full: bool) -> Export:
    kind = "full" if full else "plain"
    command = [sys.executable, "-c", SCRIPT, str(place), str(out), str(TODAY), PERIOD, kind]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return Export(float(told[0]), float(told[1]), out)
