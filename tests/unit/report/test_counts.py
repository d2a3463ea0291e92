"""No hidden count of the page's tables can be worked out from what stands in them."""

import polars as pl
import pytest
from oracles.attacker import reach
from romframe_report.bins import bins_of
from romframe_report.counts import completeness_table, moves_table

from romframe import (
    NHS_MONTHLY,
    SERVICE,
    all_of,
    in_group,
    move_table,
    protect,
    split_table,
    table_of_classes,
    way_table,
)


def classes(found, pairs):
    return table_of_classes("key", found, pairs)


def completeness(key, referrals, assessed, paired, reasons):
    return completeness_table(key, referrals, assessed, {"treatment": paired}, reasons, {})


def item(*counts):
    names = ("stayed_low", "low_to_high", "high_to_low", "stayed_high")
    return move_table("key", dict(zip(names, counts, strict=True)))


def grouped():
    """Groups beside their classes, whose totals are decided first; and one among the kept well."""
    beside = classes({"improved": 20, "unchanged": 16, "deteriorated": 3}, 41)
    ends = {"better": "improved", "same": "unchanged", "worse": "deteriorated"}
    rows = {"A": (12, 6, 3), "B": (8, 10, 0)}
    groups = {name: dict(zip(ends, row, strict=True)) for name, row in rows.items()}
    months = {"Jan": (2, 9), "Feb": (9, 8), "rest": (9, 2)}
    runs = {name: dict(zip(("met", "others"), row, strict=True)) for name, row in months.items()}
    after = {"met": "improved", "others": "not better"}
    kept = {"treatment": 41, "prevention": 3}
    return {
        "by group": split_table("groups", groups, ends, whole="classified", after=beside),
        "by month": split_table(
            "months", runs, after, whole="classified", after=beside, unshown=("others", "rest")
        ),
        "few kept well": completeness_table("all", 60, 53, kept, {"no_last": 16}, {"missed": 2}),
    }


@pytest.fixture
def tables(service):
    bins = bins_of(service.instrument("core_10").score("total"))
    moved = [(20, 8)] * 6 + [(30, 20)] * 3 + [(15, 14)] * 9 + [(8, 20)] * 2
    reasons = {"no_assessment": 2, "declined": 5, "no_last": 12}
    return {
        "classes": classes(
            {"recovered": 12, "improved": 6, "unchanged": 20, "deteriorated": 0, "harmed": 3}, 41
        ),
        "everybody": classes({"improved": 30, "unchanged": 0, "deteriorated": 0}, 30),
        "not classified": classes({"maintained": 20, "relapsed": 7}, 30),
        "fours": classes({"improved": 4, "unchanged": 4, "deteriorated": 0}, 8),
        "completeness": completeness("core_10", 60, 53, 41, reasons),
        "nearly complete": completeness(
            "core_10", 60, 58, 56, {"no_assessment": 2, "declined": 0, "no_last": 2}
        ),
        "one reason of two": completeness("core_10", 60, 60, 57, {"no_last": 3, "open": 0}),
        "no reason": completeness("all", 60, 57, 57, {}),
        "item": item(20, 3, 9, 6),
        "item low for all": item(38, 0, 0, 0),
        "item high for few": item(30, 0, 2, 6),
        "moves": moves_table("core-10", bins, pl.DataFrame(moved, ["first", "last"], orient="row")),
        "ways": way_table("key", pl.Series([1] * 18 + [-1] * 2 + [0] * 9)),
        **grouped(),
    }


@pytest.mark.parametrize("policy", [SERVICE, NHS_MONTHLY], ids=lambda policy: policy.id)
def test_every_hidden_count_of_a_table_keeps_two_values(tables, policy):
    for name, table in tables.items():
        shown = protect(table, policy)

        assert shown.exposed == (), name
        for hidden in (each for each in shown.cells if shown.hides(each)):
            low, high = reach(table, shown, hidden)
            assert low < high, (name, hidden)


def test_classes_that_are_counted_together_are_sums(tables):
    counts = tables["classes"].counts

    assert counts["recovered+improved"] == 18
    assert counts["deteriorated+harmed"] == 3
    assert "recovered+improved" not in tables["everybody"].counts


def test_reasons_are_a_sum_where_they_add_up(tables):
    sums = {each.total: set(each.parts) for each in tables["completeness"].sums}

    assert sums["referrals"] == {"paired", "no_assessment", "declined", "no_last"}
    assert sums["unassessed"] == {"no_assessment", "declined"}
    odd = completeness("goals", 60, 50, 41, {"no_assessment": 2, "no_last": 12})
    assert [each.parts for each in odd.sums] == [
        ("assessed", "unassessed"),
        ("paired treatment",),
    ]


def test_the_only_reason_of_a_few_referrals_cannot_be_hidden():
    """It is the referrals less the pairs, and both stand all over the page."""
    table = completeness("core_10", 60, 60, 57, {"no_last": 3})

    assert protect(table, SERVICE).exposed == ("no_last",)


def test_moves_have_the_distributions_as_their_margins(tables):
    counts = tables["moves"].counts

    assert [counts[f"first {n}"] for n in range(6)] == [0, 2, 0, 9, 6, 3]
    assert [counts[f"last {n}"] for n in range(6)] == [0, 6, 9, 0, 5, 0]
    assert counts["move 4 1"] == 6
    assert counts["pairs"] == 20


def test_a_group_may_be_called_as_any_other_count_is():
    ends = {"paired": "all paired", "unpaired": "all unpaired"}
    names = ["A", "A: paired", "A: all", "all paired", "all referrals"]
    groups = {name: {"paired": n, "unpaired": 10} for n, name in enumerate(names, 5)}

    counts = split_table("teams", groups, ends, whole="all referrals").counts

    assert [counts[in_group(name, "paired")] for name in names] == [5, 6, 7, 8, 9]
    assert [counts[all_of(name)] for name in names] == [15, 16, 17, 18, 19]
    assert (counts["all paired"], counts["all unpaired"], counts["all referrals"]) == (35, 50, 85)
