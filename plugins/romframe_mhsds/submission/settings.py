"""What one export is asked for, read once from its options and the workspace's config."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import ExportRefused, Place, Problem
from romframe_mhsds.codes.codelist import CodeList, code_list, scales_in_use
from romframe_mhsds.codes.coding import SentAs
from romframe_mhsds.codes.orientation import read_orientation
from romframe_mhsds.moments import check_zone
from romframe_mhsds.period import Period
from romframe_mhsds.submission.files import DELIMITERS, Form


if TYPE_CHECKING:
    from romframe import Workspace


@frozen
class Settings:
    """The month, the code list in force in it, and how a service wants its files.

    `full`: with the tables that assessments hang on; `by_activity`: an assessment that was made in
    a contact goes with its care activity. `created` is when the files say that they were made.
    """

    period: Period
    zone: str
    codes: CodeList
    sent_as: Mapping[str, SentAs]
    form: Form
    full: bool
    by_activity: bool
    provider: str
    submitter: str
    commissioner: str
    system: str
    created: datetime

    @property
    def texts(self) -> dict[str, str]:
        """What the header and the tables take from here, by the names in `data/sources.csv`."""
        return {
            "provider": self.provider,
            "submitter": self.submitter,
            "commissioner": self.commissioner,
            "system": self.system,
            "period_start": self.period.start.isoformat(),
            "period_end": self.period.end.isoformat(),
            "created": f"{self.created:%Y-%m-%d %H:%M:%S}",
        }


def read_settings(workspace: Workspace, options: Mapping[str, Any], today: date) -> Settings:
    """Read the options of an export.

    The codes in force on the first day serve the whole month, as a release of the data set does.
    Raises UsageError for a period that is not a month, DataError for a code list that is not sound,
    FrameworkError for texts that do not fit, ExportRefused where nothing right can be written.
    """
    period = Period.parse(options["period"])
    codes = code_list(period.start, scales_in_use(workspace.path, options.get("codes")))
    provider = options.get("provider", workspace.config.organisation)
    if options.get("full") and not provider:
        what = "It is not said which organisation provides the data."
        mend = "Give --provider with its code, or write it under exports: {mhsds: {provider: ...}}."
        place = Place("romframe.yaml", field="exports.mhsds.provider")
        raise ExportRefused(Problem("mhsds-no-provider", what, mend, place))
    delimiter = DELIMITERS[options.get("delimiter", "comma")]
    return Settings(
        period=period,
        zone=check_zone(workspace.config.timezone),
        codes=codes,
        sent_as=read_orientation(workspace, options.get("sent_as", {}), codes),
        form=Form(delimiter, options.get("encoding", "utf-8")),
        full=options.get("full", False),
        by_activity=options.get("scores_in") == "activity",
        provider=provider,
        submitter=options.get("submitter", provider),
        commissioner=options.get("commissioner", ""),
        system=options.get("system", "romframe"),
        created=datetime.combine(today, time()),
    )
