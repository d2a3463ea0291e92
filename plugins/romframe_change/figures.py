"""Means, SDs and the correlation that an index needs: from the rule, or of the pairs judged.

Those of the pairs are taken over complete pairs inside the score's range and no other, and there
are none of fewer than two pairs, nor an SD where all scores are the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from attrs import frozen

from romframe import ChangeInputs


_DIGITS = 9  # an SD of equal scores may come out as a speck above 0


@frozen
class Figures:
    """What is known of a group at `first` and `last`, and in words what was taken from the data."""

    mean: pl.Expr
    sd: pl.Expr
    last_mean: pl.Expr
    last_sd: pl.Expr
    correlation: pl.Expr
    said: pl.Expr | None


_NAMES = {
    "mean": "first mean",
    "sd": "first sd",
    "last_mean": "last mean",
    "last_sd": "last sd",
    "correlation": "correlation",
}


def figures(inputs: ChangeInputs, used: Iterable[str]) -> Figures:
    """Give the figures of the group; the words are about those that the method uses."""
    known, pairs = _given(inputs.params), inputs.improvement.count()
    own = {name: pl.when(pairs >= 2).then(each) for name, each in _of_pairs(inputs).items()}
    taken = [
        pl.format(f"{_NAMES[name]} {{}}", own[name].round(4)) for name in used if name not in known
    ]
    said = None
    if taken:
        end = pl.format("of the {} pairs judged", pairs)
        told = pl.concat_str(pl.concat_str(*taken, separator=", "), end, separator=" ")
        said = told.fill_null("too few pairs to take norms from")
    given = {name: pl.lit(value) for name, value in known.items()}
    return Figures(**{**own, **given}, said=said)


def _given(params: Mapping[str, Any]) -> dict[str, float]:
    first, last = params.get("first", {}), params.get("last", {})
    named = {
        "mean": first.get("mean"),
        "sd": first.get("sd"),
        "last_mean": last.get("mean"),
        "last_sd": last.get("sd"),
        "correlation": params.get("correlation"),
    }
    return {name: value for name, value in named.items() if value is not None}


def _of_pairs(inputs: ChangeInputs) -> dict[str, pl.Expr]:
    first, last = inputs.first, inputs.last
    return {
        "mean": first.mean(),
        "sd": _sd(first),
        "last_mean": last.mean(),
        "last_sd": _sd(last),
        "correlation": pl.corr(first, last),
    }


def _sd(scores: pl.Expr) -> pl.Expr:
    return pl.when(scores.std().round(_DIGITS) > 0).then(scores.std())
