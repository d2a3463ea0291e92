from datetime import date

import polars as pl
import pytest
from romframe_mhsds import layout
from romframe_mhsds.preflight.formats import badly_written, day_of, utc_month

from romframe import DataError


COLUMNS = {
    "MHS000Header": 7,
    "MHS001MPI": 15,
    "MHS002GP": 4,
    "MHS101Referral": 26,
    "MHS102OtherServiceType": 8,
    "MHS201CareContact": 28,
    "MHS202CareActivity": 9,
    "MHS206StaffActivity": 2,
    "MHS606CodedScoreAssessmentRefer": 5,
    "MHS607CodedScoreAssessmentAct": 3,
    "MHS608AnonSelfAssess": 5,
    "MHS901StaffDetails": 8,
    "MHS902ServiceTeamDetails": 4,
}
FIELDS = [field for table in layout.tables().values() for field in table.fields]


def field(table, name):
    return layout.table(table).field(name)


def test_the_tables_have_the_columns_of_version_6():
    found = {name: len(table.fields) for name, table in layout.tables().items()}
    assert found == COLUMNS
    assert {table.valid_from for table in layout.tables().values()} == {"2024-04-01"}


def test_every_column_has_an_id_of_its_table():
    assert len({field.uid for field in FIELDS}) == len(FIELDS) == 124
    for name, table in layout.tables().items():
        assert {each.uid[:4] for each in table.fields} == {f"M{name[3:6]}"}
        assert len({each.name for each in table.fields}) == len(table.fields)


def test_columns_say_what_may_stand_in_them():
    assert {field.kind for field in FIELDS} == {
        "", "text", "digits", "date", "time", "datetime", "timestamp", "postcode",
    }  # fmt: skip
    assert {field.name for field in FIELDS if field.storage == "number"} == {
        "NHSNumber", "ClinContDurOfCareCont", "ClinContactDurOfCareAct", "Observation",
    }  # fmt: skip
    for each in FIELDS:
        assert each.label
        assert each.least <= each.width
        assert (each.storage == "datetime") == (each.kind in {"date", "time", "datetime"})
        if each.kind in {"text", "digits"}:
            assert each.least >= 1
            assert all(each.least <= len(code) <= each.width for code in each.codes)


def test_lists_are_whole():
    assert field("MHS201CareContact", "AttendStatus").codes == tuple("234567")
    teams = field("MHS902ServiceTeamDetails", "ServTeamTypeMH").codes
    assert len(teams) == 53
    assert {"C02", "F02"} < set(teams)
    assert not {"A03", "A04", "F04"} & set(teams)
    assert len(field("MHS101Referral", "ReferringCareProfessionalType").codes) == 60


def test_a_table_that_is_not_known_is_refused():
    with pytest.raises(DataError, match="no table MHS606"):
        layout.table("MHS606")


@pytest.mark.parametrize(
    ("table", "name", "right", "wrong"),
    [
        ("MHS000Header", "OrgIDProvider", ["RXX", "RXX001"], ["RX", "RXX0011"]),
        ("MHS001MPI", "NHSNumber", ["9990000018"], ["999000001", "99900000181", "999 000 0018"]),
        ("MHS001MPI", "Postcode", ["ZZ99 3AA", "z1 1zz", "Z1Z  1ZZ"], ["ZZ993AA", "ZZ99 3A", "1"]),
        ("MHS001MPI", "PersonBirthDate", ["1890-01-01", "2024-02-29"],
         ["1889-12-31", "2026-02-29", "2026-2-3", "03/02/2026", "2026-11-03 00:00:00"]),
        ("MHS101Referral", "ServDischTime", ["00:00:00", "23:59:59"],
         ["24:00:00", "9:00:00", "09:60:00", "09:00:60", "09:00"]),
        ("MHS000Header", "DateTimeDatSetCreate", ["2026-12-05 09:00:00"],
         ["2026-12-05T09:00:00", "2026-12-32 09:00:00", "2026-12-05 24:00:00", "2026-12-05"]),
        ("MHS607CodedScoreAssessmentAct", "CodedAssToolType", ["123456", "1" * 18],
         ["12345", "1" * 19, "12345a"]),
        ("MHS201CareContact", "ClinContDurOfCareCont", ["0", "9999"], ["10000", "5.5", "-1"]),
    ],
)  # fmt: skip
def test_values_have_the_form_of_their_column(table, name, right, wrong):
    texts = pl.DataFrame({name: [*right, *wrong]})
    found = texts.select(badly_written(pl.col(name), field(table, name))).to_series()
    assert found.to_list() == [False] * len(right) + [True] * len(wrong)


def test_days_are_read_as_they_are_written():
    texts = pl.DataFrame({"x": ["2026-11-03", "2026-11-03T23:30:00Z", "2026-11-31", "soon", None]})
    day = date(2026, 11, 3)
    assert texts.select(day_of(pl.col("x"))).to_series().to_list() == [day, day, None, None, None]


def test_the_month_in_utc_may_be_another():
    stamps = ["2026-07-01T00:30:00+01:00", "2026-07-01T01:30:00+01:00", "2026-07-01T00:30:00Z"]
    months = pl.DataFrame({"x": stamps}).select(utc_month(pl.col("x"))).to_series()
    assert months.to_list() == [6, 7, 7]
