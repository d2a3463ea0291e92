"""Templates: escaped, strict about what is missing, with one disclosure policy applied last."""

from collections.abc import Callable, Mapping

from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket, BytecodeCache

from romframe import (
    Described,
    DisclosurePolicy,
    Share,
    gettext,
    message,
    shown_share,
    shown_table,
)
from romframe_report import ranges
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.control import shown_run
from romframe_report.dates import day_in_words
from romframe_report.figures import HEADINGS, middle, number
from romframe_report.ranges import norm_cells, whole
from romframe_report.rules import rule_text
from romframe_report.theme import style_sheet
from romframe_report.translation import translate
from romframe_report.whole import WholeEnvironment


class _CompiledOnce(BytecodeCache):
    """What templates compile to does not depend on the policy: it is kept for all reports."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is kept of its template."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template compiles to."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


# Nouns of `counted`; those of a section of another plugin are translated where it has them too.
_COUNTED = (
    message("%(count)s of %(of)s"),
    message("%(count)s of %(of)s goals"),
    message("%(count)s of %(of)s got better"),
    message("%(count)s of %(of)s kept-well referrals"),
    message("%(count)s of %(of)s pairs"),
    message("%(count)s of %(of)s referrals"),
)
_COMPILED = _CompiledOnce()


def environment(
    policy: DisclosurePolicy,
    sections: Mapping[str, str] | None = None,
    **filters: Callable[..., str],
) -> Environment:
    """Give the environment in which a report's templates are rendered.

    Counts and shares go through the filters `count`, `counted`, `percent`, `interval` and `shown`,
    tables of counts through `protected`, group figures through `rows` and `medians`, and charts
    through `draw`: there the policy decides what may be shown. Nothing of a summary can be reached
    but its median and middle half (`middle`), and of a range only all of it (`whole`, `norm`),
    of blocks without what a release has held back (`unheld`).
    `sections` are templates of the report's sections, by name; a report may add `filters` of its
    own.
    """
    own = PackageLoader("romframe_report")
    templates = WholeEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([own, DictLoader(sections or {})]),
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.i18n"],
        lstrip_blocks=True,
    )
    translate(templates)
    templates.filters |= (
        filters
        | _share_filters(policy)
        | {
            "count": policy.count,
            "day": day_in_words,
            "middle": lambda summary: middle(summary, policy),
            "medians": lambda figures: figures.medians(policy),
            "norm": norm_cells,
            "number": number,
            "protected": lambda table: shown_table(table, policy),
            "rows": lambda figures: figures.rows(policy),
            "run": lambda chart: shown_run(chart, policy),
            "shown": lambda share: shown_share(share, policy),
            "unheld": lambda block: block.unheld(policy),
            "whole": lambda spread: whole(spread, policy),
        }
    )
    templates.globals |= {
        "draw": lambda picture: _drawn(picture, policy).svg,
        "headings": HEADINGS,
        "range_headings": ranges.HEADINGS,
        "policy": policy,
        "rule_text": rule_text,
        "style_sheet": style_sheet,
    }
    return templates


def _share_filters(policy: DisclosurePolicy) -> dict[str, Callable[..., str]]:
    """Give the filters that turn a share into text."""

    def percent(share: Share) -> str:
        if shown_share(share, policy).hidden:
            return policy.no_percentage
        return f"{policy.percentage(share.count, share.of)}%"

    def counted(share: Share, noun: str = "", *, with_interval: bool = False) -> str:
        shown = shown_share(share, policy)
        of = f"%(count)s of %(of)s {noun}".rstrip()
        text = gettext(of, count=shown.count, of=shown.of)
        if shown.hidden:
            return text
        told = {"text": text, "percent": percent(share)}
        if with_interval:
            return gettext(
                "%(text)s (%(percent)s, 95%% interval %(interval)s)",
                interval=interval(share),
                **told,
            )
        return "{text} ({percent})".format(**told)

    def interval(share: Share) -> str:
        if share.interval is None or shown_share(share, policy).hidden:
            return policy.no_percentage
        low, high = (f"{100 * end:.0f}" for end in (share.interval.low, share.interval.high))
        return gettext("%(low)s%% to %(high)s%%", low=low, high=high)

    return {"counted": counted, "interval": interval, "percent": percent}


def _drawn(picture: Picture | Described, policy: DisclosurePolicy) -> Chart:
    """Draw what a section of this plugin has ready, or what another plugin's describes."""
    return picture(policy) if callable(picture) else drawn(picture, policy)
