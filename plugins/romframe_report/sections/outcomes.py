"""Change classes with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import gettext, word
from romframe_report.charts.bars import classes
from romframe_report.charts.canvas import Picture, Words
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import Outcomes, outcomes
from romframe_report.rules import RuleText, rule_text


if TYPE_CHECKING:
    from romframe import ChangeRule, Window, Workspace


@frozen
class Judged:
    """The classes of one group of pairs by one rule."""

    measured: Measured
    rule: RuleText
    outcomes: Outcomes
    picture: Picture


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give the classes of treated pairs."""
    scores = list(ruled(instruments_in_use(workspace, window)))
    return {
        "judged": [_judged(*each) for each in scores if not each[0].pairs.is_empty()],
    }


def _judged(measured: Measured, rule: ChangeRule) -> Judged:
    found = outcomes(measured.pairs, rule, measured.key)
    words = Words(
        f"classes-{measured.key}",
        gettext("%(title)s: share of pairs in each change class", title=measured.title),
        gettext(
            "One bar for each change class, best first, as long as its percentage of the pairs; a"
            " thin line across the end of each bar shows the 95%% interval."
        ),
    )
    rows = [(row.name, word(row.label), row.share) for row in found.rows]
    return Judged(measured, rule_text(rule, measured.source), found, partial(classes, words, rows))
