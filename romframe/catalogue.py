"""The instruments and methods that the plugins of one run offer, loaded when they are asked for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from romframe.change_methods import ChangeMethod
from romframe.errors import PluginError, Problem, UsageError, UserError, did_you_mean
from romframe.hookspecs import PROJECT
from romframe.instruments.loader import load_instrument
from romframe.instruments.model import Instrument
from romframe.instruments.renamed import old_keys
from romframe.instruments.schema import Vocabulary
from romframe.methods import ScoringMethod
from romframe.offers import SpecFile
from romframe.plugins import PluginHost
from romframe.trial import try_ratio, try_verdict


@define
class Catalogue:
    """Every instrument that can be had by its id, and the methods that specs may name."""

    host: PluginHost
    _loaded: dict[str, Instrument] = field(factory=dict)

    @property
    def scoring_methods(self) -> Mapping[str, ScoringMethod]:
        """The scoring methods, by name; one that fails raises PluginError, noted on the host."""
        known = self.host.registry("scoring_methods").items()
        return {
            name: self._guarded("scoring_methods", name, each, try_ratio) for name, each in known
        }

    @property
    def change_methods(self) -> Mapping[str, ChangeMethod]:
        """The change methods, by name; one that fails raises PluginError, noted on the host."""
        known = self.host.registry("change_methods").items()
        return {
            name: self._guarded("change_methods", name, each, try_verdict) for name, each in known
        }

    def _guarded(self, kind: str, name: str, method: Any, attempt: Callable[..., None]) -> Any:
        def call(inputs: Any) -> Any:
            result = method.build(inputs)
            if self.host.owner(kind, name) != PROJECT:
                attempt(inputs, result)
            return result

        def build(inputs: Any) -> Any:
            try:
                return self.host.guard(kind, name, lambda: call(inputs))
            except PluginError as error:
                self.host.note(error)
                raise

        return evolve(method, build=build)

    @property
    def vocabulary(self) -> Vocabulary:
        """What specs may say of methods."""
        return Vocabulary(
            {name: method.terms for name, method in self.scoring_methods.items()},
            {name: method.terms for name, method in self.change_methods.items()},
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The names by which instruments can be had."""
        return tuple(self.host.registry("instruments"))

    def instrument(self, name: str) -> Instrument:
        """Give the instrument of this name.

        Raises UsageError if nobody offers it, PluginError if it is contested, SpecError if its
        spec is not valid.
        """
        if name not in self._loaded:
            if name not in self.ids and not self._contested(name):
                what = f"There is no instrument {name!r}."
                mend = f"{did_you_mean(name, self.ids)} See `romframe measures list`."
                if name.endswith((".yaml", ".yml")):
                    mend = "A spec of your own: open_workspace(FOLDER).instrument(ID) gives it."
                raise UsageError(Problem("unknown-instrument", what, mend))
            spec: SpecFile = self.host.find("instruments", name)
            self._loaded[name] = load_instrument(
                spec.path,
                self.vocabulary,
                spec.instrument_id,
                set_rules_aside=self.host.incomplete,
            )
        return self._loaded[name]

    def with_instrument(self, name: str, instrument: Instrument) -> "Catalogue":
        """Give a catalogue in which this instrument goes by that name."""
        return Catalogue(self.host, {**self._loaded, name: instrument})

    def _contested(self, name: str) -> bool:
        return any(
            each.what.startswith(f"{name!r} (instruments)") for each in self.host.contested()
        )

    def read(self, path: Path) -> Instrument:
        """Load a spec file that need not be offered by any plugin."""
        return load_instrument(path, self.vocabulary)

    def problems(self) -> list[Problem]:
        """Load every instrument and give what is wrong with any of them."""
        return [problem for each in self.problems_by_plugin().values() for problem in each]

    def problems_by_plugin(self) -> dict[str, list[Problem]]:
        """Load every instrument and give what is wrong with any, by the plugin that offers it."""
        found: dict[str, list[Problem]] = {}
        for name in self.ids:
            try:
                self.instrument(name)
            except UserError as error:
                found.setdefault(self.host.owner("instruments", name), []).extend(error.problems)
        return found

    def old_words(self) -> list[Problem]:
        """Give a warning for each key with an old name in the specs that can be read."""
        return [
            Problem("deprecated-use", f"{name}: {old}", "Write it in the spec.", severity="warning")
            for name, instrument in sorted(self._loaded.items())
            for old in old_keys(instrument.document)
        ]
