"""Sections that the plugins of single measures bring to the service report."""

import csv
import io
import re
from collections import Counter
from datetime import date
from html import unescape
from itertools import pairwise
from unittest.mock import patch

import polars as pl
import pytest
from romframe_report import render
from romframe_report.charts.canvas import Chart
from romframe_report.service import service_report
from romframe_report.tidy.service import service_tables

from romframe import NHS_MONTHLY, SERVICE, ChartWords, create_workspace, import_file
from romframe.clock import now
from romframe.disclosure import SHOWN


START, END = date(2025, 1, 1), date(2025, 12, 31)
POEM = ["respondent", "service", "q1a", "q1b", *(f"q2{letter}" for letter in "abcdefghijkl")]
HONOS = [f"q{n}" for n in range(1, 13)]
REFERRALS = [f"R{n}" for n in range(1, 13)]
NOT_DRAWN = Chart(ChartWords("none", "", ""), "<svg></svg>")  # text is what is read
WELL = "R12"  # was referred to be kept well


class Service:
    """A workspace, a way to bring rows to it, and its report."""

    def __init__(self, folder):
        self.folder = folder
        self.workspace = create_workspace(folder / "service", "Fen", today=date(2026, 1, 31))

    def bring(self, mapping, rows):
        file, known = self.folder / "file.csv", self.folder / "map.yaml"
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        file.write_text(text.getvalue())
        known.write_text(mapping)
        done = import_file(self.workspace, file, mapping=known, actor="tester", now=now())
        assert done.result.accepted == len(rows), done.result

    def section(self, name, policy=SHOWN, team=None):
        """Give what a reader sees of a section, with single spaces; None where it is not there."""
        with patch.object(render, "_drawn", lambda picture, policy: NOT_DRAWN):
            page = service_report(self.workspace, START, END, team, disclosure=policy)
        if f'<section id="{name}"' not in page:
            return None
        part = page.split(f'<section id="{name}"')[1].split("</section>")[0]
        visible = re.sub(r"^[^>]*>|<svg.*?</svg>", "", part, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


@pytest.fixture
def service(tmp_path):
    place = Service(tmp_path)
    place.bring(
        "kind: referral\nunknown_referrals: create\n",
        [
            {
                "referral_id": name,
                "service_user_id": f"P-{name}",
                "received_on": "2025-01-10",
                "team": "North" if name < "R2" else "South",
                "pathway": "prevention" if name == WELL else "treatment",
            }
            for name in REFERRALS
        ],
    )
    yield place
    place.workspace.store.close()


def poem(code=1, **more):
    return {**dict.fromkeys(POEM, code), "respondent": "patient", "service": "community", **more}


ANONYMOUS = "instrument: poem\ncoding: form_order\ncolumns: {completed_at: sent}\n"
IDENTIFIED = "instrument: poem\ncoding: form_order\nanonymous: false\n"


def anonymous(*returns, sent="2025-03-04", team="North"):
    return [{**each, "sent": sent, "team": team} for each in returns]


def identified(*returns, on="2025-03-06"):
    about = {"completed_at": on, "rater": "service_user"}
    return [{**each, "referral_id": REFERRALS[n], **about} for n, each in enumerate(returns)]


def test_without_returns_goals_or_honos_the_report_has_no_such_sections(service):
    assert [service.section(name) for name in ("poem", "goals", "honos_profile")] == [None] * 3
    made = service_tables(service.workspace, START, END, disclosure=SHOWN)
    rows = {table.name: table.rows for table in made}
    assert not any(rows.get(name) for name in ("poem", "goal_ratings", "honos_profile"))


def test_a_complaint_that_is_disagreed_with_is_favourable(service):
    """q2a is a complaint and q2b praise; code 1 is strongly agree, 4 strongly disagree."""
    returns = [poem(q2a=4), poem(q2a=3), poem(q2a=1), poem(q2b=4, q2a=2)]
    service.bring(ANONYMOUS, anonymous(*returns))

    told = service.section("poem")

    assert "lack of liaison with others in care 50% 50% 4" in told
    assert "right amount of support 75% 25% 4" in told
    assert "Anonymous returns 4 returns; 0 of them not by the mother herself" in told


def test_every_side_is_as_the_items_codes_say(service):
    given = [1, 2, 3, 4, 4, 3, 1]
    service.bring(ANONYMOUS, anonymous(*(poem(code) for code in given)))
    spec = service.workspace.instrument("poem")

    told = service.section("poem")

    for item in spec.items:
        if item.favourable and item.id in POEM:
            good = sum(code in item.favourable for code in given)
            bad = sum(code in item.unfavourable for code in given)
            row = f"{item.label} {100 * good / 7:.0f}% {100 * bad / 7:.0f}% 7"
            assert row in told
            assert good + bad == 7


def test_the_two_kinds_of_return_stand_apart(service):
    service.bring(ANONYMOUS, anonymous(poem(1), poem(2), poem(respondent="partner_or_other")))
    service.bring(IDENTIFIED, identified(poem(3), poem(4)))

    told = service.section("poem")
    named, unnamed = told.rsplit("Anonymous returns 3", 1)

    assert "Returns with a name 2 returns; 0 of them" in named
    assert "right amount of support 0% 100% 2" in named
    assert "returns; 1 of them not by the mother herself" in unnamed
    assert "right amount of support 100% 0% 3" in unnamed


def test_returns_of_other_months_and_teams_are_left_out(service):
    service.bring(ANONYMOUS, anonymous(poem(1), poem(2)))
    service.bring(ANONYMOUS, anonymous(poem(1), sent="2024-12-31"))
    service.bring(ANONYMOUS, anonymous(poem(3), team="South"))

    assert "Anonymous returns 3 returns" in service.section("poem")
    assert "Anonymous returns 2 returns" in service.section("poem", team="North")


def test_few_returns_are_held_back(service):
    service.bring(ANONYMOUS, anonymous(*[poem(1)] * 3, poem(2)))

    told = service.section("poem", SERVICE)

    assert "Held back: there are too few returns (<5) to show what they say." in told
    assert "right amount of support" not in told


def test_a_side_that_is_too_small_takes_the_other_with_it(service):
    service.bring(ANONYMOUS, anonymous(*(poem(q2b=code) for code in [1] * 8 + [4] * 2)))

    told = service.section("poem", SERVICE)

    assert "right amount of support \u2013 \u2013 10" in told
    assert "listened to and understood \u2013 \u2013 10" in told  # all on one side


def test_sides_that_hide_nobody_are_shown(service):
    service.bring(ANONYMOUS, anonymous(*(poem(q2b=code) for code in [1] * 8 + [4] * 6)))

    assert "right amount of support 57% 43% 14" in service.section("poem", SERVICE)


GOALS = (
    "instrument: gbo\ncolumns: {referral_id: r, completed_at: on, rater: who, goal_id: goal, "
    "progress: rating}\n"
)


def ratings(*rows):
    """Give ratings: referral, goal, day and rating a row."""
    names = ("r", "goal", "on", "rating")
    return [{**dict(zip(names, row, strict=True)), "who": "service_user"} for row in rows]


def pair_of_ratings(referral, goal, first, last):
    return [(referral, goal, "2025-02-01", first), (referral, goal, "2025-06-01", last)]


@pytest.fixture
def goals(service):
    """Nine goals of four people, one rated once, and one of somebody who was to be kept well."""
    moves = [("R1", "a", 2, 6), ("R1", "b", 0, 3), ("R1", "c", 3, 3), ("R10", "a", 2, 5)]
    moves += [("R10", "b", 8, 5), ("R11", "a", 1, 10), ("R11", "b", 4, 6), ("R2", "a", 5, 5)]
    rows = [row for move in (*moves, (WELL, "a", 1, 9)) for row in pair_of_ratings(*move)]
    service.bring(GOALS, ratings(*rows, ("R2", "b", "2025-02-01", 3)))
    return service, moves


def test_each_goal_goes_from_its_first_rating_to_its_last(goals):
    service, moves = goals

    told = service.section("goals")

    assert "9 goals rated by 4 referrals" in told
    assert "89% of them rated twice : 8 goals" in told
    first, last = (Counter(min(move[end] // 2, 5) for move in moves) for end in (2, 3))
    for place, label in enumerate(("0 to 1", "2 to 3", "4 to 5", "6 to 7", "8 to 9", "10")):
        assert f"{label} {first[place]} {last[place]}" in told


def test_goals_are_judged_one_by_one_and_by_referral(goals):
    service, moves = goals
    better = sum(last - first >= 3 for *_, first, last in moves)
    worse = sum(first - last >= 3 for *_, first, last in moves)

    told = service.section("goals")

    assert (better, worse) == (4, 1)
    assert f"Improved: {better} of 8 goals (50%," in told
    assert f"Unchanged: {8 - better - worse} of 8 goals" in told
    assert f"Deteriorated: {worse} of 8 goals" in told
    assert "Rule: nhse_per_goal." in told
    assert "Improved: 2 of 4 referrals (50%," in told
    assert "Deteriorated: 1 of 4 referrals" in told
    assert "Rule: nhse_roll_up." in told


def test_the_median_of_goals_stands_with_its_spread(goals):
    service, moves = goals
    first, last = (pl.Series([move[end] for move in moves]) for end in (2, 3))

    told = service.section("goals")

    quartiles = [
        f"{s.median():.1f} ({s.quantile(0.25, 'linear'):.1f} to {s.quantile(0.75, 'linear'):.1f})"
        for s in (first, last)
    ]
    assert f"{quartiles[0]} at first and {quartiles[1]} at last, of 8 goals" in told


def test_the_words_of_a_goal_are_in_no_report(goals):
    service, _ = goals
    goal = {"goal_id": "a", "referral_id": "R1", "set_on": "2025-02-01"}
    words = [{**goal, "words": "sleep without the light on"}]
    service.bring("kind: goal\n", words)

    page = service_report(service.workspace, START, END, disclosure=SHOWN)

    assert "sleep without" not in page


def test_few_goals_are_held_back(service):
    rows = [row for n in "abcd" for row in pair_of_ratings("R1", n, 1, 9)]
    service.bring(GOALS, ratings(*rows))

    told = service.section("goals", SERVICE)

    assert "Too few goals have a first and a last rating (<5) to show more." in told
    assert "9" not in told.split("more.")[1]


@pytest.mark.parametrize("policy", [SHOWN, SERVICE])
def test_goals_that_were_rated_once_have_no_pair(service, policy):
    service.bring(GOALS, ratings(*((name, "a", "2025-02-01", 3) for name in REFERRALS[:6])))

    told = service.section("goals", policy)

    assert "6 goals rated by 6 referrals" in told
    assert "Too few goals have a first and a last rating (0) to show more." in told


def test_goals_of_people_to_be_kept_well_only_are_no_section(service):
    service.bring(GOALS, ratings((WELL, "a", "2025-02-01", 3)))

    assert service.section("goals") is None


def honos(first, last, n=0):
    """Give the first and the last ratings of one referral as two rows."""
    about = {
        "referral_id": REFERRALS[n],
        "rater": "clinician",
        "q8_type": "B",
        "glossary": "revised",
    }
    return [
        {**dict(zip(HONOS, values, strict=True)), **about, "completed_at": day}
        for values, day in ((first, "2025-02-01"), (last, "2025-06-01"))
    ]


CASES = [  # first and last ratings of items 1 to 12
    ([0, 0, 0, 0, 1, 0, 4, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 1, 4, 0, 0, 0]),
    ([1, 1, 0, 0, 1, 0, 4, 3, 3, 2, 1, 1], [0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0]),
    ([0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 0, 0]),
    ([1, 0, 0, 0, 3, 0, 2, 1, 1, 1, 0, 0], [2, 2, 1, 2, 1, 2, 4, 1, 2, 2, 1, 2]),
]


@pytest.fixture
def rated(service):
    rows = [row for n, case in enumerate(CASES) for row in honos(*case, n)]
    well = honos([0] * 12, [4] * 12, REFERRALS.index(WELL))
    service.bring("instrument: honos\n", [*rows, *well])
    return service


def test_total_and_scales_stand_side_by_side(rated):
    scales = {
        "Total": range(12),
        "Behaviour": (0, 1, 2),
        "Impairment": (3, 4),
        "Symptoms": (5, 6, 7),
        "Social": (8, 9, 10, 11),
    }
    change = {
        name: [sum(last[i] - first[i] for i in items) for first, last in CASES]
        for name, items in scales.items()
    }

    told = rated.section("honos_profile")

    for name, moved in change.items():
        first, last = (
            pl.Series([sum(case[end][i] for i in scales[name]) for case in CASES]) for end in (0, 1)
        )
        middles = " ".join(
            f"{s.median():.1f} ({s.quantile(0.25, 'linear'):.1f} to"
            f" {s.quantile(0.75, 'linear'):.1f})"
            for s in (first, last)
        )
        lower, higher = sum(each < 0 for each in moved), sum(each > 0 for each in moved)
        against = sum(a * b < 0 for a, b in zip(moved, change["Total"], strict=True))
        row = f"{name} 4 {middles} {lower} of 4 ({25 * lower}%) {higher} of 4 ({25 * higher}%)"
        end = "\u2013" if name == "Total" else f"{against} of 4 ({25 * against}%)"
        assert f"{row} {end}" in told


def test_items_are_counted_as_they_cross_between_low_and_high(rated):
    told = rated.section("honos_profile")

    for number, item in enumerate(rated.workspace.instrument("honos").items[:7]):
        down = sum(first[number] >= 3 > last[number] for first, last in CASES)
        up = sum(first[number] < 3 <= last[number] for first, last in CASES)
        assert f"{item.label} {down} of 4 ({25 * down}%) {up} of 4 ({25 * up}%)" in told


def test_it_is_said_where_the_total_and_the_items_disagree(rated):
    """Eight points count (Parabiaghi 2005): totals go from 6 to 6, 17 to 5, 5 to 5 and 9 to 22."""
    told = rated.section("honos_profile")

    assert "better for 1 of 4 (25%), unchanged for 2 of 4 (50%), worse for 1 of 4 (25%)." in told
    for words in (
        "The total is unchanged, but an item went from low to high (worse): 1 of 2 pairs",
        "The total is unchanged, but an item went from high to low (better): 1 of 2 pairs",
        "The total is better, but an item went from low to high (worse): 0 of 1 pairs",
        "The total is worse, but an item went from high to low (better): 1 of 1 pairs",
    ):
        assert words in told


def test_small_counts_of_items_are_hidden(rated):
    told = rated.section("honos_profile", SERVICE)

    assert "self-injury 0 of <5 0 of <5" in told
    assert "25%" not in told


def test_honos_without_a_pair_has_no_profile(service):
    service.bring("instrument: honos\n", honos([0] * 12, [1] * 12)[:1])

    assert service.section("honos_profile") is None


def test_tidy_tables_of_the_sections_say_what_the_page_says(goals):
    service, _ = goals
    rows = [row for n, case in enumerate(CASES * 2) for row in honos(*case, n)]
    service.bring("instrument: honos\n", rows)
    service.bring(ANONYMOUS, anonymous(*(poem(code) for code in (1, 2, 3, 4) * 3)))

    made = service_tables(service.workspace, START, END, disclosure=SHOWN)
    found = {table.name: table.rows for table in made}

    told = {name: service.section(name) for name in ("honos_profile", "goals", "poem")}
    for row in found["honos_profile"]:
        if row["of"]:
            assert f"{row['count']} of {row['of']}" in told["honos_profile"]
    for row in found["goal_classes"]:
        assert f"{row['class'].capitalize()}: {row['count']} of {row['of']}" in told["goals"]
    assert sum(row["count"] for row in found["goal_ratings"]) == 16
    for row in found["poem"]:
        assert f"{row['percent']}%" in told["poem"].split(row["question"])[1][:12]


@pytest.mark.parametrize("policy", [SHOWN, SERVICE, NHS_MONTHLY])
def test_a_page_of_all_sections_is_well_made(goals, policy):
    service, _ = goals
    rows = [row for n, case in enumerate(CASES * 2) for row in honos(*case, n)]
    service.bring("instrument: honos\n", rows)
    service.bring(ANONYMOUS, anonymous(*(poem(code) for code in (1, 2, 3, 4) * 3)))

    page = service_report(service.workspace, START, END, disclosure=policy)

    assert all(f'<section id="{name}"' in page for name in ("poem", "goals", "honos_profile"))
    assert page.count("<table") == page.count("<caption>")
    assert re.findall(r"<th(?![^>]*scope=)(?!ead)[^>]*>", page) == []
    assert page.count("<svg") == page.count('role="img"') == page.count("<figcaption>")
    assert Counter(re.findall(r'\bid="([^"]+)"', page)).most_common(1)[0][1] == 1
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_service_with_nobody_has_a_page(tmp_path):
    workspace = create_workspace(tmp_path / "service", "Fen", today=date(2026, 1, 31))

    page = service_report(workspace, START, END)
    workspace.store.close()

    assert "there is no change to report yet" in page
