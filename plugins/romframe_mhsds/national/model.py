"""What a pack says: whom a figure is about, what counts as paired, and which numbers come of it."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import polars as pl
from attrs import field, frozen


COUNTS = ("assessed", "paired", "improved", "unchanged", "deteriorated", "recovered")


@frozen
class Limit:
    """A number from which on something counts: more than it, or at least it."""

    value: int
    strict: bool

    def holds(self, number: pl.Expr) -> pl.Expr:
        """Say whether a number is enough."""
        return number > self.value if self.strict else number >= self.value

    @property
    def least(self) -> int:
        """The smallest whole number that is enough."""
        return self.value + 1 if self.strict else self.value


@frozen
class Ages:
    """The ages in whole years that a service takes; `unknown`: also people of unknown age."""

    low: int | None = None
    below: int | None = None
    unknown: bool = False


@frozen
class Teams:
    """The team types that a service takes: some, or all but some; `blank`: also none at all."""

    codes: tuple[str, ...]
    excluded: bool = False
    blank: bool = False


@frozen
class Mechanisms:
    """Consultation mechanisms that count, from one day to another, both included."""

    codes: tuple[str, ...]
    start: date | None = None
    end: date | None = None


@frozen
class ContactKind:
    """Contacts that are counted together: attended ones by mechanism, or indirect activity."""

    indirect: bool
    mechanisms: tuple[Mechanisms, ...] = ()


@frozen
class Contacts:
    """Which contacts count, over which time, and how many are needed.

    `larger_kind`: the kinds are counted apart, and the larger number holds.
    """

    kinds: tuple[ContactKind, ...]
    count: Literal["all_kinds", "larger_kind"]
    period: Literal["financial_year", "to_month_end", "to_discharge"]
    needed: Limit


@frozen
class Pairing:
    """How the first and the last valid score of a referral are chosen.

    The first is the earliest of each `first_per` (a term is one scale under all its codes); the
    last is the latest one that follows and has the same `last_per`. Two scores at one moment pair
    only where `same_moment` says so. `after_contacts`: the first counts from the day of contact 1,
    the last from that of contact 2.
    """

    first_per: Literal["term", "code"]
    last_per: Literal["term", "code"]
    until: Literal["month_end", "discharge"]
    same_moment: bool
    after_contacts: bool = False


@frozen
class Service:
    """A kind of service: who belongs to it, and what it takes for a referral to it to count."""

    id: str
    label: str
    ages: Ages
    teams: Teams
    contacts: Contacts
    pairing: Pairing


@frozen
class Group:
    """Services whose figures are also given together."""

    id: str
    label: str
    services: tuple[str, ...]


@frozen
class Cohort:
    """Referrals closed in the month, or open at its end, that lasted long enough.

    The figures of closed referrals are sums over `months` months; of open ones it is 1.
    """

    id: Literal["closed", "open"]
    label: str
    length: Limit | None
    months: int


@frozen
class Family:
    """The scales that a figure looks at; an empty choice takes all."""

    id: str
    label: str
    categories: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


@frozen
class Norms:
    """Means and SDs of a reference population, by gender and age; and how genders are coded."""

    table: pl.DataFrame
    genders: Mapping[str, str]


@frozen
class Change:
    """Thresholds of change by code, which column says what is better, and norms for T-scores.

    A scale whose threshold is null counts, but its change is not measured.
    """

    thresholds: pl.DataFrame
    better: str
    norms: Norms | None


@frozen
class Figure:
    """One number: a count out of another, for each group; `targets` in percent by group."""

    id: str
    label: str
    family: str
    count: str
    of: Literal["eligible", "paired", "below_cut_off"]
    unit: Literal["referrals", "pairs"]
    cohorts: tuple[str, ...]
    targets: Mapping[str, float]


@frozen
class Source:
    """Where a rule was read, and the date of that copy."""

    name: str
    where: str
    dated: str


@frozen
class Choice:
    """One way to read a rule on which the sources do not agree."""

    id: str
    says: str
    source: str


@frozen
class Reading:
    """A rule on which the sources do not agree, and the choice that is made here."""

    id: str
    question: str
    default: str
    chosen: Choice
    choices: tuple[Choice, ...]


@frozen
class Quirk:
    """A peculiarity of the published code, and whether it is reproduced here."""

    says: str
    reproduced: bool


@frozen
class Publication:
    """How small numbers are hidden where the figure is published; `verified`: that was seen."""

    disclosure: str
    verified: bool
    note: str


@frozen
class Pack:
    """The rules of one published figure.

    `eligible` are tests on a referral with what each asks for, in the order in which they are made.
    """

    id: str
    title: str
    start: date
    end: date | None
    sources: tuple[Source, ...]
    eligible: Mapping[str, object]
    services: tuple[Service, ...]
    groups: tuple[Group, ...]
    cohorts: tuple[Cohort, ...]
    families: tuple[Family, ...]
    scales: pl.DataFrame = field(repr=False)
    change: Change | None
    figures: tuple[Figure, ...]
    percent_decimals: int
    publication: Publication
    readings: tuple[Reading, ...]
    quirks: tuple[Quirk, ...]

    @property
    def main(self) -> str:
        """The family by which a referral is said to be paired: the first."""
        return self.families[0].id

    def cohort(self, name: str) -> Cohort | None:
        """Give a cohort by name; None where the pack has none of that name."""
        return next((each for each in self.cohorts if each.id == name), None)
