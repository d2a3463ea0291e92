"""From a chart's description to its picture."""

from functools import singledispatch

from romframe import (
    Described,
    DisclosurePolicy,
    PairedBars,
    RangeBars,
    RunChart,
    ShareBars,
    SideBars,
)
from romframe_report.charts.bars import paired_bars
from romframe_report.charts.canvas import Chart
from romframe_report.charts.groups import share_bars
from romframe_report.charts.ranges import range_bars
from romframe_report.charts.run import run_chart
from romframe_report.charts.sides import side_bars


@singledispatch
def drawn(chart: Described, policy: DisclosurePolicy) -> Chart:
    """Draw a described chart as the policy allows."""
    raise NotImplementedError(chart)


drawn.register(PairedBars, paired_bars)
drawn.register(RangeBars, range_bars)
drawn.register(RunChart, run_chart)
drawn.register(ShareBars, share_bars)
drawn.register(SideBars, side_bars)
