"""HoNOS in the service report: the total, its scales and items, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    CountTable,
    DisclosurePolicy,
    Instrument,
    Score,
    Share,
    SideBars,
    SideRow,
    Source,
    Sum,
    Summary,
    TableShare,
    TidyColumn,
    TidyTable,
    class_table,
    classify,
    gettext,
    message,
    move_table,
    referrals_in,
    score_key,
    share_cells,
    share_columns,
    share_of,
    summarise,
    together,
    way_table,
)


if TYPE_CHECKING:
    from romframe import Window, Workspace

FAMILY = ("honos", "honos_65", "honosca")
TOTAL = "total"
_KEY = "referral_id"
_BETTER, _SAME, _WORSE = ("recovered", "improved"), ("unchanged",), ("deteriorated", "harmed")
_HIDDEN = {
    ("unchanged", "up"): message(
        "The total is unchanged, but an item went from low to high (worse)"
    ),
    ("unchanged", "down"): message(
        "The total is unchanged, but an item went from high to low (better)"
    ),
    ("better", "up"): message("The total is better, but an item went from low to high (worse)"),
    ("worse", "down"): message("The total is worse, but an item went from high to low (better)"),
}


@frozen
class Line:
    """The total or a scale: its pairs, its ends, and how many ended lower or higher.

    `against` are those whose scale went one way and whose total went the other.
    """

    label: str
    ways: CountTable
    first: Summary | None
    last: Summary | None
    lower: TableShare
    higher: TableShare
    against: TableShare | None


@frozen
class Disagreement:
    """What the total says of a pair where an item says something else, and how many there are."""

    words: str
    share: TableShare


@frozen
class Profile:
    """One instrument of the family."""

    name: str
    rule: ChangeRule
    source: Source | None
    high: ChangeRule
    high_source: Source | None
    classes: tuple[tuple[str, TableShare], ...]
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
    classes = class_table(score_key(instrument.id, TOTAL), totals, rule)
    return Profile(
        instrument.name,
        rule,
        instrument.sources.get(rule.source),
        high,
        instrument.sources.get(high.source),
        tuple(_classes(classes)),
        lines,
        _scales_chart(instrument, lines),
        _items_chart(workspace, instrument, high, moves),
        tuple(_disagreements(instrument, classes, totals, moves)),
    )


def _pairs(workspace: Workspace, window: Window, name: str) -> pl.DataFrame:
    """Give the pairs of people who came for treatment, on every score."""
    referrals = referrals_in(workspace, window).select(_KEY)
    kept = (pl.col("verdict").cast(pl.String) == "paired") & (
        pl.col("pathway").ne_missing("prevention")
    )
    changes = workspace.changes(name).filter(kept)
    pairs = changes.select(
        _KEY,
        pl.col("score", "class", "rule").cast(pl.String),
        "first_id",
        "last_id",
        "first",
        "last",
    )
    return pairs.join(referrals, on=_KEY, how="semi").sort(_KEY, "score")


def _lines(instrument: Instrument, pairs: pl.DataFrame) -> Iterator[Line]:
    """Give the total, then each scale that adds up some of the items."""
    totals = pairs.filter(pl.col("score") == TOTAL)
    scales = [s for s in instrument.scores if s.method == "sum" and not s.on_request]
    for score in sorted(scales, key=lambda score: score.id != TOTAL):
        key = score_key(instrument.id, score.id)
        yield _line(score, key, pairs.filter(pl.col("score") == score.id), totals)


def _line(score: Score, key: str, mine: pl.DataFrame, totals: pl.DataFrame) -> Line:
    moved = pl.col("last") - pl.col("first")
    ways = way_table(key, mine.select(-moved).to_series())
    both = mine.select(_KEY, scale=moved).join(totals.select(_KEY, total=moved), on=_KEY)
    against = both.filter(pl.col("scale") * pl.col("total") < 0).height
    beside = _parted(f"against-{key}", ("both", both.height), against)
    return Line(
        score.name,
        ways,
        summarise(mine.get_column("first").to_list()),
        summarise(mine.get_column("last").to_list()),
        share_of(ways, "better", "pairs"),
        share_of(ways, "worse", "pairs"),
        None if score.id == TOTAL else share_of(beside, "part", "both"),
    )


def _parted(
    table_id: str, whole: tuple[str, int], part: int, after: CountTable | None = None
) -> CountTable:
    """Give a part of a whole that stands elsewhere too; what is left of it is not shown."""
    name, of = whole
    return CountTable(
        table_id,
        {"part": part, "rest": of - part, name: of},
        (Sum(name, ("part", "rest")),),
        shares={name: ("part",)},
        known=frozenset({name}),
        percentages=True,
        unshown=frozenset({"rest"}),
        after=after,
    )


def _classes(table: CountTable) -> Iterator[tuple[str, TableShare]]:
    """Give the shares of the totals that are better, the same and worse by their rule."""
    for word, names in (
        (message("better"), _BETTER),
        (message("unchanged"), _SAME),
        (message("worse"), _WORSE),
    ):
        yield word, share_of(table, together(table, names), "classified")


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


def _disagreements(
    instrument: Instrument, classes: CountTable, totals: pl.DataFrame, moves: pl.DataFrame
) -> Iterator[Disagreement]:
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
        whole = together(classes, names)
        part = judged.filter(pl.col("name").is_in(names) & pl.col(column)).height
        key = f"disagree-{score_key(instrument.id, total)}-{column}"
        table = _parted(key, (whole, classes.counts[whole]), part, classes)
        yield Disagreement(_HIDDEN[total, column], share_of(table, "part", whole))


def _scales_chart(instrument: Instrument, lines: tuple[Line, ...]) -> SideBars:
    words = ChartWords(
        f"honos-scales-{instrument.id}".replace("_", "-"),
        gettext(
            "%(measure)s: total and scales, share of pairs that ended worse and better",
            measure=instrument.name,
        ),
        gettext(
            "For the total and each scale a crossed bar to the left for the share of pairs that"
            " ended higher, which is worse, and a solid bar to the right for those that ended"
            " lower."
        ),
    )
    rows = tuple(SideRow(line.label, line.lower, line.higher) for line in lines)
    return SideBars(words, rows, (gettext("Worse"), gettext("Better")))


def _items_chart(
    workspace: Workspace, instrument: Instrument, rule: ChangeRule, moves: pl.DataFrame
) -> SideBars:
    words = ChartWords(
        f"honos-items-{instrument.id}".replace("_", "-"),
        gettext(
            "%(measure)s: items that went from low to high and from high to low",
            measure=instrument.name,
        ),
        gettext(
            "For each item a crossed bar to the left for the share of pairs that went from low to"
            " high, which is worse, and a solid bar to the right for those that went from high to"
            " low."
        ),
    )
    wording = workspace.wording(instrument)
    rows = tuple(_crossed(instrument, item, wording.item(item), moves) for item in rule.items)
    return SideBars(words, rows, (gettext("Low to high"), gettext("High to low")))


def _crossed(instrument: Instrument, item: str, label: str, moves: pl.DataFrame) -> SideRow:
    found = moves.filter(pl.col("item") == item).get_column("move").value_counts()
    table = move_table(score_key(instrument.id, item), dict(found.iter_rows()))
    down, up = (share_of(table, name, "pairs") for name in ("high_to_low", "low_to_high"))
    return SideRow(label, down, up)


def tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterator[TidyTable]:
    """Give the classes, scales, items and disagreements of every profile as tidy rows."""
    profiles = (build(workspace, window) or {}).get("profiles", ())
    rows = [
        {"instrument": profile.name, "what": what, "figure": figure, **share_cells(found, policy)}
        for profile in profiles
        for what, figure, found in _figures(profile)
    ]
    text = pl.String()
    columns = (
        TidyColumn("instrument", text, "The measure's name"),
        TidyColumn("what", text, "The total, a scale, an item, or what disagrees"),
        TidyColumn(
            "figure",
            text,
            "better, unchanged, worse: by the change rule; lower, higher: ended so by any amount;"
            " against: the scale went one way and the total the other; high_to_low, low_to_high:"
            " the item crossed; disagrees: pairs of which what is true",
        ),
        *share_columns(),
    )
    yield TidyTable("honos_profile", "HoNOS: total, scales and items", columns, tuple(rows))


def _figures(profile: Profile) -> Iterator[tuple[str, str, Share]]:
    for word, found in profile.classes:
        yield "Total", word, found
    for line in profile.lines:
        yield line.label, "lower", line.lower
        yield line.label, "higher", line.higher
        if line.against is not None:
            yield line.label, "against", line.against
    for row in profile.items.rows:
        yield row.label, "high_to_low", row.favourable
        yield row.label, "low_to_high", row.unfavourable
    for each in profile.disagreements:
        yield each.words, "disagrees", each.share
