"""Templates: escaped, strict about what is missing, with one disclosure policy applied last."""

import functools
from collections.abc import Callable
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from romframe import Described, DisclosurePolicy, Share, protect, shown_share
from romframe_report import ranges
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.charts.sides import told
from romframe_report.control import shown_run
from romframe_report.figures import HEADINGS, middle, number
from romframe_report.pooling import pooled
from romframe_report.ranges import norm_cells, whole
from romframe_report.rules import rule_text
from romframe_report.theme import style_sheet
from romframe_report.whole import WholeEnvironment


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@functools.lru_cache(maxsize=8)
def environment(policy: DisclosurePolicy, **filters: Callable[..., str]) -> Environment:
    """Give the environment in which a report's templates are rendered, one for all reports.

    Counts and shares go through the filters `count`, `counted`, `percent`, `interval` and `shown`,
    tables of counts through `protected`, group figures through `rows` and `medians`, and charts
    through `draw`: there the policy decides what may be shown. Nothing of a summary can be reached
    but its median and middle half (`middle`), and of a range only all of it (`whole`, `norm`). A
    report may add `filters` of its own.
    """
    templates = WholeEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("romframe_report"),
        lstrip_blocks=True,
    )

    def percent(share: Share) -> str:
        if shown_share(share, policy).hidden:
            return policy.no_percentage
        return f"{policy.percentage(share.count, share.of)}%"

    def counted(share: Share, noun: str = "", *, with_interval: bool = False) -> str:
        shown = shown_share(share, policy)
        text = f"{shown.count} of {shown.of} {noun}".rstrip()
        if shown.hidden:
            return text
        more = f", 95% interval {interval(share)}" if with_interval else ""
        return f"{text} ({percent(share)}{more})"

    def interval(share: Share) -> str:
        if share.interval is None or shown_share(share, policy).hidden:
            return policy.no_percentage
        return f"{100 * share.interval.low:.0f}% to {100 * share.interval.high:.0f}%"

    templates.filters |= filters | {
        "count": policy.count,
        "counted": counted,
        "day": day_in_words,
        "interval": interval,
        "middle": lambda summary: middle(summary, policy),
        "medians": lambda figures: figures.medians(policy),
        "norm": norm_cells,
        "number": number,
        "percent": percent,
        "pooled": lambda groups: pooled(groups, policy),
        "protected": lambda table: protect(table, policy),
        "rows": lambda figures: figures.rows(policy),
        "told": lambda row: told(row, policy),
        "run": lambda points: shown_run(points, policy),
        "shown": lambda share: shown_share(share, policy),
        "whole": lambda spread: whole(spread, policy),
    }
    templates.globals |= {
        "draw": lambda picture: _drawn(picture, policy).svg,
        "headings": HEADINGS,
        "range_headings": ranges.HEADINGS,
        "policy": policy,
        "rule_text": rule_text,
        "style_sheet": style_sheet,
    }
    return templates


@functools.lru_cache(maxsize=256)
def compiled(templates: Environment, source: str) -> Template:
    """Compile the template of a section, once for all reports of an environment."""
    return templates.from_string(source)


def _drawn(picture: Picture | Described, policy: DisclosurePolicy) -> Chart:
    """Draw what a section of this plugin has ready, or what another plugin's describes."""
    return picture(policy) if callable(picture) else drawn(picture, policy)


def day_in_words(day: date) -> str:
    """Give a date as 30 June 2026, whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
