"""Seeded synthetic data, made once and kept."""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.harness import DATA


def core_om(rows: int) -> Path:
    """A Parquet file of CORE-OM forms: 34 items 0 to 4, 2 % missing."""
    path = DATA / f"core_om_{rows}.parquet"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        chunks = [
            _core_om(min(1_000_000, rows - start), start) for start in range(0, rows, 1_000_000)
        ]
        pl.concat(chunks).write_parquet(path)
    return path


def _core_om(rows: int, start: int) -> pl.DataFrame:
    random = np.random.default_rng(start + 1)
    columns: dict[str, pl.Series] = {"id": pl.Series(range(start, start + rows))}
    for number in range(1, 35):
        answers = pl.Series(random.integers(0, 5, rows), dtype=pl.Int8)
        missing = pl.Series(random.random(rows) < 0.02)
        columns[f"q{number}"] = answers.zip_with(~missing, pl.Series([None], dtype=pl.Int8))
    return pl.DataFrame(columns)


def honos_csv(rows: int) -> Path:
    """A CSV file of HoNOS ratings with the columns that an import needs."""
    path = DATA / f"honos_{rows}.csv"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(3)
        frame = pl.DataFrame(
            {
                "referral_id": [f"R{n // 4}" for n in range(rows)],
                "completed_at": pl.Series(random.integers(19_000, 20_000, rows))
                .cast(pl.Int32)
                .cast(pl.Date)
                .cast(pl.String),
                "timepoint": "review",
                "rater": "clinician",
                "source_id": [f"A{n}" for n in range(rows)],
                **{f"q{n}": random.choice([0, 1, 2, 3, 4, 9], rows) for n in range(1, 13)},
            }
        )
        frame.write_csv(path)
    return path


def scores(rows: int) -> pl.DataFrame:
    """Scores of a quarter as many referrals, in no order."""
    random = np.random.default_rng(2)
    return pl.DataFrame(
        {
            "assessment_id": np.arange(rows),
            "referral_id": random.integers(0, rows // 4, rows),
            "completed_at": pl.Series(random.integers(18_000, 19_500, rows))
            .cast(pl.Int32)
            .cast(pl.Date),
            "value": random.integers(0, 401, rows) / 10,
        }
    )
