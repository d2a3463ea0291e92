"""What goes is announced with its replacement, and both are understood until it is gone."""

import types
import warnings

import pluggy
import pytest

from romframe import hookimpl
from romframe.deprecation import Deprecation, RomframeDeprecationWarning, deprecated
from romframe.instruments import renamed
from romframe.instruments.loader import digest, dump_instrument
from romframe.plugins import PluginHost, PluginSource, staging


OLD = Deprecation("`colour`", "`shade`", "0.3", "1.0")
SAID = "`colour` is deprecated since 0.3 and will be gone in 1.0: use `shade`."
SPEC = """
romframe: 1
id: ours
version: "1"
name: Ours
type: prom
raters: [service_user]
licence: {owner: us, terms: own work, wording: ships}
response_scales: {amount: {codes: {0: none, 1: some}, %(scale)s: false}}
items:
  - {id: q1, %(item)s: rest, scale: amount}
scores: []
"""
NOW = {"scale": "scored", "item": "label"}
BEFORE = {"scale": "counted", "item": "caption"}


def test_it_is_said_once_to_the_line_that_uses_it():
    def old_function():
        deprecated("`colour`", instead="`shade`", since="0.3", until="1.0")

    deprecated.cache_clear()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        old_function()
        old_function()
    assert [(str(each.message), each.category) for each in told] == [
        (SAID, RomframeDeprecationWarning)
    ]
    assert told[0].filename == __file__


@pytest.fixture
def with_old_argument(monkeypatch):
    """The hooks as they would be if `register_checks` had once been given a `colour`."""
    hookspec = pluggy.HookspecMarker("romframe")

    @hookspec(warn_on_impl_args={"colour": OLD.warning})
    def register_checks(register, colour):
        """Offer checks."""

    specs = types.ModuleType("specs")
    specs.register_checks = register_checks
    monkeypatch.setattr(staging, "hookspecs", specs)


def test_a_plugin_with_an_argument_that_goes_works_and_is_told_of(with_old_argument):
    def register_checks(register, colour):
        """Offer nothing."""

    module = types.ModuleType("old")
    module.register_checks = hookimpl(register_checks)
    host = PluginHost()
    host.load([PluginSource("old", lambda: module)])
    assert (host.records["old"].status, host.faults()) == ("ok", [])
    (remark,) = host.remarks()
    assert (remark.code, remark.severity) == ("deprecated-use", "warning")
    assert remark.what == f"The plugin 'old': {SAID}"


@pytest.fixture
def with_old_keys(monkeypatch):
    """The spec language as it would be if two of its keys had once had other names."""
    table = [
        renamed.Renamed(("response_scales", "*"), "counted", "scored", "0.3", "1.0"),
        renamed.Renamed(("items",), "caption", "label", "0.3", "1.0"),
        renamed.Renamed(("items",), "hint", "note", "0.3", "1.0"),
    ]
    monkeypatch.setattr(renamed, "RENAMED", table)


@pytest.fixture
def read(shipped, tmp_path):
    def read(names):
        path = tmp_path / "ours.yaml"
        path.write_text(SPEC % names)
        return shipped.read(path)

    return read


def test_a_spec_with_old_keys_is_the_same_spec(read, with_old_keys):
    old, new = read(BEFORE), read(NOW)
    assert old == new
    assert old.digest == new.digest
    assert (old.items[0].label, old.items[0].scale.scored) == ("rest", False)
    assert "caption" in dump_instrument(old)


def test_a_digest_outlives_the_renaming_of_a_key(monkeypatch):
    def spec(key):
        return {"response_scales": {}, "items": [{key: "rest", "scale": "amount"}]}

    before = digest(spec("label"))
    table = [renamed.Renamed(("items",), "label", "title", "0.3", "1.0")]
    monkeypatch.setattr(renamed, "RENAMED", table)
    assert digest(spec("title")) == digest(spec("label")) == before


def test_old_keys_are_told_of_by_check_and_doctor(with_old_keys, tmp_path, run):
    told = "The key `items.caption` is deprecated since 0.3 and will be gone in 1.0: use `label`."
    assert run("init", tmp_path / "service").code == 0
    path = tmp_path / "service/measures/ours.yaml"
    path.write_text(SPEC % BEFORE)
    done = run("-w", tmp_path / "service", "measures", "check", path)
    assert (done.code, done.err.count(told)) == (0, 1)
    assert "`response_scales.*.counted`" in done.err
    done = run("-w", tmp_path / "service", "doctor")
    assert (done.code, done.err.count(f"warning: ours: {told}")) == (0, 1)
