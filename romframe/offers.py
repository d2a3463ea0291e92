"""What plugins offer and what they are given: frozen values that cross the border."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, field, frozen

from romframe.progress import Progress, silent


if TYPE_CHECKING:
    import polars as pl

    from romframe.definitions.model import DefinitionDraft, Unsaid
    from romframe.disclosure import DisclosurePolicy
    from romframe.importing.mapping import Mapping as ColumnMapping
    from romframe.instruments.model import Instrument
    from romframe.tidy import TidyTable
    from romframe.wording import Wording
    from romframe.workspace import Workspace


@frozen
class SpecFile:
    """An instrument's spec file; the part of its name before a hyphen is the instrument's id."""

    path: Path

    @property
    def instrument_id(self) -> str:
        """The id that the file name promises."""
        return self.path.stem.partition("-")[0]


@frozen
class ExportRequest:
    """What an exporter is asked for.

    `out` is an empty folder to write into; it takes its final place only when the export has
    succeeded. `options` have been checked against the exporter's schema. `today` is the day of the
    export, so that the same request gives the same files. `progress(label, total)` is a context
    that gives a function to call with how much more is done.
    """

    out: Path
    options: Mapping[str, Any]
    today: date
    progress: Progress = silent


@frozen
class ExportResult:
    """What an exporter did: files it wrote, counts, rows that did not flow, findings on rows.

    `exclusions` and `findings` are frames for a reader; `summary` is a few sentences for a person.
    `accepted` is false where what was written says why nothing can be sent.
    """

    files: tuple[str, ...]
    counts: Mapping[str, int]
    exclusions: pl.DataFrame
    findings: pl.DataFrame
    summary: tuple[str, ...] = ()
    accepted: bool = True


@frozen
class Exporter:
    """A named way out: `options` is the Cerberus schema of what `--NAME VALUE` may say.

    `takes` says of an instrument, on a day, whether any of it can go this way; None: it always can.
    """

    name: str
    summary: str
    export: Callable[[Workspace, ExportRequest], ExportResult]
    options: Mapping[str, Any] = field(factory=dict)
    takes: Callable[[Instrument, date], bool] | None = None


@frozen
class Incoming:
    """Rows that an importer read for one instrument or kind of record, under our own names.

    `target` is what `--as` would say. `coding` says how answers are written; `stored` are those
    that the store keeps. The others are as in a mapping file. Where a `mapping` is given, names and
    codes are those of the outside format, and it says what they are here, in place of `coding` and
    of all the others but `missing_codes`, to which it adds.
    """

    target: str
    frame: pl.DataFrame = field(eq=False)
    coding: str | None = None
    corrections: Literal["refuse", "accept"] = "refuse"
    unknown_referrals: Literal["reject", "create"] = "reject"
    anonymous: bool | None = None
    missing_codes: Mapping[str, str] = field(factory=dict)
    mapping: ColumnMapping | None = None


@frozen
class FileContent:
    """What an importer read of a file: parts in the order in which to store them.

    Each part is of another instrument or kind of record. `unread` has a line for every row that it
    could make nothing of: `row`, `code`, `column`, `what`, `mend`, and `raw`, the row as JSON; None
    if there are none. `notices` are sentences for a person.
    """

    parts: tuple[Incoming, ...] = ()
    unread: pl.DataFrame | None = field(default=None, eq=False)
    notices: tuple[str, ...] = ()


@frozen
class Importer:
    """A named reader of an outside format, which is a file or a folder.

    `read_mapped` reads one with a mapping file (`--map`); None: it takes none.
    """

    name: str
    summary: str
    read: Callable[[Workspace, Path], FileContent]
    read_mapped: Callable[[Workspace, Path, ColumnMapping], FileContent] | None = None


@frozen
class DefinitionFormat:
    """A named format in which a measure can be defined outside.

    `read` makes a draft of a file, with what could not be said. `write` puts a measure, in these
    words, into a file, and lists what the format cannot say. Either may be None.
    """

    name: str
    summary: str
    read: Callable[[Path], DefinitionDraft] | None = None
    write: Callable[[Instrument, Wording, Path], Iterable[Unsaid]] | None = None


@frozen
class Ratings:
    """The current completed ratings of one version of an instrument, as checks look at them.

    The workspace knows the version by `name`. `answers` has a row a rating, as
    `Workspace.responses` gives them, ordered by `assessment_id`. `records` has what is known of
    them and of those ratings that came as scores alone; unsaid, it is `answers`. A check leaves
    both as they are.
    """

    workspace: Workspace
    name: str
    instrument: Instrument
    answers: pl.DataFrame = field(eq=False)
    records: pl.DataFrame = field(
        eq=False, default=Factory(lambda ratings: ratings.answers, takes_self=True)
    )


@frozen
class Check:
    """A named data-quality check, which looks at the ratings of one instrument at a time.

    `check` gives a row for everything that it could judge, with its key and `what`: a sentence, or
    null where nothing stands out. It gives None where the instrument is none of its business. What
    it is `about` sets the key: `assessment_id`, `care_professional_id` or `import_batch_id`.
    """

    name: str
    summary: str
    check: Callable[[Ratings], pl.DataFrame | None]
    about: Literal["rating", "rater", "import"] = "rating"


@frozen
class Indicator:
    """A named indicator that is not a questionnaire, for the figures of an outcome framework.

    `summary` is its definition: who is counted, when it is met, when that cannot be told. `measure`
    gives a row a referral or return: `referral_id` (null where it is nobody's), `team`, `on` (the
    day or month, as ISO text, in which it counts), `met` (null where it cannot be told), and if it
    has them `value` (such as days waited) and `reason` (one word for why it cannot be told).
    `has_values` says that there are values, so that a framework may have a target of their median.
    `pathway` is the only one of which it counts anybody, if there is one. A framework gives its own
    pairing policy for a parameter `pairing` that is left out, and takes `returns` for a choice of
    `anonymous`, which are in no group, or `identified`.
    """

    name: str
    summary: str
    measure: Callable[[Workspace, Mapping[str, Any]], pl.DataFrame]
    params: Mapping[str, Any] = field(factory=dict)
    has_values: bool = False
    pathway: str = ""


@frozen
class Window:
    """The stretch of time and, if given, the team that a report is about; both dates included."""

    start: date
    end: date
    team: str | None = None


@frozen
class ReportSection:
    """A part of the local report.

    `build` gives what `template` (the source of a jinja template) shows, or None to leave it out.
    `tables` gives the same figures as tidy tables, as the policy lets them be shown.
    """

    name: str
    title: str
    order: int
    build: Callable[[Workspace, Window], Mapping[str, Any] | None]
    template: str
    tables: Callable[[Workspace, Window, DisclosurePolicy], Iterable[TidyTable]] | None = None
