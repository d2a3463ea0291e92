"""A made-up submission of November 2026 that MHSDS v6.0 takes whole, and ways of changing it.

Two patients, two referrals, two contacts; the first row of every table has every column filled that
has a public list or format. Practices, places and people are invented.
"""

import polars as pl
from romframe_mhsds import layout
from romframe_mhsds.codes.codelist import code_list
from romframe_mhsds.period import Period
from romframe_mhsds.preflight.context import Context


PERIOD = Period.parse("2026-11")
CORE_10, HONOS_ITEM = "718583008", "979641000000103"
ROWS = {
    "MHS000Header": [
        {
            "DatSetVer": "6.0", "OrgIDProvider": "RXX", "OrgIDSubmit": "RXX",
            "PrimSystemInUse": "romframe", "ReportingPeriodStartDate": "2026-11-01",
            "ReportingPeriodEndDate": "2026-11-30", "DateTimeDatSetCreate": "2026-12-05 09:00:00",
        },
    ],
    "MHS001MPI": [
        {
            "LocalPatientID": "P1", "OrgIDLocalPatientID": "RXX", "OrgIDEduEstab": "EE100",
            "NHSNumber": "9990000018", "NHSNumberStatus": "01", "PersonBirthDate": "1990-03-04",
            "Postcode": "ZZ99 3AA", "GenderIDCode": "2", "GenderSameAtBirth": "Y", "Gender": "2",
            "MaritalStatus": "S", "EthnicCategory": "A", "LanguageCodePreferred": "en",
            "PersDeathDate": "2026-11-29",
        },
        {
            "LocalPatientID": "P2", "OrgIDLocalPatientID": "RXX", "NHSNumber": "9990000026",
            "NHSNumberStatus": "01", "PersonBirthDate": "1996-07-01", "Postcode": "Z1 1ZZ",
            "GenderIDCode": "Z",
        },
    ],
    "MHS002GP": [
        {"LocalPatientID": "P1", "GMPReg": "A99999", "StartDateGMPRegistration": "2001-01-01"},
        {
            "LocalPatientID": "P2", "GMPReg": "A99999", "StartDateGMPRegistration": "2020-01-01",
            "EndDateGMPRegistration": "2026-11-14",
        },
        {"LocalPatientID": "P2", "GMPReg": "B99999", "StartDateGMPRegistration": "2026-11-15"},
    ],
    "MHS101Referral": [
        {
            "ServiceRequestID": "SR1", "LocalPatientID": "P1", "OrgIDComm": "QXX",
            "CareProfTeamLocalID": "T1", "ReferralRequestReceivedDate": "2026-05-04",
            "ReferralRequestReceivedTime": "09:30:00", "NHSServAgreeLineID": "L1",
            "SpecialisedMHServiceCode": "S1", "SourceOfReferralMH": "A1",
            "OrgIDReferringOrg": "X99998", "ReferringCareProfessionalType": "A01",
            "ClinRespPriorityType": "2", "PrimReasonReferralMH": "13", "ReasonOAT": "10",
            "DecisionToTreatDate": "2026-06-01", "DecisionToTreatTime": "10:00:00",
            "DischPlanCreationDate": "2026-11-20", "DischPlanCreationTime": "11:00:00",
            "DischPlanLastUpdatedDate": "2026-11-21", "DischPlanLastUpdatedTime": "11:30:00",
            "ServDischDate": "2026-11-25", "ServDischTime": "12:00:00",
            "ReferRejectionDate": "2026-11-10", "ReferRejectionTime": "13:00:00",
            "ReferRejectReason": "01", "ReferClosReason": "02",
        },
        {
            "ServiceRequestID": "SR2", "LocalPatientID": "P2", "OrgIDComm": "QXX",
            "ReferralRequestReceivedDate": "2026-10-01",
        },
    ],
    "MHS102OtherServiceType": [
        {
            "ServiceRequestID": "SR1", "OtherCareProfTeamLocalID": "T2",
            "ReferClosureDate": "2026-11-25", "ReferClosureTime": "09:00:00",
            "ReferRejectionDate": "2026-11-11", "ReferRejectionTime": "09:00:00",
            "ReferRejectReason": "01", "ReferClosReason": "02",
        },
        {
            "ServiceRequestID": "SR2", "OtherCareProfTeamLocalID": "T2",
            "ReferRejectReason": "01", "ReferClosReason": "02",
        },
    ],
    "MHS201CareContact": [
        {
            "CareContactID": "CC1", "ServiceRequestID": "SR1", "CareContDate": "2026-11-01",
            "CareContTime": "10:00:00", "OtherCareProfTeamLocalID": "T2", "OrgIDComm": "QXX",
            "AdminCatCode": "01", "SpecialisedMHServiceCode": "S1", "ClinContDurOfCareCont": "50",
            "ConsType": "01", "CareContSubj": "01", "ConsMechanismMH": "01",
            "ActLocTypeCode": "A01", "PlaceOfSafetyInd": "N", "SiteIDOfTreat": "RXX01",
            "LanguageCodeTreat": "en", "InterpreterPresentInd": "1",
            "ComPeriMHPartAssessOfferInd": "Y", "PlannedCareContIndicator": "Y",
            "CareContPatientTherMode": "1", "AttendStatus": "5",
            "EarliestReasonOfferDate": "2026-10-30", "EarliestClinAppDate": "2026-10-30",
            "CareContCancelDate": "2026-10-31", "CareContCancelReas": "01",
            "ReasonPatientNoIMCA": "01", "ReasonPatientNoIMHA": "99",
        },
        {"CareContactID": "CC2", "ServiceRequestID": "SR2", "CareContDate": "2026-11-30"},
    ],
    "MHS202CareActivity": [
        {
            "CareActID": "CA1", "CareContactID": "CC1", "ClinContactDurOfCareAct": "50",
            "Procedure": "123456", "FindSchemeInUse": "04", "Finding": "123456",
            "Observation": "123456", "ObsValue": "7", "UnitofMeasurement_UCUM": "kg",
        },
        {"CareActID": "CA2", "CareContactID": "CC2"},
    ],
    "MHS206StaffActivity": [
        {"CareActID": "CA1", "CareProfLocalID": "CP1"},
        {"CareActID": "CA2", "CareProfLocalID": "CP1"},
    ],
    "MHS606CodedScoreAssessmentRefer": [
        {
            "ServiceRequestID": "SR1", "CodedAssToolType": CORE_10, "PersScore": "21",
            "AssToolCompTimestamp": "2026-11-01T00:00:00Z", "CareProfLocalID": "CP1",
        },
        {
            "ServiceRequestID": "SR2", "CodedAssToolType": HONOS_ITEM, "PersScore": "9",
            "AssToolCompTimestamp": "2026-11-30T23:59:59Z",
        },
    ],
    "MHS607CodedScoreAssessmentAct": [
        {"CareActID": "CA1", "CodedAssToolType": CORE_10, "PersScore": "21"},
        {"CareActID": "CA1", "CodedAssToolType": CORE_10, "PersScore": "22"},
        {"CareActID": "CA2", "CodedAssToolType": HONOS_ITEM, "PersScore": "0"},
    ],
    "MHS608AnonSelfAssess": [],
    "MHS901StaffDetails": [
        {
            "CareProfLocalID": "CP1", "OrgIDCareProfLocalID": "RXX", "ProfRegBodyCode": "03",
            "ProfRegEntryID": "R1", "CareProfStaffGpMH": "01", "MainSpecCodeMH": "710",
            "OccCode": "N01", "CareProfJobRoleCode": "R0001",
        },
    ],
    "MHS902ServiceTeamDetails": [
        {
            "CareProfTeamLocalID": team, "OrgIDCareProfTeamLocalID": "RXX",
            "ServTeamTypeMH": kind, "ServTeamIntAgeGroup": "03",
        }
        for team, kind in (("T1", "C02"), ("T2", "F02"))
    ],
}  # fmt: skip
ANONYMOUS = {
    "AssToolCompTimestamp": "2026-11-03T10:15:00Z",
    "CodedAssToolType": CORE_10,
    "PersScore": "21",
    "ActLocTypeCode": "A01",
    "OrgIDComm": "QXX",
}


def frame(table, rows):
    """Give rows as a frame with every column of the table."""
    schema = {field.name: pl.String for field in layout.table(table).fields}
    return pl.DataFrame(rows, schema=schema, orient="row")


def submission():
    """Give the tables of the submission afresh."""
    return {table: frame(table, rows) for table, rows in ROWS.items()}


def context(**facts):
    return Context(PERIOD, code_list(PERIOD.start), **facts)


def cell(row=0, **cells):
    """Change cells of one row."""
    return lambda table, rows: [
        each | (cells if number == row else {}) for number, each in enumerate(rows)
    ]


def copied(**cells):
    """Add a copy of the first row, with some cells changed."""
    return lambda table, rows: [*rows, rows[0] | cells]


def anonymous(**cells):
    """Add an MHS608 row."""
    return lambda table, rows: [*rows, ANONYMOUS | cells]


def emptied():
    return lambda table, rows: []


def changed(**changes):
    """Give the submission with the rows of some tables (by number, as MHS001) changed."""
    tables = submission()
    for table, rows in ROWS.items():
        if table[:6] in changes:
            tables[table] = frame(table, changes[table[:6]](table, rows))
    return tables
