"""Charts described by plain values: what they show, and nothing of how they are drawn.

A plugin's section of a report gives such a description to its template, which hands it to `draw`.
Counts and shares are raw: whoever draws shows them as the report's disclosure policy allows.
"""

from attrs import frozen

from romframe.disclosure import CountTable
from romframe.summary import Share
from romframe.translation import message


@frozen
class ChartWords:
    """A chart's id, and the title and description that stand for it where it cannot be seen."""

    id: str
    title: str
    description: str


@frozen
class ShareRow:
    """A bar that is as long as a share; `look` may name a change class, to be drawn as that."""

    label: str
    share: Share
    look: str = ""


@frozen
class ShareBars:
    """A bar with its 95 % interval for each row; `whole` is drawn as a line across all of them."""

    words: ChartWords
    rows: tuple[ShareRow, ...]
    whole: Share | None = None


@frozen
class SideRow:
    """A question: the share of answers on its good side and that of those on its bad side."""

    label: str
    favourable: Share
    unfavourable: Share


@frozen
class SideBars:
    """For each row a bar to the left of a middle line for the bad side, to the right for the good.

    The two sides differ in colour and in pattern; `sides` says what they are called, the bad one
    first.
    """

    words: ChartWords
    rows: tuple[SideRow, ...]
    sides: tuple[str, str] = (message("Unfavourable"), message("Favourable"))


@frozen
class PairedBars:
    """For each label a count at first and a count at last, side by side; the top row comes last.

    `first` and `last` are the names of the counts in the table.
    """

    words: ChartWords
    labels: tuple[str, ...]
    table: CountTable
    first: tuple[str, ...]
    last: tuple[str, ...]


@frozen
class RunChart:
    """Shares of months in their order, with the limits and signals of their run.

    `wider` are the same by stretches of three months, for where too few months may be shown.
    """

    words: ChartWords
    points: tuple[tuple[str, Share], ...]
    wider: tuple[tuple[str, Share], ...] = ()


@frozen
class RangeRow:
    """A range of a group: its outer ends, and where known its middle half and its middle.

    `beside` is another group's middle, set beside this range.
    """

    label: str
    ends: tuple[float, float]
    half: tuple[float, float] | None = None
    middle: float | None = None
    beside: float | None = None


@frozen
class RangeBars:
    """For each row a thin bar between two ends, a thick one for the middle half, a mark beside.

    `axis` says what the numbers are; `names` what the range's middle and the mark beside it are
    called. `zero` draws a line at 0. Rows of groups too small to show are for others to leave out.
    """

    words: ChartWords
    rows: tuple[RangeRow, ...]
    axis: str
    names: tuple[str, str]
    zero: bool = False


Described = ShareBars | SideBars | PairedBars | RunChart | RangeBars
