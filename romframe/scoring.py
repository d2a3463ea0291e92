"""Scores as columnar expressions: one kernel, compiled from the spec, for one row or for millions.

Every score is a verdict: a value or none, a status, a reason, how many items were answered and
needed, and a band. Items that serve the same set of scores are added up once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

import polars as pl
from attrs import frozen

from romframe.answers import check_coding, read_items
from romframe.bands import all_bands, band_of
from romframe.errors import DataError, PluginError, Problem, UsageError, did_you_mean
from romframe.expressions import add, divide, first_match
from romframe.instruments.evidence import WEAKEST_LAST, evidence
from romframe.instruments.model import (
    Coding,
    DataCoding,
    Instrument,
    Item,
    Keyed,
    MissingPolicy,
    Score,
)
from romframe.methods import NEAR, Ratio, ScoringInputs, ScoringMethod
from romframe.packing import Packing


STATUS = pl.Enum(["scored", "prorated", "reported", "refused"])  # reported: came without answers
REASON = pl.Enum(
    [
        "items_missing",  # given as the mean of, or scaled up from, the items that are there
        "sum_of_known",  # given as the sum of the items that are there
        "nothing_answered",
        "too_many_missing",
        "invalid_response",
        "input_refused",  # a score that this one is made of was refused
        "no_value",  # the method has no value for these answers, or none in the score's range
        "method_failed",  # the plugin that offers the method raised an error
    ]
)
VERDICT = ("value", "status", "reason", "answered", "required", "band", "policy", "evidence")
EVIDENCE = pl.Enum(list(WEAKEST_LAST))
VERDICT_TYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "score": pl.String,
    "value": pl.Float64,
    "status": STATUS,
    "reason": REASON,
    **dict.fromkeys(("answered", "required"), pl.Int16),
    **dict.fromkeys(("band", "policy"), pl.String),
    "evidence": EVIDENCE,
}
_PARTS = ("value", "status", "reason", "answered", "band")


@frozen
class Scorer:
    """An instrument ready to score: which scores, which missing-answer policy, which coding."""

    instrument: Instrument
    methods: Mapping[str, ScoringMethod]
    scores: tuple[Score, ...]
    coding: DataCoding
    policy: str | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that these scores are computed from."""
        used = {item_id for score in self.scores for item_id in score.items}
        return tuple(item for item in self.instrument.items if item.id in used)

    @property
    def by_person(self) -> bool:
        """Whether a band depends on who the person is."""
        return any(isinstance(score.bands, Keyed) for score in self.scores)

    def keys(self, columns: Iterable[str]) -> list[str]:
        """Give the columns that are not items and are kept beside the scores."""
        items = {item.id for item in self.instrument.items}
        return [name for name in columns if name not in items]

    def wide(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Score every row of `frame`: its key columns, then five columns a score.

        Raises DataError where an item's column is missing or a column would be overwritten.
        """
        columns = frame.collect_schema()
        self._check_items(columns)
        keys = self.keys(columns)
        made = [name for score in self.scores for name in _columns(score)]
        taken = {*made, "score", *VERDICT}
        clash = [name for name in keys if name in taken or name.startswith("__")]
        if clash:
            what = f"The data already have a column {', '.join(map(repr, clash))}."
            mend = "Rename it, so that nothing is overwritten."
            raise DataError(Problem("column-clash", what, mend))
        return self._verdicts(frame, columns).select(*keys, *made)

    def tidy(self, wide: pl.LazyFrame) -> pl.LazyFrame:
        """Turn wide verdicts into a row a score: keys, then score, value, status, reason, ..."""
        made = {name for score in self.scores for name in _columns(score)}
        keys = [name for name in wide.collect_schema() if name not in made]
        wide = wide.with_row_index("__row")
        parts = [
            wide.select(
                "__row",
                pl.lit(order, pl.Int16).alias("__order"),
                *keys,
                pl.lit(score.id, self._names()).alias("score"),
                *(pl.col(n).alias(part) for n, part in zip(_columns(score), _PARTS, strict=True)),
                pl.lit(self._required(score), pl.Int16).alias("required"),
                pl.lit(self._policy_name(score)).alias("policy"),
                pl.lit(self._evidence(score), EVIDENCE).alias("evidence"),
            )
            for order, score in enumerate(self.scores)
        ]
        return pl.concat(parts).sort("__row", "__order").select(*keys, "score", *VERDICT)

    def _check_items(self, columns: Iterable[str]) -> None:
        names = list(columns)
        absent = [item.id for item in self.items if item.id not in names]
        if not absent:
            return
        others = [name for name in names if name not in {i.id for i in self.instrument.items}]
        what = f"There is no column {', '.join(absent)} for {self.instrument.name}."
        near = did_you_mean(absent[0], others) if others else ""
        mend = f"A column that is absent is not a blank answer: name the columns by item id. {near}"
        raise DataError(Problem("column-missing", what, mend.strip()))

    def _verdicts(self, frame: pl.LazyFrame, columns: pl.Schema) -> pl.LazyFrame:
        readings = read_items(self.items, columns, self.coding)
        packing = Packing.fit(readings.values())
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        for item in self.items:
            groups[frozenset(s.id for s in self.scores if item.id in s.items)].append(item.id)
        names = {members: f"__group_{n}" for n, members in enumerate(groups)}
        frame = frame.with_columns(
            [
                add(packing.pack(readings[i]) for i in ids).alias(names[g])
                for g, ids in groups.items()
            ]
            + [readings[i].stored.alias(f"__value_{i}") for i in self._valued()]
        )
        frame = frame.with_columns(
            add(pl.col(names[group]) for group in groups if score.id in group).alias(
                f"__{score.id}"
            )
            for score in self.scores
            if score.items
        )
        ratios = {score.id: self._ratio(score, packing) for score in self.scores}
        layers = [[s for s in self.scores if s.items], *([s] for s in self.scores if s.of)]
        for layer in layers:
            frame = frame.with_columns(
                self._value(score, ratios[score.id], packing).alias(score.id) for score in layer
            )
            frame = frame.with_columns(
                expression.alias(name)
                for score in layer
                for name, expression in self._verdict(
                    score, ratios[score.id] is None, packing, columns
                ).items()
            )
        return frame

    def _valued(self) -> list[str]:
        """Give the items whose single values a method or an alert needs."""
        plain = {"sum", "mean"}
        return sorted({i for s in self.scores if s.method not in plain for i in s.items})

    def _ratio(self, score: Score, packing: Packing) -> Ratio | None:
        """Give the score's number as its method builds it; None where a plugin's method failed."""
        packed = pl.col(f"__{score.id}") if score.items else pl.lit(None, pl.Int32)
        names = score.items or score.of
        inputs = ScoringInputs(
            values=tuple(pl.col(f"__value_{n}" if score.items else n) for n in names),
            total=packing.total(packed),
            answered=packing.answered(packed),
            units=packing.units if score.items else 1,
            names=names,
            params=score.params,
        )
        try:
            return self.methods[score.method].build(inputs)
        except PluginError:
            return None

    def _value(self, score: Score, ratio: Ratio | None, packing: Packing) -> pl.Expr:
        if ratio is None:
            return pl.lit(None, pl.Float64)
        policy = self._policy(score)
        if policy is None:
            number = scaled(ratio, score)
            return pl.when(_in_range(score, number)).then(number)
        packed = pl.col(f"__{score.id}")
        answered, number = packing.answered(packed), scaled(ratio, score)
        gaps = policy.at_least < len(score.items) and policy.then != "sum_of_known"
        if gaps and ratio.filled is not None:
            complete = answered == len(score.items)
            number = pl.when(complete).then(number).otherwise(scaled(ratio.filled, score))
        needed = 1 if self.methods[score.method].own_missing else policy.at_least
        enough = (packed < packing.big) & (answered >= needed)
        return pl.when(enough & _in_range(score, number)).then(number)

    def _verdict(
        self, score: Score, failed: bool, packing: Packing, columns: Iterable[str]
    ) -> dict[str, pl.Expr]:
        value, status, reason, answered, band = _columns(score)
        policy = self._policy(score)
        if policy is not None:
            packed = pl.col(f"__{score.id}")
            count = packing.answered(packed)
            why, state = _why(pl.col(value), packing.invalid(packed), count, score, policy)
        else:
            count, why, state = _why_derived(score)
        if failed:
            why, state = pl.lit("method_failed", REASON), pl.lit("refused", STATUS)
        return {
            status: state,
            reason: why,
            answered: count.cast(pl.Int16),
            band: band_of(score, pl.col(value), self._labels(), columns),
        }

    def _policy(self, score: Score) -> MissingPolicy | None:
        """Give the missing-answer policy of a score of items; a score of scores has none."""
        return score.policy(self.policy) if score.items else None

    def _policy_name(self, score: Score) -> str | None:
        policy = self._policy(score)
        return policy.id if policy else None

    def _evidence(self, score: Score) -> str:
        return evidence(self.instrument, score, self._policy(score))

    def _labels(self) -> pl.Enum:
        labels = dict.fromkeys(band.label for score in self.scores for band in all_bands(score))
        return pl.Enum(list(labels))

    def _names(self) -> pl.Enum:
        return pl.Enum([score.id for score in self.scores])

    def _required(self, score: Score) -> int | None:
        policy = self._policy(score)
        if policy is None or self.methods[score.method].own_missing:
            return None
        return policy.at_least


def scorer(
    instrument: Instrument,
    methods: Mapping[str, ScoringMethod],
    *,
    coding: Coding | None = None,
    scores: Iterable[str] | None = None,
    missing: str | None = None,
    bands: str | None = None,
) -> Scorer:
    """Make an instrument ready to score.

    `scores` asks for some scores by id (all but those on request, if None); `missing` chooses a
    missing-answer policy, `bands` a set of bands by name where a score offers it. Raises UsageError
    for a name that does not exist, and where data need a coding.
    """
    if instrument.totals == "forbidden":
        raise UsageError(no_totals(instrument))
    known = {score.id: score for score in instrument.scores if not score.across}
    chosen = _with_inputs(_wanted(instrument, known, scores), known)
    sets = {option.id for score in known.values() for option in score.band_options}
    if missing is not None and missing not in (options := _policies(known)):
        what = f"{instrument.name} has no missing-answer policy {missing!r}."
        raise UsageError(Problem("unknown-policy", what, did_you_mean(missing, options)))
    if bands is not None and bands not in sets:
        what = f"{instrument.name} has no set of bands {bands!r}."
        raise UsageError(Problem("unknown-bands", what, did_you_mean(bands, sets)))
    if not chosen:
        what = f"There is no score of {instrument.name} to compute."
        mend = did_you_mean("", known) if known else "Report its answers item by item instead."
        raise UsageError(Problem("no-scores", what, mend))
    chosen = tuple(score.with_bands(bands) for score in chosen)
    return Scorer(instrument, methods, chosen, check_coding(instrument, coding), missing)


def no_totals(instrument: Instrument) -> Problem:
    """Say why an instrument gives no scores."""
    what = f"{instrument.name} has no scores: {instrument.totals_reason.rstrip('.')}."
    mend = "Look at its answers item by item: `romframe distribution`."
    return Problem("no-totals", what, mend)


def _wanted(
    instrument: Instrument, known: Mapping[str, Score], scores: Iterable[str] | None
) -> list[str]:
    if scores is None:
        return [name for name, score in known.items() if not score.on_request]
    over = {score.id for score in instrument.scores if score.across}
    for name in (wanted := list(scores)):
        if name in over:
            what = f"{name!r} is taken over the goals of one moment, and a row holds one goal."
            mend = "Import the ratings: `romframe score` then gives it in the workspace."
            raise UsageError(Problem("score-over-goals", what, mend))
        if name not in known:
            what = f"{instrument.name} has no score {name!r}."
            raise UsageError(Problem("unknown-score", what, did_you_mean(name, known)))
    return wanted


def _policies(known: Mapping[str, Score]) -> set[str]:
    return {each.id for s in known.values() for each in (*s.missing_options, s.missing) if each}


def _with_inputs(wanted: Iterable[str], known: Mapping[str, Score]) -> tuple[Score, ...]:
    needed = set(wanted)
    for score in reversed(tuple(known.values())):
        if score.id in needed:
            needed.update(score.of)
    return tuple(score for score in known.values() if score.id in needed)


def _why(
    value: pl.Expr, invalid: pl.Expr, answered: pl.Expr, score: Score, policy: MissingPolicy
) -> tuple[pl.Expr, pl.Expr]:
    given = value.is_not_null()
    complete = answered == len(score.items)
    gap = "sum_of_known" if policy.then == "sum_of_known" else "items_missing"
    reason = first_match(
        [
            (given & complete, pl.lit(None, REASON)),
            (given, pl.lit(gap, REASON)),
            (invalid, pl.lit("invalid_response", REASON)),
            (answered == 0, pl.lit("nothing_answered", REASON)),
            (answered < policy.at_least, pl.lit("too_many_missing", REASON)),
        ],
        otherwise=pl.lit("no_value", REASON),
    )
    filled = "scored" if gap == "sum_of_known" else "prorated"
    status = first_match(
        [(given & complete, pl.lit("scored", STATUS)), (given, pl.lit(filled, STATUS))],
        otherwise=pl.lit("refused", STATUS),
    )
    return reason, status


def _why_derived(score: Score) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    given = pl.col(score.id).is_not_null()
    answered = add(pl.col(f"{name}_answered") for name in score.of)
    refused = pl.any_horizontal(pl.col(name).is_null() for name in score.of)
    reasons = [pl.col(f"{name}_reason") for name in score.of]
    prorated = pl.any_horizontal(each.eq_missing("items_missing") for each in reasons)
    partial = pl.any_horizontal(each.eq_missing("sum_of_known") for each in reasons)
    reason = first_match(
        [
            (given & prorated, pl.lit("items_missing", REASON)),
            (given & partial, pl.lit("sum_of_known", REASON)),
            (given, pl.lit(None, REASON)),
            (refused, pl.lit("input_refused", REASON)),
        ],
        otherwise=pl.lit("no_value", REASON),
    )
    status = first_match(
        [(given & prorated, pl.lit("prorated", STATUS)), (given, pl.lit("scored", STATUS))],
        otherwise=pl.lit("refused", STATUS),
    )
    return answered, reason, status


def scaled(ratio: Ratio, score: Score) -> pl.Expr:
    """Multiply whole numbers by the score's constant, then divide once.

    The constant is the fraction that its decimals stand for, so that 0.1 is a tenth exactly.
    """
    constant = Fraction(str(score.times)) / Fraction(str(score.divided_by))
    number = ratio.numerator.cast(pl.Float64) * float(constant.numerator)
    if isinstance(ratio.denominator, int):
        return divide(number, ratio.denominator * constant.denominator)
    return number / (ratio.denominator * float(constant.denominator))


def _in_range(score: Score, number: pl.Expr) -> pl.Expr:
    """Say whether a number is one, and inside the score's range, which filling gaps can leave."""
    return number.is_between(score.low - NEAR, score.high + NEAR)


def _columns(score: Score) -> tuple[str, str, str, str, str]:
    name = score.id
    return name, f"{name}_status", f"{name}_reason", f"{name}_answered", f"{name}_band"
