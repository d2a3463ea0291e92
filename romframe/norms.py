"""Norms as ranges: those that a spec gives with a spread, and those that a service supplies.

A norm that gives a mean and no spread is no range and is not among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from attrs import field, frozen

from romframe.errors import did_you_mean
from romframe.instruments.model import Instrument, Norm, Score, Status
from romframe.translation import message
from romframe.validation import read_checked_yaml


if TYPE_CHECKING:
    from romframe.workspace import Workspace
    from romframe.yaml_source import Document

FILE_NAME = "norms.yaml"
COVERS: Mapping[str, str] = {
    "mean_and_sd": message("mean \N{PLUS-MINUS SIGN} 1 SD"),
    "middle_half": message("middle half (25th to 75th percentile)"),
    "tenths": message("10th to 90th percentile"),
    "middle_95": message("middle 95% (2.5th to 97.5th percentile)"),
}
Moment = Literal["any", "first", "last", "improvement"]

_TEXT = {"type": "string", "empty": False}
_NEEDED = {**_TEXT, "required": True}
_NUMBER = {"type": "number", "required": True}
_NORM = {
    "measure": _NEEDED,
    "score": _NEEDED,
    "moment": {"type": "string", "allowed": list(get_args(Moment))},
    "population": _NEEDED,
    "n": {"type": "integer", "min": 1, "required": True},
    "low": _NUMBER,
    "high": _NUMBER,
    "middle": {"type": "number"},
    "covers": {"type": "string", "allowed": list(COVERS), "required": True},
    "source": _NEEDED,
    "status": {"type": "string", "allowed": list(get_args(Status)), "required": True},
    "note": _TEXT,
}
_ALIKE = {"type": "string", "regex": r"setting|team|details\.\w+"}
_SCHEMA: dict[str, Any] = {
    "history": {
        "type": "dict",
        "schema": {
            "years": {"type": "integer", "min": 1, "max": 100},
            "alike": {"type": "list", "schema": _ALIKE},
        },
    },
    "norms": {"type": "list", "schema": {"type": "dict", "schema": _NORM}},
}


@frozen
class NormRange:
    """Where a score, or an improvement, was in some population: from `low` to `high`.

    `covers` says in words what part of the population that is. `moment` is `any`, `first`, `last`
    or `improvement` (above 0 is better). `n` is None where the source does not say it; `middle` is
    the mean or median that stands in the range, and is never shown without it.
    """

    population: str
    low: float
    high: float
    covers: str
    n: int | None
    source: str
    status: Status
    moment: Moment = "any"
    middle: float | None = None
    note: str = ""


@frozen
class Norms:
    """What a service says in norms.yaml: how far back its history goes, who is alike, norms.

    `years` is None where all of the history counts.
    """

    years: int | None = None
    alike: tuple[str, ...] = ()
    supplied: tuple[tuple[tuple[str, str, str], NormRange], ...] = field(default=(), repr=False)

    def since(self, before: date) -> date | None:
        """Give the earliest day of the history that ends before a day; None if there is none."""
        if self.years is None:
            return None
        leap = (before.month, before.day) == (2, 29)
        return before.replace(year=before.year - self.years, day=28 if leap else before.day)

    def of(self, instrument: Instrument, score: Score) -> tuple[NormRange, ...]:
        """Give the ranges for a score: the service's own, then those of the spec."""
        wanted = (instrument.id, instrument.version, score.id)
        own = (norm for key, norm in self.supplied if key == wanted)
        return (*own, *_of_spec(instrument, score))


def read_norms(workspace: Workspace) -> Norms:
    """Read norms.yaml of a workspace, which need not have one.

    Raises DataError with all that is wrong, and SpecError for a broken measure that it names.
    """
    path = workspace.path / FILE_NAME
    if not path.exists():
        return Norms()
    supplied: list[tuple[tuple[str, str, str], NormRange]] = []

    def check(document: Document) -> None:
        for number, norm in enumerate(document.data.get("norms", ())):
            key = _checked(document, number, norm, workspace)
            supplied.append((key, _range(norm)))

    data = read_checked_yaml(path, _SCHEMA, check).data
    history = data.get("history", {})
    return Norms(history.get("years"), tuple(history.get("alike", ())), tuple(supplied))


def _checked(
    document: Document, number: int, norm: Mapping[str, Any], workspace: Workspace
) -> tuple[str, str, str]:
    """Report what a norm names or claims wrongly, and give what it is a norm of."""
    place = ("norms", number)
    name, score_id = norm["measure"], norm["score"]
    if name not in workspace.instrument_ids:
        what = f"There is no instrument {name!r}."
        mend = did_you_mean(name, workspace.instrument_ids)
        document.report((*place, "measure"), "unknown-instrument", what, mend)
        return "", "", ""
    instrument = workspace.instrument(name)
    scores = {score.id: score for score in instrument.scores}
    if score_id not in scores:
        what = f"{instrument.name} has no score {score_id!r}."
        mend = did_you_mean(score_id, scores)
        document.report((*place, "score"), "unknown-score", what, mend)
    else:
        _check_range(document, number, norm, scores[score_id])
    return instrument.id, instrument.version, score_id


def _check_range(document: Document, number: int, norm: Mapping[str, Any], score: Score) -> None:
    low, high = score.low, score.high
    if norm.get("moment") == "improvement":
        low, high = score.low - score.high, score.high - score.low
    order = [("low", low), ("high", norm["low"])]
    if "middle" in norm:
        order = [("low", low), ("middle", norm["low"]), ("high", norm["middle"])]
    for key, least in order:
        if not least <= norm[key] <= high:
            what = f"{key} is {norm[key]:g}, which is not between {least:g} and {high:g}."
            mend = "Write low, middle and high in that order, and within the score's own range."
            document.report(("norms", number, key), "norm-range", what, mend)
            return


def _range(norm: Mapping[str, Any]) -> NormRange:
    return NormRange(
        norm["population"],
        norm["low"],
        norm["high"],
        COVERS[norm["covers"]],
        norm["n"],
        norm["source"],
        norm["status"],
        norm.get("moment", "any"),
        norm.get("middle"),
        norm.get("note", ""),
    )


def _of_spec(instrument: Instrument, score: Score) -> Iterator[NormRange]:
    """Give the norms of the spec that have a spread, cut at the ends of the score."""
    for norm in instrument.norms:
        if norm.score == score.id and norm.mean is not None and norm.sd is not None:
            yield _about(norm, norm.mean, norm.sd, instrument, score)


def _about(norm: Norm, mean: float, sd: float, instrument: Instrument, score: Score) -> NormRange:
    source = instrument.sources[norm.source]
    return NormRange(
        norm.population,
        max(mean - sd, score.low),
        min(mean + sd, score.high),
        COVERS["mean_and_sd"],
        norm.n,
        source.cite,
        source.status,
        middle=mean,
        note=norm.note,
    )
