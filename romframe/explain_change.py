"""How a change class came about, in words: two ratings, their change, each threshold, the class."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from romframe.constants import cut_off_in_words, in_words, reliable_in_words
from romframe.errors import Problem, UsageError
from romframe.instruments.model import ChangeRule, Instrument
from romframe.workspace import Workspace


WHY_NOT = {
    "no_assessment": "nothing was completed",
    "declined": "it was offered, and declined or missed each time",
    "single_assessment": "there is only one completed assessment",
    "first_refused": "there is only one usable score: the first assessment has none",
    "last_refused": "there is only one usable score: no later assessment has one",
    "no_first": "no usable score at the timepoint that counts as first",
    "no_last": "no usable score after the first that counts as last",
    "rater_differs": "the later ratings are by another kind of rater",
    "version_differs": "the later ratings are of another version of the instrument",
    "setting_differs": "the later ratings are in another setting",
    "gap_too_short": "the ratings are too close together",
    "still_open": "the referral is still open",
}


def explain_change(
    workspace: Workspace,
    instrument: str,
    referral: str,
    score: str | None = None,
    rule: str | None = None,
) -> str:
    """Explain the change of one referral, score by score.

    Raises UsageError where the store has no such referral, and as `Workspace.changes` does.
    """
    known = workspace.instrument(instrument)
    changes = workspace.changes(instrument, score, rule)
    rows = changes.filter(pl.col("referral_id") == referral).to_dicts()
    if not rows:
        what = f"There is no referral {referral!r} in this workspace."
        raise UsageError(Problem("unknown-referral", what, "`romframe change` lists them."))
    head = f"Change in {known.name}, referral {referral}"
    parts = [line for row in rows for line in ("", *_row(known, row))]
    return "\n".join([head, *parts])


def _row(instrument: Instrument, row: Mapping[str, Any]) -> Iterator[str]:
    score = instrument.score(row["score"])
    yield f"{score.name} [{score.id}]"
    if row["verdict"] != "paired":
        yield f"  not paired ({row['verdict']}): {WHY_NOT[row['verdict']]}"
        return
    first, last, change = row["first"], row["last"], row["change"]
    yield f"  first: {first:.6g} on {row['first_at']:%d %B %Y}, assessment {row['first_id']}"
    yield f"  last:  {last:.6g} on {row['last_at']:%d %B %Y}, assessment {row['last_id']}"
    yield f"  change is last minus first: {last:.6g} - {first:.6g} = {change:.6g}"
    if row["rule"] is None:
        yield "  no rule judges this score by default, so it has no class"
        return
    better = f"{score.better} is better" if score.better != "neither" else "no end is better"
    yield f"  improvement: {row['improvement']:.6g} ({better})"
    rule = {each.id: each for each in instrument.change_rules}.get(row["rule"])
    yield f"  rule {row['rule']}{f' ({rule.method})' if rule else ''}"
    steps = _steps(rule, score.better, row) if rule else [row["constants"]]
    yield from (f"    {line}" for line in steps)
    yield f"  so: {str(row['class']).replace('_', ' ')}"
    yield f"  source: {row['source']}"
    if rule and rule.note:
        yield f"  note: {rule.note}"


def _steps(rule: ChangeRule, better: Any, row: Mapping[str, Any]) -> Iterator[str]:
    for name, params in rule.params.items():
        if name == "reliable":
            yield f"reliable change is {reliable_in_words(params)}: {row['reliable']}"
        elif name == "cut_off":
            yield f"cut-off: {'; '.join(cut_off_in_words(params, better))}"
            if row["clinical"]:
                yield f"first to last: {row['clinical'].replace('_', ' ')}"
        else:
            yield f"{name.replace('_', ' ')}: {in_words(params)}"
