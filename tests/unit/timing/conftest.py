"""A small service made of a few lines a referral, and the schedules of a made-up framework."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from romframe import create_workspace, import_file
from romframe.frameworks.loader import read_framework


FRAMEWORK = """\
romframe_framework: 1
id: made_up
version: "1"
name: Made-up timing
reporting: {every: month}
groups:
  - {id: treated, name: Treated, where: {pathway: {not: prevention}}}
outcomes:
  - id: better
    says: Better
    measures: [{id: core, instrument: core_10, score: total, group: treated}]
timing:
  - id: start
    name: At the start
    instruments: [core_10, honos]
    timepoint: assessment
    anchor: assessment
    window: {after: 14}
  - id: review
    instruments: [core_10]
    timepoint: review
    anchor: assessment
    after: {months: 3}
    window: {before: 14, after: 14}
    repeat: {every: {months: 3}}
    where: {setting: community, pathway: {not: prevention}}
  - id: ward
    instruments: [honos]
    timepoint: review
    anchor: admission
    after: {weeks: 4}
    window: {before: 3, after: 3}
    repeat: {every: {weeks: 4}, until: discharge}
    where: {setting: inpatient}
    defer: {at_most: 28}
  - id: birth
    instruments: [gad_7]
    anchor: birth
    after: {weeks: 2}
    window: {before: 3, after: 7}
    group: treated
  - id: before_review
    instruments: [phq_9]
    timepoint: review
    anchor: cpa_review
    before: {days: 7}
    window: {before: 7}
  - id: end
    instruments: [core_10, honos]
    timepoint: discharge
    anchor: discharge
    window: {before: 14, after: 7}
"""
NOW = datetime(2024, 11, 2, tzinfo=UTC)
TODAY = date(2025, 6, 1)


class Service:
    """A workspace into which records go as rows."""

    def __init__(self, folder, framework=FRAMEWORK):
        self.folder = folder
        self.workspace = create_workspace(folder / "w", "Made up", today=TODAY)
        self.path = self.workspace.path / "frameworks" / "made_up.yaml"
        self.path.write_text(framework)

    @property
    def framework(self):
        return read_framework(self.workspace, "made_up")

    def bring(self, target, rows, mapping=""):
        """Import rows (mappings) as a kind of record or a measure; every answer is the first."""
        if not rows:
            return
        file, rules = self.folder / "rows.csv", self.folder / "rows.yaml"
        names = list(dict.fromkeys(name for row in rows for name in row))
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)).write_csv(file)
        word = "instrument" if target in self.workspace.instrument_ids else "kind"
        rules.write_text(f"{word}: {target}\n{mapping}")
        done = import_file(self.workspace, file, mapping=rules, actor="test", now=NOW)
        assert done.result.rejected == 0, self.workspace.store.rejected(done.result.batch_id)

    def rate(self, instrument, rows):
        """Import ratings: referral, moment, timepoint, outcome, and who rated."""
        known = self.workspace.instrument(instrument)
        answers = {i.id: str(i.scale.options[0].code) for i in known.items if i.required}
        lines = [
            {
                "referral_id": referral,
                "completed_at": at,
                "timepoint": timepoint or None,
                "outcome": outcome,
                "rater": known.raters[0],
                "care_professional_id": by,
                **(answers if outcome == "completed" else dict.fromkeys(answers)),
            }
            for referral, at, timepoint, outcome, by in rows
        ]
        self.bring(instrument, lines, "coding: scored\n")


@pytest.fixture(scope="session")
def new_service(tmp_path_factory):
    """Make a service with no records."""
    made = []

    def new_service(framework=FRAMEWORK):
        made.append(Service(tmp_path_factory.mktemp("timing"), framework))
        return made[-1]

    yield new_service
    for each in made:
        each.workspace.store.close()
