"""A score in time: bands behind it, marks where change is reliable, events as labelled lines."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe_report.charts.canvas import WIDTH, Chart, Words, draw
from romframe_report.theme import DARK, GREY, INK, LINE, PALE, RATING_MARKS, SOFT


_LEFT, _RIGHT = 0.1, 0.74  # where the axes begin and end, as parts of the width
_PLOT = 0.84  # inches: the height of the axes
_ROW = 0.165  # inches: a row of labels of events
_BELOW = 0.26  # inches: the dates
_LETTER = 0.07  # inches: how wide a letter of a label is, at most
_BAND = 19  # letters of a band's name that fit beside the axes
_EVENT = 30  # letters of what happened that fit above them
_VALUE = 0.18  # inches: how far apart values must be to be written
_THIN = 0.12  # of the height of the axes: a thinner band has no room for its name
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@frozen
class Point:
    """A rating: its day, its value (None: no score), and `better` or `worse` where it is marked."""

    on: date
    value: float | None
    mark: str = ""


@frozen
class Timeline:
    """What a timeline shows.

    `runs` are lines that are each drawn unbroken except at a rating without a score; `names` stand
    at their ends where several things are drawn together. `bands` are stretches with their names,
    from each start up to the next. `events` are days with a word or two. `numbers` writes the axis
    and, on a line that is alone, the values as far as there is room; without it the axis only says
    which way is better.
    """

    words: Words
    span: tuple[date, date]
    limits: tuple[float, float]
    better: str
    runs: tuple[tuple[Point, ...], ...]
    names: tuple[str, ...] = ()
    bands: tuple[tuple[float, str], ...] = ()
    events: tuple[tuple[date, str], ...] = ()
    numbers: bool = True


def timeline(told: Timeline) -> Chart:
    """Draw a timeline."""
    start, end = _widened(told.span)
    events = [(on, _short(what, _EVENT)) for on, what in told.events]
    rows = _rows(events, start, end)
    top = _ROW * (max(rows, default=-1) + 1) + 0.06
    height = top + _PLOT + _BELOW

    def paint(figure: Figure) -> None:
        place = (_LEFT, _BELOW / height, _RIGHT - _LEFT, _PLOT / height)
        axes = figure.add_axes(place)
        axes.set_xlim(start.toordinal(), end.toordinal())
        low, high = told.limits
        margin = (high - low) * 0.07
        axes.set_ylim(low - margin, high + margin)
        _bands(axes, told)
        _events(axes, events, rows, (start, end))
        for run in told.runs:
            _run(axes, run, numbers=told.numbers and not told.names)
        _names(axes, told)
        _axis(axes, told, (start, end))

    return draw(told.words, height, paint)


def _widened(span: tuple[date, date]) -> tuple[date, date]:
    """Give room on both sides, so that nothing stands on the edge."""
    room = timedelta(days=max(7, (span[1] - span[0]).days // 25))
    return span[0] - room, span[1] + room


def _bands(axes: Axes, told: Timeline) -> None:
    low, high = told.limits
    edges = [*(begin for begin, _ in told.bands[1:]), high][: len(told.bands)]
    for number, ((begin, name), end) in enumerate(zip(told.bands, edges, strict=True)):
        begin, end = max(begin, low), min(end, high)  # noqa: PLW2901
        if end <= begin:
            continue
        if number % 2:
            axes.axhspan(begin, end, facecolor=PALE, edgecolor="none", zorder=0)
        axes.axhline(begin, color=LINE, linewidth=0.6, zorder=0)
        if (end - begin) / (high - low) >= _THIN:
            _beside(axes, (begin + end) / 2, _short(name, _BAND), SOFT)


def _short(text: str, letters: int) -> str:
    """Give what of a label fits; the page says the whole of it in words."""
    return textwrap.shorten(text, letters, placeholder=" ...")


def _beside(axes: Axes, y: float, text: str, color: str) -> None:
    """Write something right of the axes, at a height of its own."""
    axes.annotate(
        text,
        (1, y),
        (5, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
        color=color,
    )


def _rows(events: Sequence[tuple[date, str]], start: date, end: date) -> list[int]:
    """Give each event's label the lowest row in which it does not touch the one after it.

    The latest has the lowest row, so that its line does not run through an earlier one's label.
    """
    inch = WIDTH * (_RIGHT - _LEFT) / (end - start).days
    begins: list[float] = []
    rows: list[int] = []
    for on, what in reversed(events):
        left = _label_left((on - start).days * inch, what)
        right = left + _LETTER * len(what) + 0.1
        free = next((row for row, taken in enumerate(begins) if right <= taken), len(begins))
        begins[free : free + 1] = [left]
        rows.append(free)
    return rows[::-1]


def _label_left(x: float, what: str) -> float:
    """Give where a label begins: at its line, or further left where it would leave the picture."""
    return min(x, WIDTH * (1 - _LEFT) - _LETTER * len(what))


def _events(
    axes: Axes, events: Iterable[tuple[date, str]], rows: list[int], span: tuple[date, date]
) -> None:
    days = (span[1] - span[0]).days
    inch = WIDTH * (_RIGHT - _LEFT) / days
    for (on, what), row in zip(events, rows, strict=True):
        x = on.toordinal()
        top = 1 + (_ROW * row + 0.05) / _PLOT
        axes.plot(
            [x, x],
            [0, top],
            color=INK,
            linewidth=0.8,
            linestyle=(0, (1, 2)),
            transform=axes.get_xaxis_transform(),
            clip_on=False,
            zorder=1,
        )
        at = (on - span[0]).days * inch
        axes.annotate(
            what,
            (x, top),
            (72 * (_label_left(at, what) - at) + 2, 1),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=9,
            va="bottom",
        )


def _run(axes: Axes, run: Sequence[Point], *, numbers: bool) -> None:
    days = [point.on.toordinal() for point in run]
    values = [float("nan") if point.value is None else point.value for point in run]
    axes.plot(days, values, color=DARK, linewidth=1.3, zorder=3)
    for day, point in zip(days, run, strict=True):
        if point.value is None:
            _gap(axes, day)
        else:
            axes.plot([day], [point.value], linestyle="none", zorder=4, **RATING_MARKS[point.mark])
    if numbers:
        start, end = axes.get_xlim()
        for point in _apart(run, (end - start) * _VALUE / (WIDTH * (_RIGHT - _LEFT))):
            _number(axes, point)


def _apart(run: Sequence[Point], least: float) -> list[Point]:
    """Give the points whose values can be written without one over another, the last first."""
    taken: list[Point] = []
    for point in reversed(run):
        if point.value is not None and (not taken or (taken[-1].on - point.on).days >= least):
            taken.append(point)
    return taken


def _gap(axes: Axes, day: int) -> None:
    axes.annotate(
        "?",
        (day, 0.03),
        xycoords=("data", "axes fraction"),
        ha="center",
        fontsize=8,
        color=SOFT,
        fontweight="bold",
    )


def _number(axes: Axes, point: Point) -> None:
    value = point.value or 0
    axes.annotate(
        f"{value:g}" if value % 1 == 0 else f"{value:.1f}",
        (point.on.toordinal(), value),
        (0, 5),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        zorder=5,
    )


def _names(axes: Axes, told: Timeline) -> None:
    """Write what each line is at its end, none over another."""
    low, high = told.limits
    step = (high - low) * 0.15
    named = [
        (next(p.value for p in reversed(run) if p.value is not None), name)
        for run, name in zip(told.runs, told.names, strict=False)
        if any(point.value is not None for point in run)
    ]
    lowest = low - step
    for value, name in sorted(named):
        lowest = max(value, lowest + step)
        _beside(axes, lowest, name, INK)


def _axis(axes: Axes, told: Timeline, span: tuple[date, date]) -> None:
    low, high = told.limits
    ticks = _ticks(span)
    axes.set_xticks([day.toordinal() for day, _ in ticks], [text for _, text in ticks])
    axes.tick_params(labelsize=9, length=2, pad=2)
    if told.numbers:
        axes.set_yticks([low, high], [f"{low:g}", f"{high:g}"])
    else:
        axes.set_yticks([])
    axes.spines["left"].set_color(GREY)
    if told.better != "neither":
        up = told.better == "higher"
        axes.annotate(
            "better \u2191" if up else "\u2193 better",
            (0, 1 if up else 0),
            (-21 if told.numbers else -6, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            rotation=90,
            ha="right",
            va="top" if up else "bottom",
            fontsize=8.5,
            color=SOFT,
        )


def _ticks(span: tuple[date, date]) -> list[tuple[date, str]]:
    """Give a few days to name: firsts of months, or where the span is short, days."""
    start, end = span
    firsts = [
        date(month // 12, month % 12 + 1, 1)
        for month in range(start.year * 12 + start.month, end.year * 12 + end.month)
    ]
    if len(firsts) < 2:
        quarter = (end - start) / 4
        days = [start + quarter, start + 3 * quarter]
        return [(day, f"{day.day} {_MONTHS[day.month - 1]} {day.year}") for day in days]
    every = -(-len(firsts) // 4)
    return [(day, f"{_MONTHS[day.month - 1]} {day.year}") for day in firsts[::every]]
