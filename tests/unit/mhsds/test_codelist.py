import csv
import io
import re
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from romframe_mhsds.codes.codefile import COLUMNS, read_codes, shipped, write_codes
from romframe_mhsds.codes.codelist import changes, code_list, scales_in_use
from romframe_mhsds.codes.scale import in_force
from stdnum import verhoeff

from romframe import DataError


NOVEMBER = date(2026, 11, 1)
TODAY = code_list(NOVEMBER)
EVERY = TODAY.accepted | TODAY.ended
HEADER = ",".join(COLUMNS)
PHQ_9 = "720433000"
OLD_PHQ_9 = "506701000000100"
ROW = {
    "concept_id": PHQ_9,
    "tool": "PHQ-9",
    "label": "score",
    "name": "published",
    "kind": "range",
    "low": "0",
    "high": "27",
    "members": "",
    "valid_from": "2024-04-01",
    "valid_to": "",
    "replaced_by": "",
    "source": "ours",
}


@pytest.fixture
def listed(tmp_path):
    """Write a code list of these rows; give its path."""

    def listed(*rows, name="codes.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(ROW | row for row in rows)
        return path

    return listed


@pytest.fixture
def faults(tmp_path):
    """Give the faults of a code list: line, column and code."""

    def faults(content):
        path = tmp_path / "faulty.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(DataError) as caught:
            read_codes(path)
        for problem in caught.value.problems:
            assert problem.place.file == str(path)
            assert problem.what.endswith(".")
            assert problem.mend
        return [(p.place.line, p.place.field, p.code) for p in caught.value.problems]

    return faults


def test_the_code_list_has_the_430_ids_of_version_6_and_71_that_ended():
    assert (len(TODAY.accepted), len(TODAY.ended)) == (430, 71)


def test_every_id_has_a_sound_check_digit_and_a_source():
    for scale in EVERY.values():
        assert re.fullmatch("[0-9]{6,18}", scale.concept_id)
        assert verhoeff.is_valid(scale.concept_id)
        assert scale.label
        assert scale.source in {"RCL", "REF22", "RCL+REF22"}
        assert scale.replaced_by == "" or scale.replaced_by in TODAY.accepted


def test_an_id_has_a_range_or_a_set():
    for scale in EVERY.values():
        if scale.kind == "range":
            assert scale.low < scale.high
            assert scale.members == ()
        else:
            assert scale.kind == "set"
            assert (scale.low, scale.high) == (None, None)


def test_ids_that_nobody_has_named_are_marked_and_so_are_inferred_names():
    unnamed = [scale for scale in TODAY.accepted.values() if scale.name == "none"]
    inferred = {scale.concept_id for scale in EVERY.values() if scale.name == "inferred"}
    assert len(unnamed) == 78
    assert all("name not found" in scale.label for scale in unnamed)
    assert inferred == {
        "1833391000000107", "1833401000000105", "985981000000108", "1064261000000102",
        "988281000000105",
    }  # fmt: skip
    assert not [scale for scale in TODAY.ended.values() if scale.name != "published"]


def test_only_ended_ids_are_replaced():
    assert not [scale for scale in TODAY.accepted.values() if scale.replaced_by]


def test_ids_are_accepted_between_their_dates():
    before, after = code_list(date(2024, 3, 31)), code_list(date(2024, 4, 1))
    assert OLD_PHQ_9 in before.accepted
    assert PHQ_9 in before.ended
    assert OLD_PHQ_9 in after.ended
    assert PHQ_9 in after.accepted
    assert after.ended[OLD_PHQ_9].replaced_by == PHQ_9


@pytest.mark.parametrize(
    ("old", "new"),
    [  # as NHS England lists them
        ("958051000000104", "718583008"),  # CORE-10
        ("718612000", "865876006"),  # CORE-OM
        ("960601000000104", "718437004"),  # YP-CORE
        ("506701000000100", "720433000"),  # PHQ-9
        ("960251000000100", "716613004"),  # ORS
        ("960451000000101", "720482000"),  # SRS
        ("885541000000103", "718426000"),  # WEMWBS
        ("960481000000107", "718466001"),  # SWEMWBS
        ("961031000000108", "734919008"),  # BPSES
        ("960181000000100", "725081001"),  # CRIES-8
        ("718152002", "725081001"),
        ("963561000000106", "720211004"),  # K10
    ],
)
def test_an_old_id_is_known_and_the_current_one_is_named(old, new):
    assert TODAY.current(old).concept_id == new
    assert TODAY.instead(old) == f": send {new}"


def test_a_replacement_that_is_only_inferred_is_said_to_be():
    assert TODAY.instead("1037701000000108") == ": send 1833391000000107, if you can confirm it"


def test_where_no_current_id_is_known_none_is_named():
    assert TODAY.current("718459002") is None
    assert TODAY.instead("718459002") == TODAY.instead("450320001") == ""


def test_replacements_are_followed_to_the_id_that_is_accepted(listed):
    first, second, third = OLD_PHQ_9, "718583008", PHQ_9
    path = listed(
        {"concept_id": first, "valid_to": "2025-03-31", "replaced_by": second},
        {"concept_id": second, "valid_to": "2026-03-31", "replaced_by": third},
        {"concept_id": third},
    )
    assert code_list(NOVEMBER, read_codes(path)).current(first).concept_id == third


def test_replacements_that_go_round_lead_nowhere(listed):
    ended = {"valid_to": "2025-03-31"}
    path = listed(
        {"concept_id": OLD_PHQ_9, "replaced_by": PHQ_9, **ended},
        {"concept_id": PHQ_9, "replaced_by": OLD_PHQ_9, **ended},
    )
    assert code_list(NOVEMBER, read_codes(path)).current(PHQ_9) is None


def test_an_open_end_holds_for_ever():
    assert in_force("", "", date(2030, 1, 1))
    assert in_force("2026-04-01", "2026-04-30", date(2026, 4, 30))
    assert not in_force("2026-04-01", "", date(2026, 3, 31))
    assert not in_force("", "2026-04-30", date(2026, 5, 1))


@pytest.mark.parametrize(
    ("scale", "text", "valid"),
    [
        (PHQ_9, "0", True),
        (PHQ_9, "27", True),
        (PHQ_9, "28", False),
        (PHQ_9, "A", False),
        ("979641000000103", "9", True),  # an item of HoNOS: 0 to 4, and 9
        ("979641000000103", "5", False),
        ("714350005", "anything", True),  # a set whose members are not known
    ],
)
def test_a_text_is_a_valid_score_or_not(scale, text, valid):
    assert TODAY.accepted[scale].takes(text) is valid


def test_valid_scores_are_told_in_words():
    told = {key: TODAY.accepted[key].valid_scores for key in (PHQ_9, "979641000000103")}
    assert told == {PHQ_9: "0 to 27", "979641000000103": "0 1 2 3 4 9"}
    assert TODAY.accepted["714350005"].valid_scores == "not known"


def test_a_list_that_is_written_is_read_as_it_was(tmp_path):
    stream = io.StringIO()
    write_codes(shipped(), stream)
    path = tmp_path / "codes.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    assert read_codes(path) == shipped()
    kept = files("romframe_mhsds").joinpath("data", "codes.csv").read_text(encoding="utf-8")
    assert stream.getvalue() == kept


def test_a_file_from_a_spreadsheet_is_read(listed):
    """Byte order mark, Windows line ends, blank lines, spaces around, no column `name`."""
    path = listed({})
    lines = [line.replace("published,", "").replace("name,", "") for line in _lines(path)]
    lines[1] = lines[1].replace("27", " 27 ")
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*lines, "," * 10, ""]).encode())
    (scale,) = read_codes(path)
    assert (scale.high, scale.name) == (27, "published")


def _lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_a_service_names_a_list_in_its_folder(listed, tmp_path):
    listed({}, name="ours.csv")
    assert [scale.source for scale in scales_in_use(tmp_path, "ours.csv")] == ["ours"]
    assert scales_in_use(tmp_path, None) == shipped()


def test_an_id_may_have_another_range_from_another_day(listed):
    path = listed(
        {"high": "30", "valid_from": "2026-04-01"},
        {"valid_to": "2026-03-31"},
    )
    scales = read_codes(path)
    high = {day: code_list(day, scales).accepted[PHQ_9].high for day in _days("2026-03-31", 2)}
    assert list(high.values()) == [27, 30]
    before = code_list(date(2024, 3, 31), scales)
    assert before.accepted == {}
    assert before.ended[PHQ_9].high == 30


def _days(first, count):
    return [date.fromisoformat(first) + timedelta(days) for days in range(count)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=1, max_size=4))
def test_rows_of_one_id_are_taken_exactly_where_no_day_has_two(tmp_path_factory, stretches):
    start = date(2026, 1, 1)
    days = [(start + timedelta(first), start + timedelta(first + n)) for first, n in stretches]
    path = tmp_path_factory.mktemp("lists") / "codes.csv"
    rows = [
        {"high": str(n), "valid_from": first.isoformat(), "valid_to": last.isoformat()}
        for n, (first, last) in enumerate(days, start=1)
    ]
    text = "\n".join([HEADER, *(",".join((ROW | row).values()) for row in rows)])
    path.write_text(text, encoding="utf-8")
    holding = {
        day: [n for n, (first, last) in enumerate(days, start=1) if first <= day <= last]
        for day in _days("2026-01-01", 50)
    }
    if all(len(each) <= 1 for each in holding.values()):
        scales = read_codes(path)
        for day, each in holding.items():
            accepted = code_list(day, scales).accepted
            assert [scale.high for scale in accepted.values()] == each
    else:
        with pytest.raises(DataError, match="mhsds-codes-overlap"):
            read_codes(path)


@pytest.mark.parametrize(
    "content", ["", "\n\n", f"{HEADER}\n", f"{HEADER}\n,,,,,,,,,,,\n", "\ufeff"]
)
def test_an_empty_list_is_one_clear_fault(faults, content):
    assert faults(content) == [(0, "", "mhsds-codes-empty")]


@pytest.mark.parametrize(
    "header", [HEADER.replace(",", ";"), HEADER.replace(",", "\t"), HEADER.replace("low,", ""),
               f"{HEADER},low"],
)  # fmt: skip
def test_columns_must_be_there_once_with_commas_between(faults, header):
    assert faults(f"{header}\n1\n") == [(1, "", "mhsds-codes-column")]


def test_semicolons_are_called_by_their_name(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(f"{HEADER.replace(',', ';')}\n1;2\n")
    with pytest.raises(DataError, match="not separated by commas"):
        read_codes(path)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"concept_id": "72043300"}, "concept_id", "mhsds-codes-id"),
        ({"concept_id": "720433001"}, "concept_id", "mhsds-codes-id"),
        ({"concept_id": "7.20433E+08"}, "concept_id", "mhsds-codes-id"),
        ({"concept_id": ""}, "concept_id", "mhsds-codes-id"),
        ({"replaced_by": "718583009"}, "replaced_by", "mhsds-codes-id"),
        ({"replaced_by": "718583008"}, "replaced_by", "mhsds-codes-replacement"),
        ({"replaced_by": PHQ_9}, "replaced_by", "mhsds-codes-replacement"),
        ({"kind": "scale"}, "kind", "mhsds-codes-word"),
        ({"name": "perhaps"}, "name", "mhsds-codes-word"),
        ({"valid_from": "01/04/2024"}, "valid_from", "mhsds-codes-date"),
        ({"valid_from": "20240401"}, "valid_from", "mhsds-codes-date"),
        ({"valid_to": "2026-02-30"}, "valid_to", "mhsds-codes-date"),
        ({"valid_to": "2024-03-31"}, "valid_to", "mhsds-codes-date"),
        ({"low": "28"}, "low", "mhsds-codes-range"),
        ({"low": ""}, "low", "mhsds-codes-range"),
        ({"high": "many"}, "low", "mhsds-codes-range"),
        ({"high": "inf"}, "low", "mhsds-codes-range"),
        ({"members": "1 2"}, "low", "mhsds-codes-range"),
        ({"kind": "set", "members": "1 2"}, "low", "mhsds-codes-range"),
    ],
)
def test_each_fault_of_a_row_is_told_with_its_line_and_column(listed, faults, row, column, code):
    content = listed({"concept_id": OLD_PHQ_9}, row).read_bytes()
    assert faults(content) == [(3, column, code)]


def test_two_rows_of_one_id_that_hold_at_once_are_a_fault(listed, faults):
    content = listed({}, {"valid_from": "2026-04-01"}).read_bytes()
    assert faults(content) == [(3, "valid_from", "mhsds-codes-overlap")]


def test_all_faults_of_a_file_are_told_at_once(listed, faults):
    content = listed(
        {"concept_id": "1", "kind": "scale", "valid_from": "soon"}, {}, {"low": "30"}
    ).read_bytes()
    assert faults(content + b"one,cell\n") == [
        (2, "concept_id", "mhsds-codes-id"),
        (2, "kind", "mhsds-codes-word"),
        (2, "valid_from", "mhsds-codes-date"),
        (4, "low", "mhsds-codes-range"),
        (5, "", "mhsds-codes-row"),
    ]


def test_quotes_that_are_not_closed_are_told_with_their_line(listed, faults):
    content = listed({}).read_bytes() + b'"720433000,PHQ\n'
    assert faults(content) == [(3, "", "mhsds-codes-row")]


def test_a_file_that_cannot_be_read_is_told(tmp_path, faults):
    with pytest.raises(DataError, match="file-unreadable"):
        read_codes(tmp_path / "missing.csv")
    assert faults(b"\xff\xfe") == [(0, "", "file-encoding")]


def test_what_a_list_changes_is_told_id_by_id(listed):
    scales = [scale for scale in shipped() if scale.concept_id not in (PHQ_9, "718583008")]
    own = read_codes(
        listed(
            {"high": "30", "label": "PHQ-9 score"},
            {"concept_id": "718583008", "valid_to": "2026-03-31", "replaced_by": "450320001"},
            {"concept_id": "450320001", "label": "EPDS score", "high": "30"},
        )
    )
    found = changes(code_list(NOVEMBER, [*scales, *own]), TODAY)
    assert [(change.kind, change.scale.concept_id) for change in found] == [
        ("new", "450320001"),
        ("ended", "718583008"),
        ("scores", PHQ_9),
    ]
    assert [change.what for change in found] == [
        "EPDS score: 0 to 30",
        "Clinical Outcomes in Routine Evaluation - 10 clinical score: send 450320001",
        "PHQ-9 score: 0 to 27 becomes 0 to 30",
    ]
    assert changes(TODAY, TODAY) == []


IDS_THAT_DO_NOT_FLOW = {
    ("dialog", "1037701000000108"): "item 6 ended on 2024-03-31; what replaced it is inferred",
    ("dialog", "1037711000000105"): "item 7 ended on 2024-03-31; what replaced it is inferred",
}


def test_every_id_in_a_shipped_spec_is_accepted_or_a_known_exception(shipped):
    """`shipped` here is the catalogue of measures."""
    refused, guessed = set(), set()
    for name in shipped.ids:
        spec = shipped.instrument(name)
        ids = {code.id for each in (*spec.items, *spec.scores) for code in each.codes
               if code.system == "snomed"}  # fmt: skip
        slots = [each for item in spec.items for each in item.slot_codes.get("snomed", ())]
        refused |= {(name, each) for each in (*ids, *slots) if each not in TODAY.accepted}
        guessed |= {each for each in (*ids, *slots) if EVERY[each].name != "published"}
    assert refused == set(IDS_THAT_DO_NOT_FLOW)
    assert all(each in TODAY.ended for _, each in refused)
    assert guessed == set()
