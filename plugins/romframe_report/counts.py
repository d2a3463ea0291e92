"""Tables of counts that are this report's own, with the sums that a reader of the page knows."""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from romframe import CountTable, Sum, stretch_table
from romframe_report.bins import Bins


def completeness_table(
    key: str,
    referrals: int,
    assessed: int,
    paired: Mapping[str, int],
    reasons: Mapping[str, int],
    attempts: Mapping[str, int],
) -> CountTable:
    """Give how many referrals have an assessment and a pair, and why others have no pair.

    `paired` has those of people who came for treatment and, where somebody has one, those of people
    to be kept well. How many referrals there are, and how many pairs of treated people, stands all
    over the page. A reader may expect the reasons to add up to the referrals without a pair, and
    those for no assessment to the referrals without one: where they do, that is a sum. `attempts`
    are assessments.
    """
    pairs = {f"paired {pathway}": count for pathway, count in paired.items()}
    counts = {"assessed": assessed, "unassessed": referrals - assessed, **pairs, **reasons}
    counts |= {"paired": sum(pairs.values()), "referrals": referrals}
    counts |= {attempt(outcome): count for outcome, count in attempts.items()}
    never = tuple(reason for reason in ("no_assessment", "declined") if reason in reasons)
    expected = (Sum("referrals", ("paired", *reasons)), Sum("unassessed", never))
    sums = [
        Sum("referrals", ("assessed", "unassessed")),
        Sum("paired", tuple(pairs)),
        *(each for each in expected if _adds_up(each, counts)),
    ]
    known = {"referrals", "paired treatment"}
    if len(pairs) == 1:
        known.add("paired")
    else:
        counts["unpaired"] = referrals - counts["paired"]
        sums.append(Sum("referrals", ("paired", "unpaired")))
    return CountTable(
        f"completeness-{key}", counts, tuple(sums), known=frozenset(known), percentages=True
    )


def attempt(outcome: str) -> str:
    """Give the name of the count of assessments with this outcome."""
    return f"assessments {outcome}"


def moves_table(key: str, bins: Bins, pairs: pl.DataFrame) -> CountTable:
    """Give the pairs by the stretch of a first score (rows) and of a last score (columns)."""
    ends = pairs.select("first", "last").iter_rows()
    found = Counter((bins.place(first), bins.place(last)) for first, last in ends)
    return stretch_table(key, found, len(bins.starts))


def _adds_up(expected: Sum, counts: Mapping[str, int]) -> bool:
    found = sum(counts[part] for part in expected.parts)
    return bool(expected.parts) and found == counts[expected.total]
