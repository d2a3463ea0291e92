"""The chart of what is asked for and when as a drawing: one SVG for print, text kept as text.

It is laid out here, on an A4 page across, as SVG breaks no lines. Letters are taken to be as wide
as those of Arial are on average, and a little more, so that no line leaves its cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from attrs import frozen

from romframe import SERVICE, Workspace
from romframe_report.chart import Asked, Stage, WhatWhen, what_when
from romframe_report.render import environment
from romframe_report.theme import INK, PAPER, SOFT


WIDTH, HEIGHT = 1123, 794  # A4 across, 96 dots to the inch
_MARGIN = 38
_TOP = 104  # where the table begins
_FIRST = 150  # how wide the column of measures is
_SIZE = 12
_LEADING = 16
_PAD = 10
_LETTER = 0.56 * _SIZE


@frozen
class Line:
    """A line of text, with its colour and weight, and the place of its first letter."""

    text: str
    fill: str = INK
    weight: str = "normal"
    x: float = 0
    y: float = 0


@frozen
class Cell:
    """What stands in a cell, on which colour, and the colour of the edge that names its stage."""

    lines: tuple[Line, ...]
    fill: str = PAPER
    edge: str = ""


@frozen
class Placed:
    """A cell in its place, with its lines in theirs."""

    cell: Cell
    x: float
    y: float
    width: float
    height: float

    @property
    def lines(self) -> list[Line]:
        """Its lines, from the top."""
        return [
            Line(each.text, each.fill, each.weight, self.x + _PAD, self.y + (n + 1) * _LEADING)
            for n, each in enumerate(self.cell.lines)
        ]


def what_when_svg(workspace: Workspace, name: str) -> str:
    """Give the chart as an SVG. Raises UsageError where the framework has no schedules."""
    chart = what_when(workspace, name)
    width = (WIDTH - 2 * _MARGIN - _FIRST) / len(chart.stages)
    placed = list(_laid_out(_rows(chart, width), [_FIRST, *[width] * len(chart.stages)]))
    bottom = placed[-1].y + placed[-1].height
    return (
        environment(SERVICE)
        .get_template("chart.svg")
        .render(
            heading=_printable(_heading(chart)),
            stages=", ".join(stage.name for stage in chart.stages),
            placed=placed,
            size=(WIDTH, max(HEIGHT, bottom + 2 * _MARGIN)),
            bottom=bottom,
            margin=_MARGIN,
            font=_SIZE,
            ink=INK,
            soft=SOFT,
            paper=PAPER,
        )
    )


def _heading(chart: WhatWhen) -> str:
    told = chart.framework
    by = f", {told.commissioner}" if told.commissioner else ""
    return f"{told.name}, version {told.version}{by} \N{EN DASH} {chart.service}"


def _rows(chart: WhatWhen, width: float) -> Iterator[list[Cell]]:
    """Give the cells row by row, the first those of the stages' names."""
    yield [Cell(_broken("Measure", _FIRST, weight="bold")), *_heads(chart.stages, width)]
    for name, asked in chart.rows:
        cells = (_cell(stage, asked[stage.id], width) for stage in chart.stages)
        yield [Cell(_broken(name, _FIRST, weight="bold")), *cells]


def _heads(stages: Iterable[Stage], width: float) -> Iterator[Cell]:
    for number, stage in enumerate(stages, 1):
        lines = _broken(f"{number} {stage.name}", width, stage.ink, "bold")
        yield Cell(lines, stage.paper)


def _cell(stage: Stage, asked: Sequence[Asked], width: float) -> Cell:
    lines: list[Line] = []
    for each in asked:
        lines += _broken(each.when[:1].upper() + each.when[1:], width)
        whom = f"; {each.whom}" if each.whom else ""
        lines += _broken(f"(on time: {each.on_time}{whom})", width, SOFT)
    return Cell(tuple(lines), edge=stage.paper if asked else "")


def _broken(text: str, width: float, fill: str = INK, weight: str = "normal") -> tuple[Line, ...]:
    letters = int((width - 2 * _PAD) / _LETTER)
    return tuple(Line(each, fill, weight) for each in wrap(_printable(text), letters))


def _printable(text: str) -> str:
    """Leave out what no SVG may hold."""
    return "".join(each for each in text if each.isprintable())


def _laid_out(rows: Iterable[Sequence[Cell]], widths: Sequence[float]) -> Iterator[Placed]:
    top = float(_TOP)
    for cells in rows:
        height = max(len(cell.lines) for cell in cells) * _LEADING + _PAD
        left = float(_MARGIN)
        for cell, width in zip(cells, widths, strict=True):
            yield Placed(cell, left, top, width, height)
            left += width
        top += height
