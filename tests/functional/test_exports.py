"""Options of an exporter: on the command line, in romframe.yaml, and what is said of wrong ones."""

import os
import time
from pathlib import Path

import pytest


PLUGIN = """
import polars as pl
from romframe import Exporter, ExportResult, hookimpl


def export(workspace, request):
    (request.out / "options.txt").write_text(repr(sorted(request.options.items())))
    with request.progress("Working", 2) as advance:
        advance(1)
        advance(1)
    return ExportResult(("options.txt",), {}, pl.DataFrame(), pl.DataFrame())


OPTIONS = {
    "month": {"type": "string", "required": True},
    "whole": {"type": "boolean"},
    "at_most": {"type": "integer", "min": 1},
}


@hookimpl
def register_exporters(register):
    register(Exporter("mine", "Mine", export, OPTIONS))
"""


@pytest.fixture
def place(run, tmp_path):
    place = tmp_path / "place"
    assert run("init", place, "--name", "Fenland").code == 0
    (place / "plugins/mine.py").write_text(PLUGIN)
    return place


@pytest.fixture
def options(run, place, tmp_path):
    """Export with these arguments and give the options that arrived."""

    def options(*arguments):
        out = tmp_path / "out"
        done = run("-w", place, "export", "mine", "--out", out, *arguments)
        assert done.code == 0, done.err
        return dict(eval((out / "options.txt").read_text()))

    return options


@pytest.mark.parametrize(
    ("name", "content", "hours", "stays"),
    [
        (".romframe-killed", "export/rows.csv", 25, False),
        (".romframe-running", "export/rows.csv", 23, True),
        (".romframe-strange", "mine/rows.csv", 25, True),
        ("romframe-named-alike", "export/rows.csv", 25, True),
    ],
)
def test_what_a_killed_export_left_is_removed_a_day_later(
    options, tmp_path, name, content, hours, stays
):
    left = tmp_path / name
    (left / content).parent.mkdir(parents=True)
    (left / content).write_text("of a patient")
    (tmp_path / ".romframe-file").touch()
    then = time.time() - hours * 3600
    os.utime(left, (then, then))
    options("--month", "2026-11")
    assert (left / content).exists() is stays
    assert (tmp_path / ".romframe-file").exists()


def config(place, text):
    file = place / "romframe.yaml"
    file.write_text(file.read_text() + text)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--month", "2026-11"], {"month": "2026-11"}),
        (["--month=2026-11", "--whole"], {"month": "2026-11", "whole": True}),
        (["--whole=no", "--month", "a"], {"month": "a", "whole": False}),
        (["--at-most", "3", "--month", "a"], {"month": "a", "at_most": 3}),
        (["--option", "month=b", "--option", "whole=yes"], {"month": "b", "whole": True}),
    ],
)
def test_an_exporters_options_follow_its_name(options, arguments, expected):
    assert options(*arguments) == expected


def test_the_config_may_say_options_and_the_command_line_wins(place, options):
    config(place, "exports: {mine: {month: 2026-10, whole: true}}\n")
    assert options("--month", "2026-11") == {"month": "2026-11", "whole": True}


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["--mont", "x"], "No such option: --mont. Did you mean '--month'?"),
        (["--month"], "--month needs a value"),
        (["stray"], "Nothing stands for: stray"),
        (["--month", "x", "--option", "month=y"], "said twice"),
        (["--month", "x", "--at-most", "few"], "--at-most: "),
        (["--month", "x", "--whole=perhaps"], "--whole: "),
        (["--whole"], "--month: "),
    ],
)
def test_wrong_options_are_said_plainly(run, place, tmp_path, arguments, fragment):
    done = run("-w", place, "export", "mine", "--out", tmp_path / "out", *arguments)
    assert (done.code, fragment in done.err) == (2, True), done.err


def test_the_exporter_comes_before_its_options(run, place, tmp_path):
    done = run("-w", place, "export", "--whole", "mine", "--out", tmp_path / "out")
    assert (done.code, "Name the exporter before --whole" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("exports: {mine: {month: 3}}", "romframe.yaml:3:"),
        ("exports: {mine: {months: x}}", "'months'"),
        ("exports: {nime: {month: x}}", "There is no exporter 'nime' to give options to."),
    ],
)
def test_doctor_reads_the_options_of_the_config(run, place, line, fragment):
    config(place, line + "\n")
    done = run("-w", place, "doctor")
    assert (done.code, fragment in done.err) == (11, True), done.err


def test_a_wrong_option_of_the_config_stops_the_export(run, place, tmp_path):
    config(place, "exports: {mine: {at_most: 0}}\n")
    done = run("-w", place, "export", "mine", "--month", "x", "--out", tmp_path / "out")
    assert (done.code, "romframe.yaml:3:" in done.err) == (11, True), done.err


def test_the_help_lists_the_options_of_the_exporter_that_is_named(run):
    help_of = run("export", "mhsds", "--help").out
    assert "Options of mhsds" in help_of
    assert "--scores-in referral|activity" in help_of
    assert "Required." in help_of
    assert "--sent-as (in romframe.yaml)" in help_of


@pytest.mark.parametrize("name", ["", "mhsd"])
def test_the_help_has_no_options_of_an_exporter_that_is_not_there(run, name):
    assert "Options of" not in run("export", *filter(None, [name]), "--help").out


@pytest.mark.parametrize("kind", ["link", "here", "long"])
def test_a_folder_that_cannot_be_replaced_is_told_of(run, place, tmp_path, monkeypatch, kind):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    monkeypatch.chdir(tmp_path / "empty")
    out = {"link": tmp_path / "link", "here": ".", "long": "x" * 300}[kind]
    done = run("-w", place, "export", "mine", "--month", "2026-11", "--out", out)
    code = "folder-unwritable" if kind == "long" else "folder-exists"
    assert (done.code, f"[{code}]" in done.err) == (2, True)
    assert list((tmp_path / "empty").iterdir()) == []


def test_of_two_exports_to_one_folder_the_later_is_refused(run, place, tmp_path, monkeypatch):
    out = tmp_path / "out"
    rename = Path.rename

    def meanwhile(folder, target):
        target.mkdir()
        (target / "theirs.csv").touch()
        return rename(folder, target)

    monkeypatch.setattr(Path, "rename", meanwhile)
    done = run("-w", place, "export", "mine", "--month", "2026-11", "--out", out)
    assert (done.code, "[folder-unwritable]" in done.err) == (2, True)
    assert [each.name for each in out.iterdir()] == ["theirs.csv"]
    assert list(tmp_path.glob(".romframe-*")) == []


def test_a_disk_that_is_full_is_no_fault_of_the_exporter(run, place, tmp_path):
    full = "import errno\nraise OSError(errno.ENOSPC, 'No space left')"
    code = PLUGIN.replace("    (request.out", f"    exec({full!r})\n    (request.out")
    (place / "plugins/mine.py").write_text(code)
    done = run("-w", place, "export", "mine", "--month", "2026-11", "--out", tmp_path / "out")
    assert (done.code, "[disk-full]" in done.err) == (12, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("files", "summary", "told"),
    [
        ("('../theirs.txt',)", "()", "is not in the folder that it was given"),
        ("('link.txt',)", "()", "is not in the folder that it was given"),
        ("(str(request.out.parents[1] / 'theirs.txt'),)", "()", "is not in the folder"),
        ("('options.txt',)", "(7,)", "its summary is not made of sentences"),
        ("('nowhere.txt',)", "()", "it did not write 'nowhere.txt'"),
    ],
)
def test_an_exporter_that_gives_the_wrong_thing_is_told_of(
    run, place, tmp_path, files, summary, told
):
    theirs = tmp_path / "theirs.txt"
    theirs.touch()
    theirs.chmod(0o644)
    link = f"    (request.out / 'link.txt').symlink_to({str(theirs)!r})\n    return ExportResult("
    code = PLUGIN.replace("    return ExportResult(", link)
    code = code.replace('("options.txt",)', files).replace(
        "pl.DataFrame())\n", f"pl.DataFrame(), {summary})\n"
    )
    (place / "plugins/mine.py").write_text(code)
    done = run("-w", place, "export", "mine", "--month", "2026-11", "--out", tmp_path / "out")
    assert (done.code, told in done.err) == (13, True)
    assert theirs.stat().st_mode & 0o777 == 0o644
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["delimiter: ';'", "sent_as: 5", "codes: [a]", "full: 'no'"])
@pytest.mark.parametrize(
    "command",
    [
        ("mhsds", "codes"),
        ("mhsds", "reconcile", "{folder}", "--period", "2026-11"),
        ("import", "{folder}", "--from", "mhsds"),
        ("national", "preview", "--pack", "cmh_proms", "--as-of", "2026-11-30"),
    ],
)
def test_a_wrong_option_in_the_config_is_told_by_every_command_that_reads_it(
    run, place, tmp_path, option, command
):
    from romframe_mhsds.submission.results import HEADER

    (tmp_path / "in").mkdir()
    (tmp_path / "in/validations.csv").write_text(",".join(HEADER) + "\n")
    (tmp_path / "in/MHS606.csv").write_text("ServiceRequestID,CodedAssToolType,PersScore\n")
    config(place, f"exports: {{mhsds: {{{option}}}}}\n")
    done = run("-w", place, *(part.format(folder=tmp_path / "in") for part in command))
    assert (done.code, "romframe.yaml:" in done.err) == (11, True), done.err


def test_of_many_files_only_the_first_are_named(run, place, tmp_path):
    many = """    names = tuple(f"part_{n:02}.txt" for n in range(1, 33))
    for name in names:
        (request.out / name).touch()
    return ExportResult(names, {}, pl.DataFrame(), pl.DataFrame())
"""
    begin, _, rest = PLUGIN.partition("    return ExportResult")
    (place / "plugins/mine.py").write_text(begin + many + rest.partition("\n")[2])
    done = run("-w", place, "export", "mine", "--month", "2026-01", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert "Wrote 32 files to" in done.out
    assert done.out.endswith("part_29.txt, part_30.txt and 2 more\n")
