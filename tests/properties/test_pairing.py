"""One verdict for every referral, whatever assessments it has, and whatever order they come in."""

import random
from datetime import date, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from oracles import pairing as oracle

from romframe.pairing import PairingPolicy, pair


REFERRALS = [f"R{n}" for n in range(5)]
MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 59),  # noqa: DTZ001  (wall time of the service)
    *(datetime(2025, 1, day, hour) for day in (1, 2, 8, 15) for hour in (0, 9, 23)),  # noqa: DTZ001
]
SCHEMA = {
    "referral_id": pl.String,
    "completed_at": pl.Datetime("ms"),
    "value": pl.Float64,
    "outcome": pl.String,
    "timepoint": pl.String,
    "rater": pl.String,
    "version": pl.String,
    "setting": pl.String,
    "assessment_id": pl.Int64,
}
ONE = st.fixed_dictionaries(
    {
        "referral_id": st.sampled_from(REFERRALS),
        "completed_at": st.sampled_from(MOMENTS),
        "value": st.sampled_from([None, 3.0, 7.5, 20.0]),
        "outcome": st.sampled_from(["completed"] * 5 + ["declined", "missed"]),
        "timepoint": st.sampled_from(["assessment", "review", "discharge"]),
        "rater": st.sampled_from(["ann", "ann", "ben", None]),
        "version": st.sampled_from(["1", "1", "2"]),
        "setting": st.sampled_from(["ward", "ward", "home", None]),
    }
)
POLICY = st.fixed_dictionaries(
    {
        "first_timepoints": st.sampled_from([(), ("assessment",), ("assessment", "review")]),
        "last_timepoints": st.sampled_from([(), ("discharge",), ("review", "discharge")]),
        "same": st.sampled_from(
            [(), ("rater",), ("setting", "rater"), ("rater", "version", "setting")]
        ),
        "minimum_gap_days": st.sampled_from([0, 0, 1, 7]),
        "closed_only": st.booleans(),
    }
)
CLOSED = st.lists(st.sampled_from([None, date(2025, 3, 1)]), min_size=5, max_size=5)


@st.composite
def assessments(draw):
    rows = draw(st.lists(ONE, max_size=20))
    ids = draw(st.permutations(range(1, len(rows) + 1)))
    return [{**row, "assessment_id": number} for row, number in zip(rows, ids, strict=True)]


def frame_of(rows):
    return pl.DataFrame(rows, schema=SCHEMA).lazy()


def referrals_of(closed):
    return pl.DataFrame(
        {"referral_id": REFERRALS, "closed_on": closed}, schema_overrides={"closed_on": pl.Date}
    )


@given(rows=assessments(), policy=POLICY, closed=CLOSED)
def test_verdicts_and_pairs_agree_with_the_oracle(rows, policy, closed):
    referrals = referrals_of(closed)
    found = pair(frame_of(rows), referrals.lazy(), PairingPolicy("ours", **policy)).collect()
    assert sorted(found["referral_id"]) == REFERRALS
    expected = oracle.pair(rows, referrals.to_dicts(), policy)
    for row in found.to_dicts():
        verdict, first, last = expected[row["referral_id"]]
        assert row["verdict"] == verdict
        for name, chosen in (("first", first), ("last", last)):
            assert row[f"{name}_id"] == (chosen and chosen["assessment_id"])
            assert row[f"{name}_at"] == (chosen and chosen["completed_at"])
            assert row[name] == (chosen and chosen["value"])


@given(rows=assessments(), policy=POLICY, closed=CLOSED, seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(rows, policy, closed, seed):
    ours = PairingPolicy("ours", **policy)
    shuffled, referrals = list(rows), referrals_of(closed)
    random.Random(seed).shuffle(shuffled)
    mixed = referrals.sample(fraction=1, shuffle=True, seed=seed)
    found = pair(frame_of(shuffled), mixed.lazy(), ours).collect().sort("referral_id")
    expected = pair(frame_of(rows), referrals.lazy(), ours).collect().sort("referral_id")
    assert found.equals(expected)


@given(rows=assessments(), policy=POLICY)
def test_without_referrals_they_are_those_of_the_assessments(rows, policy):
    policy = {**policy, "closed_only": False}
    found = pair(frame_of(rows), None, PairingPolicy("ours", **policy)).collect()
    known = sorted({row["referral_id"] for row in rows})
    assert sorted(found["referral_id"]) == known
    expected = oracle.pair(rows, [{"referral_id": name} for name in known], policy)
    assert dict(found.select("referral_id", "verdict").iter_rows()) == {
        name: verdict for name, (verdict, _, _) in expected.items()
    }


@given(rows=assessments(), closed=CLOSED)
def test_a_pair_is_never_one_assessment_and_never_a_refused_one(rows, closed):
    found = pair(frame_of(rows), referrals_of(closed).lazy()).collect()
    paired = found.filter(pl.col("verdict") == "paired")
    assert (paired["first_id"] != paired["last_id"]).all()
    assert paired.select("first", "last", "first_at", "last_at").null_count().row(0) == (0, 0, 0, 0)
    assert (paired["first_at"] <= paired["last_at"]).all()
    others = found.filter(pl.col("verdict") != "paired")
    assert others.select(pl.col("first_id", "last_id", "first", "last").is_null().all()).row(0) == (
        (True,) * 4
    )
