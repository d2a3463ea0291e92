"""What a pack must fulfil beyond its schema: names that exist, and rules that fit together."""

from collections.abc import Iterable, Mapping
from typing import Any

from romframe import Document, UsageError, did_you_mean, disclosure_policy


_CHANGES = ("improved", "unchanged", "deteriorated", "recovered")
Path = tuple[str | int | float, ...]


def check(document: Document) -> None:
    """Report what is wrong with a pack whose shape is sound."""
    _check_names(document)
    _check_services(document)
    _check_readings(document)
    _check_figures(document)
    _check_rest(document)


def _check_names(document: Document) -> None:
    data = document.data
    for key in ("services", "cohorts", "families", "figures", "readings"):
        _once(document, (key,), data.get(key, ()), ())
    services = {each["id"] for each in data["services"]}
    _once(document, ("groups",), data.get("groups", ()), services)
    for number, group in enumerate(data.get("groups", ())):
        for place, name in enumerate(group["services"]):
            _known(document, ("groups", number, "services", place), name, services)


def _once(
    document: Document, path: Path, entries: Iterable[Mapping[str, Any]], taken: Iterable[str]
) -> None:
    seen = set(taken)
    for number, entry in enumerate(entries):
        if entry["id"] in seen:
            what = f"The name {entry['id']!r} is taken."
            document.report(
                (*path, number, "id"), "national-name-twice", what, "Give another name."
            )
        seen.add(entry["id"])


def _known(document: Document, path: Path, name: str, names: Iterable[str]) -> None:
    known = set(names)
    if name not in known:
        what = f"There is no {name!r} here."
        document.report(path, "national-unknown-name", what, did_you_mean(name, known))


def _one(document: Document, path: Path, entry: Mapping[str, Any], *keys: str) -> None:
    """Report where not exactly one of the keys is there."""
    if sum(key in entry for key in keys) != 1:
        what = f"Exactly one of these is needed here: {', '.join(keys)}."
        document.report(path, "national-choose-one", what, "Keep one of them.")


def _check_services(document: Document) -> None:
    for number, service in enumerate(document.data["services"]):
        path: Path = ("services", number)
        _one(document, (*path, "teams"), service["teams"], "in", "not_in")
        _one(document, (*path, "contacts"), service["contacts"], "more_than", "at_least")
        for place, kind in enumerate(service["contacts"]["kinds"]):
            here = (*path, "contacts", "kinds", place)
            if kind["kind"] == "direct":
                _one(document, here, kind, "mechanisms", "mechanisms_by")
                _reading(document, here, kind, "mechanisms")
    for number, cohort in enumerate(document.data["cohorts"]):
        if "length" in cohort:
            here = ("cohorts", number, "length")
            _one(document, here, cohort["length"], "more_than", "at_least")
        if cohort["id"] == "open" and "months" in cohort:
            what = "Only the figures of closed referrals can be sums over months."
            document.report(("cohorts", number, "months"), "national-figure", what, "Delete it.")


def _reading(document: Document, path: Path, entry: Mapping[str, Any], key: str) -> None:
    """Check that a rule that a reading decides is decided by each of its choices."""
    name = entry.get(f"{key}_by")
    if name is None:
        return
    readings = {each["id"]: each for each in document.data.get("readings", ())}
    _known(document, (*path, f"{key}_by"), name, readings)
    choices = readings.get(name, {}).get("choices", ())
    lacking = [each["id"] for each in choices if key not in each]
    if lacking:
        what = f"Choices of the reading {name} do not say {key!r}: {', '.join(lacking)}."
        document.report((*path, f"{key}_by"), "national-choose-one", what, f"Add {key!r} to them.")


def _check_readings(document: Document) -> None:
    for number, reading in enumerate(document.data.get("readings", ())):
        path = ("readings", number)
        _once(document, (*path, "choices"), reading["choices"], ())
        choices = {each["id"] for each in reading["choices"]}
        _known(document, (*path, "default"), reading["default"], choices)


def _check_figures(document: Document) -> None:
    data = document.data
    groups = {each["id"] for key in ("services", "groups") for each in data.get(key, ())}
    families = {each["id"] for each in data["families"]}
    cohorts = {each["id"] for each in data["cohorts"]}
    for number, figure in enumerate(data["figures"]):
        path: Path = ("figures", number)
        _known(document, (*path, "family"), figure["family"], families)
        for place, name in enumerate(figure["cohorts"]):
            _known(document, (*path, "cohorts", place), name, cohorts)
        for name in figure.get("targets", ()):
            _known(document, (*path, "targets", name), name, groups)
        _check_sum(document, path, figure)


def _check_sum(document: Document, path: Path, figure: Mapping[str, Any]) -> None:
    """Report a figure whose count is no part of what it is a count out of."""
    count, of, unit = figure["count"], figure["of"], figure.get("unit", "referrals")
    fits = {
        "eligible": unit == "referrals" and count in ("assessed", "paired"),
        "paired": count in _CHANGES[:3],
        "below_cut_off": unit == "pairs" and count == "recovered",
    }
    if not fits[of]:
        what = f"{count} of {of}, counted in {unit}, is not a figure."
        mend = (
            "Count assessed or paired referrals of eligible ones; improved, unchanged or "
            "deteriorated of paired ones; or recovered pairs of those below the cut-off."
        )
        document.report((*path, "count"), "national-figure", what, mend)
    if count in _CHANGES and "change" not in document.data:
        what = f"{count!r} cannot be counted without thresholds of change."
        document.report((*path, "count"), "national-figure", what, "Add `change` to the pack.")


def _check_rest(document: Document) -> None:
    data = document.data
    change = data.get("change")
    if change is not None:
        _one(document, ("change",), change, "better", "better_by")
        _reading(document, ("change",), change, "better")
    elif data.get("scales") == "with_threshold":
        what = "There are no thresholds to choose scales by."
        document.report(("scales",), "national-figure", what, "Add `change`, or write `listed`.")
    if data["covers"].get("until", "9999") < data["covers"]["from"]:
        what = "The last day is before the first."
        document.report(("covers", "until"), "wrong-value", what, "Correct one of the two.")
    try:
        disclosure_policy(data["publication"]["disclosure"])
    except UsageError as error:
        document.add(("publication", "disclosure"), error.problems[0])
