"""Figures of groups, and the label of a group as a whole."""

import json

import polars as pl
import pytest
from attrs import asdict

from romframe.api import catalogue
from romframe.change import judge
from romframe.grouped import GROUP_LABELS, group_anchor, group_figures, pair_verdicts


GAINS = [4, 6, 8, 10, 12]  # mean 8, SD sqrt(10), t of 4 df 2.776445: 4.0735 to 11.9265


@pytest.mark.parametrize(
    ("important", "label"),
    [
        (3, "large"),
        (4.07, "large"),
        (4.08, "probably_relevant"),
        (8, "probably_relevant"),
        (8.01, "not_significantly_beyond"),
        (11.92, "not_significantly_beyond"),
        (11.93, "significant_not_relevant"),
    ],
)
def test_a_group_is_judged_by_its_interval_against_the_important_difference(important, label):
    found = group_anchor(GAINS, important)

    assert (found.label, found.direction) == (label, "better")
    assert found.words == GROUP_LABELS[label]
    assert (found.n, found.mean, found.important) == (5, 8, important)
    assert found.sd == pytest.approx(10**0.5)
    assert found.interval.low == pytest.approx(4.0735, abs=1e-4)
    assert found.interval.high == pytest.approx(11.9265, abs=1e-4)
    assert found.interval.kind == "t"


def test_an_interval_that_holds_0_is_not_significant_whatever_else_it_holds():
    found = group_anchor([-3, 1, 2, 8], 1)

    assert (found.label, found.direction) == ("not_significant", "neither")


def test_a_group_that_got_worse_is_never_said_to_have_improved():
    worse = [-gain for gain in GAINS]

    assert group_anchor(worse, 3).label == "large"
    assert group_anchor(worse, 3).direction == "worse"
    assert group_anchor(worse, 3).mean == -8
    assert group_anchor(worse, 3, 11).label == "not_significantly_beyond"
    assert group_anchor(worse, 3, 11).important == 11
    assert group_anchor(GAINS, 3, 11).label == "large"


@pytest.mark.parametrize("gains", [[], [5], [5, 5, 5], [0.3 - 0.2, 0.7 - 0.6, 1.1 - 1.0]])
def test_a_group_without_an_interval_has_no_label(gains):
    assert group_anchor(gains, 3) is None


def test_published_interval_of_a_group():
    """Mean change of 40 people 9.775, interval 6.241 to 13.309: relevant at 7 only probably.

    Documented by the R package clinicalsignificance 863dc77 for BDI; data made to have that mean
    and the SD that the interval says, half its width over t of 39 df (2.022691) times sqrt(40).
    """
    sd = (13.309 - 6.241) / 2 / 2.022691 * 40**0.5
    step = sd * (39 / 40) ** 0.5
    found = group_anchor([9.775 - step, 9.775 + step] * 20, 7)

    assert found.interval.low == pytest.approx(6.241, abs=1e-3)
    assert found.interval.high == pytest.approx(13.309, abs=1e-3)
    assert found.label == "probably_relevant"


def ready(rule=None, **settings):
    known = catalogue()
    core_10 = known.instrument("core_10")
    return judge(core_10, known.change_methods, score="total", rule=rule, settings=settings)


def pairs(*rows):
    schema = {"first": pl.Float64, "last": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def figures(rows, chosen):
    judged = chosen.classify(rows.lazy()).collect()
    return group_figures(pair_verdicts(judged, 0, 40), "lower", chosen, "rows")


def test_every_row_is_a_pair_or_says_why_not():
    rows = pairs((20, 5), (None, 5), (20, None), (None, None), (41, 5), (20, -1), (0, 40))

    found = pair_verdicts(rows, 0, 40)["verdict"].to_list()
    assert found == [
        "paired",
        "no_first",
        "no_last",
        "no_scores",
        "outside_range",
        "outside_range",
        "paired",
    ]


def test_what_is_no_pair_is_in_no_mean_and_no_share():
    found = figures(pairs((20, 5), (25, 24), (None, 5), (99, 5)), ready())

    assert (found.total, found.paired, found.classified, found.not_classified) == (4, 2, 2, 0)
    assert found.not_paired == {"no_first": 1, "outside_range": 1}
    assert (found.figures["first"].n, found.figures["first"].mean) == (2, 22.5)
    assert found.figures["improvement"].mean == 8
    assert {name: (each.count, each.of) for name, each in found.classes.items()} == {
        "recovered": (1, 2),
        "improved": (0, 2),
        "unchanged": (1, 2),
        "deteriorated": (0, 2),
        "harmed": (0, 2),
    }


def test_classes_that_a_rule_cannot_give_are_listed_only_when_they_are_there():
    chosen = ready("reliable", **{"reliable.at_least": 6})
    rows = pairs((20, 5), (8, 8))
    assert list(figures(rows, chosen).classes) == ["improved", "unchanged", "deteriorated"]

    odd = pl.DataFrame({"verdict": ["paired"], "first": [20.0], "last": [5.0], "class": "harmed"})
    assert "harmed" in group_figures(odd, "lower", chosen, "rows").classes


def test_a_pair_that_the_rule_cannot_judge_counts_as_not_classified():
    rows = pairs((20, 5), (8, 8)).with_columns(pl.lit("paired").alias("verdict"))
    rows = rows.with_columns(pl.Series("class", ["recovered", "not_classified"]))

    found = group_figures(rows, "lower", ready(), "referrals")
    assert (found.paired, found.classified, found.not_classified) == (2, 1, 1)
    assert found.classes["recovered"].value == 1


def test_without_a_rule_there_are_means_and_no_classes():
    rows = pl.DataFrame({"verdict": ["paired"], "first": [1.0], "last": [5.0], "class": [None]})

    found = group_figures(rows, "neither", None, "referrals")
    assert (found.rule, found.classes, found.classified, found.anchor) == (None, {}, 0, None)
    assert list(found.figures) == ["first", "last", "change"]
    assert found.figures["change"].mean == 4


def test_the_group_is_judged_as_a_whole_where_the_rule_has_an_important_difference():
    rows = pairs((20, 16), (20, 14), (20, 12), (20, 10), (20, 8))

    assert figures(rows, ready()).anchor is None
    at_least = figures(rows, ready("anchor", **{"important.at_least": 3})).anchor
    assert (at_least.label, at_least.important) == ("large", 3)
    more = {"important.more_than": 9, "important_worse.at_least": 2}
    assert figures(rows, ready("anchor", **more)).anchor.label == "not_significantly_beyond"
    turned = pairs(*((last, first) for first, last in rows.iter_rows()))
    assert figures(turned, ready("anchor", **more)).anchor.important == 2


@pytest.mark.parametrize("rows", [[], [(20, 5)], [(20, 5), (20, 5)], [(20, 5), (12, 11)]])
def test_few_pairs_give_figures_without_nonsense(rows):
    found = figures(pairs(*rows), ready("anchor", **{"important.at_least": 3}))

    assert found.paired == found.classified == len(rows)
    text = json.dumps(asdict(found), allow_nan=False)
    assert "null" in text
    summary = found.figures["first"]
    assert (summary is None) == (not rows)
    if summary:
        assert summary.n == len(rows)
        assert (summary.sd is None) == (len(rows) == 1)
