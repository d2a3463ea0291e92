"""What romframe relies on in an instrument: the spec, its sources, and every number it gives."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest
from hypothesis import strategies as st

from romframe.errors import UserError
from romframe.instruments.model import Instrument
from romframe.testing.cases import Case
from romframe.testing.forms import counted, form_of
from romframe.testing.hosts import catalogue_of
from romframe.testing.scored import Scoring
from romframe.testing.strategies import InvalidResponse, invalid_responses, responses
from romframe.testing.trying import try_all


_NO_PLUGIN = ModuleType("no_plugin")
_WORDS = 14  # a label of more words is most likely the question itself
_NEAR = 1e-6


class InstrumentSuite:
    """Must hold: set `plugin` and `instrument`, its name; or `spec`, the path of a local measure.

    `cases` are forms with known scores. `not_reached` says of a score why no answers bring it to
    an end of its range.
    """

    plugin: Any = _NO_PLUGIN
    instrument: str = ""
    spec: Path | None = None
    cases: Sequence[Case] = ()
    not_reached: Mapping[str, str] = MappingProxyType({})

    def load(self) -> Instrument:
        """Load the instrument under test."""
        catalogue = catalogue_of(self.plugin)
        return catalogue.read(self.spec) if self.spec else catalogue.instrument(self.instrument)

    def scored(self, measure: Instrument) -> Scoring:
        """Give the instrument with what scores it."""
        return Scoring(catalogue_of(self.plugin), measure)

    @pytest.fixture
    def measure(self) -> Instrument:
        """The instrument under test; the test fails with all that is wrong with its spec."""
        try:
            return self.load()
        except UserError as error:
            pytest.fail(f"The spec is not valid:\n{error}", pytrace=False)

    @pytest.fixture
    def scoring(self, measure: Instrument) -> Scoring:
        """The instrument with what scores it; skips where one form has no score."""
        found = self.scored(measure)
        if not found.scores:
            pytest.skip("no score of a single form")
        return found

    def test_its_licence_says_who_owns_it_and_on_what_terms(self, measure: Instrument) -> None:
        """Whoever uses the measure is told whose it is and what that allows."""
        licence = measure.licence
        assert licence.owner.strip(), "Say under `licence:` who the `owner` is."
        assert licence.terms.strip(), "Say under `licence:` on what `terms` it may be used."

    def test_every_score_and_rule_has_a_source(self, measure: Instrument) -> None:
        """No number is there without a source that somebody can look up."""
        cited = {key for key, source in measure.sources.items() if source.cite.strip()}
        used = {each.id: each.source for each in measure.scores}
        used |= {each.id: each.source for each in measure.change_rules}
        lacking = [name for name, source in used.items() if source not in cited]
        assert lacking == [], "Give these a `source` with a `cite` under `sources:`."

    def test_its_labels_are_our_own_and_short(self, measure: Instrument) -> None:
        """A label names what an item is about, and never repeats the question."""
        for item in measure.items:
            label = item.label
            assert not label.rstrip().endswith("?"), f"{item.id} asks: name its topic instead."
            short = len(label.split()) <= _WORDS
            assert short, f"{item.id} has a long label: is that the wording of the form?"

    def test_every_case_has_the_scores_that_it_must_have(self, scoring: Scoring) -> None:
        """Forms that others have scored have the same scores here."""
        for n, case in enumerate(self.cases, 1):
            (found,) = scoring.verdicts([case.answers], case.coding, case.missing)
            values = {name: found[name]["value"] for name in case.scores}
            wanted = {
                name: value if value is None else pytest.approx(value, abs=_NEAR)
                for name, value in case.scores.items()
            }
            assert values == wanted, f"Case {n} ({case.source}) has other scores."

    def test_every_score_reaches_both_ends_of_its_range(self, scoring: Scoring) -> None:
        """The range that the spec says is the one that answers can reach, no wider."""
        reached = scoring.reached()
        for score in scoring.scores:
            if score.id not in self.not_reached:
                assert reached[score.id] == pytest.approx((score.low, score.high)), (
                    f"Correct the `range` of {score.id}, or say under `not_reached` why it is so."
                )

    def test_a_score_is_in_its_range_or_refused(self, scoring: Scoring) -> None:
        """Whatever is answered, a score is inside its range, or there is none and a reason."""

        def check(forms: list[dict[str, Any]]) -> None:
            for found in scoring.verdicts(forms):
                for name, verdict in found.items():
                    known, value = scoring.instrument.score(name), verdict["value"]
                    assert value is not None or verdict["reason"], f"{name}: refused, and not why."
                    inside = value is None or known.low <= value <= known.high
                    assert inside, f"{name} is out of its range: {value}."

        try_all(st.lists(responses(scoring.instrument), min_size=3, max_size=5), check, times=2)

    def test_an_empty_form_has_no_score(self, scoring: Scoring) -> None:
        """Who answered nothing has no score, under any policy for missing answers."""
        blank = form_of(scoring.instrument, "blank")
        for policy in _policies(scoring):
            (found,) = scoring.verdicts([blank], missing=policy)
            given = [name for name, verdict in found.items() if verdict["value"] is not None]
            assert given == [], f"Policy {policy or 'of the spec'}: ask for an answer at least."

    def test_a_blank_is_not_the_lowest_answer(self, scoring: Scoring) -> None:
        """Leaving an item out never gives what the lowest answer would, unless a policy says so.

        A sum of what is known does, and its reason says so.
        """
        lowest, highest = (form_of(scoring.instrument, end) for end in ("lowest", "highest"))
        items = [item.id for item in counted(scoring.instrument)]
        forms = [highest]
        for name in items:
            forms += [{**highest, name: lowest[name]}, {**highest, name: None}]
        for policy in _policies(scoring):
            top, *others = scoring.verdicts(forms, missing=policy)
            for name, low, blank in zip(items, others[::2], others[1::2], strict=True):
                wrong = [each for each in top if _as_lowest(top[each], low[each], blank[each])]
                assert wrong == [], f"Leaving out {name} counts as its lowest answer."

    def test_a_code_that_no_scale_has_refuses_the_score(self, scoring: Scoring) -> None:
        """What is no answer is told, and never becomes a number."""
        uses = {score.id: _items_of(scoring.instrument, score.id) for score in scoring.scores}

        def check(forms: list[InvalidResponse]) -> None:
            verdicts = scoring.verdicts(odd.form for odd in forms)
            for odd, found in zip(forms, verdicts, strict=True):
                users = [name for name in found if odd.item in uses[name]]
                given = [name for name in users if found[name]["value"] is not None]
                assert given == [], f"{odd.what}, and yet there is a score."

        odd = st.lists(invalid_responses(scoring.instrument), min_size=3, max_size=5)
        try_all(odd, check, times=2)

    def test_a_form_has_the_same_scores_wherever_it_stands(self, scoring: Scoring) -> None:
        """The order of rows changes nothing, and a form alone has the same scores as in company.

        A table without rows has no scores, and is no fault.
        """

        def check(forms: list[dict[str, Any]]) -> None:
            table = scoring.wide(forms)
            assert scoring.wide(forms[::-1]).equals(table.reverse()), "The order of rows matters."
            assert scoring.wide(forms[:1]).equals(table[:1]), "A form alone has other scores."

        assert scoring.wide([]).is_empty()
        try_all(st.lists(responses(scoring.instrument), min_size=3, max_size=4), check, times=2)


class InstrumentExtras(InstrumentSuite):
    """Optional: the measure has been checked against somebody else's numbers."""

    def test_there_is_a_case_for_every_score(self, scoring: Scoring) -> None:
        """Each score is shown right by a form that was scored elsewhere."""
        shown = {name for case in self.cases for name, value in case.scores.items() if value}
        lacking = [score.id for score in scoring.scores if score.id not in shown]
        assert lacking == [], "Add `cases` with these scores, from a manual or another program."

    def test_every_case_says_where_it_is_from(self) -> None:
        """A case that cannot be looked up proves nothing."""
        assert all(case.source.strip() for case in self.cases), "Give every case its `source`."

    def test_nothing_in_it_is_unverified(self, measure: Instrument) -> None:
        """Every source has been read by somebody."""
        assert measure.unverified == (), "Read these sources, and say `status: verified`."


def _policies(scoring: Scoring) -> Iterator[str | None]:
    yield None
    options = {each.id for score in scoring.scores for each in score.missing_options}
    yield from sorted(options)


def _items_of(instrument: Instrument, name: str) -> set[str]:
    score = instrument.score(name)
    return {*score.items}.union(*(_items_of(instrument, each) for each in score.of))


def _as_lowest(top: dict[str, Any], low: dict[str, Any], blank: dict[str, Any]) -> bool:
    """Say whether an item matters to a score, and leaving it out counts as the lowest answer."""
    if low["value"] == top["value"] or blank["reason"] == "sum_of_known":
        return False
    return blank["value"] is not None and blank["value"] == low["value"]
