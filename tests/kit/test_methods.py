"""Every shipped method keeps what the kit asks of any."""

import polars as pl
import romframe_change

from romframe import builtin
from romframe.testing import ChangeMethodSuite, NumberCase, ScoringMethodExtras
from romframe.testing.hosts import load_alone, record_of


HAND = "worked out by hand"
NUMBERS = {
    "sum": ({}, [([0, 1, 2, 3], 6), ([4, None, 2, 3], 12)]),
    "mean": ({}, [([0, 1, 2, 3], 1.5), ([4, None, 2, 3], 3)]),
    "weighted_sum": (
        {"weights": {"q1": 1, "q2": 0.5, "q3": 2, "q4": -1}},
        [([0, 1, 2, 3], 1.5), ([None, 0, 1, 2], 1)],
    ),
    "count_at_least": ({"threshold": 2}, [([0, 1, 2, 3], 2), ([4, None, 1, 0], 4 / 3)]),
    "highest": ({}, [([0, 1, 2, 3], 3), ([None, 1, 2, 0], 2)]),
    "lowest": ({}, [([2, 1, 4, 3], 1), ([None, 1, 2, 3], 1)]),
    "difference": ({}, [([3, 1], 2), ([3, None], None)]),
    "sum_of_scores": ({}, [([0, 1, 2, 3], 6), ([0, 1, None, 3], None)]),
    "criteria": (
        {
            "met": {
                "s1": {"at_least": 2},
                "s2": {"at_most": 1},
                "s3": {"at_most": 4},
                "s4": {"at_least": 0},
            }
        },
        [([2, 1, 0, 0], 1), ([1, 1, 0, 0], 0), ([2, 1, 0, None], None)],
    ),
    "lookup": ({"table": {0: 10, 1: 12.5, 3: 20}}, [([1], 12.5), ([2], None), ([None], None)]),
}

RELIABLE, CUT_OFF = {"at_least": 6}, {"value": 15, "clinical": "at_least"}
TURNED = {"value": 15, "clinical": "less_than"}
OTHER = {"instrument": "awkward", "score": "total", "rule": "three_points"}
SURE = {"reliability": 0.9}
DRAWN = {"by_itself": False, "stays": False, "mirrors": False}  # towards the mean of the group
CHANGES = {
    "reliable": {"params": {"reliable": RELIABLE}},
    "clinical": {"params": {"cut_off": CUT_OFF}, "params_if_higher": {"cut_off": TURNED}},
    "reliable_and_clinical": {
        "params": {"reliable": RELIABLE, "cut_off": CUT_OFF},
        "params_if_higher": {"reliable": RELIABLE, "cut_off": TURNED},
    },
    "categorical": {"params": {"high": {"at_least": 15}}},
    "percentage": {"params": {"improved": 50}, "mirrors": False},
    "anchor": {"params": {"important": {"at_least": 5}}},
    "per_goal": {
        "params": {"reliable": {"at_least": 3}},
        "columns": {"firsts": pl.concat_list("first"), "lasts": pl.concat_list("last")},
    },
    "two_measures": {
        "params": {"reliable": RELIABLE, "cut_off": CUT_OFF, "with": OTHER},
        "params_if_higher": {"reliable": RELIABLE, "cut_off": TURNED, "with": OTHER},
        "columns": {"first_awkward": pl.lit(4.0), "last_awkward": pl.lit(4.0)},
    },
    "jacobson_truax": {"params": SURE, "by_itself": False},
    "gulliksen_lord_novick": {"params": SURE, **DRAWN},
    "hsu_linn_lord": {"params": SURE, **DRAWN},
    "edwards_nunnally": {"params": SURE, **DRAWN},
    "nunnally_kotsch": {"params": {**SURE, "reliability_last": 0.9}, **DRAWN},
    "hageman_arrindell": {"params": SURE, **DRAWN},
}


def suites(base, plugin, offers, kind):
    for method in record_of(load_alone(plugin)).offers[kind]:
        name = f"Test_{kind}_{method}"
        yield name, type(name, (base,), {"plugin": plugin, "method": method, **offers[method]})


SCORING = {
    name: {
        "params": params,
        "inputs": len(cases[0][0]),
        "cases": [NumberCase(values, number, HAND) for values, number in cases],
    }
    for name, (params, cases) in NUMBERS.items()
}
globals().update(suites(ScoringMethodExtras, builtin, SCORING, "scoring_methods"))
globals().update(suites(ChangeMethodSuite, builtin, CHANGES, "change_methods"))
globals().update(suites(ChangeMethodSuite, romframe_change, CHANGES, "change_methods"))
