import polars as pl
import pytest
from romframe_mhsds.codes.codelist import code_list
from romframe_mhsds.period import Period
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.faults import faults
from romframe_mhsds.preflight.rules import rules
from romframe_mhsds.reference import TABLE, columns

from romframe import DataError


NOVEMBER = Period.parse("2026-11")
JULY = Period.parse("2026-07")
CORE_10 = "718583008"
HONOS_ITEM = "979641000000103"
HONOS_TYPE = "979831000000108"
POEM = "1324031000000107"
GOOD = {
    "ServiceRequestID": "SR0001",
    "CodedAssToolType": CORE_10,
    "PersScore": "21",
    "AssToolCompTimestamp": "2026-11-03T10:15:00Z",
    "CareProfLocalID": "CP07",
}
SCHEMA = {column.name: pl.String for column in columns()}


def check(rows, period, *, referrals=None, staff=None, codes=None):
    """Check MHS606 rows alone; `referrals` have a valid MHS101 row and `staff` an MHS901 row."""
    parents = {
        "MHS101Referral": ("ServiceRequestID", referrals),
        "MHS901StaffDetails": ("CareProfLocalID", staff),
    }
    known = {
        table: pl.DataFrame({column: sorted(keys)}, {column: pl.String})
        for table, (column, keys) in parents.items()
        if keys is not None
    }
    return faults(rows, TABLE, Context(period, codes or code_list(period.start), parents=known))


def frame(*rows):
    return pl.DataFrame([GOOD | row for row in rows], schema=SCHEMA, orient="row")


def codes(*rows, period=NOVEMBER, **known):
    return check(frame(*rows), period, **known).get_column("code").to_list()


def score(text, tool=CORE_10):
    return {"PersScore": text, "CodedAssToolType": tool}


def test_a_good_row_has_no_fault():
    assert codes({}) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # the worked cases of a v6.0 validator, one each
        (score("41"), ["MHS60607"]),
        (score("12.5"), []),
        (score("12.50"), ["MHS60607"]),
        (score("07"), ["MHS60607"]),
        (score("100000"), ["MHS60606"]),
        (score("9", HONOS_ITEM), []),
        (score("5", HONOS_ITEM), ["MHS60607"]),
        (score("21", "958051000000104"), ["MHS60613"]),
        (score("21", "450320002"), ["ROM60604"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00"}, ["MHS60609"]),
        # range scales: digits, and perhaps a point and one digit
        (score("0"), []),
        (score("0.5"), []),
        (score("12.0"), []),
        (score("40"), []),
        (score("40.0"), []),
        (score("40.1"), ["MHS60607"]),
        (score("4", "734919008"), ["MHS60607"]),  # its range begins at 5
        (score("5", "734919008"), []),
        (score(".5"), ["MHS60607"]),
        (score("5."), ["MHS60607"]),
        (score("-1"), ["MHS60607"]),
        (score("+3"), ["MHS60607"]),
        (score(" 7"), ["MHS60607"]),
        (score("7 "), ["MHS60607"]),
        (score("1e1"), ["MHS60607"]),
        (score("00"), ["MHS60607"]),
        (score("\u0667"), ["MHS60607"]),
        # sets are compared as text
        (score("4", HONOS_ITEM), []),
        (score("4.0", HONOS_ITEM), ["MHS60607"]),
        (score("J", HONOS_TYPE), []),
        (score("K", HONOS_TYPE), ["MHS60607"]),
        (score("j", HONOS_TYPE), ["MHS60607"]),
        (score("4", POEM), []),
        (score("5", POEM), ["MHS60607"]),
        # a set whose members are not known cannot be checked
        (score("77", "714350005"), []),
        # blanks
        ({"ServiceRequestID": None}, ["MHS60601"]),
        ({"ServiceRequestID": "  "}, ["MHS60601"]),
        ({"CodedAssToolType": None}, ["MHS60603"]),
        ({"PersScore": ""}, ["MHS60605"]),
        ({"AssToolCompTimestamp": ""}, ["MHS60608"]),
        ({"CareProfLocalID": None}, []),
        ({"CareProfLocalID": ""}, []),
        # formats
        ({"ServiceRequestID": "S" * 20}, []),
        ({"ServiceRequestID": "S" * 21}, ["MHS60602"]),
        ({"CareProfLocalID": "C" * 20}, []),
        ({"CareProfLocalID": "C" * 21}, ["MHS60614"]),
        ({"CodedAssToolType": "71858"}, ["MHS60604"]),
        ({"CodedAssToolType": "7185830080000000000"}, ["MHS60604"]),
        ({"CodedAssToolType": "7.18583E+8"}, ["MHS60604"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00+00:00"}, []),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00-00:00"}, []),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00+01:00"}, []),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00+02:00"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00.0Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "2026-11-31T10:15:00Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "2026-11-03T24:00:00Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:60Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "1889-11-03T10:15:00Z"}, ["MHS60609"]),
        ({"AssToolCompTimestamp": "1890-01-01T10:15:00Z"}, ["MHS60618"]),
        ({"AssToolCompTimestamp": "2026-11-03T10:15:00Z\n"}, ["MHS60609"]),
        # dates, as they are written
        ({"AssToolCompTimestamp": "2026-10-31T23:59:59Z"}, ["MHS60618"]),
        ({"AssToolCompTimestamp": "2026-11-01T00:00:00Z"}, []),
        ({"AssToolCompTimestamp": "2026-11-30T23:59:59Z"}, []),
        ({"AssToolCompTimestamp": "2026-12-01T00:00:00Z"}, ["MHS60616"]),
        # columns are independent of one another
        (
            {"PersScore": None, "CodedAssToolType": "1", "ServiceRequestID": ""},
            ["MHS60601", "MHS60605", "MHS60604"],
        ),
    ],
)
def test_each_row_gets_the_faults_that_nhs_england_would_find(row, expected):
    assert expected == codes(row)


def test_summer_midnight_in_local_time_is_in_its_month_but_noted():
    """Written in UTC it would be the day before, and so the month before."""
    local = {"AssToolCompTimestamp": "2026-07-01T00:00:00+01:00"}
    utc = {"AssToolCompTimestamp": "2026-06-30T23:00:00Z"}
    assert codes(local, period=JULY) == ["ROM60609"]
    assert not check(frame(local), JULY).get_column("rejects").any()
    assert codes(utc, period=JULY) == ["MHS60618"]


def test_rows_of_a_rejected_referral_are_rejected():
    rows = [{"ServiceRequestID": "SR0002"}, {}, {"ServiceRequestID": "SR0002", "PersScore": "3"}]
    found = check(frame(*rows), NOVEMBER, referrals=["SR0001"])
    assert list(found.select("row", "code", "rejects").iter_rows()) == [
        (1, "MHS60612", True),
        (3, "MHS60612", True),
    ]


def test_staff_without_details_are_a_warning_and_only_where_the_staff_are_known():
    assert codes({"CareProfLocalID": "CP99"}) == []
    assert codes({"CareProfLocalID": "CP99"}, staff=["CP07"]) == ["MHS60615"]
    assert codes({"CareProfLocalID": None}, staff=["CP07"]) == []
    assert not check(frame({"CareProfLocalID": "CP99"}), NOVEMBER, staff=[])["rejects"].any()


def test_repeated_rows_are_taken_and_noted():
    found = check(frame({}, {}, {"PersScore": "22"}, {"ServiceRequestID": "SR0002"}), NOVEMBER)
    assert list(found.select("row", "code", "rejects").iter_rows()) == [
        (1, "ROM60601", False),
        (2, "ROM60601", False),
        (3, "ROM60601", False),
    ]


def test_a_fault_says_where_what_and_how_to_mend_it():
    found = check(frame({}, score("5", HONOS_ITEM)), NOVEMBER).row(0, named=True)
    assert (found["row"], found["column"], found["effect"]) == (2, "PersScore", "Warning")
    assert "not valid" in found["what"]
    assert found["mend"].startswith("Check the answer")


def test_the_code_list_is_that_of_the_month():
    """A code that ended before version 6.0 is refused in every month that can be written."""
    first = Period.parse("2024-04")
    row = {"AssToolCompTimestamp": "2024-04-10T10:00:00+01:00"}
    assert codes(row, period=first) == []
    assert codes(row | score("21", "506701000000100"), period=first) == ["MHS60613"]


def test_numbers_instead_of_text_are_read_as_text():
    rows = frame({}).with_columns(pl.col("CodedAssToolType").cast(pl.Int64), PersScore=pl.lit(41))
    assert check(rows, NOVEMBER)["code"].to_list() == ["MHS60607"]


def test_no_rows_give_no_faults():
    assert check(frame(), NOVEMBER).height == 0


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="no column PersScore"):
        check(frame({}).drop("PersScore"), NOVEMBER)


def test_every_rule_strikes_somewhere():
    rows = [
        {"ServiceRequestID": ""},
        {"ServiceRequestID": "S" * 21},
        {"ServiceRequestID": "SR0002"},
        {"CodedAssToolType": ""},
        {"CodedAssToolType": "1"},
        score("21", "450320002"),
        score("21", "958051000000104"),
        score(""),
        score("100000"),
        score("41"),
        {"AssToolCompTimestamp": ""},
        {"AssToolCompTimestamp": "now"},
        {"AssToolCompTimestamp": "2026-06-30T10:00:00+01:00"},
        {"AssToolCompTimestamp": "2026-08-01T10:00:00+01:00"},
        {"AssToolCompTimestamp": "2026-07-01T00:00:00+01:00"},
        {"CareProfLocalID": "C" * 21},
        {"CareProfLocalID": "CP99"},
        {"AssToolCompTimestamp": "2026-07-02T09:00:00+01:00"},
        {"AssToolCompTimestamp": "2026-07-02T09:00:00+01:00"},
    ]
    struck = codes(*rows, period=JULY, referrals=["SR0001", "S" * 21], staff=["CP07"])
    assert {rule.code for rule in rules(TABLE)} == set(struck)
