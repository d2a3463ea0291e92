"""A shorter instrument read out of a longer one."""

import polars as pl
import pytest

import romframe
from romframe.api import catalogue
from romframe.derivation import derive
from romframe.errors import DataError, UsageError
from romframe.instruments.model import STORED


CORE_OM = (2, 3, 1, 2, 3, 0, 2, 3, 1, 2, 1, 2, 3, 2, 2, 0, 3)
CORE_OM += (3, 2, 2, 1, 0, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 2, 0)


def core_om(**answers):
    row = {f"q{n}": answer for n, answer in enumerate(CORE_OM, 1)}
    return pl.LazyFrame([{"person": "a", **row, **answers}])


def derived(frame, coding="position"):
    known = catalogue().instrument
    return derive(frame, known("core_10"), known("core_om"), coding)


def total(frame):
    return romframe.score(frame, "core_10", coding=STORED.id).collect().to_dicts()[0]


def test_a_core_10_is_read_out_of_a_core_om():
    found = derived(core_om())
    assert found.collect_schema().names()[0] == "person"
    assert total(found)["value"] == 22.0


def test_scored_and_position_answers_give_the_same():
    turned = {f"q{n}": 4 - CORE_OM[n - 1] for n in (3, 4, 7, 12, 19, 21, 31, 32)}
    assert total(derived(core_om(**turned), "scored")) == total(derived(core_om()))


def test_gaps_stay_gaps_and_what_is_no_answer_is_refused():
    assert total(derived(core_om(q2=None)))["status"] == "prorated"
    assert total(derived(core_om(q2=7)))["reason"] == "invalid_response"


def test_a_coding_is_asked_for():
    with pytest.raises(UsageError, match="coding-needed"):
        derived(core_om(), None)


def test_what_cannot_be_derived_says_why():
    known = catalogue().instrument
    with pytest.raises(UsageError, match="no-derivation"):
        derive(core_om(), known("core_om"), known("core_10"), "position")
    with pytest.raises(UsageError, match="Known: core_om"):
        derive(core_om(), known("core_10"), known("honos"))
    with pytest.raises(DataError, match="q16"):
        derived(core_om().drop("q16"))


def test_a_map_to_items_that_are_not_there_is_a_fault_of_the_spec(make):
    spec = """
        response_scales:
          level: {codes: {0: a, 1: b}}
        items:
          - {id: q1, label: one, scale: level}
        derivations:
          - {from: honos, items: {q1: q99}, source: invented}
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 1], better: lower}
        """
    with pytest.raises(UsageError, match="'q99', which HoNOS does not have"):
        derive(core_om(), make(spec), catalogue().instrument("honos"))
