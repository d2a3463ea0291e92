"""Why a row of the data set cannot be read as part of an assessment, in words."""

from collections.abc import Mapping

import polars as pl


INCOMPLETE = "mhsds-row-incomplete"
UNKNOWN_ID = "mhsds-id-unknown"
UNREADABLE = "mhsds-score-unreadable"
ORIENTATION = "mhsds-orientation-unknown"
TOLD_APART = "mhsds-not-told-apart"
NO_GOAL = "mhsds-no-goal"
NO_RATER = "mhsds-no-rater"
NO_CONTACT = "mhsds-no-contact"
NO_REFERRAL = "mhsds-no-open-referral"
SEVERAL_REFERRALS = "mhsds-several-referrals"
NO_CLUSTER = "mhsds-no-cluster-tool"
SENT_TOO = "mhsds-sent-with-referral"

_AGAIN = "then import the file again."
_SAID: Mapping[str, tuple[str, str, str]] = {  # column, what ({} is the detail), mend
    INCOMPLETE: ("", "The row has no {}.", "Fill it in, or leave the row out."),
    UNKNOWN_ID: (
        "CodedAssToolType",
        "{} is the id of no measure here.",
        f"Add a spec of that measure with the id, {_AGAIN}",
    ),
    UNREADABLE: (
        "PersScore",
        "The assessment has a score that its measure does not know: {}.",
        "Correct it; the rows of the assessment are set aside together.",
    ),
    ORIENTATION: (
        "PersScore",
        "It is not known which answers of {} are meant.",
        f"Say it under exports: {{mhsds: {{sent_as: ...}}}} in romframe.yaml, {_AGAIN}",
    ),
    TOLD_APART: (
        "",
        "Several assessments of one moment cannot be told apart: {} is there with several scores.",
        "Import them from the record system, which knows who made which.",
    ),
    NO_GOAL: (
        "CodedAssToolType",
        "The referral has no goal in slot {}.",
        f"Import its goals with their slots, {_AGAIN}",
    ),
    NO_RATER: (
        "",
        "Nothing says who rated {}.",
        "Import it from the record system, which knows the rater.",
    ),
    NO_CONTACT: (
        "CareActID",
        "The care activity {} is neither in the folder nor in the store with its contact.",
        f"Put MHS201 and MHS202 beside the file, or import contacts and activities, {_AGAIN}",
    ),
    NO_REFERRAL: (
        "LocalPatientID",
        "There was no open referral that day for {}.",
        f"Import the referral, {_AGAIN}",
    ),
    SEVERAL_REFERRALS: (
        "LocalPatientID",
        "Several referrals were open that day: {}.",
        "Import the assessment from the record system, with its referral.",
    ),
    NO_CLUSTER: (
        "ClustID",
        "MHS801 has no assessment {}.",
        f"Put MHS801 beside the file, {_AGAIN}",
    ),
    SENT_TOO: (
        "",
        "The same measure was sent with referral {} that day, which counts first.",
        "Nothing, if both are the same assessment.",
    ),
}


def unread(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that have a `fault`, as an importer gives what it could make nothing of."""
    faulty = rows.drop_nulls("fault")
    column, what, mend = ({code: said[place] for code, said in _SAID.items()} for place in range(3))
    before = {code: text.partition("{}")[0] for code, text in what.items()}
    after = {code: text.partition("{}")[2] for code, text in what.items()}
    fault = pl.col("fault")
    return faulty.select(
        "row",
        fault.alias("code"),
        fault.replace_strict(column, return_dtype=pl.String).alias("column"),
        pl.concat_str(
            fault.replace_strict(before, return_dtype=pl.String),
            pl.col("detail").fill_null("?"),
            fault.replace_strict(after, return_dtype=pl.String),
        ).alias("what"),
        fault.replace_strict(mend, return_dtype=pl.String).alias("mend"),
        "raw",
    )


def first(cases: Mapping[str, tuple[pl.Expr, pl.Expr]]) -> tuple[pl.Expr, pl.Expr]:
    """Give `fault` and `detail` of rows that had none: the first case that holds."""
    fault = detail = pl.lit(None, pl.String)
    for code, (holds, told) in reversed(list(cases.items())):
        struck = holds.fill_null(False)
        fault = pl.when(struck).then(pl.lit(code)).otherwise(fault)
        detail = pl.when(struck).then(told.cast(pl.String)).otherwise(detail)
    had = pl.col("fault").is_not_null()
    return (
        pl.when(had).then("fault").otherwise(fault).alias("fault"),
        pl.when(had).then("detail").otherwise(detail).alias("detail"),
    )
