"""Scores of forms, as romframe gives them, for the suites to look at."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import polars as pl

from romframe.catalogue import Catalogue
from romframe.instruments.model import Instrument, Score
from romframe.scoring import Scorer, scorer
from romframe.testing.forms import Form, allowed_answers, form_of, frame_of


_AT_MOST = 12  # answers of one item that are tried: a scale may have a thousand


class Scoring(NamedTuple):
    """An instrument and the catalogue whose methods score it."""

    catalogue: Catalogue
    instrument: Instrument

    @property
    def scores(self) -> list[Score]:
        """The scores that one form gives, those on request too."""
        return [score for score in self.instrument.scores if not score.across]

    def scorer(self, coding: str | None = "scored", missing: str | None = None) -> Scorer:
        """Give what scores forms, every score of them."""
        return scorer(
            self.instrument,
            self.catalogue.scoring_methods,
            coding=coding,
            missing=missing,
            scores=[score.id for score in self.scores],
        )

    def wide(self, forms: Iterable[Form]) -> pl.DataFrame:
        """Score forms: a row a form."""
        return self.scorer().wide(frame_of(self.instrument, forms).lazy()).collect()

    def verdicts(
        self, forms: Iterable[Form], coding: str | None = "scored", missing: str | None = None
    ) -> list[dict[str, dict[str, Any]]]:
        """Score forms: for each, the verdict on every score by its id."""
        ready = self.scorer(coding, missing)
        frame = frame_of(self.instrument, forms).with_row_index("form")
        wide = ready.wide(frame.lazy()).collect()
        rows = ready.tidy(wide.lazy()).collect().to_dicts()
        found: list[dict[str, dict[str, Any]]] = [{} for _ in range(frame.height)]
        for row in rows:
            found[row["form"]][row["score"]] = row
        return found

    def reached(self) -> dict[str, tuple[float, float]]:
        """Give the lowest and highest value of each score that could be found.

        Beside forms with all answers lowest, all highest, and one of them changed, those are tried
        in which every answer is the one that by itself brings a score lowest or highest.
        """
        forms = self._one_by_one()
        found = self.wide(forms)
        best = [
            self._best(forms, found[score.id].to_list(), end)
            for score in self.scores
            for end in (1, -1)
        ]
        both = pl.concat([found, self.wide(best)])
        return {score.id: _ends(both[score.id]) for score in self.scores}

    def _one_by_one(self) -> list[Form]:
        bases = [form_of(self.instrument, pattern) for pattern in ("lowest", "highest", "middle")]
        changed = [
            {**base, item.id: answer}
            for base in bases
            for item in self.instrument.items
            for answer in _some(allowed_answers(item))
        ]
        return [*bases, *changed]

    def _best(self, forms: Sequence[Form], values: Sequence[float | None], end: int) -> Form:
        """Put together the answers that each by itself bring a score lowest (1) or highest (-1)."""
        best: dict[str, tuple[float, Any]] = {}
        base = forms[2]
        for form, value in zip(forms[3:], values[3:], strict=True):
            changed = [name for name, cell in form.items() if cell != base[name]]
            if value is not None and len(changed) == 1:
                best.setdefault(changed[0], (end * value, form[changed[0]]))
                if end * value < best[changed[0]][0]:
                    best[changed[0]] = (end * value, form[changed[0]])
        return {**base, **{name: cell for name, (_, cell) in best.items()}}


def _some(answers: Sequence[Any]) -> list[Any]:
    """Give some of many answers, both ends among them."""
    step = max(1, len(answers) // _AT_MOST)
    return [*answers[::step], answers[-1]]


def _ends(values: pl.Series) -> tuple[float, float]:
    found = values.drop_nulls().to_list()
    return min(found, default=math.nan), max(found, default=math.nan)
