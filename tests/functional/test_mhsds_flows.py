"""Goals, identified returns and a code list of one's own, from file to MHS606."""

import csv

import pytest


FORM = [f"q2{letter}" for letter in "abcdefghijkl"]
SENT_AS = """exports:
  mhsds:
    sent_as:
      poem:
        wellness: {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
        agreement: {1: 0, 2: 1, 3: 2, 4: 3}
"""


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    assert run("init", place, "--name", "Fenland").code == 0
    return place


@pytest.fixture
def bring(run, service, tmp_path):
    """Import text by a mapping."""

    def bring(text, mapping):
        data, known = tmp_path / "data.csv", tmp_path / "map.yaml"
        data.write_text(text)
        known.write_text(mapping)
        done = run("-w", service, "import", data, "--map", known)
        assert done.code == 0, done.err

    return bring


@pytest.fixture
def export(run, service, tmp_path):
    """Export November; give the rows that flow and those that do not."""

    def export():
        out = tmp_path / "november"
        done = run("-w", service, "export", "mhsds", "--period", "2026-11", "--out", out)
        assert done.code == 0, done.err
        flowed = _rows(out / "MHS606CodedScoreAssessmentRefer.csv")
        sent = [(row["CodedAssToolType"], row["PersScore"]) for row in flowed]
        return sent, _rows(out / "exclusions.csv")

    return export


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def config(place, text):
    file = place / "romframe.yaml"
    file.write_text(file.read_text() + text)


@pytest.fixture
def returns(bring):
    """An anonymous return, and three identified ones: agreed, refused, not asked."""
    header = ",".join(["respondent", "service", "q1a", "q1b", *FORM])
    answers = "patient,community,4,1," + ",".join(["2"] * len(FORM))
    bring(
        f"{header},completed_at\n{answers},2026-11-02\n",
        "instrument: poem\ncoding: form_order\n",
    )
    about = "referral_id,completed_at,rater,consent"
    lines = [f"{answers},R{n},2026-11-0{n},service_user,{c}" for n, c in enumerate("10", 3)]
    lines.append(f"{answers},R5,2026-11-05,service_user,")
    bring(
        "\n".join([f"{header},{about}", *lines, ""]),
        "instrument: poem\ncoding: form_order\nanonymous: false\nunknown_referrals: create\n",
    )


def test_only_the_return_that_may_leave_flows_and_never_an_anonymous_one(service, returns, export):
    config(service, SENT_AS)
    sent, excluded = export()
    assert sent[:3] == [
        ("1324031000000107", "3"), ("1324041000000103", "0"), ("1324051000000100", "1"),
    ]  # fmt: skip
    assert len(sent) == 14
    assert [(row["referral_id"], row["reason"], row["detail"]) for row in excluded] == [
        ("R4", "no_consent", "not given"),
        ("R5", "no_consent", "not recorded"),
    ]


def test_without_a_direction_the_config_is_asked_for_one(returns, export):
    sent, excluded = export()
    assert sent == []
    assert [row["reason"] for row in excluded] == ["orientation_unknown", *["no_consent"] * 2]
    assert "sent_as in romframe.yaml" in excluded[0]["explanation"]


def test_a_wrong_direction_is_told_with_its_line(run, service, tmp_path):
    config(service, SENT_AS.replace("4: 3}", "4: 7}"))
    out = tmp_path / "out"
    done = run("-w", service, "export", "mhsds", "--period", "2026-11", "--out", out)
    assert done.code == 11
    assert "romframe.yaml:8:" in done.err
    assert "'7' is not valid for 1324051000000100. Valid for it: 0 1 2 3." in done.err
    assert "[mhsds-sent-as-text]" in done.err
    assert not out.exists()


def test_goals_flow_by_slot_and_a_fourth_does_not(bring, export):
    goals = [f"G{n},R1,2026-11-01,open,{n if n < 4 else ''}" for n in range(1, 5)]
    bring(
        "\n".join(["goal_id,referral_id,set_on,state,slot", *goals, ""]),
        "kind: goal\nunknown_referrals: create\n",
    )
    ratings = [f"R1,2026-11-03T10:40:00,service_user,G{n},{n + 2}" for n in range(1, 5)]
    bring(
        "\n".join(["referral_id,completed_at,rater,goal_id,progress", *ratings, ""]),
        "instrument: gbo\n",
    )
    sent, excluded = export()
    assert sent == [
        ("1638531000000102", "3"), ("1638541000000106", "4"), ("1638551000000109", "5"),
    ]  # fmt: skip
    assert [(row["reason"], row["detail"]) for row in excluded] == [
        ("no_slot", "progress: no_slot for goal G4")
    ]


def test_a_service_extends_the_list_and_its_measure_flows(run, service, bring, export):
    """EPDS has an id that the shipped list does not know; here its own list does."""
    codes = service / "codes.csv"
    row = "450320001,EPDS,EPDS score,published,range,0,30,,2026-04-01,,,our list\n"
    codes.write_text(run("mhsds", "codes", "--csv").out + row)
    done = run("mhsds", "codes", "--check", codes, "--as-of", "2026-11-01")
    assert done.out.splitlines() == [
        f"{codes} is sound: 431 ids are accepted on 2026-11-01.",
        "new      450320001           EPDS score: 0 to 30",
    ]
    config(service, "exports: {mhsds: {codes: codes.csv}}\n")
    (service / "measures/mood.yaml").write_text(
        'romframe: 1\nid: mood\nversion: "1"\nname: Mood\ntype: prom\nraters: [service_user]\n'
        "licence: {owner: us, terms: none, wording: ships}\n"
        "response_scales:\n  line: {range: [0, 30]}\n"
        'items:\n  - {id: q1, label: mood, scale: line, codes: {snomed: "450320001"}}\n'
        "scores: []\n"
    )
    bring(
        "referral_id,completed_at,rater,q1\nR1,2026-11-03,service_user,12\n",
        "instrument: mood\nunknown_referrals: create\n",
    )
    assert export() == ([("450320001", "12")], [])
    assert "EPDS" in run("-w", service, "mhsds", "codes", "epds").out


def test_a_faulty_list_of_ones_own_stops_the_export_with_its_line(run, service, tmp_path):
    shipped = run("mhsds", "codes", "--csv").out
    (service / "codes.csv").write_text(shipped.replace("720433000,", "720433001,", 1))
    config(service, "exports: {mhsds: {codes: codes.csv}}\n")
    out = tmp_path / "out"
    done = run("-w", service, "export", "mhsds", "--period", "2026-11", "--out", out)
    assert done.code == 12
    assert "The check digit of 720433001 is wrong." in done.err
    assert "[mhsds-codes-id]" in done.err
    assert not out.exists()
