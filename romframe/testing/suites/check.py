"""What romframe relies on in a check of data quality: it judges what is there, and only looks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from romframe.auditing.run import KEYS
from romframe.offers import Check, Ratings
from romframe.testing.hostile import DATA_SETS
from romframe.testing.hosts import catalogue_of
from romframe.testing.suites.workspaces import WithWorkspaces, Workspaces, unchanged


each_data_set = pytest.mark.parametrize("data_set", DATA_SETS)


class CheckSuite(WithWorkspaces):
    """Must hold: set `plugin` and `check`, its name; `measures` are those that it can judge."""

    check: str

    @pytest.fixture
    def offer(self) -> Check:
        """The check under test."""
        found: Check = catalogue_of(self.plugin).host.find("checks", self.check)
        return found

    def every_rating(self, workspaces: Workspaces, data_set: str) -> Iterator[Ratings]:
        """Give the ratings of a data set, a measure at a time, as `romframe audit` does."""
        workspace = workspaces(data_set)
        for name in workspace.used_instruments():
            answers = workspace.responses(name).collect()
            yield Ratings(workspace, name, workspace.instrument(name), answers)

    def judged(self, offer: Check, ratings: Ratings) -> list[dict[str, Any]] | None:
        """Give what it judges, by key; None where the measure is none of its business."""
        found = offer.check(ratings)
        if found is None:
            return None
        key = KEYS[offer.about]
        assert {key, "what"} <= {*found.columns}, f"Give the columns {key!r} and 'what'."
        return found.select(key, "what").sort(key).to_dicts()

    @each_data_set
    def test_it_judges_what_is_there_once(
        self, workspaces: Workspaces, offer: Check, data_set: str
    ) -> None:
        """Every row is about a rating (rater, import) that is there, and there is one of each.

        `what` is a sentence, or null where nothing stands out; never a blank.
        """
        key = KEYS[offer.about]
        for ratings in self.every_rating(workspaces, data_set):
            rows = self.judged(offer, ratings) or []
            judged = [row[key] for row in rows]
            assert set(judged) <= {*ratings.answers[key]}, "It judges what is not there."
            assert len(judged) == len(set(judged)), "It judges something twice."
            said = [row["what"] for row in rows if row["what"] is not None]
            assert all(str(what).strip() for what in said), "Leave `what` null, not blank."

    @each_data_set
    def test_it_only_looks_and_says_the_same_again(
        self, workspaces: Workspaces, offer: Check, data_set: str
    ) -> None:
        """The ratings and the workspace stay as they are, and are judged the same again."""
        for ratings in self.every_rating(workspaces, data_set):
            before = ratings.answers.clone()
            with unchanged(ratings.workspace):
                first, second = (self.judged(offer, ratings) for _ in range(2))
            assert ratings.answers.equals(before), "Work on a copy of `answers`."
            assert second == first, "Read no clock, and leave nothing to chance."

    def test_no_ratings_are_no_fault(self, workspaces: Workspaces, offer: Check) -> None:
        """A measure may have no ratings yet."""
        for ratings in self.every_rating(workspaces, "one_person"):
            none = Ratings(
                ratings.workspace, ratings.name, ratings.instrument, ratings.answers.clear()
            )
            assert self.judged(offer, none) in (None, []), "Of no ratings there is nothing to say."


class CheckExtras(CheckSuite):
    """Optional: that it judges any of the hostile data, what it must find and what it must let be.

    `doubtful` and `sound` are answers by item, for the first of the `measures`; they are for a
    check about single ratings.
    """

    doubtful: Sequence[Mapping[str, Any]] = ()
    sound: Sequence[Mapping[str, Any]] = ()

    def test_it_judges_something(self, workspaces: Workspaces, offer: Check) -> None:
        """Of one data set or another it judges something; else the kit has shown nothing."""
        judged = any(
            self.judged(offer, ratings)
            for data_set in reversed(DATA_SETS)
            for ratings in self.every_rating(workspaces, data_set)
        )
        assert judged, "Set `measures` to those that the check can judge."

    def test_it_finds_what_it_is_for(self, workspaces: Workspaces, offer: Check) -> None:
        """Answers that are doubtful stand out, and sound ones do not."""
        assert self.doubtful and self.sound, "Say which answers are `doubtful`, and which `sound`."
        ratings = next(self.every_rating(workspaces, "one_person"))
        answers = pl.concat(
            ratings.answers[0].with_columns(
                pl.lit(n).cast(pl.Int64).alias("assessment_id"),
                *(
                    pl.lit(cell).cast(ratings.answers.schema[name]).alias(name)
                    for name, cell in form.items()
                ),
            )
            for n, form in enumerate((*self.doubtful, *self.sound), 1)
        )
        made = Ratings(ratings.workspace, ratings.name, ratings.instrument, answers)
        found = {row["assessment_id"] for row in self.judged(offer, made) or () if row["what"]}
        assert found == {*range(1, len(self.doubtful) + 1)}, "Other answers stand out."
