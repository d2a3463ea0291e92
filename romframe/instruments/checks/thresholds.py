"""Checks of thresholds: alerts, bands, cut-offs and tables keyed by attributes of the person."""

import itertools
import math
from collections.abc import Mapping
from typing import Any

from romframe.draft import Entry
from romframe.errors import did_you_mean
from romframe.instruments.checks.spec import Spec
from romframe.yaml_source import Path


def check_alert(spec: Spec, path: Path, entry: Entry, low: Any, high: Any) -> None:
    """Report an alert that can never be raised, or that nobody answers for."""
    alert = entry.get("alert")
    if alert is None:
        return
    path = (*path, "alert")
    if low is None:
        what = "An alert needs answers that are numbers."
        spec.report(path, "alert-range", what, "Delete it, or give the codes values.")
    else:
        side = "at_least" if "at_least" in alert else "at_most"
        if not low <= alert[side] <= high:
            what = f"An alert at {alert[side]} makes no sense: values go from {low} to {high}."
            spec.report((*path, side), "alert-range", what, "Write a value inside that range.")
    if "source" not in alert and "source" not in entry:
        spec.no_source(path, "This alert")
    spec.not_unverified((*path, "source"), "This alert", alert.get("source"))


def check_bands(spec: Spec, path: Path, score: Entry) -> None:
    """Report bands that overlap, lie outside the score's range, or have no source."""
    for name, option in score.get("band_options", {}).items():
        place = (*path, "band_options", name, "bands")
        check_band_set(spec, place, option["bands"], score["range"])
    bands = score.get("bands")
    if bands is None:
        if "bands_source" in score:
            mend = "Write bands, or delete it."
            spec.report((*path, "bands_source"), "no-bands", "There are no bands here.", mend)
        return
    path = (*path, "bands")
    if "bands_source" not in score and "source" not in score:
        spec.no_source(path, "This set of bands")
    spec.not_unverified(path, "This set of bands", score.get("bands_source"))
    if isinstance(bands, list):
        check_band_set(spec, path, bands, score["range"])
        return
    check_table(spec, path, bands, "bands")
    for index, row in enumerate(bands["rows"]):
        check_band_set(spec, (*path, "rows", index, "bands"), row["bands"], score["range"])


def check_band_set(spec: Spec, path: Path, bands: list[Entry], limits: list[float]) -> None:
    """Report bands that do not go up, or that start outside the limits."""
    low, high = limits
    for index, band in enumerate(bands):
        start, label = band["from"], band["label"]
        if not low <= start <= high:
            what = f"The band {label!r} starts at {start}, outside {low} to {high}."
            mend = "Correct its start or the range."
            spec.report((*path, index, "from"), "band-outside", what, mend)
        elif index and start <= bands[index - 1]["from"]:
            what = f"The band {label!r} overlaps the one before it."
            spec.report((*path, index, "from"), "band-overlap", what, "Let the starts go up.")


def check_table(spec: Spec, path: Path, table: Entry, content: str) -> None:
    """Report rows of a keyed table that do not say for whom they hold, or hold for the same person.

    `content` is the key of what a row holds. An attribute is text, or [low, high], both included.
    """
    rows = table["rows"]
    spec.listed_twice((*path, "by"), table["by"])
    for index, row in enumerate(rows):
        _check_row(spec, (*path, "rows", index), row, table["by"], content)
    if not rows:
        mend = "Write at least one row."
        spec.report((*path, "rows"), "empty-value", "This table has no rows.", mend)
    if not spec.document.sound(path):
        return
    for (n, first), (m, second) in itertools.combinations(enumerate(rows), 2):
        if all(_meet(first[name], second[name]) for name in table["by"]):
            what = f"Row {m + 1} holds for some of the people of row {n + 1}."
            mend = "Let every person fit one row; [low, high] includes both ends."
            spec.report((*path, "rows", m), "row-overlap", what, mend)


def _check_row(spec: Spec, path: Path, row: Entry, by: list[str], content: str) -> None:
    for name in by:
        if name not in row:
            what = f"The table goes by {name!r}, but this row does not say for which."
            spec.report(path, "row-attribute", what, f"Add `{name}: ...`.")
    for name, wanted in row.items():
        if name == content:
            continue
        if name not in by:
            what = f"The table does not go by {name!r}."
            spec.report((*path, name), "row-attribute", what, did_you_mean(name, [*by, content]))
        elif isinstance(wanted, list) and not _goes_up(wanted):
            what = "A range of an attribute is two numbers that go up."
            spec.report((*path, name), "row-attribute", what, "Write [low, high], both included.")


def _goes_up(ends: list[Any]) -> bool:
    plain = all(isinstance(each, int | float) and not isinstance(each, bool) for each in ends)
    return plain and len(ends) == 2 and ends[0] <= ends[1]


def _meet(first: Any, second: Any) -> bool:
    """Say whether an attribute can fit both; between whole ends it counts in whole numbers."""
    if not isinstance(first, list) or not isinstance(second, list):
        return bool(first == second)
    if _whole(first) or _whole(second):
        first, second = list(map(math.floor, first)), list(map(math.floor, second))
    return bool(first[0] <= second[1] and second[0] <= first[1])


def _whole(ends: list[Any]) -> bool:
    return all(end % 1 == 0 for end in ends)


CLINICAL_SIDES: Mapping[str, tuple[str, str]] = {
    "lower": ("at_least", "more_than"),
    "higher": ("at_most", "less_than"),
}
_CHANGES = ("reliable", "important", "important_worse")


def check_cut_off(spec: Spec, path: Path, cut_off: Entry, better: str, limits: list[float]) -> None:
    """Report a cut-off whose clinical side is the healthy one, or that no score can pass."""
    if "clinical" in cut_off and cut_off["clinical"] not in CLINICAL_SIDES[better]:
        what = f"{better.capitalize()} is better, so {cut_off['clinical']} is the healthy side."
        mend = f"Write `clinical: {CLINICAL_SIDES[better][0]}`, or correct the score's `better`."
        spec.report((*path, "clinical"), "cut-off-side", what, mend)
    values = [((*path, "value"), cut_off["value"])] if "value" in cut_off else []
    if "rows" in cut_off:
        check_table(spec, path, cut_off, "value")
        values = [((*path, "rows", n, "value"), r["value"]) for n, r in enumerate(cut_off["rows"])]
    for place, value in values:
        _inside(spec, place, value, limits)


def check_level(spec: Spec, path: Path, level: Entry, limits: list[float]) -> None:
    """Report a level that every score or none would reach."""
    for key in ("at_least", "more_than"):
        if key in level:
            _inside(spec, (*path, key), level[key], limits)


def check_changes(spec: Spec, path: Path, rule: Entry, limits: list[float]) -> None:
    """Report an amount of change that is wider than the score's range."""
    low, high = limits
    for name in _CHANGES:
        amounts = rule.get(name)
        for key in ("at_least", "more_than"):
            amount = amounts.get(key, 0) if isinstance(amounts, Mapping) else 0
            if amount > high - low:
                what = f"No change can reach {amount}: values go from {low} to {high}."
                mend = "Correct it, or the score's range."
                spec.report((*path, name, key), "threshold-range", what, mend)


def _inside(spec: Spec, path: Path, value: Any, limits: list[float]) -> None:
    low, high = limits
    if not low <= value <= high:
        what = f"{value} is outside the values that there can be, {low} to {high}."
        spec.report(path, "threshold-range", what, "Write a value inside that range.")
