"""A broken plugin is contained and named, and everything else comes out as it does without it."""

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from attrs import frozen

from romframe.cli import main
from romframe.plugins import host as hosts


HEAD = "from romframe import *\nimport polars as pl\n"
CHECK = (
    "def look(ratings):\n    {body}\n"
    "@hookimpl\ndef register_checks(register):\n"
    "    register(Check('{name}', 'A check', look))\n"
)
SPEC = """
romframe: 1
id: {id}
version: "1"
name: Ours
type: prom
raters: [service_user]
licence: {{owner: us, terms: own work, wording: ships}}
response_scales: {{amount: {{codes: {{0: none, 1: some}}}}}}
items:
  - {{id: q1, label: rest, scale: amount}}
scores:
  - {{id: plain, name: A, items: all, method: sum, range: [0, 1], better: higher, source: us}}
  - {{id: own, name: B, items: all, method: {method}, range: [0, 1], better: higher, source: us}}
sources: {{us: {{cite: decided by us, status: local}}}}
"""
METHODS = (
    "@hookimpl\ndef register_scoring_methods(register):\n"
    "    register(ScoringMethod('{name}', {build}))\n"
)
SPECS = (
    "@hookimpl\ndef register_instruments(register):\n"
    "    register(package='vendor_plugin', folder='specs')\n"
)
IN_RATING = "ratings.answers.drop_in_place('q1'); raise ZeroDivisionError(ratings.name)"
MEDDLES = (
    "import os, random, sys, time, warnings\n"
    "print('noise at import')\ntime.sleep(0.06)\nrandom.seed(1)\n"
    "os.environ['TZ'] = 'Pacific/Apia'\n"
    "sys.path.insert(0, '/nowhere')\nwarnings.warn('I am old', FutureWarning)\n"
    + CHECK.format(name="chatty", body="print('noise at call'); return None")
    + "@hookimpl\ndef register_exporters(register):\n    print('noise at register')\n"
)


@frozen
class Broken:
    """A plugin: its module, the stage at which it fails, what is said of it, and how to mend it."""

    module: str
    stage: str
    what: str
    mend: str
    specs: Mapping[str, str] = MappingProxyType({})
    stops: frozenset = frozenset()
    group: str = "romframe.v1"


BROKEN = {
    "missing import": Broken(
        "import nothing_of_the_kind\n", "import", "nothing_of_the_kind", "Reinstall vendor-tools"
    ),
    "leaves at import": Broken(
        "import sys\nsys.exit(0)\n", "import", "SystemExit: 0", "or disable it"
    ),
    "another API, which must not be imported": Broken(
        "import os\nos._exit(99)\n",
        "api",
        "written for romframe.v2",
        "made for romframe.v1",
        group="romframe.v2",
    ),
    "misspelt hook": Broken(
        "@hookimpl\ndef register_check(register): pass\n",
        "hooks",
        "does not exist: 'register_check'",
        "Did you mean 'register_checks'?",
    ),
    "wrong argument": Broken(
        "@hookimpl\ndef register_checks(registrar): pass\n",
        "hooks",
        "'registrar'",
        "Correct its arguments",
    ),
    "contested names": Broken(
        CHECK.format(name="twice", body="return None")
        + METHODS.format(name="sum", build="lambda i: Ratio(i.total + 1)"),
        "conflict",
        "'twice' (checks) is offered by neighbour and vendor, so it belongs to nobody",
        "prefer: {twice: neighbour}",
    ),
    "invalid spec": Broken(
        SPECS,
        "spec",
        "There is no scoring method called 'summ'.",
        "Did you mean 'sum'?",
        {"ours": SPEC.format(id="ours", method="summ")},
    ),
    "fails while it registers": Broken(
        "@hookimpl\ndef register_checks(register): register(look)\ndef look(ratings): pass\n",
        "register",
        "register takes Check, not function",
        "Correct the plugin",
    ),
    "fails when called": Broken(
        SPECS
        + METHODS.format(name="late", build="lambda i: Ratio(pl.col('nowhere'))")
        + CHECK.format(name="divides", body=IN_RATING),
        "call",
        "failed in 'late' (scoring_methods): ColumnNotFoundError",
        "use --no-plugin vendor",
        {"ours": SPEC.format(id="ours", method="late")},
        frozenset({"audit"}),
    ),
    "slow, prints, warns and meddles": Broken(
        MEDDLES, "import", "The plugin 'vendor' took", "disable it"
    ),
}
COMMANDS = {
    "score": "score core_10.csv -i core_10 --coding position --out scores.csv",
    "stored scores": "-w service score",
    "change": "-w service change core_10",
    "audit": "-w service audit --csv",
    "export": "-w service export mhsds --period 2026-08 --out sent",
    "report": "-w service report service --from 2026-01-01 --to 2026-12-31 --figures figures",
}


def run(args):
    """Give the exit code of a command, what it printed, and what it said beside."""
    sys.modules.pop("vendor_plugin", None)  # a command of its own imports it anew
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as stopped,
    ):
        main(args.split())
    told = []
    for each in (out, err):
        each.flush()
        told.append(each.buffer.getvalue().decode())
    return stopped.value.code, *told


def install(folder, broken):
    """Put a distribution onto the module path, as pip does."""
    info, package = folder / "vendor_tools-2.1.dist-info", folder / "vendor_plugin"
    for each in (info, package / "specs"):
        each.mkdir(parents=True)
    (info / "entry_points.txt").write_text(f"[{broken.group}]\nvendor = vendor_plugin\n")
    (package / "__init__.py").write_text(HEAD + broken.module)
    for name, text in broken.specs.items():
        (package / "specs" / f"{name}.yaml").write_text(text)


def outcome(folder):
    """Run every command, and give its code, what it printed, and each file that was written."""
    told = {name: run(args) for name, args in COMMANDS.items()}
    written = {
        str(path.relative_to(folder)): path.read_bytes()
        for place in ("sent", "figures", "scores.csv")
        for path in sorted([folder / place, *(folder / place).rglob("*")])
        if path.is_file()
    }
    assert len(written) > len(told)
    codes = {name: code for name, (code, _, _) in told.items()}
    return codes, {name: out for name, (_, out, _) in told.items()} | written


@pytest.fixture(scope="module")
def template(root, tmp_path_factory):
    """A small service with a sound plugin of its own, which others may clash with."""
    folder, example = tmp_path_factory.mktemp("sound"), root / "examples/importing"
    shutil.copy(root / "examples/quickstart/core_10.csv", folder)
    place = folder / "service"
    run(f"init {place}")
    for name in ("people", "referrals", "core_10"):
        run(f"-w {place} import {example / name}.csv --map {example / name}.yaml")
    (place / "plugins/neighbour.py").write_text(
        HEAD + CHECK.format(name="twice", body="return None")
    )
    return folder


@pytest.fixture(scope="module")
def without(template, tmp_path_factory):
    """What comes out where no plugin is broken."""
    place = tmp_path_factory.mktemp("without") / "here"
    shutil.copytree(template, place)
    with contextlib.chdir(place):
        codes, results = outcome(place)
    assert set(codes.values()) == {0}
    return results


@pytest.fixture
def here(template, tmp_path, monkeypatch):
    place = tmp_path / "here"
    shutil.copytree(template, place)
    monkeypatch.chdir(place)
    monkeypatch.syspath_prepend(tmp_path / "site")
    return place


@pytest.mark.filterwarnings("ignore:I am old")
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_named_and_everything_else_is_as_without_it(
    kind, here, without, tmp_path, monkeypatch
):
    monkeypatch.setattr(hosts, "SLOW", 0.05)
    broken = BROKEN[kind]
    install(tmp_path / "site", broken)
    codes, results = outcome(here)
    assert results == without
    assert {name for name, code in codes.items() if code} == broken.stops
    code, out, told = run("-w service plugins --json")
    assert code == 0
    (facts,) = (each for each in json.loads(out)["plugins"] if each["plugin"] == "vendor")
    assert (facts["distribution"], facts["version"]) == ("vendor-tools", "2.1")
    problems = [each for each in facts["problems"] if broken.what in each["what"]]
    assert [each["stage"] for each in problems] == [broken.stage], facts
    assert broken.mend in problems[0]["mend"]
    assert broken.what in told
    assert broken.what in run("-w service doctor")[2]
    works = broken.stage in ("spec", "call") or problems[0]["severity"] == "warning"
    code, out, _ = run("-w service --strict change core_10")
    assert (code, out) == ((0, without["change"]) if works else (13, ""))


def test_a_method_that_fails_takes_its_own_scores_with_it_and_no_other(here, tmp_path):
    install(tmp_path / "site", BROKEN["fails when called"])
    (here / "ours.csv").write_text("q1\n" + "1\n0\n" * 500)
    code, out, told = run("score ours.csv -i ours --shape wide")
    rows = [line.split(",") for line in out.splitlines()]
    header = rows[0]
    for row, value in zip(rows[1:], ["1.0", "0.0"] * 500, strict=True):
        facts = dict(zip(header, row, strict=True))
        assert (facts["plain"], facts["plain_status"]) == (value, "scored")
        assert (facts["own"], facts["own_reason"]) == ("", "method_failed")
    assert code == 13
    assert told.count("failed in 'late'") == 1


@pytest.mark.parametrize("by", ["option", "config"])
def test_a_plugin_that_is_disabled_is_not_imported_and_the_rest_is_sound(here, by, tmp_path):
    install(tmp_path / "site", BROKEN["leaves at import"])
    option = "--no-plugin vendor " if by == "option" else ""
    if by == "config":
        with (here / "service/romframe.yaml").open("a") as config:
            config.write("disable_plugins: [vendor]\n")
    code, _, told = run(f"-w service {option}--strict-plugins doctor")
    assert (code, told) == (0, "")
    _, out, _ = run(f"-w service {option}plugins --json")
    listed = {each["plugin"]: each for each in json.loads(out)["plugins"]}
    assert (listed["vendor"]["status"], listed["vendor"]["problems"]) == ("disabled", [])


def test_a_command_that_is_taken_is_told_of_and_stays(here, tmp_path):
    command = (
        "import click\n@hookimpl\ndef register_commands(register):\n"
        "    register(click.Command('score', callback=lambda: print('not yours')))\n"
    )
    install(tmp_path / "site", Broken(command, "conflict", "", ""))
    code, out, told = run("-w service score")
    assert (code, "core_10: " in out, "not yours" in out) == (0, True, False)
    assert "'score' (commands) is romframe's own; that of vendor is not used." in told


def test_a_command_that_fails_before_it_begins_is_named(here, tmp_path):
    command = (
        "import click\ndef broken(*_): 1 / 0\n"
        "@hookimpl\ndef register_commands(register):\n"
        "    register(click.Command('ours', params=[click.Option(['--x'], callback=broken)]))\n"
    )
    install(tmp_path / "site", Broken(command, "call", "", ""))
    code, _, told = run("ours")
    assert (code, "'vendor' failed in 'ours' (commands): ZeroDivisionError" in told) == (13, True)
