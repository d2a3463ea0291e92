"""What a schema cannot say of a framework: names that do not exist, figures that cannot be had.

The checks work on plain data, so that a fault in one entry does not hide faults in the others. An
entry that has a fault already is passed over by the checks after it, so that nothing is said twice.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe.conditions import check_condition
from romframe.disclosure import DISCLOSURE_POLICIES
from romframe.draft import Draft, Entry
from romframe.errors import did_you_mean
from romframe.frameworks import build
from romframe.frameworks.groups import GROUP_FIELDS, may_be_kept_well
from romframe.frameworks.indicator_checks import check_indicator
from romframe.frameworks.measure_checks import check_measure
from romframe.frameworks.terms import Terms
from romframe.frameworks.timing_checks import check_timing
from romframe.yaml_source import Document, Path


def check(document: Document, terms: Terms) -> None:
    """Report every fault that stands between parts of the framework, or between it and the rest."""
    draft = Draft(document)
    _check_policy(draft, "pairing", "unknown-pairing", terms.pairings)
    _check_policy(draft, "disclosure", "unknown-disclosure-policy", DISCLOSURE_POLICIES)
    named = _named(draft)
    _check_groups(draft)
    _check_outcomes(draft, terms)
    check_timing(draft, terms)
    for entries in named:
        draft.unique(entries)
    _check_asked_once(draft, terms)


def _check_policy(draft: Draft, key: str, code: str, known: Mapping[str, Any]) -> None:
    name = draft.data.get(key)
    if isinstance(name, str) and draft.document.sound((key,)) and name not in known:
        what = f"There is no {key} policy {name!r}."
        draft.report((key,), code, what, did_you_mean(name, known))


def _named(draft: Draft) -> list[list[tuple[Path, Entry]]]:
    """Give what has an id, sound so far, in lots of which each must have ids of its own."""
    lots = [list(draft.entries(section)) for section in ("groups", "outcomes", "timing")]
    figures = [*_of_outcomes(draft, "measures"), *_of_outcomes(draft, "indicators")]
    return [*lots, figures]


def _of_outcomes(draft: Draft, key: str) -> Iterator[tuple[Path, Entry]]:
    """Give the place and content of each sound measure, or indicator, of any outcome."""
    for index, _ in enumerate(draft.listed("outcomes")):
        yield from draft.entries("outcomes", index, key)


def _check_groups(draft: Draft) -> None:
    for index, entry in enumerate(draft.listed("groups")):
        where = entry.get("where") if isinstance(entry, Mapping) else None
        if isinstance(where, Mapping):
            check_condition(draft.document, ("groups", index, "where"), where, GROUP_FIELDS)
    for path, entry in list(draft.entries("groups")):
        group = build.group(entry)
        if group.counts_improvement and may_be_kept_well(group):
            what = "People who are to be kept well could be in this group, and do not improve."
            mend = (
                "Write `where: {pathway: {not: prevention}}` (beside what stands there), or"
                " `good: [maintained]` and `worse: [relapsed]`."
            )
            place = (*path, "good") if "good" in entry else path
            draft.report(place, "prevention-improvement", what, mend)


def _check_outcomes(draft: Draft, terms: Terms) -> None:
    groups = {entry["id"]: build.group(entry) for _, entry in draft.entries("groups")}
    for path, entry in list(_of_outcomes(draft, "measures")):
        draft.unknown((*path, "group"), "unknown-group", entry["group"], "groups")
        _check_sources(draft, path, entry)
        check_measure(draft, terms, path, entry, groups.get(entry["group"]))
    for path, entry in list(_of_outcomes(draft, "indicators")):
        if "group" in entry:
            draft.unknown((*path, "group"), "unknown-group", entry["group"], "groups")
        _check_sources(draft, path, entry)
        check_indicator(draft, terms, path, entry, groups.get(entry.get("group", "")))


def _check_sources(draft: Draft, path: Path, entry: Entry) -> None:
    for index, target in enumerate(entry.get("targets", ())):
        if "source" in target:
            place = (*path, "targets", index, "source")
            draft.unknown(place, "unknown-source", target["source"], "sources")


def _check_asked_once(draft: Draft, terms: Terms) -> None:
    asked: dict[tuple[Any, ...], str] = {}
    for path, entry in list(_of_outcomes(draft, "measures")):
        found = build.measure(entry, terms)
        times = (frozenset(found.first), frozenset(found.last))
        key = (found.instrument, found.score, found.rule, found.group, *times)
        if key in asked:
            what = f"This measure is asked for already, as {asked[key]!r}."
            mend = "Delete one of the two, or let them differ in score, rule, group or timepoints."
            draft.report(path, "measure-twice", what, mend)
        asked.setdefault(key, found.id)
