"""A section that fails costs only itself, and a report that is being written costs no old one."""

import re
from pathlib import Path
from types import SimpleNamespace

import openpyxl
from click.testing import CliRunner
from romframe_report.commands import report

from romframe import PluginError, ReportSection, TidyColumn, TidyTable


PERIOD = ["service", "--from", "2025-01-01", "--to", "2026-06-30"]


def _run(service, *args, strict=False):
    settings = SimpleNamespace(workspace=lambda: service, strict=strict)
    return CliRunner().invoke(report, [*PERIOD, *map(str, args)], obj=settings)


def _broken(*_):
    raise ValueError("Jane Doe is not a number")


def _without(page, section):
    page = re.sub(rf'\n<section id="{section}".*?</section>\n', "", page, flags=re.DOTALL)
    return re.sub(rf'\n *<li><a href="#{section}">.*?</li>\n', "", page)


def test_the_rest_of_a_report_comes_with_the_same_numbers(service, tmp_path):
    service.several(6, 20, 8)
    whole, out = tmp_path / "whole.html", tmp_path / "out.html"
    assert _run(service, "--out", whole).exit_code == 0
    service.offer("unsound", lambda *_: {}, "{{ missing }}", order=5)

    done = _run(service, "--out", out)

    assert done.stdout == f"Wrote the service report to {out}.\n"
    assert done.stderr == "The report is incomplete: a section could not be made.\n"
    assert isinstance(done.exception, PluginError)
    assert "'test' failed in 'unsound'" in str(done.exception)
    page = out.read_text(encoding="utf-8")
    assert "This section could not be made: UndefinedError; by plugin test." in page
    assert _without(page, "unsound") == whole.read_text(encoding="utf-8")


def test_what_an_error_quotes_is_told_to_who_made_the_report_and_to_no_reader(service, tmp_path):
    service.offer("unsound", _broken, "")

    done = _run(service, "--out", tmp_path / "out.html")

    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "This section could not be made: ValueError; by plugin test." in page
    assert "Jane" not in page
    assert "Jane Doe is not a number" in str(done.exception)


def test_tables_of_a_section_that_fail_cost_no_other_table_and_are_told_once(service, tmp_path):
    sound = TidyTable("sound", "Sound", (TidyColumn("n", int, "A number"),), ({"n": 1},))
    host = service.catalogue.host
    for name, tables in (("sound", lambda *_: [sound]), ("unsound", _broken)):
        section = ReportSection(name, name, 5, lambda *_: None, "", tables)
        host.offer("test", "report_sections", name, section)
    book, folder = tmp_path / "report.xlsx", tmp_path / "figures"

    done = _run(service, "--xlsx", book, "--figures", folder)

    assert (folder / "sound.csv").read_text() == "n\n1\n"
    assert (folder / "completeness.csv").exists()
    about = [row[0] for row in openpyxl.load_workbook(book)["about"].values]
    assert "Incomplete: not every section could be made." in about
    assert len(done.exception.problems) == 1


def test_a_report_that_takes_plugins_strictly_is_not_written(service, tmp_path):
    service.offer("unsound", _broken, "")

    done = _run(service, "--out", tmp_path / "out.html", strict=True)

    assert isinstance(done.exception, PluginError)
    assert not list(tmp_path.iterdir())


def test_a_process_that_is_killed_leaves_every_old_file_whole(service, tmp_path, monkeypatch):
    folder = tmp_path / "figures"
    folder.mkdir()
    places = {"--out": "r.html", "--pdf": "r.pdf", "--xlsx": "r.xlsx"}
    old = {flag: tmp_path / name for flag, name in places.items()}
    for file in (*old.values(), folder / "completeness.csv"):
        file.write_text("old")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    monkeypatch.setattr("romframe_report.forms.pdf_of", lambda _: b"new")
    for asked in (*old.items(), ("--figures", folder)):
        assert _run(service, *asked).exit_code != 0

    assert {each.read_text() for each in tmp_path.rglob("*.*")} == {"old"}
