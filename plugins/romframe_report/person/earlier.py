"""Where a person's change lies among what became of earlier people who began alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe import (
    Expected,
    earlier_pairs,
    expected_changes,
    pairs_in_groups,
    read_norms,
)
from romframe_report.measures import PREVENTION
from romframe_report.person.series import Series
from romframe_report.person.who import Person
from romframe_report.ranges import began
from romframe_report.reading import read_once


if TYPE_CHECKING:
    from romframe import Norms, Workspace


@frozen
class Beside:
    """A change beside those of earlier people, who all came to the end of their care.

    `gain` is the person's improvement, below 0 where it is a change for the worse; `alike` says in
    words who counts as alike, and is empty where all do. `ongoing` says that the person's own care
    has not ended, `kept_well` that these people came to be kept well.
    """

    expected: Expected
    gain: float
    alike: str
    ongoing: bool
    kept_well: bool

    @property
    def position(self) -> str:
        """Where the change lies: `below`, `lower`, `middle`, `upper` or `above`."""
        return self.expected.gain.position(self.gain)


def beside_earlier(
    workspace: Workspace, person: Person, series: Sequence[Series]
) -> tuple[Beside | None, ...]:
    """Set the change of each series beside those of the service's earlier people.

    They are of the same pathway (to be kept well, or not) and were rated by the same kind of rater.
    None where there is no change yet, where no end of the score is the better one, and where fewer
    than `ENOUGH_PAIRS` began alike. Raises DataError where norms.yaml is wrong.
    """
    norms, history = read_norms(workspace), read_once(workspace)
    return tuple(_beside(history, person, each, norms) for each in series)


def _beside(workspace: Workspace, person: Person, series: Series, norms: Norms) -> Beside | None:
    last, ends = series.last, series.ends
    if last is None or ends is None or series.score.better == "neither":
        return None
    mine = person.referrals.filter(referral_id=last.referral_id)
    kept_well = mine.item(0, "pathway") == PREVENTION
    pairs = _pairs(workspace, person, series, norms)
    pairs = pairs.filter(pl.col("pathway").eq_missing(PREVENTION) == kept_well)
    (group,) = pairs_in_groups(mine, mine, norms.alike).get_column("group")
    referrals = workspace.table("referral", pairs.get_column("referral_id"))
    alike = pairs_in_groups(pairs, referrals, norms.alike).filter(group=group)
    gain = (ends[1] - ends[0]) * (-1 if series.score.better == "lower" else 1)
    closed = mine.item(0, "closed_on")
    ongoing = closed is None or closed[:10] > person.as_of.isoformat()
    for each in expected_changes(alike, series.score):
        if each.start.holds(ends[0]):
            told = ", ".join(filter(None, (began(series.score, each.start), group)))
            return Beside(each, gain, told, ongoing, kept_well)
    return None


def _pairs(workspace: Workspace, person: Person, series: Series, norms: Norms) -> pl.DataFrame:
    """Give the pairs of earlier people whose first rating is by the same kind of rater."""
    name = next(name for name, known in person.measures if known is series.instrument)
    own = (person.referrals.get_column(key) for key in ("service_user_id", "referral_id"))
    pairs = earlier_pairs(
        workspace.changes(name, series.score.id),
        series.score,
        person.as_of,
        norms.since(person.as_of),
        {each for ids in own for each in ids.drop_nulls()},
    )
    firsts = workspace.table("assessment", pairs.get_column("first_id").alias("assessment_id"))
    rater = pl.lit(series.rater or None, pl.String)
    same = firsts.filter(pl.col("rater").eq_missing(rater))
    return pairs.join(same, left_on="first_id", right_on="assessment_id", how="semi")
