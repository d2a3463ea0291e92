"""How a score came about, in words: answers, turned items, what is missing, arithmetic, band."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from romframe.alerting import alerts
from romframe.answers import check_coding, read_items
from romframe.errors import DataError, Problem, UsageError
from romframe.instruments.model import (
    STORED,
    AnswerState,
    Coding,
    DataCoding,
    Instrument,
    Item,
    MissingPolicy,
    Score,
)
from romframe.methods import ScoringMethod
from romframe.scoring import scorer
from romframe.workspace import Workspace


WHY = {
    "items_missing": "some items are missing, and the rule allows it",
    "sum_of_known": "some items are missing; this is the sum of those that are known",
    "nothing_answered": "nothing was answered",
    "too_many_missing": "too many items are missing",
    "invalid_response": "an answer is not one that the scale allows",
    "input_refused": "a score that it is made of was refused",
    "no_value": "the method has no value for these answers, or none in the score's range",
    "method_failed": "the plugin that offers the method failed; see `romframe doctor`",
}


def explain_stored(workspace: Workspace, assessment: int) -> str:
    """Explain a stored assessment's scores; raises UsageError if there is no such assessment."""
    table = workspace.table("assessment").filter(pl.col("assessment_id") == assessment)
    if table.is_empty():
        what = f"There is no assessment {assessment} in this workspace."
        mend = "`romframe change` gives the numbers of assessments as first_id and last_id."
        raise UsageError(Problem("unknown-assessment", what, mend))
    about = table.row(0, named=True)
    instrument = workspace.instrument(about["instrument"])
    head = f"Assessment {assessment}: {instrument.name}, referral {about['referral_id']}"
    when = f"{about['completed_at']}, {about['timepoint']}, rated by {about['rater']}"
    if about["outcome"] != "completed":
        return f"{head}\n{when}\nNothing was rated: {about['outcome']}."
    answers = workspace.responses(instrument.id).filter(pl.col("assessment_id") == assessment)
    if answers.select(pl.len()).collect().item() == 0:
        return f"{head}\n{when}\nThis version was corrected by {about['superseded_by']}."
    told = explain_row(instrument, workspace.catalogue.scoring_methods, answers, 1, STORED.id)
    return f"{head}\n{when}\n\n{told}"


def explain_row(
    instrument: Instrument,
    methods: Mapping[str, ScoringMethod],
    frame: pl.LazyFrame,
    row: int,
    coding: Coding | None,
) -> str:
    """Explain the scores of one row (from 1) of a frame of answers.

    Raises DataError if there is no such row, and as scoring does.
    """
    manner = check_coding(instrument, coding)
    one = frame.slice(row - 1, 1).collect()
    if row < 1 or one.is_empty():
        raise DataError(
            Problem("no-such-row", f"There is no row {row}.", "Count data rows from 1.")
        )
    ready = scorer(instrument, methods, coding=coding)
    wide = ready.wide(one.lazy())
    verdicts = ready.tidy(wide).collect().iter_rows(named=True)
    cells = _cells(instrument, one, manner)
    by_score = {verdict["score"]: verdict for verdict in verdicts}
    lines = [
        f"  {item.id} {item.label}: {cells[item.id]}"
        for item in instrument.items
        if item.id in cells
    ]
    for score in ready.scores:
        lines += ["", *_score(instrument, score, by_score[score.id])]
    raised = alerts(one.lazy(), instrument, methods, coding)
    told = [f"Alert, {row['subject']}: {row['alert']}" for row in raised.iter_rows(named=True)]
    return "\n".join([*told, "Answers, as they count", *lines])


def _cells(instrument: Instrument, one: pl.DataFrame, coding: DataCoding) -> dict[str, str]:
    present = [item for item in instrument.items if item.id in one.columns]
    readings = read_items(present, one.schema, coding)
    shown = one.select(
        expression.alias(f"{name}|{part}")
        for name, reading in readings.items()
        for part, expression in (("value", reading.stored), ("state", reading.state))
    ).row(0, named=True)
    states = _states(one)
    return {
        item.id: _cell(
            item,
            coding,
            one[item.id][0],
            shown[f"{item.id}|value"],
            states.get(item.id) or shown[f"{item.id}|state"],
        )
        for item in present
    }


def _states(one: pl.DataFrame) -> dict[str, str]:
    text = one["states"][0] if "states" in one.columns else None
    return json.loads(text) if text else {}


def _cell(item: Item, coding: DataCoding, raw: Any, value: Any, state: str | None) -> str:
    if state is None:
        return "not an answer that the scale allows"
    if state != AnswerState.ANSWERED:
        return state.replace("_", " ")
    letters = {option.value: option for option in item.scale.options if item.scale.lettered}
    if value in letters and item.scale.scored:
        return f"{letters[value].code} {letters[value].label} ({value:g})"
    turned = item.reversed and coding.like == "position"
    return f"{value:g} (box {raw}, turned)" if turned else f"{value}"


def _score(instrument: Instrument, score: Score, verdict: Mapping[str, Any]) -> Iterator[str]:
    value = verdict["value"]
    given = "none" if value is None else f"{value:.6g} ({verdict['status']})"
    yield f"{score.name} [{score.id}]: {given}"
    if score.items:
        of = f"{len(score.items)} items answered: {', '.join(score.items)}"
        yield f"  {verdict['answered']} of {of}"
        yield f"  {score.method}{f', times {score.times:g}' if score.times != 1 else ''}"
    else:
        yield f"  {score.method} of {', '.join(score.of)}"
    if verdict["reason"]:
        yield f"  because {WHY[verdict['reason']]}"
    if score.missing is not None and verdict["required"]:
        yield f"  rule: {_policy(instrument, score.missing, verdict['required'])}"
    if verdict["band"]:
        yield f"  band: {verdict['band']}{_source(instrument, score.bands_source)}"


def _policy(instrument: Instrument, policy: MissingPolicy, required: int) -> str:
    return f"at least {required} answered{_source(instrument, policy.source)}"


def _source(instrument: Instrument, key: str) -> str:
    source = instrument.sources.get(key)
    return f" ({source.cite}; {source.status})" if source else ""
