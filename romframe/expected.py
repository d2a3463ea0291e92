"""What change could be expected: ranges of what became of earlier people who began alike.

A range is never told of fewer than `ENOUGH_PAIRS`: with 20, two of them are beyond either end of
what the 10th and the 90th percentile bound. That number is romframe's own choice.
"""

import math
import statistics
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

import polars as pl
from attrs import frozen

from romframe.change_methods import NOT_CLASSIFIED
from romframe.instruments.model import Score
from romframe.methods import NEAR
from romframe.summary import Share, share


ENOUGH_PAIRS = 20
NOT_KNOWN = "not known"

Position = Literal["below", "lower", "middle", "upper", "above"]

_BETTER = ("recovered", "improved")
_THIRDS = 3


@frozen
class Spread:
    """Where at least `ENOUGH_PAIRS` numbers lie.

    `low` and `high` are the 10th and the 90th percentile. All percentiles interpolate linearly
    between neighbours (type 7 of Hyndman and Fan 1996).
    """

    n: int
    low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    high: float

    def position(self, value: float) -> Position:
        """Say where a value lies: in the middle half with its ends, beside it, or beyond."""
        if value < self.low - NEAR:
            return "below"
        if value < self.lower_quartile - NEAR:
            return "lower"
        if value <= self.upper_quartile + NEAR:
            return "middle"
        return "upper" if value <= self.high + NEAR else "above"


@frozen
class Start:
    """A stretch of first scores, from `low` up to, but not including, `stop` (None: to the end).

    `bands` are the names of the bands that it covers, where the score has any.
    """

    low: float
    stop: float | None
    bands: tuple[str, ...] = ()

    def holds(self, value: float) -> bool:
        """Say whether a first score is in this stretch."""
        return self.low <= value and (self.stop is None or value < self.stop)

    def holding(self, column: str) -> pl.Expr:
        """Give whether the first score in a column is in this stretch."""
        inside = pl.col(column) >= self.low
        return inside if self.stop is None else inside & (pl.col(column) < self.stop)


@frozen
class Expected:
    """What became of people of one group who began in the same stretch.

    `gain` is improvement, above 0 where better, or change where neither end is better. `better` is
    the share that the change rule calls better, of those that it could judge. `firsts` are the
    first scores of the whole group, wherever they were.
    """

    group: str
    start: Start
    firsts: Spread
    gain: Spread
    better: Share


def spread(values: Iterable[float]) -> Spread | None:
    """Give where numbers lie; None where they are fewer than `ENOUGH_PAIRS`."""
    numbers = list(values)
    return _spread(numbers) if len(numbers) >= ENOUGH_PAIRS else None


def earlier_pairs(
    changes: pl.DataFrame,
    score: Score,
    before: date,
    since: date | None = None,
    without: Collection[str] = (),
) -> pl.DataFrame:
    """Give the pairs of a score that ended before a day: the last rating and the referral itself.

    `changes` is what `Workspace.changes` gives, `since` the earliest day of a last rating. Pairs of
    the service users and the referrals that `without` names are left out. Adds the column `gain`.
    """
    sign = -1 if score.better == "lower" else 1
    last_on = pl.col("last_at").cast(pl.Date)
    closed = pl.col("closed_on").cast(pl.String).str.head(10) < before.isoformat()
    recent = last_on >= since if since else pl.lit(True)
    theirs = pl.any_horizontal(
        pl.col(name).is_in(list(without)).fill_null(False)
        for name in ("service_user_id", "referral_id")
    )
    paired = pl.col("verdict").cast(pl.String) == "paired"
    return (
        changes.filter(pl.col("score").cast(pl.String) == score.id, paired)
        .filter(closed, last_on < before, recent, ~theirs)
        .with_columns(gain=sign * (pl.col("last") - pl.col("first")))
    )


def pairs_in_groups(
    pairs: pl.DataFrame, referrals: pl.DataFrame, alike: Sequence[str]
) -> pl.DataFrame:
    """Add the column `group`: what pairs share in the named columns of their referral, as text.

    `details.NAME` names a detail of the referral. Without names all are in one group, called "".
    """
    told = [
        (
            pl.col("details").cast(pl.String).str.json_path_match(f"$.{name[8:]}")
            if name.startswith("details.")
            else pl.col(name)
        ).fill_null(NOT_KNOWN)
        for name in alike
    ]
    group = pl.concat_str(told, separator=", ") if told else pl.lit("")
    groups = referrals.select("referral_id", group.alias("group"))
    return pairs.join(groups, on="referral_id", how="left", maintain_order="left")


def expected_changes(pairs: pl.DataFrame, score: Score) -> tuple[Expected, ...]:
    """Give what became of earlier pairs, group by group and by where they began.

    `pairs` are those of `earlier_pairs` with a `group`. They begin alike who begin in the same
    band, or in the same third of all first scores where there are no bands for everybody.
    Neighbouring stretches with fewer than `ENOUGH_PAIRS` pairs are put together; a group with fewer
    is left out.
    """
    named = sorted(pairs.get_column("group").unique().to_list())
    return tuple(
        each for name in named for each in _of_group(name, pairs.filter(group=name), score)
    )


def starts_of(score: Score, firsts: Sequence[float]) -> tuple[Start, ...]:
    """Give stretches of first scores with at least `ENOUGH_PAIRS` of these in each.

    None where there are fewer altogether.
    """
    if len(firsts) < ENOUGH_PAIRS:
        return ()
    ordered = sorted(firsts)
    lows, names = _cuts(score, ordered)
    kept: list[int] = []
    end = len(ordered)
    for number in range(len(lows) - 1, -1, -1):
        at = bisect_left(ordered, lows[number]) if number else 0
        if end - at >= ENOUGH_PAIRS and (at >= ENOUGH_PAIRS or number == 0):
            kept.append(number)
            end = at
    kept.reverse()
    after = [*kept[1:], len(lows)]
    return tuple(
        Start(lows[a], lows[b] if b < len(lows) else None, names[a:b])
        for a, b in zip(kept, after, strict=True)
    )


def _cuts(score: Score, ordered: Sequence[float]) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Give where stretches of first scores begin, and the names of bands."""
    if isinstance(score.bands, tuple) and score.bands:
        return (
            tuple(band.start for band in score.bands),
            tuple(band.label for band in score.bands),
        )
    unit = 10**score.decimals
    thirds = statistics.quantiles(ordered, n=_THIRDS, method="inclusive")
    tidy = {math.ceil(cut * unit - NEAR) / unit for cut in thirds}
    return (score.low, *sorted(cut for cut in tidy if cut > score.low)), ()


def _of_group(name: str, pairs: pl.DataFrame, score: Score) -> Iterator[Expected]:
    values = pairs.get_column("first").to_list()
    firsts = spread(values)
    if firsts is None:
        return
    for start in starts_of(score, values):
        alike = pairs.filter(start.holding("first"))
        gain = _spread(alike.get_column("gain").to_list())
        yield Expected(name, start, firsts, gain, _better(alike))


def _spread(numbers: Sequence[float]) -> Spread:
    at = statistics.quantiles(numbers, n=20, method="inclusive")
    return Spread(len(numbers), at[1], at[4], at[9], at[14], at[17])


def _better(pairs: pl.DataFrame) -> Share:
    named = pairs.get_column("class").cast(pl.String).drop_nulls()
    judged = named.filter(named != NOT_CLASSIFIED)
    return share(int(judged.is_in(_BETTER).sum()), judged.len())
