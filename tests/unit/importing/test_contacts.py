"""Contact details of anonymous returns: of the willing only, and apart from every answer."""

import pytest

from romframe.errors import DataError


RETURNS = "completed_at,q1,q2,q3,q4,name,email,help\n"
MAPPING = "contact_offers: {columns: [name, email], willing: help, codes: [1, agreed]}\n"


def test_only_what_the_willing_wrote_is_kept(imported, anonymous_mood):
    csv = (
        RETURNS
        + "2024-03-01,0,1,2,A,Una,una@home,1\n"
        + "2024-03-01,0,1,2,A,Eve,eve@home,0\n"
        + "2024-03-01,0,1,2,A,Ida,,agreed\n"
        + "2024-03-01,0,1,2,A,,,1\n"
        + "2024-03-01,0,1,2,A,Amy,amy@home,\n"
        + "2024-03-01,8,1,2,A,Bea,bea@home,1.0\n"
    )
    found = imported(csv, MAPPING, anonymous_mood)
    assert found.contacts == ("Bea; bea@home", "Ida", "Una; una@home")
    assert (found.accepted.height, found.rejected.height) == (5, 1)


def test_nothing_of_it_stands_with_the_answers(imported, anonymous_mood):
    csv = RETURNS + "2024-03-01,0,1,2,A,Una,una@home,1\n" + "2024-03-01,8,1,2,A,Bea,bea@home,1\n"
    found = imported(csv, MAPPING, anonymous_mood)
    for table in (found.accepted, found.rejected, found.warnings):
        text = table.write_json()
        assert not any(word in text for word in ("Una", "Bea", "home", "help", "email"))
    assert "Una" not in repr(found)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (MAPPING.replace("email", "mail"), "column-unknown"),
        (MAPPING.replace("willing: help", "willing: q1"), "contact-shared"),
        (MAPPING.replace("[name, email]", "[q4]"), "contact-shared"),
        (
            MAPPING + "anonymous: false\nconstants: {referral_id: R1, rater: service_user}\n",
            "contact-identified",
        ),
    ],
)
def test_contact_details_that_would_not_lie_apart_are_refused(
    imported, anonymous_mood, mapping, code
):
    with pytest.raises(DataError) as refused:
        imported(RETURNS + "2024-03-01,0,1,2,A,Una,una@home,1\n", mapping, anonymous_mood)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_measure_of_either_kind_is_anonymous_unless_said_otherwise(imported, anonymous_mood):
    csv = "referral_id,completed_at,rater,q1,q2,q3,q4\nR1,2024-03-01,clinician,0,1,2,A\n"
    unsaid = imported(csv, "instrument: mood\n", anonymous_mood)
    assert "referral_id" not in unsaid.accepted.columns
    said = imported(csv, "anonymous: false\n", anonymous_mood)
    assert said.accepted["referral_id"].to_list() == ["R1"]
