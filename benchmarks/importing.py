"""Importing 1,000,000 HoNOS rows from CSV, validated, against the sqlite3 shell's own .import."""

import shutil
import sqlite3
import subprocess
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.data import honos_csv
from benchmarks.harness import DATA, race, ratio, report
from romframe import create_workspace, import_file


ROWS = 1_000_000
MAPPING = "instrument: honos\nunknown_referrals: create\n"


def run() -> None:
    """Import the same file both ways, each time into a new file, and compare the counts."""
    path = honos_csv(ROWS)
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        scratch = Path(folder)
        mapping = scratch / "honos.yaml"
        mapping.write_text(MAPPING)

        def ours() -> None:
            shutil.rmtree(scratch / "ws", ignore_errors=True)
            workspace = create_workspace(scratch / "ws", "benchmark", today=date(2030, 1, 1))
            moment = datetime(2030, 1, 1, tzinfo=UTC)
            done = import_file(workspace, path, mapping=mapping, actor="benchmark", now=moment)
            workspace.store.close()
            if done.result.accepted != ROWS:
                raise AssertionError(f"{done.result.accepted} rows stored")

        def shell() -> None:
            (scratch / "shell.sqlite").unlink(missing_ok=True)
            orders = [".mode csv", f".import {path} honos"]
            subprocess.run(["sqlite3", str(scratch / "shell.sqlite"), *orders], check=True)

        times = race(2, romframe=ours, shell=shell)
        count = sqlite3.connect(scratch / "shell.sqlite").execute("SELECT count(*) FROM honos")
        if count.fetchone() != (ROWS,):
            raise AssertionError("the shell did not import every row")
    figure = ratio(times, "romframe", "shell")
    report("romframe import / sqlite3 .import, 1M HoNOS", figure, 6, at_least=False)
