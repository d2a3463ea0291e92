"""Small counts made safe to show, by a named policy, on raw counts, last and once.

Percentages are computed from the raw counts and never from rounded ones. A policy looks at each
count by itself; `protect` looks at a whole table.
"""

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

from romframe.errors import Problem, UsageError, did_you_mean
from romframe.translation import message


@frozen
class DisclosurePolicy:
    """What a count and a percentage look like when they are shown.

    Counts from 1 up to, not including, `threshold` are hidden behind `placeholder`; so is 0 where
    `zero` is hidden. Other counts are rounded to the nearest multiple of `base`. A percentage is
    hidden behind `no_percentage` when its count is, or (rule `either`) when the number it is out of
    is small; halves are rounded up. `single_points` says whether a chart may show single people.

    In a whole table, `everyone` says whether a share of all, or of nearly all, may be told exactly,
    and `ranges` whether a count that is hidden because of others is shown as the range that those
    allow; without it stands `no_percentage`.
    """

    id: str
    summary: str
    threshold: int = 1
    base: int = 1
    zero: Literal["shown", "hidden"] = "shown"
    placeholder: str = ""
    percentages: Literal["either", "count"] = "either"
    no_percentage: str = "\u2013"
    single_points: bool = True
    everyone: Literal["shown", "hidden"] = "shown"
    ranges: bool = False

    def hides(self, count: int) -> bool:
        """Say whether this count is too small to show."""
        return self.zero == "hidden" if count == 0 else count < self.threshold

    def hides_share(self, count: int, of: int) -> bool:
        """Say whether `count` as a percentage of `of` must not be shown, or does not exist."""
        small = self.percentages == "either" and of < self.threshold
        return of == 0 or small or self.hides(count)

    def count(self, count: int) -> str:
        """Give the count as it may be shown."""
        return self.placeholder if self.hides(count) else str(_nearest(count, 1, self.base))

    def alike(self, count: int) -> tuple[int, int]:
        """Give the smallest and the largest count, with all between, that look like this one."""
        text = self.count(count)
        low = high = count
        while low > 0 and self.count(low - 1) == text:
            low -= 1
        while self.count(high + 1) == text:
            high += 1
        return low, high

    def percentage(self, count: int, of: int) -> str:
        """Give the percentage to the nearest whole number, or what stands for a hidden one."""
        if self.hides_share(count, of):
            return self.no_percentage
        return str(_nearest(100 * count, of, 1))


def _nearest(number: int, divisor: int, base: int) -> int:
    """Divide, then round to the nearest multiple of `base`, halves up, in whole numbers only."""
    step = divisor * base
    return (2 * number + step) // (2 * step) * base


SHOWN = DisclosurePolicy("shown", message("Every count is shown as it is."))
SERVICE = DisclosurePolicy(
    "service",
    message(
        "Counts from 1 to 4 are shown as <5, with no percentage. Other counts are shown as they"
        " are; but where a hidden one could be worked out from them, or all or nearly all of a"
        " group are alike, some are shown as a range, such as 26\N{EN DASH}30."
    ),
    threshold=5,
    placeholder="<5",
    everyone="hidden",
    ranges=True,
)
# As the monthly mental health statistics of England are published: repository
# mental-health-monthly-statistics, commit 7b4d742, 02_Aggregate/95.Round_output.py.
NHS_MONTHLY = DisclosurePolicy(
    "nhs_monthly",
    message(
        "Counts below 5, zero included, are shown as *, and other counts to the nearest 5. A"
        " percentage is shown as * where its count or the number it is out of is below 5. So are"
        " counts from which a hidden one could be worked out, and those where all or nearly all of"
        " a group are alike."
    ),
    threshold=5,
    base=5,
    zero="hidden",
    placeholder="*",
    no_percentage="*",
    single_points=False,
    everyone="hidden",
)

DISCLOSURE_POLICIES: Mapping[str, DisclosurePolicy] = {
    policy.id: policy for policy in (SERVICE, NHS_MONTHLY, SHOWN)
}


def disclosure_policy(name: str) -> DisclosurePolicy:
    """Give the policy with this name. Raises UsageError where there is none."""
    if name not in DISCLOSURE_POLICIES:
        what = f"There is no disclosure policy called {name!r}."
        mend = did_you_mean(name, DISCLOSURE_POLICIES)
        raise UsageError(Problem("unknown-disclosure-policy", what, mend))
    return DISCLOSURE_POLICIES[name]
