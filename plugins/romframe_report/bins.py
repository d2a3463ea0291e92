"""The stretches of a score that a distribution counts: its bands, or equal steps of its range."""

from bisect import bisect_right

from attrs import frozen

from romframe import Score, gettext


_MOST = 9  # more rows than this are hard to read


@frozen
class Bins:
    """Half-open stretches from each start up to the next; the last one includes the end."""

    starts: tuple[float, ...]
    end: float
    names: tuple[str, ...]
    whole: bool

    @property
    def ranges(self) -> tuple[str, ...]:
        """What each stretch holds, such as `11 to 14` for whole numbers or `11 to <15`."""
        stops = (*self.starts[1:], None)
        return tuple(self._range(*each) for each in zip(self.starts, stops, strict=True))

    @property
    def labels(self) -> tuple[str, ...]:
        """What each stretch is called in a table."""
        return tuple(
            f"{name} ({held})" if name else held
            for name, held in zip(self.names, self.ranges, strict=True)
        )

    def place(self, value: float) -> int:
        """Give the number of the stretch that a value is in."""
        return max(0, bisect_right(self.starts, value) - 1)

    def end_above(self, value: float) -> float:
        """Give where the stretch that holds `value` ends."""
        after = self.place(value) + 1
        return self.starts[after] if after < len(self.starts) else self.end

    def _range(self, start: float, stop: float | None) -> str:
        if not self.whole:
            last, below = (self.end, "") if stop is None else (stop, "<")
            return _between(f"{start:g}", f"{below}{last:g}")
        last = self.end if stop is None else stop - 1
        return f"{start:g}" if last == start else _between(f"{start:g}", f"{last:g}")


def _between(low: str, high: str) -> str:
    return gettext("%(low)s to %(high)s", low=low, high=high)


def bins_of(score: Score) -> Bins:
    """Give the bands of a score; equal steps where it has none or they depend on the person."""
    whole = score.decimals == 0
    if isinstance(score.bands, tuple) and score.bands:
        starts = tuple(band.start for band in score.bands)
        return Bins(starts, score.high, tuple(band.label for band in score.bands), whole)
    step = 1
    while (score.high - score.low) / step > _MOST:
        step += 1
    starts = tuple(score.low + step * n for n in range(int((score.high - score.low) / step) + 1))
    if starts[-1] == score.high and not (whole and step == 1):
        starts = starts[:-1]
    return Bins(starts, score.high, ("",) * len(starts), whole)
