"""Answers whose national code is not their own: held back until a spec says how they are sent."""

import json
import re

import pytest

from romframe import FrameworkError


POEM = "instrument_specs/poem/poem.yaml"
ANSWERS = {"respondent": "patient", "service": "community", "q1a": 5, "q2a": 1}


@pytest.fixture
def poem(root):
    return (root / POEM).read_text(encoding="utf-8")


SENT_AS = {
    "poem": {
        "wellness": {1: 0, 2: 1, 3: 2, 4: 3, 5: 4},
        "agreement": {1: "0", 2: "1", 3: "2", 4: "3"},
    }
}


def test_codes_of_unknown_direction_are_never_sent(workspace, run):
    made = workspace.load("poem").add("poem", ANSWERS, consent=1)
    done = run(workspace)
    assert done.sent == []
    assert done.reasons == {made: "orientation_unknown"}
    assert done.details[made].count("Which end is 0") == 2


def test_a_service_that_knows_the_direction_says_so_in_a_spec_of_its_own(
    workspace, run, tmp_path, poem
):
    wellness, agreement = "{1: 0, 2: 1, 3: 2, 4: 3, 5: 4}", "{1: 0, 2: 1, 3: 2, 4: 3}"
    for codes in (wellness, agreement):
        poem = re.sub(r"not_sent: .*", f"sent_as: {codes}", poem, count=1)
    workspace.spec(tmp_path / "poem.yaml", poem).add("poem", ANSWERS, consent=1)
    done = run(workspace)
    assert done.sent == [("1324031000000107", "4"), ("1324051000000100", "0")]


def test_or_in_its_config_which_comes_before_the_spec(workspace, run, tmp_path, poem):
    turned = re.sub(r"not_sent: .*", "sent_as: {1: 4, 2: 3, 3: 2, 4: 1, 5: 0}", poem, count=1)
    workspace.spec(tmp_path / "poem.yaml", turned).add("poem", ANSWERS, consent=1)
    done = run(workspace, sent_as=SENT_AS)
    assert done.sent == [("1324031000000107", "4"), ("1324051000000100", "0")]


def test_a_whole_return_flows_item_by_item_and_skipped_questions_do_not(workspace, run):
    """The ids are those that NHS England lists, in the order of the form."""
    answers = {"respondent": "patient", "service": "inpatient", "q1a": 4, "q1b": 1}
    answers |= {f"q2{letter}": 2 for letter in "abcdefghijkl"}
    answers |= {f"q3{letter}": 3 for letter in "abcdef"} | {"comments": "thank you"}
    skipped = {"q2c": None, "q3f": None}
    workspace.load("poem").add("poem", answers | skipped, consent=1)
    done = run(workspace, sent_as=SENT_AS)
    assert done.sent == [
        ("1324031000000107", "3"), ("1324041000000103", "0"), ("1324051000000100", "1"),
        ("1324061000000102", "1"), ("1324081000000106", "1"), ("1324091000000108", "1"),
        ("1324101000000100", "1"), ("1324111000000103", "1"), ("1324121000000109", "1"),
        ("1324131000000106", "1"), ("1324141000000102", "1"), ("1324151000000104", "1"),
        ("1324161000000101", "1"), ("1324211000000106", "2"), ("1324221000000100", "2"),
        ("1324231000000103", "2"), ("1324241000000107", "2"), ("1324251000000105", "2"),
    ]  # fmt: skip
    assert "q2c: blank; q3f: blank" in done.found("ROM60623").row(0)
    assert done.result.counts["warnings"] == 0


def test_where_one_scale_is_known_the_others_are_told_as_not_sent(workspace, run):
    workspace.load("poem").add("poem", ANSWERS | {"q1b": 2}, consent=1)
    done = run(workspace, sent_as={"poem": {"wellness": SENT_AS["poem"]["wellness"]}})
    assert done.sent == [("1324031000000107", "4"), ("1324041000000103", "1")]
    (noted,) = done.found("ROM60623").iter_rows()
    told = next(cell for cell in noted if "q2a: orientation_unknown" in str(cell))
    assert told.count("orientation_unknown") == 12  # the unit's six are not asked in the community


@pytest.mark.parametrize(("consent", "detail"), [(None, "not recorded"), (0, "not given")])
def test_an_identified_return_flows_only_with_consent(workspace, run, consent, detail):
    made = workspace.load("poem").add("poem", ANSWERS, consent=consent)
    done = run(workspace, sent_as=SENT_AS)
    assert done.sent == []
    assert (done.reasons, done.details) == ({made: "no_consent"}, {made: detail})


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ({"pome": {}}, ["pome mhsds-sent-as-name"]),
        ({"poem": {"wellnes": {1: 0}}}, ["poem.wellnes mhsds-sent-as-name"]),
        ({"poem": {"words": {1: 0}}}, ["poem.words mhsds-sent-as-name"]),
        (
            {"poem": {"agreement": {0: 0, 1: 1, 2: 2, 3: 3}}},
            ["poem.agreement mhsds-sent-as-gap", "poem.agreement.0 mhsds-sent-as-name"],
        ),
        (
            {"poem": {"agreement": {1: 1, 2: 2, 3: 3, 4: 4}}},
            ["poem.agreement.4 mhsds-sent-as-text"],
        ),
        (
            {"poem": {"agreement": {1: 0, 2: 1, 3: 1, 4: "three"}}},
            ["poem.agreement mhsds-sent-as-text", "poem.agreement.4 mhsds-sent-as-text"],
        ),
    ],
)
def test_a_wrong_direction_is_refused_with_its_place(workspace, run, said, places):
    workspace.load("poem").add("poem", ANSWERS, consent=1)
    with pytest.raises(FrameworkError) as caught:
        run(workspace, sent_as=said)
    found = [
        f"{each.place.field.removeprefix('exports.mhsds.sent_as.')} {each.code}"
        for each in caught.value.problems
    ]
    assert found == places
    assert all(each.place.file == "romframe.yaml" for each in caught.value.problems)


def test_texts_are_held_against_the_slots_of_goals_too(workspace, run, tmp_path, root):
    text = (root / "instrument_specs/gbo/gbo.yaml").read_text(encoding="utf-8")
    scale = "range: [0, 10]\n    source"
    text = text.replace(scale, "codes: {0: far, 10: there}\n    source", 1)
    workspace.spec(tmp_path / "gbo.yaml", text).goal("G1", "2")
    workspace.add("gbo", {"goal_id": "G1", "progress": 10})
    done = run(workspace, sent_as={"gbo": {"progress": {0: 1, 10: 9}}})
    assert done.sent == [("1638541000000106", "9")]
    with pytest.raises(FrameworkError, match="'11' is not valid for 1638531000000102"):
        run(workspace, sent_as={"gbo": {"progress": {0: 1, 10: 11}}})


def test_scored_answers_can_be_sent_as_something_else_too(workspace, run, tmp_path, root):
    text = (root / "instrument_specs/bmis/kpcs.yaml").read_text(encoding="utf-8")
    text = text.replace("  confidence:", "  confidence:\n    sent_as: {0: 4, 1: 3, 2: 2, 3: 1}", 1)
    text = text.replace("{id: q2,", '{id: q2, codes: {snomed: "747891000000106"},', 1)
    workspace.spec(tmp_path / "kpcs.yaml", text).add("kpcs", {"q2": 3})
    assert run(workspace).sent == [("747891000000106", "1")]


def test_experience_of_treatment_flows_and_not_applicable_does_not(workspace, run, root, tmp_path):
    text = (root / "instrument_specs/general/peq_treatment.yaml").read_text(encoding="utf-8")
    workspace.spec(tmp_path / "peq_treatment.yaml", text)
    answers = {"q1": 4, "q2": 4, "q3": 3, "q4": 2, "q5": 4}
    workspace.add("peq_treatment", answers, states=json.dumps({"q6": "not_applicable"}))
    done = run(workspace)
    assert [score for _, score in done.sent] == ["4", "4", "3", "2", "4"]
    assert done.found("ROM60623").height == 0
