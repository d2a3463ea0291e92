"""What romframe relies on in a scoring method: one expression, the same number everywhere."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import strategies as st

from romframe.instruments.model import Instrument, MissingPolicy, Score
from romframe.methods import ScoringMethod
from romframe.testing.cases import NumberCase
from romframe.testing.forms import form_of
from romframe.testing.hosts import AWKWARD, catalogue_of
from romframe.testing.scored import Scoring
from romframe.testing.strategies import responses
from romframe.testing.trying import try_all
from romframe.validation import validate
from romframe.yaml_source import Document


_SCORE = "kit"
_WIDE = 1e9
_NEAR = 1e-9


class ScoringMethodSuite:
    """Must hold: set `plugin`, `method` (its name) and, if it has any, `params`.

    It is tried on so many `inputs`, with whole numbers from `low` to `high`; `params` speak of them
    as q1, q2, ... or, where the method takes scores, as s1, s2, ... `cases` are numbers that it
    must give.
    """

    plugin: Any
    method: str
    params: Mapping[str, Any] = MappingProxyType({})
    inputs: int = 4
    low: int = 0
    high: int = 4
    cases: Sequence[NumberCase] = ()

    @pytest.fixture
    def offer(self) -> ScoringMethod:
        """The scoring method under test."""
        found: ScoringMethod = catalogue_of(self.plugin).host.find("scoring_methods", self.method)
        return found

    @pytest.fixture
    def scoring(self, offer: ScoringMethod) -> Scoring:
        """A measure that was made up, with a score by the method."""
        catalogue = catalogue_of(self.plugin)
        return Scoring(catalogue, self._measure(catalogue.instrument(AWKWARD), offer))

    def _measure(self, awkward: Instrument, offer: ScoringMethod) -> Instrument:
        scale = evolve(awkward.item("q5").scale, low=self.low, high=self.high)
        names = [f"q{n}" for n in range(1, (offer.inputs or self.inputs) + 1)]
        items = tuple(evolve(awkward.item("q5"), id=name, scale=scale) for name in names)
        any_one = MissingPolicy("", 1, "mean_of_answered", "")
        of_items = Score(_SCORE, "", self.method, "lower", -_WIDE, _WIDE, "", missing=any_one)
        ready = evolve(of_items, params=dict(self.params))
        if offer.takes == "items":
            return evolve(awkward, items=items, scores=(evolve(ready, items=tuple(names)),))
        parts = [
            evolve(of_items, id=f"s{n}", method="sum", items=(name,))
            for n, name in enumerate(names, 1)
        ]
        of = tuple(part.id for part in parts)
        return evolve(awkward, items=items, scores=(*parts, evolve(ready, of=of, missing=None)))

    def test_its_constants_fit_its_own_schema(self, offer: ScoringMethod) -> None:
        """What a spec may say of the method is what `params` of this test say."""
        document = Document("params", dict(self.params))
        validate(document, offer.params, document.data)
        told = [str(problem) for problem in document.problems]
        assert told == [], "Correct `params` of the test, or the schema of the method."

    def test_it_gives_a_number_for_a_full_form(self, scoring: Scoring) -> None:
        """Where all is answered, some form has a number, and none an infinite one."""
        forms = [form_of(scoring.instrument, end) for end in ("lowest", "middle", "highest")]
        values = scoring.wide(forms)[_SCORE].to_list()
        assert any(value is not None for value in values), (
            f"It gave no number. Does it raise? {scoring.catalogue.host.problems}"
        )

    def test_it_gives_the_numbers_that_it_must_give(self, scoring: Scoring) -> None:
        """Numbers that were worked out elsewhere are found here."""
        for n, case in enumerate(self.cases, 1):
            form = {
                item.id: v for item, v in zip(scoring.instrument.items, case.values, strict=True)
            }
            (value,) = scoring.wide([form])[_SCORE]
            wanted = None if case.number is None else pytest.approx(case.number, abs=_NEAR)
            assert value == wanted, f"Case {n} ({case.source}) has another number."

    def test_an_empty_form_has_no_number(self, scoring: Scoring) -> None:
        """Of nothing there is no number."""
        (value,) = scoring.wide([form_of(scoring.instrument, "blank")])[_SCORE]
        assert value is None, "Let the expression be null where every value is."

    def test_every_number_is_a_finite_one_inside_its_bounds(
        self, scoring: Scoring, offer: ScoringMethod
    ) -> None:
        """With gaps or without, what comes out is a number inside the bounds, or nothing."""
        scales = [item.scale for item in scoring.instrument.items]
        low, high = (-_WIDE, _WIDE)
        if offer.bounds:
            low, high = offer.bounds(scales, self.params)

        def check(form: dict[str, Any]) -> None:
            (value,) = scoring.wide([form])[_SCORE]
            if value is not None:
                assert math.isfinite(value), "It gives what is no number."
                assert low - _NEAR <= value <= high + _NEAR, "Correct the method's `bounds`."

        try_all(responses(scoring.instrument), check, times=8)

    def test_a_form_has_the_same_number_wherever_it_stands(self, scoring: Scoring) -> None:
        """The number of a form hangs on nothing but the form: not on others, nor on their order."""

        def check(forms: list[dict[str, Any]]) -> None:
            table = scoring.wide(forms)
            assert scoring.wide(forms).equals(table), "The same forms have other numbers now."
            assert scoring.wide(forms[::-1]).equals(table.reverse()), "The order of rows matters."
            for n, form in enumerate(forms):
                assert scoring.wide([form]).equals(table[n]), "A form alone has another number."

        try_all(st.lists(responses(scoring.instrument), min_size=2, max_size=4), check, times=5)

    def test_a_table_without_rows_has_no_numbers(self, scoring: Scoring) -> None:
        """A file may be empty, and that is no fault."""
        assert scoring.wide([]).is_empty(), "Give an expression that a table of no rows allows."


class ScoringMethodExtras(ScoringMethodSuite):
    """Optional: the method has been checked against somebody else's numbers."""

    def test_there_are_cases_with_and_without_a_gap(self) -> None:
        """Numbers from elsewhere show what a full form gives, and one with a gap."""
        gaps = {None in case.values for case in self.cases}
        assert gaps == {True, False}, "Add `cases`: one with all values, one with a None."
