"""`--summary`: the figures of a group instead of its rows, as text or JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from romframe.cli.render import table


if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from romframe.change import Judge
    from romframe.grouped import GroupAnchor, GroupFigures, Unit
    from romframe.intervals import Interval
    from romframe.workspace import Workspace

_RUNS = {
    "lower": "lower is better",
    "higher": "higher is better",
    "neither": "neither direction is better; change is last minus first",
}
_KINDS = {
    "wilson": "Wilson",
    "t": "Student's t",
    "normal": "normal",
    "noncentral_t": "non-central t",
}


def check_options(summary: bool, as_json: bool, out: "Path | None") -> None:
    """Refuse --json without --summary, and --summary with --out. Raises click.UsageError."""
    if as_json and not summary:
        raise click.UsageError("--json gives the figures of a group: add --summary.")
    if summary and out is not None:
        raise click.UsageError("--out is for rows: send a summary to a file with > FILE.")


def of_changes(
    workspace: "Workspace",
    instrument: str,
    rows: "pl.DataFrame",
    rule: str | None,
    constants: Mapping[str, float | str],
) -> dict[str, "GroupFigures"]:
    """Give the figures of each score in the rows of `Workspace.changes`."""
    from romframe.change import judge
    from romframe.grouped import group_figures

    known, methods = workspace.instrument(instrument), workspace.catalogue.change_methods
    found = {}
    for (score,), group in rows.group_by("score", maintain_order=True):
        name = str(score)
        judged = group.get_column("rule").null_count() < group.height
        ready = judge(known, methods, score=name, rule=rule, settings=constants) if judged else None
        wanted = known.score(name)
        single = known.repeats is not None and not wanted.across
        counted = group.drop_nulls(known.repeats.by) if single and known.repeats else group
        unit: Unit = "goals" if single else "referrals"
        found[name] = group_figures(counted, wanted.better, ready, unit)
    return found


def of_pairs(judged: "pl.LazyFrame", score: str, ready: "Judge") -> dict[str, "GroupFigures"]:
    """Give the figures of a file of pairs that the judge has classified."""
    from romframe.grouped import group_figures, pair_verdicts

    rows = pair_verdicts(judged.select("first", "last", "class").collect(), ready.low, ready.high)
    return {score: group_figures(rows, ready.better, ready, "rows")}


def show(instrument: str, found: Mapping[str, "GroupFigures"], as_json: bool) -> None:
    """Write a block for each score: text, or a list of JSON objects."""
    from attrs import asdict

    if as_json:
        blocks = [
            {"instrument": instrument, "score": score, **asdict(each)}
            for score, each in found.items()
        ]
        click.echo(json.dumps(blocks, indent=2, allow_nan=False))
        return
    blocks_of_text = (
        "\n".join(_block(f"{instrument} {score}", each)) for score, each in found.items()
    )
    click.echo("\n\n".join(blocks_of_text) or "There is no referral to count.")


def _block(title: str, figures: "GroupFigures") -> Iterator[str]:
    yield f"{title} ({_RUNS[figures.better]})"
    yield from _members(figures)
    if figures.paired:
        yield ""
        yield from _means(figures)
        yield ""
        yield from _effects(figures)
    if figures.anchor is not None:
        yield ""
        yield from _anchor(figures.anchor)


def _members(figures: "GroupFigures") -> Iterator[str]:
    unit = figures.unit if figures.total != 1 else figures.unit.removesuffix("s")
    yield f"{figures.total} {unit}, {figures.paired} paired"
    if figures.not_paired:
        reasons = (f"{_spaced(name)} {n}" for name, n in figures.not_paired.items())
        yield f"not paired: {', '.join(reasons)}"
    if figures.rule is None:
        yield "no change rule: nothing is classified"
        return
    yield f"rule: {figures.rule.name} ({figures.rule.constants})"
    yield f"source: {figures.rule.source}"
    yield f"{figures.classified} classified, {figures.not_classified} not classified"
    if figures.classified:
        yield ""
        yield _classes(figures)


def _classes(figures: "GroupFigures") -> str:
    rows = (
        (
            _spaced(name),
            share.count,
            _percent(share.value),
            f"{_percent(share.interval.low)} to {_percent(share.interval.high)}",
        )
        for name, share in figures.classes.items()
        if share.value is not None and share.interval is not None
    )
    return table(("class", "n", "share", "95% interval (Wilson)"), rows)


def _means(figures: "GroupFigures") -> Iterator[str]:
    rows = (
        (name, each.n, _number(each.mean), _number(each.sd), _number(each.median))
        for name, each in figures.figures.items()
        if each is not None
    )
    yield table(("", "n", "mean", "SD", "median"), rows)
    if figures.better != "neither":
        yield "an improvement above 0 is better"


def _effects(figures: "GroupFigures") -> Iterator[str]:
    found = [each for each in figures.effect_sizes.values() if each is not None]
    lacking = [name for name, each in figures.effect_sizes.items() if each is None]
    if found:
        rows = (
            (each.definition, _number(each.value), _between(each.interval), each.words)
            for each in found
        )
        yield table(("effect size", "value", "95% interval", "definition"), rows)
        yield f"above 0 is {'a rise' if figures.better == 'neither' else 'better'}"
    if lacking:
        why = "too few pairs, or scores or changes that do not vary"
        yield f"no effect size {', '.join(lacking)}: {why}"


def _anchor(anchor: "GroupAnchor") -> Iterator[str]:
    way = "" if anchor.direction == "neither" else f", {anchor.direction}"
    yield f"the group as a whole: {_spaced(anchor.label)}{way}: {anchor.words}"
    mean = f"mean improvement {_number(anchor.mean)} (n {anchor.n}, SD {_number(anchor.sd)}"
    yield f"{mean}, 95% interval {_between(anchor.interval)}); important {anchor.important:g}"


def _between(interval: "Interval") -> str:
    ends = f"{_number(interval.low)} to {_number(interval.high)}"
    return f"{ends} ({_KINDS[interval.kind]})"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    text = f"{value:.2f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
