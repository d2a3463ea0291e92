"""What holds of any caseload under any pack."""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from romframe_mhsds.national.frames import Frames
from romframe_mhsds.national.packs import load_pack, shipped
from romframe_mhsds.national.preview import preview
from romframe_mhsds.national.tables import reasons


AS_OF = date(2023, 11, 30)
PACKS = {name: load_pack(name) for name in shipped()}
CHEAP = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
CODES = ("718583008", "958051000000104", "1638531000000102", "718658004", "979641000000103", "1")
REFERRALS = st.fixed_dictionaries(
    {
        "received": st.dates(date(2023, 1, 1), date(2024, 1, 15)),
        "days": st.none() | st.integers(0, 300),
        "birth_date": st.none() | st.dates(date(1960, 1, 1), date(2018, 1, 1)),
        "team_types": st.lists(st.sampled_from(["C02", "A06", "F02", "E01"]), max_size=2),
        "gender": st.sampled_from([None, "1", "2"]),
        "rejected_on": st.none() | st.just(date(2023, 6, 1)),
        "residence": st.sampled_from([None, "E06000052", "S12000033"]),
        "inpatient": st.sampled_from([False, False, True]),
        "contacts": st.lists(st.integers(0, 200), max_size=4),
        "mechanism": st.sampled_from(["01", "02", "11", "99"]),
        "scores": st.lists(
            st.tuples(
                st.integers(0, 250),
                st.sampled_from(["0", "5", "9", "20", "41", "B", ""]),
                st.sampled_from(CODES),
            ),
            max_size=6,
        ),
    }
)


@pytest.fixture
def filled(caseload):
    def fill(made):
        for lists in (caseload.referrals, caseload.contacts, caseload.scores):
            lists.clear()
        for each in made:
            facts = dict(each)
            received, scores = facts.pop("received"), facts.pop("scores")
            name = caseload.referral(received.isoformat(), facts.pop("days"), **facts)
            for day, value, concept in scores:
                caseload.score(name, day, value, concept)
        return caseload.frames()

    return fill


@CHEAP
@given(made=st.lists(REFERRALS, max_size=6), pack=st.sampled_from(sorted(PACKS)))
def test_each_referral_is_paired_or_has_one_reason(filled, made, pack):
    frames = filled(made)
    found = preview(frames, PACKS[pack], AS_OF)
    rows = found.referrals
    assert rows["referral_id"].is_unique().all()
    counts_and_pairs = rows["counted"] & rows["paired_any"]
    assert (rows["reason"].is_null() == counts_and_pairs).all()
    assert set(rows["reason"].drop_nulls()) <= set(reasons())
    assert (rows["explanation"].is_null() == rows["reason"].is_null()).all()
    assert not (rows["paired_any"] & ~rows["assessed_any"]).any()
    counted = rows.filter("counted")
    assert counted["service"].null_count() == 0
    late = {each["referral_id"] for each in frames.referrals.iter_rows(named=True)
            if each["received_on"] > AS_OF}  # fmt: skip
    assert not late & set(rows["referral_id"])


@CHEAP
@given(made=st.lists(REFERRALS, max_size=6), pack=st.sampled_from(sorted(PACKS)))
def test_counts_add_up(filled, made, pack):
    ready = PACKS[pack]
    found = preview(filled(made), ready, AS_OF)
    figures, rows = found.figures, found.referrals
    assert (figures["numerator"] <= figures["denominator"]).all()
    first = ready.figures[0].id
    services = [each.id for each in ready.services]
    alone = figures.filter(pl.col("figure") == first, pl.col("group").is_in(services))
    assert alone["denominator"].sum() == rows["counted"].sum()
    for group in ready.groups:
        own = figures.filter(pl.col("group") == group.id).select("numerator", "denominator").sum()
        parts = figures.filter(pl.col("group").is_in(group.services))
        assert_frame_equal(own, parts.select("numerator", "denominator").sum())
    assert found.effects["referrals"].sum() == found.would_change.height
    assert found.would_change["referral_id"].is_unique().all()


@CHEAP
@given(
    made=st.lists(REFERRALS, max_size=5),
    pack=st.sampled_from(sorted(PACKS)),
    seed=st.integers(0, 99),
)
def test_the_order_of_the_rows_does_not_matter(filled, made, pack, seed):
    frames = filled(made)
    mixed = Frames(*(frame.sample(fraction=1, shuffle=True, seed=seed) for frame in
                     (frames.referrals, frames.contacts, frames.scores)))  # fmt: skip
    one, other = (preview(each, PACKS[pack], AS_OF) for each in (frames, mixed))
    for name in ("referrals", "pairs", "figures", "would_change", "effects"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


def test_a_larger_caseload_gives_the_same_twice(caseload):
    rng = random.Random(4)
    for _ in range(300):
        received = date(2023, 1, 1) + timedelta(rng.randrange(320))
        name = caseload.referral(received.isoformat(), rng.choice([None, 20, 60, 200]))
        for day in range(0, 120, 30):
            caseload.score(name, day, rng.randrange(45))
    found = [caseload.preview("cquin_2023_24", "2023-11-30") for _ in range(2)]
    assert_frame_equal(found[0].referrals, found[1].referrals)
    assert found[0].referrals["reason"].n_unique() > 3
