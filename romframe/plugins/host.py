"""The plugins of one run: what became of each, who owns which name, and how one is called.

A plugin that fails at any stage is set aside whole, with the stage, the reason and the mend. Names
are owned: a name that two plugins offer belongs to nobody until config prefers one of them.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import click

from romframe.errors import PluginError, Problem, UserError, did_you_mean, no_room
from romframe.hookspecs import GROUP, PROJECT
from romframe.plugins.containment import contained
from romframe.plugins.sources import PluginSource
from romframe.plugins.staging import KINDS, Staged, say, stage


Status = Literal["ok", "failed", "disabled", "other_api"]

SLOW = 2.0  # seconds that a plugin may take to load until somebody is told
_LEAVING = (
    click.ClickException,
    click.Abort,
    click.exceptions.Exit,
    BrokenPipeError,
    KeyboardInterrupt,
)
_NOTHING = Staged({})


class PluginRecord(NamedTuple):
    """What became of one plugin: what it offers, by kind, and the seconds that loading took.

    `notices` are sentences about what it uses that will go.
    """

    source: PluginSource
    status: Status
    offers: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    problem: Problem | None = None
    seconds: float = 0.0
    notices: tuple[str, ...] = ()


class _Contest(NamedTuple):
    kind: str
    name: str
    owners: tuple[str, ...]

    def problem(self) -> Problem:
        if PROJECT in self.owners:
            who = " and ".join(each for each in self.owners if each != PROJECT)
            what = f"{self.name!r} ({self.kind}) is {PROJECT}'s own; that of {who} is not used."
            return Problem("plugin-conflict", what, f"Give the one of {who} another name.")
        who = " and ".join(self.owners)
        what = f"{self.name!r} ({self.kind}) is offered by {who}, so it belongs to nobody."
        mend = f"Choose one in romframe.yaml: `prefer: {{{self.name}: {self.owners[0]}}}`."
        return Problem("plugin-conflict", what, mend)


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
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.prefer = prefer
        self.disabled = disabled
        self.hooks = hooks
        self.clock = clock
        self.records: dict[str, PluginRecord] = {}
        self.problems: list[Problem] = []
        self._claims: dict[str, dict[str, dict[str, Any]]] = {}
        self._failures: dict[tuple[str, str, str], Problem] = {}

    def load(self, sources: Iterable[PluginSource]) -> None:
        """Load each plugin by itself; never raises for what a plugin does.

        Of several plugins with one name none is loaded, so that no order decides which it is.
        """
        ordered = _ours_where_both(sorted(sources, key=lambda each: (each.distribution, each.name)))
        named = Counter(source.name for source in ordered if _counts(source))
        for source in ordered:
            record, staged = self._load(source, alone=named[source.name] == 1)
            self.records[_title(source, named[source.name])] = record
            if record.problem is not None:
                self.problems.append(record.problem)
            for kind, offers in staged.offers.items():
                for name, offer in offers.items():
                    self._claims.setdefault(kind, {}).setdefault(name, {})[source.name] = offer

    def _load(self, source: PluginSource, *, alone: bool) -> tuple[PluginRecord, Staged]:
        status, problem = self._refused(source, alone)
        if status is not None:
            return PluginRecord(source, status, problem=problem), _NOTHING
        begun = self.clock()
        staged, problem = self._stage(source)
        seconds = self.clock() - begun
        if problem is not None:
            return PluginRecord(source, "failed", problem=problem, seconds=seconds), _NOTHING
        offers = {kind: tuple(sorted(each)) for kind, each in staged.offers.items() if each}
        return PluginRecord(source, "ok", offers, None, seconds, staged.notices), staged

    def _refused(self, source: PluginSource, alone: bool) -> tuple[Status | None, Problem | None]:
        """Say of a plugin that is not to be imported why not."""
        name = source.name
        if source.group != GROUP:
            what = f"The plugin {name!r} was written for {source.group}; this is {GROUP}."
            mend = f"Install a release of {source.distribution or name} made for {GROUP}."
            return "other_api", Problem("plugin-api", what, mend)
        if name in self.disabled:
            return "disabled", None
        if not _counts(source):
            what = f"No plugin but romframe's own is called {PROJECT!r}."
            return "failed", Problem("plugin-name", what, "Rename its entry point or file.")
        if not alone:
            what = f"Several plugins are called {name!r}, so none of them is loaded."
            mend = "Uninstall all but one, or rename an entry point or file."
            return "failed", Problem("plugin-name", what, mend)
        return None, None

    def _stage(self, source: PluginSource) -> tuple[Staged, Problem | None]:
        try:
            with contained():
                return stage(source.name, source.load(), self.hooks), None
        except KeyboardInterrupt:
            raise
        except PluginError as error:
            return _NOTHING, error.problems[0]
        except BaseException as error:
            what = f"The plugin {source.name!r} could not be imported: {say(error)}."
            mend = f"Reinstall {source.distribution or 'it'} with what it needs, or disable it."
            return _NOTHING, Problem("plugin-import", what, mend)

    def offer(self, owner: str, kind: str, name: str, value: Any) -> None:
        """Add an offer that does not come from a plugin, such as a workspace's own measure."""
        self._claims.setdefault(kind, {}).setdefault(name, {})[owner] = value

    def registry(self, kind: str) -> dict[str, Any]:
        """Give what is offered of a kind, by name, without contested names."""
        return {name: value for name, (_, value) in self._owned(kind)}

    def owner(self, kind: str, name: str) -> str:
        """Give the name of the plugin that owns an offer; KeyError if nobody does."""
        return self.owners(kind)[name]

    def owners(self, kind: str) -> dict[str, str]:
        """Give the plugin that owns each offer of a kind, by the offer's name."""
        return {name: owner for name, (owner, _) in self._owned(kind)}

    def _owned(self, kind: str) -> Iterator[tuple[str, tuple[str, Any]]]:
        for name, owners in sorted(self._claims.get(kind, {}).items()):
            preferred = self.prefer.get(name)
            if preferred in owners:
                yield name, (preferred, owners[preferred])
            elif PROJECT in owners:
                yield name, (PROJECT, owners[PROJECT])
            elif len(owners) == 1:
                yield name, next(iter(owners.items()))

    def _contests(self) -> Iterator[_Contest]:
        for kind, claims in sorted(self._claims.items()):
            for name, owners in sorted(claims.items()):
                if len(owners) > 1 and self.prefer.get(name) not in owners:
                    yield _Contest(kind, name, tuple(sorted(owners)))

    def contested(self) -> list[Problem]:
        """Give a problem for each name that several plugins offer and config does not settle."""
        return [contest.problem() for contest in self._contests()]

    def unknown(self) -> list[Problem]:
        """Give a problem for each name in `disabled` or `prefer` that nothing here goes by."""
        claims = [each for kind in self._claims.values() for each in kind.items()]
        plugins = {each.source.name for each in self.records.values()}
        plugins |= {owner for _, owners in claims for owner in owners}
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
        for contest in self._contests():
            if (contest.kind, contest.name) == (kind, name):
                raise PluginError(contest.problem())
        what = f"No plugin offers {name!r} ({kind.replace('_', ' ')})."
        failed = [each.source.name for each in self.records.values() if each.status == "failed"]
        mend = did_you_mean(name, registry)
        if failed:
            mend += f" These plugins failed to load: {', '.join(failed)}; see `romframe plugins`."
        raise PluginError(Problem("unknown-offer", what, mend))

    def problems_of(self, plugin: str) -> list[Problem]:
        """Give what is known to be wrong with a plugin: its loading, its names, its calls."""
        record = self.records[plugin]
        found = [] if record.problem is None else [record.problem]
        name = record.source.name
        found += [each.problem() for each in self._contests() if name in each.owners]
        found += [each for (owner, *_), each in self._failures.items() if owner == name]
        return [*found, *self._remarks(record)]

    def remarks(self) -> list[Problem]:
        """Give warnings of plugins that work: slow to load, or using what will go."""
        return [each for record in self.records.values() for each in self._remarks(record)]

    def _remarks(self, record: PluginRecord) -> Iterator[Problem]:
        name = record.source.name
        if record.seconds > SLOW:
            what = f"The plugin {name!r} took {record.seconds:.1f} s to load."
            mend = "Every command waits for it: disable it, or ask its authors to import less."
            yield Problem("plugin-slow", what, mend, severity="warning")
        for notice in record.notices:
            what, mend = f"The plugin {name!r}: {notice}", "Ask its authors for a newer release."
            yield Problem("deprecated-use", what, mend, severity="warning")

    def guard(self, kind: str, name: str, call: Callable[[], Any]) -> Any:
        """Call into a plugin; whatever it raises, other than a UserError, becomes a PluginError.

        What it prints goes to standard error, and what it changes for all is put back, unless it is
        a command. What a command raises to leave, to be told of wrong usage or because nobody reads
        on, stays. A full disk is no fault of the plugin's, and becomes a DataError.
        """
        leaving = _LEAVING if kind == "commands" else (KeyboardInterrupt,)
        try:
            with nullcontext() if kind == "commands" else contained():
                return call()
        except (UserError, *leaving):
            raise
        except BaseException as error:
            full = no_room(error)
            if full is not None:
                raise full from error
            raise self._failure(kind, name, error) from error

    def attempt(self, kind: str, name: str, call: Callable[[], Any]) -> Any:
        """Call into a plugin without which a run goes on: None where it fails, and that is noted.

        However often it fails, its first failure alone is told. Raises what it says to the user.
        """
        try:
            return self.guard(kind, name, call)
        except PluginError as error:
            self.note(error)
        return None

    def note(self, error: PluginError) -> None:
        """Keep the problems of a call without which a run goes on; of an offer only its first."""
        first = {*self._failures.values()}
        for problem in error.problems:
            if problem in first or problem.code != "plugin-call":
                self.problems += [] if problem in self.problems else [problem]

    def _failure(self, kind: str, name: str, error: BaseException) -> PluginError:
        owner = self.owner(kind, name)
        what = f"The plugin {owner!r} failed in {name!r} ({kind}): {say(error)}."
        mend = f"Report this to the authors of {owner}, or use --no-plugin {owner}."
        problem = Problem("plugin-call", what, mend)
        self._failures.setdefault((owner, kind, name), problem)
        return PluginError(problem)


def _counts(source: PluginSource) -> bool:
    """Say whether a source has a claim to its name: one for another API has none."""
    return source.group == GROUP and (source.name != PROJECT or source.distribution == PROJECT)


def _ours_where_both(sources: list[PluginSource]) -> list[PluginSource]:
    """Leave out what a distribution that also offers the plugin for our API has for others."""
    ours = {(each.distribution, each.name) for each in sources if each.group == GROUP}
    return [
        each
        for each in sources
        if each.group == GROUP or (each.distribution, each.name) not in ours
    ]


def _title(source: PluginSource, namesakes: int) -> str:
    """Give the name of a plugin in a list, with its distribution where it is not alone."""
    alone = namesakes == 0 or (namesakes == 1 and _counts(source))
    return source.name if alone else f"{source.name} ({source.distribution})"
