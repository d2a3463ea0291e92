"""What romframe relies on in a change method: whoever did not change is unchanged, and so on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest
from attrs import evolve

from romframe.change import judge
from romframe.change_methods import FIVE_CLASSES, NOT_CLASSIFIED, ChangeMethod
from romframe.instruments.model import ChangeRule, Direction
from romframe.testing.hosts import AWKWARD, catalogue_of


_SCORE, _RULE = "total", "kit"
_POINTS = 16
_OTHER_WAY = {
    "recovered": "harmed",
    "improved": "deteriorated",
    "deteriorated": "improved",
    "harmed": "recovered",
}
_BETTER, _WORSE = ("recovered", "improved"), ("deteriorated", "harmed")


class ChangeMethodSuite:
    """Must hold: set `plugin`, `method` (its name) and `params`, for a score where low is better.

    `params_if_higher` are those for a score of which high is better, if they differ (a cut-off's
    side does). Scores go from `low` to `high`. `columns` adds what else the data must have, made
    from `first` and `last`. Say of a method what does not hold for it: `mirrors` is false where a
    pair the other way round need not be the opposite, as with a percentage of the first score;
    `by_itself` is false where a person's class hangs on the group; `stays` is false where who has
    the same score twice may have changed, as against an expected score.
    """

    plugin: Any
    method: str
    params: Mapping[str, Any] = MappingProxyType({})
    params_if_higher: Mapping[str, Any] | None = None
    columns: Mapping[str, pl.Expr] = MappingProxyType({})
    low: float = 0
    high: float = 30
    mirrors: bool = True
    by_itself: bool = True
    stays: bool = True

    def judged(self, pairs: pl.DataFrame, better: Direction = "lower") -> pl.DataFrame:
        """Judge pairs of `first` and `last` by the method."""
        catalogue = catalogue_of(self.plugin)
        awkward = catalogue.instrument(AWKWARD)
        params = self.params
        if better == "higher" and self.params_if_higher is not None:
            params = self.params_if_higher
        score = evolve(awkward.score(_SCORE), better=better, low=self.low, high=self.high)
        rule = ChangeRule(_RULE, self.method, "made_up", _SCORE, params=dict(params))
        measure = evolve(awkward, scores=(score,), change_rules=(rule,))
        methods, find = catalogue.change_methods, catalogue.instrument
        ready = judge(measure, methods, score=_SCORE, rule=_RULE, find=find)
        table = pairs.cast(pl.Float64).lazy().with_columns(**self.columns)
        return ready.classify(table).collect()

    @pytest.fixture
    def pairs(self) -> pl.DataFrame:
        """Every pair of some scores from the lowest to the highest."""
        step = (self.high - self.low) / (_POINTS - 1)
        scores = pl.Series([self.low + n * step for n in range(_POINTS)])
        return pl.DataFrame({"first": scores}).join(pl.DataFrame({"last": scores}), how="cross")

    def test_it_tells_people_apart(self, pairs: pl.DataFrame) -> None:
        """Of all pairs, some are better, and the method does not raise."""
        found = set(self.judged(pairs)["class"])
        problems = catalogue_of(self.plugin).host.problems
        assert found & {*_BETTER}, f"Nobody is better, whatever the scores. {problems}"

    def test_it_gives_no_class_but_its_own(self, pairs: pl.DataFrame) -> None:
        """It gives the classes that it says it can give, and no others."""
        offer: ChangeMethod = catalogue_of(self.plugin).host.find("change_methods", self.method)
        own = {*offer.classes_of(self.params), NOT_CLASSIFIED}
        found = set(self.judged(pairs)["class"])
        assert own <= {*FIVE_CLASSES, NOT_CLASSIFIED}, "Name classes that romframe has."
        assert found <= own, "Name these under `classes` of the method."

    def test_who_has_the_same_score_twice_is_unchanged(self, pairs: pl.DataFrame) -> None:
        """Equal scores are no change."""
        if not self.stays:
            pytest.skip("the method sets the last score against an expected one")
        same = self.judged(pairs).filter(pl.col("first") == pl.col("last"))
        changed = set(same["class"]) - {"unchanged", NOT_CLASSIFIED}
        assert changed == set(), "Call equal scores unchanged, or set `stays = False`."

    def test_who_lacks_a_score_is_not_classified(self, pairs: pl.DataFrame) -> None:
        """A pair of which a half is missing never gets a class."""
        half = pl.concat(
            [pairs.with_columns(pl.lit(None, pl.Float64).alias(name)) for name in pairs.columns]
        )
        found = set(self.judged(pl.concat([half, pairs]))[: half.height]["class"])
        assert found == {NOT_CLASSIFIED}, "Let the class be null where a score is."

    def test_better_is_better_in_either_direction(self, pairs: pl.DataFrame) -> None:
        """Whether low or high is better turns the verdict round; nobody is better either way."""
        lower, higher = (self.judged(pairs, way)["class"] for way in ("lower", "higher"))
        assert higher.is_in(_BETTER).any(), "Nobody is better where high scores are."
        both = lower.is_in(_BETTER) & higher.is_in(_BETTER)
        assert not both.any(), "Look at `inputs.better`, or use `inputs.improvement`."

    def test_who_is_better_has_a_better_score(self, pairs: pl.DataFrame) -> None:
        """Nobody is called better with a worse score, nor worse with a better one."""
        if not self.stays:
            pytest.skip("the method sets the last score against an expected one")
        for way in ("lower", "higher"):
            found = self.judged(pairs, way)
            up, down = pl.col("improvement") > 0, pl.col("improvement") < 0
            better, worse = pl.col("class").is_in(_BETTER), pl.col("class").is_in(_WORSE)
            wrong = found.filter((better & ~up) | (worse & ~down))
            assert wrong.is_empty(), f"Where {way} is better, these are judged the wrong way."

    def test_the_other_way_round_is_the_opposite(self, pairs: pl.DataFrame) -> None:
        """Who goes from one score to another and who goes back are each other's opposite."""
        if not self.mirrors:
            pytest.skip("the method says that it does not mirror")
        turned = pairs.select(first="last", last="first")
        there, back = (self.judged(each)["class"].cast(pl.String) for each in (pairs, turned))
        wrong = pairs.filter(there.replace(_OTHER_WAY) != back)
        assert wrong.is_empty(), "Set `mirrors = False` if that is meant."

    def test_a_pair_has_the_same_class_wherever_it_stands(self, pairs: pl.DataFrame) -> None:
        """The order of rows changes nothing, nor, by itself, who else is in the table."""
        found = self.judged(pairs)
        assert self.judged(pairs).equals(found), "The same pairs are judged otherwise now."
        again = self.judged(pairs.reverse()).reverse()
        assert again["class"].equals(found["class"]), "The order of rows matters."
        if self.by_itself:
            half = pairs.height // 2
            parts = [self.judged(part) for part in (pairs[:half], pairs[half:])]
            together = pl.concat(parts)["class"]
            assert together.equals(found["class"]), "Set `by_itself = False` if that is meant."

    def test_a_table_without_rows_has_no_classes(self, pairs: pl.DataFrame) -> None:
        """A service may have no pairs yet, and that is no fault."""
        assert self.judged(pairs.clear()).is_empty()
