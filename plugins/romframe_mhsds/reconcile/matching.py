"""Which assessments a line of the portal is about: those whose rows hold all that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from romframe_mhsds.preflight.rules import every_rule
from romframe_mhsds.reconcile.resultfiles import PortalResults
from romframe_mhsds.reference import notices


KEYS = (
    *("ServiceRequestID", "CareActID", "CodedAssToolType"),
    *("PersScore", "AssToolCompTimestamp", "CareProfLocalID"),
)
UNKNOWN, NOT_OURS = "not in our rules", "no assessment of ours"
SCHEMA = {
    "finding": pl.Int64,
    "report": pl.String,
    "assessment_id": pl.Int64,
    "instrument": pl.String,
    "part": pl.String,
    "referral_id": pl.String,
    "completed_at": pl.String,
    "code": pl.String,
    "effect": pl.String,
    "what": pl.String,
    "mend": pl.String,
    "match": pl.String,  # how sure it is: empty, `one of N`, or `no assessment of ours`
}
_NAMED = {name.casefold(): name for name in KEYS}
_LABEL = r"^(?:\[(.*?)\])?\s*(.+)$"
_OF_ROW = r"^(?:MHS|ROM)(606|607)\d\d$"
_ON_ROWS = ("validations", "data_quality")
_FOUND = {
    "finding": pl.Int64,
    "assessment_id": pl.Int64,
    "instrument": pl.String,
    "part": pl.String,
}


def match(
    results: PortalResults, frames: Iterable[pl.DataFrame], assessments: pl.DataFrame
) -> pl.DataFrame:
    """Give a row a line on rows and assessment; a line that fits none of ours has one row too.

    `frames` are the rows of the month, some at a time; `assessments` says when each was made.
    """
    about = results.lines.filter(pl.col("report").is_in(_ON_ROWS)).with_columns(
        pl.col("CODE").str.extract(_OF_ROW, 1).alias("table")
    )
    keys = _keys(results, about)
    found = [pl.DataFrame(schema=_FOUND)]
    for rows in frames:
        found += _in(rows, keys)
    hits = (
        pl.concat(found)
        .group_by("finding", "assessment_id")
        .agg(pl.col("instrument").first(), pl.col("part").unique().sort().str.join(", "))
    )
    dated = hits.join(
        assessments.select("assessment_id", "referral_id", "completed_at"), on="assessment_id"
    )
    told = _explained(about).join(dated, on="finding", how="left")
    several = pl.len().over("finding")
    ours = pl.col("assessment_id").is_not_null()
    sure = (
        pl.when(~ours)
        .then(pl.lit(NOT_OURS))
        .when(several > 1)
        .then(pl.concat_str(pl.lit("one of "), several.cast(pl.String)))
        .otherwise(pl.lit(""))
    )
    return (
        told.with_columns(sure.alias("match"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .sort("finding", "assessment_id")
    )


def _keys(results: PortalResults, about: pl.DataFrame) -> pl.DataFrame:
    """Give what each line on a row of MHS606 or MHS607 names, a column a key, null where nothing.

    A line that names an id of an assessment of romframe, as its own pre-flight does, names that.
    """
    named = (
        results.items.with_columns(
            pl.col("label").str.extract(_LABEL, 2).str.to_lowercase().alias("name")
        )
        .filter(pl.col("name").is_in([*_NAMED, "assessment_id"]))
        .unique(["finding", "name"], keep="first", maintain_order=True)
    )
    columns = _NAMED | {"assessment_id": "__own"}
    picked = named.group_by("finding").agg(
        pl.col("value").filter(pl.col("name") == name).first().alias(column)
        for name, column in columns.items()
    )
    wanted = about.drop_nulls("table").select("finding", "table")
    own = pl.col("__own").cast(pl.Int64, strict=False)
    return wanted.join(picked, on="finding").with_columns(own.alias("assessment_id")).drop("__own")


def _in(rows: pl.DataFrame, keys: pl.DataFrame) -> list[pl.DataFrame]:
    """Join lines and rows on whatever each line names, lines that name the same things at once."""
    numbered = rows.with_columns(pl.col("table").str.slice(3, 3))
    names = [*KEYS, "assessment_id"]
    marked = keys.with_columns(
        pl.concat_list(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in names)
        .list.drop_nulls()
        .list.join(" ")
        .alias("__given")
    )
    found = []
    for (pattern,), lines in sorted(marked.partition_by("__given", as_dict=True).items()):
        on = str(pattern).split()
        if on:
            joined = lines.select("finding", "table", *on).join(numbered, on=["table", *on])
            found.append(joined.select(list(_FOUND)))
    return found


def _explained(about: pl.DataFrame) -> pl.DataFrame:
    """Add what each code does, what it says and how to mend it, as far as our rules know it."""
    known = {rule.code: (rule.effect, _sentence(rule.what), rule.mend) for rule in every_rule()}
    known |= {code: ("Note", text, "") for code, text in notices().items() if code not in known}
    code = pl.col("CODE")
    effect, what, mend = (
        code.replace_strict(
            {key: told[place] for key, told in known.items()}, default=None, return_dtype=pl.String
        )
        for place in range(3)
    )
    return about.select(
        "finding",
        "report",
        code.alias("code"),
        effect.fill_null(UNKNOWN).alias("effect"),
        pl.coalesce(what, "DESCRIPTION").alias("what"),
        mend.fill_null("").alias("mend"),
    )


def tally(results: PortalResults) -> Mapping[str, int]:
    """Count the lines of each code; of one that has none, give the count that is told of it."""
    lines = results.lines.filter(pl.col("report").is_in(_ON_ROWS)).drop_nulls("CODE")
    counted = dict(lines.group_by("CODE").len().iter_rows())
    others = results.lines.filter(~pl.col("report").is_in(_ON_ROWS)).drop_nulls("CODE")
    told = others.group_by("CODE").agg(
        pl.col("NUMERATOR").cast(pl.Int64, strict=False).max().fill_null(1)
    )
    return dict(told.iter_rows()) | counted


def side_by_side(portal: Mapping[str, int], ours: Mapping[str, int]) -> pl.DataFrame:
    """Give a row a code: how often the portal found it, how often the pre-flight, and a verdict."""
    known = {rule.code for rule in every_rule()} | set(notices())
    rows = [
        (code, portal.get(code, 0), ours.get(code, 0), _verdict(code, portal, ours, known))
        for code in sorted({*portal, *ours})
    ]
    schema = {"code": pl.String, "portal": pl.Int64, "preflight": pl.Int64, "verdict": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _verdict(
    code: str, portal: Mapping[str, int], ours: Mapping[str, int], known: Iterable[str]
) -> str:
    theirs, here = portal.get(code, 0), ours.get(code, 0)
    if theirs == here:
        return "the same"
    if not here:
        return "only the portal" if code in known or code.startswith("MHSARV") else UNKNOWN
    if not theirs:
        return "only the pre-flight"
    return f"{abs(theirs - here)} {'more' if theirs > here else 'fewer'} at the portal"


def _sentence(condition: str) -> str:
    return f"{condition[:1].upper()}{condition[1:]}."
