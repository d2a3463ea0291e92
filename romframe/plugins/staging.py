"""What a plugin offers, checked and collected: all of it or nothing."""

import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pluggy

from romframe import hookspecs
from romframe.errors import PluginError, Problem, did_you_mean
from romframe.hookspecs import PROJECT


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
    "register_scoring_methods": ("romframe", "ScoringMethod"),
    "register_change_methods": ("romframe", "ChangeMethod"),
    "register_exporters": ("romframe", "Exporter"),
    "register_importers": ("romframe", "Importer"),
    "register_checks": ("romframe", "Check"),
    "register_indicators": ("romframe", "Indicator"),
    "register_report_sections": ("romframe", "ReportSection"),
    "register_definition_formats": ("romframe", "DefinitionFormat"),
    "register_commands": ("click", "Command"),
}
_FIELDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(
        ("build", "export", "read", "check", "measure"), ("something that can be called", callable)
    ),
    **dict.fromkeys(
        ("summary", "title", "template"), ("text", lambda value: isinstance(value, str))
    ),
    "order": ("a number", lambda value: isinstance(value, int | float)),
    "about": ("rating, rater or import", lambda value: value in ("rating", "rater", "import")),
}


class Staged(NamedTuple):
    """What a plugin offers, by kind and name, and what of it is on its way out."""

    offers: Mapping[str, Mapping[str, Any]]
    notices: tuple[str, ...] = ()


def stage(name: str, plugin: Any, hooks: frozenset[str]) -> Staged:
    """Check a plugin's hooks and collect its offers, all or nothing; only `hooks` are called.

    Raises PluginError with the first fault.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            manager.register(plugin, name=name)
    except (pluggy.PluginValidationError, ValueError) as error:
        what = f"The plugin {name!r} has a hook that does not fit: {say(error)}."
        raise PluginError(Problem("plugin-hook", what, "Correct its arguments.")) from error
    callers = manager.get_hookcallers(plugin) or []
    _check_hooks(name, plugin, callers)
    offers = {
        KINDS[caller.name]: _collect(name, caller) for caller in callers if caller.name in hooks
    }
    return Staged(offers, tuple(dict.fromkeys(str(each.message) for each in told)))


def _check_hooks(name: str, plugin: Any, callers: list[pluggy.HookCaller]) -> None:
    """Raise PluginError for hooks that do not exist, that wrap others, or that are not marked."""
    for caller in callers:
        if caller.name not in KINDS:
            what = f"The plugin {name!r} implements a hook that does not exist: {caller.name!r}."
            raise PluginError(Problem("plugin-hook", what, did_you_mean(caller.name, KINDS)))
        if any(each.wrapper or each.hookwrapper for each in caller.get_hookimpls()):
            what = f"The plugin {name!r} wraps {caller.name}, and no plugin may change another's."
            mend = "Write it without `wrapper`: a hook offers its own and returns nothing."
            raise PluginError(Problem("plugin-hook", what, mend))
    marked = {caller.name for caller in callers}
    for hook in KINDS:
        if callable(getattr(plugin, hook, None)) and hook not in marked:
            what = f"The plugin {name!r} has a function {hook} that is not marked as a hook."
            raise PluginError(Problem("plugin-hook", what, "Write @romframe.hookimpl above it."))
    if not callers:
        what = f"The plugin {name!r} implements no hook."
        mend = "It is a module with functions such as register_checks, marked @romframe.hookimpl."
        raise PluginError(Problem("plugin-hook", what, mend))


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
            returned = implementation.function(*(register for _ in implementation.argnames))
            if returned is not None:
                raise TypeError(f"it returned a {type(returned).__name__} and registers nothing so")
        except (PluginError, KeyboardInterrupt):
            raise
        except BaseException as error:
            what = f"The plugin {plugin!r} failed in {caller.name}: {say(error)}."
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


def _check_offer(wanted: tuple[str, str], offer: Any) -> None:
    classes = {(each.__module__.partition(".")[0], each.__name__) for each in type(offer).__mro__}
    if wanted not in classes:
        raise TypeError(f"register takes {wanted[1]}, not {type(offer).__name__}")
    if not isinstance(offer.name, str) or not offer.name:
        raise TypeError(f"the name of {wanted[1]} is text, not {offer.name!r}")
    if wanted[0] == "click":
        offer.get_short_help_str()  # the list of commands shows it
        return
    for name, (kind, fits) in _FIELDS.items():
        value = getattr(offer, name, None)
        if not (fits(value) or (value is None and _may_be_left_out(offer, name))):
            raise TypeError(f"{name} of {offer.name} is {kind}, not {value!r}")
    for schema in (getattr(offer, "params", None), getattr(offer, "options", None)):
        if isinstance(schema, Mapping) and schema:
            from romframe.validation import StrictValidator

            StrictValidator(dict(schema))


def _may_be_left_out(offer: Any, name: str) -> bool:
    from inspect import signature

    field = signature(type(offer)).parameters.get(name)
    return field is None or field.default is None


def say(error: BaseException) -> str:
    """Tell of an error in one line that cannot steer a terminal; some errors cannot say theirs."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = type(error).__name__
    line = " ".join(text.split()).rstrip(":. ")
    return "".join(sign if sign.isprintable() else "?" for sign in line)
