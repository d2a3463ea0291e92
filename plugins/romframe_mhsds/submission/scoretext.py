"""A score as the data set wants it: digits, at most one decimal, no leading zeros."""

import polars as pl


_MILLIONTHS = 1_000_000


def score_text(value: pl.Expr) -> pl.Expr:
    """Give numbers as text, rounded half up (away from zero) to one decimal; 18.0 becomes `18`.

    What is rounded is the decimal that the number stands for, not its binary fraction: 18.35 gives
    18.4, though the nearest binary fraction lies below. A score is a fraction of whole numbers; one
    whose denominator is below 100,000 is either exactly on a tie or further from it than the
    millionth to which it is first taken, so whole millionths decide every tie rightly.
    Null, infinite and not-a-number stay null.
    """
    millionths = (value.cast(pl.Float64) * _MILLIONTHS).round(mode="half_away_from_zero")
    whole = millionths.cast(pl.Int64, strict=False)
    tenths = (whole.abs() + _MILLIONTHS // 20) // (_MILLIONTHS // 10)
    sign = pl.when((whole < 0) & (tenths > 0)).then(pl.lit("-")).otherwise(pl.lit(""))
    point = (
        pl.when(tenths % 10 == 0)
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit("."), (tenths % 10).cast(pl.String)))
    )
    return pl.concat_str(sign, (tenths // 10).cast(pl.String), point)
