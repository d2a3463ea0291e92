"""Worked cases of tests/vectors, and short ways to score, judge and read one form."""

import functools
import json
from pathlib import Path

import polars as pl

import romframe
from romframe.api import catalogue


VECTORS = Path(__file__).parents[1] / "vectors"
WORKED = "other_measures_worked.json"


@functools.cache
def vectors(file=WORKED):
    return {case["id"]: case for case in json.loads((VECTORS / file).read_text(encoding="utf-8"))}


def case(name, file=WORKED):
    found = vectors(file)[name]
    return found["input"], found["expected"]


def form(answers):
    row = {f"q{n}": [None if each is None else str(each)] for n, each in enumerate(answers, 1)}
    return pl.DataFrame(row, schema=dict.fromkeys(row, pl.String))


def verdicts(answers, instrument, **options):
    tidy = romframe.score(form(answers), instrument, **options)
    return {each["score"]: each for each in tidy.iter_rows(named=True)}


def values(answers, instrument, **options):
    return {name: each["value"] for name, each in verdicts(answers, instrument, **options).items()}


def change(first, last, instrument, score="total", rule=None):
    frame = pl.DataFrame({"first": [float(first)], "last": [float(last)]})
    return romframe.classify(frame, instrument, score=score, rule=rule).row(0, named=True)


def judged(first, last, instrument, score="total", rule=None):
    return change(first, last, instrument, score, rule)["class"]


def cut_off(instrument, name, value):
    """Say whether a value is on the side of a cut-off that it is about."""
    found = next(each for each in catalogue().instrument(instrument).cut_offs if each.id == name)
    sides = {
        "at_least": value >= found.value,
        "more_than": value > found.value,
        "at_most": value <= found.value,
        "less_than": value < found.value,
    }
    return sides[found.comparator]


def alerts(answers, instrument, **options):
    return romframe.alerts(form(answers), instrument, **options)["subject"].to_list()


OURS = {"no_change": "unchanged", "reliable_improvement": "improved"}


def words(text):
    return OURS.get(text, text).replace("_", " ")
