"""A small workspace in memory, with what an exporter may ask of one."""

import functools
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from attrs import define, evolve, field
from romframe_mhsds import export

import romframe
from romframe import ExportRequest
from romframe.api import catalogue
from romframe.importing.kinds import RECORD_KINDS
from romframe.yaml_source import Document


ASSESSMENT = {
    "assessment_id": pl.Int64,
    "instrument": pl.String,
    "version": pl.String,
    "referral_id": pl.String,
    "completed_at": pl.String,
    "timepoint": pl.String,
    "rater": pl.String,
    "care_professional_id": pl.String,
    "outcome": pl.String,
    "outcome_reason": pl.String,
    "superseded_by": pl.Int64,
    "care_activity_id": pl.String,
    "consent": pl.Int64,
    "recorded_at": pl.String,
}
GOAL = dict.fromkeys(("goal_id", "referral_id", "instrument", "slot"), pl.String)
REFERRAL = dict.fromkeys(RECORD_KINDS["referral"].names, pl.String)


@functools.cache
def shipped(name):
    """Load a spec of this repository once."""
    return catalogue().instrument(name)


@define
class FakeWorkspace:
    """What a workspace offers to an exporter, held in memory."""

    instruments: dict = field(factory=dict)
    timezone: str = "Europe/London"
    rows: list = field(factory=list)
    answers: dict = field(factory=dict)
    referrals: dict = field(factory=dict)
    asked: list = field(factory=list)
    computed: dict = field(factory=dict)
    goals: list = field(factory=list)
    records: dict = field(factory=dict)
    path: Path = Path()

    @property
    def config(self):
        document = Document("romframe.yaml")
        return SimpleNamespace(timezone=self.timezone, document=document, organisation="")

    @property
    def instrument_ids(self):
        return tuple(self.instruments)

    def instrument(self, name):
        return self.instruments[name]

    def load(self, *names):
        for name in names:
            self.instruments[name] = shipped(name)
        return self

    def spec(self, path, text):
        path.write_text(text, encoding="utf-8")
        instrument = catalogue().read(path)
        self.instruments[instrument.id] = instrument
        return self

    def goal(self, goal_id, slot=None, referral_id="SR0001", instrument=None):
        self.goals.append((goal_id, referral_id, instrument, slot))
        return self

    def referral(self, referral_id, received_on="2026-01-05", closed_on=None):
        self.referrals[referral_id] = {
            "referral_id": referral_id,
            "received_on": received_on,
            "closed_on": closed_on,
        }
        return self

    def add(self, instrument, answers=(), *, states=None, **facts):
        """Add an assessment; its answers by item, the others blank."""
        known = self.instruments.get(instrument)
        row = {
            "assessment_id": len(self.rows) + 1,
            "instrument": instrument,
            "version": known.version if known else "1",
            "referral_id": "SR0001",
            "completed_at": "2026-11-03T10:15:00",
            "timepoint": "assessment",
            "rater": "clinician",
            "care_professional_id": "CP07",
            "outcome": "completed",
            "outcome_reason": None,
            "superseded_by": None,
            "care_activity_id": None,
            "consent": None,
            "recorded_at": "2026-11-30T09:00:00+00:00",
        } | facts
        self.rows.append(row)
        self.referrals.setdefault(row["referral_id"], {}) or self.referral(row["referral_id"])
        if known is not None and row["outcome"] == "completed":
            given = dict(answers)
            names = [*_identity(known), *(item.id for item in known.items)]
            held = {name: given.get(name) for name in names}
            self.answers.setdefault(instrument, []).append(
                {"assessment_id": row["assessment_id"], **held, "states": states}
            )
        return row["assessment_id"]

    def table(self, name, among=None):
        whole = self.whole(name)
        return whole if among is None else whole.filter(pl.col(among.name).is_in(among.to_list()))

    def whole(self, name):
        self.asked.append(name)
        if name == "assessment":
            return pl.DataFrame(self.rows, schema=ASSESSMENT, orient="row")
        if name == "goal":
            return pl.DataFrame(self.goals, schema=GOAL, orient="row")
        if name == "referral" and name not in self.records:
            return pl.DataFrame(list(self.referrals.values()), schema=REFERRAL, orient="row")
        schema = dict.fromkeys(RECORD_KINDS[name].names, pl.String)
        return pl.DataFrame(
            [
                dict.fromkeys(schema) | {k: v for k, v in each.items() if k in schema}
                for each in self.records.get(name, [])
            ],
            schema=schema,
            orient="row",
        )

    def assessments(self, completed=None, recorded_since=None):
        current = self.table("assessment").filter(pl.col("superseded_by").is_null())
        if recorded_since is not None:
            current = current.filter(pl.col("recorded_at") >= recorded_since.isoformat())
        return current

    def responses(self, name, among=None):
        known = self.instruments[name]
        items = {item.id: _dtype(item.scale) for item in known.items}
        identity = dict.fromkeys(_identity(known), pl.String)
        schema = {"assessment_id": pl.Int64, **identity, **items, "states": pl.String}
        answers = pl.DataFrame(self.answers.get(name, []), schema=schema, orient="row")
        current = self.table("assessment").filter(pl.col("superseded_by").is_null())
        if among is not None:
            current = current.filter(pl.col("assessment_id").is_in(among.to_list()))
        return current.lazy().join(answers.lazy(), on="assessment_id")

    def scores(self, name, only=None, among=None):
        if name in self.computed:
            return self.computed[name]
        answers = self.responses(name, among)
        return romframe.score(answers, self.instruments[name], coding="scored").collect()


def _identity(instrument):
    return [instrument.repeats.by] if instrument.repeats else []


def _dtype(scale):
    if not scale.scored:
        return pl.String if scale.lettered or scale.kind == "text" else pl.Int64
    return pl.Float64 if scale.units > 1 else pl.Int64


@define
class Run:
    """One export: its result and its files."""

    out: Path
    result: romframe.ExportResult

    def read(self, name):
        return pl.read_csv(self.out / name, infer_schema=False).fill_null("")

    @property
    def rows(self):
        return self.read("MHS606CodedScoreAssessmentRefer.csv")

    @property
    def sent(self):
        """Codes and scores, in the order of the file."""
        return list(self.rows.select("CodedAssToolType", "PersScore").iter_rows())

    @property
    def reasons(self):
        return dict(self.result.exclusions.select("assessment_id", "reason").iter_rows())

    @property
    def details(self):
        return dict(self.result.exclusions.select("assessment_id", "detail").iter_rows())

    def found(self, code):
        """The lines of the pre-flight on a code, whichever of its files they are in."""
        reports = ("validations", "data_quality", "diagnostics")
        lines = pl.concat(self.read(f"preflight/{name}.csv") for name in reports)
        return lines.filter(pl.col("CODE") == code)


@pytest.fixture
def workspace():
    return FakeWorkspace()


@pytest.fixture
def run(tmp_path):
    """Export one month of a workspace into a fresh folder."""
    made = []

    def export_month(workspace, period="2026-11", today=date(2026, 12, 5), **options):
        out = tmp_path / f"out{len(made)}"
        out.mkdir()
        made.append(out)
        asked = ExportRequest(out, {"period": period, **options}, today)
        return Run(out, export(workspace, asked))

    return export_month


@pytest.fixture
def copy_of():
    """Give a workspace with the same content, changed in some fields."""
    return evolve
