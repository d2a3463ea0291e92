"""`--summary` of `romframe change` and `romframe classify`."""

import json
import sys

import pytest


CLASSIFY = ("-i", "core_10", "--score", "total", "--summary")


@pytest.fixture
def summary_of(run, tmp_path):
    """Classify pairs written as `first,last` lines and give the summary."""

    def summary_of(*lines, options=()):
        path = tmp_path / "pairs.csv"
        path.write_text("\n".join(["first,last", *lines]) + "\n")
        done = run("classify", path, *CLASSIFY, *options)
        assert (done.code, done.err) == (0, "")
        return done.out

    return summary_of


@pytest.fixture
def service(run, root, tmp_path):
    place = tmp_path / "service"
    example = root / "examples/importing"
    assert run("init", place).code == 0
    for name in ("people", "referrals", "core_10"):
        files = (example / f"{name}.csv", "--map", example / f"{name}.yaml")
        assert run("-w", place, "import", *files).code == 0
    return place


def test_a_summary_of_a_file_says_who_is_in_it_and_gives_classes_means_and_effects(summary_of):
    text = summary_of("20,5", "16.7,14", "31,33", "8,15", "12,")

    lines = text.splitlines()
    assert lines[0] == "core_10 total (lower is better)"
    assert lines[1] == "5 rows, 4 paired"
    assert "not paired: no last 1" in lines
    assert any(line.startswith("rule: barkham_2013 (reliable at_least 6") for line in lines)
    assert "4 classified, 0 not classified" in lines
    assert "recovered     1  25.0%  4.6% to 69.9%" in lines
    assert "first        4  18.93  9.51   18.35" in lines
    assert "improvement  4  2.17   9.42   0.35" in lines
    (d_z,) = (line for line in lines if line.startswith("d_z "))
    assert "0.23   -0.78 to 1.21 (non-central t)  mean improvement divided by the SD" in d_z
    assert lines[-1] == "above 0 is better"


def test_the_json_of_a_summary_has_the_same_figures(summary_of):
    (block,) = json.loads(summary_of("20,5", "16.7,14", "31,33", "8,15", options=["--json"]))

    assert (block["instrument"], block["score"], block["unit"]) == ("core_10", "total", "rows")
    assert (block["total"], block["paired"], block["classified"]) == (4, 4, 4)
    recovered = block["classes"]["recovered"]
    assert (recovered["count"], recovered["of"], recovered["value"]) == (1, 4, 0.25)
    assert recovered["interval"]["kind"] == "wilson"
    assert block["figures"]["improvement"]["mean"] == pytest.approx(2.175)
    assert block["effect_sizes"]["d_z"]["interval"]["kind"] == "noncentral_t"
    assert block["effect_sizes"]["glass_pre"]["interval"]["kind"] == "normal"
    assert block["anchor"] is None


def test_an_anchor_rule_also_judges_the_group_as_a_whole(summary_of):
    options = ["--rule", "anchor", "--set", "important.at_least=3"]
    better = summary_of("20,16", "20,14", "20,12", "20,10", "20,8", options=options)
    assert "the group as a whole: large, better: the whole interval of the mean" in better
    assert "mean improvement 8.00 (n 5, SD 3.16, 95% interval 4.07 to 11.93 (Student's t)" in better
    assert "important 3" in better
    unclear = summary_of("20,16", "20,22", options=options)
    assert "the group as a whole: not significant: the interval of the mean holds 0" in unclear


def test_no_pair_has_no_mean_and_no_share(summary_of):
    text = summary_of("20,")
    assert "1 row, 0 paired" in text
    assert "0 classified, 0 not classified" in text
    assert "mean" not in text
    assert "%" not in text


def test_one_pair_has_no_spread_and_no_effect_size(summary_of):
    text = summary_of("20,5")
    assert "first        1  20.00  -   20.00" in text
    assert "recovered     1  100.0%  20.7% to 100.0%" in text
    assert "no effect size d_z, hedges_z, d_av_mean, d_av_rms, d_rm, glass_pre: too few" in text
    assert "definition" not in text


def test_two_pairs_have_wide_intervals_and_no_corrected_effect(summary_of):
    text = summary_of("20,5", "18,7")
    assert "no effect size hedges_z: too few pairs, or scores or changes" in text
    assert "recovered     2  100.0%  34.2% to 100.0%" in text


def test_the_same_scores_in_everybody_have_no_effect_size(summary_of):
    text = summary_of("20,20", "20,20", "20,20")
    assert "improvement  3  0.00   0.00  0.00" in text
    assert "no effect size d_z" in text


def test_change_has_a_block_a_score_with_what_is_not_paired(run, service):
    text = run("-w", service, "change", "core_10", "--summary").out
    assert "3 referrals, 1 paired" in text
    assert "not paired: no assessment 1, single assessment 1" in text
    assert "rule: barkham_2013" in text
    blocks = json.loads(run("-w", service, "change", "core_10", "--summary", "--json").out)
    assert [(each["score"], each["unit"]) for each in blocks] == [("total", "referrals")]
    assert blocks[0]["not_paired"] == {"no_assessment": 1, "single_assessment": 1}
    chosen = ("--rule", "reliable", "--set", "reliable.at_least=30", "--summary", "--json")
    (block,) = json.loads(run("-w", service, "change", "core_10", *chosen).out)
    assert block["rule"]["name"] == "reliable with reliable.at_least=30"
    assert block["classes"]["unchanged"]["count"] == 1


def test_scores_without_a_rule_are_summarised_without_classes(run, service):
    done = run("-w", service, "change", "core_om", "--summary")
    assert done.code == 0
    blocks = done.out.split("\n\n")
    assert any("core_om risk" in each for each in blocks)
    assert "no change rule: nothing is classified" in done.out


RISING = """
romframe: 1
id: steps
version: "1"
name: Steps
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {level: {range: [0, 100]}}
items: [{id: q1, label: steps, scale: level}]
scores: [{id: total, name: Total, items: all, method: sum, range: [0, 100], better: neither}]
"""


def test_a_score_without_a_better_end_has_a_change_and_no_improvement(run, service, tmp_path):
    (service / "measures/steps.yaml").write_text(RISING)
    answers = tmp_path / "steps.csv"
    mapping = tmp_path / "map.yaml"
    answers.write_text(
        "ref,day,q1\nR1,2026-04-10,10\nR1,2026-06-10,30\nR2,2026-04-20,20\nR2,2026-06-20,25\n"
    )
    mapping.write_text(
        "instrument: steps\ncolumns:\n"
        "  referral_id: ref\n  completed_at: day\n  q1: q1\nconstants: {rater: service_user}\n"
        'date_format: "%Y-%m-%d"\n'
    )
    stored = run("-w", service, "import", answers, "--map", mapping)
    assert stored.code == 0, stored.err
    text = run("-w", service, "change", "steps", "--summary").out
    assert "steps total (neither direction is better; change is last minus first)" in text
    assert "change  2  12.50  10.61" in text
    assert "improvement above 0" not in text
    assert "above 0 is a rise" in text


def test_a_workspace_without_referrals_has_nothing_to_count(run, tmp_path):
    run("init", tmp_path / "empty")
    done = run("-w", tmp_path / "empty", "change", "core_10", "--summary")
    assert (done.code, done.out) == (0, "There is no referral to count.\n")
    done = run("-w", tmp_path / "empty", "change", "core_10", "--summary", "--json")
    assert (done.code, done.out) == (0, "[]\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--json"], "add --summary"), (["--summary", "--out", "x.csv"], "send a summary to a file")],
)
def test_options_that_do_not_go_together_are_refused(run, service, options, told):
    for command in (["change", "core_10"], ["classify", "x.csv", *CLASSIFY[:-1]]):
        done = run("-w", service, *command, *options)
        assert done.code == 2
        assert told in done.err


def test_only_a_summary_needs_scipy(run, root, monkeypatch):
    for name in ("scipy", "scipy.stats", "scipy.special"):
        monkeypatch.setitem(sys.modules, name, None)
    pairs = root / "examples/quickstart/pairs.csv"
    assert run("classify", pairs, *CLASSIFY[:-1]).code == 0
    done = run("classify", pairs, *CLASSIFY)
    assert (done.code, done.out) == (2, "")
    assert "pip install 'romframe[stats]'" in done.err
