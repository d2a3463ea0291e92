import polars as pl
import pytest
from attrs import evolve

from romframe.errors import StoreError
from romframe.store import Store


TIDY = {
    "assessment_id": [1, 1],
    "score": ["total", "risk"],
    "value": [12.5, None],
    "status": ["scored", "refused"],
    "reason": [None, "too_many_missing"],
    "answered": [3, 1],
    "required": [3, 3],
    "band": ["high", None],
    "policy": ["default", "default"],
    "evidence": ["verified", "local"],
    "extra": ["x", "x"],
}


def test_a_misspelt_table_is_named_with_the_nearest(store):
    with pytest.raises(StoreError) as caught:
        store.table("refferal")
    (problem,) = caught.value.problems
    assert problem.code == "unknown-table"
    assert problem.mend == "Did you mean 'referral'?"


def test_rows_of_a_table_can_be_asked_for_by_the_values_of_any_column(with_referrals):
    whole = with_referrals.table("referral")
    assert whole.height > 1
    for column in ("referral_id", "service_user_id"):
        wanted = whole.get_column(column).head(1)
        expected = whole.filter(pl.col(column) == wanted.item())
        assert with_referrals.table("referral", pl.concat([wanted, wanted])).equals(expected)


def test_no_values_give_no_rows_of_a_table(with_referrals):
    none = pl.Series("referral_id", [None, "nobody"])
    assert with_referrals.table("referral", none).is_empty()


@pytest.mark.parametrize("name", ["_sqlite_migrations", "sqlite_master", "audit; --"])
def test_only_the_stores_own_tables_can_be_read(store, name):
    with pytest.raises(StoreError):
        store.table(name)


def test_an_empty_table_has_its_columns_and_types(store):
    table = store.table("referral")
    assert table.is_empty()
    assert table.schema["received_on"] == pl.String
    assert store.table("score").schema["value"] == pl.Float64
    assert store.table("assessment").schema["assessment_id"] == pl.Int64


def test_scores_are_kept_with_the_definition_that_made_them(with_referrals, mood, kit):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    tidy = pl.DataFrame(TIDY).with_columns(pl.col("status").cast(pl.Categorical))
    with_referrals.save_scores(mood, tidy, kit.now)
    saved = with_referrals.table("score")
    assert saved.row(by_predicate=pl.col("score") == "total", named=True) == {
        "assessment_id": 1,
        "score": "total",
        "value": 12.5,
        "status": "scored",
        "reason": None,
        "answered": 3,
        "required": 3,
        "band": "high",
        "policy": "default",
        "evidence": "verified",
        "spec_digest": "spec-digest",
        "scored_at": "2025-03-04T09:30:00+00:00",
    }


def test_a_new_score_takes_the_place_of_the_old_one(with_referrals, mood, kit):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    with_referrals.save_scores(mood, pl.DataFrame(TIDY), kit.now)
    newer = pl.DataFrame(TIDY | {"value": [13.0, 2.0]})
    with_referrals.save_scores(evolve(mood, digest="newer"), newer, kit.now)
    saved = with_referrals.table("score").sort("score")
    assert saved["value"].to_list() == [2.0, 13.0]
    assert saved["spec_digest"].unique().to_list() == ["newer"]


def test_a_store_is_closed_at_the_end_of_a_with_block(path):
    with Store.create(path):
        pass
    assert [file.name for file in path.parent.iterdir()] == [path.name]
