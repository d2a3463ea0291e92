"""Means, SDs and the spread of change that an index needs: from the rule, or of the pairs judged.

Those of the pairs are taken over complete pairs inside the score's range and no other.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from attrs import frozen

from romframe import ChangeInputs


_NAMES = {
    "mean": "first mean",
    "sd": "first sd",
    "last_mean": "last mean",
    "last_sd": "last sd",
    "correlation": "correlation",
}


@frozen
class Figures:
    """What is known of a group at `first` and `last`; `spread` is the variance of its change.

    `enough` says whether figures can be taken from the pairs, where they are, and `said` in words
    which were.
    """

    mean: pl.Expr
    sd: pl.Expr
    last_mean: pl.Expr
    last_sd: pl.Expr
    spread: pl.Expr
    enough: pl.Expr
    said: pl.Expr | None


def figures(inputs: ChangeInputs, used: Iterable[str]) -> Figures:
    """Give the figures of the group; `used` names those that the method needs."""
    known, own = _given(inputs.params), _of_pairs(inputs)
    pairs = inputs.improvement.count()
    taken = {name: own[name] for name in used if name not in known}
    found = own | {name: pl.lit(value) for name, value in known.items()}
    return Figures(
        found["mean"],
        found["sd"],
        found["last_mean"],
        found["last_sd"],
        _spread(found) if known else inputs.improvement.var(),
        _enough(taken, pairs),
        _said(taken, pairs) if taken else None,
    )


def above_zero(figure: pl.Expr) -> pl.Expr:
    """Say whether a figure is there at all: what should be 0 may come out as a speck beside it."""
    return figure.round(9) > 0


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
        "sd": first.std(),
        "last_mean": last.mean(),
        "last_sd": last.std(),
        "correlation": pl.corr(first, last),
    }


def _spread(found: Mapping[str, pl.Expr]) -> pl.Expr:
    together = found["correlation"] * found["sd"] * found["last_sd"]
    return found["sd"] ** 2 + found["last_sd"] ** 2 - 2 * together


def _enough(taken: Mapping[str, pl.Expr], pairs: pl.Expr) -> pl.Expr:
    if not taken:
        return pl.lit(True)
    spread = (above_zero(taken[name]) for name in ("sd", "last_sd") if name in taken)
    return pl.all_horizontal(pairs >= 2, *spread)


def _said(taken: Mapping[str, pl.Expr], pairs: pl.Expr) -> pl.Expr:
    each = (pl.format(f"{_NAMES[name]} {{}}", figure.round(4)) for name, figure in taken.items())
    told = pl.format("{} of the {} pairs judged", pl.concat_str(*each, separator=", "), pairs)
    return told.fill_null("too few pairs to take norms from")
