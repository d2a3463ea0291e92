"""The plugin under test, loaded as romframe loads it, beside those that are installed."""

import functools
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from romframe.api import BUILTIN
from romframe.catalogue import Catalogue
from romframe.offers import SpecFile
from romframe.plugins import PluginHost, PluginRecord, PluginSource, installed
from romframe.plugins.containment import contained


DATA = Path(str(files("romframe.testing"))) / "data"
AWKWARD = "awkward"  # the kit's own measure, which has all that a measure can have
OWN_NAME = "plugin_under_test"


def source_of(plugin: Any) -> PluginSource:
    """Give a plugin, which is a module or an object with hooks, as what a host loads."""
    return PluginSource(OWN_NAME, lambda: plugin, getattr(plugin, "__name__", ""))


def load_alone(plugin: Any) -> PluginHost:
    """Give a host with what romframe itself brings and this plugin."""
    host = PluginHost()
    host.load([BUILTIN, source_of(plugin)])
    return host


def load_among_others(plugin: Any) -> PluginHost:
    """Give a host with every installed plugin and this one, once."""
    host = PluginHost()
    host.load([BUILTIN, *_others(plugin), source_of(plugin)])
    return host


@functools.cache
def catalogue_of(plugin: Any) -> Catalogue:
    """Give the catalogue that tests of this plugin share.

    It holds the kit's own measure too. A name that another plugin offers as well is this one's.
    """
    host = load_among_others(plugin)
    offered = record_of(host).offers.values()
    host.prefer = {name: OWN_NAME for names in offered for name in names}
    spec = DATA / "measures" / f"{AWKWARD}.yaml"
    host.offer("romframe.testing", "instruments", AWKWARD, SpecFile(spec))
    return Catalogue(host)


def record_of(host: PluginHost) -> PluginRecord:
    """Give what became of the plugin under test."""
    return host.records[OWN_NAME]


def _others(plugin: Any) -> Iterator[PluginSource]:
    """Give the installed plugins but this one."""
    for source in installed():
        try:
            with contained():
                same = source.load() is plugin
        except Exception:  # the host says of it what is wrong
            same = False
        if not same:
            yield source
