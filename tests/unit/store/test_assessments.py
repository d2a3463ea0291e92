import json
import sqlite3

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe.errors import StoreError
from romframe.instruments.model import Option
from romframe.store import Store, frames


FULL = {
    "q1": 3,
    "q2": 0,
    "kind": "B",
    "rank": 2,
    "weight": 7.1,
    "minutes": 90_000,
    "note": "a | b \u00e9",
    "team": "south",
    "source_id": "S1",
}


def current(store, instrument):
    return store.responses(instrument).collect()


def counts(result):
    return (result.accepted, result.unchanged, result.corrected, result.rejected)


def content(store, instrument):
    """Everything about the current assessments that must not depend on how they came in."""
    frame = current(store, instrument)
    return frame.drop("import_batch_id", "supersedes", "recorded_at", "assessment_id").sort(
        pl.all()
    )


def test_answers_come_back_as_they_went_in(with_referrals, mood, kit):
    rows = [FULL, {"completed_at": "2025-02-02", "states": '{"q1": "not_known"}'}]
    result = kit.put(with_referrals, kit.assessments(rows), mood)
    assert counts(result) == (2, 0, 0, 0)
    first, second = current(with_referrals, mood).sort("completed_at").iter_rows(named=True)
    assert {name: first[name] for name in FULL} == FULL
    assert first["states"] is None
    blank = [item.id for item in mood.items]
    assert [second[name] for name in blank] == [None] * len(blank)
    assert second["states"] == '{"q1": "not_known"}'


def test_a_row_comes_with_what_its_referral_says(with_referrals, mood, kit):
    own = {"referral_id": "R2", "team": "south", "setting": "ward"}
    kit.put(with_referrals, kit.assessments([{}, own]), mood)
    one, two = current(with_referrals, mood).sort("referral_id").iter_rows(named=True)
    assert (one["service_user_id"], one["team"], one["setting"]) == ("P1", "north", "community")
    assert (two["service_user_id"], two["team"], two["setting"]) == ("P2", "south", "ward")
    assert (one["pathway"], one["received_on"], one["closed_on"]) == (
        "treatment",
        "2025-01-10",
        None,
    )
    assert (one["instrument"], one["version"], one["outcome"]) == ("mood", "1", "completed")
    assert one["recorded_at"] == "2025-03-04T09:30:00+00:00"


def test_the_same_import_again_changes_nothing(with_referrals, mood, kit):
    prepared = kit.assessments([FULL, {"completed_at": "2025-02-02"}])
    kit.put(with_referrals, prepared, mood)
    before = current(with_referrals, mood)
    assert counts(kit.put(with_referrals, prepared, mood)) == (0, 2, 0, 0)
    assert current(with_referrals, mood).equals(before)
    assert with_referrals.table("assessment").height == 2


def test_the_order_of_a_file_does_not_matter(tmp_path, mood, kit):
    days = [{"completed_at": f"2025-02-{day:02d}", "q1": day % 4} for day in range(1, 20)]
    tables = []
    for name, rows in (("there", days), ("back", days[::-1])):
        with Store.create(tmp_path / name) as store:
            kit.put(store, kit.assessments(rows), mood, unknown_referrals="create")
            tables.append(current(store, mood))
    assert tables[0].equals(tables[1])


def test_a_row_without_a_referral_is_refused_with_its_reason(with_referrals, mood, kit):
    rows = [{"referral_id": "R9"}, {"q1": 1}]
    result = kit.put(with_referrals, kit.assessments(rows), mood)
    assert counts(result) == (1, 0, 0, 1)
    (line,) = with_referrals.rejected().iter_rows(named=True)
    assert (line["row"], line["code"], line["column"]) == (1, "unknown-referral", "referral_id")
    assert line["what"] == "The referral 'R9' is not in the store."
    assert line["raw"] == '{"line":"1"}'
    assert line["resolved_by"] is None


def test_referrals_are_made_where_the_mapping_says_so(store, mood, kit):
    prepared = kit.assessments([{"referral_id": "R9"}])
    assert counts(kit.put(store, prepared, mood, unknown_referrals="create")) == (1, 0, 0, 0)
    assert store.table("referral").row(0, named=True) == {
        "referral_id": "R9",
        "service_user_id": None,
        "team": None,
        "team_type": None,
        "setting": None,
        "pathway": None,
        "received_on": None,
        "closed_on": None,
        "close_reason": None,
        "details": None,
    }
    assert current(store, mood).height == 1


@pytest.mark.parametrize("when", ["2025-01-10", "2025-01-10T00:00:00", "2025-01-10T08:00:00+01:00"])
def test_an_assessment_on_the_day_of_the_referral_is_kept(with_referrals, mood, kit, when):
    prepared = kit.assessments([{"completed_at": when}])
    assert counts(kit.put(with_referrals, prepared, mood)) == (1, 0, 0, 0)


@pytest.mark.parametrize("when", ["2025-01-09", "2025-01-09T23:59:59"])
def test_an_assessment_before_its_referral_is_refused(with_referrals, mood, kit, when):
    prepared = kit.assessments([{"completed_at": when}])
    assert counts(kit.put(with_referrals, prepared, mood)) == (0, 0, 0, 1)
    (line,) = with_referrals.rejected().iter_rows(named=True)
    assert (line["code"], line["column"]) == ("before-referral", "completed_at")
    assert "2025-01-09, before its referral was received on 2025-01-10" in line["what"]


def test_a_change_is_refused_unless_corrections_are_accepted(with_referrals, mood, kit):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    result = kit.put(with_referrals, kit.assessments([{"q1": 2}]), mood)
    assert counts(result) == (0, 0, 0, 1)
    assert current(with_referrals, mood)["q1"].to_list() == [1]
    (line,) = with_referrals.rejected().iter_rows(named=True)
    assert line["code"] == "correction-refused"
    assert "(1)" in line["what"]
    assert "corrections: accept" in line["mend"]


def test_a_correction_keeps_what_it_corrects(with_referrals, mood, kit):
    for answer in (1, 2, 3):
        prepared = kit.assessments([{"q1": answer}])
        result = kit.put(with_referrals, prepared, mood, corrections="accept")
    assert counts(result) == (0, 0, 1, 0)
    versions = with_referrals.table("assessment")
    assert versions.select("assessment_id", "supersedes", "superseded_by").rows() == [
        (1, None, 2),
        (2, 1, 3),
        (3, 2, None),
    ]
    assert with_referrals.table("responses_mood__1")["q1"].to_list() == [1, 2, 3]
    assert current(with_referrals, mood).select("assessment_id", "q1").rows() == [(3, 3)]
    assert with_referrals.assessments("mood")["assessment_id"].to_list() == [3]


@pytest.mark.parametrize(
    "change",
    [
        {"q1": None},
        {"note": "a | b"},
        {"weight": 7.2},
        {"states": '{"q1": "declined"}'},
        {"team": "north"},
        {"completed_at": "2025-02-01T09:00:00"},
        {"referral_id": "R2"},
        {"outcome": "declined"},
    ],
)
def test_any_difference_is_a_correction(with_referrals, mood, kit, change):
    kit.put(with_referrals, kit.assessments([FULL | {"row_key": "S1"}]), mood)
    prepared = kit.assessments([FULL | {"row_key": "S1"} | change])
    result = kit.put(with_referrals, prepared, mood, corrections="accept")
    assert counts(result) == (0, 0, 1, 0)
    assert counts(kit.put(with_referrals, prepared, mood)) == (0, 1, 0, 0)


def test_going_back_to_the_first_content_is_a_correction_too(with_referrals, mood, kit):
    for answer in (1, 2, 1):
        prepared = kit.assessments([{"q1": answer}])
        kit.put(with_referrals, prepared, mood, corrections="accept")
    assert with_referrals.table("assessment").height == 3
    assert current(with_referrals, mood)["q1"].to_list() == [1]


def test_what_was_declined_or_missed_counts_as_offered_and_has_no_answers(
    with_referrals, mood, kit
):
    rows = [{"outcome": "declined", "outcome_reason": "unwell"}, {"rater": "carer"}]
    kit.put(with_referrals, kit.assessments(rows), mood)
    offered = with_referrals.assessments()
    assert sorted(offered["outcome"]) == ["completed", "declined"]
    assert current(with_referrals, mood)["rater"].to_list() == ["carer"]
    assert with_referrals.assessments("another").is_empty()


def test_an_instrument_without_answers_yet_gives_an_empty_table_of_the_same_columns(
    with_referrals, mood, kit
):
    before = current(with_referrals, mood)
    kit.put(with_referrals, kit.assessments([FULL]), mood)
    assert before.is_empty()
    assert before.schema == current(with_referrals, mood).schema


def test_every_goal_is_an_assessment_of_its_own(with_referrals, kit):
    goals = kit.goals()
    rows = [{"goal_id": goal, "row_key": f"goals|{goal}", "q1": 2} for goal in ("G1", "G2")]
    kit.put(with_referrals, kit.assessments(rows), goals)
    assert current(with_referrals, goals).select("goal_id", "q1").rows() == [("G1", 2), ("G2", 2)]


def changed_items(mood, change):
    first, *rest = mood.items
    scale = first.scale
    return {
        "scale": (evolve(first, scale=evolve(scale, options=scale.options[:-1], high=2)), *rest),
        "value": (
            evolve(first, scale=evolve(scale, options=(Option(0, "none", 1), *scale.options[1:]))),
            *rest,
        ),
        "reversed": (evolve(first, reversed=True), *rest),
        "missing code": (evolve(first, scale=evolve(scale, missing=())), *rest),
        "item gone": tuple(rest),
        "item new": (*mood.items, evolve(first, id="q9")),
    }[change]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("scale", "item q1 differs"),
        ("value", "item q1 differs"),
        ("reversed", "item q1 differs"),
        ("missing code", "item q1 differs"),
        ("item gone", "item q1 is gone"),
        ("item new", "item q9 is new"),
    ],
)
def test_a_changed_spec_under_the_same_version_is_refused(with_referrals, mood, kit, change, told):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    other = evolve(mood, items=changed_items(mood, change), digest="another")
    with pytest.raises(StoreError) as caught:
        kit.put(with_referrals, kit.assessments([{"completed_at": "2025-02-02"}]), other)
    (problem,) = caught.value.problems
    assert problem.code == "spec-changed"
    assert told in problem.what
    with pytest.raises(StoreError):
        with_referrals.ensure_instrument(other)
    assert with_referrals.table("import_batch").height == 3


def test_labels_scores_and_the_order_of_items_may_change_under_one_version(
    with_referrals, mood, kit
):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    items = tuple(evolve(item, label="other words") for item in reversed(mood.items))
    with_referrals.ensure_instrument(evolve(mood, items=items, digest="another"))


def test_repeating_what_did_not_repeat_is_another_spec(with_referrals, mood, kit):
    with_referrals.ensure_instrument(mood)
    with pytest.raises(StoreError, match="repeats differs"):
        with_referrals.ensure_instrument(evolve(mood, repeats=kit.goals().repeats))


def test_a_new_version_has_its_own_columns_and_old_answers_stay(with_referrals, mood, kit):
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), mood)
    newer = kit.instrument("2", (*mood.items, evolve(mood.items[0], id="q9")))
    assert current(with_referrals, newer).is_empty()
    kit.put(with_referrals, kit.assessments([{"completed_at": "2025-02-02"}]), newer)
    assert current(with_referrals, mood)["q1"].to_list() == [1]
    assert "q9" in current(with_referrals, newer).columns
    assert with_referrals.table("instrument")["version"].to_list() == ["1", "2"]


def test_an_assessment_can_be_corrected_into_another_version(with_referrals, mood, kit):
    prepared = kit.assessments([{"q1": 1}])
    kit.put(with_referrals, prepared, mood)
    newer = kit.instrument("2")
    assert counts(kit.put(with_referrals, prepared, newer, corrections="accept")) == (0, 0, 1, 0)
    assert current(with_referrals, mood).is_empty()
    assert current(with_referrals, newer)["q1"].to_list() == [1]


def test_versions_that_would_share_a_table_are_refused(with_referrals, kit):
    with_referrals.ensure_instrument(kit.instrument("2018.1"))
    with pytest.raises(StoreError) as caught:
        with_referrals.ensure_instrument(kit.instrument("2018-1"))
    assert caught.value.problems[0].code == "version-clash"


def test_a_large_import_ends_with_the_same_indexes(with_referrals, mood, kit, monkeypatch):
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    before = kit.rows(with_referrals, indexes)
    monkeypatch.setattr(frames, "LARGE", 3)
    rows = [{"completed_at": f"2025-02-0{day}"} for day in range(1, 6)]
    kit.put(with_referrals, kit.assessments(rows), mood)
    assert kit.rows(with_referrals, indexes) == before
    assert kit.rows(with_referrals, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("large", [1, 50_000])
def test_the_store_itself_refuses_the_same_assessment_twice(
    with_referrals, mood, kit, monkeypatch, large
):
    monkeypatch.setattr(frames, "LARGE", large)
    twice = kit.assessments([{"row_key": "same"}, {"row_key": "same", "q1": 1}])
    with pytest.raises(sqlite3.IntegrityError):
        kit.put(with_referrals, twice, mood)
    assert with_referrals.assessments().is_empty()
    kit.put(with_referrals, kit.assessments([{"row_key": "same"}]), mood)


def test_odd_text_is_kept_to_the_letter(with_referrals, mood, kit):
    odd = 'it\'s "odd"; DROP TABLE assessment;-- \0 nul \U0001f600 \n'
    rows = [{"note": odd, "completed_at": f"2025-02-0{day}"} for day in (1, 2)]
    kit.put(with_referrals, kit.assessments(rows), mood)
    assert current(with_referrals, mood)["note"].to_list() == [odd, odd]


def test_many_rows_come_back_in_the_order_of_their_numbers(with_referrals, mood, kit):
    count = 2 * frames.CHUNK + 1
    rows = [{"row_key": f"{n:06d}", "minutes": n} for n in range(count)]
    kit.put(with_referrals, kit.assessments(rows), mood)
    back = current(with_referrals, mood)
    assert back["assessment_id"].to_list() == list(range(1, count + 1))
    assert back["minutes"].to_list() == list(range(count))
    again = kit.put(with_referrals, kit.assessments(rows), mood)
    assert counts(again) == (0, count, 0, 0)


def test_the_batch_says_what_became_of_a_file(with_referrals, mood, kit):
    prepared = kit.assessments(
        [{"q1": 1}, {"referral_id": "R9"}],
        rejected=[kit.rejection(3)],
        unchanged=2,
        warnings=[{"row": 1, "code": "x", "column": "", "what": "x", "mend": "x"}],
    )
    result = kit.put(with_referrals, prepared, mood, coding="scored")
    assert (result.read, *counts(result), result.warnings) == (5, 1, 2, 0, 2, 1)
    batch = with_referrals.table("import_batch").row(-1, named=True)
    assert batch == {
        "import_batch_id": result.batch_id,
        "kind": "mood",
        "retry_of": None,
        "file_name": "answers.csv",
        "file_digest": "digest-1",
        "mapping_digest": "mapping-1",
        "coding": "scored",
        "actor": "tester",
        "imported_at": "2025-03-04T09:30:00+00:00",
        "read": 5,
        "accepted": 1,
        "unchanged": 2,
        "corrected": 0,
        "rejected": 2,
        "warnings": 1,
    }


KEYS = st.sampled_from("abcdef")
FILES = st.lists(st.dictionaries(KEYS, st.integers(0, 3) | st.none(), max_size=6), max_size=5)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(files=FILES)
def test_the_store_holds_what_the_last_file_said_of_each_assessment(tmp_path_factory, kit, files):
    mood = kit.instrument()
    expected = {}
    versions = 0
    with Store.create(tmp_path_factory.mktemp("model") / "rom.sqlite") as store:
        for file in files:
            versions += sum(1 for key in file if key not in expected or expected[key] != file[key])
            expected |= file
            rows = [{"row_key": key, "q1": answer} for key, answer in file.items()]
            rules = {"corrections": "accept", "unknown_referrals": "create"}
            kit.put(store, kit.assessments(rows), mood, **rules)
        now = store.assessments().join(current(store, mood), on="assessment_id")
        assert dict(now.select("row_key", "q1").iter_rows()) == expected
        assert store.table("assessment").height == versions
        assert store.verify_audit() == []


def test_what_the_store_says_of_a_spec_can_be_read_in_any_browser(store, mood):
    store.ensure_instrument(mood)
    (kept,) = store.table("instrument").iter_rows(named=True)
    assert (kept["slug"], kept["digest"]) == ("1", "spec-digest")
    assert json.loads(kept["shape"])["item q1"] == {
        "kind": "coded",
        "options": {"0": 0, "1": 1, "2": 2, "3": 3},
        "range": [0, 3, 1],
        "missing": {"9": "not_known"},
        "reversed": False,
    }
