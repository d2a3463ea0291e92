"""What is wrong with a workspace beyond its plugins: choices that do not exist, versions without a
spec.
"""

from collections.abc import Iterator
from contextlib import suppress

import polars as pl

from romframe.catalogue import Catalogue
from romframe.change import judge
from romframe.config import FILE_NAME, Choice
from romframe.errors import FrameworkError, Place, Problem, UserError, did_you_mean
from romframe.export_options import config_problems
from romframe.hookspecs import PROJECT
from romframe.instruments.model import STORED, Instrument
from romframe.norms import read_norms
from romframe.scoring import scorer
from romframe.workspace import Workspace


def choice_problems(workspace: Workspace) -> list[Problem]:
    """Try every choice of the config, and give what is wrong with it, each with its place there."""
    found = []
    for name, choice in workspace.config.measures.items():
        place = Place(str(workspace.path / FILE_NAME), field=f"measures: {name}")
        for problem in _of_choice(workspace, name, choice):
            found.append(problem._replace(place=place))
    return found


def export_problems(workspace: Workspace) -> list[Problem]:
    """Give what is wrong with the options of exporters in the config, each with its place there."""
    host, config = workspace.catalogue.host, workspace.config
    known = host.registry("exporters")
    found = []
    for name in config.exports:
        if name in known:
            found += config_problems(config, known[name])
        else:
            place = config.document.place(("exports", name))
            what = f"There is no exporter {name!r} to give options to."
            found.append(Problem("unknown-exporter", what, did_you_mean(name, known), place))
    return found


def norm_problems(workspace: Workspace) -> list[Problem]:
    """Give what is wrong with norms.yaml."""
    try:
        read_norms(workspace)
    except UserError as error:
        return [*error.problems]
    return []


def check_choices(workspace: Workspace) -> None:
    """Raise FrameworkError with everything that is wrong with the choices of the config."""
    problems = choice_problems(workspace)
    if problems:
        raise FrameworkError(problems)


def _of_choice(workspace: Workspace, name: str, choice: Choice) -> Iterator[Problem]:
    try:
        instrument = workspace.instrument(name)
        _try_scores(workspace, instrument, choice)
    except UserError as error:
        yield from error.problems
        return
    scores = {score.id for score in instrument.scores}
    for score, rule in choice.rules.items():
        if score not in scores:
            what = f"{instrument.name} has no score {score!r}, for which a rule is chosen."
            yield Problem("unknown-score", what, did_you_mean(score, scores))
            continue
        try:
            methods, find = workspace.catalogue.change_methods, workspace.catalogue.instrument
            judge(instrument, methods, score=score, rule=rule, find=find)
        except UserError as error:
            yield from error.problems


def _try_scores(workspace: Workspace, instrument: Instrument, choice: Choice) -> None:
    """Make the instrument ready to score as chosen; raises UsageError for names it has not."""
    options = choice.of_scores(instrument)
    if options["scores"] or choice.missing or choice.bands:
        scorer(instrument, workspace.catalogue.scoring_methods, coding=STORED.id, **options)


def try_methods(catalogue: Catalogue) -> None:
    """Build every score and change rule that a plugin's method makes; the host notes who fails."""
    for name in catalogue.ids:
        with suppress(UserError):  # of a spec that is not sound, or a choice that it leaves open
            _try_instrument(catalogue, catalogue.instrument(name))


def _try_instrument(catalogue: Catalogue, instrument: Instrument) -> None:
    own = {name for name, by in catalogue.host.owners("scoring_methods").items() if by != PROJECT}
    scores = tuple(score.id for score in instrument.scores if score.method in own)
    if scores:
        methods = catalogue.scoring_methods
        ready = scorer(instrument, methods, coding=STORED.id, scores=scores)
        ready.wide(pl.LazyFrame(schema={item.id: pl.String() for item in ready.items}))
    for rule in instrument.change_rules:
        judged = judge(
            instrument,
            catalogue.change_methods,
            score=rule.score,
            rule=rule.id,
            find=catalogue.instrument,
        )
        judged.classify(pl.LazyFrame(schema={name: pl.Float64() for name in judged.score_columns}))


def version_problems(workspace: Workspace) -> list[Problem]:
    """Name the stored versions that no spec here has: their answers are kept, and not scored.

    Of an instrument with a spec that cannot be read nothing is said: its version is not known.
    """
    held = workspace.table("assessment").select("instrument", "version").unique()
    known = _versions(workspace, set(held["instrument"]))
    found = []
    for name, version in sorted(held.iter_rows()):
        if known.isdisjoint({(name, version), (name, None)}):
            what = f"Answers to {name} {version} are stored, and no spec here is of that version."
            mend = f"Keep the old spec beside the new one, as {name}-OLD.yaml; until then they are"
            found.append(Problem("version-not-offered", what, f"{mend} kept and not scored."))
    return found


def _versions(workspace: Workspace, ids: set[str]) -> set[tuple[str, str | None]]:
    """Give the versions of these instruments' specs; None stands for a spec that is not valid."""
    known: set[tuple[str, str | None]] = set()
    for name in workspace.instrument_ids:
        if name.partition("-")[0] not in ids:
            continue
        try:
            instrument = workspace.instrument(name)
        except UserError:
            known.add((name.partition("-")[0], None))
            continue
        known.add((instrument.id, instrument.version))
    return known
