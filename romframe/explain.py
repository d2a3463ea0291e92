"""How a score came about, in words: answers, turned items, what is missing, arithmetic, band."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from romframe.alerting import alerts
from romframe.answers import check_coding, read_items
from romframe.arithmetic import arithmetic
from romframe.config import Choice
from romframe.errors import DataError, Problem, UsageError
from romframe.instruments.evidence import rests_on
from romframe.instruments.model import (
    STORED,
    AnswerState,
    Coding,
    CutOff,
    DataCoding,
    Instrument,
    Item,
    Option,
    Score,
)
from romframe.methods import ScoringMethod
from romframe.scoring import scorer
from romframe.wording import Wording
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
    reported = workspace.store.reported(instrument).filter(pl.col("assessment_id") == assessment)
    if not reported.is_empty():
        told = "\n".join(_reported(workspace, about["instrument"], reported))
        return f"{head}\n{when}\nReported as a total; its answers are not held.\n\n{told}"
    if answers.select(pl.len()).collect().item() == 0:
        return f"{head}\n{when}\nThis version was corrected by {about['superseded_by']}."
    methods, words = workspace.catalogue.scoring_methods, workspace.wording(instrument)
    chosen = workspace.config.choice(about["instrument"])
    told = explain_row(instrument, methods, answers, 1, STORED.id, words=words, chosen=chosen)
    return f"{head}\n{when}\n\n{told}"


def _reported(workspace: Workspace, name: str, reported: pl.DataFrame) -> Iterator[str]:
    """Tell the scores of an assessment that came without answers."""
    instrument, ids = workspace.instrument(name), reported["score"].to_list()
    verdicts = workspace.scores(name, ids).filter(
        pl.col("assessment_id") == reported["assessment_id"][0]
    )
    for verdict in verdicts.iter_rows(named=True):
        score = instrument.score(verdict["score"])
        yield f"{score.name} [{score.id}]: {verdict['value']:.6g} ({verdict['status']})"
        yield from _meaning(instrument, score, verdict)


def explain_row(  # noqa: PLR0913  (what, how to read it, and in whose words)
    instrument: Instrument,
    methods: Mapping[str, ScoringMethod],
    frame: pl.LazyFrame,
    row: int,
    coding: Coding | None,
    *,
    words: Wording | None = None,
    chosen: Choice | None = None,
) -> str:
    """Explain the scores of one row (from 1) of a frame of answers, items in the words given.

    Raises DataError if there is no such row, and as scoring does.
    """
    manner = check_coding(instrument, coding)
    one = frame.slice(row - 1, 1).collect()
    if row < 1 or one.is_empty():
        raise DataError(
            Problem("no-such-row", f"There is no row {row}.", "Count data rows from 1.")
        )
    words = words or Wording(instrument, instrument.locale)
    values, cells = _cells(instrument, one, manner, words)
    lines = [f"  {name} {words.item(name)}: {cell}" for name, cell in cells.items()]
    scores = (chosen or Choice()).of_scores(instrument)
    if instrument.totals == "forbidden" or not scores["scores"]:
        lines += ["", _no_scores(instrument)]
    else:
        ready = scorer(instrument, methods, coding=coding, **scores)
        verdicts = ready.tidy(ready.wide(one.lazy())).collect().to_dicts()
        values |= {verdict["score"]: verdict["value"] for verdict in verdicts}
        for score, verdict in zip(ready.scores, verdicts, strict=True):
            lines += ["", *_score(instrument, score, values, verdict)]
    raised = alerts(one.lazy(), instrument, methods, coding)
    told = [f"Alert, {row['subject']}: {row['alert']}" for row in raised.iter_rows(named=True)]
    return "\n".join([*told, "Answers, as they count", *lines])


def _no_scores(instrument: Instrument) -> str:
    if instrument.totals == "forbidden":
        return f"No scores: {instrument.totals_reason.rstrip('.')}."
    return "No scores unless they are asked for by name."


def _cells(
    instrument: Instrument, one: pl.DataFrame, coding: DataCoding, words: Wording
) -> tuple[dict[str, float | None], dict[str, str]]:
    """Give what every item counts, and every answer in words."""
    present = [item for item in instrument.items if item.id in one.columns]
    if not present:
        what = f"No column is named by an item of {instrument.name}."
        mend = f"Name the columns {', '.join(item.id for item in instrument.items[:3])}, ..."
        raise DataError(Problem("column-missing", what, mend))
    readings = read_items(present, one.schema, coding)
    shown = one.select(
        expression.alias(f"{name}|{part}")
        for name, reading in readings.items()
        for part, expression in (("value", reading.stored), ("state", reading.state))
    ).row(0, named=True)
    states = json.loads(one["states"][0] or "{}") if "states" in one.columns else {}
    values, cells = {}, {}
    for item in present:
        value = shown[f"{item.id}|value"]
        state = states.get(item.id) or shown[f"{item.id}|state"]
        cells[item.id] = _cell(item, coding, one[item.id][0], value, state, words)
        if item.scale.scored:
            values[item.id] = value
    return values, cells


def _cell(
    item: Item, coding: DataCoding, raw: Any, value: Any, state: str | None, words: Wording
) -> str:
    if state is None:
        return "not an answer that the scale allows"
    if state != AnswerState.ANSWERED:
        told = state.replace("_", " ")
        return told if value is None else f"{told}, which counts {value:g}"
    if item.reversed and coding.like == "position":
        return f"box {raw}; this item is turned, so it counts {value:g}"
    answer = f"{value:g}" if item.scale.scored else f"{value}"
    option = _option(item, value)
    if option is None:
        return answer
    told = f"{option.code} ({words.option(item.scale.id, option.code)})"
    return told if str(option.code) == answer else f"{told}, which counts {answer}"


def _option(item: Item, value: Any) -> Option | None:
    """Give the answer that counts this value; none where several do, or any number may."""
    counted = [each.value if item.scale.scored else each.code for each in item.scale.options]
    if item.reversed or counted.count(value) != 1:
        return None
    return item.scale.options[counted.index(value)]


def _score(
    instrument: Instrument,
    score: Score,
    values: Mapping[str, float | None],
    verdict: Mapping[str, Any],
) -> Iterator[str]:
    value = verdict["value"]
    given = "none" if value is None else f"{value:.6g} ({verdict['status']})"
    yield f"{score.name} [{score.id}]: {given}"
    names = score.items or score.of
    if score.items:
        given = ", ".join(name for name in names if values.get(name) is not None) or "none"
        yield f"  {verdict['answered']} of {len(score.items)} items answered: {given}"
    else:
        yield f"  {score.method} of {', '.join(names)}"
    for step in arithmetic(score, {name: values.get(name) for name in names}, verdict):
        yield f"  {step}"
    if verdict["reason"]:
        yield f"  because {WHY[verdict['reason']]}"
    policy = score.policy(verdict["policy"]) if score.items else None
    if policy is not None and verdict["required"]:
        yield (
            f"  missing answers: at least {verdict['required']} must be answered"
            f" [{policy.id}]{_source(instrument, policy.source)}"
        )
    yield from _meaning(instrument, score, verdict)
    if verdict["evidence"] == "unverified":
        weak = [n for n in rests_on(instrument, score, policy) if n in instrument.unverified]
        yield f"  UNVERIFIED: rests on {', '.join(instrument.sources[n].cite for n in weak)}"


def _meaning(instrument: Instrument, score: Score, verdict: Mapping[str, Any]) -> Iterator[str]:
    if verdict["band"]:
        yield f"  band: {verdict['band']}{_source(instrument, score.bands_source)}"
    for cut_off in instrument.cut_offs:
        if cut_off.score == score.id and verdict["value"] is not None:
            reached = _reaches(verdict["value"], cut_off)
            side = cut_off.comparator.replace("_", " ")
            yield (
                f"  cut-off {cut_off.id}: {'' if reached else 'not '}{side} {cut_off.value:g}"
                f" ({cut_off.means}){_source(instrument, cut_off.source)}"
            )


def _reaches(value: float, cut_off: CutOff) -> bool:
    tests = {
        "at_least": value >= cut_off.value,
        "more_than": value > cut_off.value,
        "at_most": value <= cut_off.value,
        "less_than": value < cut_off.value,
    }
    return tests[cut_off.comparator]


def _source(instrument: Instrument, key: str) -> str:
    source = instrument.sources.get(key)
    return f" ({source.cite}; {source.status})" if source else ""
