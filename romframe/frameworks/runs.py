"""A figure stretch by stretch: months, quarters or years, counted from the start of the period."""

from collections.abc import Iterator
from datetime import date

import polars as pl
from attrs import frozen

from romframe.disclosure import (
    CountTable,
    DisclosurePolicy,
    Sum,
    TableShare,
    report_policy,
    share_of,
    shown_share,
    shown_table,
)
from romframe.frameworks.counted import Counted
from romframe.frameworks.figures import FrameworkFigures
from romframe.frameworks.model import Rhythm


RHYTHMS: dict[Rhythm, int] = {"month": 1, "quarter": 3, "year": 12}  # in months

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ELSEWHEN = ""  # what is counted in the period and in no stretch of it, as it is still open


@frozen
class FigureRun:
    """One figure in each stretch of a period, in their order in time."""

    every: Rhythm
    points: tuple[tuple[str, TableShare], ...]


def figure_run(figures: FrameworkFigures, name: str, figure: str, every: Rhythm) -> FigureRun:
    """Give a figure of a measure or indicator in each stretch of the period, raw.

    A stretch is so many months from the first of the period on; the last one may be shorter. A
    referral counts where it was closed, another row of an indicator on its own day.
    """
    counted = figures.counted[name]
    stretches = dict(_stretches(figures.window.start, figures.window.end, RHYTHMS[every]))
    table = _table(counted, figure, stretches)
    labels = list(dict.fromkeys(stretches.values()))
    shares = (share_of(table, _met(label), _of(label)) for label in labels)
    return FigureRun(every, tuple(zip(labels, shares, strict=True)))


def shown_run(
    figures: FrameworkFigures, name: str, figure: str, policy: DisclosurePolicy
) -> FigureRun | None:
    """Give the run in the framework's rhythm, or in the next slower one that may be shown whole.

    Which stretches are shown may not depend on how well they went, so that none is left out. None
    where no rhythm may be shown whole with two stretches at least, or the figure itself is hidden.
    """
    share = figures.counted[name].shares[figure]
    if shown_share(share, policy).hidden:
        return None
    slower = list(RHYTHMS)[list(RHYTHMS).index(figures.framework.every) :]
    runs = (figure_run(figures, name, figure, every) for every in slower)
    return next((run for run in runs if len(run.points) > 1 and _whole(run, policy)), None)


def _whole(run: FigureRun, policy: DisclosurePolicy) -> bool:
    """Say whether every stretch may be shown, those in which there is nobody too."""
    once = report_policy(policy)
    safe = shown_table(run.points[0][1].table, once)
    return all(
        not (safe.hides(share.whole) if share.of == 0 else shown_share(share, once).hidden)
        for _, share in run.points
    )


def _stretches(start: date, end: date, length: int) -> Iterator[tuple[str, str]]:
    """Give each month of the period, as 2026-03, and the name of its stretch."""
    first, last = (12 * day.year + day.month - 1 for day in (start, end))
    for begin in range(first, last + 1, length):
        inside = range(begin, min(begin + length, last + 1))
        names = [f"{_MONTHS[inside[0] % 12]} {inside[0] // 12}"]
        if len(inside) > 1:
            names.append(f"{_MONTHS[inside[-1] % 12]} {inside[-1] // 12}")
        for month in inside:
            yield f"{month // 12:04d}-{month % 12 + 1:02d}", " to ".join(names)


def _table(counted: Counted, figure: str, stretches: dict[str, str]) -> CountTable:
    """Give the counts of every stretch, which add up to those of the period."""
    month = pl.col("on").str.head(7)
    stretch = month.replace_strict(stretches, default=None, return_dtype=pl.String)
    rows = counted.rows.drop_nulls(figure)
    found = rows.group_by(stretch.fill_null(_ELSEWHEN).alias("stretch")).agg(
        pl.col(figure).sum().alias("met"), pl.len().alias("of")
    )
    sizes = dict.fromkeys(stretches.values(), (0, 0))
    sizes |= {label: (met, of) for label, met, of in found.sort("stretch").iter_rows()}
    counts: dict[str, int] = {}
    for label, (met, of) in sizes.items():
        counts |= {_met(label): met, _not(label): of - met, _of(label): of}
    whole = counted.shares[figure]
    counts |= {"met": whole.count, "all": whole.of}
    return CountTable(
        f"{whole.table.id}:{figure}",
        counts,
        (
            *(Sum(_of(label), (_met(label), _not(label))) for label in sizes),
            Sum("met", tuple(map(_met, sizes))),
            Sum("all", tuple(map(_of, sizes))),
        ),
        shares={_of(label): (_met(label), _not(label)) for label in sizes},
        known=frozenset({"met", "all"}),
        percentages=True,
    )


def _met(label: str) -> str:
    return f"met {label}"


def _not(label: str) -> str:
    return f"not {label}"


def _of(label: str) -> str:
    return f"of {label}"
