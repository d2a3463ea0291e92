"""POEM in the service report: each question's good and bad side; the kinds of return apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChartWords,
    CountTable,
    DisclosurePolicy,
    SideBars,
    SideRow,
    Sum,
    TidyColumn,
    TidyTable,
    distribution,
    gettext,
    message,
    share_cells,
    share_columns,
    share_of,
    shown_table,
)


if TYPE_CHECKING:
    from romframe import Window, Workspace

POEM = "poem"
SIDES = ("favourable", "unfavourable")


@frozen
class Part:
    """One section of the questionnaire."""

    title: str
    chart: SideBars


@frozen
class Source:
    """The returns of one kind: how many there are, how many not from the mother, and their parts.

    A return of one kind may be of somebody who gave one of the other too, so they are never added.
    """

    title: str
    table: CountTable
    parts: tuple[Part, ...]


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give the returns of the window that are linked to a referral, and those that are not."""
    sources = [
        _source(
            workspace, "identified", message("Returns with a name"), _identified(workspace, window)
        ),
        _source(
            workspace, "anonymous", message("Anonymous returns"), _anonymous(workspace, window)
        ),
    ]
    found = [each for each in sources if each.table.counts["returns"]]
    return {"sources": found} if found else None


def _identified(workspace: Workspace, window: Window) -> pl.DataFrame:
    day = pl.col("completed_at").cast(pl.String).str.head(10)
    return _within(workspace.responses(POEM), day, window, 10)


def _anonymous(workspace: Workspace, window: Window) -> pl.DataFrame:
    return _within(workspace.returns(POEM), pl.col("month").str.head(7), window, 7)


def _within(returns: pl.LazyFrame, when: pl.Expr, window: Window, length: int) -> pl.DataFrame:
    """Keep those of the window and its team; `when` has so many letters of the ISO date."""
    start, end = (day.isoformat()[:length] for day in (window.start, window.end))
    found = returns.filter(when.is_between(pl.lit(start), pl.lit(end)))
    if window.team is not None:
        found = found.filter(pl.col("team") == window.team)
    return found.collect()


def _source(workspace: Workspace, kind: str, title: str, returns: pl.DataFrame) -> Source:
    others = returns.filter(pl.col("respondent").ne_missing("patient")).height
    counts = {"others": others, "mothers": returns.height - others, "returns": returns.height}
    table = CountTable(
        f"poem-{kind}",
        counts,
        (Sum("returns", ("others", "mothers")),),
        unshown=frozenset({"mothers"}),
    )
    return Source(title, table, tuple(_parts(workspace, kind, returns)))


def _parts(workspace: Workspace, kind: str, returns: pl.DataFrame) -> Iterator[Part]:
    """Give the sections of the form in which any question has been answered."""
    poem = workspace.instrument(POEM)
    wording = workspace.wording(poem)
    rows: dict[str, list[SideRow]] = {}
    for section, item, good, bad, of in _sides(distribution(returns, poem, coding="stored")):
        table = _item_table(f"poem-{kind}-{item}", good, bad, of)
        sides = [share_of(table, side, "answers") for side in SIDES]
        rows.setdefault(section, []).append(SideRow(wording.item(item), *sides))
    for number, (section, found) in enumerate(rows.items()):
        yield Part(section, SideBars(_words(kind, number, section), tuple(found)))


def _item_table(table_id: str, good: int, bad: int, of: int) -> CountTable:
    counts = {"favourable": good, "unfavourable": bad, "neither": of - good - bad, "answers": of}
    return CountTable(
        table_id,
        counts,
        (Sum("answers", (*SIDES, "neither")),),
        shares={"answers": SIDES},
        percentages=True,
        unshown=frozenset({"neither"}),
    )


def _sides(counts: pl.DataFrame) -> Iterator[tuple[str, str, int, int, int]]:
    """Give each answered question with a good and a bad side, and how many are on either.

    Which answers are good is the question's to say: a complaint that is disagreed with is good.
    """
    good, bad = (pl.col("n").filter(pl.col("side") == side).sum() for side in SIDES)
    counted = counts.filter(pl.col("side").is_not_null()).group_by(
        "section", "item", maintain_order=True
    )
    found = counted.agg(good.alias("good"), bad.alias("bad"), pl.col("of").first())
    yield from found.filter(pl.col("of") > 0).iter_rows()


def _words(kind: str, number: int, section: str) -> ChartWords:
    return ChartWords(
        f"poem-{kind}-{number}",
        gettext("POEM, section %(title)s: favourable and unfavourable answers", title=section),
        gettext(
            "For each question a crossed bar to the left for the share of unfavourable answers and"
            " a solid bar to the right for the share of favourable answers. To disagree with a"
            " complaint counts as favourable."
        ),
    )


def tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterator[TidyTable]:
    """Give both sides of every question as tidy rows; none of returns that are too few."""
    text = pl.String()
    columns = (
        TidyColumn("returns", text, "Returns with a name, or anonymous ones"),
        TidyColumn("section", text, "The section of the form", source="the measure's spec"),
        TidyColumn("question", text, "The question, in the words of the report"),
        TidyColumn("side", text, "favourable or unfavourable, turned by meaning"),
        *share_columns("answers"),
    )
    rows = [
        {
            "returns": source.title,
            "section": part.title,
            "question": row.label,
            "side": side,
            **share_cells(getattr(row, side), policy),
        }
        for source in (build(workspace, window) or {}).get("sources", ())
        if not shown_table(source.table, policy).hides("returns")
        for part in source.parts
        for row in part.chart.rows
        for side in SIDES
    ]
    yield TidyTable("poem", "POEM, question by question", columns, tuple(rows))
