import re
from datetime import date

import pytest
from romframe_mhsds import reference
from romframe_mhsds.findings import HEADER
from romframe_mhsds.period import Period
from romframe_mhsds.rules import every_rule, rules
from stdnum import verhoeff

from romframe import ExportRefused, UsageError


TODAY = reference.code_list(date(2026, 11, 1))
EVERY = TODAY.accepted | TODAY.ended


def test_the_columns_are_those_of_the_idb_in_order():
    assert [(column.name, column.uid, column.width) for column in reference.columns()] == [
        ("ServiceRequestID", "M606902", 20),
        ("CodedAssToolType", "M606910", 18),
        ("PersScore", "M606911", 5),
        ("AssToolCompTimestamp", "M606918", 25),
        ("CareProfLocalID", "M606908", 20),
    ]


def test_the_code_list_has_the_430_ids_of_version_6_and_71_that_ended():
    assert (len(TODAY.accepted), len(TODAY.ended)) == (430, 71)


def test_every_code_is_whole():
    for scale in EVERY.values():
        assert re.fullmatch("[0-9]{6,18}", scale.concept_id)
        assert verhoeff.is_valid(scale.concept_id)
        assert scale.label
        assert scale.replaced_by == "" or scale.replaced_by in TODAY.accepted


def test_a_code_has_a_range_or_a_set():
    for scale in EVERY.values():
        if scale.kind == "range":
            assert scale.low < scale.high
            assert scale.members == ()
        else:
            assert scale.kind == "set"
            assert (scale.low, scale.high) == (None, None)


def test_only_ended_codes_are_replaced():
    assert not [scale for scale in TODAY.accepted.values() if scale.replaced_by]


def test_codes_are_accepted_between_their_dates():
    old, new = "506701000000100", "720433000"
    before, after = reference.code_list(date(2024, 3, 31)), reference.code_list(date(2024, 4, 1))
    assert old in before.accepted
    assert new in before.ended
    assert old in after.ended
    assert new in after.accepted
    assert new == after.ended[old].replaced_by


def test_an_open_end_holds_for_ever():
    assert reference.in_force("", "", date(2030, 1, 1))
    assert reference.in_force("2026-04-01", "2026-04-30", date(2026, 4, 30))
    assert not reference.in_force("2026-04-01", "", date(2026, 3, 31))
    assert not reference.in_force("", "2026-04-30", date(2026, 5, 1))


def test_every_rule_and_notice_says_how_to_mend_it():
    decided = [rule.mend for rule in every_rule() if rule.decided]
    for text in (*reference.notices().values(), *decided):
        assert text.endswith(".")


def test_rules_of_nhs_england_are_all_there_in_order():
    """Blank, format, list, range, date, parent: the codes of RULES for MHS606."""
    assert [rule.code for rule in rules(reference.TABLE) if rule.code.startswith("MHS")] == [
        "MHS60601", "MHS60603", "MHS60605", "MHS60608",
        "MHS60602", "MHS60604", "MHS60606", "MHS60609", "MHS60614",
        "MHS60613", "MHS60607", "MHS60618", "MHS60616", "MHS60612", "MHS60615",
    ]  # fmt: skip


def test_only_these_rules_do_not_reject():
    assert {"MHS60607", "MHS60615", "ROM60609", "ROM60601"} == {
        rule.code for rule in rules(reference.TABLE) if not rule.rejects
    }


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
