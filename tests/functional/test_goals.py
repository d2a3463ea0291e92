"""Goals from records and ratings to change, through a workspace."""

import csv
import io
from datetime import date
from importlib.resources import files

import polars as pl
import pytest

from romframe import create_workspace, import_file, open_workspace
from romframe.clock import now
from romframe.explain_change import explain_change


FOLDER = files("instrument_specs") / "gbo"
TODAY = date(2026, 1, 31)
REFERRALS = "referral_id,service_user_id,received_on\n" + "".join(
    f"R{n},P{n},2025-01-01\n" for n in (1, 2, 3)
)
COPM = "referral_id,completed_at,rater,problem_id,performance_rating,satisfaction_rating\n"


class Service:
    """A workspace, and a way to bring text as a file of some kind."""

    def __init__(self, folder):
        self.folder = folder
        self.workspace = create_workspace(folder / "service", "Fen", today=TODAY)

    def __getattr__(self, name):
        return getattr(self.workspace, name)

    def bring(self, kind, text, mapping=""):
        file, known = self.folder / "file.csv", self.folder / "map.yaml"
        file.write_text(text)
        known.write_text(mapping or f"{'kind' if kind == 'goal' else 'instrument'}: {kind}\n")
        done = import_file(self.workspace, file, mapping=known, actor="tester", now=now())
        return done.result


@pytest.fixture
def service(tmp_path):
    """A workspace with three referrals."""
    place = Service(tmp_path)
    place.bring("referral", REFERRALS, "kind: referral\nunknown_referrals: create\n")
    yield place
    place.store.close()


def ratings(*rows, rater="service_user", referral="R1"):
    """Give a file of GBO ratings: goal, day and rating a row."""
    lines = [f"{referral},{day},{rater},{goal},{rating}" for goal, day, rating in rows]
    return "referral_id,completed_at,rater,goal_id,progress\n" + "\n".join(lines) + "\n"


def matched(firsts, lasts):
    """Ratings of goals 1, 2, ... on two days."""
    days = (("2025-02-01", firsts), ("2025-06-01", lasts))
    return ratings(
        *((f"g{n}", day, value) for day, values in days for n, value in enumerate(values, 1))
    )


def overall(place, referral="R1", **more):
    rows = place.changes("gbo", "mean_rating", **more).filter(pl.col("referral_id") == referral)
    return rows.row(0, named=True)


def goals(place, *names, referral="R1"):
    rows = place.changes("gbo", "rating").filter(pl.col("referral_id") == referral)
    return {row["goal_id"]: tuple(row[n] for n in names) for row in rows.iter_rows(named=True)}


WORKED = {
    "two better and one the same": ([2, 0, 3], [6, 3, 3], 5 / 3, 4, "unchanged"),
    "all a little better": ([1, 2, 3], [4, 5, 5], 2, 14 / 3, "improved"),
    "one better and one worse": ([2, 8], [5, 5], 5, 5, "unchanged"),
}
ROLLED_UP = {
    "two better and one the same": "improved",
    "all a little better": "improved",
    "one better and one worse": "deteriorated",
}
PER_GOAL = {
    "two better and one the same": ["improved", "improved", "unchanged"],
    "all a little better": ["improved", "improved", "unchanged"],
    "one better and one worse": ["improved", "deteriorated"],
}


@pytest.mark.parametrize("case", WORKED)
def test_three_rules_stand_side_by_side_and_may_disagree(service, case):
    """Worked: three points a goal, the goals put together, 2.45 of the mean (unverified)."""
    firsts, lasts, first, last, by_mean = WORKED[case]
    service.bring("gbo", matched(firsts, lasts))

    row = overall(service, rule="mean_2_45")

    assert (row["first"], row["last"]) == (pytest.approx(first), pytest.approx(last))
    assert row["change"] == pytest.approx(last - first)
    assert (row["class"], row["n_goals"], row["n_paired"]) == (by_mean, len(firsts), len(firsts))
    assert (row["firsts"], row["lasts"]) == (firsts, lasts)
    assert "unverified" in row["source"]
    assert [each for (each,) in goals(service, "class").values()] == PER_GOAL[case]
    together = overall(service, rule="nhse_roll_up")
    assert (together["class"], together["change"]) == (ROLLED_UP[case], row["change"])
    assert "verified" in together["source"]
    assert "unverified" not in together["source"]


def test_goals_are_put_together_by_the_verified_rule_unless_another_is_named(service):
    service.bring("gbo", matched([2, 0, 3], [6, 3, 3]))
    row = overall(service)
    assert (row["class"], row["rule"], row["verdict"]) == ("improved", "nhse_roll_up", "paired")
    assert row["change"] == pytest.approx(7 / 3)


def test_adults_have_the_same_rule_for_single_goals(service):
    service.bring("gbo", matched([2, 8, 4], [5, 5, 6]))
    rows = service.changes("gbo", "rating", rule="nhse_adult_per_goal").drop_nulls("goal_id")
    assert rows.sort("goal_id")["class"].to_list() == ["improved", "deteriorated", "unchanged"]


def test_a_goal_that_was_rated_once_is_not_put_together_with_the_others(service):
    service.bring("gbo", matched([2], [6]))
    service.bring("gbo", ratings(("g9", "2025-06-01", 0)))
    assert overall(service)["class"] == "improved"
    assert overall(service, "R2")["class"] is None


def test_a_goal_that_is_added_late_has_a_baseline_of_its_own(service):
    service.bring("gbo", ratings(("g1", "2025-02-01", 2), ("g2", "2025-02-01", 0)))
    service.bring("gbo", ratings(("g3", "2025-04-01", 1)))
    late = [("g1", "2025-06-01", 6), ("g2", "2025-06-01", 3), ("g3", "2025-06-01", 4)]
    service.bring("gbo", ratings(*late))
    row = overall(service)
    assert row["change"] == pytest.approx(10 / 3)
    assert (row["firsts"], row["lasts"]) == ([2, 0, 1], [6, 3, 4])


def test_0_is_a_rating_and_not_a_blank(service):
    assert service.bring("gbo", matched([0], [0])).accepted == 2
    row = overall(service)
    assert (row["verdict"], row["first"], row["last"], row["change"]) == ("paired", 0, 0, 0)
    values = service.scores("gbo", ["mean_rating"]).filter(pl.col("score") == "mean_rating")
    assert values.select("value", "answered", "status").rows() == [(0, 1, "scored")] * 2


def test_a_goal_rated_once_is_set_and_not_paired_and_not_in_the_mean(service):
    service.bring("gbo", matched([2], [6]))
    service.bring("gbo", ratings(("g9", "2025-06-01", 10)))
    row = overall(service)
    assert (row["last"], row["n_goals"], row["n_paired"]) == (6, 2, 1)
    assert goals(service, "verdict") == {"g1": ("paired",), "g9": ("single_assessment",)}


def test_a_goal_that_is_only_recorded_is_set_too(service):
    service.bring("goal", "goal_id,referral_id,set_on,instrument\ng1,R1,2025-02-01,gbo\n")
    service.bring("goal", "goal_id,referral_id,set_on,instrument\np1,R1,2025-02-01,copm\n")
    assert goals(service, "verdict") == {"g1": ("no_assessment",)}
    row = overall(service)
    assert (row["verdict"], row["n_goals"], row["n_paired"]) == ("no_assessment", 1, 0)
    assert overall(service, "R2")["n_goals"] == 0
    assert goals(service, "verdict", referral="R2") == {None: ("no_assessment",)}


def test_a_replaced_goal_closes_with_its_last_rating(service):
    service.bring("gbo", matched([2], [6]))
    record = "goal_id,referral_id,set_on,state,state_on,replaced_by,slot\n"
    done = service.bring(
        "goal",
        record + "g1,R1,2025-02-01,replaced,2025-06-01,g2,1\ng2,R1,2025-06-01,open,,,2\n",
    )
    assert (done.accepted, done.rejected) == (2, 0)
    later = ratings(("g1", "2025-07-01", 9), ("g2", "2025-07-01", 1), ("g1", "2025-06-01", 6))
    assert service.bring("gbo", later).rejected == 1
    (line,) = service.store.rejected().iter_rows(named=True)
    assert (line["code"], line["column"]) == ("goal-closed", "goal_id")
    assert line["what"] == "The goal 'g1' was replaced on 2025-06-01."
    row = overall(service)
    assert (row["first"], row["last"], row["n_goals"]) == (2, 6, 2)


def test_a_slot_is_never_given_to_another_goal_of_the_referral(service):
    record = "goal_id,referral_id,set_on,slot\n"
    service.bring("goal", record + "g1,R1,2025-02-01,1\n")
    done = service.bring("goal", record + "g2,R1,2025-06-01,1\ng3,R2,2025-06-01,1\n")
    assert (done.accepted, done.rejected) == (1, 1)
    twice = service.bring("goal", record + "g4,R1,2025-06-01,3\ng5,R1,2025-06-01,3\n")
    assert (twice.accepted, twice.rejected) == (1, 1)
    told = service.store.rejected()["what"].to_list()
    assert told[0] == "Slot 1 of referral 'R1' is that of the goal 'g1', for good."
    assert told[1] == "Slot 3 of referral 'R1' is that of the goal 'g4', for good."


def test_a_goal_belongs_to_one_referral(service):
    service.bring("goal", "goal_id,referral_id,set_on\ng1,R1,2025-02-01\n")
    done = service.bring("gbo", ratings(("g1", "2025-03-01", 4), referral="R2"))
    assert done.rejected == 1
    assert service.store.rejected()["what"].to_list() == ["The goal 'g1' is one of referral 'R1'."]


def test_without_records_every_rating_is_taken_and_a_record_of_another_measure_says_nothing(
    service,
):
    record = "goal_id,referral_id,set_on,state,state_on,instrument\n"
    service.bring("goal", record + "g1,R2,2025-02-01,dropped,2025-02-02,copm\n")
    assert service.bring("gbo", matched([1, 2], [3, 4])).rejected == 0


UNCLEAR = {
    "g1,R1,2025-02-01,achieved,,": "It is not said since when the goal 'g1' is achieved.",
    "g1,R1,2025-02-01,achieved,2025-03-01,g2": "The goal 'g1' cannot be replaced by 'g2'.",
    "g1,R1,2025-02-01,replaced,2025-03-01,g1": "The goal 'g1' cannot be replaced by 'g1'.",
    "g1,R1,2025-02-01,done,2025-03-01,": "'done' is not a known state.",
    "g1,R1,2025-02-01,achieved,2025-01-01,": "The state_on '2025-01-01' is before the set_on.",
}


@pytest.mark.parametrize("row", UNCLEAR)
def test_a_record_whose_state_is_not_clear_is_refused(service, row):
    done = service.bring("goal", f"goal_id,referral_id,set_on,state,state_on,replaced_by\n{row}\n")
    assert (done.accepted, done.rejected) == (0, 1)
    assert service.store.rejected()["what"].to_list() == [UNCLEAR[row]]


def test_a_goal_goes_through_its_life_without_correcting_anything(service):
    record = "goal_id,referral_id,set_on,state,state_on\n"
    first = record + "g1,R1,2025-02-01,open,\n"
    service.bring("goal", first)
    assert service.bring("goal", record + "g1,R1,2025-02-01,achieved,2025-05-01\n").corrected == 1
    assert service.bring("goal", "goal_id,referral_id,set_on\ng1,R1,2025-02-01\n").unchanged == 1
    assert service.bring("goal", first).rejected == 1
    kept = service.table("goal").row(0, named=True)
    assert (kept["state"], kept["state_on"]) == ("achieved", "2025-05-01")


def test_what_a_person_wrote_is_kept_only_where_it_is_asked_for(service):
    head = "goal_id,referral_id,set_on,aim\n"
    service.bring("goal", head + "g1,R1,2025-02-01,SECRET one\ng2,R9,2025-02-01,SECRET two\n")
    rated = "referral_id,completed_at,rater,goal_id,progress,aim\n"
    rows = "R9,2025-03-01,carer,g1,3,SECRET three\nR1,2025-03-01,carer,g1,33,SECRET four\n"
    service.bring("gbo", rated + rows)
    assert service.store.rejected().height == 3
    dump = "\n".join(service.store.connection.iterdump())
    assert "SECRET" not in dump
    service.bring("goal", head + "g3,R1,2025-02-01,SECRET\n", "kind: goal\ncolumns: {words: aim}\n")
    assert service.store.table("goal")["words"].to_list() == [None, "SECRET"]
    assert "words" not in service.table("goal").columns


def test_who_declined_to_rate_need_name_no_goal(service):
    head = "referral_id,completed_at,rater,goal_id,outcome,progress\n"
    rows = "R1,2025-02-01,service_user,,declined,\nR2,2025-02-01,service_user,,completed,4\n"
    done = service.bring("gbo", head + rows)
    assert (done.accepted, done.rejected) == (1, 1)
    assert service.store.rejected()["code"].to_list() == ["value-missing"]
    assert goals(service, "verdict") == {None: ("declined",)}
    assert (overall(service)["verdict"], overall(service)["n_goals"]) == ("declined", 0)


def test_goals_of_one_moment_are_one_mean_for_each_rater(service):
    service.bring("gbo", matched([2, 0, 3], [6, 3, 3]))
    service.bring("gbo", ratings(("g1", "2025-02-01", 9), rater="clinician"))
    rows = service.scores("gbo").filter(pl.col("score") == "mean_rating").sort("completed_at")
    found = rows.select("rater", "value", "answered", "required", "policy", "evidence").rows()
    assert sorted(found) == [
        ("clinician", 9.0, 1, 1, None, "local"),
        ("service_user", pytest.approx(5 / 3), 3, 1, None, "local"),
        ("service_user", 4.0, 3, 1, None, "local"),
    ]
    singles = service.scores("gbo", ["rating"])
    assert singles.columns == rows.columns == service.scores("honos").columns
    by_moment = singles.group_by("completed_at", "rater").agg(pl.col("assessment_id").min())
    assert set(by_moment["assessment_id"]) == set(rows["assessment_id"])


def test_the_verdict_of_a_referral_is_that_of_the_goal_that_came_nearest(service):
    service.bring("gbo", ratings(("g1", "2025-02-01", 2), ("g2", "2025-02-01", 2)))
    service.bring("gbo", ratings(("g2", "2025-03-01", 5), rater="clinician"))
    assert goals(service, "verdict") == {"g1": ("single_assessment",), "g2": ("rater_differs",)}
    row = overall(service)
    assert (row["verdict"], row["n_goals"], row["n_paired"]) == ("rater_differs", 2, 0)
    assert (row["first"], row["last"], row["first_id"]) == (None, None, None)


def test_first_and_last_of_a_referral_are_the_ends_of_all_its_paired_goals(service):
    service.bring("gbo", matched([2], [6]))
    outer = ratings(("a", "2025-01-05", 1), ("a", "2025-05-01", 3), ("z", "2025-12-01", 3))
    service.bring("gbo", outer)
    row = overall(service)
    assert str(row["first_at"].date()) == "2025-01-05"
    assert str(row["last_at"].date()) == "2025-06-01"
    found = service.table("assessment").filter(pl.col("assessment_id") == row["first_id"])
    assert found["completed_at"].to_list() == ["2025-01-05"]


def test_copm_as_worked_in_its_dossier_with_thresholds_by_name(service):
    head = COPM.replace("problem_id,", "problem_id,importance,")
    first = [(2, 1), (4, 3), (3, 2), (1, 2)]
    last = [(5, 5), (6, 5), (6, 6), (4, 3)]
    days = (("2025-02-01", first, 8), ("2025-06-01", last, ""))
    text = head + "".join(
        f"R1,{day},service_user,p{n},{importance},{p},{s}\n"
        for day, rated, importance in days
        for n, (p, s) in enumerate(rated, 1)
    )
    assert service.bring("copm", text).accepted == 8
    for score, rules, means in (
        ("mean_performance", ("owner_2_points", "mic_2_20"), (2.5, 5.25)),
        ("mean_satisfaction", ("owner_2_points_satisfaction", "mic_2_06"), (2.0, 4.75)),
    ):
        for rule in rules:
            rows = service.changes("copm", score, rule)
            row = rows.filter(pl.col("referral_id") == "R1").row(0, named=True)
            assert (row["first"], row["last"], row["change"]) == (*means, 2.75)
            assert row["class"] == "improved"
        assert service.changes("copm", score)["rule"].to_list() == [None] * 3


def test_copm_knows_no_0(service):
    head = COPM
    assert service.bring("copm", head + "R1,2025-02-01,service_user,p1,0,3\n").rejected == 1


def test_a_copm_problem_that_was_rated_once_is_not_in_the_change(service):
    head = COPM
    service.bring(
        "copm",
        head + "R1,2025-02-01,service_user,p1,2,3\nR1,2025-02-01,service_user,p2,9,9\n"
        "R1,2025-06-01,service_user,p1,5,3\nR1,2025-06-01,service_user,p3,9,\n",
    )
    row = service.changes("copm", "mean_performance").row(0, named=True)
    assert (row["first"], row["last"], row["n_goals"], row["n_paired"]) == (2, 5, 3, 1)
    means = service.scores("copm", ["mean_satisfaction"])
    means = means.filter(pl.col("score") == "mean_satisfaction").sort("completed_at")
    assert means.select("value", "answered").rows() == [(6.0, 2), (3.0, 1)]


def test_goals_on_the_command_line(service, run, tmp_path):
    service.bring("gbo", matched([2, 0, 3], [6, 3, 3]))
    scored = run("-w", service.path, "score")
    assert scored.code == 0, scored.err
    assert "gbo: 8 scored" in scored.out
    done = run("-w", service.path, "change", "gbo")
    found = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["goal_id"] for row in found if row["score"] == "rating"] == [
        "g1",
        "g2",
        "g3",
        "",
        "",
    ]
    (row,) = [row for row in found if row["score"] == "mean_rating" and row["verdict"] == "paired"]
    assert (row["firsts"], row["lasts"], row["n_paired"]) == ("2.0; 0.0; 3.0", "6.0; 3.0; 3.0", "3")
    told = run("-w", service.path, "change", "gbo", "--summary")
    assert "3 goals, 3 paired" in told.out
    assert "3 referrals, 1 paired" in told.out
    kept = tmp_path / "change.parquet"
    assert run("-w", service.path, "change", "gbo", "--out", kept).code == 0
    assert pl.read_parquet(kept)["n_goals"].drop_nulls().to_list() == [3, 0, 0]


def test_a_file_gives_scores_of_single_goals_and_says_where_the_mean_is_to_be_had(run, tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("goal_id,progress\ng1,0\ng2,4\n")
    done = run("score", file, "--instrument", "gbo")
    found = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["goal_id"], row["score"], row["value"]) for row in found] == [
        ("g1", "rating", "0.0"),
        ("g2", "rating", "4.0"),
    ]
    asked = run("score", file, "--instrument", "gbo", "--score", "mean_rating")
    assert asked.code == 2
    assert "score-over-goals" in asked.err


def test_the_service_report_counts_referrals_and_not_goals(service, run, tmp_path):
    service.bring("gbo", matched([2, 0, 3], [6, 3, 3]))
    out = tmp_path / "report.html"
    days = ("--from", "2025-01-01", "--to", "2025-12-31")
    done = run("-w", service.path, "report", "service", *days, "--out", out)
    assert done.code == 0, done.err
    page = out.read_text()
    assert "Goal-Based Outcomes: Mean of the goals" in page
    assert "Goal-Based Outcomes: Rating of one goal" not in page


def test_rejected_goals_and_ratings_can_be_tried_again_though_little_of_them_is_kept(
    service, run, tmp_path
):
    service.bring("goal", "goal_id,referral_id,set_on,aim\ng1,R9,2025-02-01,swim\n")
    (line,) = service.store.rejected().iter_rows(named=True)
    assert "swim" not in line["raw"]
    one = "referral_id,service_user_id,received_on\nR9,P1,2025-01-01\n"
    service.bring("referral", one, "kind: referral\nunknown_referrals: create\n")
    mapping = tmp_path / "goals.yaml"
    mapping.write_text("kind: goal\n")
    again = run("-w", service.path, "import", "--retry", line["import_batch_id"], "--map", mapping)
    assert again.code == 0, again.err
    assert service.table("goal")["goal_id"].to_list() == ["g1"]


def test_goals_are_known_of_every_version_of_an_instrument(service):
    service.bring("gbo", ratings(("g1", "2025-02-01", 3)))
    spec = (FOLDER / "gbo.yaml").read_text().replace('version: "2.0"', 'version: "3.0"')
    (service.path / "measures" / "gbo.yaml").write_text(spec)
    config = service.path / "romframe.yaml"
    config.write_text(config.read_text() + "prefer: {gbo: workspace}\n")
    newer = open_workspace(service.path, today=TODAY)
    assert newer.instrument("gbo").version == "3.0"
    newer.store.ensure_instrument(newer.instrument("gbo"))
    known = newer.store.identities("gbo", "goal_id")
    assert known["goal_id"].to_list() == ["g1"]
    assert newer.store.identities("gbo", "problem_id").is_empty()
    newer.store.close()


def test_a_column_of_words_is_not_read_unless_the_mapping_names_it(service):
    head = "goal_id,referral_id,set_on,words\n"
    service.bring("goal", head + "g1,R1,2025-02-01,SECRET\n")
    assert service.store.table("goal")["words"].to_list() == [None]


def test_a_goal_of_an_instrument_that_there_is_not_is_refused(service):
    head = "goal_id,referral_id,set_on,instrument\n"
    done = service.bring("goal", f"{head}g1,R1,2025-02-01,gbo\ng2,R1,2025-02-01,gboo\n")
    assert (done.accepted, done.rejected) == (1, 1)
    assert service.store.rejected()["code"].to_list() == ["value-unknown"]


def test_change_of_goals_is_explained_goal_by_goal_and_together(service):
    service.bring("gbo", matched([2, 0, 3], [6, 3, 3]))
    told = explain_change(service.workspace, "gbo", "R1").splitlines()
    assert "Rating of one goal [rating], g1" in told
    assert "  3 of 3 rated twice: only these are compared" in told
    assert "  first: 1.66667, the mean of 2, 0, 3" in told
    assert "  so: improved" in told
