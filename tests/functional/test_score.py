"""`romframe score` and `romframe classify` without a workspace."""

import csv
import io

import polars as pl
import pytest


TIDY = ["person", "score", "value", "status", "reason", "answered", "required", "band"]
TIDY += ["policy", "evidence"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_tidy_is_the_default_and_has_a_row_a_score(run, core_10):
    done = run("score", core_10, "--instrument", "core_10", "--coding", "position")
    assert done.code == 0
    found = rows(done.out)
    assert list(found[0]) == TIDY
    assert [(row["person"], row["value"], row["status"], row["reason"]) for row in found] == [
        ("A", "20.0", "scored", ""),
        ("B", "20.0", "prorated", "items_missing"),
        ("C", "", "refused", "too_many_missing"),
        ("D", "", "refused", "nothing_answered"),
    ]
    assert found[0]["band"] == "moderate to severe"
    assert [row["answered"] for row in found] == ["10", "9", "8", "0"]
    assert {row["required"] for row in found} == {"9"}


def test_wide_has_five_columns_a_score(run, core_10, tmp_path):
    out = tmp_path / "scores.parquet"
    done = run(
        "score", core_10, "-i", "core_10", "--coding", "position", "--shape", "wide", "--out", out
    )
    assert done.code == 0
    assert done.out == ""
    frame = pl.read_parquet(out)
    parts = ("status", "reason", "answered", "band")
    expected = ["person", "total", *(f"total_{part}" for part in parts)]
    assert frame.columns == expected
    assert frame["total"].to_list() == [20.0, 20.0, None, None]


def test_turned_items_without_a_coding_are_refused(run, core_10):
    done = run("score", core_10, "-i", "core_10")
    assert done.code == 2
    assert "coding-needed" in done.err
    assert "with --coding, as `coding:` in the mapping file" in done.err
    assert done.out == ""


def test_scored_and_position_data_of_one_person_give_one_score(run, core_10, tmp_path):
    turned = pl.read_csv(core_10).with_columns(-pl.col("q2", "q3") + 4)
    turned.write_csv(tmp_path / "scored.csv")
    position = run("score", core_10, "-i", "core_10", "--coding", "position")
    scored = run("score", tmp_path / "scored.csv", "-i", "core_10", "--coding", "scored")
    assert scored.out == position.out


def test_an_impossible_answer_is_refused_and_named_without_being_repeated(run, tmp_path):
    path = tmp_path / "honos.csv"
    path.write_text(
        "id," + ",".join(f"q{n}" for n in range(1, 13)) + "\n" + "7" + ",77" + ",0" * 11 + "\n"
    )
    done = run("score", path, "-i", "honos", "--score", "total")
    assert done.code == 0
    assert rows(done.out)[0]["reason"] == "invalid_response"
    assert "honos.csv, row 1, q1" in done.err
    assert "77" not in done.err


def test_a_named_missing_policy_is_used(run, tmp_path):
    path = tmp_path / "honos.csv"
    header = ",".join(f"q{n}" for n in range(1, 13))
    path.write_text(f"id,{header}\n1,1,0,2,0,1,3,2,3,2,1,9,9\n")
    values = {
        policy: rows(run("score", path, "-i", "honos", "--score", "total", "--missing", policy).out)
        for policy in ("strict", "ignore", "min_valid_sum", "min_valid_prorate")
    }
    assert {policy: found[0]["value"] for policy, found in values.items()} == {
        "strict": "",
        "ignore": "15.0",
        "min_valid_sum": "15.0",
        "min_valid_prorate": "18.0",
    }


def test_a_spec_file_serves_as_the_instrument(run, root):
    local = root / "examples/local_measure"
    spec = local / "feeding_confidence.yaml"
    done = run("score", local / "answers.csv", "-i", spec, "--coding", "position")
    assert [row["band"] for row in rows(done.out)] == ["middling", "low", ""]
    assert "offer a call this week" in done.err


def test_classify_names_change_class_rule_and_source(run, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("who,first,last\nA,22,8\nB,16,10\nC,,10\n")
    done = run("classify", path, "-i", "core_10", "--score", "total")
    found = rows(done.out)
    assert [row["class"] for row in found] == ["recovered", "recovered", "not_classified"]
    assert (found[0]["change"], found[0]["improvement"]) == ("-14.0", "14.0")
    assert found[0]["rule"] == "barkham_2013"
    assert found[0]["clinical"] == "clinical_to_non_clinical"
    assert "verified" in found[0]["source"]


def test_two_measures_are_judged_together(run, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("first,last,first_core_10,last_core_10\n15,8,20,5\n15,8,20,\n")
    constants = (
        *("--set", "reliable.at_least=6", "--set", "cut_off.value=10"),
        *("--set", "cut_off.clinical=at_least"),
        *("--set", "with.instrument=core_10", "--set", "with.score=total"),
    )
    rule = ("--score", "total", "--rule", "two_measures")
    done = run("classify", path, "-i", "phq_9", *rule, *constants)
    assert [row["class"] for row in rows(done.out)] == ["recovered", "not_classified"]
    assert "core_10: reliable at_least 6" in rows(done.out)[0]["constants"]
    wrong = (*constants[:-3], "with.instrument=core_01", *constants[-2:])
    done = run("classify", path, "-i", "phq_9", *rule, *wrong)
    assert done.code == 2
    assert "Did you mean 'core_10'?" in done.err


def test_constants_can_be_set_and_the_rule_says_so(run, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("first,last\n22,17\n")
    done = run("classify", path, "-i", "core_10", "--score", "total", "--set", "reliable=5")
    (row,) = rows(done.out)
    assert row["class"] == "improved"
    assert row["rule"] == "barkham_2013 with reliable=5"
    assert "set by the user" in row["source"]


@pytest.mark.parametrize(
    ("args", "code", "fragment"),
    [
        (["score", "absent.csv", "-i", "core_10", "--coding", "scored"], 12, "absent.csv"),
        (["score", "absent.csv"], 2, "--instrument"),
        (["score", "absent.csv", "-i", "core10"], 2, "Did you mean 'core_10'?"),
        (["score", "x.csv", "-i", "core_10", "--coding", "boxes"], 2, "boxes"),
        (["score", "x.csv", "-i", "honos", "--missing", "stict"], 2, "Did you mean 'strict'?"),
        (["score", "x.csv", "-i", "honos", "--score", "totl"], 2, "Did you mean 'total'?"),
        (["classify", "x.csv", "-i", "core_10", "--score", "sum"], 2, "no score 'sum'"),
        (
            ["classify", "x", "-i", "core_10", "--score", "total", "--rule", "x"],
            2,
            "no change rule",
        ),
        (["classify", "x.csv", "-i", "core_10", "--score", "total", "--set", "5"], 2, "NAME=VALUE"),
        (
            ["classify", "x", "-i", "core_10", "--score", "total", "--set", "relable=5"],
            2,
            "reliable",
        ),
        (["scor"], 2, "Did you mean 'score'?"),
        (["score", "--nonsense"], 2, "--nonsense"),
        (["-w", "nowhere", "change", "core_10"], 2, "no workspace"),
        (["explain", "1", "--file", "x.csv"], 2, "--instrument"),
    ],
)
def test_wrong_usage_gets_one_clear_message_and_its_exit_code(run, args, code, fragment):
    done = run(*args)
    assert done.code == code
    assert fragment in done.err
    assert "Traceback" not in done.err


def test_the_name_of_a_spec_file_without_its_ending_is_told(run, core_10, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.yaml").touch()
    done = run("score", core_10, "--instrument", "ours")
    assert (done.code, "To read the file, say ours.yaml." in done.err) == (2, True)


def test_explain_says_how_a_score_came_about(run, core_10):
    done = run("explain", "2", "--file", core_10, "-i", "core_10", "--coding", "position")
    assert done.code == 0
    assert "q2 support from somebody: box 1; this item is turned, so it counts 3" in done.out
    assert "q4 contact felt as too much: blank" in done.out
    assert "Clinical score [total]: 20 (prorated)" in done.out
    assert "9 of 10 items answered: q1, q2, q3, q5, q6, q7, q8, q9, q10\n" in done.out
    assert "band: moderate to severe" in done.out
    beyond = run("explain", "9", "--file", core_10, "-i", "core_10", "--coding", "position")
    assert (beyond.code, "no row 9" in beyond.err) == (12, True)


def test_a_score_on_unverified_sources_says_so(run, tmp_path):
    forms = pl.DataFrame([{f"q{n}": 1 for n in range(1, 13)} | {"q12": 9, "q8_type": "B"}])
    forms.write_csv(tmp_path / "honos.csv")
    usual = run("score", tmp_path / "honos.csv", "-i", "honos")
    assert "unverified" not in usual.err
    asked = run("score", tmp_path / "honos.csv", "-i", "honos", "--missing", "min_valid_sum")
    assert "unverified: total rests on amhocn_practice" in asked.err
    assert {(row["policy"], row["evidence"]) for row in rows(asked.out)[:1]} == {
        ("min_valid_sum", "unverified")
    }


def test_a_core_10_is_scored_out_of_a_core_om(run, tmp_path):
    pl.DataFrame([{f"q{n}": 2 for n in range(1, 35)}]).write_csv(tmp_path / "core_om.csv")
    options = ("-i", "core_10", "--derived-from", "core_om", "--coding", "position")
    done = run("score", tmp_path / "core_om.csv", *options)
    assert rows(done.out)[0]["value"] == "20.0"
    refused = run("score", tmp_path / "core_om.csv", "-i", "honos", "--derived-from", "core_om")
    assert refused.code == 2


def test_answers_can_be_had_one_by_one(run, core_10):
    done = run("score", core_10, "-i", "core_10", "--coding", "position", "--shape", "items")
    assert done.code == 0
    assert done.out.splitlines()[0] == "person,item,label,answer,value,state,band"
