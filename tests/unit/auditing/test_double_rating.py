"""The inter-rater programme: a sample to rate again, ratings that stay apart, and agreement."""

import hashlib
import json
import random
import statistics
import sys
from datetime import date

import polars as pl
import pytest
from scipy import stats
from unit.auditing.conftest import NOW, honos
from unit.store.test_reported import KEYED

from romframe import UsageError, import_file, open_workspace
from romframe.auditing import agreement as agreeing
from romframe.auditing.doubles import double_ratings, uncompared
from romframe.auditing.drift import drift
from romframe.auditing.sample import allocation, draw_sample


ANSWERS = "responses_honos__2018"


def second(row, **more):
    return {**row, "purpose": "double_rating", "care_professional_id": "zoe", **more}


def everything(workspace):
    """All that change, reports and exports are made of."""
    frames = [
        workspace.changes("honos"),
        workspace.scores("honos"),
        workspace.responses("honos").collect(),
        workspace.assessments(),
        *(workspace.table(name) for name in ("assessment", "score", "reported_score", ANSWERS)),
        workspace.alerts("honos"),
    ]
    return [frame.to_dicts() for frame in frames]


def test_a_second_rating_is_in_nothing_that_change_reports_and_returns_are_made_of(service):
    workspace, bring = service
    rows = [honos("A", "2025-01-02"), honos("A", "2025-02-02")]
    bring("honos", rows)
    before = everything(workspace)
    other = second(honos("A", "2025-01-02", "444444444444"))
    assert bring("honos", [other]).accepted == 1
    assert bring("honos", [second(honos("B", "2025-03-02"))]).accepted == 1
    total = {"referral_id": "A", "completed_at": "2025-01-02", "score:total": 20}
    assert bring("core_10", [second(total, timepoint="review")]).accepted == 1
    assert everything(workspace) == before
    kept = workspace.store.second_ratings(workspace.instrument("honos")).collect()
    assert kept.select("referral_id", "q1").rows() == [("A", 4), ("B", 2)]


def test_a_second_rating_comes_in_once_and_several_people_may_make_one(service):
    _, bring = service
    first = honos("A", "2025-01-02")
    bring("honos", [first])
    assert bring("honos", [second(first)]).accepted == 1
    again = bring("honos", [second(first), second(first, care_professional_id="yan")])
    assert (again.accepted, again.unchanged) == (1, 1)
    assert bring("honos", [first]).unchanged == 1


def test_two_raters_in_one_file_are_told_how_a_second_rating_is_named(service, tmp_path):
    workspace, _ = service
    rows = [
        honos("A", "2025-01-02", care_professional_id="ann"),
        honos("A", "2025-01-02", "444444444444", care_professional_id="zoe"),
        honos("B", "2025-01-02", care_professional_id="ann"),
        honos("B", "2025-01-02", "444444444444", care_professional_id="ann"),
    ]
    path = tmp_path / "two.csv"
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    import_file(workspace, path, target="honos", actor="test", now=NOW)
    mends = workspace.store.rejected().sort("row")["mend"].to_list()
    named = ["purpose: double_rating" in mend for mend in mends]
    assert named == [True, True, False, False]


def test_a_sample_takes_a_fair_share_of_every_team_and_is_the_same_again(service):
    workspace, bring = service
    days = [f"2025-01-{n:02}" for n in range(2, 32)]
    rows = [
        honos("A", day, team="North" if n < 20 else "South", care_professional_id="ann")
        for n, day in enumerate(days)
    ]
    bring("honos", [*rows, honos("B", "2025-01-02", rater="team")])
    drawn = draw_sample(workspace, "honos", 6, 7)
    assert dict(drawn.group_by("team").len().iter_rows()) == {"North": 4, "South": 2}
    assert drawn.equals(draw_sample(workspace, "honos", 6, 7))
    assert not drawn.equals(draw_sample(workspace, "honos", 6, 8))
    ids = workspace.assessments().filter(team="North", rater="clinician")
    keys = {hashlib.sha256(f"7:{i}".encode()).hexdigest(): i for i in ids["assessment_id"]}
    order = [keys[key] for key in sorted(keys)]
    assert drawn.filter(team="North")["assessment_id"].to_list() == order[:4]
    assert drawn["q1"].null_count() == 6
    assert set(drawn["first_rater"]) == {"ann"}
    early = draw_sample(workspace, "honos", 50, 7, (date(2025, 1, 2), date(2025, 1, 4)))
    assert sorted(early["completed_at"]) == days[:3]
    filled = early.with_columns(
        *(pl.lit(1).alias(f"q{n}") for n in range(1, 13)),
        care_professional_id=pl.lit("zoe"), q8_type=pl.lit("B"), glossary=pl.lit("revised"),
    )  # fmt: skip
    assert bring("honos", filled.to_dicts()).accepted == 3
    with pytest.raises(UsageError, match="nothing-to-draw"):
        draw_sample(workspace, "honos", 50, 7, (date(2025, 1, 2), date(2025, 1, 4)))


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [([20, 10], 6, [4, 2]), ([1, 1, 1], 2, [1, 1, 0]), ([5, 3], 20, [5, 3]), ([7, 1], 5, [4, 1])],
)
def test_places_are_shared_out_by_largest_remainders(sizes, n, expected):
    assert allocation(sizes, n) == expected


@pytest.fixture(scope="module")
def published(root):
    return json.loads((root / "tests/vectors/agreement.json").read_text())


def test_icc_equals_the_published_example(published):
    case = published["icc"]
    found = agreeing.icc(case["ratings"])
    assert {name: round(value, 2) for name, (value, *_) in found.items()} == case["expected"]
    for value, low, high in found.values():
        assert low < value < high


def test_weighted_kappa_equals_published_examples(published):
    for case in published["kappa"]:
        for weights in ("linear", "quadratic"):
            for found, value in zip(
                agreeing.kappa(case["first"], case["second"], weights),
                case.get(weights, ()),
                strict=False,
            ):
                assert found == pytest.approx(value, abs=5e-5)


def weighted_kappa(first, second, power):
    """1 minus the disagreement seen, over that expected of chance."""
    n = len(first)
    seen = sum(abs(a - b) ** power for a, b in zip(first, second, strict=True)) / n
    chance = sum(abs(a - b) ** power for a in first for b in second) / n**2
    return 1 - seen / chance


def doubled(bring, n=12):
    rng = random.Random(5)
    rows, again = [], []
    for day in range(n):
        answers = [rng.randint(0, 3) for _ in range(12)]
        other = [min(4, a + rng.choice([0, 0, 1])) for a in answers]
        when = f"2025-0{1 + day % 2 * 3}-{day + 2:02}"
        who = "ann" if day % 2 else "ben"
        first = honos("A", when, "".join(map(str, answers)), care_professional_id=who)
        rows.append({**first, "q12": 1})
        again.append(second({**first, **{f"q{i}": a for i, a in enumerate(other, 1)}, "q12": 1}))
    again[0]["q1"], again[1]["q1"] = 9, None
    bring("honos", rows)
    bring("honos", again)
    return rows, again


def test_agreement_of_items_and_scores_equals_an_independent_computation(service):
    workspace, bring = service
    rows, again = doubled(bring)
    (found,) = agreeing.agreement(workspace, "honos").values()
    by = {(each.of, each.coefficient): each for each in found}
    for item, missing in (("q1", 2), ("q2", 0)):
        pairs = [(int(a[item]), b[item]) for a, b in zip(rows, again, strict=True)][missing:]
        for name, power in (("kappa_linear", 1), ("kappa_quadratic", 2)):
            each = by[item, name]
            assert (each.n, each.missing) == (12 - missing, missing)
            assert each.value == pytest.approx(weighted_kappa(*zip(*pairs, strict=True), power))
            assert each.low < each.value < each.high
        assert by[item, "ICC(2,1)"].value == pytest.approx(icc_2_1(pairs))
    totals = [
        (sum(int(a[f"q{i}"]) for i in range(1, 13)), sum(b[f"q{i}"] for i in range(1, 13)))
        for a, b in zip(rows[2:], again[2:], strict=True)
    ]
    assert by["score.total", "ICC(2,1)"].value == pytest.approx(icc_2_1(totals))
    assert by["score.total", "ICC(2,1)"].missing == 2
    assert by["q12", "kappa_linear"].value is None
    assert by["q12", "kappa_linear"].why == "all ratings are alike"
    assert ("score.total", "kappa_linear") not in by


def icc_2_1(pairs):
    """Two-way random effects, single rater, absolute agreement: Shrout and Fleiss 1979."""
    n, k = len(pairs), 2
    grand = sum(map(sum, pairs)) / (n * k)
    rows = [sum(pair) / k for pair in pairs]
    columns = [sum(pair[j] for pair in pairs) / n for j in range(k)]
    between = k * sum((row - grand) ** 2 for row in rows) / (n - 1)
    raters = n * sum((column - grand) ** 2 for column in columns) / (k - 1)
    rest = sum(
        (pairs[i][j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k)
    ) / ((n - 1) * (k - 1))
    return (between - rest) / (between + (k - 1) * rest + k * (raters - rest) / n)


def test_drift_is_seen_by_rater_and_quarter(service):
    workspace, bring = service
    doubled(bring)
    groups = agreeing.agreement(workspace, "honos", ("rater", "quarter"))
    assert list(groups) == [("ann", "2025-Q2"), ("ben", "2025-Q1")]
    assert {each.n + each.missing for group in groups.values() for each in group} == {6}


def test_ratings_by_a_team_or_twice_by_one_professional_say_nothing_of_two_raters(service):
    workspace, bring = service
    row = honos("A", "2025-01-02", care_professional_id="zoe")
    team = honos("A", "2025-01-03", rater_kind="team")
    bring("honos", [row, team])
    bring("honos", [second(row), second(team, rater_kind=None)])
    with pytest.raises(UsageError, match="no-double-ratings") as told:
        agreeing.agreement(workspace, "honos")
    assert "1: the same professional rated twice" in str(told.value)
    assert uncompared(workspace, "honos") == {"no_first_rating": 1, "same_rater": 1}


def test_a_second_rating_that_is_a_total_alone_is_compared_on_the_total(service):
    workspace, bring = service
    firsts = [honos("A", f"2025-01-0{n}", f"{n % 4}13121021312") for n in range(2, 8)]
    totals = [sum(int(row[f"q{i}"]) for i in range(1, 13)) for row in firsts]
    seconds = [
        second({"referral_id": "A", "completed_at": row["completed_at"], "rater": "clinician",
                "score:total": total + n % 2})
        for n, (row, total) in enumerate(zip(firsts, totals, strict=True))
    ]  # fmt: skip
    bring("honos", firsts)
    bring("honos", seconds)
    pairs = double_ratings(workspace, "honos")
    assert pairs.select("first:score.total", "second:score.total").rows() == [
        (total, total + n % 2) for n, total in enumerate(totals)
    ]
    (found,) = agreeing.agreement(workspace, "honos", of=["q1", "score.total"]).values()
    assert {(each.of, each.n, each.missing) for each in found} == {
        ("q1", 0, 6), ("score.total", 6, 0),
    }  # fmt: skip


def differences(rows, again, item, who):
    """Own value less the other's of every pair in which `who` rated, by quarter."""
    found = {}
    for a, b in zip(rows, again, strict=True):
        raters = {each["care_professional_id"] for each in (a, b)}
        if who not in raters or b[item] in (9, None):
            continue
        sign = 1 if a["care_professional_id"] == who else -1
        quarter = f"2025-Q{(int(a['completed_at'][5:7]) + 2) // 3}"
        for when in (quarter, "all"):
            found.setdefault(when, []).append(sign * (int(a[item]) - b[item]))
    return found


def test_drift_sets_each_rater_against_the_others_on_either_side_of_a_pair(service):
    workspace, bring = service
    rows, again = doubled(bring)
    found = drift(workspace, "honos", ["q1", "q2"])
    assert list(found.groups) == [
        ("ann", "2025-Q2"), ("ann", "all"), ("ben", "2025-Q1"), ("ben", "all"),
        ("zoe", "2025-Q1"), ("zoe", "2025-Q2"), ("zoe", "all"),
    ]  # fmt: skip
    assert (found.few, found.unnamed) == ({}, 0)
    for (who, when), group in found.groups.items():
        by = {(each.of, each.coefficient): each for each in group}
        for item in ("q1", "q2"):
            expected = differences(rows, again, item, who)[when]
            each = by[item, "mean_difference"]
            assert each.n == len(expected)
            assert each.value == pytest.approx(statistics.fmean(expected))
            error = statistics.stdev(expected) / len(expected) ** 0.5
            reach = stats.t.ppf(0.975, len(expected) - 1) * error
            assert (each.low, each.high) == pytest.approx((each.value - reach, each.value + reach))
    pairs = [(int(a["q2"]), b["q2"]) for a, b in zip(rows, again, strict=True)]
    by = {(each.of, each.coefficient): each for each in found.groups["zoe", "all"]}
    assert by["q2", "kappa_linear"].value == pytest.approx(
        weighted_kappa(*zip(*pairs, strict=True), 1)
    )


def test_drift_of_what_is_all_alike_or_never_answered_has_no_interval(service):
    workspace, bring = service
    rows = [honos("A", f"2025-01-0{n}", care_professional_id="ann") for n in range(2, 7)]
    bring("honos", rows)
    bring("honos", [second({**row, "q1": 4, "q2": None}) for row in rows])
    groups = drift(workspace, "honos", ["q1", "q2"]).groups
    by = {each.of: each for each in groups["ann", "all"] if each.coefficient == "mean_difference"}
    assert (by["q1"].n, by["q1"].value, by["q1"].low, by["q1"].high) == (5, -2, None, None)
    assert (by["q2"].n, by["q2"].missing, by["q2"].why) == (0, 5, "no pairs")


def test_raters_with_few_double_ratings_or_without_a_name_are_counted_and_not_judged(service):
    workspace, bring = service
    rows = [honos("A", f"2025-01-0{n}", f"{n % 4}13121021312") for n in range(2, 7)]
    bring("honos", rows)
    raters = ["zoe", "zoe", "zoe", "yan", None]
    bring(
        "honos",
        [second(row, care_professional_id=who) for row, who in zip(rows, raters, strict=True)],
    )
    found = drift(workspace, "honos")
    assert (found.groups, found.few, found.unnamed) == ({}, {"yan": 1, "zoe": 3}, 6)


def test_a_rater_who_is_named_on_one_side_alone_is_judged_by_that_side(service):
    workspace, bring = service
    rows = [honos("A", f"2025-01-0{n}", f"{n % 4}13121021312") for n in range(2, 7)]
    bring("honos", rows)
    bring("honos", [second({**row, "q1": 2}) for row in rows])
    found = drift(workspace, "honos", ["q1"])
    assert list(found.groups) == [("zoe", "2025-Q1"), ("zoe", "all")]
    assert found.unnamed == 5


def test_few_pairs_and_measures_without_scores_are_told(service):
    workspace, bring = service
    rows = [
        {"referral_id": "A", "completed_at": f"2025-01-0{n}", "rater": "clinician",
         **{item.id: None for item in workspace.instrument("honos").items}, "q1": n}
        for n in (2, 3)
    ]  # fmt: skip
    bring("honos", rows)
    bring("honos", [second(row) for row in rows])
    (found,) = agreeing.agreement(workspace, "honos").values()
    assert {each.why for each in found} == {"fewer than 5 pairs"}
    assert {each.missing for each in found if each.of == "q2"} == {2}


def test_a_measure_without_scores_has_agreement_on_its_items(service):
    workspace, _ = service
    names = double_ratings(workspace, "mors_sf").columns
    assert [name for name in names if name.startswith("first:")]
    assert not [name for name in names if "score." in name]


def test_bands_by_who_a_person_is_do_no_harm_to_the_agreement_on_scores(service):
    workspace, _ = service
    (workspace.path / "measures" / "by_gender.yaml").write_text(KEYED)
    again = open_workspace(workspace.path)
    assert "first:score.total" in double_ratings(again, "by_gender").columns
    again.store.close()


def test_without_the_libraries_agreement_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pingouin", None)
    with pytest.raises(UsageError, match="agreement-library-missing"):
        agreeing.icc([[1, 2], [2, 3]])
