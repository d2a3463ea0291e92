"""Exactly one verdict for every referral and score, and why each other rating is not compared."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import pairing as oracle
from unit.auditing.conftest import SCALES, honos, opened

from romframe.auditing.pairing import counted, ratings_of, verdicts_of
from romframe.pairing import BASELINE_AND_DISCHARGE, FIRST_AND_LAST, PairingPolicy


def uses(workspace, score="total"):
    found = ratings_of(workspace, ["honos"], score)
    return dict(found.select("completed_at", "use").iter_rows())


def test_every_rating_says_what_became_of_it(service):
    workspace, bring = service
    blank = "." * 12
    bring(
        "honos",
        [
            honos("A", "2025-01-02", blank, outcome="declined", q8_type=None),
            honos("A", "2025-01-03", "21312102131."),
            honos("A", "2025-01-04"),
            honos("A", "2025-01-05"),
            honos("A", "2025-01-06", rater="team"),
            honos("A", "2025-01-07"),
            honos("A", "2025-01-08", setting="ward"),
            honos("B", "2025-01-09"),
        ],
    )
    assert uses(workspace) == {
        "2025-01-02": "declined",
        "2025-01-03": "score_refused",
        "2025-01-04": "first",
        "2025-01-05": "between",
        "2025-01-06": "rater_differs",
        "2025-01-07": "last",
        "2025-01-08": "setting_differs",
        "2025-01-09": "not_paired",
    }
    verdicts = verdicts_of(workspace, ["honos"], "total").rows_by_key("referral_id", named=True)
    (a,) = verdicts["A"]
    assert a["verdict"] == "paired"
    assert (a["first_id"], a["last_id"]) == tuple(
        dict(workspace.assessments().select("completed_at", "assessment_id").iter_rows())[day]
        for day in ("2025-01-04", "2025-01-07")
    )
    assert [each.split(": ")[1] for each in a["others"]] == [
        "declined", "score_refused", "between", "rater_differs", "setting_differs",
    ]  # fmt: skip
    assert [each["verdict"] for each in verdicts["C"]] == ["no_assessment"]
    counts = dict(counted(verdicts_of(workspace, ["honos"], "total")).select("verdict", "n").rows())
    assert counts == {"no_assessment": 2, "paired": 1, "single_assessment": 1}


def test_with_timepoints_of_its_own_a_policy_leaves_out_what_is_at_others(service):
    workspace, bring = service
    workspace.config = evolve(workspace.config, pairing=BASELINE_AND_DISCHARGE)
    points = ["review", "assessment", "review", "discharge", None]
    days = [f"2025-01-0{n}" for n in range(2, 7)]
    bring("honos", [honos("A", d, timepoint=p) for d, p in zip(days, points, strict=True)])
    assert list(uses(workspace).values()) == [
        "not_a_first_timepoint", "first", "not_a_last_timepoint", "last", "not_a_last_timepoint",
    ]  # fmt: skip


def test_ratings_of_another_version_are_told_apart(service):
    workspace, bring = service
    bring("honos", [honos("A", "2025-01-02"), honos("A", "2025-01-03")])
    workspace.store.connection.execute(
        "UPDATE assessment SET version = '1996' WHERE completed_at = '2025-01-03'"
    )
    assert uses(workspace)["2025-01-03"] == "another_version"


def test_goals_have_a_verdict_each_and_say_of_every_rating_what_became_of_it(service):
    workspace, bring = service
    rated = [("g", 2), ("h", 2), ("g", 3), ("g", 4)]
    bring(
        "gbo",
        [
            {"referral_id": "A", "completed_at": f"2025-01-0{day}", "goal_id": goal,
             "progress": day, "rater": "service_user"}
            for goal, day in rated
        ],
    )  # fmt: skip
    verdicts = verdicts_of(workspace, ["gbo"])
    single = verdicts.filter(pl.col("goal").is_not_null())
    assert single.select("goal", "verdict").unique().sort("goal").rows() == [
        ("g", "paired"),
        ("h", "single_assessment"),
    ]
    keys = ["instrument", "score", "referral_id", "goal"]
    assert verdicts.select(keys).is_unique().all()
    used = ratings_of(workspace, ["gbo"]).filter(goal="g").select("use").unique()["use"]
    assert set(used) == {"first", "between", "last"}


def test_a_team_sees_its_own_referrals(service):
    workspace, bring = service
    bring("honos", [honos("A", "2025-01-02"), honos("B", "2025-01-02")])
    workspace.store.connection.execute("UPDATE referral SET team = 'South' WHERE referral_id = 'B'")
    assert set(verdicts_of(workspace, ["honos"], team="South")["referral_id"]) == {"B"}
    assert set(ratings_of(workspace, ["honos"], team="South")["referral_id"]) == {"B"}


POLICIES = (
    FIRST_AND_LAST,
    BASELINE_AND_DISCHARGE,
    PairingPolicy("any", same=(), minimum_gap_days=3),
)


MOMENTS = st.builds(
    lambda day, minute: f"2025-01-{2 + day:02}T09:{minute:02}:00",
    st.integers(0, 8),
    st.integers(0, 9),
)
WHO = {"referral_id": st.sampled_from("ABCD"), "completed_at": MOMENTS}
WHEN = {"timepoint": st.sampled_from(["assessment", "review", "discharge", None])}
RATERS = {"rater": st.sampled_from(["clinician", "clinician", "team"])}
NO_ANSWER = {**dict.fromkeys(SCALES), "q8_type": None, "outcome": "declined"}
ROWS = {
    "honos": st.fixed_dictionaries({**WHO, **WHEN, **RATERS}).flatmap(
        lambda row: st.sampled_from(
            [
                honos(row["referral_id"], row["completed_at"], answers, **row)
                for answers in ("213121021312", "21312102131.", "213121021322")
            ]
            + [honos(row["referral_id"], row["completed_at"], **{**row, **NO_ANSWER})]
        )
    ),
    "total": st.fixed_dictionaries(
        {**WHO, **WHEN, **RATERS, "score:total": st.integers(0, 48)}
    ),
    "core_10": st.fixed_dictionaries(
        {**WHO, **WHEN, **{f"q{n}": st.integers(0, 4) for n in range(1, 11)}}
    ),
    "gbo": st.fixed_dictionaries(
        {**WHO, "goal_id": st.sampled_from("gh"), "progress": st.integers(0, 10),
         "rater": st.just("service_user")}
    ),
}  # fmt: skip


def some(name):
    """Rows of one kind, none of them twice the record of another."""
    keys = ("referral_id", "completed_at", "rater", "goal_id")
    return st.lists(
        ROWS[name], max_size=9, unique_by=lambda row: tuple(row.get(key) for key in keys)
    )


@given(
    honos_rows=some("honos"), totals=some("total"), others=some("core_10"), goals=some("gbo"),
    policy=st.sampled_from(POLICIES),
)  # fmt: skip
@settings(max_examples=8, deadline=None)
def test_whatever_was_rated_every_referral_and_score_has_exactly_one_verdict(
    honos_rows, totals, others, goals, policy
):
    rated = {(row["referral_id"], row["completed_at"], row["rater"]) for row in honos_rows}
    bare = [t for t in totals if (t["referral_id"], t["completed_at"], t["rater"]) not in rated]
    with TemporaryDirectory() as folder, opened(Path(folder)) as (workspace, bring):
        for target, rows in (("honos", honos_rows), ("honos", bare), ("gbo", goals)):
            if rows:
                bring(target, rows)
        if others:
            bring("core_10", others, coding="scored")
        workspace.config = evolve(workspace.config, pairing=policy)
        found = verdicts_of(workspace, workspace.used_instruments())
        _is_one_each(found, workspace)
        if honos_rows or bare:
            _agrees(found.filter(instrument="honos", score="total"), workspace, policy)
            _names_both(found.filter(instrument="honos"), ratings_of(workspace, ["honos"]))


def _is_one_each(found, workspace):
    """Every score of every measure in use has one verdict for each referral, and each goal."""
    unit = ["instrument", "score", "referral_id", "goal"]
    assert found.select(unit).is_unique().all()
    assert found["verdict"].null_count() == 0
    for name in workspace.used_instruments():
        scores = set(workspace.changes(name)["score"])
        of = found.filter(instrument=name).select("score", "referral_id").unique()
        assert set(of.rows()) == {(score, referral) for score in scores for referral in "ABCD"}
    assert found.filter(pl.col("instrument") != "gbo")["goal"].null_count() == (
        found.filter(pl.col("instrument") != "gbo").height
    )


def _names_both(found, ratings):
    """A pair is two ratings and every rating is told of, once for each score."""
    ends = ratings.filter(pl.col("use").is_in(["first", "last"]))
    told = ends.group_by("score", "referral_id").len().sort("score", "referral_id")
    paired = found.filter(verdict="paired").sort("score", "referral_id")
    assert told.rows() == [(*each, 2) for each in paired.select("score", "referral_id").rows()]
    assert ratings.height == found["score"].n_unique() * ratings["assessment_id"].n_unique()


def _agrees(found, workspace, policy):
    scores = workspace.scores("honos", ["total"])
    values = dict(scores.select("assessment_id", "value").iter_rows())
    ratings = workspace.assessments().filter(instrument="honos")
    rows = ratings.with_columns(pl.col("completed_at").str.to_datetime()).to_dicts()
    for row in rows:
        row["value"] = values.get(row["assessment_id"])
    plain = {
        "first_timepoints": policy.first_timepoints, "last_timepoints": policy.last_timepoints,
        "same": policy.same, "minimum_gap_days": policy.minimum_gap_days,
        "closed_only": policy.closed_only,
    }  # fmt: skip
    referrals = [{"referral_id": name, "closed_on": date(2025, 6, 30)} for name in "ABCD"]
    expected = oracle.pair(rows, referrals, plain)
    for row in found.iter_rows(named=True):
        verdict, first, last = expected[row["referral_id"]]
        assert row["verdict"] == verdict
        assert row["first_id"] == (first and first["assessment_id"])
        assert row["last_id"] == (last and last["assessment_id"])
