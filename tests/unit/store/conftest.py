"""A small instrument, hand-made prepared rows and an empty store for each test."""

from datetime import UTC, datetime

import polars as pl
import pytest

from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.prepared import REJECTED, WARNINGS, Prepared
from romframe.instruments.model import (
    AnswerState,
    Instrument,
    Item,
    Licence,
    Option,
    Repeats,
    ResponseScale,
)
from romframe.store import Batch, Store


NOW = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)

SEVERITY = ResponseScale(
    "severity",
    "coded",
    tuple(Option(code, str(code), code) for code in range(4)),
    0,
    3,
    missing=((9, AnswerState.NOT_KNOWN),),
)
LETTER = ResponseScale("letter", "coded", tuple(Option(code, code, None) for code in "AB"))
RANK = ResponseScale("rank", "coded", tuple(Option(code, str(code), None) for code in (1, 2)))
TENTHS = ResponseScale("tenths", "number", low=0, high=10, step=0.1)
MINUTES = ResponseScale("minutes", "number", low=0, high=100_000)
WORDS = ResponseScale("words", "text")

ITEMS = (
    Item("q1", "first", SEVERITY),
    Item("q2", "second", SEVERITY, reversed=True),
    Item("kind", "kind", LETTER),
    Item("rank", "rank", RANK),
    Item("weight", "weight", TENTHS),
    Item("minutes", "minutes", MINUTES),
    Item("note", "note", WORDS),
)
ANSWERS = {
    "q1": pl.Int16,
    "q2": pl.Int16,
    "kind": pl.String,
    "rank": pl.Int64,
    "weight": pl.Float64,
    "minutes": pl.Int64,
    "note": pl.String,
    "states": pl.String,
}
FIELDS = {
    "referral_id": pl.String,
    "completed_at": pl.String,
    "timepoint": pl.String,
    "rater": pl.String,
    "rater_kind": pl.String,
    "setting": pl.String,
    "team": pl.String,
    "care_professional_id": pl.String,
    "source_id": pl.String,
    "outcome": pl.String,
    "outcome_reason": pl.String,
}
DEFAULTS = {
    "referral_id": "R1",
    "completed_at": "2025-02-01",
    "timepoint": "assessment",
    "rater": "clinician",
    "outcome": "completed",
}


def make_instrument(version="1", items=ITEMS, **given):
    return Instrument(
        id=given.pop("id", "mood"),
        version=version,
        name="Mood",
        type="crom",
        raters=("clinician",),
        licence=Licence("nobody", "free", "ships"),
        items=items,
        scores=(),
        change_rules=(),
        sources={},
        digest=given.pop("digest", "spec-digest"),
        document={},
        **given,
    )


def frame_of(rows, schema):
    columns = {name: [row.get(name) for row in rows] for name in schema}
    return pl.DataFrame(columns, schema=schema)


def make_prepared(rows, schema, rejected=(), unchanged=0, warnings=()):
    """Number the rows of a file, accepted ones first."""
    numbered = [{"row": number} | row for number, row in enumerate(rows, 1)]
    accepted = frame_of(numbered, {"row": pl.Int64, **schema})
    return Prepared(
        accepted,
        frame_of(rejected, dict(REJECTED)),
        frame_of(warnings, dict(WARNINGS)),
        unchanged,
    )


def prepared_assessments(rows, **other):
    full = [DEFAULTS | row for row in rows]
    for row in full:
        own = f"mood|{row['referral_id']}|{row['completed_at']}|{row['rater']}"
        row.setdefault("row_key", own)
    keys = {"row_key": pl.String, "content_digest": pl.String}
    goal = {"goal_id": pl.String} if any("goal_id" in row for row in rows) else {}
    return make_prepared(full, keys | FIELDS | goal | ANSWERS, **other)


def prepared_records(kind, rows, **other):
    types = {"flag": pl.Int8}
    schema = {c.target: types.get(c.type, pl.String) for c in kind.columns}
    full = [{"row_key": "|".join(str(row[name]) for name in kind.key)} | row for row in rows]
    return make_prepared(
        full, {"row_key": pl.String, "content_digest": pl.String} | schema, **other
    )


def prepared_returns(rows, **other):
    return make_prepared(rows, {"month": pl.String, "team": pl.String} | ANSWERS, **other)


def rejection(row, code="answer-invalid", raw=None):
    return {
        "row": row,
        "code": code,
        "column": "q1",
        "what": f"This is wrong ({code}).",
        "mend": "Correct it.",
        "raw": raw or f'{{"q1":"{row}?"}}',
    }


def table_of(prepared):
    """Give a table that a file could have had: its row numbers as text."""
    return pl.DataFrame({"line": [str(number) for number in range(1, prepared.read + 1)]})


def make_batch(**given):
    return Batch(
        **{
            "file_name": "answers.csv",
            "file_digest": "digest-1",
            "mapping_digest": "mapping-1",
            "actor": "tester",
            "now": NOW,
            **given,
        }
    )


@pytest.fixture(scope="session")
def kit():
    """The builders above, for test modules that cannot import a conftest."""
    return Kit


class Kit:
    now = NOW
    items = ITEMS
    severity = SEVERITY
    fields = FIELDS
    answers = ANSWERS
    instrument = staticmethod(make_instrument)
    assessments = staticmethod(prepared_assessments)
    records = staticmethod(prepared_records)
    returns = staticmethod(prepared_returns)
    rejection = staticmethod(rejection)
    table_of = staticmethod(table_of)
    batch = staticmethod(make_batch)
    goals = staticmethod(lambda: make_instrument(id="goals", repeats=Repeats("goal_id")))

    @staticmethod
    def put(store, prepared, target, **given):
        return store.import_rows(
            prepared, table_of(prepared), target=target, batch=make_batch(**given)
        )

    @staticmethod
    def rows(store, query, *parameters):
        return store.connection.execute(query, parameters).fetchall()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rom.sqlite"


@pytest.fixture
def store(path):
    with Store.create(path) as made:
        yield made


@pytest.fixture
def mood():
    return make_instrument()


@pytest.fixture
def with_referrals(store):
    """A store that knows two people and their referrals."""
    for kind, rows in (
        ("service_user", [{"service_user_id": "P1"}, {"service_user_id": "P2"}]),
        (
            "referral",
            [
                {
                    "referral_id": f"R{number}",
                    "service_user_id": f"P{number}",
                    "team": "north",
                    "setting": "community",
                    "pathway": "treatment",
                    "received_on": "2025-01-10",
                }
                for number in (1, 2)
            ],
        ),
    ):
        Kit.put(store, prepared_records(RECORD_KINDS[kind], rows), RECORD_KINDS[kind])
    return store
