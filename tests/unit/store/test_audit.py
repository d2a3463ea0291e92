import json
import sqlite3

import pytest


@pytest.fixture
def log(store, kit):
    """A store with five entries in its audit log."""
    for number in range(1, 6):
        detail = {"rows": number, "kind": "mood"}
        store.record("Zoë", "export", f"file {number}", detail, kit.now)
    return store


def tamper(store, *statements):
    """Do what somebody can do who has the file and an SQLite shell."""
    store.connection.execute("DROP TRIGGER audit_no_update")
    store.connection.execute("DROP TRIGGER audit_no_delete")
    for statement in statements:
        store.connection.execute(statement)


def codes(store):
    problems = store.verify_audit()
    assert all(problem.place.file == "audit" and problem.mend for problem in problems)
    return [(problem.code, problem.place.row) for problem in problems]


def test_an_untouched_log_is_in_order(log):
    assert log.verify_audit() == []
    entries = log.table("audit")
    assert entries["actor"].unique().to_list() == ["Zoë"]
    assert json.loads(entries["detail"][2]) == {"kind": "mood", "rows": 3}
    assert entries["at"][0] == "2025-03-04T09:30:00+00:00"


def test_an_empty_log_is_in_order(store):
    assert store.verify_audit() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2025-03-04T09:30:01+00:00"),
        ("actor", "Zoe"),
        ("action", "exports"),
        ("subject", "file 33"),
        ("detail", '{"kind": "mood", "rows": 4}'),
    ],
)
def test_every_column_of_an_entry_is_sealed(log, column, value):
    tamper(log, f"UPDATE audit SET {column} = '{value}' WHERE audit_id = 3")
    assert codes(log) == [("audit-changed", 3)]


def test_words_moved_from_one_column_to_the_next_show(log):
    tamper(log, "UPDATE audit SET action = 'exportf', subject = 'ile 3' WHERE audit_id = 3")
    assert codes(log) == [("audit-changed", 3)]


def test_a_changed_entry_with_a_new_seal_no_longer_fits_the_next(log):
    tamper(log, "UPDATE audit SET hash = 'abc' WHERE audit_id = 3")
    assert codes(log) == [("audit-changed", 3), ("audit-broken-chain", 4)]


@pytest.mark.parametrize("missing", [1, 3])
def test_an_entry_taken_out_shows(log, missing):
    tamper(log, f"DELETE FROM audit WHERE audit_id = {missing}")
    assert codes(log) == [("audit-gap", missing + 1)]


def test_an_entry_taken_out_and_the_rest_renumbered_shows(log):
    tamper(
        log,
        "DELETE FROM audit WHERE audit_id = 3",
        "UPDATE audit SET audit_id = audit_id - 1 WHERE audit_id > 3",
        "UPDATE audit_head SET entries = 4",
    )
    assert ("audit-broken-chain", 3) in codes(log)
    assert ("audit-changed", 4) in codes(log)


@pytest.mark.parametrize("left", [4, 1, 0])
def test_entries_cut_off_at_the_end_show(log, left):
    tamper(log, f"DELETE FROM audit WHERE audit_id > {left}")
    assert codes(log) == [("audit-cut", left)]


def test_two_entries_that_changed_places_show(log):
    tamper(
        log,
        "UPDATE audit SET audit_id = 99 WHERE audit_id = 2",
        "UPDATE audit SET audit_id = 2 WHERE audit_id = 3",
        "UPDATE audit SET audit_id = 3 WHERE audit_id = 99",
    )
    found = codes(log)
    assert ("audit-changed", 2) in found
    assert ("audit-changed", 3) in found


def test_an_entry_put_in_at_the_end_shows(log):
    tamper(
        log,
        "INSERT INTO audit SELECT 6, at, actor, action, subject, detail, hash, 'made up'"
        " FROM audit WHERE audit_id = 5",
    )
    assert ("audit-changed", 6) in codes(log)
    assert ("audit-cut", 6) in codes(log)


def test_a_head_that_was_taken_away_shows(log):
    tamper(log, "DELETE FROM audit_head")
    assert codes(log) == [("audit-cut", 5)]


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
def test_the_log_only_grows(log, change):
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        log.connection.execute(change)
    assert log.verify_audit() == []


def test_an_import_is_logged_with_counts_and_digests_and_no_answers(with_referrals, mood, kit):
    answers = [{"q1": 3, "note": "slept badly", "kind": "B"}]
    kit.put(with_referrals, kit.assessments(answers), mood)
    *_, entry = with_referrals.table("audit").iter_rows(named=True)
    assert (entry["actor"], entry["action"], entry["subject"]) == (
        "tester",
        "import",
        "import_batch 3",
    )
    assert json.loads(entry["detail"]) == {
        "kind": "mood",
        "read": 1,
        "accepted": 1,
        "unchanged": 0,
        "corrected": 0,
        "rejected": 0,
        "warnings": 0,
        "file": "digest-1",
        "mapping": "mapping-1",
    }


def test_an_import_that_fails_is_not_logged(with_referrals, mood, kit):
    before = with_referrals.table("audit")
    twice = kit.assessments([{"row_key": "same"}, {"row_key": "same"}])
    with pytest.raises(sqlite3.IntegrityError):
        kit.put(with_referrals, twice, mood)
    assert with_referrals.table("audit").equals(before)
    assert with_referrals.verify_audit() == []
