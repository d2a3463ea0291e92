"""The exporter `fhir`: which assessments leave, and the resources that are made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import define, field

from romframe import ExportResult, Problem, UsageError
from romframe_fhir.library import fault, require
from romframe_fhir.names import canonical
from romframe_fhir.records import about, scores
from romframe_fhir.records.answers import element, in_sections, writers
from romframe_fhir.records.selection import EXCLUSIONS, selected
from romframe_fhir.records.writing import Bundles, Lines, resource_id


if TYPE_CHECKING:
    from romframe import ExportRequest, Instrument, Workspace

_AT_ONCE = 2_000


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write every assessment that may leave: its answers, and its scores as they are now.

    Raises UsageError where the library that checks resources is not installed, or an end of the
    period is no day.
    """
    require()
    days = _day(request, "from", date.min), _day(request, "to", date.max)
    rows = selected(workspace, days)
    lines = request.options.get("form") == "ndjson"
    writer = Lines(request.out) if lines else Bundles(request.out)
    going = rows.filter(pl.col("reason").is_null())
    run = _Run(workspace, writer)
    with request.progress("Writing", going.height) as done:
        for name in workspace.used_instruments():
            run.measure(name, going, done)
    left = pl.concat(
        [rows.filter(pl.col("reason").is_not_null()).select(list(EXCLUSIONS)), run.left()]
    )
    left = left.sort("assessment_id")
    left.write_csv(request.out / "exclusions.csv")
    return ExportResult(
        files=(*writer.close(), "exclusions.csv"),
        counts=run.counts,
        exclusions=left,
        findings=pl.DataFrame(),
        summary=_summary(run.counts, left),
    )


def _day(request: ExportRequest, name: str, otherwise: date) -> date:
    said = request.options.get(name)
    if said is None:
        return otherwise
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        what = f"--{name} {said} is not a day."
        raise UsageError(Problem("fhir-period", what, "Write it as 2026-11-30.")) from error


def _summary(counts: Mapping[str, int], left: pl.DataFrame) -> tuple[str, ...]:
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    sentences = [f"Written: {said}.", "Anonymous returns are never part of this export."]
    if left.height:
        sentences.append(f"{left.height} assessments stay here: exclusions.csv says why.")
    return tuple(sentences)


@define
class _Run:
    """An export under way: what it has written and what turned out to be no sound resource."""

    workspace: Workspace
    writer: Lines | Bundles
    counts: dict[str, int] = field(factory=dict)
    _faulty: list[dict[str, Any]] = field(factory=list)

    def measure(self, name: str, going: pl.DataFrame, done: Any) -> None:
        """Write the assessments of a version of a measure."""
        instrument = self.workspace.instrument(name)
        ours = going.filter(
            (pl.col("instrument") == instrument.id) & (pl.col("version") == instrument.version)
        )
        made = _Maker(instrument, self.workspace.config.timezone, self.workspace.config.name)
        for part in ours.iter_slices(_AT_ONCE):
            ids = part["assessment_id"]
            answers = _answers(self.workspace, name, instrument, ids)
            found = self.workspace.scores(name, among=ids)
            self._write(made, part, answers, found)
            done(part.height)

    def _write(
        self, made: _Maker, part: pl.DataFrame, answers: pl.DataFrame, found: pl.DataFrame
    ) -> None:
        answered = {row["assessment_id"]: row for row in answers.iter_rows(named=True)}
        grouped: dict[int, list[dict[str, Any]]] = {}
        for score in found.iter_rows(named=True):
            grouped.setdefault(score["assessment_id"], []).append(score)
        for row in part.iter_rows(named=True):
            key = row["assessment_id"]
            resources = list(
                made.resources(row, answered.get(key), grouped.get(key, ()), self.writer)
            )
            told = next(filter(None, map(fault, resources)), "")
            if told:
                self._faulty.append({**row, "reason": "invalid", "detail": told})
                continue
            for each in resources:
                kind = each["resourceType"]
                self.counts[kind] = self.counts.get(kind, 0) + 1
            self.writer.write(resources)

    def left(self) -> pl.DataFrame:
        """Give the assessments of which no sound resource could be made."""
        rows = [{name: row[name] for name in EXCLUSIONS} for row in self._faulty]
        return pl.DataFrame(rows, schema=EXCLUSIONS)


def _answers(
    workspace: Workspace, name: str, instrument: Instrument, ids: pl.Series
) -> pl.DataFrame:
    """Give the answers of first and second ratings; what else is known of them is known better."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    wanted = ["assessment_id", *identity, *(item.id for item in instrument.items), "states"]
    first = workspace.responses(name, among=ids).select(wanted)
    second = workspace.store.second_ratings(instrument).select(wanted)
    return pl.concat(
        [first, second.join(ids.to_frame().lazy(), on="assessment_id", how="semi")]
    ).collect()


class _Maker:
    """Makes the resources of one version of a measure."""

    def __init__(self, instrument: Instrument, zone: str, service: str) -> None:
        self.instrument, self.zone, self.service = instrument, zone, service
        self.identity = (instrument.repeats.by,) if instrument.repeats else ()
        self.write = writers(instrument)
        self.scores = {score.id: score for score in instrument.scores}

    def resources(
        self,
        row: Mapping[str, Any],
        answers: Mapping[str, Any] | None,
        found: Any,
        writer: Lines | Bundles,
    ) -> Iterator[dict[str, Any]]:
        """Give the response, and an observation for each score.

        A score that came without answers stands alone, with all that is known of its assessment.
        """
        key = resource_id(self.service, row["row_key"])
        at = about.moment(row["completed_at"], self.zone)
        bare = answers is None and row["outcome"] == "completed"
        if not bare:
            yield self._response(row, answers or {}, key, at)
        link = [] if bare else [{"reference": writer.link("QuestionnaireResponse", key)}]
        for score in found:
            yield self._observation(row, score, at, link)

    def _response(
        self, row: Mapping[str, Any], answers: Mapping[str, Any], key: str, at: str
    ) -> dict[str, Any]:
        more = {name: answers.get(name) for name in self.identity}
        done = "amended" if row["supersedes"] is not None else "completed"
        response: dict[str, Any] = {
            "resourceType": "QuestionnaireResponse",
            "id": key,
            "extension": [about.extension({**row, **more}, *self.identity)],
            **about.identifier(row),
            **about.shared(row),
            "questionnaire": canonical(self.instrument.id, self.instrument.version),
            "status": done if row["outcome"] == "completed" else "stopped",
            "authored": at,
            "source": about.source(row),
        }
        author = about.author(row)
        if author is not None:
            response["author"] = author
        if answers:
            states = json.loads(answers["states"] or "{}")
            elements = (
                element(name, answers[name], states.get(name), write)
                for name, write in self.write.items()
            )
            response["item"] = list(in_sections(self.instrument, elements))
        return response

    def _observation(
        self, row: Mapping[str, Any], score: Mapping[str, Any], at: str, link: list[Any]
    ) -> dict[str, Any]:
        spec = self.scores[score["score"]]
        observation: dict[str, Any] = {
            "resourceType": "Observation",
            "id": resource_id(self.service, row["row_key"], spec.id),
            "status": "final",
            "code": {"coding": scores.codings(self.instrument, spec, row["completed_at"][:10])},
            **about.shared(row),
            "effectiveDateTime": at,
            "performer": [about.author(row) or about.source(row)],
            **scores.value(score),
        }
        if link:
            observation["derivedFrom"] = link
        else:
            observation["extension"].append(about.extension(row, "source_id"))
        return observation
