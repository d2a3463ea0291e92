"""Answers whose national code is not their own: held back until a spec says how they are sent."""

import json
import re

import pytest


POEM = "instrument_specs/poem/poem.yaml"
ANSWERS = {"respondent": "patient", "service": "community", "q1a": 5, "q2a": 1}


@pytest.fixture
def poem(root):
    return (root / POEM).read_text(encoding="utf-8")


def test_codes_of_unknown_direction_are_never_sent(workspace, run, tmp_path, poem):
    made = workspace.spec(tmp_path / "poem.yaml", poem).add("poem", ANSWERS)
    done = run(workspace)
    assert done.sent == []
    assert done.reasons == {made: "no_accepted_code"}
    assert done.details[made].count("Which end is 0") == 2


def test_a_service_that_knows_the_direction_says_so_in_a_spec_of_its_own(
    workspace, run, tmp_path, poem
):
    wellness, agreement = "{1: 0, 2: 1, 3: 2, 4: 3, 5: 4}", "{1: 0, 2: 1, 3: 2, 4: 3}"
    for codes in (wellness, agreement):
        poem = re.sub(r"not_sent: .*", f"sent_as: {codes}", poem, count=1)
    workspace.spec(tmp_path / "poem.yaml", poem).add("poem", ANSWERS)
    done = run(workspace)
    assert done.sent == [("1324031000000107", "4"), ("1324051000000100", "0")]


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
