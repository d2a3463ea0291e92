"""Every shipped instrument keeps what the kit asks of any."""

import importlib

import pytest

from romframe.testing import InstrumentSuite
from romframe.testing.hosts import catalogue_of, load_alone, record_of


PLUGINS = ["bmis", "core_om", "gbo", "general", "honos", "ot", "poem"]


def shipped():
    for name in PLUGINS:
        plugin = importlib.import_module(f"romframe_{name}")
        for instrument in record_of(load_alone(plugin)).offers["instruments"]:
            yield plugin, instrument


for plugin, instrument in shipped():
    name = f"TestInstrument_{instrument.replace('-', '_')}"
    globals()[name] = type(name, (InstrumentSuite,), {"plugin": plugin, "instrument": instrument})


def test_no_shipped_instrument_is_left_out():
    known = set(catalogue_of(importlib.import_module("romframe_audit")).ids) - {"awkward"}
    assert {instrument for _, instrument in shipped()} == known


class TestLocalMeasure(InstrumentSuite):
    @pytest.fixture(autouse=True)
    def _spec(self, root):
        self.spec = root / "examples/local_measure/feeding_confidence.yaml"
