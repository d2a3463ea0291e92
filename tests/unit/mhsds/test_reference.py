from datetime import date

import pytest
from romframe_mhsds import reference
from romframe_mhsds.period import Period
from romframe_mhsds.submission.results import HEADER

from romframe import ExportRefused, UsageError


def test_the_columns_are_those_of_the_idb_in_order():
    assert [(column.name, column.uid, column.width) for column in reference.columns()] == [
        ("ServiceRequestID", "M606902", 20),
        ("CodedAssToolType", "M606910", 18),
        ("PersScore", "M606911", 5),
        ("AssToolCompTimestamp", "M606918", 25),
        ("CareProfLocalID", "M606908", 20),
    ]


def test_every_notice_and_reason_is_a_sentence():
    for text in (*reference.notices().values(), *reference.reasons().values()):
        assert text[0].isupper()
        assert text.endswith(".")


def test_the_findings_have_the_header_of_the_portal():
    assert (
        ",".join(HEADER[:7])
        == "REPORT_TYPE,DESCRIPTION,CODE,NUMERATOR,DENOMINATOR,DATA_ITEM1,DATA_VALUE1"
    )
    assert HEADER[-1] == "DATA_VALUE10"
    assert len(HEADER) == 25


def test_a_period_is_one_calendar_month():
    assert (date(2028, 2, 1), date(2028, 2, 29)) == (
        Period.parse("2028-02").start,
        Period.parse("2028-02").end,
    )
    assert Period.parse("2026-11").name == "2026-11"


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "11/2026", "2026-11-03", ""])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(UsageError, match="is not a month"):
        Period.parse(text)


def test_months_before_version_6_are_refused():
    assert date(2024, 4, 30) == Period.parse("2024-04").end
    with pytest.raises(ExportRefused, match="before 2024-04"):
        Period.parse("2024-03")
