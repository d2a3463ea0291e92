"""The importer `fhir`: resources into tables of assessments, and reasons for the others."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import define, field

from romframe import DataError, FileContent, Incoming, Instrument, UserError
from romframe_fhir.library import R3, R4, fault, require
from romframe_fhir.records import about, reasons, responses, scores
from romframe_fhir.records.absent import MISSING_CODES
from romframe_fhir.records.reading import Found, read_files
from romframe_fhir.records.reasons import Fault, Unread, unread
from romframe_fhir.records.referrals import Referrals, known_referrals
from romframe_fhir.records.totals import Totals


if TYPE_CHECKING:
    from romframe import Mapping as ColumnMapping
    from romframe import Workspace

Cells = dict[str, str | None]
_FIELDS = (
    *("referral_id", "completed_at", *about.EXTENDED),
    *("care_professional_id", "care_activity_id", "source_id"),
)
_ANONYMOUS = ("completed_at", "team")
_FINAL = ("final", "amended", "corrected")


def read(workspace: Workspace, path: Path, mapping: ColumnMapping | None = None) -> FileContent:
    """Read a bundle, lines or a folder of them.

    A mapping file that names an instrument says what the questionnaire `form` (or, without that,
    any that is not ours) means; `corrections` and `unknown_referrals` of any hold for all. Raises
    DataError for files that are not JSON and for a mapping of other records, UsageError where the
    library that checks resources is not installed.
    """
    require()
    if mapping is not None and mapping.kind:
        what = f"FHIR resources hold assessments, and the mapping is for {mapping.kind}."
        mend = "Import these records from CSV, with this mapping."
        raise DataError(mapping.problem(("kind",), "fhir-map-kind", what, mend))
    found = read_files(path)
    encounters = [
        each.content for each in found if _kind(each.content) == "Encounter" and not each.deleted
    ]
    known = _instruments(workspace)
    run = _Run(known, mapping, known_referrals(workspace, encounters), _present(found))
    for each in found:
        run.take(each)
    run.close()
    return FileContent(tuple(run.parts()), unread(run.unread), tuple(run.notices()))


def _instruments(workspace: Workspace) -> dict[str, Instrument]:
    """Give the measures, those in use first; one whose spec is not valid is passed over."""
    used = set(workspace.used_instruments())
    names = sorted(workspace.instrument_ids, key=lambda name: (name not in used, "-" in name, name))
    found = {}
    for name in names:
        with contextlib.suppress(UserError):
            found[name] = workspace.instrument(name)
    return found


def _kind(content: Any) -> str:
    return str(content.get("resourceType", "")) if isinstance(content, dict) else ""


def _present(found: Iterable[Found]) -> frozenset[str]:
    """Give the references by which the responses of the files can be named."""
    return frozenset(
        name
        for each in found
        if _kind(each.content) == "QuestionnaireResponse" and not each.deleted
        for name in (each.url, f"QuestionnaireResponse/{each.content.get('id', '')}")
        if name
    )


@define
class _Run:
    """An import under way: rows by measure, what could not be read, what was passed over."""

    known: Mapping[str, Instrument]
    mapping: ColumnMapping | None
    referrals: Referrals
    present: frozenset[str]
    unread: list[Unread] = field(factory=list)
    _own: dict[str, list[Cells]] = field(factory=dict)
    _totals: Totals = field(factory=Totals)
    _theirs: list[Cells] = field(factory=list)
    _passed: Counter[str] = field(factory=Counter)

    def take(self, found: Found) -> None:
        """Read one resource, or note why it cannot be read."""
        content, kind = found.content, _kind(found.content)
        try:
            if found.fault:
                raise Fault(reasons.JSON, found.fault)
            if found.deleted:
                raise Fault(reasons.DELETED)
            if not kind:
                raise Fault(reasons.NO_RESOURCE)
            if kind == "QuestionnaireResponse":
                self._response(content)
            elif kind == "Observation":
                self._observation(found)
            else:
                self._passed[kind] += 1
        except Fault as told:
            self._set_aside(found, told)

    def _set_aside(self, found: Found, told: Fault) -> None:
        raw = found.raw or json.dumps(self._kept(found.content), ensure_ascii=False)
        self.unread.append(Unread(found.row, found.file, told, raw))

    def close(self) -> None:
        """Set aside the totals that contradict each other, once all are known."""
        for found, told in self._totals.disputed():
            self._set_aside(found, told)

    def _kept(self, content: Any) -> Any:
        """Give what is kept of a resource: of one that may be anonymous nothing about a person."""
        if not self._anonymous(content):
            return content
        kept = ("resourceType", "questionnaire", "status", "item")
        return {name: value for name, value in content.items() if name in kept}

    def _anonymous(self, content: Any) -> bool:
        if _kind(content) != "QuestionnaireResponse":
            return False
        name = str(content.get("questionnaire", "")).partition("|")[0].rpartition(":")[2]
        asked = self.mapping.instrument if self.mapping else ""
        measures = (each for each in self.known if each.partition("-")[0] in (name, asked))
        return any(self.known[each].storage != "identified" for each in measures)

    def _response(self, content: dict[str, Any]) -> None:
        old = responses.is_r3(content)
        _check(content, R3 if old else R4)
        response = responses.as_r4(content) if old else content
        name = responses.measure(response, self.known)
        if name is None and not self._is_mapped(response):
            raise Fault(reasons.UNKNOWN_FORM, response.get("questionnaire", ""))
        target = name or (self.mapping.instrument if self.mapping else "")
        row = about.read(response, response.get("authored", ""), *self._identity(target))
        responses.check_status(response["status"], row["outcome"])
        if not row["completed_at"]:
            raise Fault(reasons.NO_DATE)
        if not self._without_person(target):
            row["referral_id"] = row["referral_id"] or self._referral(response, row)
        if name is None:
            cells = responses.their_cells(response)
            self._theirs.append(
                {(f"item:{k}" if k in row else k): v for k, v in cells.items()} | row
            )
        else:
            cells = responses.own_cells(response, self.known[name])
            self._own.setdefault(name, []).append(cells | row)

    def _identity(self, name: str) -> list[str]:
        repeats = self.known[name].repeats if name in self.known else None
        return [repeats.by] if repeats else []

    def _without_person(self, name: str) -> bool:
        storage = self.known[name].storage if name in self.known else "identified"
        said = self.mapping.anonymous if self.mapping else None
        return storage == "anonymous" or (storage == "either" and bool(said))

    def _is_mapped(self, response: Mapping[str, Any]) -> bool:
        if self.mapping is None or not self.mapping.instrument:
            return False
        full = str(response.get("questionnaire", ""))
        return self.mapping.form in ("", full, full.partition("|")[0])

    def _referral(self, resource: Mapping[str, Any], row: Cells) -> str:
        return self.referrals.of(resource, str(row["completed_at"])[:10])

    def _observation(self, found: Found) -> None:
        content = found.content
        if self._has_answers(content):
            self._passed["Observation of answers that come with it"] += 1
            return
        _check(content, R4)
        known = scores.names(self.known)
        codings = [scores.keys(each) for each in content["code"].get("coding", ())]
        meant = next((known[each] for each in codings if each in known), None)
        if meant is None:
            raise Fault(reasons.UNKNOWN_SCORE, codings[0][1] if codings else "")
        if content["status"] not in _FINAL:
            raise Fault(reasons.STATUS, content["status"])
        if "effectiveDateTime" not in content:
            raise Fault(reasons.NO_DATE)
        value = scores.given(content)
        listed = {key: each for key, each in content.items() if key != "identifier"}
        row = about.read(listed, content["effectiveDateTime"], "source_id")
        row["referral_id"] = row["referral_id"] or self._referral(content, row)
        self._totals.add(*meant, row, value, found)

    def _has_answers(self, observation: Mapping[str, Any]) -> bool:
        """Say whether a score was computed from answers that come with it; it is not checked."""
        named = observation.get("derivedFrom")
        listed = named if isinstance(named, list) else []
        sources = [str(each.get("reference", "")) for each in listed if isinstance(each, dict)]
        short = ["/".join(each.split("/")[-2:]) for each in sources]
        return not self.present.isdisjoint([*sources, *short])

    def parts(self) -> Iterable[Incoming]:
        """Give the tables, a measure each."""
        corrections = self.mapping.corrections if self.mapping else "refuse"
        unknown = self.mapping.unknown_referrals if self.mapping else "reject"
        totals = self._totals.rows()
        for name in sorted({*self._own, *totals}):
            rows = [*self._own.get(name, ()), *totals.get(name, ())]
            anonymous = self.known[name].storage == "anonymous"
            columns = self._columns(name, rows, anonymous=anonymous)
            yield Incoming(
                name,
                _table(rows, columns),
                coding="position",
                corrections=corrections,
                unknown_referrals=unknown,
                anonymous=anonymous,
                missing_codes=MISSING_CODES,
            )
        if self._theirs and self.mapping is not None:
            yield Incoming(
                self.mapping.instrument,
                _table(self._theirs, self._their_columns(self.mapping)),
                missing_codes=MISSING_CODES,
                mapping=self.mapping,
            )

    def _their_columns(self, mapping: ColumnMapping) -> list[str]:
        """Give the columns that hold anything, and those that the mapping or the store asks for."""
        asked = ("referral_id", "completed_at", "rater", *mapping.columns.values())
        filled = (name for row in self._theirs for name, value in row.items() if value is not None)
        listed = dict.fromkeys([*asked, *sorted({*filled})])
        return [name for name in listed if name not in mapping.constants]

    def _columns(self, name: str, rows: list[Cells], *, anonymous: bool) -> list[str]:
        named = {key for row in rows for key in row if key.startswith("score:")}
        items = [item.id for item in self.known[name].items] if name in self._own else []
        around = _ANONYMOUS if anonymous else (*_FIELDS, *self._identity(name))
        return [*around, *items, *sorted(named)]

    def notices(self) -> Iterable[str]:
        """Say how many resources were passed over."""
        for kind, count in sorted(self._passed.items()):
            yield f"Passed over: {count} {kind}."


def _check(content: dict[str, Any], release: str) -> None:
    try:
        told = fault(content, release)
    except RecursionError:
        told = "it is nested too deeply"
    if told:
        raise Fault(reasons.INVALID, told)
    if "modifierExtension" in content:
        raise Fault(reasons.MODIFIED, content["modifierExtension"][0]["url"])


def _table(rows: list[Cells], columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [[row.get(name) for name in columns] for row in rows],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )
