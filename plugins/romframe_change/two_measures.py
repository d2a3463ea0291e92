"""Two measures judged together, as NHS Talking Therapies does with PHQ-9 and GAD-7.

A case at either measure is a case; recovered is who was one and is at last below the cut-off of
both. Reliably improved is who improved reliably on one measure and deteriorated reliably on
neither. The first is how the service's published figures define recovery; of the second no public
wording was found, so the source of a rule that uses it is `unverified` until somebody has read it.
"""

import polars as pl

from romframe import (
    COMPANION,
    CUT_OFF,
    RELIABLE,
    ChangeInputs,
    ChangeMethod,
    ChangeVerdict,
    Problem,
    UsageError,
    clinical_side,
    combined_class,
    moved,
    reliable_class,
)


def _two_measures(inputs: ChangeInputs) -> ChangeVerdict:
    other = inputs.companion
    if other is None:
        return ChangeVerdict(pl.lit(None, pl.String))
    _check(inputs, other)
    reliable = _reliable(reliable_class(inputs), reliable_class(other))
    first = _side(clinical_side(inputs, inputs.first), clinical_side(other, other.first))
    last = _side(clinical_side(inputs, inputs.last), clinical_side(other, other.last))
    clinical = moved(first, last)
    return ChangeVerdict(combined_class(reliable, clinical), reliable, clinical)


def _check(inputs: ChangeInputs, other: ChangeInputs) -> None:
    """Raise UsageError where the other measure's rule lacks what is asked of both."""
    lacking = [name for name in ("reliable", "cut_off") if name not in other.params]
    if lacking:
        measure = inputs.params["with"]["instrument"]
        what = f"The rule of {measure!r} that is to be used has no {' and no '.join(lacking)}."
        mend = "Name one of the method reliable_and_clinical under `with:`."
        raise UsageError(Problem("companion-rule", what, mend))


def _reliable(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    improved = (one == "improved") | (other == "improved")
    worse = (one == "deteriorated") | (other == "deteriorated")
    return (
        pl.when(one.is_null() | other.is_null())
        .then(pl.lit(None, pl.String))
        .when(improved & ~worse)
        .then(pl.lit("improved"))
        .when(worse & ~improved)
        .then(pl.lit("deteriorated"))
        .otherwise(pl.lit("unchanged"))
    )


def _side(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Give the side of both together: clinical if either is, non_clinical only if both are."""
    return (
        pl.when(one.is_null() | other.is_null())
        .then(pl.lit(None, pl.String))
        .when((one == "clinical") | (other == "clinical"))
        .then(pl.lit("clinical"))
        .when((one == "non_clinical") & (other == "non_clinical"))
        .then(pl.lit("non_clinical"))
        .otherwise(pl.lit("at_cut_off"))
    )


TWO_MEASURES = ChangeMethod(
    "two_measures",
    _two_measures,
    {"reliable": RELIABLE, "cut_off": CUT_OFF, "with": COMPANION},
)
