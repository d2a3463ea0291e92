"""The parts of one outside file are stored together or not at all."""

import polars as pl
import pytest

from romframe.errors import StoreError
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.prepared import REJECTED
from romframe.store import Part, Store
from romframe.store.connection import rehearsal


@pytest.fixture
def part(kit):
    def part(prepared, target):
        return Part(prepared, kit.table_of(prepared), target, kit.batch())

    return part


@pytest.fixture
def people(kit, part):
    kind = RECORD_KINDS["service_user"]
    return part(kit.records(kind, [{"service_user_id": "P7"}]), kind)


def test_every_part_is_an_import_and_the_unread_rows_are_the_last(store, kit, people):
    rows = pl.DataFrame([kit.rejection(3, "line-unknown")], schema=REJECTED)
    done = store.import_parts([people], rows, importer="lines", batch=kit.batch())
    assert [(each.batch_id, each.read, each.rejected) for each in done] == [(1, 1, 0), (2, 1, 1)]
    assert store.rejected(2)["kind"].to_list() == ["lines"]
    assert store.verify_audit() == []
    assert store.table("audit")["subject"].to_list() == ["import_batch 1", "import_batch 2"]


def test_a_part_that_cannot_be_stored_takes_the_others_back(store, kit, mood, part, people):
    anonymous = part(kit.returns([{"month": "2025-01"}]), mood)
    none = REJECTED.to_frame()
    with pytest.raises(StoreError, match="storage-mismatch"):
        store.import_parts([people, anonymous], none, importer="lines", batch=kit.batch())
    for table in ("service_user", "import_batch", "audit"):
        assert store.table(table).is_empty()


def test_unread_rows_of_a_file_that_can_be_read_by_now_are_no_longer_open(store, kit):
    rows = pl.DataFrame([kit.rejection(3, "line-unknown")], schema=REJECTED)
    store.import_parts([], rows, importer="lines", batch=kit.batch())
    store.import_parts([], rows.clear(), importer="lines", batch=kit.batch())
    assert store.rejected()["resolved_by"].to_list() == [2]


def test_a_rehearsal_that_sqlite_ends_itself_is_over(tmp_path):
    with Store.create(tmp_path / "rom.sqlite") as store:
        with rehearsal(store.connection):
            store.connection.execute("CREATE TABLE made (x)")
            store.connection.execute("ROLLBACK")
        assert not store.connection.in_transaction
        with rehearsal(store.connection):
            store.connection.execute("CREATE TABLE made (x)")
        names = store.connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert ("made",) not in names
