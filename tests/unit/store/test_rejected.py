import json

import polars as pl
import pytest

from romframe.errors import DataError, Problem, UsageError
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.importing.prepared import Prepared


def lines(store):
    columns = ("import_batch_id", "row", "code", "resolved_by")
    return store.rejected().select(columns).rows()


def refer(store, kit, referral_id):
    target = RECORD_KINDS["referral"]
    row = {"referral_id": referral_id, "service_user_id": "P1", "received_on": "2025-01-10"}
    return kit.put(store, kit.records(target, [row]), target, file_digest="referrals")


@pytest.fixture
def refused(with_referrals, mood, kit):
    """A store that refused two rows of four: number 3 as unknown, number 4 as wrong."""
    rows = [{"q1": 1}, {"referral_id": "R2"}, {"referral_id": "R9"}]
    prepared = kit.assessments(rows, rejected=[kit.rejection(4)])
    kit.put(with_referrals, prepared, mood)
    return with_referrals


def test_what_is_refused_is_kept_with_reason_and_row(refused):
    first, second = refused.rejected(3).iter_rows(named=True)
    assert (first["kind"], first["file_name"]) == ("mood", "answers.csv")
    assert (first["row"], first["code"], first["raw"]) == (3, "unknown-referral", '{"line":"3"}')
    assert (second["row"], second["code"], second["raw"]) == (4, "answer-invalid", '{"q1":"4?"}')
    assert second["what"] == "This is wrong (answer-invalid)."
    assert second["mend"] == "Correct it."
    assert refused.rejected(1).is_empty()


def test_importing_the_same_file_again_does_not_refuse_twice(refused, mood, kit):
    rows = [{"q1": 1}, {"referral_id": "R2"}, {"referral_id": "R9"}]
    prepared = kit.assessments(rows, rejected=[kit.rejection(4)])
    result = kit.put(refused, prepared, mood)
    assert (result.unchanged, result.rejected) == (2, 2)
    new = result.batch_id
    assert lines(refused) == [(new, 3, "unknown-referral", None), (new, 4, "answer-invalid", None)]


def test_a_row_that_two_files_hold_is_refused_once(refused, mood, kit):
    prepared = kit.assessments([], rejected=[kit.rejection(1, raw='{"q1":"4?"}')])
    new = kit.put(refused, prepared, mood, file_digest="next month").batch_id
    assert lines(refused) == [(3, 3, "unknown-referral", None), (new, 1, "answer-invalid", None)]


def test_equal_rows_of_two_kinds_are_two_refusals(refused, kit):
    target = RECORD_KINDS["event"]
    prepared = kit.records(target, [], rejected=[kit.rejection(1, raw='{"q1":"4?"}')])
    kit.put(refused, prepared, target)
    assert len(lines(refused)) == 3


def test_equal_rows_of_one_file_are_all_kept(with_referrals, mood, kit):
    twice = [kit.rejection(row, raw='{"q1":"?"}') for row in (1, 2)]
    prepared = kit.assessments([], rejected=twice)
    for _ in range(2):
        kit.put(with_referrals, prepared, mood)
    assert [line[1] for line in lines(with_referrals)] == [1, 2]


def test_importing_the_file_again_resolves_what_fits_by_now(refused, mood, kit):
    refer(refused, kit, "R9")
    rows = [{"q1": 1}, {"referral_id": "R2"}, {"referral_id": "R9"}]
    prepared = kit.assessments(rows, rejected=[kit.rejection(4)])
    result = kit.put(refused, prepared, mood)
    assert (result.accepted, result.unchanged, result.rejected) == (1, 2, 1)
    assert lines(refused) == [
        (3, 3, "unknown-referral", result.batch_id),
        (result.batch_id, 4, "answer-invalid", None),
    ]


def again(kit, accepted=(), rejected=()):
    """A stand-in for preparing that notes what it was given."""
    given = []

    def prepare_again(rows):
        given.append(rows.to_dicts())
        return kit.assessments(accepted, rejected=rejected)

    return prepare_again, given


def test_refused_rows_are_tried_again_from_what_the_file_said(refused, mood, kit):
    refer(refused, kit, "R9")
    call, given = again(kit, [{"referral_id": "R9"}], [kit.rejection(2, "still-wrong")])
    batch = kit.batch(file_name="", file_digest="", mapping_digest="mended")
    result = refused.retry_rejected(3, call, target=mood, batch=batch)
    assert given == [[{"line": "3", "q1": None}, {"line": None, "q1": "4?"}]]
    assert (result.read, result.accepted, result.rejected) == (2, 1, 1)
    assert lines(refused) == [
        (3, 3, "unknown-referral", result.batch_id),
        (3, 4, "still-wrong", None),
    ]
    noted = refused.table("import_batch").row(-1, named=True)
    assert (noted["retry_of"], noted["file_name"], noted["file_digest"]) == (
        3,
        "answers.csv",
        "digest-1",
    )
    assert noted["mapping_digest"] == "mended"
    *_, entry = refused.table("audit").iter_rows(named=True)
    assert entry["action"] == "retry"
    assert json.loads(entry["detail"])["accepted"] == 1


def test_a_row_that_the_store_refuses_again_keeps_its_place(refused, mood, kit):
    call, _ = again(kit, [{"referral_id": "R8"}, {"completed_at": "2025-01-01"}])
    refused.retry_rejected(3, call, target=mood, batch=kit.batch())
    assert lines(refused) == [(3, 3, "unknown-referral", None), (3, 4, "before-referral", None)]
    assert refused.rejected(3)["raw"].to_list() == ['{"line":"3"}', '{"q1":"4?"}']
    assert "'R8'" in refused.rejected(3)["what"][0]


def test_a_row_that_is_in_the_store_by_now_is_resolved(refused, mood, kit):
    call, _ = again(kit, [{"q1": 1}, {"referral_id": "R2"}])
    result = refused.retry_rejected(3, call, target=mood, batch=kit.batch())
    assert (result.accepted, result.unchanged) == (0, 2)
    assert refused.rejected()["resolved_by"].to_list() == [result.batch_id] * 2


def test_trying_again_is_all_or_nothing(refused, mood, kit):
    before = lines(refused)

    def fail(rows):
        raise DataError(Problem("mapping-wrong", "It does not fit.", "Mend it."))

    with pytest.raises(DataError):
        refused.retry_rejected(3, fail, target=mood, batch=kit.batch())
    assert lines(refused) == before
    assert refused.table("import_batch").height == 3


@pytest.mark.parametrize(
    ("batch", "kind", "code"),
    [
        (99, "mood", "unknown-batch"),
        (3, "goals", "batch-of-another-kind"),
        (1, "service_user", "nothing-to-retry"),
    ],
)
def test_what_cannot_be_tried_again_says_why(refused, mood, kit, batch, kind, code):
    target = {"mood": mood, "goals": kit.goals(), **RECORD_KINDS}[kind]
    call, given = again(kit)
    with pytest.raises(UsageError) as caught:
        refused.retry_rejected(batch, call, target=target, batch=kit.batch())
    assert caught.value.problems[0].code == code
    assert given == []


def test_the_store_keeps_a_row_as_preparing_does(with_referrals, mood, kit):
    """Then one that is refused first for its content and later by the store is the same row."""
    rows = pl.DataFrame(
        {
            "referral_id": ["R9", "R9"],
            "completed_at": pl.Series(["2025-02-01 09:30", "2025-02-02 10:00"]).str.to_datetime(),
            "day": pl.Series(["2025-02-01", None]).str.to_date(),
            "q1": [7, 1],
            "q2": [1.5, 2.0],
            **{item.id: [None, None] for item in mood.items[2:]},
            "text": ['say "aah"', "é\n"],
        }
    )
    today = kit.now.date()
    wrong = prepare(rows, mood, Mapping(), today=today, coding="scored")
    assert wrong.rejected["row"].to_list() == [1]
    better = rows.with_columns(q1=pl.Series([1, 1]), q2=pl.Series([1.0, 2.0]))
    fits = prepare(better, mood, Mapping(), today=today, coding="scored")
    with_referrals.import_rows(wrong, rows, target=mood, batch=kit.batch())
    raw = with_referrals.rejected()["raw"].to_list()
    assert raw[0] == wrong.rejected["raw"][0]
    with_referrals.import_rows(fits, rows.lazy(), target=mood, batch=kit.batch(file_digest="other"))
    assert with_referrals.rejected()["raw"].to_list() == raw
    assert isinstance(fits, Prepared)
