"""What goes wrong around the program: disks, folders, readers that leave, plugins."""

import errno
import os
import sqlite3
import subprocess
import sys

import polars as pl
import pytest

from romframe import tables
from romframe.api import catalogue
from romframe.cli import Commands
from romframe.store import Store


SCORE = ("-i", "core_10", "--coding", "position")


@pytest.fixture
def place(run, tmp_path):
    place = tmp_path / "sērvice of ours"
    run("init", place)
    return place


@pytest.fixture
def imported(run, place, root):
    example = root / "examples/importing"
    for name in ("people", "referrals", "core_10"):
        run("-w", place, "import", example / f"{name}.csv", "--map", example / f"{name}.yaml")
    return place


@pytest.fixture
def plugin(place):
    def write(text):
        (place / "plugins/mine.py").write_text(f"from romframe import *\n{text}")
        return place

    return write


def exporter(body):
    return (
        f"def export(workspace, request):\n    {body}\n"
        "@hookimpl\ndef register_exporters(register):\n"
        "    register(Exporter('mine', 'Mine', export))\n"
    )


def test_a_reader_that_stops_reading_is_no_fault(core_10):
    command = [sys.executable, "-m", "romframe", "score", core_10, *SCORE]
    pipe = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pipe.stdout.close()
    told = pipe.stderr.read()
    pipe.stderr.close()
    assert (pipe.wait(), told) == (0, b"")


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 12), (errno.EDQUOT, 12)])
def test_a_full_disk_is_told_of(run, monkeypatch, number, code):
    def full(*_):
        raise OSError(number, os.strerror(number), "out.csv")

    monkeypatch.setattr(Commands, "get_command", full)
    done = run("doctor")
    assert (done.code, "no room left for out.csv" in done.err) == (code, True)


def test_other_faults_of_the_system_are_not_taken_for_a_full_disk(run, monkeypatch):
    def broken(*_):
        raise OSError(errno.EINVAL, "no such thing")

    monkeypatch.setattr(Commands, "get_command", broken)
    with pytest.raises(OSError, match="no such thing"):
        run("doctor")


def test_a_table_on_a_full_disk_leaves_nothing_behind(run, core_10, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.LazyFrame, "sink_csv", full)
    before = set(tmp_path.iterdir())
    done = run("score", core_10, *SCORE, "--out", tmp_path / "scores.csv")
    assert (done.code, "No space left" in done.err) == (12, True)
    assert set(tmp_path.iterdir()) == before


def test_a_workspace_that_cannot_be_made_is_not_half_there(run, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    done = run("init", tmp_path / "file/service")
    assert (done.code, "workspace-not-made" in done.err) == (2, True)
    place = tmp_path / "service"
    assert run("init", place, "--name", "two\nlines").code == 2

    def full(*_):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("romframe.store.connection.migrate", full)
        done = run("init", place)
    assert (done.code, "store-disk" in done.err) == (15, True)
    assert not list(place.glob("rom*"))
    assert not list(place.glob(".rom*"))
    assert run("init", place).code == 0


def test_a_workspace_that_was_named_must_be_there(run, tmp_path):
    for args in (["doctor"], ["measures", "list"], ["plugins"]):
        done = run("-w", tmp_path / "nowhere", *args)
        assert (done.code, "no-workspace" in done.err) == (2, True)


def test_what_cannot_be_written_is_said(run, place, tmp_path):
    done = run("measures", "new", "mine", "--out", tmp_path / "no/mine.yaml")
    assert (done.code, "file-unwritable" in done.err) == (2, True)
    (tmp_path / "file").touch()
    for out, code in (("file", "folder-exists"), ("file/out", "folder-unwritable")):
        done = run("-w", place, "export", "mhsds", "--period", "2026-08", "--out", tmp_path / out)
        assert (done.code, code in done.err) == (2, True)


def test_numbers_beyond_all_bounds_are_refused(run, imported, core_10):
    huge = "9" * 30
    assert run("explain", huge, "--file", core_10, *SCORE).code == 2
    assert run("-w", imported, "rejected", "--batch", huge).code == 2
    assert "unknown-batch" in run("-w", imported, "rejected", "--batch", "99").err
    assert run("-w", imported, "rejected", "--batch", "3").out.count("core_10.csv") == 2


def test_options_that_would_do_nothing_are_refused(run, imported, tmp_path):
    for options in (["--out", "a.csv"], ["--coding", "scored"], ["--score", "total"]):
        done = run("-w", imported, "score", *options)
        assert (done.code, f"{options[0]} goes with a FILE" in done.err) == (2, True)
    assert run("-w", imported, "import", "--retry", "3", "--dry-run").code == 2
    export = ("export", "mhsds", "--period", "2026-08", "--out", tmp_path / "out")
    assert "said twice" in run("-w", imported, *export, "--option", "period=2026-09").err


def test_a_retry_says_what_still_does_not_fit(run, imported, root):
    mapping = root / "examples/importing/core_10.yaml"
    done = run("-w", imported, "import", "--retry", "3", "--map", mapping)
    assert "0 stored" in done.out
    assert "answer-invalid" in done.err
    assert "unknown-referral" in done.err


def test_a_missing_option_is_asked_for_as_an_option(run, place, tmp_path):
    done = run("-w", place, "export", "mhsds", "--out", tmp_path / "out")
    assert (done.code, "--NAME VALUE" in done.err) == (2, True)


def test_doctor_finds_damaged_pages(run, imported):
    store = imported / "rom.sqlite"
    content = bytearray(store.read_bytes())
    content[-2 * 4096 : -4096] = b"\xff" * 4096
    store.write_bytes(content)
    done = run("-w", imported, "doctor")
    assert (done.code, "store-damaged" in done.err) == (15, True)


def test_what_a_plugin_prints_stays_out_of_the_results(run, plugin, core_10):
    place = plugin("print('noise')\n")
    done = run("-w", place, "score", core_10, *SCORE)
    assert "noise" not in done.out
    assert "noise" in done.err


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        ("return None", "it gave a NoneType, not an ExportResult"),
        (
            "import polars as p; return ExportResult(('absent.csv',), {}, *[p.DataFrame()] * 2)",
            "it did not write 'absent.csv'",
        ),
        ("raise BaseException('on two\\n lines')", "BaseException: on two lines."),
        ("raise SystemExit(0)", "SystemExit: 0"),
    ],
)
def test_an_exporter_that_breaks_its_word_leaves_nothing(run, plugin, tmp_path, body, fragment):
    place = plugin(exporter(body))
    done = run("-w", place, "export", "mine", "--out", tmp_path / "out")
    assert (done.code, fragment in done.err) == (13, True), done.err
    assert not (tmp_path / "out").exists()


def test_options_that_no_schema_can_check_set_the_plugin_aside(run, plugin):
    text = exporter("return None").replace("export))", "export, {'a': {'typo': 1}}))")
    done = run("-w", plugin(text), "plugins")
    assert (done.code, "SchemaError" in done.err) == (0, True)


@pytest.mark.parametrize(
    ("offer", "fragment"),
    [
        ("Exporter(3, 'Mine', None)", "the name of Exporter is text, not 3"),
        ("Check('mine', 'Mine', None)", "register takes Exporter, not Check"),
    ],
)
def test_an_offer_of_another_kind_is_set_aside(run, plugin, offer, fragment):
    hook = f"@hookimpl\ndef register_exporters(register):\n    register({offer})\n"
    done = run("-w", plugin(hook), "plugins")
    assert (done.code, fragment in done.err) == (0, True), done.err


def test_config_that_names_what_is_not_there_is_told_of(run, place):
    config = place / "romframe.yaml"
    config.write_text("name: x\ndisable_plugins: [hones]\nprefer: {mhdss: mhsd}\n")
    done = run("-w", place, "doctor")
    assert done.code == 13
    for fragment in ("no plugin 'hones' to disable", "no plugin 'mhsd' to prefer", "'mhdss'"):
        assert fragment in done.err


def test_a_measure_with_another_ending_is_told_of(run, place):
    (place / "measures/mine.yml").touch()
    assert "Call it mine.yaml." in run("-w", place, "measures", "list").err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("timezone: Europe", "unknown-timezone"),
        ("pairing_policies: {a: {first_timepoints: [start]}}", "not-allowed"),
    ],
)
def test_config_that_could_never_work_is_refused(run, place, line, code):
    (place / "romframe.yaml").write_text(f"name: x\n{line}\n")
    done = run("-w", place, "doctor")
    assert (done.code, f"[{code}]" in done.err) == (11, True), done.err


def test_a_command_of_a_plugin_that_fails_is_named(run, monkeypatch):
    import romframe_demo.run

    def broken(*_args, **_options):
        raise ZeroDivisionError("once more")

    monkeypatch.setattr(romframe_demo.run, "run", broken)
    done = run("demo", "folder")
    assert (done.code, "ZeroDivisionError: once more" in done.err) == (13, True)


def test_scores_of_several_instruments_can_be_put_together(imported):
    from romframe import open_workspace

    workspace = open_workspace(imported)
    with workspace.store:
        parts = [workspace.scores(name) for name in catalogue().ids]
    assert pl.concat(parts).height == 3


def test_a_table_of_ten_thousand_columns_is_read(tmp_path):
    path = tmp_path / "wide.csv"
    for quote in ("", '"'):
        names = (f"{quote}c{n}{quote}" for n in range(10_000))
        path.write_text(",".join(names) + "\n" + ",".join("1" * 10_000) + "\n")
        assert tables.collect(tables.read_table(path)).shape == (1, 10_000)


def test_a_store_is_closed_when_the_command_ends(run, imported, monkeypatch):
    closed = []
    monkeypatch.setattr(Store, "close", lambda store: closed.append(store.connection.close()))
    run("-w", imported, "doctor")
    assert closed == [None]


def test_who_interrupts_a_plugin_interrupts_the_command(run, plugin):
    done = run("-w", plugin("raise KeyboardInterrupt\n"), "plugins")
    assert (done.code, done.err.strip()) == (130, "Stopped.")
