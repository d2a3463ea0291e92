"""One broken plugin never takes the rest down, and a contested name belongs to nobody."""

import types

import attrs
import pytest

from romframe import hookimpl
from romframe.api import BUILTIN
from romframe.change_methods import ChangeMethod, ChangeVerdict
from romframe.errors import PluginError, UsageError
from romframe.methods import Ratio, ScoringMethod
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


def test_two_plugins_of_one_name_do_not_replace_each_other():
    host = PluginHost()
    host.load([offering("same", "first"), offering("same", "second")])
    assert host.problems[0].code == "plugin-name"
    assert list(host.registry("scoring_methods")) == ["first"]


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
    text = "[console_scripts]\nx = y:z\n\n[romframe.v1]\nvendor = vendor_plugin:inner.plugin\n"
    (info / "entry_points.txt").write_text(text)
    (tmp_path / "vendor_plugin.py").write_text("class inner:\n    plugin = 'the plugin'\n")
    monkeypatch.syspath_prepend(tmp_path)
    (source,) = (each for each in installed() if each.name == "vendor")
    assert (source.distribution, source.version) == ("vendor-tools", "2.1")
    assert source.load() == "the plugin"
