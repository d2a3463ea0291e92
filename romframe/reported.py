"""Verdicts on scores that came without answers: their value as it came, and its band."""

import polars as pl

from romframe.bands import all_bands, band_of
from romframe.instruments.evidence import evidence
from romframe.scoring import EVIDENCE, STATUS, VERDICT, VERDICT_TYPES, Scorer


_NOTHING = ("reason", "answered", "required", "policy")


def reported_verdicts(ready: Scorer, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Give verdicts on reported scores: `frame` has keys, `score` and `value`, a row a score.

    They come score by score, with the columns of `Scorer.tidy`; no policy made them.
    """
    columns = frame.collect_schema()
    keys = [name for name in columns if name not in ("score", "value")]
    parts = [
        frame.filter(pl.col("score") == score.id).select(
            *keys,
            "score",
            "value",
            *(pl.lit(None, VERDICT_TYPES[name]).alias(name) for name in _NOTHING),
            pl.lit("reported", STATUS).alias("status"),
            band_of(
                score,
                pl.col("value"),
                pl.Enum(list(dict.fromkeys(band.label for band in all_bands(score)))),
                columns,
            )
            .cast(pl.String)
            .alias("band"),
            pl.lit(evidence(ready.instrument, score, None), EVIDENCE).alias("evidence"),
        )
        for score in ready.scores
    ]
    return pl.concat(parts).select(*keys, "score", *VERDICT)
