"""A service's own checks: files in, findings out; every problem at once, with line and mend."""

import shutil

import pytest
from romframe_audit.items import best
from unit.auditing.conftest import honos

from romframe import FrameworkError
from romframe.auditing.own import fields_of, own_checks
from romframe.auditing.run import judged_by, known_checks


GOOD = """
romframe_check: 1
id: discharged_unwell
summary: Discharged with a high total
instrument: honos
among: {timepoint: discharge}
flag:
  any:
    - {score.total: {at_least: 20}}
    - {q2: 4, q8_type: [A, B]}
says: Discharged with a total of 20 or more, or with severe self-injury.
"""
TOLD = {
    "not_a_mapping": ("1:1", "wrong-type"),
    "empty": ("1:1", "yaml-empty"),
    "no_flag": ("1:1", "missing-key"),
    "unknown_instrument": ("4:1", "unknown-instrument"),
    "unknown_item": ("5:8", "unknown-key"),
    "unknown_score": ("5:8", "unknown-key"),
    "text_for_a_number": ("5:8", "wrong-type"),
    "unknown_timepoint": ("5:9", "not-allowed"),
    "impossible_bounds": ("5:8", "wrong-value"),
    "python": ("5:1", "wrong-type"),
    "taken_id": ("2:1", "id-twice"),
    "bad_id": ("2:1", "wrong-form"),
    "bad_letter": ("5:8", "not-allowed"),
    "answer_out_of_range": ("5:8", "out-of-range"),
    "score_out_of_range": ("5:22", "out-of-range"),
}


@pytest.fixture
def folder(service):
    workspace, _ = service
    return workspace.path / "checks"


def test_a_check_judges_those_that_it_is_about_and_flags_those_that_fit(service, folder):
    workspace, bring = service
    (folder / "unwell.yaml").write_text(GOOD)
    end = {"timepoint": "discharge"}
    bring(
        "honos",
        [
            honos("A", "2025-02-01", "222222222222"),
            honos("A", "2025-02-02", "222222222222", **end),
            honos("A", "2025-02-03", "111111111111", **end),
            honos("A", "2025-02-04", "040000010000", **end),
            honos("A", "2025-02-05", "040000010000", **end, q8_type="C"),
            honos("A", "2025-02-06", "22222222222.", **end),
        ],
    )
    judged = judged_by(workspace, ["discharged_unwell"])
    says = "Discharged with a total of 20 or more, or with severe self-injury."
    assert dict(judged.select("assessment_id", "what").iter_rows()) == {
        2: says, 3: None, 4: says, 5: None, 6: None,
    }  # fmt: skip


def test_a_check_that_asks_for_no_item_judges_scores_without_answers_too(service, folder):
    workspace, bring = service
    asks = {"total": "score.total: {at_least: 20}", "item": "q1: {known: false}"}
    for name, flag in asks.items():
        (folder / f"{name}.yaml").write_text(
            f"romframe_check: 1\nid: {name}\nsummary: Ours\ninstrument: honos\n"
            f"flag: {{{flag}}}\nsays: Ask.\n"
        )
    bring("honos", [honos("A", "2025-02-01")])
    totals = [
        {
            "referral_id": "A",
            "completed_at": f"2025-03-0{n}",
            "rater": "clinician",
            "score:total": n,
        }
        for n in (4, 5)
    ]
    totals[0]["score:total"] = 30
    bring("honos", totals)
    judged = judged_by(workspace, ["total", "item"]).select("check", "completed_at", "what").rows()
    assert judged == [
        ("item", "2025-02-01", None),
        ("total", "2025-02-01", None),
        ("total", "2025-03-04", "Ask."),
        ("total", "2025-03-05", None),
    ]


def test_a_check_without_scores_and_without_among_judges_every_rating_of_its_measure(
    service, folder
):
    workspace, bring = service
    text = GOOD.replace("among: {timepoint: discharge}\n", "")
    text = text.replace("    - {score.total: {at_least: 20}}\n", "    - {q9: {known: false}}\n")
    (folder / "unwell.yaml").write_text(text)
    (folder / "other.yaml").write_text(
        GOOD.replace("discharged_unwell", "other").replace("honos", "core_10")
        .replace("{q2: 4, q8_type: [A, B]}", "{q2: 4}")
    )  # fmt: skip
    bring("honos", [honos("A", "2025-02-01", "111111119111"), honos("A", "2025-02-02")])
    judged = judged_by(workspace, ["discharged_unwell", "other"])
    assert judged["what"].is_not_null().to_list() == [True, False]
    assert list(known_checks(workspace)) == sorted(known_checks(workspace))


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_bad_check_is_told_with_line_and_mend(service, folder, root, name):
    workspace, _ = service
    path = folder / f"{name}.yaml"
    shutil.copy(root / f"tests/bad/checks/{name}.yaml", path)
    with pytest.raises(FrameworkError) as refused:
        known_checks(workspace)
    (problem,) = refused.value.problems
    place, code = TOLD[name]
    assert f"{problem.place.line}:{problem.place.column}" == place
    assert problem.code == code
    assert problem.mend
    assert problem.place.file == str(path)


def test_every_bad_file_is_tried(root):
    assert {path.stem for path in root.glob("tests/bad/checks/*.yaml")} == set(TOLD)


def test_the_problems_of_all_files_are_told_at_once(service, folder, root):
    workspace, _ = service
    for name in ("unknown_item", "unknown_timepoint"):
        shutil.copy(root / f"tests/bad/checks/{name}.yaml", folder)
    (folder / "twice.yaml").write_text(GOOD)
    (folder / "twice_again.yaml").write_text(GOOD)
    with pytest.raises(FrameworkError) as refused:
        own_checks(workspace)
    codes = sorted(problem.code for problem in refused.value.problems)
    assert codes == ["id-twice", "not-allowed", "unknown-key"]


def test_a_check_of_a_measure_whose_spec_is_bad_tells_what_is_wrong_with_it(service, folder):
    workspace, _ = service
    (workspace.path / "measures" / "ours.yaml").write_text("romframe: 1\n")
    from romframe import open_workspace

    (folder / "ours.yaml").write_text(GOOD.replace("instrument: honos", "instrument: ours"))
    again = open_workspace(workspace.path)
    with pytest.raises(FrameworkError, match="missing-key"):
        own_checks(again)
    again.store.close()


def test_an_item_without_values_is_tested_by_its_code(shipped):
    fields = fields_of(shipped.instrument("poem"))
    assert {fields[item.id].kind for item in shipped.instrument("poem").items} >= {"open"}


def test_the_good_end_of_an_item_is_what_all_its_scores_say(shipped):
    core, wemwbs = shipped.instrument("core_10"), shipped.instrument("wemwbs")
    assert best(core, core.item("q2")) == 0
    assert best(wemwbs, wemwbs.items[0]) == 5
    honos = shipped.instrument("honos")
    assert best(honos, honos.item("q8_type")) is None
