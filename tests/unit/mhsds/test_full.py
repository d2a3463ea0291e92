"""A full submission of a small provider: every table, in order, and what stops a row."""

import polars as pl
import pytest
from romframe_mhsds.codes.codelist import code_list
from romframe_mhsds.layout import tables as layouts
from romframe_mhsds.period import Period
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.validation import validate
from unit.mhsds.service import FULL, PERSON, REFERRAL, Service

from romframe import ExportRefused, create_workspace
from romframe.cli import main


PARENTS = ["000", "001", "002", "101", "102", "201", "202", "206", "901", "902"]


@pytest.fixture
def service(tmp_path):
    from unit.mhsds.service import TODAY

    made = create_workspace(tmp_path / "service", "A service", today=TODAY)
    yield Service(made)
    made.store.close()


@pytest.fixture
def export(service, tmp_path):
    made = []

    def export(**options):
        made.append(tmp_path / f"out{len(made)}")
        return service.export(made[-1], **options)

    return export


def codes(out, report="validations"):
    return pl.read_csv(out / f"preflight/{report}.csv", infer_schema=False)["CODE"].to_list()


def test_every_table_is_written_with_the_columns_of_the_idb(service, export, tmp_path):
    service.everything().bring("referral_team", {"referral_id": "R1", "team_id": "T2"})
    service.bring("team", {"team_id": "T2", "team_type": "A06", "ServTeamIntAgeGroup": "03"})
    result, read = export(**FULL)
    assert sorted(read) == sorted(f"MHS{number}" for number in [*PARENTS, "606", "607"])
    for name, table in layouts().items():
        if name[:6] in read:
            assert read[name[:6]].columns == [field.name for field in table.fields]
    assert {name: frame.height for name, frame in read.items()} == {
        **dict.fromkeys(["MHS000", "MHS001", "MHS002", "MHS101", "MHS102", "MHS201"], 1),
        **dict.fromkeys(["MHS202", "MHS206", "MHS901", "MHS606"], 1),
        "MHS902": 2,
        "MHS607": 0,
    }
    assert codes(tmp_path / "out0") == []
    assert result.accepted


def test_columns_come_from_records_details_options_and_the_period(service, export):
    service.everything()
    _, read = export(**FULL)
    assert read["MHS000"].row(0) == (
        "6.0", "RXX", "RXX", "romframe", "2026-11-01", "2026-11-30", "2026-12-05 00:00:00"
    )  # fmt: skip
    person = read["MHS001"].row(0, named=True)
    assert person["LocalPatientID"] == "P1"
    assert person["OrgIDLocalPatientID"] == "RXX"
    assert person["NHSNumber"] == "9434765919"
    assert person["PersonBirthDate"] == "1990-02-03"
    assert person["EthnicCategory"] == "A"
    referral = read["MHS101"].row(0, named=True)
    assert referral["CareProfTeamLocalID"] == "T1"
    assert referral["OrgIDComm"] == "15E"
    assert referral["ReferralRequestReceivedDate"] == "2026-09-01"
    assert referral["PrimReasonReferralMH"] == "13"
    contact = read["MHS201"].row(0, named=True)
    assert (contact["ConsMechanismMH"], contact["AttendStatus"]) == ("11", "5")
    assert read["MHS902"].row(0) == ("T1", "RXX", "C02", "03")
    assert read["MHS901"]["CareProfLocalID"].to_list() == ["CP1"]


def test_our_own_words_are_not_sent_where_the_data_set_has_codes(service, export):
    service.everything().bring("service_user", PERSON | {"gender": "female"})
    _, read = export(**FULL)
    assert read["MHS001"]["Gender"].to_list() == [""]


def test_a_detail_comes_before_the_record_and_the_option(service, export):
    service.everything().bring("referral", REFERRAL | {"OrgIDComm": "26A"})
    _, read = export(**FULL)
    assert read["MHS101"]["OrgIDComm"].to_list() == ["26A"]


def test_what_had_not_happened_by_the_end_of_the_month_is_left_out(service, export):
    closed = {"closed_on": "2026-12-02", "close_reason": "01", "ServDischTime": "10:00:00"}
    service.everything().bring("referral", REFERRAL | closed)
    _, read = export(**FULL)
    row = read["MHS101"].row(0, named=True)
    assert {row[name] for name in ("ServDischDate", "ServDischTime", "ReferClosReason")} == {""}


def test_a_closure_in_the_month_is_told(service, export):
    service.everything().bring("referral", REFERRAL | {"closed_on": "2026-11-20"})
    _, read = export(**FULL)
    assert read["MHS101"]["ServDischDate"].to_list() == ["2026-11-20"]


@pytest.mark.parametrize(
    ("rejected_on", "told"), [("2026-10-31", []), ("2026-11-01", ["R2"]), ("2026-12-02", ["R2"])]
)
def test_a_referral_that_was_rejected_before_the_month_is_told_no_more(
    service, export, tmp_path, rejected_on, told
):
    """MHS101 does not take it (MHS10159), and nothing is sent of it."""
    rejected = {"referral_id": "R2", "ReferRejectionDate": rejected_on, "ReferRejectReason": "01"}
    service.everything().bring("referral", REFERRAL | rejected)
    service.core_10(referral_id="R2", care_activity_id=None)
    result, read = export(**FULL)
    assert read["MHS101"]["ServiceRequestID"].to_list() == ["R1", *told]
    reasons = dict(result.exclusions.select("referral_id", "reason").iter_rows())
    assert reasons == ({} if told else {"R2": "no_open_referral"})
    assert codes(tmp_path / "out0") == []


@pytest.mark.parametrize("written", ["01/12/2026", "31/10/2026"])
def test_a_date_that_is_written_otherwise_ends_nothing_and_is_told(
    service, export, tmp_path, written
):
    """As text 01/12/2026 comes before 2026-11-01, which is no reason to leave a referral out."""
    ended = {"referral_id": "R2", "ServDischDate": written}
    service.everything().bring("referral", REFERRAL | ended)
    service.core_10(referral_id="R2", care_activity_id=None)
    result, _ = export(**FULL)
    reasons = dict(result.exclusions.select("referral_id", "reason").iter_rows())
    assert reasons == {"R2": "rejected_by_validation"}
    assert "MHS10127" in codes(tmp_path / "out0")


def test_a_team_that_rejected_the_referral_before_the_month_is_told_no_more(
    service, export, tmp_path
):
    """MHS102 does not take it (MHS10218)."""
    service.everything()
    for team, day in (("T2", "2026-10-31"), ("T3", "2026-11-01")):
        service.bring("team", {"team_id": team, "team_type": "A06", "ServTeamIntAgeGroup": "03"})
        part = {"ReferRejectionDate": day, "ReferRejectReason": "01"}
        service.bring("referral_team", {"referral_id": "R1", "team_id": team} | part)
    _, read = export(**FULL)
    assert read["MHS102"]["OtherCareProfTeamLocalID"].to_list() == ["T3"]
    assert codes(tmp_path / "out0") == []


def test_a_rejected_patient_takes_all_that_hangs_on_it(service, export, tmp_path):
    """Without a practice registration (MHS00203) a patient is not taken (MHS00145)."""
    other = {"service_user_id": "P2", "NHSNumber": "9434765870"}
    service.everything().bring("service_user", PERSON | other | {"GMPReg": None})
    service.bring("referral", REFERRAL | {"referral_id": "R2", "service_user_id": "P2"})
    service.core_10(referral_id="R2", care_activity_id=None)
    result, read = export(**FULL)
    for name in ("MHS001", "MHS002", "MHS101", "MHS606"):
        assert read[name].height == 1
    (reason,) = result.exclusions.iter_rows(named=True)
    assert (reason["referral_id"], reason["reason"]) == ("R2", "rejected_by_validation")
    assert reason["detail"] == "MHS60612 (MHS10101)"
    assert {"MHS00203", "MHS00145", "MHS10101", "MHS60612"} <= set(codes(tmp_path / "out0"))


def test_a_submission_that_the_portal_would_refuse_is_not_written(service, export, tmp_path):
    """NHS numbers must have their check digit (MHSREJ006a)."""
    service.everything().bring("service_user", PERSON | {"NHSNumber": "9434765918"})
    result, read = export(**FULL)
    assert not result.accepted
    assert read == {}
    assert result.exclusions["reason"].to_list() == ["file_rejected"]
    assert result.exclusions["detail"].to_list() == ["MHSREJ006a"]
    assert "MHSREJ006a" in codes(tmp_path / "out0")
    assert "(MHSREJ006a, the check digit of the NHS number is wrong)" in result.summary[1]
    told = (tmp_path / "out0/preflight/validations.csv").read_text()
    (line,) = [each for each in told.splitlines() if "MHSREJ006a" in each]
    assert '"[M001901]LocalPatientID","P1","[M001040]NHSNumber","9434765918"' in line


def test_a_refusal_says_what_most_rows_fall_for(service, export):
    service.everything()
    result, _ = export(full=True, provider="RXX")
    assert "MHSREJ101" in result.summary[1]
    assert result.summary[2].startswith("Most rows fall for MHS10108: ")


def test_the_command_says_that_nothing_can_be_sent(service, tmp_path, capsys):
    place = service.workspace.path
    arguments = ["-w", str(place), "export", "mhsds", "--period", "2026-11", "--full"]
    with pytest.raises(SystemExit) as caught:
        main([*arguments, "--provider", "RXX", "--out", str(tmp_path / "out")])
    assert caught.value.code == 14
    assert "export-not-accepted" in capsys.readouterr().err


def test_a_full_submission_needs_a_provider(export):
    with pytest.raises(ExportRefused) as caught:
        export(full=True)
    assert caught.value.problems[0].code == "mhsds-no-provider"


def test_the_organisation_of_the_config_provides(service, tmp_path):
    file = service.workspace.path / "romframe.yaml"
    file.write_text(
        file.read_text() + "organisation: RYY\nexports: {mhsds: {full: true, commissioner: 15E}}\n"
    )
    from unit.mhsds.service import TODAY

    from romframe import open_workspace

    again = open_workspace(service.workspace.path, today=TODAY)
    _, read = Service(again).everything().export(tmp_path / "out")
    assert read["MHS000"]["OrgIDProvider"].to_list() == ["RYY"]
    again.store.close()


def test_what_was_written_passes_the_validator_again(service, export):
    service.everything()
    service.bring("service_user", PERSON | {"service_user_id": "P2", "GMPReg": None})
    _, read = export(**FULL)
    context = Context(Period.parse("2026-11"), code_list(Period.parse("2026-11").start))
    names = {name[:6]: name for name in layouts()}
    verdict = validate({names[key]: frame for key, frame in read.items()}, context)
    assert verdict.accepted
    assert not any(found["rejects"].any() for found in verdict.faults.values())


def test_an_assessment_of_a_contact_goes_with_its_activity_where_that_is_asked_for(service, export):
    service.everything()
    _, read = export(**FULL, scores_in="activity")
    assert read["MHS607"].rows() == [("A1", "718583008", "20")]
    assert read["MHS606"].is_empty()


@pytest.mark.parametrize(
    "facts",
    [
        {"completed_at": "2026-11-04T10:15:00"},
        {"care_activity_id": "A9"},
        {"care_activity_id": None},
    ],
    ids=["another day", "no such activity", "no activity"],
)
def test_otherwise_it_goes_with_its_referral(service, export, facts):
    service.everything().core_10(completed_at="2026-11-05T10:15:00", care_activity_id=None)
    service.core_10(**{"completed_at": "2026-11-06T10:15:00"} | facts)
    _, read = export(**FULL, scores_in="activity")
    assert (read["MHS606"].height, read["MHS607"].height) == (2, 1)


def test_two_that_cannot_be_told_apart_in_an_activity_go_with_the_referral(service, export):
    """MHS607 would reject both copies of one score (MHS60709)."""
    service.everything().core_10(completed_at="2026-11-03T11:15:00")
    _, read = export(**FULL, scores_in="activity")
    assert read["MHS607"].is_empty()
    assert read["MHS606"]["AssToolCompTimestamp"].to_list() == [
        "2026-11-03T10:15:00Z",
        "2026-11-03T11:15:00Z",
    ]
