"""Plugins with one fault each."""

import itertools
from pathlib import Path

import pluggy

import romframe.methods
from romframe import ChangeMethod, Exporter, hookimpl
from romframe.testing import PluginExtras, offering


class _Raising:
    @hookimpl
    def register_exporters(self, register):
        register("no exporter")


class _Changing:
    numbers = itertools.count()

    @hookimpl
    def register_change_methods(self, register):
        register(ChangeMethod(f"any_{next(self.numbers)}", print, {}))


class TestHasNoFault(PluginExtras):
    plugin = offering(Exporter("mine_alone", "Mine", print))
    caught_by = ()


class TestRaises(PluginExtras):
    plugin = _Raising()
    caught_by = ("it_loads_by_itself", "it_offers_something")


class TestOffersNothing(PluginExtras):
    plugin = object()
    caught_by = ("it_offers_something",)


class TestOffersOtherThingsEachTime(PluginExtras):
    plugin = _Changing()
    caught_by = ("loading_it_again_offers_the_same",)


class TestTakesANameOfAnother(PluginExtras):
    plugin = offering(Exporter("mhsds", "Mine", print))
    caught_by = ("its_names_are_free_among_the_installed_plugins",)


class TestIsNotInItsReadme(PluginExtras):
    plugin = offering(Exporter("mine_alone", "Mine", print))
    readme = Path(pluggy.__file__)
    caught_by = ("its_readme_names_all_that_it_offers",)


class TestHasNoEntryPoint(PluginExtras):
    plugin = offering(Exporter("mine_alone", "Mine", print))
    distribution = "pluggy"
    caught_by = ("its_distribution_says_what_it_is",)


class TestIsSlowToImport(PluginExtras):
    plugin = romframe.methods
    caught_by = ("importing_it_brings_in_nothing_heavy", "it_offers_something")
