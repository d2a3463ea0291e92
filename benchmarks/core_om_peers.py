"""CORE-OM scored by hand, twice: as analysts do in pandas, and as tight as Polars allows."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl


TURNED = {3, 4, 7, 12, 19, 21, 31, 32}
RISK = [6, 9, 16, 22, 24, 34]
DOMAINS = {
    "total": (list(range(1, 35)), 3),
    "non_risk": ([n for n in range(1, 35) if n not in RISK], 3),
    "well_being": ([4, 14, 17, 31], 0),
    "problems": ([2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30], 1),
    "functioning": ([1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33], 1),
    "risk": (RISK, 0),
}
BANDS = ["healthy", "low level", "mild", "moderate", "moderate to severe", "severe"]
EDGES = [0, 6, 10, 15, 20, 25]


def in_pandas(path: Path) -> pd.DataFrame:
    """Idiomatic pandas: turn, mean over the domain's columns, rules by boolean masks."""
    data = pd.read_parquet(path)
    for number in TURNED:
        data[f"q{number}"] = 4 - data[f"q{number}"]
    out = data[["id"]].copy()
    for name, (items, allowed) in DOMAINS.items():
        columns = data[[f"q{number}" for number in items]]
        answered = columns.notna().sum(axis=1)
        invalid = ((columns < 0) | (columns > 4)).any(axis=1)
        usable = (answered >= len(items) - allowed) & ~invalid
        out[name] = (columns.sum(axis=1) * 10 / answered).where(usable)
        complete = answered == len(items)
        out[f"{name}_status"] = np.select(
            [usable & complete, usable], ["scored", "prorated"], "refused"
        )
        out[f"{name}_reason"] = np.select(
            [usable & complete, usable, invalid, answered == 0],
            [None, "items_missing", "invalid_response", "nothing_answered"],
            "too_many_missing",
        )
        out[f"{name}_answered"] = answered.astype("int16")
        out[f"{name}_band"] = (
            pd.cut(out[name], [*EDGES, np.inf], right=False, labels=BANDS)
            if name == "total"
            else None
        )
    return out


def in_polars(path: Path) -> pl.DataFrame:
    """Hand-tuned for this one form: small integers, the domains' sums shared, enums for words."""
    items = {
        n: (4 - pl.col(f"q{n}") if n in TURNED else pl.col(f"q{n}")).cast(pl.Int16)
        for n in range(1, 35)
    }
    packed = {
        n: pl.when(pl.col(f"q{n}").is_between(0, 4))
        .then(items[n] + 256)
        .when(pl.col(f"q{n}").is_null())
        .then(0)
        .otherwise(16384)
        .cast(pl.Int32)
        for n in items
    }
    leaves = ("well_being", "problems", "functioning", "risk")
    frame = pl.scan_parquet(path).with_columns(
        pl.sum_horizontal(packed[n] for n in DOMAINS[leaf][0]).alias(f"_{leaf}") for leaf in leaves
    )
    non_risk = pl.col("_well_being") + pl.col("_problems") + pl.col("_functioning")
    frame = frame.with_columns(_non_risk=non_risk, _total=non_risk + pl.col("_risk"))
    status, reason = (
        pl.Enum(["scored", "prorated", "refused"]),
        pl.Enum(["items_missing", "invalid_response", "nothing_answered", "too_many_missing"]),
    )
    bands = pl.Enum(BANDS)
    out: list[pl.Expr] = [pl.col("id")]
    for name, (members, allowed) in DOMAINS.items():
        total, size = pl.col(f"_{name}"), len(members)
        answered = (total & 16383) // 256
        usable = (total < 16384) & (answered >= size - allowed)
        value = pl.when(usable).then(((total & 255) * 10).cast(pl.Float64) / answered)
        complete = answered == size
        out += [
            value.alias(name),
            pl.when(usable & complete)
            .then(pl.lit("scored", status))
            .when(usable)
            .then(pl.lit("prorated", status))
            .otherwise(pl.lit("refused", status))
            .alias(f"{name}_status"),
            pl.when(usable & complete)
            .then(pl.lit(None, reason))
            .when(usable)
            .then(pl.lit("items_missing", reason))
            .when(total >= 16384)
            .then(pl.lit("invalid_response", reason))
            .when(answered == 0)
            .then(pl.lit("nothing_answered", reason))
            .otherwise(pl.lit("too_many_missing", reason))
            .alias(f"{name}_reason"),
            answered.cast(pl.Int16).alias(f"{name}_answered"),
        ]
        band = pl.lit(None, bands)
        if name == "total":
            for edge, label in zip(EDGES, BANDS, strict=True):
                band = pl.when(value >= edge).then(pl.lit(label, bands)).otherwise(band)
        out.append(band.alias(f"{name}_band"))
    return frame.select(out).collect(engine="streaming")
