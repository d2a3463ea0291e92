"""A rule never gives a class that its method does not declare."""

import polars as pl
import pytest

from romframe.change import judge
from romframe.change_methods import FIVE_CLASSES, THREE_CLASSES


def rules(catalogue):
    for name in ("core_10", "phq_9", "who_5", "pcl_5"):
        instrument = catalogue.instrument(name)
        for rule in instrument.change_rules:
            if rule.score:
                yield instrument, rule


def test_no_shipped_rule_gives_a_class_that_it_is_not_said_to_give(shipped):
    methods = shipped.change_methods
    for instrument, rule in rules(shipped):
        score = instrument.score(rule.score)
        steps = [score.low + n * (score.high - score.low) / 40 for n in range(41)]
        pairs = pl.LazyFrame({"first": steps}).join(pl.LazyFrame({"last": steps}), how="cross")
        find = shipped.instrument
        ready = judge(instrument, methods, score=score.id, rule=rule.id, find=find)
        found = set(ready.classify(pairs).collect()["class"].cast(str)) - {"not_classified"}
        assert found <= set(methods[rule.method].classes_of(rule.params)), rule.id


@pytest.mark.parametrize(
    ("method", "params", "classes"),
    [
        ("reliable", {"reliable": {"at_least": 5}}, THREE_CLASSES),
        ("clinical", {"cut_off": {"value": 5, "clinical": "at_least"}}, THREE_CLASSES),
        ("reliable_and_clinical", {"cut_off": {}, "reliable": {}}, FIVE_CLASSES),
        ("hageman_arrindell", {"reliability": 0.8}, THREE_CLASSES),
        ("hageman_arrindell", {"reliability": 0.8, "cut_off": {}}, FIVE_CLASSES),
        ("per_goal", {"reliable": {"at_least": 1}}, THREE_CLASSES),
    ],
)
def test_recovery_needs_a_cut_off(shipped, method, params, classes):
    assert shipped.change_methods[method].classes_of(params) == classes
