"""The service report of 100,000 referrals: its time, its peak memory and its size."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.harness import DATA, report
from romframe import create_workspace, import_file


TODAY = date(2026, 7, 1)
_START, _DAYS = date(2023, 7, 1), 3 * 365
_NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
_ITEMS = {"honos": 12, "core_10": 10}
_RATERS = {"honos": "clinician", "core_10": "service_user"}
_TEAMS = ("North Team", "South Team", "East Team", "West Team", "Mother and Baby Unit")
_ETHNICITIES = ("A", "B", "C", "D", "H", "J", "M", "N", "S", "Z")
SCRIPT = """
import pathlib, re, sys, time
from datetime import date
from romframe import SERVICE, open_workspace
from romframe_report.forms import ServiceForms
start = time.perf_counter()
workspace = open_workspace(pathlib.Path(sys.argv[1]), today=date.fromisoformat(sys.argv[2]))
period = date.fromisoformat(sys.argv[3]), workspace.today
ServiceForms(workspace, *period, None, SERVICE).write(page=pathlib.Path(sys.argv[4]))
status = pathlib.Path("/proc/self/status").read_text()  # its own peak; rusage keeps the parent's
print(time.perf_counter() - start, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""


def run() -> None:
    """Make the page in a process of its own."""
    page = DATA / "report.html"
    command = [sys.executable, "-c", SCRIPT, store(100_000), TODAY, _START, page]
    told = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    seconds, peak = map(float, told.stdout.split())
    size = page.stat().st_size / 2**20
    report("service report, 100k referrals", seconds, 60, at_least=False, unit="s")
    report("its peak memory", peak, 2048, at_least=False, unit="MiB")
    report("its size", size, 3, at_least=False, unit="MiB")


def store(referrals: int) -> Path:
    """A workspace with so many referrals and up to three ratings of each measure, made once."""
    path = DATA / f"referrals_{referrals}"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=DATA) as folder:
            scratch = Path(folder)
            _fill(scratch / "store", scratch, referrals)
            shutil.move(scratch / "store", path)
    return path


def _fill(path: Path, scratch: Path, referrals: int) -> None:
    workspace = create_workspace(path, "A large service", today=TODAY)
    for target, frame in _records(referrals):
        file, mapping = scratch / "rows.parquet", scratch / "rows.yaml"
        frame.write_parquet(file)
        mapping.write_text(_mapping(target))
        done = import_file(workspace, file, mapping=mapping, actor="benchmark", now=_NOW)
        if done.result.rejected:
            raise AssertionError(f"{target}: {done.result.rejected} rows rejected")
    workspace.store.close()


def _mapping(target: str) -> str:
    if target not in _ITEMS:
        return f"kind: {target}\n"
    coding = "coding: scored\n" if target == "core_10" else ""
    return f"instrument: {target}\n{coding}constants: {{rater: {_RATERS[target]}}}\n"


def _records(referrals: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give people with a referral each, and their ratings."""
    random = np.random.default_rng(7)
    numbers = np.arange(referrals)
    received = _days(random.integers(0, _DAYS - 200, referrals))
    closed = received.dt.offset_by("180d")
    known = pl.DataFrame(
        {
            "referral_id": [f"R{n}" for n in numbers],
            "service_user_id": [f"P{n}" for n in numbers],
            "team": random.choice(_TEAMS, referrals),
            "setting": "community",
            "pathway": random.choice(["treatment", "prevention"], referrals, p=[0.85, 0.15]),
            "received_on": received,
            "closed_on": closed.zip_with(
                pl.Series(random.random(referrals) < 0.7), pl.Series([None], dtype=pl.Date)
            ),
        }
    )
    yield (
        "service_user",
        known.select(
            "service_user_id",
            birth_date=_days(random.integers(-16_000, -7_000, referrals)),
            ethnic_category=pl.Series(random.choice(_ETHNICITIES, referrals)),
        ),
    )
    yield "referral", known
    severity = random.normal(2.0, 0.6, referrals)
    for instrument, items in _ITEMS.items():
        yield instrument, pl.concat(_ratings(known, severity, instrument, items, random))


def _ratings(
    known: pl.DataFrame,
    severity: np.ndarray,
    instrument: str,
    items: int,
    random: np.random.Generator,
) -> Iterator[pl.DataFrame]:
    stages = (("assessment", 7, 1.0, 0.9), ("review", 70, 0.8, 0.4), ("discharge", 170, 0.6, 0.7))
    for timepoint, after, left, share in stages:
        answers = severity[:, None] * left + random.normal(0, 0.9, (known.height, items))
        boxes = np.clip(np.round(answers), 0, 4).astype(np.int64)
        yield known.select(
            "referral_id",
            completed_at=pl.col("received_on").dt.offset_by(f"{after}d"),
            timepoint=pl.lit(timepoint),
            source_id=pl.format("{}-{}-{}", pl.lit(instrument), pl.lit(timepoint), "referral_id"),
            **{f"q{item + 1}": pl.Series(boxes[:, item]) for item in range(items)},
        ).filter(pl.Series(random.random(known.height) < share))


def _days(after: np.ndarray) -> pl.Series:
    return (
        pl.Series(after)
        .cast(pl.Int32)
        .cast(pl.Date)
        .dt.offset_by(f"{(_START - date(1970, 1, 1)).days}d")
    )
