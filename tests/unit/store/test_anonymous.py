import itertools
import random
import re
import sqlite3

import polars as pl
import pytest
from attrs import evolve

from romframe.errors import StoreError
from romframe.store import Store


COUNT = 500
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = re.compile(r"\d{4}-\d\d")
NAME = "poem_for_anna_smith_2025-03-04.csv"
DIGEST = "d1ge5t-of-the-file"


@pytest.fixture
def poem(kit):
    return kit.instrument(id="poem", storage="anonymous")


def returns(kit, numbers=range(1, COUNT + 1), **other):
    """Returns in the order in which they came; the note tells us, and only us, which is which."""
    rows = [
        {
            "month": f"2025-{number % 3 + 1:02d}",
            "team": "north" if number % 2 else None,
            "q1": number % 4,
            "note": f"words{number:05d}",
        }
        for number in numbers
    ]
    return kit.returns(rows, **other)


def kept(store):
    return store.table("anonymous_poem__1")


def order(store):
    return [int(note.removeprefix("words")) for note in kept(store)["note"]]


def counts(result):
    return (result.accepted, result.unchanged, result.corrected, result.rejected)


@pytest.fixture
def lived_in(with_referrals, mood, poem, kit):
    """A store as it is after a while: people, ratings, returns, scores, a retry, contact offers."""
    kit.put(with_referrals, kit.assessments([{"q1": 1}, {"completed_at": "2025-02-02"}]), mood)
    wrong = [kit.rejection(COUNT + 1, raw='{"note":"words99999"}')]
    prepared = returns(kit, rejected=wrong)
    result = kit.put(with_referrals, prepared, poem, file_name=NAME, file_digest=DIGEST)
    with_referrals.retry_rejected(
        result.batch_id,
        lambda rows: returns(kit, [99999]),
        target=poem,
        batch=kit.batch(file_name=NAME),
    )
    with_referrals.save_contact_offers(["call me: 01223 000000", "ring Ann"], kit.now)
    kit.put(with_referrals, kit.assessments([{"referral_id": "R2"}]), mood, file_digest="later")
    return with_referrals


def everything_else(store):
    """Every table but the returns, SQLite's and sqlite_utils' own included."""
    found = store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (name,) in found.fetchall():
        if name != "anonymous_poem__1":
            cursor = store.connection.execute(f'SELECT * FROM "{name}"')
            yield name, [each[0] for each in cursor.description], cursor.fetchall()


def test_a_return_is_a_month_a_team_and_answers(lived_in, poem):
    items = [item.id for item in poem.items]
    assert kept(lived_in).columns == ["return_id", "month", "team", *items, "states"]
    assert kept(lived_in).height == COUNT + 1
    assert kept(lived_in)["month"].str.len_chars().unique().to_list() == [len("2025-03")]


def test_no_key_leads_from_or_to_a_return(lived_in):
    foreign = 'SELECT name, "table" FROM sqlite_master, pragma_foreign_key_list(name)'
    pairs = lived_in.connection.execute(foreign).fetchall()
    assert pairs
    assert not [
        pair for pair in pairs if any(name.startswith(("anonymous", "contact")) for name in pair)
    ]


def test_no_value_of_a_return_that_tells_it_from_others_stands_anywhere_else(lived_in):
    returns = kept(lived_in)
    telling = [name for name in returns.columns if returns[name].n_unique() > COUNT / 2]
    assert telling == ["return_id", "note"]
    secrets = {str(value) for name in telling for value in returns[name]}
    for table, columns, rows in everything_else(lived_in):
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                words = set(re.findall(r"\w+", str(value)))
                assert not words & secrets, (table, column)


def test_no_identifier_of_anything_else_stands_in_a_return(lived_in):
    found = {str(value) for row in kept(lived_in).iter_rows() for value in row}
    others = {
        str(value)
        for table, columns, rows in everything_else(lived_in)
        for row in rows
        for column, value in zip(columns, row, strict=True)
        if re.search(r"(_id|_by|key|digest|hash|name|text|raw|_at|_on)$", column)
        and isinstance(value, str)
        and not MONTH.fullmatch(value)
    }
    assert "R1" in others
    assert not found & others


def test_a_return_has_no_number_that_says_when_it_came(lived_in):
    for table in ("anonymous_poem__1", "contact_offer"):
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            lived_in.connection.execute(f"SELECT rowid FROM {table}")
        indexes = lived_in.connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE tbl_name = ? AND sql LIKE '%INDEX%'", [table]
        )
        assert indexes.fetchone() == (0,)


def test_names_of_returns_say_nothing(lived_in):
    names = kept(lived_in)["return_id"]
    assert names.str.contains(r"^[0-9a-f]{32}$").all()
    assert names.n_unique() == names.len()


def test_the_order_in_which_returns_came_is_lost(with_referrals, tmp_path, poem, kit):
    prepared = returns(kit)
    kit.put(with_referrals, prepared, poem)
    with Store.create(tmp_path / "second.sqlite") as second:
        kit.put(second, prepared, poem)
        orders = [order(with_referrals), order(second), list(range(1, COUNT + 1))]
    for one, other in itertools.combinations(orders, 2):
        frame = pl.DataFrame({"one": one, "other": other})
        related = frame.select(pl.corr("one", "other", method="spearman")).item()
        assert abs(related) < 0.25


def test_what_is_noted_about_an_import_is_no_finer_than_a_month(lived_in):
    batches = lived_in.table("import_batch").filter(pl.col("kind") == "poem")
    assert batches["imported_at"].to_list() == ["2025-03"] * 2
    assert batches["file_name"].to_list() == [None] * 2
    entries = lived_in.table("audit").filter(pl.col("detail").str.contains("poem"))
    assert entries.height == 2
    assert entries["at"].to_list() == ["2025-03"] * 2
    for row in [*batches.iter_rows(), *entries.iter_rows()]:
        assert not [value for value in row if isinstance(value, str) and DAY.search(value)]


def test_a_return_that_was_refused_first_leaves_nothing_behind(lived_in):
    assert "words99999" in kept(lived_in)["note"].to_list()
    assert lived_in.rejected().is_empty()


def test_the_file_itself_holds_no_trace_that_its_tables_do_not_show(lived_in, path):
    lived_in.close()
    content = path.read_bytes()
    assert NAME.encode() not in content
    assert content.count(b"words99999") == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_two_returns_of_one_month_cannot_be_matched_with_their_imports(with_referrals, poem, kit):
    for number, digest in ((3, "one"), (6, "two")):
        kit.put(with_referrals, returns(kit, [number]), poem, file_digest=digest)
    batches = with_referrals.table("import_batch").filter(pl.col("kind") == "poem")
    same = batches.drop("import_batch_id", "file_digest")
    assert same.n_unique() == 1


def test_an_item_that_only_looks_like_an_identifier_is_not_carried_along(with_referrals, poem, kit):
    prepared = returns(kit, [1])
    spying = evolve(
        prepared, accepted=prepared.accepted.with_columns(referral_id=pl.lit("R1"), day=pl.lit(1))
    )
    kit.put(with_referrals, spying, poem)
    assert not {"referral_id", "day", "row"} & set(kept(with_referrals).columns)


def test_a_file_of_returns_comes_in_once(with_referrals, poem, kit):
    prepared = returns(kit)
    assert counts(kit.put(with_referrals, prepared, poem)) == (COUNT, 0, 0, 0)
    assert counts(kit.put(with_referrals, prepared, poem)) == (0, COUNT, 0, 0)
    assert counts(kit.put(with_referrals, prepared, poem, file_digest="next")) == (COUNT, 0, 0, 0)


def test_of_a_file_that_came_before_only_what_was_refused_then_is_taken(with_referrals, poem, kit):
    first = returns(kit, [1], rejected=[kit.rejection(2), kit.rejection(3)])
    kit.put(with_referrals, first, poem)
    mended = returns(kit, [1, 2], rejected=[kit.rejection(3)])
    assert counts(kit.put(with_referrals, mended, poem)) == (1, 1, 0, 1)
    assert sorted(order(with_referrals)) == [1, 2]
    assert with_referrals.rejected()["row"].to_list() == [3]


def test_contact_offers_lie_apart_under_random_names_and_their_month(store, kit):
    texts = [f"person {number}" for number in range(COUNT)]
    random.Random(1).shuffle(texts)
    store.save_contact_offers(texts, kit.now)
    store.save_contact_offers([], kit.now)
    offers = store.table("contact_offer")
    assert offers.columns == ["offer_id", "month", "text"]
    assert offers["month"].unique().to_list() == ["2025-03"]
    assert sorted(offers["text"]) == sorted(texts)
    assert offers["text"].to_list() != texts


@pytest.mark.parametrize("storage", ["identified", "anonymous"])
def test_rows_prepared_for_the_other_kind_of_storage_are_refused(with_referrals, kit, storage):
    target = kit.instrument(id="poem", storage=storage)
    prepared = {"identified": returns(kit), "anonymous": kit.assessments([{}])}[storage]
    with pytest.raises(StoreError) as caught:
        kit.put(with_referrals, prepared, target)
    assert caught.value.problems[0].code == "storage-mismatch"
    assert with_referrals.table("import_batch").height == 2


def test_an_instrument_of_either_storage_takes_both_and_keeps_them_apart(with_referrals, kit):
    either = kit.instrument(id="poem", storage="either")
    kit.put(with_referrals, returns(kit, [1]), either)
    kit.put(with_referrals, kit.assessments([{"q1": 1}]), either, file_digest="named")
    assert kept(with_referrals).height == 1
    assert with_referrals.responses(either).collect().height == 1


def test_the_table_can_be_made_before_the_first_return(store, poem):
    store.ensure_instrument(poem)
    assert kept(store).is_empty()
