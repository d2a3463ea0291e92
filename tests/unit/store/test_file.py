import os
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from romframe.errors import StoreError
from romframe.store import Store, connection, migrations


def refused(call, *arguments, **given):
    with pytest.raises(StoreError) as caught:
        call(*arguments, **given)
    (problem,) = caught.value.problems
    assert problem.what.endswith(".")
    assert problem.mend.endswith(".")
    return problem


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def beside(path, end):
    return path.with_name(path.name + end)


def write_wide_open(path):
    path.chmod(0o644)
    for end in ("-wal", "-shm"):
        beside(path, end).touch(mode=0o644)
        beside(path, end).chmod(0o644)


def test_only_the_owner_can_read_a_new_store_whatever_the_umask(path, kit):
    umask = os.umask(0)
    try:
        with Store.create(path) as store:
            store.record("me", "test", "nothing", {}, kit.now)
            assert [mode(file) for file in sorted(path.parent.iterdir())] == [0o600] * 3
    finally:
        os.umask(umask)
    assert mode(path) == 0o600


def test_opening_takes_other_accounts_rights_away(path):
    Store.create(path).close()
    write_wide_open(path)
    with Store.open(path) as store:
        store.table("audit")
        assert {mode(file) for file in path.parent.iterdir()} == {0o600}


def test_a_store_that_others_can_read_and_that_is_not_ours_to_narrow_is_refused(path, monkeypatch):
    Store.create(path).close()
    path.chmod(0o640)

    def deny(self, mode):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", deny)
    problem = refused(Store.open, path)
    assert problem.code == "store-not-private"
    assert problem.place.file == str(path)


def test_a_store_is_never_made_over_an_existing_file(path):
    path.write_text("precious")
    assert refused(Store.create, path).code == "store-exists"
    assert path.read_text() == "precious"


def test_a_store_cannot_be_made_in_a_folder_that_is_not_there(tmp_path):
    assert refused(Store.create, tmp_path / "no" / "rom.sqlite").code == "store-not-made"


@pytest.mark.parametrize("made", ["nothing", "folder"])
def test_opening_does_not_make_a_store(path, made):
    if made == "folder":
        path.mkdir()
    before = mode(path) if path.exists() else None
    assert refused(Store.open, path).code == "store-missing"
    assert path.is_file() is False
    assert before == (mode(path) if path.exists() else None)


def test_a_text_file_is_not_a_store(path):
    path.write_text("referral_id,q1\n" * 100)
    assert refused(Store.open, path).code == "store-not-sqlite"


def test_another_programs_database_is_left_alone(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (id INTEGER)")
    other.close()
    assert refused(Store.open, path).code == "store-not-ours"
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    other.close()


def test_a_newer_store_is_refused_and_says_how_to_update(path):
    with Store.create(path) as store:
        store.connection.execute(f"PRAGMA user_version = {connection.SCHEMA_VERSION + 1}")
    problem = refused(Store.open, path)
    assert problem.code == "store-newer"
    assert "pip install -U romframe" in problem.mend


def test_the_schema_version_counts_the_steps():
    assert len(migrations.STEPS) == connection.SCHEMA_VERSION


def add_ward(database):
    database.table("referral").add_column("ward", str)


def add_nonsense(database):
    database.execute("CREATE TABLE half_there (id INTEGER)")
    database.execute("nonsense")


def with_step(monkeypatch, step):
    monkeypatch.setattr(connection, "SCHEMA_VERSION", connection.SCHEMA_VERSION + 1)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))


def test_an_older_store_is_brought_up_to_date_and_keeps_its_data(path, with_referrals, monkeypatch):
    before = with_referrals.table("referral")
    with_referrals.close()
    with_step(monkeypatch, add_ward)
    with Store.open(path) as store:
        after = store.table("referral")
        assert "ward" in after.columns
        assert after.drop("ward").equals(before)
        assert store.verify_audit() == []
    with Store.open(path) as store:
        assert store.table("referral").equals(after)


def test_a_step_that_fails_leaves_the_store_as_it_was(path, with_referrals, monkeypatch):
    before = with_referrals.table("referral")
    with_referrals.close()
    with monkeypatch.context() as patch:
        with_step(patch, add_nonsense)
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            Store.open(path)
    with Store.open(path) as store:
        assert store.table("referral").equals(before)
        assert refused(store.table, "half_there").code == "unknown-table"


def test_a_store_whose_making_was_interrupted_is_finished_when_it_is_opened(path):
    unfinished = sqlite3.connect(path)
    unfinished.execute(f"PRAGMA application_id = {connection.APPLICATION_ID}")
    unfinished.close()
    with Store.open(path) as store:
        assert store.table("assessment").is_empty()


def test_opening_a_current_store_does_not_load_sqlite_utils(path, monkeypatch):
    Store.create(path).close()
    monkeypatch.setitem(sys.modules, "sqlite_utils", None)
    monkeypatch.delitem(sys.modules, "romframe.store.migrations")
    Store.open(path).close()


def test_two_writers_do_not_get_into_each_others_way(path, kit):
    with Store.create(path) as first, Store.open(path, wait=0) as second:
        first.connection.execute("BEGIN IMMEDIATE")
        problem = refused(second.record, "me", "test", "nothing", {}, kit.now)
        assert problem.code == "store-locked"
        first.connection.execute("ROLLBACK")
        second.record("me", "test", "nothing", {}, kit.now)
        assert first.table("audit").height == 1


def test_a_reader_sees_only_finished_imports(path, with_referrals, mood, kit):
    with Store.open(path) as reader:
        with_referrals.connection.execute("BEGIN IMMEDIATE")
        with_referrals.connection.execute("DELETE FROM referral")
        assert reader.table("referral").height == 2
        with_referrals.connection.execute("ROLLBACK")


def test_a_full_disk_keeps_nothing_of_an_import(with_referrals, mood, kit):
    pages = with_referrals.connection.execute("PRAGMA page_count").fetchone()[0]
    with_referrals.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    prepared = kit.assessments([{"source_id": str(n), "row_key": str(n)} for n in range(5000)])
    assert refused(kit.put, with_referrals, prepared, mood).code == "store-disk-full"
    assert with_referrals.assessments().is_empty()
    assert with_referrals.table("import_batch").height == 2


def test_a_store_that_may_only_be_read_says_so(store, kit):
    store.connection.execute("PRAGMA query_only = ON")
    problem = refused(store.record, "me", "test", "nothing", {}, kit.now)
    assert problem.code == "store-read-only"


def test_a_damaged_store_is_told_from_an_empty_one(path, with_referrals):
    with_referrals.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert refused(Store.open, path).code == "store-damaged"


def test_a_store_that_cannot_be_opened_says_so(path):
    Store.create(path).close()
    beside(path, "-wal").mkdir()
    assert refused(Store.open, path).code == "store-unreadable"


def test_other_errors_of_sqlite_are_not_dressed_up(store):
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.table("audit")


def test_a_copy_of_the_file_is_the_whole_store(path, with_referrals, tmp_path):
    before = with_referrals.table("referral")
    with_referrals.close()
    copy = Path(shutil.copy(path, tmp_path / "copy.sqlite"))
    with Store.open(copy) as store:
        assert store.table("referral").equals(before)
