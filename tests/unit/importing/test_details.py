import json

import pytest

from romframe.errors import DataError
from romframe.importing.kinds import RECORD_KINDS


PERSON = RECORD_KINDS["service_user"]
CSV = "service_user_id,nhs,born,post,dead\nP1,9434765919,1990-01-02,CB1 2AB,\nP2,,,,2025-03-01\n"
MAPPING = """
kind: service_user
details: {NHSNumber: text, Postcode: text, PersDeathDate: date}
columns: {NHSNumber: nhs, Postcode: post, PersDeathDate: dead, birth_date: born}
"""


def details(prepared):
    return [text and json.loads(text) for text in prepared.accepted["details"]]


def test_declared_columns_are_kept_together_as_texts(imported):
    prepared = imported(CSV, MAPPING, PERSON)
    assert details(prepared) == [
        {"NHSNumber": "9434765919", "Postcode": "CB1 2AB"},
        {"PersDeathDate": "2025-03-01"},
    ]
    assert prepared.accepted["birth_date"].to_list() == ["1990-01-02", None]
    assert prepared.warnings.is_empty()


def test_a_record_without_details_has_none(imported):
    prepared = imported("service_user_id\nP1\n", "kind: service_user\n", PERSON)
    assert details(prepared) == [None]


def test_no_declared_detail_with_a_value_is_none(imported):
    csv = "service_user_id,Postcode\nP1,\n"
    prepared = imported(csv, "kind: service_user\ndetails: {Postcode: text}\n", PERSON)
    assert details(prepared) == [None]


def test_quotes_and_braces_survive(imported):
    csv = 'service_user_id,Postcode\nP1,"{""a"": \\}"\n'
    prepared = imported(csv, "kind: service_user\ndetails: {Postcode: text}\n", PERSON)
    assert details(prepared) == [{"Postcode": '{"a": \\}'}]


def test_codes_and_constants_hold_for_details(imported):
    csv = "service_user_id,sex\nP1,female\nP2,f\n"
    mapping = (
        "kind: service_user\ndetails: {Gender: text, OrgIDComm: text}\ncolumns: {Gender: sex}\n"
        "codes: {Gender: {female: '2'}}\nconstants: {OrgIDComm: 15E}\n"
    )
    prepared = imported(csv, mapping, PERSON)
    assert details(prepared) == [{"Gender": "2", "OrgIDComm": "15E"}]
    assert prepared.rejected["code"].to_list() == ["code-unlisted"]


def test_a_date_among_details_is_read_as_dates_are(imported):
    csv = "service_user_id,PersDeathDate\nP1,01/02/2025\nP2,31/02/2025\n"
    mapping = 'kind: service_user\ndate_format: "%d/%m/%Y"\ndetails: {PersDeathDate: date}\n'
    prepared = imported(csv, mapping, PERSON)
    assert details(prepared) == [{"PersDeathDate": "2025-02-01"}]
    assert prepared.rejected["code"].to_list() == ["date-unreadable"]
    assert '`date_format: "%d/%m/%Y"`' in prepared.rejected["mend"].item()


def test_other_details_are_another_content(imported):
    csv = "service_user_id,Postcode\nP1,CB1 2AB\nP1,CB2 2AB\n"
    prepared = imported(csv, "kind: service_user\ndetails: {Postcode: text}\n", PERSON)
    assert prepared.rejected["code"].to_list() == ["rows-conflict", "rows-conflict"]


@pytest.mark.parametrize(
    ("kind", "name", "fragment"),
    [
        ("service_user", "gender", "is a column of service_user already"),
        ("service_user", "details", "is a column of service_user already"),
        ("event", "Postcode", "event has no details"),
    ],
)
def test_a_detail_needs_a_name_of_its_own_and_room(imported, kind, name, fragment):
    mapping = f"kind: {kind}\ndetails: {{{name}: text}}\n"
    with pytest.raises(DataError) as caught:
        imported("service_user_id\nP1\n", mapping, RECORD_KINDS[kind])
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("detail-name", 2)
    assert fragment in problem.what
