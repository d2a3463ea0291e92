"""Scoring and judging change in an analyst's own frames, without a workspace."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from romframe import builtin
from romframe.alerting import alerts as find_alerts
from romframe.catalogue import Catalogue
from romframe.change import judge, read_pairs
from romframe.distributions import distribution as count_answers
from romframe.errors import Problem, UsageError, did_you_mean
from romframe.frames import cross
from romframe.instruments.model import Coding, Instrument
from romframe.itemised import itemise
from romframe.plugins import PluginHost, PluginSource, installed
from romframe.scoring import scorer


Shape = Literal["tidy", "wide", "items"]
BUILTIN = PluginSource("romframe", lambda: builtin, "romframe")


@functools.cache
def catalogue() -> Catalogue:
    """Give the instruments of the installed plugins, found once in a process."""
    host = PluginHost()
    host.load([BUILTIN, *installed()])
    return Catalogue(host)


def score(  # noqa: PLR0913  (what, and each choice by its name)
    frame: Any,
    instrument: str | Instrument,
    *,
    coding: Coding | None = None,
    shape: Shape = "tidy",
    scores: Iterable[str] | None = None,
    missing: str | None = None,
    bands: str | None = None,
) -> Any:
    """Score a frame of assessments, a row each, with a column an item named by item id.

    Gives the same kind of frame back (a lazy Polars frame stays lazy, a pandas frame keeps its
    index): tidy has a row a score with score, value, status, reason, answered, required, band,
    policy and evidence beside the key columns; wide has a row an assessment with SCORE,
    SCORE_status, SCORE_reason, SCORE_answered and SCORE_band; items has a row an answer with item,
    label, answer, value, state and band (what the answer means by itself), and no scores.

    `coding` says whether turned items hold box positions or scored values (or names another way in
    which the spec says that data are written); `scores` asks for some scores by id, with the scores
    that they are made of; `missing` and `bands` choose a missing-answer policy and a set of bands
    by name. Raises UsageError for names that do not exist or a coding that is needed, DataError for
    columns that are missing or clash.
    """
    if shape not in (known := get_args(Shape)):
        what = f"There is no shape {shape!r}."
        raise UsageError(Problem("unknown-shape", what, did_you_mean(shape, known)))
    wanted = (scores,) if isinstance(scores, str) else scores
    border = cross(frame)
    if shape == "items":
        rows = itemise(border.frame, _instrument(instrument), coding)
        return rows if border.lazy else border.give_back_rows(rows.collect())
    ready = scorer(
        _instrument(instrument),
        catalogue().scoring_methods,
        coding=coding,
        scores=None if wanted is None else tuple(wanted),
        missing=missing,
        bands=bands,
    )
    wide = ready.wide(border.frame)
    if border.lazy:
        return wide if shape == "wide" else ready.tidy(wide)
    collected = wide.collect()
    if shape == "tidy":
        collected = ready.tidy(collected.lazy()).collect()
    return border.give_back_rows(collected)


def alerts(frame: Any, instrument: str | Instrument, *, coding: Coding | None = None) -> Any:
    """Give a row an alert of a frame of assessments: row, key columns, subject, alert and source.

    An alert is an answer or score at which somebody must look at once, as the spec says. Gives the
    same kind of frame back, a lazy one collected. Raises as `score` does.
    """
    border = cross(frame)
    known = _instrument(instrument)
    return border.give_back(find_alerts(border.frame, known, catalogue().scoring_methods, coding))


def distribution(
    frame: Any,
    instrument: str | Instrument,
    *,
    coding: Coding | None = None,
    by: str | None = None,
) -> Any:
    """Count the answers to every item of a frame of returns: a row an item and answer.

    Each says how many gave the answer (`n`), `of` how many who answered the item, its share, the
    side on which it counts, and the item's favourable and unfavourable share. `by` names an item or
    a column whose values are counted separately. Gives the same kind of frame back, a lazy one
    collected. Raises UsageError for names that do not exist or a coding that is needed, DataError
    for columns that are missing or clash.
    """
    border = cross(frame)
    known = _instrument(instrument)
    return border.give_back(count_answers(border.frame, known, coding=coding, by=by))


def classify(
    frame: Any,
    instrument: str | Instrument,
    *,
    score: str,
    rule: str | None = None,
    settings: Mapping[str, float | str] | None = None,
) -> Any:
    """Judge change in a frame with columns `first` and `last` (scores), other columns are kept.

    Adds change (last minus first), improvement (turned so that positive is better), class,
    reliable, clinical, rule, and the rule's constants and source. `rule` is a rule's id or a
    method's name whose constants `settings` supplies; None takes the default. A rule that judges a
    second measure too finds its scores in `first_INSTRUMENT` and `last_INSTRUMENT`. Raises
    UsageError for names that do not exist or constants that do not fit, DataError where `first` or
    `last` is absent.
    """
    border = cross(frame)
    known = _instrument(instrument)
    offered = catalogue()
    methods, find = offered.change_methods, offered.instrument
    ready = judge(known, methods, score=score, rule=rule, settings=settings, find=find)
    judged = ready.classify(read_pairs(border.frame, ready.score_columns))
    return judged if border.lazy else border.give_back_rows(judged.collect())


def _instrument(instrument: str | Instrument) -> Instrument:
    return catalogue().instrument(instrument) if isinstance(instrument, str) else instrument
