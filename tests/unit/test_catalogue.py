"""Instruments by id, and what is said when one cannot be had."""

import types

import pytest

from romframe import hookimpl
from romframe.api import BUILTIN
from romframe.catalogue import Catalogue
from romframe.errors import PluginError, SpecError, UsageError
from romframe.offers import SpecFile
from romframe.plugins import PluginHost, PluginSource, installed


@pytest.fixture
def host():
    host = PluginHost()
    host.load([BUILTIN, *installed()])
    return host


def test_an_instrument_is_loaded_once(host):
    catalogue = Catalogue(host)
    assert catalogue.instrument("core_10") is catalogue.instrument("core_10")
    assert catalogue.instrument("core_10").id == "core_10"
    assert catalogue.problems() == []


def test_an_unknown_name_offers_the_nearest(host):
    with pytest.raises(UsageError, match=r"Did you mean 'core_10'\?"):
        Catalogue(host).instrument("core10")


def test_a_contested_instrument_belongs_to_nobody(host, root):
    host.offer("workspace", "instruments", "honos", SpecFile(root / "x.yaml"))
    with pytest.raises(PluginError, match="belongs to nobody"):
        Catalogue(host).instrument("honos")


def test_a_file_is_called_by_its_id(host, root, tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text((root / "examples/local_measure/feeding_confidence.yaml").read_text())
    host.offer("workspace", "instruments", "other", SpecFile(path))
    with pytest.raises(SpecError, match="spec-file-name"):
        Catalogue(host).instrument("other")
    assert [problem.code for problem in Catalogue(host).problems()] == ["spec-file-name"]


def test_one_invalid_spec_does_not_hide_the_others(host, tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\n")
    host.offer("workspace", "instruments", "broken", SpecFile(path))
    catalogue = Catalogue(host)
    with pytest.raises(SpecError):
        catalogue.instrument("broken")
    assert catalogue.instrument("honos").id == "honos"


def test_instruments_of_a_failed_plugin_are_missed_with_a_reason():
    def register_instruments(register):
        raise RuntimeError("no specs today")

    module = types.ModuleType("bad")
    module.register_instruments = hookimpl(register_instruments)
    host = PluginHost()
    host.load([BUILTIN, PluginSource("bad", lambda: module)])
    with pytest.raises(UsageError, match="no instrument 'honos'"):
        Catalogue(host).instrument("honos")
    assert host.problems[0].code == "plugin-register"
