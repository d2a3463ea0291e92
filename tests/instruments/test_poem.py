"""POEM: distributions by side, two routes that never meet, and no total."""

import polars as pl
import pytest

import romframe
from romframe import UsageError
from romframe.api import catalogue


NEGATIVE = {"q2a", "q2c", "q2e", "q2g", "q2i", "q3b", "q3c", "q3f"}
POSITIVE = {"q2b", "q2d", "q2f", "q2h", "q2j", "q2k", "q2l", "q3a", "q3d", "q3e"}
COMMUNITY = ["q1a", "q1b", *(f"q2{letter}" for letter in "abcdefghijkl")]
UNIT = [f"q3{letter}" for letter in "abcdef"]


@pytest.fixture
def poem():
    return catalogue().instrument("poem")


def returns(count=1, **answers):
    """Community returns without section 3, all alike but for the items that are given."""
    about = {"respondent": ["patient"] * count, "service": ["community"] * count}
    same = {name: [1] * count for name in COMMUNITY}
    return pl.DataFrame({**about, **same, **answers})


def counted(frame, item, **options):
    found = romframe.distribution(frame, "poem", coding="form_order", **options)
    return found.filter(pl.col("item") == item)


def spread(*counts):
    """So many answers of the first kind, of the second, ..."""
    return [code for code, count in enumerate(counts, 1) for _ in range(count)]


def test_both_forms_are_the_closed_items_of_one_spec(poem):
    closed = [item.id for item in poem.items if item.scale.kind == "coded"]
    assert closed == ["respondent", "service", *COMMUNITY, *UNIT]
    assert (len(COMMUNITY), len(COMMUNITY) + len(UNIT)) == (14, 20)
    assert {item.id for item in poem.items if item.required_when} == set(UNIT)


def test_the_good_side_follows_the_wording(poem):
    for name in NEGATIVE | POSITIVE:
        good, bad = ((3, 4), (1, 2)) if name in NEGATIVE else ((1, 2), (3, 4))
        assert (poem.item(name).favourable, poem.item(name).unfavourable) == (good, bad)
    assert len(NEGATIVE) + len(POSITIVE) == 18
    for name in ("q1a", "q1b"):
        assert poem.item(name).favourable == (1, 2)


def test_every_closed_item_has_a_code_of_its_own_and_none_for_a_total(poem):
    codes = [code.id for item in poem.items for code in item.codes]
    assert (len(codes), len(set(codes)), poem.scores) == (20, 20, ())


def test_eighty_community_forms():
    """Worked in the reference: 1 of 80 is 1.3 %, not 1.2 as rounding to even would have it."""
    frame = returns(80, q2a=spread(3, 11, 40, 26), q2b=spread(50, 26, 3, 1))
    negative, positive = counted(frame, "q2a"), counted(frame, "q2b")
    assert negative["n"].to_list() == [3, 11, 40, 26]
    assert negative["percent"].to_list() == ["3.8", "13.8", "50.0", "32.5"]
    assert set(negative["favourable_percent"]) == {"82.5"}
    assert positive["percent"].to_list() == ["62.5", "32.5", "3.8", "1.3"]
    assert positive["share"].to_list() == [50 / 80, 26 / 80, 3 / 80, 1 / 80]
    assert set(positive["favourable_percent"]) == {"95.0"}
    assert positive["side"].to_list() == ["favourable"] * 2 + ["unfavourable"] * 2


def test_section_1_is_two_bars_that_nobody_links():
    pairs = [(5, 2), (4, 2), (3, 3), (5, 1), (4, 4), (2, 2), (3, 1), (4, 5)]
    first, discharge = zip(*pairs, strict=True)
    frame = returns(8, q1a=list(first), q1b=list(discharge))
    assert counted(frame, "q1a")["n"].to_list() == [0, 1, 2, 3, 2]
    assert counted(frame, "q1b")["n"].to_list() == [2, 3, 1, 1, 1]
    whole = romframe.distribution(frame, "poem", coding="form_order")
    shuffled = frame.with_columns(pl.col("q1b").reverse())
    assert whole.equals(romframe.distribution(shuffled, "poem", coding="form_order"))


def test_partners_are_counted_apart():
    frame = returns(3, respondent=["partner_or_other", "patient", None], q2l=[4, 1, 1])
    found = counted(frame, "q2l", by="respondent")
    groups = found.filter(pl.col("n") > 0).select("respondent", "code", "of").rows()
    assert groups == [("patient", "1", 1), ("partner or other", "4", 1), (None, "1", 1)]


def test_a_community_return_is_not_asked_about_the_unit():
    frame = returns(2, service=["community", "inpatient"], q3b=[None, None])
    row = counted(frame, "q3b").row(0, named=True)
    assert (row["of"], row["blank"], row["not_asked"], row["returns"]) == (0, 1, 1, 2)
    assert row["favourable_share"] is None
    assert row["favourable_percent"] is None


def test_do_not_reproduce_a_total_of_poem():
    for ask in ({}, {"scores": ["total"]}):
        with pytest.raises(UsageError) as refused:
            romframe.score(returns(), "poem", coding="form_order", **ask)
        (problem,) = refused.value.problems
        assert problem.code == "no-totals"
        assert "distribution" in problem.what


def test_data_must_say_where_they_count_from():
    with pytest.raises(UsageError) as refused:
        romframe.distribution(returns(), "poem")
    assert refused.value.problems[0].code == "coding-needed"
    frame = returns(2, q2a=[0, 3])
    from_0 = romframe.distribution(frame, "poem", coding="from_0").filter(pl.col("item") == "q2a")
    assert from_0["n"].to_list() == [1, 0, 0, 1]
    form = counted(frame, "q2a")
    assert (form["n"].to_list(), form["invalid"][0]) == ([0, 0, 1, 0], 1)


def test_answers_in_words_are_refused_whatever_they_count_from():
    found = romframe.distribution(returns(q2a=["agree"]), "poem", coding="from_0")
    assert found.filter(pl.col("item") == "q2a")["invalid"].unique().to_list() == [1]
