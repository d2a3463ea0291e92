"""What each measure with an accepted code sends of one whole assessment.

The ids are written down from NHS England's lists, and the scores worked out by hand.
"""

import pytest


ZERO_UP = {f"q{n}": n % 5 for n in range(1, 16)}  # 1 2 3 4 0 1 2 3 4 0 1 2 3 4 0
ONE_UP = {f"q{n}": (n - 1) % 5 + 1 for n in range(1, 15)}  # 1 2 3 4 5 1 2 3 4 5 1 2 3 4
HONOS = {f"q{n}": n % 5 for n in range(1, 13)}
LINES = {"q1": 2.5, "q2": 3.2, "q3": 4.1, "q4": 5}
THREES = {f"q{n}": (n - 1) % 4 for n in range(1, 10)}  # 0 1 2 3 0 1 2 3 0
FLOWS = {
    "honos": (
        HONOS | {"q8_type": "C"},
        [
            ("979641000000103", "1"), ("979651000000100", "2"), ("979661000000102", "3"),
            ("979671000000109", "4"), ("979681000000106", "0"), ("979691000000108", "1"),
            ("979701000000108", "2"), ("979711000000105", "3"), ("979831000000108", "C"),
            ("979721000000104", "4"), ("979731000000102", "0"), ("979741000000106", "1"),
            ("979751000000109", "2"),
        ],
    ),
    "honos_65": (  # the id of its letter is only inferred, so the letter does not flow
        HONOS | {"q8_type": "C"},
        [
            ("980761000000107", "1"), ("980771000000100", "2"), ("980781000000103", "3"),
            ("980791000000101", "4"), ("980801000000102", "0"), ("980811000000100", "1"),
            ("980821000000106", "2"), ("980831000000108", "3"), ("980841000000104", "4"),
            ("980851000000101", "0"), ("980861000000103", "1"), ("980871000000105", "2"),
        ],
    ),
    "honosca": (  # clinicians' form; section B (items 14 and 15) has no id
        ZERO_UP | {"q14": 4, "q15": 4},
        [
            ("989751000000102", "1"), ("989801000000109", "2"), ("989811000000106", "3"),
            ("989821000000100", "4"), ("989831000000103", "0"), ("989841000000107", "1"),
            ("989851000000105", "2"), ("989861000000108", "3"), ("989871000000101", "4"),
            ("989761000000104", "0"), ("989771000000106", "1"), ("989781000000108", "2"),
            ("989791000000105", "3"),
        ],
    ),
    "core_om": (  # all 1 but item 1, which is 4 (functioning has item 1; well-being has item 4)
        {f"q{n}": 1 for n in range(1, 35)} | {"q1": 4, "q4": 3},
        [
            ("865876006", "11.5"),  # 39 over 34 items, times 10, is 11.47
            ("718492008", "6"),
            ("718613005", "12"),
            ("718490000", "15"),
            ("865877002", "6"),
        ],
    ),
    "core_10": ({f"q{n}": n % 5 for n in range(1, 11)}, [("718583008", "20")]),
    "yp_core": ({f"q{n}": n % 5 for n in range(1, 11)}, [("718437004", "20")]),
    "dialog": (
        {f"q{n}": 7 - n % 7 for n in range(1, 12)} | {"help_1": 1},
        [
            ("1037651000000100", "6"), ("1037661000000102", "5"), ("1037671000000109", "4"),
            ("1037681000000106", "3"), ("1037691000000108", "2"), ("1037721000000104", "6"),
            ("1037731000000102", "5"), ("1037741000000106", "4"), ("1037751000000109", "3"),
        ],
    ),
    "phq_9": (THREES, [("720433000", "12")]),
    "gad_7": ({f"q{n}": THREES[f"q{n}"] for n in range(1, 8)}, [("445455005", "9")]),
    "k_10": ({f"q{n}": ONE_UP[f"q{n}"] for n in range(1, 11)}, [("720211004", "30")]),
    "ors": (LINES, [("716613004", "14.8")]),
    "srs": (LINES, [("720482000", "14.8")]),
    "reqol_10": ({f"q{n}": n % 5 for n in range(1, 12)}, [("1091071000000100", "20")]),
    "qpr_15": (ZERO_UP, [("1035441000000106", "30")]),
    "wemwbs": (ONE_UP, [("718426000", "40")]),
    "swemwbs": ({f"q{n}": ONE_UP[f"q{n}"] for n in range(1, 8)}, [("718466001", "18")]),
    "peq_assessment": (
        {"q1": "Y", "q2": "N", "q3": "Y", "q4": "Y", "satisfaction": 3},
        [("747891000000106", "3")],
    ),
    "peq_treatment": (
        {"q1": 4, "q2": 3, "q3": 2, "q4": 1, "q5": 0, "q6": 4},
        [
            ("747901000000107", "4"), ("747911000000109", "3"), ("747921000000103", "2"),
            ("747931000000101", "1"), ("747941000000105", "0"), ("747951000000108", "4"),
        ],
    ),
}  # fmt: skip
APART = {"gbo", "poem"}  # goals and returns that may be anonymous have tests of their own


@pytest.mark.parametrize("name", FLOWS)
def test_a_whole_assessment_sends_exactly_what_has_a_code(workspace, run, name):
    answers, expected = FLOWS[name]
    workspace.load(name).add(name, answers)
    done = run(workspace)
    assert done.sent == expected
    assert done.result.counts["warnings"] == 0


def test_no_other_shipped_measure_has_a_code(shipped):
    coded = {
        name
        for name in shipped.ids
        for each in shipped.instrument(name).items
        if "snomed" in each.slot_codes or any(code.system == "snomed" for code in each.codes)
    }
    coded |= {
        name
        for name in shipped.ids
        for each in shipped.instrument(name).scores
        if any(code.system == "snomed" for code in each.codes)
    }
    assert coded == FLOWS.keys() | APART


def test_items_of_dialog_without_an_id_are_told_as_not_sent(workspace, run):
    workspace.load("dialog").add("dialog", FLOWS["dialog"][0])
    (noted,) = run(workspace).found("ROM60623").iter_rows()
    assert (
        "q6: The spec does not use 1037701000000108 on 2026-11-01: send 1833391000000107, if you"
        " can confirm it; q7: The spec does not use 1037711000000105 on 2026-11-01: send"
        " 1833401000000105, if you can confirm it"
    ) in noted


SCORED = """
romframe: 1
id: local
version: "1"
name: Local
type: prom
raters: [service_user]
licence: {owner: us, terms: none, wording: ships}
response_scales:
  line: {range: [-9, 9], step: 0.5}
items:
  - {id: q1, label: first, scale: line, codes: {snomed: "979641000000103"}}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    times: 100000
    range: [-900000, 900000]
    better: lower
    source: ours
    codes: {snomed: "720433000"}
  - id: old
    name: Old
    items: all
    method: sum
    range: [-9, 9]
    better: lower
    source: ours
    codes: {snomed: "506701000000100"}
sources: {ours: {cite: ours, status: local}}
"""


@pytest.mark.parametrize(
    ("answer", "sent", "held"),
    [
        (0, [("979641000000103", "0"), ("720433000", "0")], ""),
        (0.5, [("979641000000103", "0.5"), ("720433000", "50000")], ""),
        (1, [("979641000000103", "1")], "total: too_long; "),
        (9, [("979641000000103", "9")], "total: too_long; "),
    ],
)
def test_a_score_has_at_most_five_characters(workspace, run, tmp_path, answer, sent, held):
    workspace.spec(tmp_path / "local.yaml", SCORED).add("local", {"q1": answer})
    done = run(workspace)
    assert sorted(done.sent) == sorted(sent)
    (noted,) = done.found("ROM60623").iter_rows()
    assert f"{held}old: 506701000000100 is not accepted on 2026-11-01: send 720433000" in noted


def test_a_score_below_zero_is_never_sent(workspace, run, tmp_path):
    workspace.spec(tmp_path / "local.yaml", SCORED)
    made = workspace.add("local", {"q1": -0.5})
    done = run(workspace)
    assert done.sent == []
    assert done.reasons == {made: "score_refused"}
    assert done.details[made].startswith("q1: below_zero; total: below_zero; old: 506701000000100")


def test_a_list_of_ones_own_decides_what_flows(workspace, run, tmp_path):
    from romframe_mhsds.codes.codefile import shipped, write_codes

    workspace.path = tmp_path
    scales = [each for each in shipped() if each.concept_id != "720433000"]
    kept = [each for each in scales if each.replaced_by != "720433000"]
    with (tmp_path / "ours.csv").open("w", encoding="utf-8") as file:
        write_codes(kept, file)
    workspace.load("phq_9", "gad_7")
    made = workspace.add("phq_9", THREES)
    workspace.add("gad_7", FLOWS["gad_7"][0])
    done = run(workspace, codes="ours.csv")
    assert done.sent == FLOWS["gad_7"][1]
    assert done.details == {made: "720433000 is not in the code list."}
