"""HoNOS in the service report: the total, its scales and items, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    Instrument,
    Score,
    Share,
    SideBars,
    SideRow,
    Source,
    Summary,
    classify,
    referrals_in,
    share,
    summarise,
)


if TYPE_CHECKING:
    from romframe import Window, Workspace

FAMILY = ("honos", "honos_65", "honosca")
TOTAL = "total"
_KEY = "referral_id"
_BETTER, _SAME, _WORSE = ("improved", "recovered"), ("unchanged",), ("deteriorated", "harmed")
_MOVED = {"up": "from low to high (worse)", "down": "from high to low (better)"}


@frozen
class Line:
    """The total or a scale: its pairs, its ends, and how many ended lower or higher.

    `against` are those whose scale went one way and whose total went the other.
    """

    label: str
    pairs: int
    first: Summary | None
    last: Summary | None
    lower: Share
    higher: Share
    against: Share | None


@frozen
class Disagreement:
    """What the total says of a pair where an item says something else, and how many there are."""

    words: str
    share: Share


@frozen
class Profile:
    """One instrument of the family."""

    name: str
    rule: ChangeRule
    source: Source | None
    high: ChangeRule
    high_source: Source | None
    classes: tuple[tuple[str, Share], ...]
    lines: tuple[Line, ...]
    scales: SideBars
    items: SideBars
    disagreements: tuple[Disagreement, ...]


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give a profile for each instrument of the family with a pair on its total."""
    used = [name for name in workspace.used_instruments() if name.partition("-")[0] in FAMILY]
    found = [each for name in used if (each := _profile(workspace, window, name)) is not None]
    return {"profiles": found} if found else None


def _profile(workspace: Workspace, window: Window, name: str) -> Profile | None:
    instrument = workspace.instrument(name)
    pairs = _pairs(workspace, window, name)
    totals = pairs.filter(pl.col("score") == TOTAL)
    rules = {rule.id: rule for rule in instrument.change_rules}
    judged = totals.get_column("rule").drop_nulls().unique().to_list()
    high = next((rule for rule in rules.values() if rule.method == "categorical"), None)
    if not judged or high is None:
        return None
    rule = rules[judged[0]]
    lines = tuple(_lines(instrument, pairs))
    moves = _moves(workspace, name, high, totals)
    return Profile(
        instrument.name,
        rule,
        instrument.sources.get(rule.source),
        high,
        instrument.sources.get(high.source),
        tuple(_classes(totals)),
        lines,
        _scales_chart(instrument, lines),
        _items_chart(workspace, instrument, high, moves),
        tuple(_disagreements(totals, moves)),
    )


def _pairs(workspace: Workspace, window: Window, name: str) -> pl.DataFrame:
    """Give the pairs of people who came for treatment, on every score."""
    referrals = referrals_in(workspace, window).select(_KEY)
    changes = workspace.changes(name).with_columns(
        pl.col("score", "verdict", "class", "rule").cast(pl.String)
    )
    kept = (pl.col("verdict") == "paired") & pl.col("pathway").ne_missing("prevention")
    return changes.filter(kept).join(referrals, on=_KEY, how="semi").sort(_KEY, "score")


def _lines(instrument: Instrument, pairs: pl.DataFrame) -> Iterator[Line]:
    """Give the total, then each scale that adds up some of the items."""
    totals = pairs.filter(pl.col("score") == TOTAL)
    scales = [s for s in instrument.scores if s.method == "sum" and not s.on_request]
    for score in sorted(scales, key=lambda score: score.id != TOTAL):
        yield _line(score, pairs.filter(pl.col("score") == score.id), totals)


def _line(score: Score, mine: pl.DataFrame, totals: pl.DataFrame) -> Line:
    moved = pl.col("last") - pl.col("first")
    both = mine.select(_KEY, scale=moved).join(totals.select(_KEY, total=moved), on=_KEY)
    against = both.filter(pl.col("scale") * pl.col("total") < 0).height
    return Line(
        score.name,
        mine.height,
        summarise(mine.get_column("first").to_list()),
        summarise(mine.get_column("last").to_list()),
        share(mine.filter(moved < 0).height, mine.height),
        share(mine.filter(moved > 0).height, mine.height),
        None if score.id == TOTAL else share(against, both.height),
    )


def _classes(totals: pl.DataFrame) -> Iterator[tuple[str, Share]]:
    """Give the shares of the totals that are better, the same and worse by their rule."""
    classes = totals.get_column("class").to_list()
    judged = [each for each in classes if each in (*_BETTER, *_SAME, *_WORSE)]
    for word, names in (("better", _BETTER), ("unchanged", _SAME), ("worse", _WORSE)):
        yield word, share(sum(each in names for each in judged), len(judged))


def _moves(workspace: Workspace, name: str, rule: ChangeRule, totals: pl.DataFrame) -> pl.DataFrame:
    """Give how each item of a pair moved between low and high, if it was rated at both ends."""
    answers = workspace.responses(name).select("assessment_id", *rule.items).collect()
    long = answers.unpivot(rule.items, index="assessment_id", variable_name="item").drop_nulls()
    first, last = (
        long.select("item", pl.col("assessment_id").alias(f"{end}_id"), pl.col("value").alias(end))
        for end in ("first", "last")
    )
    ends = totals.select(_KEY, "first_id", "last_id")
    rated = ends.join(first, on="first_id").join(last, on=["last_id", "item"])
    known = workspace.instrument(name)
    judged: pl.DataFrame = classify(rated, known, score=rule.items[0], rule=rule.id)
    return judged.select(_KEY, "item", move=pl.col("clinical").cast(pl.String))


def _disagreements(totals: pl.DataFrame, moves: pl.DataFrame) -> Iterator[Disagreement]:
    """Count the pairs in which a total hides what an item shows."""
    items = moves.group_by(_KEY).agg(
        up=(pl.col("move") == "low_to_high").any(), down=(pl.col("move") == "high_to_low").any()
    )
    judged = totals.select(_KEY, name=pl.col("class")).drop_nulls().join(items, on=_KEY, how="left")
    for total, names, column in (
        ("unchanged", _SAME, "up"),
        ("unchanged", _SAME, "down"),
        ("better", _BETTER, "up"),
        ("worse", _WORSE, "down"),
    ):
        those = judged.filter(pl.col("name").is_in(names))
        words = f"The total is {total}, but an item went {_MOVED[column]}"
        yield Disagreement(words, share(those.filter(pl.col(column)).height, those.height))


def _scales_chart(instrument: Instrument, lines: tuple[Line, ...]) -> SideBars:
    words = ChartWords(
        f"honos-scales-{instrument.id}".replace("_", "-"),
        f"{instrument.name}: total and scales, share of pairs that ended worse and better",
        "For the total and each scale a crossed bar to the left for the share of pairs that ended"
        " higher, which is worse, and a solid bar to the right for those that ended lower.",
    )
    rows = tuple(SideRow(line.label, line.lower, line.higher) for line in lines)
    return SideBars(words, rows, ("Worse", "Better"), exhaustive=False)


def _items_chart(
    workspace: Workspace, instrument: Instrument, rule: ChangeRule, moves: pl.DataFrame
) -> SideBars:
    words = ChartWords(
        f"honos-items-{instrument.id}".replace("_", "-"),
        f"{instrument.name}: items that went from low to high and from high to low",
        "For each item a crossed bar to the left for the share of pairs that went from low to high,"
        " which is worse, and a solid bar to the right for those that went from high to low.",
    )
    counted = moves.group_by("item").agg(
        (pl.col("move") == "high_to_low").sum().alias("down"),
        (pl.col("move") == "low_to_high").sum().alias("up"),
        pl.len(),
    )
    counts = {item: (down, up, of) for item, down, up, of in counted.iter_rows()}
    wording = workspace.wording(instrument)
    rows = tuple(
        SideRow(wording.item(item), share(down, of), share(up, of))
        for item in rule.items
        for down, up, of in [counts.get(item, (0, 0, 0))]
    )
    return SideBars(words, rows, ("Low to high", "High to low"), exhaustive=False)
