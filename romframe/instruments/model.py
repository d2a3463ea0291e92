"""An instrument as its spec defines it: frozen values, no input or output, no arithmetic."""

import enum
import functools
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from attrs import evolve, field, frozen


class AnswerState(enum.StrEnum):
    """What became of one item. Only `answered` carries a value; nothing else is ever a number."""

    ANSWERED = "answered"
    BLANK = "blank"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"
    DECLINED = "declined"


Coding = str  # the name of a way in which data are written; see `Instrument.known_codings`
Side = Literal["at_least", "more_than", "at_most", "less_than"]
Direction = Literal["lower", "higher", "neither"]
Status = Literal["verified", "secondary", "local", "unverified"]


@frozen
class Source:
    """Where a rule or number comes from, and how sure we are of it."""

    id: str
    cite: str
    status: Status
    url: str = ""
    note: str = ""


@frozen
class Licence:
    """Who owns the instrument, on what terms, and where its wording comes from."""

    owner: str
    terms: str
    wording: Literal["ships", "site_supplied"]
    evidence: str = ""


@frozen
class TerminologyCode:
    """A code of an outside terminology (`snomed`, `loinc`), text, with the dates it is valid."""

    system: str
    id: str
    valid_from: str = ""
    valid_to: str = ""


@frozen
class Option:
    """One answer that a response scale allows: its code, its label and, if scored, its value."""

    code: int | str
    label: str
    value: float | None
    labels: Mapping[str, str] = field(factory=dict)


@frozen
class ResponseScale:
    """The allowed answers to an item.

    A `coded` scale lists options; a `number` scale has a range and a step; `text` is kept as it is
    and never scored. `missing` names the codes that stand for an answer state other than answered;
    `counts_as` gives the value of such a state where the owner's rule gives it one. `bands` name
    what single answers mean, such as low and high. `sent_as` gives the text that stands for a code
    in a data set outside, where it is another; `not_sent` says why answers must not be sent there.
    """

    id: str
    kind: Literal["coded", "number", "text"]
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1
    missing: tuple[tuple[int | str, AnswerState], ...] = ()
    counts_as: Mapping[AnswerState, float] = field(factory=dict)
    bands: "tuple[Band, ...]" = ()
    bands_source: str = ""
    source: str = ""
    sent_as: Mapping[str, str] = field(factory=dict)
    not_sent: str = ""

    @property
    def scored(self) -> bool:
        """Whether answers have numeric values."""
        return self.low is not None

    @property
    def lettered(self) -> bool:
        """Whether any allowed code is text rather than a whole number."""
        return any(isinstance(option.code, str) for option in self.options)

    @property
    def valued(self) -> bool:
        """Whether codes have values other than themselves."""
        return self.scored and any(option.code != option.value for option in self.options)

    @functools.cached_property
    def units(self) -> int:
        """How many whole units make 1: 10 for a step of 0.1, so that sums stay whole numbers."""
        numbers = (self.step, self.low or 0, *(option.value or 0 for option in self.options))
        return math.lcm(*(Fraction(str(number)).denominator for number in numbers))


@frozen
class Alert:
    """A value from which up (`at_least`), or down (`at_most`), somebody must look at once."""

    text: str
    source: str
    at_least: float | None = None
    at_most: float | None = None


@frozen
class DataCoding:
    """A way in which data are written.

    `position`: every answer is the code of its box, counted from the left; `scored`: turned items
    are turned already; `stored`: the values that the store keeps. What stands in the data plus
    `add` is the code.
    """

    id: str
    like: Literal["position", "scored", "stored"]
    add: int = 0
    note: str = ""
    source: str = ""


SCORED, POSITION = DataCoding("scored", "scored"), DataCoding("position", "position")
STORED = DataCoding("stored", "stored")


@frozen
class Condition:
    """Another item's answers under which an item must be answered."""

    item: str
    codes: tuple[int | str, ...]


@frozen
class Item:
    """One question: our own short label, its response scale and how its answer counts.

    `favourable` is the good end of its answers, or those that are good (and `unfavourable` those
    that are bad). `slot_codes` are those of the first, second, third goal of a referral. `labels`
    and `notes` say the same in other languages, by their code.
    """

    id: str
    label: str
    scale: ResponseScale
    reversed: bool = False
    counts: bool = True
    required: bool = True
    required_when: Condition | None = None
    favourable: Literal["low", "high"] | tuple[int | str, ...] | None = None
    unfavourable: tuple[int | str, ...] = ()
    alert: Alert | None = None
    section: str = ""
    note: str = ""
    source: str = ""
    labels: Mapping[str, str] = field(factory=dict)
    notes: Mapping[str, str] = field(factory=dict)
    codes: tuple[TerminologyCode, ...] = ()
    slot_codes: Mapping[str, tuple[str, ...]] = field(factory=dict)


@frozen
class MissingPolicy:
    """When a score with unanswered items may still be given, and how.

    `at_least` counts answered items. `then` says what is done with a gap: `mean_of_answered`
    (means are taken over what is there), `prorate` (scaled up to all items) or `sum_of_known`.
    """

    id: str
    at_least: int
    then: Literal["mean_of_answered", "prorate", "sum_of_known"]
    source: str


@frozen
class Band:
    """A named stretch of a score, from its start up to the next band's start, unrounded."""

    start: float
    label: str


@frozen
class BandSet:
    """Another way to name the stretches of a score, chosen by its name."""

    id: str
    bands: tuple[Band, ...]
    source: str


@frozen
class KeyedRow:
    """One row of a table keyed by attributes of the person: conditions, and what holds there."""

    where: tuple[tuple[str, str | tuple[float, float]], ...]
    content: Any


@frozen
class Keyed:
    """Something that depends on attributes of the person (age, gender)."""

    by: tuple[str, ...]
    rows: tuple[KeyedRow, ...]


@frozen
class CutOff:
    """A published cut-off of a score that names no band: what it means, for whom, who says so."""

    id: str
    score: str
    comparator: Side
    value: float
    means: str
    source: str
    population: str = ""
    note: str = ""


@frozen
class Norm:
    """What a score was in some population."""

    id: str
    score: str
    population: str
    source: str
    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    reliability: float | None = None
    note: str = ""


@frozen
class Score:
    """One number computed from item values (`items`), from other scores (`of`), or across rows.

    A score `across` another one is taken over the goals or problems of one moment.
    """

    id: str
    name: str
    method: str
    better: Direction
    low: float
    high: float
    source: str
    items: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    across: str = ""
    times: float = 1
    divided_by: float = 1
    params: Mapping[str, Any] = field(factory=dict)
    missing: MissingPolicy | None = None
    missing_options: tuple[MissingPolicy, ...] = ()
    bands: tuple[Band, ...] | Keyed = ()
    bands_source: str = ""
    band_options: tuple[BandSet, ...] = ()
    alert: Alert | None = None
    codes: tuple[TerminologyCode, ...] = ()
    decimals: int = 0
    on_request: bool = False
    note: str = ""

    def policy(self, name: str | None) -> MissingPolicy | None:
        """Give the policy called `name`, or the default where the name is None or unknown here."""
        return next((each for each in self.missing_options if each.id == name), self.missing)

    def with_bands(self, name: str | None) -> "Score":
        """Give the score with the band set called `name`, or as it is where it has none such."""
        for option in self.band_options:
            if option.id == name:
                return evolve(self, bands=option.bands, bands_source=option.source)
        return self


@frozen
class ChangeRule:
    """A named way to judge change in one score (or in each of some items)."""

    id: str
    method: str
    source: str
    score: str = ""
    items: tuple[str, ...] = ()
    default: bool = False
    population: str = ""
    params: Mapping[str, Any] = field(factory=dict)
    note: str = ""


@frozen
class Repeats:
    """Rows of one assessment that repeat per goal or problem, matched over time on its identity."""

    by: str
    at_most: int | None = None
    states: tuple[str, ...] = ()
    source: str = ""


@frozen
class Derivation:
    """How this instrument's items can be read out of another instrument's."""

    instrument: str
    items: Mapping[str, str]
    source: str


@frozen
class Instrument:
    """A measure: items, scores, change rules and codes, as one spec file defines them.

    `document` is the spec as read, and the only thing that `dump` writes; everything else here is
    a typed view of it. `digest` identifies that content and is stored with every score.
    """

    id: str
    version: str
    name: str
    type: Literal["crom", "prom", "prem", "goal"]
    raters: tuple[str, ...]
    licence: Licence
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    change_rules: tuple[ChangeRule, ...]
    sources: Mapping[str, Source]
    digest: str
    document: Mapping[str, Any] = field(eq=False, repr=False)
    recall: str = ""
    locale: str = "en"
    storage: Literal["identified", "anonymous", "either"] = "identified"
    totals: Literal["allowed", "forbidden"] = "allowed"
    totals_reason: str = ""
    repeats: Repeats | None = None
    derivations: tuple[Derivation, ...] = ()
    codings: tuple[DataCoding, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    norms: tuple[Norm, ...] = ()
    minutes: float | None = None
    note: str = ""
    source: str = ""

    def item(self, item_id: str) -> Item:
        """Give the item with this id; KeyError if there is none."""
        return {item.id: item for item in self.items}[item_id]

    def score(self, score_id: str) -> Score:
        """Give the score with this id; KeyError if there is none."""
        return {score.id: score for score in self.scores}[score_id]

    @property
    def has_codings(self) -> bool:
        """Whether data can be written in several ways: whoever brings them must say in which."""
        return bool(self.codings) or any(item.reversed for item in self.items)

    @property
    def known_codings(self) -> Mapping[str, DataCoding]:
        """The ways in which data can be written, by name."""
        return {coding.id: coding for coding in (POSITION, SCORED, *self.codings)}

    @property
    def unverified(self) -> tuple[str, ...]:
        """The ids of sources that this spec uses and that nobody has verified."""
        return tuple(key for key, source in self.sources.items() if source.status == "unverified")
