"""Instruments with one fault each, and scores that are given with one."""

from pathlib import Path
from types import MappingProxyType

from attrs import evolve

from romframe.testing import Case, InstrumentExtras
from romframe.testing.forms import form_of
from romframe.testing.scored import Scoring


GOOD = (
    Case({"q1": 1, "q2": 2, "q3": 3, "q4": 0}, {"total": 6, "worst": 3}, "by hand"),
    Case({"q1": 1, "q2": 2, "q3": 3}, {"total": 8, "worst": None}, "by hand"),
)


class Awkward(InstrumentExtras):
    instrument = "awkward"
    cases = GOOD
    tampered = Scoring

    def load(self):
        found = super().load()
        return evolve(found, **self.changed(found))

    def changed(self, measure):
        return {}

    def scored(self, measure):
        return self.tampered(*super().scored(measure))


class TestHasNoFault(Awkward):
    caught_by = ()


class TestIsNotValid(InstrumentExtras):
    spec = Path(__file__)
    cases = GOOD
    caught_by = tuple(
        name.removeprefix("test_")
        for name in dir(InstrumentExtras)
        if name.startswith("test_") and name != "test_every_case_says_where_it_is_from"
    )


class TestBelongsToNobody(Awkward):
    caught_by = ("its_licence_says_who_owns_it_and_on_what_terms",)

    def changed(self, measure):
        return {"licence": evolve(measure.licence, owner=" ")}


class TestIsNobodysRule(Awkward):
    caught_by = ("every_score_and_rule_has_a_source",)

    def changed(self, measure):
        return {"change_rules": tuple(evolve(r, source="x") for r in measure.change_rules)}


class TestRepeatsTheQuestion(Awkward):
    caught_by = ("its_labels_are_our_own_and_short",)

    def changed(self, measure):
        first, *rest = measure.items
        return {"items": (evolve(first, label="Did you sleep badly?"), *rest)}


class TestRepeatsTheForm(Awkward):
    caught_by = ("its_labels_are_our_own_and_short",)

    def changed(self, measure):
        first, *rest = measure.items
        return {"items": (evolve(first, label="so many words " * 5), *rest)}


class TestScoresOtherwise(Awkward):
    cases = (*GOOD, Case({"q1": 1}, {"total": 1}, "a wrong manual"))
    caught_by = ("every_case_has_the_scores_that_it_must_have",)


class TestHasAWiderRange(Awkward):
    caught_by = ("every_score_reaches_both_ends_of_its_range",)

    def changed(self, measure):
        total, *rest = measure.scores
        return {"scores": (evolve(total, high=13), *rest)}


class TestSaysWhyItsRangeIsWider(TestHasAWiderRange):
    not_reached = MappingProxyType({"total": "the manual says so"})
    caught_by = ()


class TestHasNoCase(Awkward):
    cases = ()
    caught_by = ("there_is_a_case_for_every_score",)


class TestHasACaseFromNowhere(Awkward):
    cases = (*GOOD, evolve(GOOD[0], source=" "))
    caught_by = ("every_case_says_where_it_is_from",)


class TestIsUnverified(Awkward):
    caught_by = ("nothing_in_it_is_unverified",)

    def changed(self, measure):
        sources = {key: evolve(s, status="unverified") for key, s in measure.sources.items()}
        return {"sources": sources}


class _Verdicts(Scoring):
    """Scoring of which the verdicts are changed on the way."""

    def verdicts(self, forms, coding="scored", missing=None):
        kept = [self.form(form) for form in forms]
        found = super().verdicts(kept, coding, missing)
        for each in found:
            for verdict in each.values():
                self.verdict(verdict)
        return found

    def form(self, form):
        return form

    def verdict(self, verdict):
        pass


class TestGivesAnyNumber(Awkward):
    cases = GOOD[:1]
    caught_by = (
        "a_score_is_in_its_range_or_refused",
        "every_case_has_the_scores_that_it_must_have",
    )

    class tampered(_Verdicts):
        def verdict(self, verdict):
            if verdict["value"] is not None:
                verdict["value"] += 100


class TestRefusesWithoutAReason(Awkward):
    caught_by = ("a_score_is_in_its_range_or_refused",)

    class tampered(_Verdicts):
        def verdict(self, verdict):
            if verdict["value"] is None:
                verdict["reason"] = None


class TestMakesNothingANumber(Awkward):
    cases = GOOD[:1]
    caught_by = ("an_empty_form_has_no_score", "a_code_that_no_scale_has_refuses_the_score")

    class tampered(_Verdicts):
        def verdict(self, verdict):
            verdict["value"] = verdict["value"] or 0


class TestMakesABlankTheLowest(Awkward):
    cases = GOOD[:1]
    caught_by = ("an_empty_form_has_no_score", "a_blank_is_not_the_lowest_answer")

    class tampered(_Verdicts):
        def form(self, form):
            lowest = form_of(self.instrument, "lowest")
            return {
                name: low if form.get(name) is None else form[name] for name, low in lowest.items()
            }


class TestReadsAnyCode(Awkward):
    caught_by = ("a_code_that_no_scale_has_refuses_the_score",)

    class tampered(_Verdicts):
        def form(self, form):
            allowed = (None, "", " ", *range(10))
            return {name: cell if cell in allowed else 1 for name, cell in form.items()}


class TestHangsOnTheOtherRows(Awkward):
    caught_by = ("a_form_has_the_same_scores_wherever_it_stands",)

    class tampered(Scoring):
        def wide(self, forms):
            return super().wide(forms).with_row_index("place")
