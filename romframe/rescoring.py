"""What would change if another rule, policy or version of a spec were used: told before it is."""

from collections.abc import Iterable

import polars as pl
from attrs import evolve, field, frozen

from romframe.config import Choice
from romframe.errors import Problem, UsageError
from romframe.instruments.model import Instrument
from romframe.workspace import Workspace


_SCORE_PARTS = ("value", "status", "band")
_CLASS_PARTS = ("verdict", "class")
DIFFERENCE = pl.Schema(
    {
        "referral_id": pl.String,
        "assessment_id": pl.Int64,
        "score": pl.String,
        "part": pl.String,
        "now": pl.String,
        "then": pl.String,
    }
)


@frozen
class Proposal:
    """What might be used of one instrument instead of what is: a choice, a rule, another spec.

    `rule` judges every score that has it; `definition` is a changed spec or a new version of it.
    """

    choice: Choice = field(factory=Choice)
    rule: str | None = None
    definition: Instrument | None = None


@frozen
class Difference:
    """What a proposal would change: a row a part, and of how many scores and classes."""

    rows: pl.DataFrame
    scores: int
    classes: int

    @property
    def changed_scores(self) -> int:
        """How many scores would have another value, status or band."""
        changed = self.rows.filter(pl.col("part").is_in(_SCORE_PARTS))
        return changed.select("assessment_id", "score").n_unique()

    @property
    def changed_classes(self) -> int:
        """How many referrals' changes would be paired otherwise or have another class."""
        changed = self.rows.filter(pl.col("part").is_in(_CLASS_PARTS))
        return changed.select("referral_id", "score").n_unique()


def difference(workspace: Workspace, name: str, proposal: Proposal) -> Difference:
    """Compare scores and classes as they are with what they would be; nothing is stored.

    Raises UsageError for names that do not exist, and for a definition of another instrument.
    """
    known = workspace.instrument(name)
    if proposal.definition is not None and proposal.definition.id != known.id:
        what = f"The spec is of {proposal.definition.id!r}, not of {known.id!r}."
        raise UsageError(Problem("other-instrument", what, "Name the spec's own instrument."))
    proposed = _proposed(workspace, name, known.version, proposal)
    scores = workspace.scores(name), proposed.scores(name)
    now, then = workspace.changes(name), proposed.changes(name, rule=proposal.rule)
    if proposal.rule:
        now = now.join(then.select("score").unique(), on="score", how="semi")
    classes = now, then
    rows = pl.concat(
        [
            _compare(*scores, ("referral_id", "assessment_id", "score"), _SCORE_PARTS),
            _compare(*classes, ("referral_id", "score"), _CLASS_PARTS),
        ]
    )
    return Difference(rows, scores[0].height, classes[0].height)


def _proposed(workspace: Workspace, name: str, version: str, proposal: Proposal) -> Workspace:
    """Give the workspace as it would be: with other choices, and another spec in its catalogue.

    A new version is tried on the answers that are stored under the present one.
    """
    measures = {**workspace.config.measures, name: proposal.choice}
    catalogue = workspace.catalogue
    if proposal.definition is not None:
        tried = evolve(proposal.definition, version=version)
        catalogue = catalogue.with_instrument(name, tried)
    config = evolve(workspace.config, measures=measures)
    return evolve(workspace, config=config, catalogue=catalogue)


def _compare(
    now: pl.DataFrame, then: pl.DataFrame, keys: Iterable[str], parts: Iterable[str]
) -> pl.DataFrame:
    both = now.select(*keys, *parts).join(
        then.select(*keys, *parts), on=list(keys), how="full", coalesce=True, suffix=":then"
    )
    frames = [_differing(both, part) for part in parts]
    return pl.concat(frames).sort("referral_id", "assessment_id", "score", "part", nulls_last=True)


def _differing(both: pl.DataFrame, part: str) -> pl.DataFrame:
    known = "assessment_id" in both.columns
    assessment = pl.col("assessment_id") if known else pl.lit(None, pl.Int64)
    return both.filter(pl.col(part).ne_missing(pl.col(f"{part}:then"))).select(
        pl.col("referral_id").cast(pl.String),
        assessment.alias("assessment_id"),
        pl.col("score").cast(pl.String),
        pl.lit(part).alias("part"),
        pl.col(part).cast(pl.String).alias("now"),
        pl.col(f"{part}:then").cast(pl.String).alias("then"),
    )
