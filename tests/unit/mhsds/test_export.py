import json
from datetime import date

import polars as pl
import pytest
from romframe_mhsds.reference import columns

from romframe import ExportRefused, UsageError


REFER, ACT = "MHS606CodedScoreAssessmentRefer", "MHS607CodedScoreAssessmentAct"
HONOS = {f"q{n}": 1 for n in range(1, 13)} | {"q8_type": "B"}
CORE_OM = {f"q{n}": 2 for n in range(1, 35)}
CORE_10 = {f"q{n}": 2 for n in range(1, 11)}
PHQ_9 = {f"q{n}": 1 for n in range(1, 10)}
HONOS_CODES = [
    "979641000000103", "979651000000100", "979661000000102", "979671000000109",
    "979681000000106", "979691000000108", "979701000000108", "979711000000105",
    "979831000000108", "979721000000104", "979731000000102", "979741000000106",
    "979751000000109",
]  # fmt: skip
LOCAL = """
romframe: 1
id: {id}
version: "1"
name: Local
type: prom
{extra}
raters: [service_user]
licence: {{owner: us, terms: none, wording: ships}}
response_scales:
  agree: {{codes: {{0: no, 1: yes}}, missing: {{8: not_known, 9: declined}}}}
items:
  - {{id: q1, label: first, scale: agree{codes}}}
scores: []
"""


def local(workspace, tmp_path, name="local", extra="", codes=""):
    text = LOCAL.format(id=name, extra=extra, codes=codes)
    return workspace.spec(tmp_path / f"{name}.yaml", text)


def test_honos_is_thirteen_rows_of_one_moment(workspace, run):
    workspace.load("honos").add("honos", HONOS)
    done = run(workspace)
    assert done.rows["CodedAssToolType"].to_list() == HONOS_CODES
    assert done.rows["PersScore"].to_list() == ["1"] * 8 + ["B"] + ["1"] * 4
    assert {"2026-11-03T10:15:00Z"} == set(done.rows["AssToolCompTimestamp"])
    assert {"SR0001"} == set(done.rows["ServiceRequestID"])
    assert {"CP07"} == set(done.rows["CareProfLocalID"])
    assert done.result.counts["rows"] == 13
    assert done.found("ROM60623").height == 0


def test_a_rating_that_is_not_known_goes_out_as_nine(workspace, run):
    states = json.dumps({"q4": "not_known"})
    workspace.load("honos").add("honos", HONOS | {"q4": None}, states=states)
    done = run(workspace)
    assert ("979671000000109", "9") in done.sent
    assert done.rows.height == 13


@pytest.mark.parametrize("state", [None, "declined", "not_applicable"])
def test_other_unanswered_ratings_send_no_row_and_are_noted(workspace, run, state):
    states = json.dumps({"q4": state}) if state else None
    workspace.load("honos").add("honos", HONOS | {"q4": None}, states=states)
    done = run(workspace)
    assert "979671000000109" not in done.rows["CodedAssToolType"].to_list()
    assert done.rows.height == 12
    assert f"q4: {state or 'blank'}" in done.found("ROM60623").row(0)


def test_the_letter_of_item_8_is_missed_only_where_the_form_asks_for_it(workspace, run):
    workspace.load("honos")
    workspace.add("honos", HONOS | {"q8": 0, "q8_type": None})
    workspace.add("honos", HONOS | {"q8": 3, "q8_type": None}, referral_id="SR0002")
    noted = run(workspace).found("ROM60623")
    assert noted["DATA_VALUE1"].to_list() == ["SR0002"]
    assert "q8_type: blank" in noted.row(0)


def test_a_letter_that_the_data_set_does_not_know_flows_with_a_warning(workspace, run):
    workspace.load("honos").add("honos", HONOS | {"q8_type": "K"})
    done = run(workspace)
    assert ("979831000000108", "K") in done.sent
    assert done.found("MHS60607")["DATA_VALUE3"].to_list() == ["K"]
    assert done.result.counts["warnings"] == 1


def test_core_om_sends_raw_sums_of_domains_and_the_clinical_score_of_all(workspace, run):
    answers = CORE_OM | {"q1": 3}
    workspace.load("core_om").add("core_om", answers)
    assert run(workspace).sent == [
        ("865876006", "20.3"),  # 69 over 34 items, times 10, is 20.294
        ("718492008", "8"),
        ("718613005", "24"),
        ("718490000", "25"),
        ("865877002", "12"),
    ]


def test_a_prorated_clinical_score_flows_and_incomplete_sums_do_not(workspace, run):
    workspace.load("core_om").add("core_om", CORE_OM | {"q4": None})
    done = run(workspace)
    assert [code for code, _ in done.sent] == ["865876006", "718613005", "718490000", "865877002"]
    assert "well_being_sum: too_many_missing" in done.found("ROM60623").row(0)


def test_totals_of_core_10_and_phq_9_flow(workspace, run):
    workspace.load("core_10", "phq_9")
    workspace.add("core_10", CORE_10 | {"q1": 1})
    workspace.add("phq_9", PHQ_9)
    assert run(workspace).sent == [("718583008", "19"), ("720433000", "9")]


def test_a_refused_score_never_flows(workspace, run):
    workspace.load("core_10")
    refused = workspace.add("core_10", {"q1": 2})
    empty = workspace.add("core_10", {})
    done = run(workspace)
    assert done.sent == []
    assert {refused: "score_refused", empty: "score_refused"} == done.reasons
    assert done.details[refused] == "total: too_many_missing"
    assert done.details[empty] == "total: nothing_answered"


def test_a_score_that_was_not_computed_is_not_sent(workspace, run):
    workspace.load("phq_9")
    made = workspace.add("phq_9", PHQ_9)
    whole = workspace.scores("phq_9")
    workspace.computed = {"phq_9": whole.filter(pl.col("score") != "total")}
    done = run(workspace)
    assert done.reasons == {made: "score_refused"}
    assert done.details == {made: "total: not_scored"}


def test_an_item_may_be_called_as_the_exporter_calls_its_columns(workspace, run, tmp_path):
    text = LOCAL.format(id="local", extra="", codes=', codes: {snomed: "979641000000103"}')
    items = "".join(
        f'  - {{id: {name}, label: {name}, scale: agree, codes: {{snomed: "{code}"}}}}\n'
        for name, code in (("text", "979651000000100"), ("why", "979661000000102"))
    )
    workspace.spec(tmp_path / "local.yaml", text.replace("scores:", f"{items}scores:"))
    workspace.add("local", {"q1": 1, "text": 0, "why": 1})
    assert [score for _, score in run(workspace).sent] == ["1", "0", "1"]


def test_a_sum_of_only_some_items_is_not_sent(workspace, run, tmp_path):
    """HoNOS totals are such sums, but have no code; here is a measure whose sum has one."""
    scores = """
scores:
  - id: total
    name: Total
    items: all
    method: sum
    missing: {at_least: 1, then: sum_of_known, source: ours}
    range: [0, 2]
    better: lower
    source: ours
    codes: {snomed: "720433000"}
sources: {ours: {cite: ours, status: local}}
"""
    two = LOCAL.format(id="local", extra="", codes="").replace("scores: []\n", "").rstrip()
    text = f"{two}\n  - {{id: q2, label: second, scale: agree}}{scores}"
    workspace.spec(tmp_path / "local.yaml", text)
    whole = workspace.add("local", {"q1": 1, "q2": 1})
    part = workspace.add("local", {"q1": 1}, referral_id="SR0002")
    done = run(workspace)
    assert done.sent == [("720433000", "2")]
    assert {part: "score_partial"} == done.reasons
    assert whole not in done.reasons
    assert done.details[part] == "total: sum_of_known"


def test_an_item_without_a_code_for_not_known_in_the_set_sends_nothing(workspace, run, tmp_path):
    """POEM's set has no member for not known."""
    local(workspace, tmp_path, codes=', codes: {snomed: "1324031000000107"}')
    unknown = workspace.add("local", {}, states='{"q1": "not_known"}')
    declined = workspace.add("local", {}, states='{"q1": "declined"}')
    answered = workspace.add("local", {"q1": 1})
    done = run(workspace)
    assert done.sent == [("1324031000000107", "1")]
    assert {unknown: "nothing_to_send", declined: "nothing_to_send"} == done.reasons
    assert {unknown: "q1: not_known", declined: "q1: declined"} == done.details
    assert answered not in done.reasons


def test_a_lettered_answer_goes_out_as_its_letter(workspace, run, tmp_path):
    text = LOCAL.format(id="local", extra="", codes=', codes: {snomed: "1324031000000107"}')
    scale = "agree: {codes: {N: {label: no, value: 0}, Y: {label: yes, value: 1}}}"
    lettered = "\n".join(
        f"  {scale}" if line.strip().startswith("agree:") else line for line in text.splitlines()
    )
    workspace.spec(tmp_path / "local.yaml", lettered)
    workspace.add("local", {"q1": 1})
    assert run(workspace).sent == [("1324031000000107", "Y")]


def test_the_first_code_in_force_is_sent(workspace, run, tmp_path):
    codes = (
        ', codes: {loinc: "1-8", snomed: ["718583008", '
        '{id: "979641000000103", from: "2026-11-01"}, "720433000"]}'
    )
    later = codes.replace('["718583008", ', "[")
    local(workspace, tmp_path, "first", codes=codes).add("first", {"q1": 1})
    local(workspace, tmp_path, "later", codes=later).add("later", {"q1": 1})
    assert run(workspace).sent == [("718583008", "1"), ("979641000000103", "1")]
    october = "2026-10-05T09:00:00"
    workspace.add("later", {"q1": 0}, completed_at=october)
    assert run(workspace, "2026-10").sent == [("720433000", "0")]


@pytest.mark.parametrize(
    ("codes", "detail"),
    [
        ("", "The spec has no SNOMED CT code."),
        (', codes: {loinc: "1-8"}', "The spec has no SNOMED CT code."),
        (', codes: {snomed: "450320001"}', "450320001 is not in the code list."),
        (
            ', codes: {snomed: "506701000000100"}',
            "506701000000100 is not accepted on 2026-11-01: send 720433000.",
        ),
        (', codes: {snomed: "718459002"}', "718459002 is not accepted on 2026-11-01."),
        (
            ', codes: {snomed: {id: "720433000", from: "2026-11-15"}}',
            "The spec does not use 720433000 on 2026-11-01.",
        ),
        (
            ', codes: {snomed: {id: "720433000", to: "2026-10-31"}}',
            "The spec does not use 720433000 on 2026-11-01.",
        ),
    ],
)
def test_without_an_accepted_code_the_exclusion_says_what_became_of_it(
    workspace, run, tmp_path, codes, detail
):
    made = local(workspace, tmp_path, codes=codes).add("local", {"q1": 1})
    done = run(workspace)
    assert {made: "no_accepted_code"} == done.reasons
    assert {made: detail} == done.details


def test_what_bars_an_assessment_is_one_reason(workspace, run, tmp_path):
    code = ', codes: {snomed: "720433000"}'
    workspace.load("honos")
    local(workspace, tmp_path, "anon", "storage: anonymous", code)
    local(workspace, tmp_path, "goals", "repeats: {by: goal}", code)
    facts = {
        workspace.add("honos", outcome="declined", outcome_reason="did not want to"): (
            "not_completed",
            "declined: did not want to",
        ),
        workspace.add("honos", outcome="missed"): ("not_completed", "missed"),
        workspace.add("honos", HONOS, completed_at="tomorrow"): ("unreadable_time", "tomorrow"),
        workspace.add("honos", HONOS, completed_at=None): ("unreadable_time", None),
        workspace.add("gone"): ("unknown_instrument", "gone"),
        workspace.add("anon", {"q1": 1}): ("anonymous", "anon"),
        workspace.add("goals", {"q1": 1}): (
            "no_accepted_code",
            "The spec has no SNOMED CT code for a slot of a goal.",
        ),
        workspace.add("honos", HONOS, consent=0): ("no_consent", "not given"),
        workspace.add("honos", HONOS, version="1996"): (
            "other_version",
            "stored as 1996, loaded is 2018",
        ),
        workspace.add("honos", HONOS, version=None): (
            "other_version",
            "stored as ?, loaded is 2018",
        ),
    }
    done = run(workspace)
    assert facts == {key: (done.reasons[key], done.details[key]) for key in done.reasons}
    assert done.sent == []
    assert all(done.result.exclusions["explanation"])


def test_anonymous_tables_are_never_opened(workspace, run):
    workspace.load("honos").add("honos", HONOS)
    run(workspace)
    assert {"assessment", "referral"} == set(workspace.asked)


def test_corrected_assessments_flow_in_their_last_version_only(workspace, run):
    workspace.load("phq_9")
    workspace.add("phq_9", PHQ_9 | {"q1": 3}, superseded_by=2)
    workspace.add("phq_9", PHQ_9)
    done = run(workspace)
    assert done.sent == [("720433000", "9")]
    assert done.result.counts["assessments"] == 1


def test_an_assessment_belongs_to_the_month_of_its_local_day(workspace, run):
    workspace.load("phq_9")
    workspace.add("phq_9", PHQ_9, completed_at="2026-06-30T23:30:00Z", referral_id="SUMMER")
    workspace.add("phq_9", PHQ_9, completed_at="2026-06-30T23:30:00", referral_id="JUNE")
    workspace.add("phq_9", PHQ_9, completed_at="2026-08-01", referral_id="AUGUST")
    july = run(workspace, "2026-07")
    assert july.rows["ServiceRequestID"].to_list() == ["SUMMER"]
    assert july.rows["AssToolCompTimestamp"].to_list() == ["2026-07-01T00:30:00+01:00"]
    assert july.result.counts["assessments"] == 1
    assert run(workspace, "2026-06").rows["ServiceRequestID"].to_list() == ["JUNE"]


@pytest.mark.parametrize(
    ("completed_at", "period", "code"),
    [
        ("2026-11-03", "2026-11", "ROM60620"),
        ("2026-10-25T01:30:00", "2026-10", "ROM60621"),
        ("2026-03-29T01:30:00", "2026-03", "ROM60622"),
    ],
)
def test_a_time_that_had_to_be_read_in_some_way_is_flagged(
    workspace, run, completed_at, period, code
):
    assessment = workspace.load("phq_9").add("phq_9", PHQ_9, completed_at=completed_at)
    done = run(workspace, period)
    (row,) = done.found(code).iter_rows(named=True)
    assert done.rows["AssToolCompTimestamp"].to_list() == [row["DATA_VALUE2"]]
    assert str(assessment) == row["DATA_VALUE3"]
    assert row["DESCRIPTION"].endswith(".")


def test_an_identifier_that_is_too_long_is_rejected_with_the_code_of_nhs_england(workspace, run):
    workspace.load("phq_9")
    long = workspace.add("phq_9", PHQ_9, referral_id="S" * 21)
    staff = workspace.add("phq_9", PHQ_9, care_professional_id="C" * 21)
    workspace.add("phq_9", PHQ_9, referral_id="S" * 20, care_professional_id=None)
    done = run(workspace)
    assert list(done.rows.select("ServiceRequestID", "CareProfLocalID").iter_rows()) == [
        ("S" * 20, "")
    ]
    assert {long: "rejected_by_validation", staff: "rejected_by_validation"} == done.reasons
    assert {long: "MHS60602", staff: "MHS60614"} == done.details
    assert done.result.counts["rows_rejected"] == 2


def test_assessments_of_a_referral_that_mhs101_does_not_take_do_not_flow(workspace, run):
    """Closed before the period (MHS10129) or received after it (MHS10113)."""
    workspace.load("phq_9")
    workspace.referral("OPEN").referral("CLOSED", closed_on="2026-10-31")
    workspace.referral("CLOSING", closed_on="2026-11-01").referral("LATE", received_on="2026-12-01")
    made = {
        key: workspace.add("phq_9", PHQ_9, referral_id=key) for key in list(workspace.referrals)
    }
    done = run(workspace)
    assert done.rows["ServiceRequestID"].to_list() == ["CLOSING", "OPEN"]
    assert {made["CLOSED"]: "no_open_referral", made["LATE"]: "no_open_referral"} == done.reasons


def test_a_score_that_cannot_be_written_is_set_aside_and_leaves_the_rest(workspace, run, tmp_path):
    """A score of six characters cannot be sent; the item beside it can."""
    text = LOCAL.format(id="local", extra="", codes=', codes: {snomed: "979641000000103"}')
    number = (
        text.replace("scores: []\n", "scores: []\n")
        .replace("items:\n", "  big: {range: [0, 1000000]}\nitems:\n")
        .replace(
            "scores: []",
            '  - {id: q2, label: big, scale: big, codes: {snomed: "720433000"}}\nscores: []',
        )
    )
    workspace.spec(tmp_path / "local.yaml", number)
    workspace.add("local", {"q1": 1, "q2": 100000})
    done = run(workspace)
    assert done.sent == [("979641000000103", "1")]
    assert done.reasons == {}
    assert "q2: too_long" in done.found("ROM60623").row(0)
    assert done.result.counts["rows_rejected"] == 0


def test_the_same_measure_twice_at_one_moment_flows_twice_and_is_noted(workspace, run):
    workspace.load("phq_9")
    workspace.add("phq_9", PHQ_9, completed_at="2026-11-03")
    workspace.add("phq_9", PHQ_9 | {"q1": 3}, completed_at="2026-11-03")
    done = run(workspace)
    assert done.sent == [("720433000", "11"), ("720433000", "9")]
    assert done.found("ROM60601").height == 2


def test_files_are_quoted_text_with_the_names_of_the_idb(workspace, run):
    workspace.load("phq_9").add("phq_9", PHQ_9)
    done = run(workspace)
    assert (done.out / "MHS606CodedScoreAssessmentRefer.csv").read_bytes() == (
        b'"ServiceRequestID","CodedAssToolType","PersScore","AssToolCompTimestamp","CareProfLocalID"\r\n'
        b'"SR0001","720433000","9","2026-11-03T10:15:00Z","CP07"\r\n'
    )
    files = (path for path in done.out.rglob("*") if path.is_file())
    assert sorted(done.result.files) == sorted(str(path.relative_to(done.out)) for path in files)


def test_schema_ini_keeps_every_column_text(workspace, run):
    done = run(workspace)
    text = (done.out / "schema.ini").read_bytes().decode()
    sections = [line for line in text.split("\r\n") if line.startswith("[")]
    assert [f"[{name}]" for name in done.result.files if name.startswith("MHS")] == sections
    first = text.split("[MHS607CodedScoreAssessmentAct.csv]")[0]
    assert [f'Col{n}="{c.name}" Text Width {c.width}' for n, c in enumerate(columns(), 1)] == [
        line for line in first.split("\r\n") if line.startswith("Col") and '="' in line
    ]
    assert "CharacterSet=65001" in first
    assert "ColNameHeader=True" in first
    kinds = {line.rsplit('" ')[1].split()[0] for line in text.split("\r\n") if '="' in line}
    assert {"Text"} == kinds


def test_an_empty_month_writes_headers_only(workspace, run):
    done = run(workspace)
    assert done.rows.height == 0
    assert done.read("exclusions.csv").height == 0
    counts = done.read("preflight/aggregation.csv")
    assert counts["CODE"].to_list() == ["MHSARV606", "MHSARV607"]
    assert counts["NUMERATOR"].to_list() == ["0", "0"]
    assert (done.result.summary) == (
        f"MHSDS 2026-11: 0 of 0 assessments are in 0 rows of {REFER} and 0 of {ACT}.",
    )


def test_a_month_that_is_not_over_is_noted(workspace, run):
    assert run(workspace, today=date(2026, 11, 30)).found("ROM60624").height == 1
    assert run(workspace, today=date(2026, 12, 1)).found("ROM60624").height == 0


def test_the_summary_says_what_was_left_out(workspace, run):
    workspace.load("phq_9", "honos")
    workspace.add("phq_9", PHQ_9, care_professional_id="C" * 21)
    workspace.add("phq_9", {})
    workspace.add("phq_9", {})
    workspace.add("honos", HONOS | {"q8_type": "K"})
    done = run(workspace)
    assert done.result.summary == (
        f"MHSDS 2026-11: 1 of 4 assessments are in 13 rows of {REFER} and 0 of {ACT}.",
        "3 were not sent (score_refused 2, rejected_by_validation 1): see exclusions.csv.",
        "Rows that the pre-flight rejects: 1; warnings: 1. See the folder preflight.",
    )


def test_counts_are_in_the_portals_shape(workspace, run):
    workspace.load("phq_9").add("phq_9", PHQ_9)
    workspace.add("phq_9", PHQ_9, care_professional_id="C" * 21)
    counts = run(workspace).read("preflight/aggregation.csv")
    (row,) = counts.filter(pl.col("CODE") == "MHSARV606").iter_rows(named=True)
    assert (row["REPORT_TYPE"], row["NUMERATOR"], row["DENOMINATOR"]) == ("aggregation", "1", "2")


def test_a_zone_whose_offsets_the_data_set_does_not_know_sends_nothing(workspace, run):
    workspace.timezone = "Europe/Paris"
    made = workspace.load("phq_9").add("phq_9", PHQ_9, completed_at="2026-07-03T10:00:00")
    assert {made: "MHS60609"} == run(workspace, "2026-07").details


def test_a_zone_that_is_not_known_is_refused(workspace, run):
    workspace.timezone = "Mars/Olympus"
    with pytest.raises(ExportRefused, match="Mars/Olympus"):
        run(workspace)


def test_a_period_that_is_not_a_month_is_refused(workspace, run):
    with pytest.raises(UsageError, match="'november' is not a month"):
        run(workspace, "november")
