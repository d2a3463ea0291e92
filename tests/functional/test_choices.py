"""What a service chooses, what it would change, and who a score is about: in a workspace."""

import csv
import io

import polars as pl
import pytest

import romframe


PEOPLE = """service_user_id,birth_date,gender
B13,2012-03-02,male
B14,2012-03-01,male
G,2012-03-01,female
X,,male
"""
REFERRALS = "referral_id,service_user_id,received_on\n" + "".join(
    f"{name},{name},2026-01-01\n" for name in ("B13", "B14", "G", "X")
)
MAPPING = "instrument: {}\ncoding: scored\n"


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    for kind, text in (("service_user", PEOPLE), ("referral", REFERRALS)):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        assert run("-w", place, "import", path, "--as", kind).code == 0
    return place


@pytest.fixture
def bring(run, service, tmp_path):
    """Import forms of one instrument: (referral, day, answers)."""

    def bring(instrument, *forms, coding="scored"):
        rows = [
            {
                "referral_id": referral,
                "completed_at": day,
                "rater": "service_user",
                **{f"q{n}": answer for n, answer in enumerate(answers, 1)},
            }
            for referral, day, answers in forms
        ]
        path = tmp_path / f"{instrument}.csv"
        pl.DataFrame(rows).write_csv(path)
        done = run("-w", service, "import", path, "--as", instrument, "--coding", coding)
        assert done.code == 0, done.err
        assert " 0 rejected" in done.out

    return bring


def choose(service, text):
    path = service / "romframe.yaml"
    path.write_text(f"{path.read_text()}\nmeasures:\n{text}\n")


def table(done):
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


# Who it is about


def test_cut_offs_go_by_gender_and_by_age_in_whole_years_on_the_day(run, service, bring):
    """Twigg 2016, times 10: boys 10.3 to 13 years, 14.1 from 14; girls of 14 15.9."""
    first, last = [2] * 10, [1] * 8 + [2, 2]  # 20 and 12
    forms = [
        (name, day, answers)
        for name in ("B13", "B14", "G", "X")
        for day, answers in (("2026-03-01", first), ("2026-09-01", last))
    ]
    bring("yp_core", *forms)
    rule = ("--score", "total", "--rule", "twigg_2016")
    found = table(run("-w", service, "change", "yp_core", *rule))
    assert {row["referral_id"]: row["class"] for row in found} == {
        "B13": "improved",  # 13 on the day: 12 is still clinical
        "B14": "recovered",  # turned 14 on the day: 12 is below 14.1
        "G": "recovered",
        "X": "not_classified",  # nobody knows how old
    }
    assert not {"age", "gender"} & set(found[0])


# Two measures


def test_two_measures_are_put_together_by_referral(run, service, bring):
    bring("phq_9", ("G", "2026-03-01", [2, 2, 2, 2, 2, 2, 2, 1, 0, 1]))
    bring("gad_7", ("G", "2026-03-01", [2] * 6 + [0]), ("G", "2026-06-01", [1] * 7))
    bring(
        "phq_9",
        ("G", "2026-06-01", [1, 1, 1, 1, 1, 1, 1, 1, 0, 1]),
        ("X", "2026-03-01", [2] * 9 + [1]),
        ("X", "2026-06-01", [0] * 9 + [0]),
    )
    rule = ("--score", "total", "--rule", "talking_therapies_with_gad_7")
    found = {row["referral_id"]: row for row in table(run("-w", service, "change", "phq_9", *rule))}
    assert found["G"]["class"] == "recovered"
    assert found["X"]["class"] == "not_classified"
    assert "gad_7: reliable at_least 4" in found["G"]["constants"]
    assert "unverified" in found["G"]["source"]


# Choices


GAPS = ("B14", "2026-03-01", [3, 1, 2, None, None, 0, 3, 2, 3, 1])


def test_a_service_chooses_a_missing_policy_and_a_rule(run, service, bring):
    bring("core_10", GAPS, ("B14", "2026-06-01", [3, 1, 2, 1, 1, 0, 1, 1, 1, 1]))
    assert "1 refused, 1 scored" in run("-w", service, "score").out
    choose(service, "  core_10: {missing: unlimited, rules: {total: nhse_cyp}}")
    assert "1 prorated, 1 scored" in run("-w", service, "score").out
    saved = romframe.open_workspace(service).table("score")
    assert set(saved["policy"]) == {"unlimited"}
    changes = table(run("-w", service, "change", "core_10"))
    assert [row["rule"] for row in changes if row["verdict"] == "paired"] == ["nhse_cyp"]
    told = run("-w", service, "explain", "1").out
    assert "[unlimited]" in told
    assert "because some items are missing" in told


def test_a_service_asks_for_bands_and_for_scores_on_request(run, service, bring):
    bring("k_10", ("G", "2026-03-01", [3] * 10))
    choose(service, "  k_10: {bands: clinical, scores: [k6]}")
    run("-w", service, "score")
    saved = {
        row["score"]: row for row in romframe.open_workspace(service).table("score").to_dicts()
    }
    assert saved["total"]["band"] == "severe"
    assert "k6" in saved


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ("core_10: {missing: unlimitd}", "unknown-policy"),
        ("core_10: {bands: clinical}", "unknown-bands"),
        ("core_10: {scores: [totl]}", "unknown-score"),
        ("core_10: {rules: {total: nhse}}", "unknown-rule"),
        ("core_10: {rules: {totl: nhse_cyp}}", "unknown-score"),
        ("core_01: {missing: unlimited}", "unknown-instrument"),
    ],
)
def test_a_choice_that_does_not_exist_is_a_fault_of_the_config(run, service, choice, code):
    choose(service, f"  {choice}")
    done = run("-w", service, "doctor")
    assert done.code != 0
    assert f"[{code}]" in done.err + done.out
    assert "romframe.yaml" in done.err + done.out


# Before anything is switched


@pytest.fixture
def changed(bring):
    bring(
        "core_10",
        ("B13", "2026-03-01", [2] * 10),
        ("B13", "2026-06-01", [1] * 5 + [2] * 5),
        GAPS,
    )


def differences(run, service, *options):
    done = run("-w", service, "rescore", "core_10", "--diff", *options)
    return [tuple(row.values()) for row in table(done)], done.err


def test_another_rule_changes_classes_only(run, service, changed):
    rows, told = differences(run, service, "--rule", "nhse_cyp")
    assert rows == [("B13", "", "total", "class", "unchanged", "improved")]
    assert "0 of 3 scores and 1 of 4 changes would differ." in told


def test_another_policy_changes_scores(run, service, changed):
    rows, told = differences(run, service, "--missing", "unlimited")
    parts = {row[3]: row[4:] for row in rows if row[0] == "B14"}
    assert parts["value"] == ("", "18.75")
    assert parts["status"] == ("refused", "prorated")
    assert "1 of 3 scores" in told


def test_a_changed_spec_is_compared_and_nothing_is_stored(run, root, service, changed, tmp_path):
    spec = (root / "instrument_specs/core_om/core_10.yaml").read_text()
    draft = tmp_path / "core_10.yaml"
    draft.write_text(
        spec.replace("{from: 20, label: moderate to severe}", "{from: 19, label: high}")
    )
    before = (service / "rom.sqlite").read_bytes()
    rows, _ = differences(run, service, "--spec", draft)
    assert ("B13", "1", "total", "band", "moderate to severe", "high") in rows
    assert (service / "rom.sqlite").read_bytes() == before


def test_what_cannot_be_compared_says_why(run, root, service, changed):
    other = root / "instrument_specs/honos/honos.yaml"
    done = run("-w", service, "rescore", "core_10", "--diff", "--spec", other)
    assert (done.code, "other-instrument" in done.err) == (2, True)
    done = run("-w", service, "rescore", "core_10", "--diff")
    assert (done.code, "Nothing is proposed" in done.err) == (2, True)
    assert run("-w", service, "rescore", "core_10", "--diff", "--rule", "nobody").code == 2


# Explaining change


def test_a_class_is_explained_threshold_by_threshold(run, service, changed):
    told = run("-w", service, "explain", "--referral", "B13", "-i", "core_10").out
    for line in (
        "  first: 20 on 01 March 2026, assessment 1",
        "  change is last minus first: 15 - 20 = -5",
        "  improvement: 5 (lower is better)",
        "    reliable change is at least 6: unchanged",
        "    cut-off: clinical at least 11",
        "  so: unchanged",
    ):
        assert line in told.splitlines()


def test_a_class_is_explained_where_nobody_knows_whose_referral_it_is(run, tmp_path):
    place, forms, mapping = (tmp_path / name for name in ("new", "forms.csv", "map.yaml"))
    run("init", place)
    names = ",".join(f"q{n}" for n in range(1, 11))
    rows = (f"X,2026-0{month}-01{f',{code}' * 10}" for month, code in ((3, 2), (6, 0)))
    forms.write_text("\n".join([f"referral_id,completed_at,{names}", *rows]))
    mapping.write_text(
        "instrument: core_10\ncoding: scored\nunknown_referrals: create\n"
        "constants: {rater: service_user, timepoint: review}\n"
    )
    assert " 2 stored" in run("-w", place, "import", forms, "--map", mapping).out
    done = run("-w", place, "explain", "--referral", "X", "-i", "core_10")
    assert (done.code, "  so: recovered" in done.out.splitlines()) == (0, True)


def test_a_referral_without_a_pair_is_told_why(run, service, changed):
    told = run("-w", service, "explain", "--referral", "G", "-i", "core_10").out
    assert "not paired (no_assessment): nothing was completed" in told


def test_other_rules_and_scores_without_rules_are_explained_too(run, service, changed, bring):
    explain = ("explain", "-i", "core_10", "--referral", "B13")
    told = run("-w", service, *explain, "--rule", "percentage").err
    assert "missing-key" in told
    told = run("-w", service, *explain, "--rule", "nhse_cyp").out
    assert "  note: Rounded there from 5.39." in told
    items = [1] * 34
    bring("core_om", ("B13", "2026-03-01", items), ("B13", "2026-06-01", items))
    told = run("-w", service, "explain", "-i", "core_om", "--referral", "B13").out
    assert "no rule judges this score by default" in told


def test_wrong_usage_of_explain_is_told(run, service):
    for args in (
        ("explain",),
        ("explain", "1", "--referral", "B13"),
        ("explain", "--referral", "B13"),
        ("explain", "--referral", "B13", "-i", "core_10", "--file", "x.csv"),
    ):
        assert run("-w", service, *args).code == 2
    done = run("-w", service, "explain", "--referral", "nobody", "-i", "core_10")
    assert (done.code, "unknown-referral" in done.err) == (2, True)


# Versions that nobody offers any more


def test_answers_under_a_version_without_a_spec_are_not_passed_over_in_silence(
    run, root, service, tmp_path
):
    spec = (root / "examples/local_measure/feeding_confidence.yaml").read_text()
    local = service / "measures" / "feeding_confidence.yaml"
    local.write_text(spec)
    path = tmp_path / "feeding.csv"
    head = "referral_id,completed_at,rater," + ",".join(f"q{n}" for n in range(1, 7))
    path.write_text(f"{head}\nG,2026-03-01,service_user,1,1,1,1,1,1\n")
    options = ("--as", "feeding_confidence", "--coding", "scored")
    assert run("-w", service, "import", path, *options).code == 0
    local.write_text(spec.replace('version: "2026"', 'version: "2027"'))
    for command in ("score", "doctor"):
        done = run("-w", service, command)
        assert "feeding_confidence 2026" in done.err + done.out
        assert "version-not-offered" in done.err + done.out
    local.write_text(spec.replace("better: higher", "better: up"))
    done = run("-w", service, "score")
    assert (done.code, "version-not-offered" in done.err) == (10, False)
    assert "[not-allowed]" in done.err


def test_a_cut_off_by_person_says_whose_it_is_and_why_none_holds(run, service, bring):
    forms = [
        (name, day, answers)
        for name in ("G", "X")
        for day, answers in (("2026-03-01", [2] * 10), ("2026-09-01", [1] * 10))
    ]
    bring("yp_core", *forms)
    explain = ("explain", "-i", "yp_core", "--rule", "twigg_2016", "--referral")
    told = run("-w", service, *explain, "G").out
    assert "on the day of the first: gender female, age 14" in told
    assert "cut-off: clinical at least 15.9" in told
    told = run("-w", service, *explain, "X").out
    assert "gender male, age not known" in told
    assert "no cut-off holds for this person" in told


# Rules of methods that are not there


def test_a_missing_plugin_takes_rules_away_and_no_score(run, service, bring):
    bring("phq_9", ("G", "2026-03-01", [1] * 10), ("G", "2026-06-01", [0] * 10))
    assert "scored" in run("--no-plugin", "change", "-w", service, "score").out
    change = ("change", "phq_9", "--score", "total")
    usual = table(run("--no-plugin", "change", "-w", service, *change))
    assert usual == table(run("-w", service, *change))
    done = run(
        "--no-plugin", "change", "-w", service, *change, "--rule", "talking_therapies_with_gad_7"
    )
    assert (done.code, "unknown-rule" in done.err) == (2, True)


def test_a_missing_scoring_method_is_still_a_fault(run, service, tmp_path):
    spec = tmp_path / "service" / "measures" / "odd.yaml"
    run("measures", "new", "odd", "--out", spec)
    spec.write_text(spec.read_text().replace("method: sum", "method: nobodys"))
    assert "unknown-method" in run("--no-plugin", "change", "-w", service, "doctor").err


def test_one_wrong_choice_stops_scoring_before_anything_is_stored(run, service, bring):
    bring("core_10", GAPS)
    choose(service, "  phq_9: {missing: nonsense}\n  honos: {rules: {q1: low_high}}")
    done = run("-w", service, "score")
    assert done.code == 11
    assert "measures: phq_9" in done.err
    assert "measures: honos" in done.err
    assert romframe.open_workspace(service).table("score").is_empty()


def test_a_new_version_is_tried_on_the_answers_that_are_there(
    run, root, service, changed, tmp_path
):
    spec = (root / "instrument_specs/core_om/core_10.yaml").read_text()
    draft = tmp_path / "core_10.yaml"
    draft.write_text(spec.replace('version: "2007"', 'version: "2027"'))
    rows, told = differences(run, service, "--spec", draft)
    assert rows == []
    assert "0 of 3 scores and 0 of 4 changes would differ." in told


def test_a_measure_without_scores_cannot_be_judged_and_says_why(run, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("first,last\n1,2\n")
    done = run("classify", path, "-i", "poem", "--score", "total")
    assert (done.code, "POEM has no scores: " in done.err) == (2, True)


def test_bands_go_by_the_person_too(run, service, tmp_path):
    spec = service / "measures" / "keyed.yaml"
    spec.write_text(KEYED)
    path = tmp_path / "keyed.csv"
    path.write_text(
        "referral_id,completed_at,rater,q1\n"
        "G,2026-03-01,service_user,6\nB14,2026-03-01,service_user,6\nX,2026-03-01,service_user,6\n"
    )
    assert run("-w", service, "import", path, "--as", "keyed").code == 0
    scores = romframe.open_workspace(service).scores("keyed")
    assert dict(scores.select("referral_id", "band").iter_rows()) == {
        "G": "high",
        "B14": "low",
        "X": "low",
    }


KEYED = """
romframe: 1
id: keyed
version: "1"
name: Keyed
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {level: {range: [0, 10]}}
items: [{id: q1, label: one, scale: level}]
scores:
  - id: total
    name: Total
    items: all
    method: sum
    range: [0, 10]
    better: lower
    source: us
    bands:
      by: [gender]
      rows:
        - {gender: female, bands: [{from: 0, label: low}, {from: 5, label: high}]}
        - {gender: male, bands: [{from: 0, label: low}]}
sources: {us: {cite: decided here, status: local}}
"""


def test_a_broken_spec_of_a_stored_measure_does_not_hide_the_rest(run, service, bring):
    bring("core_10", GAPS)
    spec = service / "measures" / "core_10-old.yaml"
    spec.write_text("romframe: 1\nid: core_10\n")
    assert "version-not-offered" not in run("-w", service, "doctor").err
    choose(service, "  honos: {}")
    assert "config: sound" in run("-w", service, "doctor").out
    choice = "  bmis: {}"
    path = service / "romframe.yaml"
    path.write_text(path.read_text().replace("  honos: {}", choice))
    assert "config: sound" in run("-w", service, "doctor").out


def test_every_kind_of_rule_is_explained(run, service, bring):
    bring("wsas", ("G", "2026-03-01", [4, 4, 4, 4, 4]), ("G", "2026-06-01", [4, 4, 4, 4, 4]))
    explain = ("explain", "--referral", "G", "-i")
    bring("pcl_5", ("G", "2026-03-01", [2] * 20), ("G", "2026-06-01", [1] * 20))
    told = run("-w", service, *explain, "pcl_5", "--score", "total", "--rule", "va_10").out
    assert "important: at least 10" in told
