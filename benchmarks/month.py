"""A store with a month of assessments in it, brought by the importer, made once and kept.

Whoever is in it is made up. Every record has what MHSDS asks for, so that a full submission of the
month is taken.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
from attrs import frozen

from benchmarks.harness import DATA
from romframe import create_workspace, import_file


PERIOD, TODAY = "2026-11", date(2026, 12, 5)
_MONTH, _LENGTH = datetime(2026, 11, 1), 30  # noqa: DTZ001  (wall time)
_ERA, _YEARS = datetime(2023, 1, 1), 3 * 365  # noqa: DTZ001
_BEFORE, _AFTER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC)
_SHARES = {"honos": 72, "dialog": 6, "core_om": 5, "core_10": 7, "phq_9": 5, "gbo": 5}
_ANSWERS = {  # how many items, from which answer to which
    "dialog": (11, 1, 7),
    "core_om": (34, 0, 4),
    "core_10": (10, 0, 4),
    "phq_9": (9, 0, 3),
}
_RATERS = {"honos": "clinician"}
_DETAILS = {
    "service_user": (
        *("NHSNumber", "NHSNumberStatus", "Postcode", "GenderIDCode", "GMPReg"),
        "StartDateGMPRegistration",
    ),
    "referral": ("SourceOfReferralMH", "PrimReasonReferralMH"),
    "care_contact": ("AttendStatus",),
    "care_professional": ("CareProfStaffGpMH",),
    "team": ("ServTeamIntAgeGroup",),
}
_TEAMS, _STAFF = 50, 2_000


@frozen
class Part:
    """So many assessments, on referrals and with records of their own, from a number on."""

    start: int
    assessments: int
    history: bool

    @property
    def referrals(self) -> pl.Series:
        """The numbers of the referrals: four for ten assessments."""
        return pl.int_range(self.start, self.start + self.assessments * 2 // 5, eager=True)

    def moments(self, rows: int, random: np.random.Generator) -> pl.Series:
        """Give random moments of the month, or of the years before it."""
        first, days = (_ERA, _YEARS) if self.history else (_MONTH, _LENGTH)
        seconds = pl.Series(random.integers(0, days * 86_400, rows))
        return first + pl.select(pl.duration(seconds=seconds)).to_series()


def store(assessments: int, history: int = 0) -> Path:
    """A workspace with so many assessments in the month, and so many of earlier years."""
    path = DATA / f"month_{assessments}_{history}"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=DATA) as folder:
            scratch = Path(folder)
            _fill(scratch / "store", scratch, assessments, history)
            shutil.move(scratch / "store", path)
    return path


def _fill(path: Path, scratch: Path, assessments: int, history: int) -> None:
    workspace = create_workspace(path, "benchmark", today=TODAY)
    parts = [Part(0, assessments, history=False)]
    if history:
        parts.insert(0, Part(500_000, history, history=True))
    for part in parts:
        now = _BEFORE if part.history else _AFTER
        for target, frame in (*_shared(), *_records(part), *_assessments(part)):
            file, mapping = scratch / "rows.parquet", scratch / "rows.yaml"
            frame.write_parquet(file)
            mapping.write_text(_mapping(target, frame))
            done = import_file(workspace, file, mapping=mapping, actor="benchmark", now=now)
            if done.result.rejected:
                raise AssertionError(f"{target}: {done.result.rejected} rows rejected")
    workspace.store.close()


def _mapping(target: str, frame: pl.DataFrame) -> str:
    if "completed_at" in frame.columns:
        rater = _RATERS.get(target, "service_user")
        coding = "coding: scored\n" if target.startswith("core") else ""
        constants = f"constants: {{timepoint: review, rater: {rater}}}\n"
        return f"instrument: {target}\n{coding}{constants}"
    details = "".join(f"  {name}: text\n" for name in _DETAILS.get(target, ()))
    return f"kind: {target}\n" + (f"details:\n{details}" if details else "")


def _shared() -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the teams and the staff, which are the same for all."""
    yield (
        "team",
        pl.select(
            team_id=_named("T", pl.int_range(_TEAMS)),
            name=_named("Team ", pl.int_range(_TEAMS)),
            team_type=pl.lit("C02"),
            ServTeamIntAgeGroup=pl.lit("03"),
        ),
    )
    yield (
        "care_professional",
        pl.select(
            care_professional_id=_named("CP", pl.int_range(_STAFF)),
            CareProfStaffGpMH=pl.lit("02"),
        ),
    )


def _records(part: Part) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give people with a referral each, and for each two contacts, their activities and staff."""
    random = np.random.default_rng(part.start + 1)
    referrals = part.referrals.alias("n").to_frame()
    yield (
        "service_user",
        referrals.select(
            service_user_id=_named("P", pl.col("n")),
            birth_date=date(1960, 1, 1) + pl.duration(days=pl.col("n") % 14_000),
            ethnic_category=pl.lit("A"),
            NHSNumber=_nhs_numbers(part),
            NHSNumberStatus=pl.lit("01"),
            Postcode=pl.lit("CB1 2AB"),
            GenderIDCode=pl.lit("2"),
            GMPReg=pl.lit("A12345"),
            StartDateGMPRegistration=pl.lit("2020-01-01"),
        ),
    )
    received = pl.lit(_ERA.date() if part.history else date(2026, 6, 1))
    yield (
        "referral",
        referrals.select(
            referral_id=_named("R", pl.col("n")),
            service_user_id=_named("P", pl.col("n")),
            team=_named("T", pl.col("n") % _TEAMS),
            received_on=received,
            closed_on=pl.lit(date(2026, 9, 1) if part.history else None),
            SourceOfReferralMH=pl.lit("A1"),
            PrimReasonReferralMH=pl.lit("13"),
        ),
    )
    contacts = pl.concat([referrals, referrals])
    contacts = contacts.with_columns(
        contact=_named("C", pl.col("n") * 2 + pl.int_range(pl.len()) // referrals.height),
        on=part.moments(contacts.height, random).dt.date(),
    )
    yield (
        "care_contact",
        contacts.select(
            care_contact_id="contact",
            referral_id=_named("R", pl.col("n")),
            contact_on="on",
            mechanism=pl.lit("11"),
            attended=pl.lit("1"),
            AttendStatus=pl.lit("5"),
        ),
    )
    activities = contacts.select(
        care_activity_id="A" + pl.col("contact"), care_contact_id="contact"
    )
    yield "care_activity", activities
    staff = pl.Series(random.integers(0, _STAFF, activities.height))
    yield (
        "care_activity_staff",
        activities.select("care_activity_id", care_professional_id=_named("CP", pl.lit(staff))),
    )
    goals = pl.concat(referrals.with_columns(slot=pl.lit(slot)) for slot in range(1, 4))
    yield (
        "goal",
        goals.select(
            goal_id=pl.format("G{}-{}", "n", "slot"),
            referral_id=_named("R", pl.col("n")),
            instrument=pl.lit("gbo"),
            set_on=received,
            slot=pl.col("slot").cast(pl.String),
        ),
    )


def _assessments(part: Part) -> Iterator[tuple[str, pl.DataFrame]]:
    random = np.random.default_rng(part.start + 2)
    for instrument, share in _SHARES.items():
        rows = part.assessments * share // 100
        of = pl.Series(random.choice(part.referrals.to_numpy(), rows))
        when = part.moments(rows, random).dt.strftime("%Y-%m-%dT%H:%M:%S")
        about = pl.select(
            referral_id=_named("R", pl.lit(of)),
            completed_at=when,
            source_id=_named(f"{instrument}{part.start}-", pl.int_range(rows)),
            care_professional_id=_named("CP", pl.lit(of) % _STAFF),
        )
        if instrument == "gbo":
            about = about.with_columns(goal_id=pl.format("G{}-{}", of, pl.lit(of) % 3 + 1))
        yield instrument, about.with_columns(**_answers(instrument, rows, random))


def _answers(
    instrument: str, rows: int, random: np.random.Generator
) -> dict[str, pl.Series | pl.Expr]:
    if instrument == "gbo":
        return {"progress": pl.Series(random.integers(0, 11, rows))}
    if instrument == "honos":
        rated = {f"q{n}": pl.Series(random.choice([0, 1, 2, 3, 4, 9], rows)) for n in range(1, 13)}
        rated["q8"] = pl.Series(random.integers(0, 5, rows))
        letter = pl.Series(random.choice(list("ABCDEFGHIJ"), rows))
        return rated | {"q8_type": pl.when(rated["q8"] > 0).then(letter)}
    items, low, high = _ANSWERS[instrument]
    return {f"q{n}": pl.Series(random.integers(low, high + 1, rows)) for n in range(1, items + 1)}


def _named(prefix: str, number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(prefix), number.cast(pl.String))


def _nhs_numbers(part: Part) -> pl.Series:
    """Give numbers that are kept for tests (999), with their check digit; none needs a 10."""
    wanted = len(part.referrals)
    numbers = np.arange(999_000_000 + part.start, 999_000_000 + part.start + wanted * 2)
    digits = numbers[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - digits @ np.arange(10, 1, -1) % 11) % 11
    return pl.Series(numbers[check < 10][:wanted] * 10 + check[check < 10][:wanted]).cast(pl.String)
