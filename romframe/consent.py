"""Whether a return may leave the service."""

import polars as pl


def consent_lacking(may_be_anonymous: pl.Expr) -> pl.Expr:
    """Say why a return must stay in the service, from its column `consent`; null if it may leave.

    One that says that it must not leave stays (`not given`). Where returns of a measure may be
    anonymous too, an identified one leaves only where it says that it may (`not recorded`).
    """
    consent = pl.col("consent")
    return (
        pl.when(consent == 0)
        .then(pl.lit("not given"))
        .when(consent.is_null() & may_be_anonymous)
        .then(pl.lit("not recorded"))
    )
