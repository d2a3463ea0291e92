"""A workspace's config file, romframe.yaml: read, checked, every problem at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import field, frozen

from romframe.errors import FrameworkError, did_you_mean
from romframe.importing.kinds import TIMEPOINTS
from romframe.instruments.model import Instrument
from romframe.instruments.schema import INSTRUMENT
from romframe.pairing import FIRST_AND_LAST, POLICIES, PairingPolicy
from romframe.validation import validate
from romframe.yaml_source import Document, read_yaml_file


FILE_NAME = "romframe.yaml"

_TEXT = {"type": "string", "empty": False}
_NAMES = {"type": "list", "schema": _TEXT}
_TIMEPOINTS = {"type": "list", "allowed": list(TIMEPOINTS)}
_MEASURE = {
    "missing": _TEXT,
    "bands": _TEXT,
    "scores": _NAMES,
    "rules": {"type": "dict", "valuesrules": _TEXT},
}
_REPORT = {
    "kind": {**_TEXT, "required": True},
    "out": {**_TEXT, "required": True},
    "months": {"type": "integer", "min": 1},
    "names": _NAMES,
    "options": {
        "type": "dict",
        "valuesrules": {"type": ["string", "integer", "number", "boolean"]},
    },
}
SCHEMA: dict[str, Any] = {
    "name": {**_TEXT, "required": True},
    "organisation": _TEXT,
    "timezone": _TEXT,
    "locale": INSTRUMENT["locale"],
    "disable_plugins": _NAMES,
    "prefer": {"type": "dict", "valuesrules": _TEXT},
    "measures": {"type": "dict", "valuesrules": {"type": "dict", "schema": _MEASURE}},
    "exports": {"type": "dict", "valuesrules": {"type": "dict"}},
    "reports": {"type": "list", "schema": {"type": "dict", "schema": _REPORT}},
    "pairing": _TEXT,
    "pairing_policies": {
        "type": "dict",
        "valuesrules": {
            "type": "dict",
            "schema": {
                "first_timepoints": _TIMEPOINTS,
                "last_timepoints": _TIMEPOINTS,
                "same": {"type": "list", "allowed": ["rater", "version", "setting"]},
                "minimum_gap_days": {"type": "integer", "min": 0},
                "closed_only": {"type": "boolean"},
            },
        },
    },
}


@frozen
class Choice:
    """What a service has chosen where a spec offers several: policies and bands by name.

    `scores` are those on request that it wants too; `rules` gives the change rule of a score.
    """

    missing: str | None = None
    bands: str | None = None
    scores: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(factory=dict)

    def of_scores(self, instrument: Instrument) -> dict[str, Any]:
        """Give the choice as the options of `scorer`: the usual scores, and those wanted too."""
        usual = [s.id for s in instrument.scores if not (s.on_request or s.across)]
        scores = [*usual, *(name for name in self.scores if name not in usual)]
        return {"scores": scores, "missing": self.missing, "bands": self.bands}


@frozen
class Config:
    """What a service has decided about its workspace.

    `pairing` is the policy in use, and `pairing_policies` has every one by name, the built-in ones
    too. `exports` holds, by an exporter's name, options that need not be given each time;
    `reports` are remade together; `document` is the file, for those who say what is wrong in it.
    """

    name: str
    organisation: str = ""
    timezone: str = "Europe/London"
    disable_plugins: tuple[str, ...] = ()
    prefer: Mapping[str, str] = field(factory=dict)
    pairing: PairingPolicy = FIRST_AND_LAST
    pairing_policies: Mapping[str, PairingPolicy] = POLICIES
    measures: Mapping[str, Choice] = field(factory=dict)
    locale: str = "en"
    exports: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    reports: tuple[Mapping[str, Any], ...] = ()
    document: Document = field(factory=lambda: Document(FILE_NAME), eq=False, repr=False)

    def choice(self, instrument: str) -> Choice:
        """Give what was chosen for an instrument; nothing is, unless the config says so."""
        return self.measures.get(instrument, Choice())


def read_config(path: Path) -> Config:
    """Read romframe.yaml. Raises FrameworkError with every problem of the file."""
    document = read_yaml_file(path)
    if document.data is not None and validate(document, SCHEMA, document.data):
        _check(document)
    if document.problems:
        raise FrameworkError(document.problems)
    return _build(document)


def _policies(data: Mapping[str, Any]) -> dict[str, PairingPolicy]:
    return {**POLICIES, **{k: _policy(k, v) for k, v in data.get("pairing_policies", {}).items()}}


def _policy(name: str, data: Mapping[str, Any]) -> PairingPolicy:
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return PairingPolicy(name, **given)


def _check(document: Document) -> None:
    data = document.data
    known = _policies(data)
    if data.get("pairing", FIRST_AND_LAST.id) not in known:
        what = f"There is no pairing policy {data['pairing']!r}."
        document.report(("pairing",), "unknown-pairing", what, did_you_mean(data["pairing"], known))
    try:
        ZoneInfo(data.get("timezone", "Europe/London"))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is an OSError
        what = f"There is no time zone {data['timezone']!r}."
        document.report(
            ("timezone",), "unknown-timezone", what, "Write a name such as Europe/London."
        )


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(**{**data, "scores": tuple(data.get("scores", ()))})


def _build(document: Document) -> Config:
    data = document.data
    return Config(
        name=data["name"],
        organisation=data.get("organisation", ""),
        timezone=data.get("timezone", "Europe/London"),
        disable_plugins=tuple(data.get("disable_plugins", ())),
        prefer=data.get("prefer", {}),
        pairing=_policies(data)[data.get("pairing", FIRST_AND_LAST.id)],
        pairing_policies=_policies(data),
        measures={name: _choice(each) for name, each in data.get("measures", {}).items()},
        locale=data.get("locale", "en"),
        exports=data.get("exports", {}),
        reports=tuple(data.get("reports", ())),
        document=document,
    )
