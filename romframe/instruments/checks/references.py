"""Checks of what stands between sections: sources, derivations, terminology, things never used."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from stdnum import luhn, verhoeff

from romframe.draft import Entry
from romframe.instruments import build
from romframe.instruments.checks.answers import RESERVED
from romframe.instruments.checks.spec import Spec
from romframe.yaml_source import Path


def check_repeats(spec: Spec) -> None:
    """Report an identity of repeated rows that has the name of another column."""
    repeats = spec.section("repeats")
    taken = RESERVED.union(spec.names("items") or ()) - {"goal_id"}
    if repeats and spec.document.sound(("repeats",)) and repeats["by"] in taken:
        what = f"The id {repeats['by']!r} is already taken."
        spec.report(("repeats", "by"), "id-twice", what, "Give it a name of its own.")


def check_derivations(spec: Spec) -> None:
    """Report derivations of items that the instrument does not have."""
    for path, derivation in spec.entries("derivations"):
        for own in derivation["items"]:
            spec.unknown((*path, "items", own), "unknown-item", own, "items")


def check_sources(spec: Spec) -> None:
    """Report sources that are named but not given."""
    for path, name in _named_sources(spec.data, ()):
        if spec.document.sound(path):
            spec.unknown(path, "unknown-source", name, "sources")


# Sections whose keys are names that the author chose.
_OWN_NAMES = {
    "codes",
    "labels",
    "met",
    "notes",
    "sent_as",
    "slot_codes",
    "sources",
    "table",
    "weights",
}


def _named_sources(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    entries: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, each in entries:
        if key in ("source", "bands_source") and isinstance(each, str):
            yield (*path, key), each
        elif key not in _OWN_NAMES:
            yield from _named_sources(each, (*path, key))


_CHECK_DIGITS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "snomed": ("SNOMED CT", lambda code: 6 <= len(code) <= 18 and verhoeff.is_valid(code)),
    "loinc": ("LOINC", lambda code: code[-2:-1] == "-" and luhn.is_valid(code.replace("-", ""))),
}


def check_terminology(spec: Spec) -> None:
    """Report ids with a wrong check digit, and dates the wrong way round."""
    for section in ("items", "scores"):
        for path, entry in list(spec.entries(section)):
            for system, codes in entry.get("codes", {}).items():
                for code in codes if isinstance(codes, list) else [codes]:
                    dated = {"id": code} if isinstance(code, str) else code
                    _check_code(spec, (*path, "codes", system), system, dated)
            for system, codes in entry.get("slot_codes", {}).items():
                for index, code in enumerate(codes):
                    place = (*path, "slot_codes", system, index)
                    _check_code(spec, place, system, {"id": code})
                if not spec.section("repeats"):
                    what = "There are no goals here that could be counted."
                    mend = "Write plain `codes:`, or say what repeats."
                    spec.report((*path, "slot_codes"), "no-repeats", what, mend)


def right_code(system: str, code: str) -> bool:
    """Say whether a code can be one of a terminology, by its length and check digit."""
    _, valid = _CHECK_DIGITS.get(system, (system, bool))
    return valid(code)


def _check_code(spec: Spec, path: Path, system: str, code: Mapping[str, str]) -> None:
    if not right_code(system, code["id"]):
        name, _ = _CHECK_DIGITS.get(system, (system, bool))
        what = f"{code['id']} is not a {name} id: its length or its check digit is wrong."
        spec.report(path, "check-digit", what, "Copy the id again from its source.")
    if code.get("from", "") > code.get("to", "9999"):
        what = f"The code {code['id']} is valid from {code['from']} only to {code['to']}."
        spec.report(path, "date-order", what, "Correct one of the dates.")


def check_cut_offs(spec: Spec) -> None:
    """Report cut-offs and norms of scores that there are not, or outside the score's range."""
    ranges = {score["id"]: score["range"] for _, score in spec.entries("scores")}
    for section in ("cut_offs", "norms"):
        spec.unique(spec.entries(section))
        for path, entry in list(spec.entries(section)):
            unknown = spec.unknown((*path, "score"), "unknown-score", entry["score"], "scores")
            if section == "cut_offs" and not unknown:
                _check_cut_off(spec, path, entry, ranges.get(entry["score"]))


def _check_cut_off(spec: Spec, path: Path, entry: Entry, limits: Sequence[float] | None) -> None:
    sides = [side for side in build.SIDES if side in entry]
    if len(sides) != 1:
        what = "It is not clear on which side of the cut-off this holds."
        mend = f"Give one of {', '.join(build.SIDES)}."
        spec.report(path, "cut-off-side", what, mend)
    elif limits and not limits[0] <= entry[sides[0]] <= limits[1]:
        what = f"{entry[sides[0]]} is outside the score's range, {limits[0]} to {limits[1]}."
        spec.report((*path, sides[0]), "threshold-range", what, "Correct it, or the range.")


def check_unused(spec: Spec) -> None:
    """Report what is defined and never used, once all else is sound.

    A misspelt name has left something unused as well; that would be one fault told twice.
    """
    if spec.document.problems:
        return
    scored = {
        name
        for path, score in spec.entries("scores")
        if "items" in score
        for name in spec.inputs(path, score)
    }
    for path, item in list(spec.entries("items")) if scored else ():
        if spec.counts(item) and item["id"] not in scored:
            what = f"No score uses the item {item['id']!r}."
            mend = "Add it to a score, or write `scored: false` on it."
            spec.report(path, "never-used", what, mend)
    used = {item["scale"] for item in spec.data["items"]}
    _unused(spec, "response_scales", used, "No item uses the scale", "Use it in an item")
    named = {name for _, name in _named_sources(spec.data, ())}
    _unused(spec, "sources", named, "Nothing rests on the source", "Name it where it is relied on")


def _unused(spec: Spec, section: str, used: set[str], what: str, mend: str) -> None:
    for name in spec.section(section):
        if name not in used:
            spec.report(
                (section, name), "never-used", f"{what} {name!r}.", f"{mend}, or delete it."
            )
