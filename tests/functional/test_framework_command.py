"""`romframe framework`: check, explain and diff as a commissioner meets them."""

import json

import pytest


TEXT = """\
romframe_framework: 1
id: made_up
version: "1"
name: Made-up outcomes
reporting: {every: month}
groups:
  - {id: well, name: Well, where: {pathway: prevention}, good: [maintained], worse: [relapsed]}
outcomes:
  - id: distress
    says: Less distress
    measures:
      - {id: core, instrument: core_10, score: total, group: well}
      - {id: bonding, instrument: pbq, score: total, group: well}
may_not_conclude: [Nothing about single teams.]
timing:
  - {id: start, instruments: [core_10], anchor: referral, window: {after: 14}}
  - id: later
    instruments: [core_10]
    anchor: referral
    after: {weeks: 4}
    window: {before: 3}
    repeat: {every: {weeks: 4}, at_most: 3}
  - id: ward
    instruments: [core_10]
    anchor: admission
    window: {after: 3}
    repeat: {every: {weeks: 2}}
    where: {setting: ward}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "made_up.yaml"
    path.write_text(TEXT)
    return path


def test_a_sound_framework_is_told_with_its_warnings_and_what_it_asks_for(run, file):
    done = run("framework", "check", file)
    assert done.code == 0
    assert "[no-classes]" in done.err
    assert "[never-asked]" in done.err
    assert "Made-up outcomes 1: sound, 2 warnings" in done.out
    assert "CORE-10: 4 forms of 10 items, by service_user; 12 minutes\n" in done.out
    assert "minutes not declared (its figures need that; no schedule asks)" in done.out
    assert "together 12 minutes, and the time of 1 more that no spec declares\n" in done.out
    assert "Well, in an episode of care, besides, where setting is ward:" in done.out
    assert "3 minutes; and 1 more every 2 weeks\n  together 3 minutes, and what" in done.out


def test_check_gives_programs_the_same(run, file):
    facts = json.loads(run("framework", "check", file, "--json").out)
    assert (facts["version"], facts["framework"]) == (1, "made_up")
    assert [each["total"] for each in facts["burden"]] == [12, None, 3]
    assert [each["again"] for each in facts["burden"]] == [[], [], ["2 weeks"]]
    assert [each["code"] for each in facts["warnings"]] == ["no-classes", "never-asked"]


def test_every_fault_is_told_and_the_exit_code_says_so(run, file):
    file.write_text(TEXT.replace("core_10, score", "core_9, score").replace("month", "week"))
    done = run("framework", "check", file)
    assert (done.code, done.out) == (11, "")
    assert f"{file}:5:13" in done.err
    assert f"{file}:12:20" in done.err


def test_a_framework_explains_itself(run, file):
    done = run("framework", "explain", file)
    assert done.out.startswith(
        "Made-up outcomes (made_up, version 1)\n\nLess distress [distress]\n"
    )
    assert "for which pathway is prevention." in done.out
    assert "Not to be concluded: Nothing about single teams." in done.out
    assert "A good outcome is maintained, a worse one relapsed;" in done.out
    assert (
        "  start\n    CORE-10.\n    It is due on the day of the referral, and on time up to 14 days"
        " after.\n    It is for everybody.\n"
    ) in done.out
    facts = json.loads(run("framework", "explain", file, "--json").out)
    assert [each["schedule"] for each in facts["timing"]] == ["start", "later", "ward"]
    assert [each["figure"] for each in facts["figures"]] == ["core", "bonding"]


def test_a_framework_without_schedules_says_nothing_of_when(run, file):
    file.write_text(TEXT.partition("timing:")[0])
    told = run("framework", "explain", file).out
    assert "When it is asked for" not in told
    assert told.endswith("Not to be concluded: Nothing about single teams.\n")


def test_the_indicators_are_listed_with_their_parameters(run):
    told = run("framework", "indicators").out
    assert "  wait\n    Of referrals" in told
    assert "    to (needed): assessment or contact or treatment\n    within (needed)\n" in told
    assert "    same_team (if wanted)\n" in told
    facts = json.loads(run("framework", "indicators", "--json").out)["indicators"]
    assert [each["indicator"] for each in facts][-2:] == ["relapse", "wait"]
    assert facts[-1]["params"]["within"]["required"] is True


def test_two_versions_are_compared(run, file, tmp_path):
    later = tmp_path / "later.yaml"
    later.write_text(TEXT.replace('"1"', '"2"').replace("id: bonding", "id: bond"))
    done = run("framework", "diff", file, later)
    assert done.out.splitlines() == [
        "added    figures > bond",
        "removed  figures > bonding",
        "changed  version: 1 -> 2",
    ]
    facts = json.loads(run("framework", "diff", file, later, "--json").out)
    assert facts["definition"][2] == {
        "path": ["version"],
        "kind": "changed",
        "old": "1",
        "new": "2",
    }
    assert run("framework", "diff", file, file).out == "Nothing is defined differently.\n"


def test_a_workspace_has_its_frameworks_by_name_and_says_what_none_of_them_uses(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "frameworks/agreed.yaml").write_text(
        TEXT.replace("instrument: core_10", "instrument: gad_7")
    )
    (tmp_path / "people.csv").write_text("service_user_id\nP1\n")
    (tmp_path / "referrals.csv").write_text(
        "referral_id,service_user_id,received_on\nR1,P1,2025-01-01\n"
    )
    (tmp_path / "phq.csv").write_text(
        "referral_id,completed_at,rater,q1,q2,q3,q4,q5,q6,q7,q8,q9\n"
        "R1,2025-01-02,service_user,1,1,1,1,1,1,1,1,1\n"
    )
    for name, kind in (("people", "service_user"), ("referrals", "referral"), ("phq", "phq_9")):
        assert run("-w", place, "import", tmp_path / f"{name}.csv", "--as", kind).code == 0
    done = run("-w", place, "framework", "check", "agreed")
    assert done.code == 0
    assert "no figure of this framework uses it: phq_9." in done.out
    assert "No stored record has setting 'ward'. None is known. [never-recorded]" in done.err
    assert "frameworks: sound" in run("-w", place, "doctor").out
    (place / "frameworks/worse.yaml").write_text(TEXT.replace("referral,", "referal,"))
    ill = run("-w", place, "doctor")
    assert ill.code == 11
    assert "frameworks: 1 problems" in ill.out
    assert f"{place}/frameworks/worse.yaml:16:" in ill.err
    assert run("-w", place, "framework", "check", "agred").code == 2


def test_a_framework_in_a_yml_file_is_seen_and_two_of_one_name_are_told(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "frameworks/agreed.yml").write_text(TEXT)
    assert run("-w", place, "framework", "check", "agreed").code == 0
    assert "frameworks: sound" in run("-w", place, "doctor").out
    (place / "frameworks/agreed.yaml").write_text(TEXT)
    done = run("-w", place, "framework", "check", "agreed")
    assert done.code == 2
    assert "agreed.yaml and agreed.yml both stand in" in done.err
    assert "[framework-twice]" in done.err
