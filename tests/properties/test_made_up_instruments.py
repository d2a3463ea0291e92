"""Any instrument that the spec language can say scores as the oracle works it out by hand."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from oracles import forms, made_up
from oracles.agree import assert_agree

import romframe
from romframe.api import catalogue
from romframe.instruments.loader import parse_instrument


def instrument_of(spec):
    return parse_instrument(made_up.dump(spec), "made_up.yaml", catalogue().vocabulary)


def form_rows(spec):
    forms_of_it = forms.rows(spec, invalid=True)
    people = st.sampled_from([{"gender": "F"}, {"gender": "M"}, {"gender": None}])
    both = st.builds(lambda form, person: {**form, **person}, forms_of_it, people)
    return st.lists(both, min_size=1, max_size=6)


@given(data=st.data(), spec=made_up.specs(), coding=st.sampled_from(["position", "scored"]))
def test_agrees_with_the_oracle(data, spec, coding):
    rows = data.draw(form_rows(spec))
    policy = data.draw(st.sampled_from([None, "other"]))
    if not any("missing_options" in score for score in spec["scores"]):
        policy = None
    frame = pl.DataFrame([forms.as_text(row) for row in rows]).with_columns(
        gender=pl.Series([row["gender"] for row in rows], dtype=pl.String)
    )
    tidy = romframe.score(frame, instrument_of(spec), coding=coding, missing=policy)
    exactly = not any("of" in score for score in spec["scores"])
    assert_agree(tidy, spec, rows, coding=coding, policy=policy, exactly=exactly)


@given(data=st.data(), spec=made_up.specs())
def test_scores_stay_inside_their_range(data, spec):
    rows = data.draw(form_rows(spec))
    frame = pl.DataFrame([forms.as_text(row) for row in rows])
    wide = romframe.score(frame, instrument_of(spec), coding="position", shape="wide")
    for score in spec["scores"]:
        low, high = score["range"]
        assert wide[score["id"]].drop_nulls().is_between(low, high).all()
