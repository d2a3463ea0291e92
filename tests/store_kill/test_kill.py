"""An import that is killed at any moment leaves all of it or nothing, and can simply be run again.

The child process really dies by SIGKILL: no handler runs, nothing is flushed or rolled back. Slow
(some two seconds a point): it imports 51,000 rows, enough for indexes made anew, again and again.
"""

import runpy
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from attrs import evolve

from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.prepared import REJECTED, WARNINGS, Prepared
from romframe.store import Store


CHILD = Path(__file__).with_name("child.py")
child = SimpleNamespace(**runpy.run_path(str(CHILD)))
STORED = child.ROWS - child.STRANGE


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """A store that knows the referrals and waits for the large import."""
    path = tmp_path_factory.mktemp("kill") / "waiting.sqlite"
    kind = RECORD_KINDS["referral"]
    referrals = pl.select(
        row=pl.int_range(child.REFERRALS, dtype=pl.Int64) + 1,
        referral_id=pl.format("R{}", pl.int_range(child.REFERRALS)),
        service_user_id=pl.lit("P1"),
        row_key=pl.lit(""),
        **{name: pl.lit(None, pl.String) for name in kind.names[2:]},
    )
    nothing = pl.DataFrame(schema=REJECTED), pl.DataFrame(schema=WARNINGS)
    with Store.create(path) as store:
        store.import_rows(
            Prepared(referrals, *nothing),
            referrals,
            target=kind,
            batch=evolve(child.BATCH, file_digest="referrals", unknown_referrals="create"),
        )
    return path


def count(store, table):
    known = store.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", [table])
    if known.fetchone() == (0,):
        return 0
    return store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def state(store):
    """Say which parts of the import are there."""
    return {
        "assessments": count(store, "assessment"),
        "answers": count(store, "responses_kill__1"),
        "rejected": count(store, "rejected_row"),
        "batches": count(store, "import_batch") - 1,
        "log": count(store, "audit") - 1,
    }


NOTHING = dict.fromkeys(("assessments", "answers", "rejected", "batches", "log"), 0)
ALL = {
    "assessments": STORED,
    "answers": STORED,
    "rejected": child.REFUSED + child.STRANGE,
    "batches": 1,
    "log": 1,
}


def check_sound(store):
    assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store.verify_audit() == []


def expected():
    rows = child.accepted().filter(pl.col("row") > child.STRANGE)
    return rows.select("row_key", "referral_id", *child.ITEMS).sort("row_key")


def stored(store):
    answers = store.responses(child.TARGET).collect()
    about = store.assessments().select("assessment_id", "row_key")
    both = about.join(answers, on="assessment_id")
    return both.select("row_key", "referral_id", *child.ITEMS).sort("row_key")


@pytest.mark.parametrize("point", child.POINTS)
def test_a_killed_import_can_be_run_again(waiting, tmp_path, point):
    path = Path(shutil.copy(waiting, tmp_path / "rom.sqlite"))
    ended = subprocess.run([sys.executable, CHILD, path, point], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, b"")
    with Store.open(path) as store:
        left = state(store)
        check_sound(store)
        possible = {
            "early in the commit": (NOTHING, ALL),
            "late in the commit": (NOTHING, ALL),
            "right after the commit": (ALL,),
        }
        assert left in possible.get(point, (NOTHING,))
        result = child.run(store)
        new = STORED if left == NOTHING else 0
        assert (result.read, result.accepted) == (child.ROWS + child.REFUSED, new)
        assert (result.unchanged, result.corrected) == (STORED - new, 0)
        assert result.rejected == child.REFUSED + child.STRANGE
        runs = 1 if left == NOTHING else 2
        assert state(store) == ALL | {"batches": runs, "log": runs}
        assert stored(store).equals(expected())
        check_sound(store)
