"""What was exported is read back: into another store as it was, into its own without a change."""

import json

import pytest
from oracles.mhsds_files import (
    ACT,
    BY,
    REFER,
    TODAY,
    fill,
    honos_rows,
    load,
    refused,
    sent,
    take,
    write,
)

from romframe import DataError, open_workspace
from romframe.incoming import read_outside
from romframe.ingest import retry_import


def test_an_export_read_into_another_store_exports_the_same_bytes(make, month):
    first = make("first")
    fill(first)
    before = month(first, "before")
    second = make("second")
    outside, results = load(second, before)
    assert outside.unread.is_empty()
    assert {kind: each.accepted for kind, each in results.items()} == {
        "core_10": 1, "core_om": 1, "dialog": 1, "gbo": 2, "honos": 2, "ors": 1, "mhsds": 0,
    }  # fmt: skip
    after = month(second, "after")
    assert (after / REFER).read_bytes() == (before / REFER).read_bytes()
    assert (before / REFER).read_bytes().count(b"\n") == 44


@pytest.mark.parametrize(("delimiter", "encoding"), [("comma", "utf-8"), ("tab", "cp1252")])
def test_an_export_with_care_activities_comes_back_in_every_form(make, month, delimiter, encoding):
    first = make("first")
    fill(first)
    form = {"scores_in": "activity", "encoding": encoding, "delimiter": delimiter}
    before = month(first, "before", **form)
    assert (before / ACT).read_bytes().count(b"\n") == 2
    second = make("second")
    outside, _ = load(second, before)
    assert outside.unread.is_empty()
    assert second.table("assessment")["care_activity_id"].drop_nulls().to_list() == ["A1"]
    after = month(second, "after", **form)
    for name in (REFER, ACT):
        assert (after / name).read_bytes() == (before / name).read_bytes()


@pytest.mark.parametrize(
    ("said", "delimiter"),
    [("CSVDelimited", ","), ("Delimited(|)", "|"), ("TabDelimited", "\t"), ("FixedLength", ";")],
)
def test_a_schema_ini_says_how_a_file_is_written(make, tmp_path, said, delimiter):
    rows = [row.replace(",", delimiter) for row in sent("R1,718583008,12,2026-11-03T10:15:00Z,")]
    folder = write(tmp_path / "in", "MHS606", *rows)
    (folder / "schema.ini").write_text(f"[mhs606.CSV]\nFormat={said}\nCharacterSet=ANSI\n")
    outside = read_outside(make(), folder, "mhsds", **BY)
    assert outside.parts[0].prepared.accepted.height == 1


@pytest.mark.parametrize("scores_in", ["referral", "activity"])
def test_an_export_read_into_its_own_store_changes_nothing(make, month, scores_in):
    workspace = make()
    fill(workspace)
    before = workspace.table("assessment")
    _, results = load(workspace, month(workspace, scores_in=scores_in))
    assert {kind: each.unchanged for kind, each in results.items()} == {
        "core_10": 1, "core_om": 1, "dialog": 1, "gbo": 2, "honos": 2, "ors": 1, "mhsds": 0,
    }  # fmt: skip
    assert sum(each.accepted for each in results.values()) == 0
    assert workspace.table("assessment").equals(before)


def test_assessments_that_cannot_be_told_apart_are_found_again_too(make, month):
    workspace = make()
    fill(workspace)
    core_10 = {f"q{n}": "2" for n in range(1, 11)} | {"referral_id": "R1", "timepoint": "review"}
    take(
        workspace,
        "core_10",
        [
            core_10 | {"completed_at": moment, "source_id": moment}
            for moment in ("2026-11-20T10:00:00", "2026-11-20T10:00:00Z")
        ],
        "scored",
    )
    before = workspace.table("assessment")
    _, results = load(workspace, month(workspace))
    assert (results["core_10"].unchanged, results["core_10"].rejected) == (2, 0)
    assert workspace.table("assessment").equals(before)


def test_answers_come_back_as_they_were(make, month):
    first, second = make("first"), make("second")
    fill(first)
    load(second, month(first))
    unsent = {"dialog": ("q6", "q7")}  # their ids are only inferred
    for name in ("honos", "gbo", "dialog"):
        one, other = (
            each.responses(name)
            .select("referral_id", "states", "^(q.*|progress|goal_id)$")
            .drop(unsent.get(name, ()))
            .collect()
            for each in (first, second)
        )
        assert one.equals(other)
    assert second.responses("honos").collect()["states"].to_list() == [None, '{"q4": "not_known"}']


def test_totals_come_back_as_reported_scores(make, month):
    first, second = make("first"), make("second")
    fill(first)
    load(second, month(first))
    scores = second.scores("core_om", ["total", "risk_sum"])
    assert set(scores["status"]) == {"reported"}
    assert second.scores("core_10", ["total"])["value"].to_list() == [20]
    assert second.responses("core_10").collect().is_empty()


def test_one_file_alone_may_be_read(make, month):
    first, second = make("first"), make("second")
    fill(first)
    _, results = load(second, month(first) / REFER)
    assert results["honos"].accepted == 2


def test_the_rater_that_is_taken_is_told(make, month):
    first, second = make("first"), make("second")
    fill(first)
    outside, _ = load(second, month(first))
    assert outside.notices == (
        "The data set does not say who rated gbo: it is taken to be the service_user.",
        "The data set does not say who rated honos: it is taken to be the clinician.",
    )


def test_ids_of_no_measure_are_set_aside_by_the_name_of_their_tool(make, tmp_path):
    rows = sent("R1,718134002,12,2026-11-03T10:15:00Z,", "R1,123456789,1,2026-11-03T10:15:00Z,")
    outside, results = load(make(), write(tmp_path / "in", REFER[:-4], *rows))
    told = outside.unread.sort("row")
    assert told["code"].to_list() == ["mhsds-id-unknown"] * 2
    assert "718134002 (Strengths and Difficulties Questionnaire (SDQ): SDQ" in told["what"][0]
    assert told["what"][1] == "123456789 (not in the code list) is the id of no measure here."
    assert json.loads(told["raw"][0])["PersScore"] == "12"
    assert json.loads(told["raw"][0])["table"] == "MHS606"
    assert results["mhsds"].rejected == 2


def test_old_ids_are_read_as_those_that_replaced_them_and_the_other_way_round(make, tmp_path):
    from romframe_mhsds.history.meaning import Meaning

    workspace = make()
    meaning = Meaning(workspace, TODAY)
    known = dict(meaning.parts.select("tool", "part").iter_rows())
    certain = [
        (old, scale.replaced_by)
        for old, scale in meaning.scales.items()
        if scale.replaced_by and meaning.scales[scale.replaced_by].name == "published"
    ]
    kin = [(old, new) for old, new in certain if old in known or new in known]
    assert kin
    assert all(known[old] == known[new] for old, new in kin)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",718583008,12,2026-11-03T10:15:00Z,", "The row has no referral."),
        ("R1,,12,2026-11-03T10:15:00Z,", "The row has no id of an assessment tool."),
        ("R1,718583008,,2026-11-03T10:15:00Z,", "The row has no score."),
        ("R1,718583008,12,,", "The row has no completion time."),
    ],
)
def test_a_row_that_lacks_something_is_set_aside(make, tmp_path, row, what):
    outside, _ = load(make(), write(tmp_path / "in", "MHS606", *sent(row)))
    assert refused(outside) == [("mhsds-row-incomplete", what)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("R9,718583008,12,2026-11-03T10:15:00Z,", "unknown-referral"),
        ("R1,718583008,41,2026-11-03T10:15:00Z,", "score-outside"),
        ("R1,718583008,12,yesterday,", "date-unreadable"),
        ("R1,718583008,12,2027-11-03T10:15:00Z,", "date-future"),
    ],
)
def test_what_the_store_does_not_take_is_rejected_with_its_reason(make, tmp_path, row, code):
    workspace = make()
    _, results = load(workspace, write(tmp_path / "in", "MHS606", *sent(row)))
    assert results["core_10"].rejected == 1
    assert workspace.store.rejected()["code"].to_list() == [code]


def test_two_assessments_of_one_moment_that_cannot_be_told_apart_are_set_aside(make, tmp_path):
    rows = sent(*honos_rows(), *honos_rows(q1="3"), *honos_rows("R2"))
    outside, results = load(make(), write(tmp_path / "in", "MHS606", *rows))
    assert outside.unread.height == 26
    told = "Several assessments of one moment cannot be told apart"
    assert set(refused(outside)) == {
        (
            "mhsds-not-told-apart",
            f"{told}: 979641000000103 is there with several scores.",
        )
    }
    assert results["honos"].accepted == 1


def test_rows_that_are_there_twice_are_one_assessment(make, tmp_path):
    rows = sent(*honos_rows(), *honos_rows())
    _, results = load(make(), write(tmp_path / "in", "MHS606", *rows))
    assert (results["honos"].read, results["honos"].accepted) == (1, 1)


def test_two_people_who_rated_at_one_moment_are_not_told_apart_by_the_store(make, tmp_path):
    rows = sent(*honos_rows(), *honos_rows(stamp="2026-11-03T10:30:00Z,CP08", q1="3"))
    workspace = make()
    _, results = load(workspace, write(tmp_path / "in", "MHS606", *rows))
    assert results["honos"].rejected == 2
    assert set(workspace.store.rejected()["code"]) == {"rows-conflict"}


def test_a_goal_without_its_slot_here_is_set_aside(make, tmp_path):
    rows = sent(
        "R1,1638531000000102,4,2026-11-03T10:15:00Z,", "R1,1638541000000106,5,2026-11-03T10:15:00Z,"
    )
    outside, results = load(make(), write(tmp_path / "in", "MHS606", *rows))
    assert refused(outside) == [("mhsds-no-goal", "The referral has no goal in slot 2.")]
    assert results["gbo"].accepted == 1


def test_a_slot_of_another_measures_goal_is_not_taken(make, tmp_path):
    workspace = make()
    goal = {"goal_id": "P2", "referral_id": "R2", "set_on": "2026-01-05", "slot": "1"}
    take(workspace, "goal", [goal | {"instrument": "copm"}])
    rows = sent("R2,1638531000000102,4,2026-11-03T10:15:00Z,")
    outside, _ = load(workspace, write(tmp_path / "in", "MHS606", *rows))
    assert [code for code, _ in refused(outside)] == ["mhsds-no-goal"]


def test_an_activity_without_its_contact_is_set_aside(make, tmp_path):
    head = "CareActID,CodedAssToolType,PersScore"
    folder = write(tmp_path / "in", ACT[:-4], head, "A1,718583008,12", "A9,718583008,12")
    outside, results = load(make(), folder)
    assert results["core_10"].accepted == 1
    assert [code for code, _ in refused(outside)] == ["mhsds-no-contact"]


def test_contacts_beside_the_file_say_referral_day_and_who(make, tmp_path):
    folder = write(
        tmp_path / "in", "MHS607", "CareActId,CodedAssToolType,PersScore", "A7,718583008,12"
    )
    write(folder, "MHS202CareActivity", "CareActId,CareContactId", "A7,C7")
    contact = "CareContactId,ServiceRequestId,CareContDate"
    write(folder, "MHS201CareContact", contact, "C7,R2,2021-06-04 00:00:00")
    write(folder, "MHS206StaffActivity", "CareActId,CareProfLocalId", "A7,CP1")
    workspace = make()
    load(workspace, folder)
    (made,) = workspace.table("assessment").iter_rows(named=True)
    assert made["referral_id"] == "R2"
    assert made["completed_at"] == "2021-06-04"
    assert made["care_professional_id"] == "CP1"
    assert made["care_activity_id"] == "A7"


def test_several_people_of_one_activity_are_not_one_rater(make, tmp_path):
    folder = write(
        tmp_path / "in", "MHS607", "CareActID,CodedAssToolType,PersScore", "A1,718583008,12"
    )
    write(folder, "MHS206StaffActivity", "CareActID,CareProfLocalID", "A1,CP1", "A1,CP2")
    workspace = make()
    load(workspace, folder)
    assert workspace.table("assessment")["care_professional_id"].to_list() == [None]


def test_answers_whose_orientation_is_not_said_are_set_aside(make, tmp_path):
    instrument = make("other").instrument("poem")
    item = next(each for each in instrument.items if each.scale.not_sent and each.codes)
    rows = sent(f"R1,{item.codes[0].id},0,2026-11-03T10:15:00Z,")
    outside, _ = load(make(), write(tmp_path / "in", "MHS606", *rows))
    assert refused(outside) == [
        ("mhsds-orientation-unknown", "It is not known which answers of poem are meant.")
    ]


def test_answers_whose_orientation_is_said_are_turned_back(make, tmp_path):
    instrument = make("other").instrument("poem")
    scale = next(each.scale for each in instrument.items if each.scale.not_sent and each.codes)
    items = [each for each in instrument.items if each.scale.id == scale.id and each.codes]
    codes = [option.code for option in scale.options]
    texts = {code: place for place, code in enumerate(reversed(codes))}
    table = ", ".join(f"{code}: {text}" for code, text in texts.items())
    config = f"exports:\n  mhsds:\n    sent_as:\n      poem: {{{scale.id}: {{{table}}}}}\n"
    rows = sent(*(f"R1,{each.codes[0].id},0,2026-11-03T10:15:00Z," for each in items))
    workspace = make(config=config)
    outside, results = load(workspace, write(tmp_path / "in", "MHS606", *rows))
    assert outside.unread.is_empty()
    assert results["poem"].accepted == 1, workspace.store.rejected().to_dicts()
    answers = workspace.responses("poem").collect()
    expected = next(each for each in scale.options if texts[each.code] == 0)
    value = expected.value if scale.scored else expected.code
    assert answers[items[0].id].to_list() == [value]
    assert workspace.returns("poem").collect().is_empty()
    late = sent(*(row.replace("R1", "R9") for row in rows[1:]))
    _, results = load(workspace, write(tmp_path / "late", "MHS606", *late))
    nine = {"referral_id": "R9", "service_user_id": "P9", "received_on": "2020-01-05"}
    take(workspace, "referral", [nine])
    retry_import(workspace, results["poem"].batch_id, **BY)
    assert workspace.responses("poem").collect()["referral_id"].to_list() == ["R1", "R9"]
    assert workspace.returns("poem").collect().is_empty()
    wrong = sent(*rows[1:-1], f"R1,{items[-1].codes[0].id},77,2026-11-03T10:15:00Z,")
    outside, _ = load(workspace, write(tmp_path / "wrong", "MHS606", *wrong))
    assert {code for code, _ in refused(outside)} == {"mhsds-score-unreadable"}
    assert outside.unread.height == len(items)


def test_v5_columns_and_the_date_of_v4_are_read(make, tmp_path):
    head = "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompTimestamp,CareProfLocalId"
    rows = sent("R1,718583008,12,2021-11-03T10:15:00+00:00,CP1", head=head)
    workspace = make()
    load(workspace, write(tmp_path / "v5", "MHS606CodedScoreAssessmentRefer", *rows))
    old = "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate"
    rows = sent("R1,718583008,14,2019-11-03", head=old)
    load(workspace, write(tmp_path / "v4", "MHS606CodedScoreAssessmentRefer", *rows))
    assert workspace.table("assessment")["completed_at"].to_list() == [
        "2021-11-03T10:15:00+00:00",
        "2019-11-03",
    ]


def test_without_a_schema_ini_the_header_and_the_bytes_say_how_a_file_is_written(make, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    text = ";".join(sent()[0].split(",")) + "\nR1;718583008;12;2026-11-03T10:15:00Z;Zoë\n"
    (folder / "MHS606.csv").write_bytes(text.encode("cp1252"))
    workspace = make()
    load(workspace, folder)
    assert workspace.table("assessment")["care_professional_id"].to_list() == ["Zoë"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(make, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    text = "\n".join(sent("R1,718583008,12,2026-11-03T10:15:00Z,"))
    (folder / "MHS606.csv").write_bytes(text.encode("utf-8-sig"))
    (folder / "Schema.ini").write_text("[MHS101.csv]\nFormat=TabDelimited\n")
    _, results = load(make(), folder)
    assert results["core_10"].accepted == 1


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"notes.csv": "a,b\n1,2\n"}, "mhsds-no-table"),
        ({"MHS201.csv": "CareContactID,ServiceRequestID,CareContDate\n"}, "mhsds-no-table"),
        ({"MHS606.csv": "ServiceRequestID,PersScore\nR1,1\n"}, "mhsds-column-missing"),
        ({"MHS606.csv": ""}, "mhsds-file-broken"),
        ({"MHS606.csv": "a,b\n1,2,3,4\n"}, "mhsds-file-broken"),
        ({"MHS606.csv": "a\n1\n", "MHS606Again.csv": "a\n1\n"}, "mhsds-"),
        ({"MHS606.csv": "a\n1\n", "schema.ini": "a\n"}, "mhsds-file-broken"),
        (
            {"MHS606.csv": b"\x81\n", "schema.ini": "[MHS606.csv]\nCharacterSet=1252\n"},
            "mhsds-file-broken",
        ),
    ],
)
def test_files_that_are_no_such_tables_are_told(make, tmp_path, files, code):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataError, match=code):
        read_outside(make(), folder, "mhsds", **BY)


@pytest.mark.parametrize(
    ("head", "more", "told"),
    [
        ("ServiceRequestId,ServiceRequestID,CodedAssToolType,PersScore", b"", "several columns"),
        ("ServiceRequestID,CodedAssToolType,PersScore", b"\0", "NUL bytes"),
        ("ServiceRequestID,CodedAssToolType,PersScore", b"\x81", "in UTF-8 or cp1252"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_table_says_why(make, tmp_path, head, more, told):
    file = tmp_path / "MHS606.csv"
    file.write_bytes(head.encode() + b"\nR1," + more)
    with pytest.raises(DataError, match=told) as caught:
        read_outside(make(), file, "mhsds", **BY)
    assert caught.value.problems[0].code == "mhsds-file-broken"


def test_columns_of_a_file_may_have_any_other_name(make, tmp_path):
    head = "row,table,ServiceRequestID,CodedAssToolType,PersScore"
    folder = write(tmp_path / "in", REFER[:-4], head, "7,mine,R1,123456789,1")
    outside, _ = load(make(), folder)
    assert outside.unread["row"].to_list() == [1]
    raw = json.loads(outside.unread["raw"][0])
    assert (raw["row"], raw["table"], raw["table in the file"]) == ("7", "MHS606", "mine")


def test_a_delimiter_that_is_no_plain_character_is_not_taken(make, tmp_path):
    folder = write(tmp_path / "in", "MHS606", *sent("R1,718583008,12,2026-11-03T10:15:00Z,"))
    (folder / "schema.ini").write_text("[MHS606.csv]\nFormat=Delimited(é)\n", "utf-8")
    outside = read_outside(make(), folder, "mhsds", **BY)
    assert outside.parts[0].prepared.accepted.height == 1


def test_a_table_that_is_there_twice_is_told(make, tmp_path):
    folder = write(tmp_path / "in", "MHS606a", *sent())
    write(folder, "MHS606b", *sent())
    with pytest.raises(DataError, match="mhsds-table-twice"):
        read_outside(make(), folder, "mhsds", **BY)


def test_a_table_that_may_not_be_read_is_told(make, tmp_path):
    folder = tmp_path / "in"
    (folder / "MHS606.csv").mkdir(parents=True)
    with pytest.raises(DataError, match="mhsds-file-broken"):
        read_outside(make(), folder, "mhsds", **BY)


def test_a_table_without_rows_is_read(make, tmp_path):
    outside, _ = load(make(), write(tmp_path / "in", "MHS606", *sent()))
    assert outside.kinds == ("mhsds",)


OWN_SPEC = """
romframe: 1
id: own
version: "1"
name: Own
type: crom
raters: [partner, observer]
licence: {owner: us, terms: free, wording: ships}
response_scales:
  much: {codes: {A: {label: low, value: 0}, B: {label: high, value: 1}}, source: us}
items:
  - {id: q1, label: one, scale: much, codes: {snomed: "718583008"}}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    range: [0, 1]
    better: lower
    source: us
    codes: {snomed: "718613005"}
sources:
  us: {cite: decided here, status: local}
"""


@pytest.fixture
def own(make, tmp_path):
    """A workspace with a measure of its own, whose ids are others' too."""

    def own(spec=OWN_SPEC):
        workspace = make("own")
        (workspace.path / "measures" / "own.yaml").write_text(spec)
        opened = open_workspace(workspace.path, today=TODAY)
        made.append(opened)
        return opened

    made = []
    yield own
    for each in made:
        each.store.close()


def test_an_id_of_several_measures_is_of_the_one_that_is_used(own, tmp_path):
    workspace = own(OWN_SPEC.replace("[partner, observer]", "[clinician]"))
    rows = sent("R1,718583008,12,2026-11-03T10:15:00Z,")
    folder = write(tmp_path / "in", "MHS606", *rows)
    assert read_outside(workspace, folder, "mhsds", **BY).kinds == ("core_10", "mhsds")
    take(workspace, "own", [{"referral_id": "R1", "completed_at": "2026-01-09", "q1": "B"}])
    both = sent("R1,718583008,B,2026-11-03T10:15:00Z,", "R1,718613005,1,2026-11-03T10:15:00Z,")
    folder = write(tmp_path / "in", "MHS606", *both)
    outside, results = load(workspace, folder)
    assert results["own"].accepted == 1
    assert workspace.scores("own")["value"].to_list() == [1, 1]
    assert outside.notices == (
        "1 scores came with the answers that they are computed from, and are not read.",
    )


def test_who_rated_is_not_guessed(own, tmp_path):
    spec = OWN_SPEC.replace("718583008", "718134002").replace("718613005", "718143006")
    rows = sent("R1,718134002,B,2026-11-03T10:15:00Z,")
    outside = read_outside(own(spec), write(tmp_path / "in", "MHS606", *rows), "mhsds", **BY)
    assert refused(outside) == [("mhsds-no-rater", "Nothing says who rated own.")]


def test_a_measure_whose_spec_is_not_valid_is_passed_over(own, tmp_path):
    rows = sent("R1,718583008,12,2026-11-03T10:15:00Z,")
    folder = write(tmp_path / "in", "MHS606", *rows)
    outside = read_outside(own("romframe: 1\n"), folder, "mhsds", **BY)
    assert outside.kinds == ("core_10", "mhsds")
