"""Every rule that can be raised: one change to a valid submission raises exactly its code."""

import re
from datetime import datetime

import pytest
from oracles.mhsds_submission import (
    anonymous,
    cell,
    changed,
    context,
    copied,
    emptied,
    submission,
)
from romframe_mhsds import layout
from romframe_mhsds.preflight.faults import faults
from romframe_mhsds.preflight.rules import every_rule, file_rules, rules, undecided
from romframe_mhsds.preflight.validation import validate


ROW_RULES = [rule for table in layout.tables() for rule in rules(table)]
CHANGES = {
    # header
    "MHS00003": cell(DatSetVer="5.0"),
    "MHS00016": cell(ReportingPeriodStartDate="2026-10-01"),
    "MHS00019": cell(ReportingPeriodEndDate="2026-11-29"),
    "MHS00025": copied(),
    "MHS00036": cell(DateTimeDatSetCreate="2026-10-31 23:59:59"),
    "MHS00037": cell(DateTimeDatSetCreate="2026-11-29 23:59:59"),
    # patients
    "MHS00111": cell(NHSNumber=None, NHSNumberStatus="07"),
    "MHS00117": cell(NHSNumberStatus="07"),
    "MHS00118": cell(NHSNumber=None, NHSNumberStatus=None),
    "MHS00119": cell(NHSNumber=None),
    "MHS00141": cell(PersDeathDate="2026-10-31"),
    "MHS00142": cell(PersDeathDate="2026-12-01"),
    "MHS00144": copied(NHSNumber="9990000034"),
    "MHS00147": cell(1, NHSNumber="9990000018"),
    "MHS00153": cell(OrgIDLocalPatientID="RYY"),
    "MHS00168": cell(PersonBirthDate="2026-12-01"),
    "MHS00171": cell(PersonBirthDate="1895-11-01"),
    # practices
    "MHS00211": cell(StartDateGMPRegistration="2026-12-02"),
    "MHS00212": cell(StartDateGMPRegistration="1990-03-03"),
    "MHS00214": cell(1, EndDateGMPRegistration="2026-10-31"),
    "MHS00215": cell(1, EndDateGMPRegistration="2026-12-01"),
    "MHS00216": cell(1, StartDateGMPRegistration="2026-11-15"),
    "MHS00221": copied(),
    "MHS00222": copied(GMPReg="B99999"),
    "MHS00223": cell(1, EndDateGMPRegistration="2026-11-13"),
    # referrals
    "MHS10103": copied(),
    "MHS10113": cell(1, ReferralRequestReceivedDate="2026-12-01"),
    "MHS10128": cell(ServDischDate="2026-05-03"),
    "MHS10129": cell(ServDischDate="2026-10-31"),
    "MHS10130": cell(ServDischDate="2026-12-02"),
    "MHS10131": cell(ServDischDate="2026-12-06"),
    "MHS10137": cell(DischPlanCreationDate="2026-05-03"),
    "MHS10138": cell(1, DischPlanCreationDate="2026-12-01"),
    "MHS10140": cell(DischPlanLastUpdatedDate="2026-11-19"),
    "MHS10141": cell(DischPlanLastUpdatedDate="2026-12-01"),
    "MHS10150": cell(DecisionToTreatDate="2026-12-01"),
    "MHS10158": cell(ReferRejectionDate="2026-12-01"),
    "MHS10159": cell(ReferRejectionDate="2026-10-31"),
    "MHS10160": cell(ReferRejectionDate="2026-12-06"),
    "MHS10161": cell(ReferralRequestReceivedDate="2026-11-11"),
    # further teams
    "MHS10213": cell(ReferClosureDate="2026-10-31"),
    "MHS10214": cell(ReferClosureDate="2026-12-06"),
    "MHS10215": cell(1, ReferClosureDate="2026-12-01"),
    "MHS10216": cell(ReferClosureDate="2026-11-26"),
    "MHS10218": cell(ReferRejectionDate="2026-10-31"),
    "MHS10219": cell(ReferRejectionDate="2026-12-06"),
    "MHS10220": cell(1, ReferRejectionDate="2026-12-01"),
    "MHS10221": cell(ReferRejectionDate="2026-11-26"),
    "MHS10224": cell(ReferClosReason=None),
    "MHS10227": cell(ReferRejectReason=None),
    "MHS10229": copied(),
    # contacts, activities, staff, teams
    "MHS20137": cell(CareContCancelReas=None),
    "MHS20143": copied(),
    "MHS20167": cell(CareContDate="2026-10-31"),
    "MHS20168": cell(CareContDate="2026-12-01"),
    "MHS20225": copied(),
    "MHS20227": cell(UnitofMeasurement_UCUM=None),
    "MHS20232": cell(FindSchemeInUse=None),
    "MHS20233": cell(Finding=None),
    "MHS20602": cell(CareProfLocalID="CP9"),
    "MHS20609": copied(),
    "MHS90113": copied(),
    "MHS90201": copied(),
    # assessments
    "MHS60607": cell(PersScore="41"),
    "MHS60613": cell(CodedAssToolType="958051000000104"),
    "MHS60615": cell(CareProfLocalID="CP9"),
    "MHS60616": cell(AssToolCompTimestamp="2026-12-01T00:00:00Z"),
    "MHS60618": cell(AssToolCompTimestamp="2026-10-31T23:59:59Z"),
    "MHS60707": cell(PersScore="41"),
    "MHS60709": copied(),
    "MHS60710": cell(CodedAssToolType="958051000000104"),
    "MHS60807": anonymous(PersScore="41"),
    "MHS60814": anonymous(CodedAssToolType="958051000000104"),
    "MHS60815": anonymous(),
    "MHS60820": anonymous(AssToolCompTimestamp="2026-10-31T23:59:59Z"),
    "MHS60821": anonymous(AssToolCompTimestamp="2026-12-01T00:00:00Z"),
    "ROM60601": copied(PersScore="22"),
    "ROM60604": cell(CodedAssToolType="450320002"),
    "ROM60609": cell(AssToolCompTimestamp="2026-11-01T00:30:00+01:00"),
    "ROM60704": cell(CodedAssToolType="450320002"),
}
# code: the table whose rows are taken away
ORPHANED = {
    "MHS00145": "MHS002",
    "MHS00146": "MHS101",
    "MHS00220": "MHS001",
    "MHS10101": "MHS001",
    "MHS10228": "MHS101",
    "MHS20142": "MHS101",
    "MHS20224": "MHS201",
    "MHS20601": "MHS202",
    "MHS60612": "MHS101",
    "MHS60708": "MHS202",
}
WRONG_FORMS = {
    "text": lambda field: "X" * (field.width + 1),
    "digits": lambda field: "1" * (field.width + 1),
    "date": lambda field: "2026-11-31",
    "time": lambda field: "24:00:00",
    "datetime": lambda field: "2026-12-05",
    "timestamp": lambda field: "2026-11-03T10:15:00",
    "postcode": lambda field: "ZZ993AA",
}
WITH = {"MHS00118": {"MHS00111"}, "MHS00119": {"MHS00111"}}  # the number's own warning
FILES = {
    "MHSREJ002": {"MHS000": emptied()},
    "MHSREJ003": {"MHS001": emptied()},
    "MHSREJ004": {"MHS101": emptied()},
    "MHSREJ005": {"MHS002": emptied()},
    "MHSREJ006a": {"MHS001": cell(NHSNumber="9990000017")},
    "MHSREJ012": {
        "MHS101": lambda table, rows: [
            rows[0] | {"ServDischDate": "2026-10-31"},
            rows[1] | {"ReferralRequestReceivedDate": "2026-12-01"},
        ]
    },
    "MHSREJ015": {"MHS000": cell(OrgIDSubmit=None)},
    "MHSREJ101": {"MHS101": lambda table, rows: [row | {"OrgIDComm": None} for row in rows]},
    "MHSREJ102": {"MHS001": cell(1, NHSNumber="9990000018")},
    "MHSREJ103": {"MHS001": copied(NHSNumber="9990000034")},
}


def change(rule):
    """Give the submission with one change that breaks the rule."""
    if rule.code in ORPHANED:
        return changed(**{ORPHANED[rule.code]: emptied()})
    table = rule.table[:6]
    if rule.code in CHANGES:
        return changed(**{table: CHANGES[rule.code]})
    field = layout.table(rule.table).field(rule.column)
    value = {
        "blank": None,
        "format": WRONG_FORMS[field.kind](field) if field.kind else None,
        "listed": "0" * max(field.least, 1),
    }[rule.check]
    alter = anonymous if table == "MHS608" else cell
    return changed(**{table: alter(**{rule.column: value})})


def check(tables, table):
    made = datetime(2026, 12, 5, 9)  # noqa: DTZ001  (a header gives no zone)
    known = context(created=made, provider="RXX", parents=tables)
    return faults(tables[table], table, known)


def test_the_valid_submission_raises_nothing():
    tables = submission()
    verdict = validate(tables, context())
    assert verdict.accepted
    for name, frame in tables.items():
        assert verdict.faults[name].rows() == []
        assert verdict.kept[name].equals(frame)


@pytest.mark.parametrize("rule", ROW_RULES, ids=lambda rule: rule.code)
def test_one_change_raises_exactly_its_rule(rule):
    found = check(change(rule), rule.table)
    expected = {rule.code} | WITH.get(rule.code, set())
    if rule.table.startswith("MHS608"):
        expected.add("MHS60815")
    assert expected == set(found["code"])
    told = found.filter(code=rule.code).row(0, named=True)
    assert (rule.table, rule.column, rule.effect) == (told["table"], told["column"], told["effect"])
    assert (rule.what, rule.mend) == (told["what"], told["mend"])
    assert told["rejects"] == ("rejected" in rule.effect)


@pytest.mark.parametrize(
    "rule",
    [rule for rule in ROW_RULES if rule.code in {*CHANGES, *ORPHANED}],
    ids=lambda rule: rule.code,
)
def test_a_row_of_a_whole_submission_is_kept_unless_its_fault_rejects(rule):
    tables = change(rule)
    verdict = validate(tables, context())
    found = verdict.faults[rule.table]
    rows = set(found.filter(code=rule.code)["row"])
    rejected = set(found.filter("rejects")["row"])
    assert rows
    assert (rows <= rejected) == (rule.rejects or rule.table.startswith("MHS608"))
    assert verdict.kept[rule.table].height == tables[rule.table].height - len(rejected)


@pytest.mark.parametrize("rule", file_rules(), ids=lambda rule: rule.code)
def test_one_change_rejects_the_file(rule):
    verdict = validate(changed(**FILES[rule.code]), context())
    told = verdict.file.filter(code=rule.code).row(0, named=True)
    assert not verdict.accepted
    assert (told["effect"], told["rejects"]) == ("File rejected", True)
    assert (rule.table, rule.column) == (told["table"], told["column"])
    assert (told["row"] is None) == (rule.column == "")


def test_every_rule_that_can_be_raised_has_a_case():
    by_hand = {*CHANGES, *ORPHANED}
    made = {rule.code for rule in ROW_RULES if rule.check in {"blank", "format", "listed"}}
    assert {rule.code for rule in ROW_RULES} == by_hand | made
    assert {rule.code for rule in file_rules()} == set(FILES)


def test_the_rules_are_those_of_nhs_england_and_four_of_our_own():
    """322 codes of NHS England; what is not decided says why, and all else says how to mend it."""
    found = every_rule()
    own = [rule.code for rule in found if rule.origin == "romframe"]
    assert own == ["ROM60604", "ROM60609", "ROM60601", "ROM60704"]
    assert len({rule.code for rule in found}) == len(found) == 322 + len(own)
    assert len(undecided()) == 26
    for rule in found:
        assert rule.decided == (rule.reason == "")
        assert rule.decided == rule.mend.endswith(".")
        assert rule.what
        assert not rule.what.endswith(".")
    assert {rule.effect for rule in found} == {
        "File rejected", "Group rejected", "Record rejected", "Severity 1 Warning", "Warning",
    }  # fmt: skip


def test_a_warning_never_hides_a_rejection_of_the_same_column():
    """The first fault is told; one that warns comes last, or strikes only what is blank."""
    for table in layout.tables():
        warned = set()
        for rule in rules(table):
            assert not (rule.rejects and rule.column in warned), rule.code
            if not rule.rejects and rule.check != "blank":
                warned.add(rule.column)


def test_rules_name_columns_and_tables_that_exist():
    for rule in ROW_RULES:
        names = {field.name for field in layout.table(rule.table).fields}
        limit = rule.params.get("limit", "period")
        mentioned = {rule.column, rule.params.get("given", ""), rule.params.get("without", "")}
        mentioned |= set(rule.params.get("columns", "").split(","))
        mentioned |= {limit} if "." not in limit and limit not in {"created", "period"} else set()
        assert mentioned - {""} <= names, rule.code
        parent = rule.params.get("table")
        assert parent is None or rule.column in {f.name for f in layout.table(parent).fields}


def test_severities_are_those_of_2026():
    """What was changed since January 2024; see data/README.md."""
    effects = {rule.code: rule.effect for rule in every_rule()}
    assert [effects[f"MHS{n}"] for n in ("60613", "60710", "60814", "10233", "00171")] == [
        "Record rejected"
    ] * 5
    assert effects["MHS60615"] == effects["MHS20602"] == "Warning"
    assert not {"MHS10153", "MHS20144"} & set(effects)


def test_the_page_lists_what_is_not_decided_and_our_own_codes(root):
    page = (root / "docs/mhsds.md").read_text(encoding="utf-8")
    parts = re.split("### Our own codes|### What the pre-flight cannot decide|\n## Reading", page)
    own, unsure = parts[1:3]
    cells = re.findall(r"^\| ((?:MHS\w+(?:, )?)+) \|", unsure, re.MULTILINE)
    listed = [code for cell in cells for code in cell.split(", ")]
    assert sorted(listed) == sorted(rule.code for rule in undecided())
    ours = {rule.code for rule in every_rule() if rule.origin == "romframe"}
    assert set(re.findall(r"ROM[0-9]{5}", own)) == ours


EDGES = {
    "period.start": "2026-11-01",
    "period.end": "2026-11-30",
    "period.end+1": "2026-12-01",
    "created": "2026-12-05",
}
TIMES = {"datetime": " 00:00:00", "timestamp": "T00:00:00Z"}


@pytest.mark.parametrize(
    "rule",
    [rule for rule in ROW_RULES if rule.params.get("limit") in EDGES],
    ids=lambda rule: rule.code,
)
def test_a_day_at_the_limit_is_within_it(rule):
    kind = layout.table(rule.table).field(rule.column).kind
    day = EDGES[rule.params["limit"]] + TIMES.get(kind, "")
    alter = anonymous if rule.table.startswith("MHS608") else cell
    tables = changed(**{rule.table[:6]: alter(**{rule.column: day})})
    assert rule.code not in set(check(tables, rule.table)["code"])


@pytest.mark.parametrize(
    ("table", "alter", "expected"),
    [
        # on the day of the other date
        ("MHS002", cell(StartDateGMPRegistration="1990-03-04"), []),
        ("MHS002", cell(1, StartDateGMPRegistration="2026-11-14"), []),
        ("MHS101", cell(ServDischDate="2026-11-20", ReferRejectionDate="2026-11-20"), []),
        ("MHS101", cell(ReferralRequestReceivedDate="2026-11-10"), []),
        ("MHS101", cell(DischPlanLastUpdatedDate="2026-11-20"), []),
        # a date that cannot be read is told once, and nothing is compared with it
        ("MHS101", cell(ReferralRequestReceivedDate="soon"), ["MHS10112"]),
        # the 131st birthday
        ("MHS001", cell(PersonBirthDate="1895-11-02"), []),
        # the next registration is with another practice
        ("MHS002", cell(2, GMPReg="A99999"), ["MHS00223"]),
        # blanks are not duplicates of one another, unless the key says so
        ("MHS606", lambda table, rows: [rows[1] | {"PersScore": str(n)} for n in (1, 2)],
         ["ROM60601", "ROM60601"]),
        ("MHS001", lambda table, rows: [
            row | {"NHSNumber": None, "NHSNumberStatus": "07"} for row in rows
        ], ["MHS00111", "MHS00111"]),
        ("MHS002", lambda table, rows: [
            rows[0] | {"StartDateGMPRegistration": None, "EndDateGMPRegistration": end}
            for end in ("2026-11-20", None)
        ], ["MHS00223", "MHS00221", "MHS00221"]),
        ("MHS002", copied(GMPReg="B99999", EndDateGMPRegistration="2026-11-02"), ["MHS00223"]),
        # status 07 goes with a blank number only
        ("MHS001", cell(NHSNumberStatus="02"), []),
    ],
)  # fmt: skip
def test_what_is_just_within_a_rule_is_taken(table, alter, expected):
    tables = changed(**{table: alter})
    name = next(each for each in tables if each.startswith(table))
    assert check(tables, name)["code"].to_list() == expected
