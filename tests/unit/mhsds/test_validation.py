import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.mhsds_submission import (
    CORE_10,
    HONOS_ITEM,
    ROWS,
    anonymous,
    cell,
    changed,
    context,
    copied,
    emptied,
    frame,
    submission,
)
from romframe_mhsds import layout
from romframe_mhsds.preflight.faults import SCHEMA, faults
from romframe_mhsds.preflight.validation import validate

from romframe import DataError


def codes(verdict):
    """Give what was found, by table, as row and code."""
    return {
        name[:6]: list(found.select("row", "code").iter_rows())
        for name, found in verdict.faults.items()
        if found.height
    }


def kept(verdict):
    return {name[:6]: rows.height for name, rows in verdict.kept.items()}


WHOLE = {name[:6]: len(rows) for name, rows in ROWS.items()}


def test_a_rejected_referral_takes_all_that_hangs_on_it_and_its_patient():
    verdict = validate(changed(MHS101=cell(ServDischDate="2026-10-31")), context())
    assert codes(verdict) == {
        "MHS101": [(1, "MHS10129")],
        "MHS001": [(1, "MHS00146")],
        "MHS002": [(1, "MHS00220")],
        "MHS102": [(1, "MHS10228")],
        "MHS201": [(1, "MHS20142")],
        "MHS202": [(1, "MHS20224")],
        "MHS206": [(1, "MHS20601")],
        "MHS606": [(1, "MHS60612")],
        "MHS607": [(1, "MHS60708"), (2, "MHS60708")],
    }
    gone = {"MHS101": 1, "MHS001": 1, "MHS002": 1, "MHS102": 1, "MHS201": 1, "MHS202": 1,
            "MHS206": 1, "MHS606": 1, "MHS607": 2}  # fmt: skip
    assert kept(verdict) == {name: n - gone.get(name, 0) for name, n in WHOLE.items()}
    assert verdict.accepted


def test_a_patient_with_one_good_referral_stays():
    second = copied(ServiceRequestID="SR3", ServDischDate="2026-10-31")
    verdict = validate(changed(MHS101=second), context())
    assert codes(verdict) == {"MHS101": [(3, "MHS10129")]}
    assert kept(verdict) == WHOLE


def test_a_patient_without_a_valid_practice_takes_the_referral_along():
    verdict = validate(changed(MHS002=cell(GMPReg="A1")), context())
    found = codes(verdict)
    assert found["MHS002"] == [(1, "MHS00204")]
    assert found["MHS001"] == [(1, "MHS00145")]
    assert found["MHS101"] == [(1, "MHS10101")]
    assert found["MHS606"] == [(1, "MHS60612")]
    assert kept(verdict)["MHS001"] == 1


def test_staff_who_are_not_valid_are_missed_and_nothing_falls():
    verdict = validate(changed(MHS901=cell(OrgIDCareProfLocalID=None)), context())
    assert codes(verdict) == {
        "MHS206": [(1, "MHS20602"), (2, "MHS20602")],
        "MHS606": [(1, "MHS60615")],
        "MHS901": [(1, "MHS90114")],
    }
    assert kept(verdict) == WHOLE | {"MHS901": 0}


def test_a_row_tells_why_it_fell_first():
    """Both copies of the patient fall, then their referral; that does not hide the copies."""
    verdict = validate(changed(MHS001=copied(NHSNumber="9990000034")), context())
    assert codes(verdict)["MHS001"] == [(1, "MHS00144"), (3, "MHS00144")]
    assert codes(verdict)["MHS101"] == [(1, "MHS10101")]


def test_all_copies_are_rejected():
    tables = changed(MHS607=copied(), MHS101=copied())
    verdict = validate(tables, context())
    assert codes(verdict)["MHS101"] == [(1, "MHS10103"), (3, "MHS10103")]
    assert verdict.faults["MHS607CodedScoreAssessmentAct"].filter(
        pl.col("row").is_in([1, 4]), "rejects"
    )["row"].to_list() == [1, 4]
    assert kept(verdict)["MHS101"] == 1


def test_equal_rows_of_mhs606_are_both_taken_and_of_mhs607_neither():
    verdict = validate(changed(MHS606=copied(), MHS607=copied()), context())
    assert codes(verdict) == {
        "MHS606": [(1, "ROM60601"), (3, "ROM60601")],
        "MHS607": [(1, "MHS60709"), (4, "MHS60709")],
    }
    assert kept(verdict) == WHOLE | {"MHS606": 3, "MHS607": 2}


@pytest.mark.parametrize("cells", [{}, {"PersScore": None}, {"CodedAssToolType": "1"}])
def test_every_anonymous_row_is_rejected(cells):
    verdict = validate(changed(MHS608=anonymous(**cells)), context())
    found = verdict.faults["MHS608AnonSelfAssess"].filter(code="MHS60815")
    assert list(found.select("row", "column", "rejects").iter_rows()) == [(1, "", True)]
    assert kept(verdict) == WHOLE | {"MHS608": 0}


@pytest.mark.parametrize(
    ("score", "tool", "expected"),
    [
        ("41", CORE_10, "MHS60707"),
        ("12.5", CORE_10, None),
        ("12.50", CORE_10, "MHS60707"),
        ("07", CORE_10, "MHS60707"),
        ("100000", CORE_10, "MHS60706"),
        ("9", HONOS_ITEM, None),
        ("5", HONOS_ITEM, "MHS60707"),
        ("21", "958051000000104", "MHS60710"),
        ("21", "450320002", "ROM60704"),
    ],
)
def test_scores_of_an_activity_are_checked_as_those_of_a_referral(score, tool, expected):
    change = cell(2, PersScore=score, CodedAssToolType=tool)
    found = codes(validate(changed(MHS607=change), context())).get("MHS607", [])
    assert found == ([(3, expected)] if expected else [])


def test_what_is_said_of_the_file_names_rows_where_it_is_about_rows():
    verdict = validate(changed(MHS001=cell(1, NHSNumber="9990000018")), context())
    assert list(verdict.file.select("code", "row", "column").iter_rows()) == [
        ("MHSREJ101", None, ""),
        ("MHSREJ102", 1, "NHSNumber"),
        ("MHSREJ102", 2, "NHSNumber"),
    ]


def test_an_empty_file_lacks_its_mandatory_tables():
    verdict = validate({}, context())
    assert verdict.file["code"].to_list() == ["MHSREJ002", "MHSREJ003", "MHSREJ004", "MHSREJ005"]
    assert verdict.faults == {}
    assert verdict.file.schema == SCHEMA


def test_the_file_is_for_the_period_as_long_as_one_referral_is():
    gone = changed(MHS101=cell(ServDischDate="2026-10-31"))
    assert "MHSREJ012" not in validate(gone, context()).file["code"].to_list()


def test_provider_and_creation_are_those_of_the_header_unless_given():
    tables = changed(
        MHS000=cell(OrgIDProvider="RYY", DateTimeDatSetCreate="2026-12-01 00:00:00"),
        MHS101=cell(ServDischDate="2026-12-02"),
    )
    found = codes(validate(tables, context()))
    assert found["MHS001"] == [(1, "MHS00153"), (1, "MHS00146"), (2, "MHS00153")]
    assert found["MHS101"] == [(1, "MHS10131")]
    assert "MHS001" not in codes(validate(tables, context(provider="RXX", created=LATER)))


LATER = pl.Series(["2026-12-05"]).str.to_datetime()[0]


def test_of_two_headers_neither_is_the_one_to_compare_with():
    twice = changed(MHS000=lambda table, rows: [rows[0] | {"OrgIDProvider": "RYY"}] * 2)
    verdict = validate(twice, context())
    assert codes(verdict) == {"MHS000": [(1, "MHS00025"), (2, "MHS00025")]}
    assert verdict.file["code"].to_list() == ["MHSREJ015"]


def test_tables_are_told_in_their_order_and_stand_before_the_context():
    tables = dict(reversed(submission().items()))
    verdict = validate(tables, context(parents=changed(MHS101=emptied())))
    assert codes(verdict) == {}
    assert list(verdict.faults) == list(verdict.kept) == list(layout.tables())


def test_without_one_header_what_compares_with_it_is_not_decided():
    tables = changed(MHS000=emptied(), MHS001=cell(OrgIDLocalPatientID="RYY"))
    assert codes(validate(tables, context())) == {}


def test_what_needs_parents_is_not_decided_without_them():
    tables = submission()
    for name in ("MHS001MPI", "MHS102OtherServiceType", "MHS606CodedScoreAssessmentRefer"):
        assert faults(tables[name], name, context(provider="RXX")).is_empty()
    late = changed(MHS102=cell(ReferClosureDate="2026-11-26"))["MHS102OtherServiceType"]
    keys = {"MHS101Referral": tables["MHS101Referral"].select("ServiceRequestID")}
    for parents, expected in (({}, []), (keys, []), (tables, ["MHS10216"])):
        found = faults(late, "MHS102OtherServiceType", context(parents=parents))
        assert found["code"].to_list() == expected


def test_parents_that_are_not_in_the_file_may_come_from_the_context():
    name = "MHS606CodedScoreAssessmentRefer"
    parents = {"MHS101Referral": pl.DataFrame({"ServiceRequestID": ["SR2"]})}
    verdict = validate({name: submission()[name]}, context(parents=parents))
    assert codes(verdict) == {"MHS606": [(1, "MHS60612")]}
    assert verdict.kept[name]["ServiceRequestID"].to_list() == ["SR2"]


def test_chunks_that_hold_what_belongs_together_give_what_the_whole_gives():
    name = "MHS606CodedScoreAssessmentRefer"
    rows = [
        {
            "ServiceRequestID": f"SR{n // 4}",
            "CodedAssToolType": CORE_10,
            "PersScore": str(n),
            "AssToolCompTimestamp": f"2026-1{n % 2}-03T10:15:00Z",
        }
        for n in range(60)
    ]
    parents = {"MHS101Referral": pl.DataFrame({"ServiceRequestID": [f"SR{n}" for n in range(9)]})}
    whole = frame(name, rows)
    known = context(parents=parents)
    parts = [
        faults(whole.slice(start, 20), name, known).with_columns(pl.col("row") + start)
        for start in range(0, 60, 20)
    ]
    assert pl.concat(parts).equals(faults(whole, name, known))
    assert pl.concat(parts).height > 60


def test_columns_that_may_be_blank_may_be_missing_and_others_are_kept():
    name = "MHS001MPI"
    needed = submission()[name].select("LocalPatientID", "OrgIDLocalPatientID")
    found = faults(needed, name, context())
    assert set(found["code"]) == {
        "MHS00111", "MHS00118", "MHS00120", "MHS00123", "MHS00162",
    }  # fmt: skip
    marked = submission() | {name: submission()[name].with_columns(mark=pl.lit("x"))}
    assert validate(marked, context()).kept[name]["mark"].to_list() == ["x", "x"]


def test_blanks_are_blank_however_they_are_written():
    table = "MHS101Referral"
    for blank in (None, "", "  ", "\t"):
        tables = changed(MHS101=cell(OrgIDComm=blank, ReasonOAT=blank))
        assert faults(tables[table], table, context())["code"].to_list() == ["MHS10108"]


def test_a_missing_column_is_named_with_its_table():
    rows = submission()["MHS902ServiceTeamDetails"].drop("ServTeamTypeMH", "ServTeamIntAgeGroup")
    what = "MHS902ServiceTeamDetails have no column ServTeamTypeMH, ServTeamIntAgeGroup"
    with pytest.raises(DataError, match=what):
        faults(rows, "MHS902ServiceTeamDetails", context())
    with pytest.raises(DataError, match="no column OrgIDProvider"):
        header = submission()["MHS000Header"].drop("OrgIDProvider")
        validate({"MHS000Header": header}, context())


def test_a_table_that_is_not_known_is_refused():
    with pytest.raises(DataError, match=r"no table MHS801ClusterTool.*Known: MHS000Header"):
        validate({"MHS801ClusterTool": pl.DataFrame()}, context())


VALUES = [None, "", "X" * 60, "1", "00", "SR1", "P1", "CP1", "T2", "2026-10-31", "2026-12-06"]
PLACES = [
    (name, number, field.name)
    for name, rows in ROWS.items()
    for number in range(len(rows))
    for field in layout.table(name).fields
]
mutations = st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(VALUES)), max_size=5)
copies = st.lists(st.sampled_from([name for name, rows in ROWS.items() if rows]), max_size=2)


@settings(max_examples=12, deadline=None)
@given(mutations=mutations, copies=copies)
def test_rows_that_are_kept_are_kept_again(mutations, copies):
    made = {name: [dict(row) for row in rows] for name, rows in ROWS.items()}
    for (name, number, column), value in mutations:
        made[name][number][column] = value
    for name in copies:
        made[name].append(made[name][0])
    tables = {name: frame(name, rows) for name, rows in made.items()}
    verdict = validate(tables, context())
    again = validate(verdict.kept, context())
    for name, rows in tables.items():
        fallen = verdict.faults[name].filter("rejects")["row"].n_unique()
        assert verdict.kept[name].height == rows.height - fallen
        assert not again.faults[name]["rejects"].any()
        assert again.kept[name].equals(verdict.kept[name])
