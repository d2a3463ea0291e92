"""What holds for every score of every shipped instrument, whatever the answers are."""

import functools
import os
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import forms, scoring
from oracles.agree import assert_agree

import romframe
from romframe.api import catalogue


ROOT = Path(__file__).parents[2]
LOCAL = ROOT / "examples" / "local_measure" / "feeding_confidence.yaml"
PATHS = sorted([*ROOT.glob("instrument_specs/*/*.yaml"), LOCAL])
SPECS = {path.stem: path for path in PATHS if scoring.load(path)["scores"]}
CODINGS = ("position", "scored")

each_spec = pytest.mark.parametrize("name", SPECS)
MORE = os.environ.get("ROMFRAME_EXAMPLES")
few = settings(max_examples=int(MORE or 8))  # there are many specs
fewer = settings(max_examples=int(MORE or 4))  # what one kernel does for all of them alike


@functools.cache
def loaded(name):
    return catalogue().read(SPECS[name]), scoring.load(SPECS[name])


def every_score(spec):
    """Name every score that one form gives, those on request too."""
    return [score["id"] for score in spec["scores"] if "across" not in score]


def policies(spec):
    named = {name for score in spec["scores"] for name in score.get("missing_options", {})}
    return st.sampled_from([None, *sorted(named)])


def codings(spec):
    return st.sampled_from([*CODINGS, *spec.get("codings", {})])


def asked(spec):
    """The scores asked for: the usual ones, if there are any, or all."""
    usual = any(not score.get("on_request") for score in spec["scores"])
    return st.sampled_from([*([None] if usual else []), every_score(spec)])


def as_frame(rows):
    return pl.DataFrame([forms.as_text(row) for row in rows])


def scored_items(spec):
    return scoring.counted(spec)


def climbing(scale):
    """Give the answers of a scale from the one that counts least to the one that counts most."""
    values = scoring.values_of(scale)
    return sorted(forms.answers(scale), key=lambda code: values.get(code, code))


def rising(spec):
    """Name the scores of which no higher answer can take anything away.

    A criterion that asks for little of something is not one, nor a sum with a negative weight.
    """
    found = []
    for score in spec["scores"]:
        falls = any("at_most" in each for each in score.get("met", {}).values())
        falls = falls or any(weight < 0 for weight in score.get("weights", {}).values())
        falls = falls or score["method"] == "difference"
        if "across" not in score and not falls and set(score.get("of", [])) <= set(found):
            found.append(score["id"])
    return found


@each_spec
@few
@given(data=st.data())
def test_agrees_with_the_oracle_on_any_form(name, data):
    instrument, spec = loaded(name)
    rows = data.draw(st.lists(forms.rows(spec, invalid=True), min_size=1, max_size=6))
    coding, scores = data.draw(codings(spec)), data.draw(asked(spec))
    policy = data.draw(policies(spec))
    tidy = romframe.score(as_frame(rows), instrument, coding=coding, missing=policy, scores=scores)
    assert_agree(tidy, spec, rows, coding=coding, policy=policy, scores=scores)


@each_spec
@few
@given(data=st.data())
def test_agrees_with_the_oracle_on_forms_with_few_gaps(name, data):
    """Mostly answered forms, so that every policy gets scores to give."""
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec, missing=False))
    gaps = data.draw(st.sets(st.sampled_from(sorted(row)), max_size=4))
    row = {item: None if item in gaps else cell for item, cell in row.items()}
    coding, scores = data.draw(codings(spec)), data.draw(asked(spec))
    policy = data.draw(policies(spec))
    tidy = romframe.score(as_frame([row]), instrument, coding=coding, missing=policy, scores=scores)
    assert_agree(tidy, spec, [row], coding=coding, policy=policy, scores=scores)


@each_spec
@fewer
@given(data=st.data())
def test_one_form_alone_scores_as_it_does_in_a_table(name, data):
    instrument, spec = loaded(name)
    rows = data.draw(st.lists(forms.rows(spec, invalid=True), min_size=2, max_size=5))
    frame = as_frame(rows)
    how = {"coding": "scored", "shape": "wide", "scores": every_score(spec)}
    table = romframe.score(frame, instrument, **how)
    for n in range(len(rows)):
        alone = romframe.score(frame[n], instrument, **how)
        assert alone.equals(table[n])


@each_spec
@fewer
@given(data=st.data(), seed=st.integers(0, 999))
def test_the_order_of_rows_and_columns_changes_nothing(name, data, seed):
    instrument, spec = loaded(name)
    rows = data.draw(st.lists(forms.rows(spec, invalid=True), min_size=2, max_size=6))
    frame = as_frame(rows).with_row_index("form")
    columns = list(frame.columns)
    random.Random(seed).shuffle(columns)
    shuffled = frame.select(columns).sample(fraction=1, shuffle=True, seed=seed)
    how = {"coding": "position", "shape": "wide", "scores": every_score(spec)}
    found = romframe.score(shuffled, instrument, **how).sort("form")
    expected = romframe.score(frame, instrument, **how)
    assert found.equals(expected)


@each_spec
@pytest.mark.parametrize("blank", forms.BLANKS)
def test_an_empty_form_never_gets_a_number(name, blank):
    instrument, spec = loaded(name)
    frame = pl.DataFrame([{item["id"]: blank for item in spec["items"]}])
    for policy in [None, *{p for s in spec["scores"] for p in s.get("missing_options", {})}]:
        tidy = romframe.score(
            frame, instrument, coding="scored", missing=policy, scores=every_score(spec)
        )
        assert tidy["value"].null_count() == tidy.height
        assert set(tidy["status"]) == {"refused"}
        assert set(tidy["reason"]) <= {"nothing_answered", "input_refused"}
        assert set(tidy["answered"]) == {0}
        assert tidy["band"].null_count() == tidy.height


@each_spec
@few
@given(data=st.data())
def test_a_blank_never_counts_as_the_lowest_answer(name, data):
    """Wherever blanking one answer leaves a number, it is not that of the lowest by accident.

    Where 0 is no answer, the lowest one is tried. A sum of what is known is the exception that its
    policy and its reason name.
    """
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec, missing=False))
    item = data.draw(st.sampled_from(scored_items(spec)))
    scale = spec["response_scales"][_item(spec, item)["scale"]]
    lowest = climbing(scale)[0]
    counts = float(scoring.values_of(scale).get(lowest, lowest))
    frame = as_frame([{**row, item: lowest}, {**row, item: None}])
    tidy = romframe.score(frame, instrument, coding="scored", scores=every_score(spec)).to_dicts()
    with_low, with_blank = tidy[: len(tidy) // 2], tidy[len(tidy) // 2 :]
    for ours, gap in zip(with_low, with_blank, strict=True):
        score = _score(spec, ours["score"])
        inputs = scoring.inputs(spec, score.get("items"))
        if item not in inputs:
            continue
        assert gap["answered"] == ours["answered"] - 1
        if gap["value"] is None or gap["reason"] == "sum_of_known":
            continue
        assert gap["reason"] == "items_missing"
        times = len(inputs) if score["method"] == "sum" else 1
        rest = gap["value"] * gap["answered"] + counts * times * float(scoring.constant(score))
        assert ours["value"] * ours["answered"] == pytest.approx(rest)


def _score(spec, score_id):
    return next(score for score in spec["scores"] if score["id"] == score_id)


@each_spec
@few
@given(data=st.data())
def test_an_answer_outside_the_scale_refuses_whatever_the_policy(name, data):
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec))
    item = data.draw(st.sampled_from(scored_items(spec)))
    scale = spec["response_scales"][_item(spec, item)["scale"]]
    odd = [-1, 7, 44, "x", "1.5", "true", "0x1", "1,0"]
    wrong = [each for each in odd if scoring.read({}, scale, each, "scored", {})[0] == "invalid"]
    row[item] = data.draw(st.sampled_from(wrong))
    policy = data.draw(policies(spec))
    how = {"coding": "scored", "missing": policy, "scores": every_score(spec)}
    tidy = romframe.score(as_frame([row]), instrument, **how)
    touched = [
        score["id"] for score in spec["scores"] if item in scoring.inputs(spec, score.get("items"))
    ]
    for verdict in tidy.filter(pl.col("score").cast(pl.String).is_in(touched)).to_dicts():
        assert verdict["value"] is None
        assert (verdict["status"], verdict["reason"]) == ("refused", "invalid_response")


@each_spec
@fewer
@given(data=st.data())
def test_turning_by_hand_and_by_coding_are_the_same(name, data):
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec))
    turned = {item["id"]: _by_hand(spec, item, row[item["id"]]) for item in spec["items"]}
    again = {item["id"]: _by_hand(spec, item, turned[item["id"]]) for item in spec["items"]}
    assert again == row
    names = every_score(spec)
    by_position = romframe.score(as_frame([row]), instrument, coding="position", scores=names)
    as_scored = romframe.score(as_frame([turned]), instrument, coding="scored", scores=names)
    assert by_position.equals(as_scored)


def _by_hand(spec, item, cell):
    scale = spec["response_scales"][item["scale"]]
    if not item.get("reversed") or cell not in forms.answers(scale):
        return cell
    if "range" in scale:
        return forms.number(sum(scoring.ends(scale)) - cell)
    values = scoring.values_of(scale)
    codes = sorted(values, key=values.get)
    return codes[len(codes) - 1 - codes.index(cell)]


@each_spec
@few
@given(data=st.data())
def test_scores_stay_inside_their_declared_range(name, data):
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec))
    policy = data.draw(policies(spec))
    how = {"coding": "position", "missing": policy, "scores": every_score(spec)}
    tidy = romframe.score(as_frame([row]), instrument, **how)
    for verdict in tidy.to_dicts():
        if verdict["value"] is not None:
            low, high = _score(spec, verdict["score"])["range"]
            assert low <= verdict["value"] <= high


@each_spec
@pytest.mark.parametrize("end", [0, -1])
def test_the_ends_of_the_declared_range_are_reached(name, end):
    instrument, spec = loaded(name)
    scales = spec["response_scales"]
    row = {item["id"]: climbing(scales[item["scale"]])[end] for item in spec["items"]}
    tidy = romframe.score(as_frame([row]), instrument, coding="scored", scores=every_score(spec))
    found = dict(tidy.select(pl.col("score").cast(pl.String), "value").iter_rows())
    assert {name: found[name] for name in rising(spec)} == {
        name: _score(spec, name)["range"][end] for name in rising(spec)
    }


@each_spec
@few
@given(data=st.data())
def test_a_higher_answer_never_lowers_a_score(name, data):
    instrument, spec = loaded(name)
    row = data.draw(forms.rows(spec, missing=False))
    item = data.draw(st.sampled_from(scored_items(spec)))
    scale = spec["response_scales"][_item(spec, item)["scale"]]
    climb = [{**row, item: code} for code in climbing(scale)]
    how = {"coding": "scored", "shape": "wide", "scores": every_score(spec)}
    wide = romframe.score(as_frame(climb), instrument, **how)
    for score in rising(spec):
        assert wide[score].is_sorted()


def _item(spec, item_id):
    return next(item for item in spec["items"] if item["id"] == item_id)


@each_spec
def test_one_gap_above_the_limit_is_always_refused(name):
    instrument, spec = loaded(name)
    full = {
        item["id"]: forms.answers(spec["response_scales"][item["scale"]])[0]
        for item in spec["items"]
    }
    for score in [each for each in spec["scores"] if "items" in each]:
        items = scoring.inputs(spec, score["items"])
        for policy in (None, *score.get("missing_options", {})):
            needed, _ = scoring.policy_of(score, len(items), policy)
            rows = [
                {**full, **dict.fromkeys(items[answered:])} for answered in (needed, needed - 1)
            ]
            tidy = romframe.score(
                as_frame(rows), instrument, coding="scored", missing=policy, scores=[score["id"]]
            )
            reason = "too_many_missing" if needed > 1 else "nothing_answered"
            assert tidy["value"].is_null().to_list() == [False, True]
            assert tidy["reason"].to_list()[1] == reason
            assert tidy["required"].to_list() == [needed, needed]
