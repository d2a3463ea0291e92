"""A service's own checks: `checks/NAME.yaml`, a condition over answers, scores and fields."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe.conditions import Field, Fields, check_condition, holds, tested_fields
from romframe.errors import FrameworkError, Problem, UserError, did_you_mean
from romframe.importing.kinds import RECORD_KINDS, assessment_kind
from romframe.instruments.model import Instrument, Item
from romframe.offers import Check, Ratings
from romframe.validation import validate
from romframe.yaml_source import Document, read_yaml_file


if TYPE_CHECKING:
    from romframe.workspace import Workspace

FOLDER = "checks"
SCORE = "score."  # with a score's id after it

_TEXT = {"type": "string", "empty": False, "required": True}
_CONDITION = {"type": "dict", "empty": False}
_SCHEMA: dict[str, Any] = {
    "romframe_check": {"type": "integer", "allowed": [1], "required": True},
    "id": {**_TEXT, "regex": "[a-z][a-z0-9_]*"},
    "summary": _TEXT,
    "instrument": _TEXT,
    "among": _CONDITION,
    "flag": {**_CONDITION, "required": True},
    "says": _TEXT,
}
_OF_RATING = ("timepoint", "rater_kind", "setting", "team", "care_professional_id", "consent")
_OF_REFERRAL = ("pathway", "received_on", "closed_on")


def own_checks(workspace: Workspace, taken: Container[str] = ()) -> dict[str, Check]:
    """Read every check of the workspace's own; names that are `taken` are not to be had.

    Raises FrameworkError with every problem of every file, each with line, column and mend.
    """
    problems: list[Problem] = []
    found: dict[str, Check] = {}
    for path in sorted((workspace.path / FOLDER).glob("*.yaml")):
        document = _read(path, workspace)
        _unique(document, found, taken)
        problems += document.problems
        if not document.problems:
            found[document.data["id"]] = _built(document.data)
    if problems:
        raise FrameworkError(problems)
    return found


def check_problems(workspace: Workspace) -> list[Problem]:
    """Give what is wrong with the workspace's own checks."""
    try:
        own_checks(workspace, workspace.catalogue.host.registry("checks"))
    except FrameworkError as error:
        return list(error.problems)
    return []


def _read(path: Path, workspace: Workspace) -> Document:
    document = read_yaml_file(path)
    if document.data is None:
        return document
    validate(document, _SCHEMA, document.data)
    instrument = _instrument(document, workspace)
    for key in ("among", "flag"):
        condition = document.data.get(key) if instrument else None
        if instrument and isinstance(condition, Mapping):
            check_condition(document, (key,), condition, fields_of(instrument))
    return document


def _instrument(document: Document, workspace: Workspace) -> Instrument | None:
    data = document.data if isinstance(document.data, Mapping) else {}
    name = data.get("instrument")
    if not isinstance(name, str) or not name:
        return None
    if name not in workspace.instrument_ids:
        what = f"There is no instrument {name!r}."
        mend = did_you_mean(name, workspace.instrument_ids)
        document.report(("instrument",), "unknown-instrument", what, mend)
        return None
    try:
        return workspace.instrument(name)
    except UserError as error:
        document.problems += error.problems
        return None


def _unique(document: Document, found: Container[str], taken: Container[str]) -> None:
    name = document.data.get("id") if isinstance(document.data, Mapping) else None
    if isinstance(name, str) and (name in found or name in taken):
        what = f"The id {name!r} is already taken by another check."
        document.report(("id",), "id-twice", what, "Give it a name of its own.")


def fields_of(instrument: Instrument) -> Fields:
    """Give what a check may test: items, scores, and what is known of rating and referral."""
    items = {item.id: _answers(item) for item in instrument.items}
    scores = {
        f"{SCORE}{score.id}": Field("number", low=score.low, high=score.high)
        for score in instrument.scores
    }
    return {**dict(_known(instrument)), **scores, **items}


def _answers(item: Item) -> Field:
    """Give what may be answered, as the store keeps it: values, or the codes of the form."""
    if item.scale.scored:
        return Field("number", low=item.scale.low, high=item.scale.high)
    codes = tuple(str(option.code) for option in item.scale.options)
    return Field("text", codes) if item.scale.lettered else Field("open")


def _known(instrument: Instrument) -> Iterator[tuple[str, Field]]:
    columns = {
        column.name: column
        for column in (*RECORD_KINDS["referral"].columns, *assessment_kind(instrument).columns)
    }
    for name in (*_OF_RATING, *_OF_REFERRAL, "completed_at", "rater"):
        column = columns[name]
        kinds = {"date": "date", "datetime": "date", "flag": "number"}
        kind: Any = kinds.get(column.type, "text")
        yield name, Field(kind, column.allowed)


def _built(data: Mapping[str, Any]) -> Check:
    return Check(data["id"], data["summary"], partial(_judged, data))


def _judged(data: Mapping[str, Any], ratings: Ratings) -> pl.DataFrame | None:
    """Judge the ratings for which `among` holds; it is a finding where `flag` holds too.

    Ratings that came as scores alone are judged where no item is asked for.
    """
    if ratings.name != data["instrument"]:
        return None
    among, flag = data.get("among", {}), data["flag"]
    fields = fields_of(ratings.instrument)
    tested = {*tested_fields(among), *tested_fields(flag)}
    asks_items = not tested.isdisjoint(item.id for item in ratings.instrument.items)
    known = ratings.answers if asks_items else ratings.records
    known = _with_scores(ratings, known, sorted(each for each in tested if each.startswith(SCORE)))
    judged = known.filter(holds(among, fields))
    said = pl.when(holds(flag, fields)).then(pl.lit(data["says"]))
    return judged.select("assessment_id", what=said)


def _with_scores(ratings: Ratings, known: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    if not names:
        return known
    scores = ratings.workspace.scores(ratings.name, [each.removeprefix(SCORE) for each in names])
    for name in names:
        one = scores.filter(score=name.removeprefix(SCORE))
        value = one.select("assessment_id", pl.col("value").alias(name))
        known = known.join(value, on="assessment_id", how="left", maintain_order="left")
    return known
