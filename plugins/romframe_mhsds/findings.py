"""What is worth knowing about a submission, in the shape of the submission portal's result files.

The portal (SDCS Cloud) answers with four CSV files of one shape: a line names a code, and up to ten
data items with their values. Here a line is one finding on one row or assessment, with NUMERATOR 1
out of DENOMINATOR rows or assessments, so that one dashboard can read both. REPORT_TYPE says in
which of the portal's files such a line would stand; what the portal itself writes there is not
public.
"""

from collections.abc import Mapping

import polars as pl

from romframe_mhsds.reference import TABLE, columns, notices, sentence
from romframe_mhsds.rules import rules


_PLACES = 10
HEADER = (
    "REPORT_TYPE",
    "DESCRIPTION",
    "CODE",
    "NUMERATOR",
    "DENOMINATOR",
    *(f"DATA_{part}{n}" for n in range(1, _PLACES + 1) for part in ("ITEM", "VALUE")),
)
_NOTE_CODES = {"date_only": "ROM60620", "clock_back": "ROM60621", "clock_forward": "ROM60622"}
_PART_SENT = "ROM60623"
_PERIOD_OPEN = "ROM60624"
_OWN = ("assessment_id", "instrument")


def findings(
    rows: pl.DataFrame, faults: pl.DataFrame, sent: pl.DataFrame, parts: pl.DataFrame, *, over: bool
) -> pl.DataFrame:
    """Give every finding: faults of rows, notes on what was sent, row counts; a line each.

    `rows` are all rows made, `faults` what the checks found on them, `sent` the assessments that
    flowed with their coded `parts`; `over` says whether the period is over.
    """
    return pl.concat(
        [
            _faults(rows, faults),
            _time_notes(sent),
            _part_sent(rows, sent, parts),
            _counts(rows, over=over),
        ]
    )


def _lines(
    frame: pl.DataFrame,
    report: str,
    description: pl.Expr,
    denominator: int,
    items: Mapping[str, str],
) -> pl.DataFrame:
    """Give a line a row of `frame`, which has a column `code`; `items` maps labels to columns."""
    values: dict[str, pl.Expr] = {name: pl.lit(None, pl.String) for name in HEADER}
    values |= {
        "REPORT_TYPE": pl.lit(report),
        "DESCRIPTION": description,
        "CODE": pl.col("code"),
        "NUMERATOR": pl.lit(1),
        "DENOMINATOR": pl.lit(denominator),
    }
    for n, (label, column) in enumerate(items.items(), start=1):
        values |= {f"DATA_ITEM{n}": pl.lit(label), f"DATA_VALUE{n}": pl.col(column)}
    return frame.select(value.cast(pl.String).alias(name) for name, value in values.items())


def _faults(rows: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    texts = {rule.code: f"{rule.effect}: {sentence(rule.what, rule.mend)}" for rule in rules(TABLE)}
    items = {f"[{column.uid}]{column.name}": column.name for column in columns()}
    items |= {f"[romframe]{name}": name for name in (*_OWN, "part")}
    struck = faults.select("row", "code").join(rows, on="row", how="left", maintain_order="left")
    description = pl.col("code").replace_strict(texts)
    return _lines(struck, "validations", description, rows.height, items)


def _notices(frame: pl.DataFrame, denominator: int, *extra: str) -> pl.DataFrame:
    uids = {column.name: column.uid for column in columns()}
    items = {
        f"[{uids['ServiceRequestID']}]ServiceRequestID": "referral_id",
        f"[{uids['AssToolCompTimestamp']}]AssToolCompTimestamp": "timestamp",
        **{f"[romframe]{name}": name for name in (*_OWN, *extra)},
    }
    description = pl.col("code").replace_strict(notices())
    return _lines(frame, "data_quality", description, denominator, items)


def _time_notes(sent: pl.DataFrame) -> pl.DataFrame:
    noted = sent.drop_nulls("time_note").with_columns(
        pl.col("time_note").replace_strict(_NOTE_CODES).alias("code")
    )
    return _notices(noted, sent.height)


def _part_sent(rows: pl.DataFrame, sent: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    unsent = parts.filter(pl.col("why").is_not_null() & pl.col("expected"))
    rejected = rows.drop_nulls("fault").rename({"fault": "why"})
    names = ["assessment_id", "order", "part", "why"]
    told = (
        pl.concat([unsent.select(names), rejected.select(names)])
        .sort("assessment_id", "order")
        .group_by("assessment_id", maintain_order=True)
        .agg(pl.concat_str("part", pl.lit(": "), "why").str.join("; ").alias("not_sent"))
    )
    partly = sent.join(told, on="assessment_id", maintain_order="left")
    return _notices(partly.with_columns(code=pl.lit(_PART_SENT)), sent.height, "not_sent")


def _counts(rows: pl.DataFrame, *, over: bool) -> pl.DataFrame:
    kept = rows.get_column("fault").null_count()
    lines = [
        ("aggregation", f"Rows of {TABLE}", f"MHSARV{TABLE[3:6]}", str(kept), str(rows.height))
    ]
    if not over:
        lines.append(("data_quality", notices()[_PERIOD_OPEN], _PERIOD_OPEN, "1", "1"))
    frame = pl.DataFrame(lines, schema=HEADER[:5], orient="row")
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in HEADER[5:])
