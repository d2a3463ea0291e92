"""Figures of the service report beside the same figures reckoned from the demo's tables."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest
from romframe_report.sections import kept_well, months, subgroups, who

from romframe import Window


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))
INSTRUMENTS = ("core_10", "core_om", "feeding_confidence", "gbo", "honos", "pbq", "phq_9")


def table(demo, name):
    return pd.read_sql(f'SELECT * FROM "{name}"', demo.workspace.store.connection)


@pytest.fixture(scope="session")
def changes(demo):
    found = [
        demo.workspace.changes(name).select("referral_id", "score", "verdict", "pathway", "class")
        for name in INSTRUMENTS
    ]
    return pd.concat(
        [
            pd.DataFrame(each.to_dicts()).assign(instrument=name)
            for name, each in zip(INSTRUMENTS, found, strict=True)
        ]
    )


@pytest.fixture(scope="session")
def paired(changes):
    return set(changes[changes.verdict.astype(str) == "paired"].referral_id)


def test_who_is_measured_by_team_and_ethnicity(demo, paired):
    people = table(demo, "service_user")
    referrals = table(demo, "referral").merge(people, on="service_user_id", suffixes=("", "_p"))
    white = referrals[referrals.ethnic_category.isin(["A", "B", "C"])].referral_id
    found = {each.title: each for each in who.build(demo.workspace, WINDOW)["dimensions"]}

    teams = {each.label: each for each in found["Team"].groups}
    for team, those in referrals.groupby("team").referral_id:
        measured = sum(one in paired for one in those)
        assert (teams[team].here.count, teams[team].here.of) == (measured, len(those))
        assert teams[team].others.of == len(referrals) - len(those)
    ethnic = {each.label: each.here for each in found["Ethnicity"].groups}
    assert (ethnic["White"].count, ethnic["White"].of) == (
        sum(one in paired for one in white),
        len(white),
    )


def test_who_is_measured_by_age(demo, paired):
    born = dict(table(demo, "service_user")[["service_user_id", "birth_date"]].values)
    counted = Counter()
    for each in table(demo, "referral").itertuples():
        birth = date.fromisoformat(born[each.service_user_id])
        on = date.fromisoformat(each.received_on[:10])
        age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
        counted[25 <= age < 35, each.referral_id in paired] += 1
    found = {each.title: each for each in who.build(demo.workspace, WINDOW)["dimensions"]}

    (band,) = (each for each in found["Age at referral"].groups if each.label == "25 to 34")

    assert (band.here.count, band.here.of) == (
        counted[True, True],
        counted[True, True] + counted[True, False],
    )
    assert band.others.count == counted[False, True]


def test_months_of_the_paired_rate_and_of_improvement(demo, changes, paired):
    referrals = table(demo, "referral").dropna(subset="closed_on")
    referrals["month"] = pd.to_datetime(referrals.closed_on.str[:10]).dt.strftime("%b %Y")
    referrals["paired"] = referrals.referral_id.isin(paired)
    rates = referrals.groupby("month").paired.agg(["sum", "count"])
    core = changes[(changes.instrument == "core_10") & (changes.pathway != "prevention")]
    judged = core[core["class"].notna()].merge(referrals[["referral_id", "month"]])
    judged["better"] = judged["class"].isin(["recovered", "improved"])
    better = judged.groupby("month").better.agg(["sum", "count"])

    built = months.build(demo.workspace, WINDOW)

    shown = {label: (each.count, each.of) for label, each in built["paired"].chart.points}
    assert {month: n for month, n in shown.items() if n[1]} == {
        month: tuple(row) for month, row in rates.iterrows()
    }
    shown = {label: (each.count, each.of) for label, each in built["better"][0].chart.points}
    assert {month: n for month, n in shown.items() if n[1]} == {
        month: tuple(row) for month, row in better.iterrows()
    }


def test_classes_by_team(demo, changes):
    referrals = table(demo, "referral")[["referral_id", "team"]]
    core = changes[(changes.instrument == "core_10") & (changes.pathway != "prevention")]
    classes = core[core["class"].notna()].merge(referrals).groupby("team")["class"]
    counted = {team: Counter(those) for team, those in classes}

    block = subgroups.build(demo.workspace, WINDOW)["blocks"][0]

    (teams,) = (each.groups for each in block.dimensions if each.title == "Team")
    assert {
        each.label: (each.better.count, each.same.count, each.worse.count) for each in teams
    } == {
        team: (
            those["recovered"] + those["improved"],
            those["unchanged"],
            those["deteriorated"] + those["harmed"],
        )
        for team, those in counted.items()
    }


def test_who_was_kept_well(demo, changes):
    kept = table(demo, "referral").query("pathway == 'prevention'")
    core = changes[(changes.instrument == "core_10") & (changes.pathway == "prevention")]
    pairs = core[core.verdict.astype(str) == "paired"]
    relapsed = pairs["class"].isin(["deteriorated", "harmed"]).sum()

    built = kept_well.build(demo.workspace, WINDOW)

    block = built["kept"][0]
    assert (block.paired.count, block.paired.of) == (len(pairs), len(kept))
    assert block.outcomes.together("relapsed").count == relapsed
    assert block.outcomes.together("maintained").count == len(pairs) - relapsed
