"""What each shipped check calls a finding, and what it does not even judge."""

import random
import statistics
import sys

import polars as pl
import pytest
from attrs import evolve
from romframe_audit.gaps import required_answer
from scipy import stats
from unit.auditing.conftest import core_10, honos

from romframe import Condition, Ratings, UsageError
from romframe.auditing.run import (
    findings_in,
    judged_by,
    known_checks,
    rates_of,
    without_answers,
)


def told(workspace, check):
    """Give {assessment: what} of all that a check judged."""
    judged = judged_by(workspace, [check])
    return dict(judged.select("assessment_id", "what").iter_rows())


def test_no_problem_on_any_item_at_the_assessment_is_a_finding(service):
    workspace, bring = service
    start = {"timepoint": "assessment", "q8_type": None}
    bring(
        "honos",
        [
            honos("A", "2025-01-02", "000000000000", **start),
            honos("A", "2025-01-03", "0000900....0", **start),
            honos("A", "2025-01-04", "0000.......0", **start),
            honos("A", "2025-01-05", "000000000001", **start),
            honos("A", "2025-01-06", "0000........", **start),
            honos("A", "2025-01-07", "000000000000", q8_type=None),
        ],
    )
    assert told(workspace, "all_zero") == {
        1: "All 12 answers are 0 at the assessment.",
        2: "All 7 answers are 0 at the assessment.",
        3: "All 5 answers are 0 at the assessment.",
        4: None,
    }


def test_a_line_of_10_answers_is_a_finding_unless_it_says_that_all_is_well(service):
    workspace, bring = service
    bring(
        "honos",
        [
            honos("A", "2025-01-02", "222222222222"),
            honos("A", "2025-01-03", "2222222222.9"),
            honos("A", "2025-01-04", "222222222..."),
            honos("A", "2025-01-05", "222222222221"),
            honos("A", "2025-01-06", "000000000000", q8_type=None),
        ],
    )
    assert told(workspace, "straight_line") == {
        1: "All 12 answers are the same: 2.",
        2: "All 10 answers are the same: 2.",
        4: None,
        5: None,
    }


def test_where_items_are_turned_the_same_box_on_every_item_is_a_finding(service):
    workspace, bring = service
    lines = ["3333333333", "0000000000", "0110000000"]
    bring(
        "core_10",
        [core_10("A", f"2025-01-0{day}", each) for day, each in enumerate(lines, 2)],
        coding="position",
    )
    assert told(workspace, "straight_line") == {
        1: "All 10 answers are the same: 3.",
        2: "All 10 answers are the same: 0.",
        3: None,
    }


def test_the_answers_of_the_last_rating_are_a_finding_and_staying_well_is_none(service):
    workspace, bring = service
    well = "000000000000"
    bring(
        "honos",
        [
            honos("A", "2025-01-02"),
            honos("A", "2025-02-02"),
            honos("A", "2025-03-02", "213121021313"),
            honos("A", "2025-03-03", "213121021319"),
            honos("A", "2025-03-04", "21312102131."),
            honos("B", "2025-03-04", "21312102131."),
            honos("B", "2025-03-05", "21312102131.", rater="team"),
            honos("C", "2025-02-02", well, q8_type=None),
            honos("C", "2025-03-02", well, q8_type=None),
        ],
    )
    ids = dict(workspace.assessments().select("completed_at", "assessment_id").iter_rows())
    first = ids["2025-01-02"]
    found = {what for what in told(workspace, "copied_forward").values() if what}
    assert found == {f"Every answer is that of rating {first}, of 2025-01-02."}
    assert len(told(workspace, "copied_forward")) == 5


def test_a_blank_that_another_answer_asks_for_is_a_finding(service):
    workspace, bring = service
    bring(
        "honos",
        [
            honos("A", "2025-01-02", "000000010000", q8_type=None),
            honos("A", "2025-01-03", "000000010000"),
            honos("A", "2025-01-04", "000000000000", q8_type=None),
            honos("A", "2025-01-05", "000000090000", q8_type=None),
        ],
    )
    assert told(workspace, "required_answer") == {
        1: "q8_type is blank, though the answer to q8 asks for it.",
        2: None,
    }


def test_a_code_of_a_turned_item_asks_as_it_stands_on_the_form(service):
    workspace, bring = service
    rows = [core_10("A", f"2025-01-0{2 + n}", [1, n, 1, 1, 0, None, 1, 1, 1, 1]) for n in (4, 3)]
    bring("core_10", rows, coding="position")
    known = workspace.instrument("core_10")
    asking = evolve(known.item("q6"), required_when=Condition("q2", (4,)))
    items = tuple(asking if item.id == "q6" else item for item in known.items)
    answers = workspace.responses("core_10").collect()
    ratings = Ratings(workspace, "core_10", evolve(known, items=items), answers)
    assert ratings.records is answers
    found = required_answer(ratings)
    (four,) = answers.filter(completed_at="2025-01-06")["assessment_id"]
    assert found.rows() == [(four, "q6 is blank, though the answer to q2 asks for it.")]


def test_a_rating_outside_its_referral_is_a_finding_and_both_its_days_belong_to_it(service):
    workspace, bring = service
    days = ["2025-01-01", "2025-06-30T23:59:00", "2025-07-01"]
    bring("honos", [honos("A", day) for day in days])
    workspace.store.connection.execute("UPDATE referral SET received_on = '2025-01-02'")
    assert told(workspace, "outside_referral") == {
        1: "It is dated 2025-01-01, before its referral was received on 2025-01-02.",
        2: None,
        3: "It is dated 2025-07-01, after its referral was closed on 2025-06-30.",
    }


def test_a_rater_without_training_that_holds_on_the_day_is_a_finding(service):
    workspace, bring = service
    ratings = {
        "2025-01-02": "ann", "2025-02-01": "ann", "2025-03-31": "ann", "2025-04-01": "ann",
        "2025-05-01": "ben", "2025-05-02": "cleo", "2025-05-03": None,
    }  # fmt: skip
    bring(
        "honos",
        [
            *(honos("A", day, care_professional_id=who) for day, who in ratings.items()),
            honos("A", "2025-05-04", care_professional_id="ben", rater_kind="team"),
            honos("A", "2025-05-05", care_professional_id="ben", rater="team"),
        ],
    )
    assert told(workspace, "untrained_rater") == {}
    bring(
        "training",
        [
            {"care_professional_id": who, "instrument": "honos", "trained_on": day,
             "expires_on": until}
            for who, day, until in (
                ("ann", "2025-02-01", "2025-03-31"),
                ("cleo", "2024-01-01", None),
            )
        ],
    )  # fmt: skip
    said = judged_by(workspace, ["untrained_rater"]).sort("completed_at")["what"].to_list()
    assert said == [
        "ann was trained on 2025-02-01, after this rating.",
        None,
        None,
        "The training of ann ended on 2025-03-31.",
        "ben has no training in this measure on record.",
        None,
    ]


def habits(seed=1):
    """Ann answers 2 far more often than Ben and Cleo do; Dan has rated nine times."""
    rng = random.Random(seed)
    often = {"ann": [0, 2, 2, 2, 1], "ben": [0, 1, 2, 3, 4], "cleo": [0, 1, 2, 3, 4], "dan": [4]}
    for who, choice in often.items():
        for n in range(9 if who == "dan" else 12):
            answers = "".join(str(rng.choice(choice)) for _ in SCALES_USED)
            yield honos("A", f"2025-02-{n + 1:02}T09:{len(who):02}", answers,
                        care_professional_id=who, source_id=f"{who}{n}")  # fmt: skip


SCALES_USED = range(12)


def test_a_rater_who_gives_one_answer_far_more_often_than_others_is_a_finding(service):
    workspace, bring = service
    rows = list(habits())
    bring("honos", rows)
    judged = judged_by(workspace, ["digit_habit"])
    assert judged["care_professional_id"].to_list() == ["ann", "ben", "cleo"]
    shares = {True: [], False: []}
    for row in rows:
        twos = sum(row[f"q{n}"] == "2" for n in range(1, 13))
        shares[row["care_professional_id"] == "ann"].append(twos / 12)
    mine, others = (100 * statistics.fmean(shares[who]) for who in (True, False))
    assert stats.ttest_ind(shares[True], shares[False], equal_var=False).pvalue * 15 < 0.01
    said = (
        f"Gives 2 to {round(mine)}% of the items, and others to {round(others)}%"
        f" ({len(shares[True])} and {len(shares[False])} ratings)."
    )
    assert judged["what"].to_list() == [said, None, None]


def test_the_p_value_of_a_digit_habit_is_that_of_scipy_on_the_shares_themselves():
    from romframe_audit.habits import _compared, _tested

    rng = random.Random(3)
    rows = [("ann", "2", rng.random()) for _ in range(12)]
    rows += [("ben", "2", rng.random() / 4) for _ in range(18)]
    frame = pl.DataFrame(rows, ["care_professional_id", "value", "share"], orient="row")
    found = _tested(_compared(frame))
    groups = [[s for who, _, s in rows if who == name] for name in ("ann", "ben")]
    p = stats.ttest_ind(*groups, equal_var=False).pvalue
    assert 0 < p < 0.01
    assert found["p"].to_list() == pytest.approx([2 * p, 2 * p])


def test_without_scipy_digit_habits_say_what_to_install(service, monkeypatch):
    workspace, bring = service
    bring("honos", list(habits()))
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(UsageError, match="statistics-library-missing"):
        judged_by(workspace, ["digit_habit"])


@pytest.mark.parametrize(("coding", "wrong"), [("scored", False), ("position", True)])
def test_an_import_whose_turned_items_run_against_the_rest_is_a_finding(service, coding, wrong):
    workspace, bring = service
    rng = random.Random(2)
    rows = []
    for n in range(25):
        level = rng.randint(1, 3)
        answers = [min(4, max(0, level + rng.choice([-1, 0, 1]))) for _ in range(10)]
        rows.append(core_10("A", f"2025-02-{n + 1:02}", answers))
    bring("core_10", rows, coding=coding)
    judged = judged_by(workspace, ["turned_items"])
    assert judged["import_batch_id"].to_list() == [3]
    if not wrong:
        assert judged["what"].to_list() == [None]
        return
    turned = [statistics.fmean((4 - r["q2"], 4 - r["q3"])) for r in rows]
    others = [statistics.fmean(r[f"q{n}"] for n in (1, 4, 5, 6, 7, 8, 9, 10)) for r in rows]
    found = stats.pearsonr(turned, others)
    assert found.confidence_interval().high < 0
    expected = f"(r {found.statistic:.2f}, 25 ratings)"
    assert expected in judged["what"].item()


def test_an_import_of_few_ratings_is_not_judged_by_its_turned_items(service):
    workspace, bring = service
    rows = [core_10("A", f"2025-02-{n + 1:02}", [4, 0, 0, *[n % 4] * 7]) for n in range(19)]
    bring("core_10", rows, coding="scored")
    assert judged_by(workspace, ["turned_items"]).is_empty()


def test_goals_and_short_measures_have_no_patterns(service):
    workspace, bring = service
    rows = [
        {"referral_id": "A", "completed_at": f"2025-01-0{n}", "goal_id": "g", "progress": 0,
         "timepoint": "assessment", "rater": "service_user"}
        for n in (2, 3)
    ]  # fmt: skip
    bring("goal", [{"goal_id": "g", "referral_id": "A", "set_on": "2025-01-02"}])
    bring("gbo", rows)
    checks = set(judged_by(workspace)["check"])
    assert checks == {"outside_referral"}


def test_rates_by_team_and_rater_equal_those_counted_by_hand(service):
    workspace, bring = service
    rows = [honos("A", f"2025-01-{n + 2:02}", care_professional_id="ann") for n in range(4)]
    rows += [
        honos("B", "2025-07-02", team="South", care_professional_id="ben"),
        honos("B", "2025-07-03", team="South", rater="team", care_professional_id="ben"),
        honos("B", "2025-07-04", team="South", rater_kind="team"),
        honos("B", "2025-06-04", team="South"),
    ]
    bring("honos", rows)
    judged = judged_by(workspace, ["outside_referral"])
    counts = {
        by: {row[2]: row[3:5] for row in rates_of(judged, [by]).iter_rows()}
        for by in ("team", "rater")
    }
    assert counts["team"] == {"North": (4, 0), "South": (4, 3)}
    assert counts["rater"] == {"ann": (4, 0), "ben": (1, 1), "team": (2, 2), "clinician": (1, 0)}
    overall = rates_of(judged).row(0, named=True)
    wilson = stats.binomtest(3, 8).proportion_ci(method="wilson")
    assert (overall["judged"], overall["found"], overall["share"]) == (8, 3, 3 / 8)
    assert (overall["low"], overall["high"]) == pytest.approx((wilson.low, wilson.high))
    assert findings_in(judged).height == 3
    only = judged_by(workspace, ["outside_referral"], team="South")
    assert set(only["team"]) == {"South"}
    assert only.height == 4
    assert rates_of(judged.clear()).is_empty()


def test_scores_without_answers_are_judged_by_their_dates_and_by_who_made_them(service):
    workspace, bring = service
    bring(
        "training",
        [{"care_professional_id": "ann", "instrument": "honos", "trained_on": "2024-01-01"}],
    )
    rows = [
        {"referral_id": "A", "completed_at": day, "rater": "clinician", "team": team,
         "care_professional_id": who, "score:total": 10, "score:social": 3}
        for day, team, who in (
            ("2025-01-02", "North", "ann"), ("2025-07-02", "North", "ben"),
            ("2025-07-03", "South", "ann"),
        )
    ]  # fmt: skip
    bring("honos", rows)
    bring("honos", [honos("A", "2025-01-03", care_professional_id="ann")])
    counts = rates_of(judged_by(workspace)).select("check", "judged", "found").rows()
    assert set(counts) >= {("outside_referral", 4, 2), ("untrained_rater", 4, 1)}
    assert without_answers(workspace) == 3
    assert without_answers(workspace, "South") == 1


def test_a_rater_who_works_in_two_teams_has_a_rate_in_each(service):
    workspace, bring = service
    days = {"North": ["2025-01-02", "2025-01-03", "2025-07-04"], "South": ["2025-07-05"]}
    rows = [
        honos("A", day, team=team, care_professional_id="ann")
        for team, each in days.items()
        for day in each
    ]
    bring("honos", [*rows, honos("B", "2025-01-02", team="South", care_professional_id="ben")])
    rates = rates_of(judged_by(workspace, ["outside_referral"]), ["team", "rater"])
    assert rates.select("team", "rater", "judged", "found").rows() == [
        ("North", "ann", 3, 1), ("South", "ann", 1, 1), ("South", "ben", 1, 0),
    ]  # fmt: skip
    for row in rates.iter_rows(named=True):
        wilson = stats.binomtest(row["found"], row["judged"]).proportion_ci(method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((wilson.low, wilson.high))


def test_a_rater_or_an_import_concerns_a_team_that_has_a_rating_of_it(service):
    workspace, bring = service
    bring("honos", list(habits()))
    assert judged_by(workspace, ["digit_habit"], team="North").height == 3
    bring("honos", [honos("A", "2025-03-03", team="South", source_id="other")])
    assert judged_by(workspace, ["digit_habit"], team="South").is_empty()


def test_raters_that_are_judged_as_such_are_counted_together_whatever_is_counted_by(service):
    workspace, bring = service
    bring("honos", list(habits()))
    judged = judged_by(workspace, ["digit_habit"])
    for by in (["team"], ["team", "rater"]):
        (only,) = rates_of(judged, by).to_dicts()
        assert [only[each] for each in by] == ["(all)"] * len(by)
        assert (only["judged"], only["found"]) == (3, 1)


def test_a_team_that_nobody_was_referred_to_and_that_rated_nobody_is_told(service):
    workspace, bring = service
    bring("honos", [honos("A", "2025-03-03", team="South")])
    assert judged_by(workspace, ["outside_referral"], team="South").height == 1
    with pytest.raises(UsageError, match=r"'Sout'.*'South'.*unknown-team"):
        judged_by(workspace, ["outside_referral"], team="Sout")


def test_the_audit_changes_nothing(service):
    workspace, bring = service
    bring("honos", [honos("A", "2025-01-02"), honos("A", "2025-02-02")])
    before = "\n".join(workspace.store.connection.iterdump())
    judged_by(workspace)
    assert "\n".join(workspace.store.connection.iterdump()) == before


def test_a_check_that_does_not_exist_is_told(service):
    workspace, _ = service
    with pytest.raises(UsageError, match=r"all_zero.*unknown-check"):
        judged_by(workspace, ["all_zeros"])
    assert "all_zero" in known_checks(workspace)
