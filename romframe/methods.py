"""How scores are computed: the contract of a scoring method, and the built-in ones.

A method gives a numerator and a denominator, so that a score is whole numbers, one constant and
**one** division: the same input gives the same bits everywhere.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import polars as pl
from attrs import field, frozen

from romframe.expressions import add
from romframe.instruments.model import ResponseScale
from romframe.instruments.schema import MethodTerms
from romframe.validation import Schema


NEAR = 1e-9  # scores made of scores are compared this closely: 1/3 + 2/3 is 1


@frozen
class ScoringInputs:
    """What a method builds its expression from, for one score of one row.

    `values` are the item values (or, for a method that takes scores, the earlier scores), null
    where unanswered. `total` is the sum of answered items in whole units (`units` of them make 1)
    and `answered` their number; both are null for a method that takes scores.
    """

    values: tuple[pl.Expr, ...]
    total: pl.Expr
    answered: pl.Expr
    units: int
    names: tuple[str, ...]
    params: Mapping[str, Any]

    @property
    def whole_values(self) -> tuple[pl.Expr, ...]:
        """The values in whole units, so that sums and products of them are exact."""
        if self.units == 1:
            return self.values
        return tuple((value * self.units).round() for value in self.values)


@frozen
class Ratio:
    """A number as a fraction; the kernel multiplies by the score's constants and divides once.

    `filled` is the number that a policy gives which fills gaps: every unanswered item counts as the
    mean of the answered ones. Means and extremes need none, for filling changes nothing in them.
    """

    numerator: pl.Expr
    denominator: pl.Expr | int = 1
    filled: "Ratio | None" = None


@frozen
class ScoringMethod:
    """A named way to compute a score.

    `build` gives the number; a null (or a division by zero) means that there is none, and the score
    is refused. It works on items or on scores, as `takes` says, and on so many `inputs`, if not on
    any number of them. A method with `own_missing` decides itself what missing answers mean;
    otherwise the score's policy does. `params` is the Cerberus schema of what a spec may say;
    `bounds` lets lint check ranges.
    """

    name: str
    build: Callable[[ScoringInputs], Ratio]
    takes: Literal["items", "scores"] = "items"
    inputs: int | None = None
    params: Schema = field(factory=dict)
    bounds: Callable[[Sequence[ResponseScale], Mapping[str, Any]], tuple[float, float]] | None = (
        None
    )
    own_missing: bool = False
    source: str = ""

    @property
    def terms(self) -> MethodTerms:
        """What the spec language must know of this method."""
        return MethodTerms(self.params, self.bounds, self.takes, self.inputs)


def _sum(inputs: ScoringInputs) -> Ratio:
    filled = Ratio(inputs.total * len(inputs.names), inputs.answered * inputs.units)
    return Ratio(inputs.total, inputs.units, filled)


def _mean(inputs: ScoringInputs) -> Ratio:
    return Ratio(inputs.total, inputs.answered * inputs.units)


def _weighted_sum(inputs: ScoringInputs) -> Ratio:
    fractions = [Fraction(str(inputs.params["weights"][name])) for name in inputs.names]
    denominator = math.lcm(*(each.denominator for each in fractions))
    weights = [int(each * denominator) for each in fractions]
    pairs = list(zip(inputs.whole_values, weights, strict=True))
    total = add(value.cast(pl.Float64).fill_null(0) * weight for value, weight in pairs)
    open_weight = add(value.is_null().cast(pl.Float64) * weight for value, weight in pairs)
    filled = total * inputs.answered + open_weight * inputs.total
    denominator = denominator * inputs.units
    return Ratio(total, denominator, Ratio(filled, inputs.answered * denominator))


def _count_at_least(inputs: ScoringInputs) -> Ratio:
    hits = (
        (value >= inputs.params["threshold"]).fill_null(False).cast(pl.Int32)
        for value in inputs.values
    )
    count = add(hits)
    return Ratio(count, 1, Ratio(count * len(inputs.names), inputs.answered))


def _extreme(function: Callable[..., pl.Expr]) -> Callable[[ScoringInputs], Ratio]:
    def build(inputs: ScoringInputs) -> Ratio:
        return Ratio(function(*inputs.whole_values), inputs.units)

    return build


def _difference(inputs: ScoringInputs) -> Ratio:
    first, second = inputs.values
    return Ratio(first - second)


def _sum_of_scores(inputs: ScoringInputs) -> Ratio:
    return Ratio(add(inputs.values))


def _lookup(inputs: ScoringInputs) -> Ratio:
    table = inputs.params["table"]
    value = inputs.values[0].round(9)
    if inputs.params.get("round") == "half_up":
        value = (value + 0.5).floor()
    keys = [float(key) for key in table]
    found = value.replace_strict(
        keys, [float(each) for each in table.values()], default=None, return_dtype=pl.Float64
    )
    return Ratio(found)


def _criteria(inputs: ScoringInputs) -> Ratio:
    met = pl.lit(True)
    for name, value in zip(inputs.names, inputs.values, strict=True):
        asked = inputs.params["met"][name]
        low, high = asked.get("at_least", -math.inf), asked.get("at_most", math.inf)
        met = met & value.round(9).is_between(low, high)
    known = pl.all_horizontal(value.is_not_null() for value in inputs.values)
    return Ratio(pl.when(known).then(met.cast(pl.Int8)))


def _sum_bounds(scales: Sequence[ResponseScale], _: Mapping[str, Any]) -> tuple[float, float]:
    return sum(scale.low or 0 for scale in scales), sum(scale.high or 0 for scale in scales)


def _mean_bounds(scales: Sequence[ResponseScale], _: Mapping[str, Any]) -> tuple[float, float]:
    return min(scale.low or 0 for scale in scales), max(scale.high or 0 for scale in scales)


def _criteria_bounds(_: Sequence[ResponseScale], __: Mapping[str, Any]) -> tuple[float, float]:
    return 0, 1


def _count_bounds(scales: Sequence[ResponseScale], _: Mapping[str, Any]) -> tuple[float, float]:
    return 0, len(scales)


_NUMBER = {"type": "number"}

SCORING_METHODS: tuple[ScoringMethod, ...] = (
    ScoringMethod("sum", _sum, bounds=_sum_bounds),
    ScoringMethod("mean", _mean, bounds=_mean_bounds),
    ScoringMethod(
        "weighted_sum",
        _weighted_sum,
        params={"weights": {"type": "dict", "required": True, "valuesrules": _NUMBER}},
    ),
    ScoringMethod(
        "count_at_least",
        _count_at_least,
        params={"threshold": {**_NUMBER, "required": True}},
        bounds=_count_bounds,
    ),
    ScoringMethod("highest", _extreme(pl.max_horizontal), bounds=_mean_bounds),
    ScoringMethod("lowest", _extreme(pl.min_horizontal), bounds=_mean_bounds),
    ScoringMethod("difference", _difference, takes="scores", inputs=2),
    ScoringMethod("sum_of_scores", _sum_of_scores, takes="scores", bounds=_sum_bounds),
    ScoringMethod(
        "criteria",
        _criteria,
        takes="scores",
        bounds=_criteria_bounds,
        params={
            "met": {
                "type": "dict",
                "required": True,
                "empty": False,
                "valuesrules": {
                    "type": "dict",
                    "empty": False,
                    "schema": {"at_least": _NUMBER, "at_most": _NUMBER},
                },
            }
        },
    ),
    ScoringMethod(
        "lookup",
        _lookup,
        takes="scores",
        inputs=1,
        params={
            "table": {
                "type": "dict",
                "required": True,
                "empty": False,
                "keysrules": {"type": ["integer", "float"]},
                "valuesrules": _NUMBER,
            },
            "round": {"type": "string", "allowed": ["half_up"]},
        },
    ),
)
