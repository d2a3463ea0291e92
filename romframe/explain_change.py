"""How a change class came about, in words: two ratings, their change, each threshold, the class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from romframe import keyed
from romframe.constants import cut_off_in_words, in_words, reliable_in_words
from romframe.errors import Problem, UsageError
from romframe.instruments import build
from romframe.instruments.model import ChangeRule, Instrument
from romframe.persons import with_person
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
    person = _person(workspace, rows[0])
    parts = [line for row in rows for line in ("", *_row(known, row, person))]
    return "\n".join([head, *parts])


def _person(workspace: Workspace, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give gender and age of the person on the day of the first rating."""
    known = {name: row[name] for name in ("service_user_id", "first_at")}
    one = pl.LazyFrame([known], schema_overrides={"service_user_id": pl.String})
    return with_person(one, workspace.table("service_user"), "first_at").collect().to_dicts()[0]


def _row(
    instrument: Instrument, row: Mapping[str, Any], person: Mapping[str, Any]
) -> Iterator[str]:
    score = instrument.score(row["score"])
    goal = row.get(instrument.repeats.by) if instrument.repeats else None
    yield f"{score.name} [{score.id}]{f', {goal}' if goal else ''}"
    if row["verdict"] != "paired":
        yield f"  not paired ({row['verdict']}): {WHY_NOT[row['verdict']]}"
        return
    first, last, change = row["first"], row["last"], row["change"]
    if score.across:
        yield f"  {row['n_paired']} of {row['n_goals']} rated twice: only these are compared"
        yield f"  first: {first:.6g}, the mean of {_listed(row['firsts'])}"
        yield f"  last:  {last:.6g}, the mean of {_listed(row['lasts'])}"
    else:
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
    steps = _steps(rule, score.better, row, person) if rule else [row["constants"]]
    yield from (f"    {line}" for line in steps)
    yield f"  so: {str(row['class']).replace('_', ' ')}"
    yield f"  source: {row['source']}"
    if rule and rule.note:
        yield f"  note: {rule.note}"


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _steps(
    rule: ChangeRule, better: Any, row: Mapping[str, Any], person: Mapping[str, Any]
) -> Iterator[str]:
    for name, params in rule.params.items():
        if name == "reliable":
            told = row["reliable"] or "not classified"
            yield f"reliable change is {reliable_in_words(params)}: {told}"
        elif name == "cut_off" and "rows" in params:
            yield from _keyed_cut_off(params, better, person, row)
        elif name == "cut_off":
            yield f"cut-off: {'; '.join(cut_off_in_words(params, better))}"
            yield _moved(row)
        else:
            yield f"{name.replace('_', ' ')}: {in_words(params)}"


def _keyed_cut_off(
    params: Mapping[str, Any], better: Any, person: Mapping[str, Any], row: Mapping[str, Any]
) -> Iterator[str]:
    """Say whom the cut-off depends on, and which one holds for this person, or why none does."""
    known = ", ".join(f"{name} {person.get(name) or 'not known'}" for name in params["by"])
    yield f"the cut-off goes by {' and '.join(params['by'])}; on the day of the first: {known}"
    table = build.keyed(params, lambda each: each["value"], "value")
    chosen = keyed.choose(table, list(person), pl.lit, pl.Float64)
    value = pl.DataFrame([person]).select(chosen).item()
    if value is None:
        yield "no cut-off holds for this person, so the change is not classified"
        return
    told = cut_off_in_words({"value": value, "clinical": params["clinical"]}, better)
    yield f"cut-off: {told[0]}"
    yield _moved(row)


def _moved(row: Mapping[str, Any]) -> str:
    return f"first to last: {(row['clinical'] or 'not classified').replace('_', ' ')}"
