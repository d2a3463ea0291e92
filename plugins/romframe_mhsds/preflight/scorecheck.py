"""Whether a score is valid for its SNOMED CT code."""

import polars as pl

from romframe_mhsds.codes.codelist import CodeList


# Digits, and perhaps a point and one digit; no leading zero. NHS England's PersonScoreWithinRange
# check (Reusable-Code-Library, mhsds_v6) compares the text before it compares the number.
_NUMBER = r"^(0|[1-9][0-9]*)([.][0-9])?$"


def invalid_score(tool: pl.Expr, score: pl.Expr, codes: CodeList) -> pl.Expr:
    """Say where a score is outside the range, or not in the set, of its code.

    A set whose members are not known is not checked.
    """
    ranges = {key: scale for key, scale in codes.accepted.items() if scale.kind == "range"}
    sets = {key: scale for key, scale in codes.accepted.items() if scale.members}
    number = score.cast(pl.Float64, strict=False)
    low, high = (
        tool.replace_strict(list(ranges), ends, default=None, return_dtype=pl.Float64)
        for ends in (
            [scale.low for scale in ranges.values()],
            [scale.high for scale in ranges.values()],
        )
    )
    pairs = [f"{key} {member}" for key, scale in sets.items() for member in scale.members]
    out_of_range = ~score.str.contains(_NUMBER) | (number < low) | (number > high)
    not_in_set = ~pl.concat_str(tool, pl.lit(" "), score).is_in(pairs)
    return (tool.is_in(list(ranges)) & out_of_range) | (tool.is_in(list(sets)) & not_in_set)
