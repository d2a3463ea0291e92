"""Who a score is about, as far as bands and cut-offs ask: gender, and age in whole years."""

import polars as pl


ATTRIBUTES = ("gender", "age")
_DAY = "%Y-%m-%d"


def with_person(frame: pl.LazyFrame, service_users: pl.DataFrame, at: str) -> pl.LazyFrame:
    """Add `gender`, and `age` in whole years at the moment in column `at`, by `service_user_id`.

    Either is null where it is not known.
    """
    people = service_users.lazy().select("service_user_id", "gender", "birth_date")
    born = pl.col("birth_date").str.to_date(_DAY, strict=False)
    then = pl.col(at).cast(pl.String).str.head(len("2024-04-01")).str.to_date(_DAY, strict=False)
    before = (then.dt.month() < born.dt.month()) | (
        (then.dt.month() == born.dt.month()) & (then.dt.day() < born.dt.day())
    )
    age = then.dt.year() - born.dt.year() - before.cast(pl.Int32)
    joined = frame.join(people, on="service_user_id", how="left", maintain_order="left")
    return joined.with_columns(age=age).drop("birth_date")
