"""Change between a first and a last score, judged by a named rule.

`change` is always last minus first. `improvement` is change turned so that positive is better.
Every row names the rule, its constants and their source.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from attrs import evolve, frozen

from romframe.change_methods import (
    CLASSES,
    NOT_CLASSIFIED,
    ChangeInputs,
    ChangeMethod,
    ChangeVerdict,
)
from romframe.errors import (
    DataError,
    Place,
    PluginError,
    Problem,
    UsageError,
    UserError,
    did_you_mean,
)
from romframe.instruments.model import ChangeRule, Direction, Instrument, Item
from romframe.methods import NEAR
from romframe.scoring import no_totals
from romframe.validation import validate
from romframe.yaml_source import Document


JUDGED = ("change", "improvement", "class", "reliable", "clinical", "rule")


Find = Callable[[str], Instrument]


@frozen
class Judge:
    """A change rule ready to judge pairs of one score (or of one item).

    `companion` judges the second measure of a rule with `with:`; `suffix` ends the names of the
    columns `first` and `last` that hold that measure's scores.
    """

    rule: ChangeRule
    method: ChangeMethod
    better: Direction
    low: float
    high: float
    settings: Mapping[str, float | str]
    citation: str
    companion: "Judge | None" = None
    suffix: str = ""

    @property
    def constants(self) -> str:
        """The rule's constants in one line of text."""
        told = "; ".join(f"{key} {_words(value)}" for key, value in self.rule.params.items())
        return (
            f"{told}; {self.companion._told(self.companion.constants)}" if self.companion else told
        )

    @property
    def source(self) -> str:
        """The source of the constants, of both measures where there are two."""
        beside = self.companion
        return f"{self.citation}; {beside._told(beside.citation)}" if beside else self.citation

    def _told(self, text: str) -> str:
        return f"{self.suffix.removeprefix('_')}: {text}"

    @property
    def label(self) -> str:
        """The rule's name, saying so where constants were set by hand."""
        changed = ", ".join(f"{key}={value}" for key, value in self.settings.items())
        return f"{self.rule.id} with {changed}" if changed else self.rule.id

    @property
    def by_person(self) -> bool:
        """Whether a cut-off depends on who the person is."""
        cut_off = self.rule.params.get("cut_off")
        own = isinstance(cut_off, Mapping) and "by" in cut_off
        return own or (self.companion is not None and self.companion.by_person)

    @property
    def score_columns(self) -> tuple[str, ...]:
        """The columns that hold scores: `first`, `last` and those of a second measure."""
        beside = self.companion.score_columns if self.companion else ()
        return (f"first{self.suffix}", f"last{self.suffix}", *beside)

    def classify(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Add change, improvement, class, reliable, clinical and the rule to a frame of pairs.

        `frame` has `first` and `last`, and the attributes of the person that the rule asks for. A
        pair that is not complete, or not inside the score's range, is not classified.
        """
        first, last = pl.col("first"), pl.col("last")
        frame = frame.with_columns(change=last - first, improvement=self._turned(first, last))
        inputs = self._inputs(frame.collect_schema())
        try:
            verdict = self.method.build(inputs)
        except PluginError:
            verdict = ChangeVerdict(pl.lit(None, pl.String))
        paired = self._paired
        outcome = pl.when(paired).then(verdict.outcome).fill_null(NOT_CLASSIFIED)
        constants = pl.lit(self.constants)
        if verdict.constants is not None:
            constants = pl.concat_str(constants, verdict.constants, separator="; ")
        return frame.with_columns(
            outcome.cast(CLASSES).alias("class"),
            pl.when(paired).then(verdict.reliable).cast(pl.String).alias("reliable"),
            pl.when(paired).then(verdict.clinical).cast(pl.String).alias("clinical"),
            pl.lit(self.label).alias("rule"),
            constants.alias("constants"),
            pl.lit(self.source).alias("source"),
        )

    @property
    def _paired(self) -> pl.Expr:
        low, high = self.low - NEAR, self.high + NEAR
        first, last = map(pl.col, self.score_columns[:2])
        return first.is_between(low, high) & last.is_between(low, high)

    def _turned(self, first: pl.Expr, last: pl.Expr) -> pl.Expr:
        return first - last if self.better == "lower" else last - first

    def _inputs(self, columns: pl.Schema) -> ChangeInputs:
        first, last = (pl.when(self._paired).then(name) for name in self.score_columns[:2])
        beside = self.companion
        if beside and not set(beside.score_columns) <= set(columns):
            beside = None
        return ChangeInputs(
            self.better,
            columns,
            self.rule.params,
            first,
            last,
            self._turned(first, last),
            self.low,
            self.high,
            beside._inputs(columns) if beside else None,
        )


def judge(
    instrument: Instrument,
    methods: Mapping[str, ChangeMethod],
    *,
    score: str,
    rule: str | None = None,
    settings: Mapping[str, float | str] | None = None,
    find: Find | None = None,
) -> Judge:
    """Make a change rule ready for one score, or for one item of a rule by item.

    `rule` is a rule's id, or the name of a method whose constants `settings` supply; None takes the
    default. `settings` changes constants by dotted name (`reliable.at_least`, `cut_off.value`).
    `find` gives another instrument by its id, for a rule that judges two measures together.
    Raises UsageError for names that do not exist or constants that do not fit.
    """
    ready = _judge(instrument, methods, score, rule, settings or {})
    wanted = ready.rule.params.get("with")
    if wanted is None:
        return ready
    other = _find(ready.rule, wanted["instrument"], find)
    companion = _judge(other, methods, wanted["score"], wanted.get("rule"), {})
    return evolve(ready, companion=evolve(companion, suffix=f"_{wanted['instrument']}"))


def _find(rule: ChangeRule, name: str, find: Find | None) -> Instrument:
    """Give the second instrument of a rule; raises UsageError saying which rule asks for it."""
    told = f"The rule {rule.id!r} judges {name!r} as well, which is not to be had here"
    if find is None:
        mend = "Choose a rule of one measure."
        raise UsageError(Problem("unknown-companion", f"{told}.", mend))
    try:
        return find(name)
    except UserError as error:
        first = error.problems[0]
        problem = Problem("unknown-companion", f"{told}: {first.what}", first.mend)
        raise UsageError(problem) from error


def _judge(
    instrument: Instrument,
    methods: Mapping[str, ChangeMethod],
    score: str,
    rule: str | None,
    settings: Mapping[str, float | str],
) -> Judge:
    better, low, high = _subject(instrument, score)
    chosen = _choose(instrument, methods, score, rule)
    _check_numbers(settings)
    changed = evolve(chosen, params=_apply(chosen.params, settings))
    method = methods[changed.method]
    _check_params(changed, method)
    if better == "neither":
        what = f"For {score!r} neither direction is better, so change in it cannot be judged."
        raise UsageError(Problem("no-direction", what, "Report its change without a class."))
    source = instrument.sources.get(chosen.source)
    citation = f"{source.cite} [{source.status}]" if source else "given by the user"
    if settings and source:
        citation = f"constants set by the user; rule after {citation}"
    return Judge(changed, method, better, low, high, dict(settings), citation)


def _subject(instrument: Instrument, name: str) -> tuple[Direction, float, float]:
    scores = {each.id: each for each in instrument.scores}
    if name in scores:
        return scores[name].better, scores[name].low, scores[name].high
    items = {item.id: item for item in instrument.items if item.scale.scored}
    if name in items:
        scale = items[name].scale
        return _item_direction(instrument, items[name]), scale.low or 0, scale.high or 0
    if instrument.totals == "forbidden":
        raise UsageError(no_totals(instrument))
    what = f"{instrument.name} has no score {name!r}."
    raise UsageError(Problem("unknown-score", what, did_you_mean(name, scores)))


def _item_direction(instrument: Instrument, item: Item) -> Direction:
    """Give the item's favourable end as the spec says it, else that of the scores it is part of."""
    if item.favourable is not None:
        return "higher" if item.favourable == "high" else "lower"
    directions = {score.better for score in instrument.scores if item.id in score.items}
    return directions.pop() if len(directions) == 1 else "neither"


def read_pairs(frame: pl.LazyFrame, beside: Sequence[str] = ()) -> pl.LazyFrame:
    """Give the frame with `first` and `last` as numbers, null where blank.

    `beside` names columns that hold scores of a second measure, if they are there. Raises DataError
    where `first` or `last` is absent or a cell cannot be read as a number.
    """
    columns = frame.collect_schema()
    absent = [name for name in ("first", "last") if name not in columns]
    if absent:
        what = f"There is no column {' and no column '.join(absent)}."
        raise DataError(Problem("column-missing", what, "Name the scores `first` and `last`."))
    clash = [name for name in columns if name in (*JUDGED, "constants", "source")]
    if clash:
        what = f"The data already have a column {', '.join(map(repr, clash))}."
        mend = "Rename it, so that nothing is overwritten."
        raise DataError(Problem("column-clash", what, mend))
    names = [name for name in dict.fromkeys(("first", "last", *beside)) if name in columns]
    for name in names:
        dtype = columns[name]
        if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
            frame = _read_numbers(frame, name)
        elif not (dtype.is_numeric() or dtype == pl.Null):
            what = f"The column {name!r} holds {dtype}, not scores."
            raise DataError(Problem("column-type", what, "Save the scores as numbers."))
    return frame.with_columns(pl.col(*names).cast(pl.Float64).fill_nan(None))


def _read_numbers(frame: pl.LazyFrame, name: str) -> pl.LazyFrame:
    written = pl.col(name).cast(pl.String).str.strip_chars()
    number = written.cast(pl.Float64, strict=False)
    wrong = (written != "") & (number.is_null() | ~number.is_finite())
    rows = frame.select(wrong=wrong).with_row_index("row", offset=1).filter("wrong").head(20)
    found = rows.collect()["row"]
    if found.len():
        raise DataError(
            Problem(
                "not-a-number",
                "This is not a number.",
                "Write the score with a point as decimal sign, or leave the cell empty.",
                Place(row=row, field=name),
            )
            for row in found
        )
    return frame.with_columns(number.alias(name))


def rules_for(instrument: Instrument, name: str) -> dict[str, ChangeRule]:
    """Give the change rules that an instrument has for a score or an item, by id."""
    return {r.id: r for r in instrument.change_rules if r.score == name or name in r.items}


def default_rule(instrument: Instrument, name: str) -> ChangeRule | None:
    """Give the rule that is used for a score or an item when none is named."""
    rules = rules_for(instrument, name).values()
    return next((rule for rule in rules if rule.default), None)


def _choose(
    instrument: Instrument, methods: Mapping[str, ChangeMethod], score: str, rule: str | None
) -> ChangeRule:
    known = rules_for(instrument, score)
    if rule is None:
        default = default_rule(instrument, score)
        if default is None:
            what = f"{instrument.name} has no default change rule for {score!r}."
            mend = f"Name one with --rule. {did_you_mean('', [*known, *methods])}"
            raise UsageError(Problem("no-default-rule", what, mend))
        return default
    if rule in known:
        return known[rule]
    if rule in methods:
        return ChangeRule(id=rule, method=rule, source="", score=score)
    what = f"{instrument.name} has no change rule {rule!r} for {score!r}."
    raise UsageError(Problem("unknown-rule", what, did_you_mean(rule, [*known, *methods])))


def _apply(params: Mapping[str, Any], settings: Mapping[str, float | str]) -> dict[str, Any]:
    result = {k: dict(v) if isinstance(v, Mapping) else v for k, v in params.items()}
    for name, value in settings.items():
        key, _, inner = name.partition(".")
        if inner:
            known = result.get(key)
            result[key] = {**(known if isinstance(known, dict) else {}), inner: value}
        elif isinstance(result.get(key), dict):
            result[key][_threshold_key(result[key])] = value
        else:
            result[key] = value
    return result


def _threshold_key(params: Mapping[str, Any]) -> str:
    return next((k for k in ("at_least", "more_than", "value") if k in params), "at_least")


def _check_numbers(settings: Mapping[str, float | str]) -> None:
    for name, value in settings.items():
        if isinstance(value, float) and not math.isfinite(value):
            what = f"The constant {name!r} cannot be {value}."
            raise UsageError(Problem("not-a-number", what, "Give it a number."))


def _check_params(rule: ChangeRule, method: ChangeMethod) -> None:
    document = Document(f"change rule {rule.id}", dict(rule.params))
    validate(document, method.params, document.data)
    if document.problems:
        wrong = [
            each._replace(place=each.place._replace(line=0, column=0)) for each in document.problems
        ]
        raise UsageError(wrong)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_words, value))}]"
    return f"{value}"
