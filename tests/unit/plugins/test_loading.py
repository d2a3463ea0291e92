"""One broken plugin never takes the rest down, and a contested name belongs to nobody."""

import locale
import os
import random
import sys
import time
import types
import warnings
from functools import partial
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe import hookimpl
from romframe.api import BUILTIN
from romframe.change_methods import ChangeMethod, ChangeVerdict
from romframe.errors import PluginError, Problem, UsageError
from romframe.methods import Ratio, ScoringMethod
from romframe.offers import Check, ReportSection
from romframe.plugins import PluginHost, PluginSource, in_folder, installed


def plugin(name="good", group="romframe.v1", **functions):
    """A source of a plugin module with these hook implementations."""
    module = types.ModuleType(name)
    for hook, function in functions.items():
        setattr(module, hook, hookimpl(function))
    return PluginSource(name, lambda: module, "some-distribution", "1.2", group)


def method(name):
    return ScoringMethod(name, lambda inputs: Ratio(inputs.total))


def offering(plugin_name, method_name):
    def register_scoring_methods(register):
        register(method(method_name))

    return plugin(plugin_name, register_scoring_methods=register_scoring_methods)


def missing_import():
    raise ModuleNotFoundError("No module named 'absent'")


def exits():
    raise SystemExit(3)


def raises(register):
    raise ZeroDivisionError("half way")


def offers_then_raises(register):
    register(method("half"))
    raise ZeroDivisionError("half way")


def twice(register):
    register(method("same"))
    register(method("same"))


def no_such_folder(register):
    register(package="instrument_specs", folder="nowhere")


def nameless(register):
    register(42)


def wrong_argument(register, extra):
    register(extra)


def wrapping():
    module = types.ModuleType("bad")

    @hookimpl(wrapper=True)
    def register_checks(register):
        return (yield)

    module.register_checks = register_checks
    return PluginSource("bad", lambda: module)


def unmarked():
    source = plugin("bad", register_checks=lambda register: None)
    source.load().register_exporters = lambda register: None
    return source


def generates(register):
    yield register


def endless(register):
    endless(register)


class MuteError(Exception):
    def __str__(self):
        raise ValueError("not even this")


def mute(register):
    raise MuteError


def steers(register):
    raise ValueError("\x1b[31mred")


def offering_one(offer, kind="scoring_methods"):
    return plugin("bad", **{f"register_{kind}": lambda register: register(offer)})


Namesake = type("ScoringMethod", (), {"name": "m"})

BROKEN = {
    "missing import": (PluginSource("bad", missing_import), "plugin-import", "absent"),
    "leaves at import": (PluginSource("bad", exits), "plugin-import", "SystemExit"),
    "misspelt hook": (plugin("bad", register_exporter=raises), "plugin-hook", "register_exporters"),
    "wrong argument": (plugin("bad", register_checks=wrong_argument), "plugin-hook", "extra"),
    "raises": (plugin("bad", register_checks=raises), "plugin-register", "half way"),
    "raises half way": (
        plugin("bad", register_scoring_methods=offers_then_raises),
        "plugin-register",
        "half way",
    ),
    "same name twice": (plugin("bad", register_scoring_methods=twice), "plugin-register", "twice"),
    "no such folder": (
        plugin("bad", register_instruments=no_such_folder),
        "plugin-register",
        "nowhere",
    ),
    "a wrapper": (wrapping(), "plugin-hook", "wraps register_checks"),
    "an unmarked hook": (unmarked(), "plugin-hook", "register_exporters that is not marked"),
    "no hook": (plugin("bad"), "plugin-hook", "implements no hook"),
    "returns its offers": (
        plugin("bad", register_checks=lambda register: [register]),
        "plugin-register",
        "returned a list",
    ),
    "a generator": (plugin("bad", register_checks=generates), "plugin-register", "generator"),
    "endless": (plugin("bad", register_checks=endless), "plugin-register", "RecursionError"),
    "cannot say": (plugin("bad", register_checks=mute), "plugin-register", "MuteError."),
    "steers": (plugin("bad", register_checks=steers), "plugin-register", "?[31mred"),
    "not callable": (offering_one(ScoringMethod("m", 3)), "plugin-register", "build of m is some"),
    "no number": (
        offering_one(ReportSection("m", "M", "first", lambda *_: None, ""), "report_sections"),
        "plugin-register",
        "order of m is a number, not 'first'",
    ),
    "about nothing": (
        offering_one(Check("m", "M", lambda _: None, about="what"), "checks"),
        "plugin-register",
        "about of m is rating, rater or import, not 'what'",
    ),
    "a namesake's class": (offering_one(Namesake()), "plugin-register", "takes ScoringMethod"),
    "another kind": (plugin("bad", register_checks=nameless), "plugin-register", "Check"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_plugin_is_set_aside_whole_and_the_rest_works(fault):
    source, code, fragment = BROKEN[fault]
    host = PluginHost()
    host.load([BUILTIN, source, offering("good", "mine")])
    record = host.records["bad"]
    assert record.status == "failed"
    assert record.problem.code == code
    assert fragment in record.problem.what + record.problem.mend
    assert record.problem.mend
    assert host.problems == [record.problem]
    assert host.records["good"].status == "ok"
    assert "mine" in host.registry("scoring_methods")
    assert "half" not in host.registry("scoring_methods")
    assert "sum" in host.registry("scoring_methods")


def test_a_plugin_for_another_api_is_named_and_never_imported():
    host = PluginHost()
    host.load([PluginSource("old", missing_import, "old-dist", "0.9", "romframe.v0")])
    assert host.records["old"].status == "other_api"
    assert "romframe.v0" in host.records["old"].problem.what


def test_a_disabled_plugin_is_never_imported():
    host = PluginHost(disabled=frozenset({"bad"}))
    host.load([PluginSource("bad", missing_import)])
    assert host.records["bad"].status == "disabled"
    assert host.problems == []


def of(distribution, source, group="romframe.v1"):
    return source._replace(distribution=distribution, group=group)


def test_of_several_plugins_with_one_name_none_is_loaded_and_each_is_told():
    host = PluginHost()
    twins = [of(name, offering("same", name)) for name in ("first", "second")]
    host.load([*twins, offering("good", "mine")])
    assert [each.code for each in host.problems] == ["plugin-name", "plugin-name"]
    assert list(host.records) == ["same (first)", "same (second)", "good"]
    assert list(host.registry("scoring_methods")) == ["mine"]


def test_no_plugin_can_go_by_the_name_of_romframe_itself():
    host = PluginHost()
    host.load([BUILTIN, of("vendor", PluginSource("romframe", missing_import))])
    assert host.records["romframe"].status == "ok"
    assert host.records["romframe (vendor)"].problem.code == "plugin-name"


def test_a_distribution_may_have_one_plugin_for_several_apis():
    host = PluginHost()
    other = of("vendor", PluginSource("tool", missing_import), "romframe.v2")
    host.load([other, of("vendor", offering("tool", "mine"))])
    assert host.faults() == []
    assert host.records["tool"].status == "ok"


def test_a_plugin_for_another_api_takes_no_name_from_one_for_ours():
    host = PluginHost()
    other = of("else", PluginSource("tool", missing_import), "romframe.v2")
    host.load([other, of("vendor", offering("tool", "mine"))])
    assert host.records["tool (else)"].status == "other_api"
    assert host.records["tool"].status == "ok"


def test_what_romframe_itself_offers_stays_its_own_until_config_prefers():
    for prefer, owner in (({}, "romframe"), ({"sum": "vendor"}, "vendor")):
        host = PluginHost(prefer=prefer)
        host.load([BUILTIN, offering("vendor", "sum")])
        assert host.owner("scoring_methods", "sum") == owner
        told = [each.what for each in host.problems_of("vendor")]
        assert told == ([] if prefer else [_OWN])


_OWN = "'sum' (scoring_methods) is romframe's own; that of vendor is not used."


@pytest.mark.parametrize("turned", [False, True])
def test_a_contested_name_belongs_to_nobody_until_config_prefers(turned):
    sources = [offering("a", "contested"), offering("b", "contested"), offering("c", "free")]
    host = PluginHost()
    host.load(sources[::-1] if turned else sources)
    assert list(host.registry("scoring_methods")) == ["free"]
    (problem,) = host.contested()
    assert problem.code == "plugin-conflict"
    assert "a and b" in problem.what
    with pytest.raises(PluginError, match="belongs to nobody"):
        host.find("scoring_methods", "contested")
    with pytest.raises(PluginError, match=r"Did you mean 'free'\? \[unknown"):
        host.find("scoring_methods", "freed")
    settled = PluginHost(prefer={"contested": "b"})
    settled.load(sources)
    assert settled.owner("scoring_methods", "contested") == "b"
    assert settled.contested() == []


def test_an_unknown_offer_says_what_is_near_and_which_plugins_failed():
    host = PluginHost()
    host.load([offering("good", "mine"), PluginSource("bad", missing_import)])
    with pytest.raises(PluginError, match=r"Did you mean 'mine'\?.*failed to load: bad"):
        host.find("scoring_methods", "mime")


def test_only_the_hooks_that_are_asked_for_are_called():
    host = PluginHost(hooks=frozenset({"register_commands"}))
    host.load([plugin("bad", register_checks=raises)])
    assert host.records["bad"].status == "ok"


def test_whatever_a_plugin_raises_when_called_becomes_a_plugin_error():
    host = PluginHost()
    host.load([offering("good", "mine")])
    with pytest.raises(PluginError, match="'good' failed in 'mine'"):
        host.guard("scoring_methods", "mine", lambda: 1 / 0)
    with pytest.raises(UsageError):
        host.guard("scoring_methods", "mine", lambda: (_ for _ in ()).throw(UsageError([])))
    assert host.guard("scoring_methods", "mine", lambda: 7) == 7


def test_a_one_file_plugin_is_loaded_from_a_folder(tmp_path):
    (tmp_path / "own.py").write_text(
        "from romframe import ChangeMethod, ChangeVerdict, hookimpl\n"
        "import polars as pl\n"
        "@hookimpl\n"
        "def register_change_methods(register):\n"
        "    register(ChangeMethod('never', lambda i: ChangeVerdict(pl.lit('unchanged')), {}))\n"
    )
    (tmp_path / "broken.py").write_text("import nothing_of_the_kind\n")
    host = PluginHost()
    host.load(in_folder(tmp_path))
    assert host.records["own"].offers == {"change_methods": ("never",)}
    assert host.records["broken"].status == "failed"


def test_a_file_may_have_helpers_and_any_name(tmp_path):
    (tmp_path / "_helper.py").write_text("raise ValueError\n")
    (tmp_path / "json.py").write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from romframe import hookimpl\n"
        "@dataclass\nclass Kept:\n    what: str\n"
        "@hookimpl\ndef register_checks(register):\n    Kept(__file__)\n"
    )
    host = PluginHost()
    host.load(in_folder(tmp_path))
    assert [(each.source.name, each.status) for each in host.records.values()] == [("json", "ok")]


def ticking(*seconds):
    return iter(seconds).__next__


def test_a_plugin_that_is_slow_to_load_is_named_with_its_time():
    host = PluginHost(clock=ticking(0.0, 0.5, 1.0, 4.5))
    host.load([offering("a", "quick"), offering("b", "slow")])
    assert [each.seconds for each in host.records.values()] == [0.5, 3.5]
    (remark,) = host.remarks()
    assert (remark.code, remark.severity) == ("plugin-slow", "warning")
    assert "'b' took 3.5 s" in remark.what
    assert host.problems_of("b") == [remark]
    assert host.faults() == []


def test_an_offer_that_fails_again_and_again_is_told_of_once():
    host = PluginHost()
    host.load([offering("good", "mine"), offering("other", "theirs")])

    def fail(number):
        raise ValueError(number)

    for number in range(1000):
        for name in ("mine", "theirs"):
            assert host.attempt("scoring_methods", name, partial(fail, number)) is None
    assert [each.what for each in host.problems] == [
        "The plugin 'good' failed in 'mine' (scoring_methods): ValueError: 0.",
        "The plugin 'other' failed in 'theirs' (scoring_methods): ValueError: 0.",
    ]
    assert host.problems_of("good") == host.problems[:1]
    assert host.attempt("scoring_methods", "mine", lambda: 7) == 7


def test_what_a_plugin_itself_says_of_its_call_is_told_as_it_is():
    own = Problem("indicator-columns", "Its own words.", "Mend it.")
    host = PluginHost()
    host.load([offering("good", "mine")])
    for _ in range(2):
        host.attempt("scoring_methods", "mine", lambda: (_ for _ in ()).throw(PluginError(own)))
    assert host.problems == [own]


def meddle():
    sys.stdout.write("noise\n")
    sys.path.insert(0, "/nowhere")
    os.environ["TZ"] = "Pacific/Apia"
    time.tzset()
    os.environ["ROMFRAME_NEW"] = "1"
    os.chdir("/")
    os.umask(0)
    locale.setlocale(locale.LC_ALL, "C")
    random.seed(7)
    warnings.simplefilter("error")
    sys.setrecursionlimit(500)
    return 7


def state():
    mask = os.umask(0)
    os.umask(mask)
    kept = (sys.path[:], dict(os.environ), time.localtime(0), Path.cwd(), mask)
    return (*kept, locale.setlocale(locale.LC_ALL), random.getstate(), warnings.filters[:])


def registers_and_meddles(register):
    meddle()
    register(method("mine"))


@pytest.mark.parametrize("stage", ["import", "register", "call"])
def test_what_a_plugin_prints_and_changes_for_all_is_kept_from_the_others(stage, capsys):
    sound = plugin("p", register_scoring_methods=registers_and_meddles)
    loads = offering("p", "mine")
    importing = loads._replace(load=lambda: [meddle(), loads.load()][1])
    host, before = PluginHost(), state()
    host.load([{"import": importing, "register": sound, "call": loads}[stage]])
    if stage == "call":
        assert host.guard("scoring_methods", "mine", meddle) == 7
    assert host.faults() == []
    assert state() == before
    assert capsys.readouterr() == ("", "noise\n")


def test_random_numbers_and_folders_that_are_not_there_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "random")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    host = PluginHost()
    host.load([offering("p", "mine")])
    assert host.records["p"].status == "ok"


def test_a_command_prints_its_results(capsys):
    host = PluginHost()
    host.offer("p", "commands", "mine", None)
    host.guard("commands", "mine", lambda: sys.stdout.write("result\n"))
    assert capsys.readouterr().out == "result\n"


OFFERS = st.dictionaries(
    st.sampled_from("abcd"), st.sets(st.sampled_from(["sum", "x", "y", "z"])), max_size=4
)


@given(OFFERS, st.randoms(), st.dictionaries(st.sampled_from("xyz"), st.sampled_from("abcd")))
@settings(max_examples=30)
def test_in_whatever_order_plugins_are_found_the_same_names_have_the_same_owners(
    offers, order, prefer
):
    def several(name, methods):
        def register_scoring_methods(register):
            for each in order.sample(sorted(methods), len(methods)):
                register(method(each))

        return of(name, plugin(name, register_scoring_methods=register_scoring_methods))

    def loaded(sources):
        host = PluginHost(prefer=prefer)
        host.load(sources)
        return host.owners("scoring_methods"), host.faults(), list(host.records)

    sources = [BUILTIN, *(several(*each) for each in offers.items())]
    twins = [of(f"twin {n}", offering("twin", "w")) for n in range(2)]
    shuffled = order.sample([*sources, *twins], len(sources) + 2)
    assert loaded(shuffled) == loaded([*sources, *twins])


def test_every_shipped_plugin_loads_and_offers_something():
    host = PluginHost()
    host.load([BUILTIN, *installed()])
    assert host.problems == []
    assert host.contested() == []
    for name in ("honos", "core_om", "mhsds", "report", "demo"):
        assert host.records[name].status == "ok"
        assert host.records[name].offers


def test_the_order_of_plugins_changes_no_registry():
    sources = [BUILTIN, offering("a", "x"), offering("b", "y"), offering("c", "z")]
    forward, backward = PluginHost(), PluginHost()
    forward.load(sources)
    backward.load(sources[::-1])
    assert list(forward.registry("scoring_methods")) == list(backward.registry("scoring_methods"))


def test_offers_are_frozen_values():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        method("mine").name = "other"
    assert ChangeMethod("x", lambda inputs: ChangeVerdict(None), {}).terms.params == {}


def test_plugins_are_found_as_the_standard_library_finds_them():
    import importlib.metadata

    known = importlib.metadata.entry_points()
    theirs = {
        (entry.group, entry.name, entry.dist.version)
        for group in known.groups
        if group.startswith("romframe.v")
        for entry in known.select(group=group)
    }
    assert {(source.group, source.name, source.version) for source in installed()} == theirs


def test_an_entry_point_may_name_an_object_in_a_module(tmp_path, monkeypatch):
    info = tmp_path / "vendor_tools-2.1.dist-info"
    info.mkdir()
    text = "[console_scripts]\nx = y:z\n\n[romframe.v1]\nvendor = plugin_of_objects:inner.plugin\n"
    (info / "entry_points.txt").write_text(text)
    (tmp_path / "plugin_of_objects.py").write_text("class inner:\n    plugin = 'the plugin'\n")
    monkeypatch.syspath_prepend(tmp_path)
    (source,) = (each for each in installed() if each.name == "vendor")
    assert (source.distribution, source.version) == ("vendor-tools", "2.1")
    assert source.load() == "the plugin"
