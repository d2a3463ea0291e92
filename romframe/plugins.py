"""Plugins, loaded one at a time and called one at a time, so that none can take the rest down.

A plugin that fails at any stage is set aside whole, with the stage, the reason and the mend. Names
are owned: a name that two plugins offer belongs to nobody until config prefers one of them.
"""

import contextlib
import functools
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal, NamedTuple

import click
import pluggy

from romframe import hookspecs
from romframe.errors import PluginError, Problem, UserError, did_you_mean, no_room
from romframe.hookspecs import FAMILY, GROUP, PROJECT


Status = Literal["ok", "failed", "disabled", "other_api"]

KINDS = {
    "register_instruments": "instruments",
    "register_scoring_methods": "scoring_methods",
    "register_change_methods": "change_methods",
    "register_exporters": "exporters",
    "register_importers": "importers",
    "register_checks": "checks",
    "register_indicators": "indicators",
    "register_report_sections": "report_sections",
    "register_definition_formats": "definition_formats",
    "register_commands": "commands",
}

_OFFERS = {  # by name, so that no class need be imported before a plugin offers one
    "register_scoring_methods": "ScoringMethod",
    "register_change_methods": "ChangeMethod",
    "register_exporters": "Exporter",
    "register_importers": "Importer",
    "register_checks": "Check",
    "register_indicators": "Indicator",
    "register_report_sections": "ReportSection",
    "register_definition_formats": "DefinitionFormat",
    "register_commands": "Command",
}
_LEAVING = (
    click.ClickException,
    click.Abort,
    click.exceptions.Exit,
    BrokenPipeError,
    KeyboardInterrupt,
)


class PluginSource(NamedTuple):
    """Where a plugin comes from: its name, its distribution, and how to get it."""

    name: str
    load: Callable[[], Any]
    distribution: str = ""
    version: str = ""
    group: str = GROUP


class PluginRecord(NamedTuple):
    """What became of one plugin, and what it offers, by kind."""

    source: PluginSource
    status: Status
    offers: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    problem: Problem | None = None


class PluginHost:
    """The plugins of one run: records of all, and registries of what the sound ones offer.

    `prefer` settles contested names; `disabled` plugins are not imported; only `hooks` are called.
    Every command makes one, so it is a plain class: to build one with attrs takes longer than to
    load all plugins.
    """

    def __init__(
        self,
        prefer: Mapping[str, str] = MappingProxyType({}),
        disabled: frozenset[str] = frozenset(),
        hooks: frozenset[str] = frozenset(KINDS),
    ) -> None:
        self.prefer = prefer
        self.disabled = disabled
        self.hooks = hooks
        self.records: dict[str, PluginRecord] = {}
        self.problems: list[Problem] = []
        self._claims: dict[str, dict[str, dict[str, Any]]] = {}

    def load(self, sources: Iterable[PluginSource]) -> None:
        """Load each plugin by itself; never raises for what a plugin does."""
        for source in sorted(sources, key=lambda each: (each.distribution, each.name)):
            record, staged = self._load(source)
            known = source.name in self.records
            self.records[f"{source.name} ({source.distribution})" if known else source.name] = (
                record
            )
            if record.problem is not None:
                self.problems.append(record.problem)
            for kind, offers in staged.items():
                for name, offer in offers.items():
                    self._claims.setdefault(kind, {}).setdefault(name, {})[source.name] = offer

    def _load(self, source: PluginSource) -> tuple[PluginRecord, dict[str, dict[str, Any]]]:
        if source.group != GROUP:
            what = f"The plugin {source.name!r} was written for {source.group}; this is {GROUP}."
            mend = f"Install a release of {source.distribution or source.name} made for {GROUP}."
            return PluginRecord(source, "other_api", problem=Problem("plugin-api", what, mend)), {}
        if source.name in self.disabled:
            return PluginRecord(source, "disabled"), {}
        if source.name in self.records:
            what = f"Two plugins are called {source.name!r}."
            problem = Problem("plugin-name", what, "Uninstall one, or rename its entry point.")
            return PluginRecord(source, "failed", problem=problem), {}
        try:
            with quiet():
                staged = _stage(source.name, source.load(), self.hooks)
        except KeyboardInterrupt:
            raise
        except PluginError as error:
            return PluginRecord(source, "failed", problem=error.problems[0]), {}
        except BaseException as error:
            what = f"The plugin {source.name!r} could not be imported: {_say(error)}."
            mend = f"Reinstall {source.distribution or 'it'} with what it needs, or disable it."
            return PluginRecord(source, "failed", problem=Problem("plugin-import", what, mend)), {}
        offers = {kind: tuple(sorted(each)) for kind, each in staged.items() if each}
        return PluginRecord(source, "ok", offers), staged

    def offer(self, owner: str, kind: str, name: str, value: Any) -> None:
        """Add an offer that does not come from a plugin, such as a workspace's own measure."""
        self._claims.setdefault(kind, {}).setdefault(name, {})[owner] = value

    def registry(self, kind: str) -> dict[str, Any]:
        """Give what is offered of a kind, by name, without contested names."""
        return {name: value for name, (_, value) in self._owned(kind)}

    def owner(self, kind: str, name: str) -> str:
        """Give the name of the plugin that owns an offer; KeyError if nobody does."""
        return {known: owner for known, (owner, _) in self._owned(kind)}[name]

    def _owned(self, kind: str) -> Iterator[tuple[str, tuple[str, Any]]]:
        for name, owners in sorted(self._claims.get(kind, {}).items()):
            preferred = self.prefer.get(name)
            if preferred in owners:
                yield name, (preferred, owners[preferred])
            elif len(owners) == 1:
                yield name, next(iter(owners.items()))

    def contested(self) -> list[Problem]:
        """Give a problem for each name that several plugins offer and config does not settle."""
        found = []
        for kind, claims in sorted(self._claims.items()):
            owned = {name for name, _ in self._owned(kind)}
            for name, owners in sorted(claims.items()):
                if name not in owned:
                    who = " and ".join(sorted(owners))
                    what = f"{name!r} ({kind}) is offered by {who}, so it belongs to nobody."
                    mend = f"Choose one in romframe.yaml: `prefer: {{{name}: {min(owners)}}}`."
                    found.append(Problem("plugin-conflict", what, mend))
        return found

    def unknown(self) -> list[Problem]:
        """Give a problem for each name in `disabled` or `prefer` that nothing here goes by."""
        claims = [each for kind in self._claims.values() for each in kind.items()]
        plugins = {*self.records, *(owner for _, owners in claims for owner in owners)}
        named = {"disable": self.disabled, "prefer": self.prefer.values()}
        found = []
        for verb, names in named.items():
            for name in sorted({*names} - plugins):
                what = f"There is no plugin {name!r} to {verb}."
                found.append(Problem("unknown-plugin", what, did_you_mean(name, plugins)))
        offers = {name for name, _ in claims}
        for name in sorted({*self.prefer} - offers):
            what = f"No plugin offers {name!r}, for which romframe.yaml prefers one."
            found.append(Problem("unknown-offer", what, did_you_mean(name, offers)))
        return found

    @property
    def incomplete(self) -> bool:
        """Whether a plugin that is there offers nothing, because it failed or was disabled."""
        return any(record.status != "ok" for record in self.records.values())

    def faults(self) -> list[Problem]:
        """Give all that is wrong with plugins and with what is said of them."""
        return [*self.problems, *self.contested(), *self.unknown()]

    def find(self, kind: str, name: str) -> Any:
        """Give one offer by name.

        Raises PluginError saying whether it is contested, was lost with a failed plugin, or does
        not exist.
        """
        registry = self.registry(kind)
        if name in registry:
            return registry[name]
        conflict = [each for each in self.contested() if each.what.startswith(f"{name!r} ({kind})")]
        if conflict:
            raise PluginError(conflict)
        what = f"No plugin offers {name!r} ({kind.replace('_', ' ')})."
        failed = [each.source.name for each in self.records.values() if each.status == "failed"]
        mend = did_you_mean(name, registry)
        if failed:
            mend += f" These plugins failed to load: {', '.join(failed)}; see `romframe plugins`."
        raise PluginError(Problem("unknown-offer", what, mend))

    def guard(self, kind: str, name: str, call: Callable[[], Any]) -> Any:
        """Call into a plugin; whatever it raises, other than a UserError, becomes a PluginError.

        What a command raises to leave, to be told of wrong usage or because nobody reads on, stays.
        A full disk is no fault of the plugin's, and becomes a DataError.
        """
        try:
            return call()
        except (UserError, *_LEAVING):
            raise
        except BaseException as error:
            full = no_room(error)
            if full is not None:
                raise full from error
            owner = self.owner(kind, name)
            what = f"The plugin {owner!r} failed in {name!r} ({kind}): {_say(error)}."
            mend = f"Report this to the authors of {owner}, or use --no-plugin {owner}."
            raise PluginError(Problem("plugin-call", what, mend)) from error


def quiet() -> contextlib.redirect_stdout[Any]:
    """Send what a plugin prints to standard error: standard output is for results."""
    return contextlib.redirect_stdout(sys.stderr)


def installed() -> list[PluginSource]:
    """Give the plugins that are installed, of any hook API; none is imported yet.

    Reads the entry points of wheels (`*.dist-info/entry_points.txt`) where Python looks for
    modules; a distribution counts where it is found first. importlib.metadata would give the same,
    but to import it takes about as long as everything else that a command starts with.
    """
    files: dict[str, Path] = {}
    for folder in dict.fromkeys(sys.path):
        for file in Path(folder or ".").glob("*.dist-info/entry_points.txt"):
            files.setdefault(file.parent.name.partition("-")[0].lower(), file)
    return [source for name in sorted(files) for source in _sources(files[name])]


def _sources(file: Path) -> Iterator[PluginSource]:
    name, _, version = file.parent.name.removesuffix(".dist-info").partition("-")
    group = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        entry, sign, target = (part.strip() for part in line.partition("="))
        if entry.startswith("["):
            group = entry.strip("[]")
        elif sign and group.startswith(FAMILY):
            load = functools.partial(_load_entry, target)
            yield PluginSource(entry, load, name.replace("_", "-"), version, group)


def _load_entry(target: str) -> Any:
    module, _, attributes = target.partition(":")
    found = importlib.import_module(module)
    return functools.reduce(getattr, attributes.split("."), found) if attributes else found


def in_folder(folder: Path) -> list[PluginSource]:
    """Give the one-file plugins (`*.py`) in a folder; none is imported yet."""
    return [
        PluginSource(path.stem, functools.partial(_load_file, path), distribution=str(path))
        for path in sorted(folder.glob("*.py"))
    ]


def _load_file(path: Path) -> ModuleType:
    module = ModuleType(path.stem)
    SourceFileLoader(path.stem, str(path)).exec_module(module)
    return module


def _stage(name: str, plugin: Any, hooks: frozenset[str]) -> dict[str, dict[str, Any]]:
    """Check a plugin's hooks and collect its offers, all or nothing."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name=name)
    except (pluggy.PluginValidationError, ValueError) as error:
        what = f"The plugin {name!r} has a hook that does not fit: {_say(error)}."
        raise PluginError(Problem("plugin-hook", what, "Correct its arguments.")) from error
    staged: dict[str, dict[str, Any]] = {}
    for caller in manager.get_hookcallers(plugin) or ():
        if caller.name not in KINDS:
            what = f"The plugin {name!r} implements a hook that does not exist: {caller.name!r}."
            raise PluginError(Problem("plugin-hook", what, did_you_mean(caller.name, KINDS)))
        if caller.name in hooks:
            staged[KINDS[caller.name]] = _collect(name, caller)
    return staged


def _collect(plugin: str, caller: pluggy.HookCaller) -> dict[str, Any]:
    offers: dict[str, Any] = {}

    def register(offer: Any = None, **where: str) -> None:
        for name, value in _named(caller.name, offer, where):
            if name in offers:
                what = f"The plugin {plugin!r} offers {name!r} twice."
                raise PluginError(Problem("plugin-register", what, "Register it once."))
            offers[name] = value

    for implementation in caller.get_hookimpls():
        try:
            implementation.function(*(register for _ in implementation.argnames))
        except (PluginError, KeyboardInterrupt):
            raise
        except BaseException as error:
            what = f"The plugin {plugin!r} failed in {caller.name}: {_say(error)}."
            mend = "Correct the plugin, or disable it with --no-plugin."
            raise PluginError(Problem("plugin-register", what, mend)) from error
    return offers


def _named(hook: str, offer: Any, where: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if hook != "register_instruments":
        _check_offer(_OFFERS[hook], offer)
        yield offer.name, offer
        return
    from importlib.resources import files as files_of

    from romframe.offers import SpecFile

    folder = Path(str(files_of(where["package"]))) / where["folder"]
    files = sorted(folder.glob("*.yaml"))
    _refuse_wording(where["package"], folder)
    if not files:
        raise FileNotFoundError(f"no *.yaml in {where['package']}/{where['folder']}")
    for path in files:
        yield path.stem, SpecFile(path)


def _refuse_wording(package: str, folder: Path) -> None:
    """Raise PluginError if a package brings a wording pack: wording is for each site to supply."""
    from romframe.wording import packs_in

    modules = [importlib.import_module(name) for name in (package, package.partition(".")[0])]
    own = [each for each in modules if getattr(each, "__file__", None)]  # a namespace is shared
    roots = {Path(root) for each in own for root in getattr(each, "__path__", ())}
    for path in (pack for root in (*sorted(roots), folder) for pack in packs_in(root)):
        what = f"The package {package!r} contains a wording pack: {path}."
        mend = "Take it out: wording belongs into the folder `wording` of a site's workspace."
        raise PluginError(Problem("wording-packaged", what, mend))


def _check_offer(wanted: str, offer: Any) -> None:
    if wanted not in {each.__name__ for each in type(offer).__mro__}:
        raise TypeError(f"register takes {wanted}, not {type(offer).__name__}")
    if not isinstance(offer.name, str) or not offer.name:
        raise TypeError(f"the name of {wanted} is text, not {offer.name!r}")
    for schema in (getattr(offer, "params", None), getattr(offer, "options", None)):
        if isinstance(schema, Mapping) and schema:
            from romframe.validation import StrictValidator

            StrictValidator(dict(schema))


def _say(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(":. ")
