"""A rule that judges two measures together."""

import polars as pl
import pytest

import romframe
from romframe import api
from romframe.api import catalogue
from romframe.change import judge, read_pairs
from romframe.errors import DataError, UsageError
from romframe.offers import SpecFile


SPEC = """
romframe: 1
id: {id}
version: "1"
name: {id}
type: prom
raters: [service_user]
licence: {{owner: nobody, terms: none, wording: ships}}
response_scales: {{level: {{range: [0, {high}]}}}}
items: [{{id: q1, label: all, scale: level}}]
scores: [{{id: total, name: T, items: all, method: sum, range: [0, {high}], better: {better}}}]
change_rules:
  - id: alone
    score: total
    method: reliable_and_clinical
    {constants}
    source: us
  - id: together
    default: true
    score: total
    method: two_measures
    {constants}
    with: {{instrument: {other}, score: total, rule: {rule}}}
    source: us
  - {{id: no_cut_off, score: total, method: reliable, reliable: {{at_least: 4}}, source: us}}
sources: {{us: {{cite: invented for {id}, status: local}}}}
"""
MOOD = {
    "id": "mood",
    "other": "worry",
    "rule": "together",
    "high": 27,
    "better": "lower",
    "constants": "reliable: {at_least: 6}\n    cut_off: {value: 10, clinical: at_least}",
}
WORRY = {
    "id": "worry",
    "other": "mood",
    "rule": "alone",
    "high": 21,
    "better": "lower",
    "constants": "reliable: {at_least: 4}\n    cut_off: {value: 8, clinical: at_least}",
}
STRICT = """reliable: {at_least: 4}
    cut_off: {value: 8, clinical: more_than, non_clinical: less_than}"""
HEALTH = {
    **WORRY,
    "better": "higher",
    "constants": "reliable: {at_least: 4}\n    cut_off: {value: 13, clinical: at_most}",
}


@pytest.fixture
def offer(monkeypatch, tmp_path):
    """Let the API offer both measures; gives the catalogue that it uses."""

    def make(mood=MOOD, worry=WORRY):
        made = type(catalogue())(catalogue().host.__class__())
        made.host.load([api.BUILTIN, *api.installed()])
        for spec in (mood, worry):
            path = tmp_path / f"{spec['id']}.yaml"
            path.write_text(SPEC.format(**spec), encoding="utf-8")
            made.host.offer("tests", "instruments", spec["id"], SpecFile(path))
        monkeypatch.setattr(api, "catalogue", lambda: made)
        return made

    return make


def judged(*pairs, score="mood", rule=None, **settings):
    """Judge pairs of ((first mood, first worry), (last mood, last worry))."""
    names = ("first", "first_worry", "last", "last_worry")
    rows = [dict(zip(names, (*first, *last), strict=True)) for first, last in pairs]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64))
    return romframe.classify(frame, score, score="total", rule=rule, settings=settings)


def classes(*pairs, **options):
    return judged(*pairs, **options)["class"].to_list()


def test_both_measures_make_the_class(offer):
    offer()
    found = judged(((15, 12), (8, 7)), ((15, 12), (9, 9)), ((9, 7), (3, 5)), ((9, 7), (15, 7)))
    assert found.select("class", "reliable", "clinical").rows() == [
        ("recovered", "improved", "clinical_to_non_clinical"),
        ("improved", "improved", "stayed_clinical"),
        ("improved", "improved", "stayed_non_clinical"),
        ("harmed", "deteriorated", "non_clinical_to_clinical"),
    ]


def test_better_on_one_and_worse_on_the_other_is_no_reliable_change(offer):
    offer()
    assert classes(((20, 10), (14, 14)), ((20, 10), (26, 6))) == ["unchanged"] * 2


def test_turning_the_pair_turns_the_class(offer):
    offer()
    mirror = {"recovered": "harmed", "improved": "deteriorated", "unchanged": "unchanged"}
    pairs = [((15, 12), (8, 7)), ((15, 12), (9, 9)), ((12, 9), (12, 9)), ((20, 10), (14, 14))]
    there = classes(*pairs)
    back = classes(*((last, first) for first, last in pairs))
    assert back == [mirror[each] for each in there]


def test_thresholds_and_cut_offs_are_met_at_equality(offer):
    offer()
    found = judged(((10, 0), (4, 0)), ((9, 8), (9, 4)), ((9, 7), (4, 4)), ((16, 6), (10, 2)))
    assert found.select("reliable", "clinical").rows() == [
        ("improved", "clinical_to_non_clinical"),
        ("improved", "clinical_to_non_clinical"),
        ("unchanged", "stayed_non_clinical"),
        ("improved", "stayed_clinical"),
    ]


def test_a_score_at_a_strict_cut_off_is_on_neither_side(offer):
    offer(worry={**WORRY, "constants": STRICT})
    found = judged(((5, 8), (5, 2)), ((12, 8), (5, 2)), ((12, 12), (5, 8)))
    assert found.select("class", "clinical").rows() == [
        ("improved", "at_cut_off_to_non_clinical"),
        ("recovered", "clinical_to_non_clinical"),
        ("improved", "clinical_to_at_cut_off"),
    ]


def test_each_measure_has_its_own_direction_and_range(offer):
    offer(worry=HEALTH)
    assert classes(((15, 9), (8, 14)), ((15, 9), (15, 5))) == ["recovered", "deteriorated"]
    assert classes(((22, 9), (8, 14)), ((22, 22), (8, 14))) == ["recovered", "not_classified"]


@pytest.mark.parametrize(
    "pair", [((15, None), (8, 7)), ((15, 12), (8, None)), ((15, 12), (8, 22)), ((None, 12), (8, 7))]
)
def test_half_of_either_measure_is_not_classified(offer, pair):
    offer()
    row = judged(pair).row(0, named=True)
    assert (row["class"], row["reliable"], row["clinical"]) == ("not_classified", None, None)


def test_without_the_other_measures_columns_nobody_is_classified(offer):
    offer()
    frame = pl.DataFrame({"first": [15], "last": [8]})
    found = romframe.classify(frame, "mood", score="total")
    assert found["class"].to_list() == ["not_classified"]
    half = frame.with_columns(first_worry=12)
    assert romframe.classify(half, "mood", score="total")["class"].to_list() == ["not_classified"]


def test_each_measure_may_name_the_other(offer):
    """The rule `together` of either takes the other's constants, and does not go round."""
    offer(worry={**WORRY, "rule": "together"})
    frame = pl.DataFrame(
        {"first": [12], "last": [7], "first_mood": [15], "last_mood": [8], "first_worry": [1]}
    )
    assert romframe.classify(frame, "worry", score="total")["class"].to_list() == ["recovered"]
    assert classes(((15, 12), (8, 7))) == ["recovered"]


def test_the_other_measures_default_rule_is_taken_where_none_is_named(offer):
    offer()
    given = {"with.instrument": "worry", "with.score": "total"}
    given |= {"reliable.at_least": 6, "cut_off.value": 10, "cut_off.clinical": "at_least"}
    assert classes(((15, 12), (8, 7)), rule="two_measures", **given) == ["recovered"]


def test_constants_and_sources_of_both_are_said(offer):
    offer()
    row = judged(((15, 12), (8, 7))).row(0, named=True)
    assert row["rule"] == "together"
    assert row["constants"] == (
        "reliable at_least 6; cut_off value 10 clinical at_least; "
        "with instrument worry score total rule together; "
        "worry: reliable at_least 4; cut_off value 8 clinical at_least; "
        "with instrument mood score total rule alone"
    )
    assert row["source"] == "invented for mood [local]; worry: invented for worry [local]"


def test_text_in_the_other_measures_columns_is_read_or_named(offer):
    offer()
    row = {"first": ["15"], "last": ["8"], "first_worry": [" 12 "], "last_worry": ["7"]}
    found = romframe.classify(pl.DataFrame(row), "mood", score="total")
    assert found["class"].to_list() == ["recovered"]
    wrong = pl.DataFrame({**row, "last_worry": ["seven"]})
    with pytest.raises(DataError) as refused:
        romframe.classify(wrong, "mood", score="total")
    assert refused.value.problems[0].place.field == "last_worry"
    plain = read_pairs(wrong.lazy()).collect_schema()
    assert plain["last_worry"] == pl.String


def test_a_second_measure_that_nobody_can_look_up(offer):
    made = offer()
    with pytest.raises(UsageError, match="'together' judges 'worry' as well") as refused:
        judge(made.instrument("mood"), made.change_methods, score="total")
    assert refused.value.problems[0].code == "unknown-companion"


def test_a_second_measure_that_does_not_exist(offer):
    offer()
    with pytest.raises(UsageError, match="There is no instrument 'wory'") as refused:
        judged(((15, 12), (8, 7)), **{"with.instrument": "wory"})
    (problem,) = refused.value.problems
    assert problem.code == "unknown-companion"
    assert "Did you mean 'worry'?" in problem.mend


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"with.score": "totl"}, "worry has no score 'totl'"),
        ({"with.rule": "alon"}, "Did you mean 'alone'?"),
        ({"with.rule": "no_cut_off"}, "has no cut_off"),
        ({"with.method": "reliable"}, "The key 'method' is not known here."),
        ({"with.instrument": 7}, "Here should be text"),
    ],
)
def test_a_second_measure_that_is_named_wrongly(offer, given, words):
    offer()
    with pytest.raises(UsageError) as refused:
        judged(((15, 12), (8, 7)), **given)
    assert words in str(refused.value)


def test_a_rule_that_does_not_take_a_second_measure(offer):
    offer()
    with pytest.raises(UsageError, match="'with' is not known here"):
        judged(((15, 12), (8, 7)), rule="alone", **{"with.instrument": "worry"})
