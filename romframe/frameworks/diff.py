"""What differs between two frameworks, or two versions of one, in what they define."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import asdict, fields, frozen

from romframe.conditions import condition_in_words
from romframe.frameworks.model import Framework


Key = tuple[str, ...]

_ENTRIES = ("document", "outcomes", "groups", "timing", "sources")
_SETS = ("good", "worse", "first", "last", "may_not_conclude")  # their order says nothing


@frozen
class Difference:
    """One thing that is added, removed or says something else; `path` names it part by part."""

    path: Key
    kind: Literal["added", "removed", "changed"]
    old: str = ""
    new: str = ""


def definition_diff(old: Framework, new: Framework) -> tuple[Difference, ...]:
    """Give everything that differs, by path.

    What has an id is found again by it, wherever it stands: the order of keys and of entries says
    nothing, nor does writing out what holds anyway. A whole that is added or removed is told once.
    """
    before, after = dict(_flat(old)), dict(_flat(new))
    found = []
    for path in sorted({*before, *after}):
        if path not in after:
            found.append(Difference(path, "removed", old=before[path]))
        elif path not in before:
            found.append(Difference(path, "added", new=after[path]))
        elif before[path] != after[path]:
            found.append(Difference(path, "changed", before[path], after[path]))
    return tuple(_wholes(found))


def _wholes(found: list[Difference]) -> Iterator[Difference]:
    """Leave out the parts of what is added or removed as a whole."""
    whole = {(each.path, each.kind) for each in found if each.kind != "changed"}
    for each in found:
        above = (each.path[:length] for length in range(1, len(each.path)))
        if not any((path, each.kind) in whole for path in above):
            yield each


def _flat(framework: Framework) -> Iterator[tuple[Key, str]]:
    """Give each part of a framework as text under a path that does not depend on its place."""
    for name in (each.name for each in fields(Framework)):
        value = getattr(framework, name)
        if name not in _ENTRIES:
            yield (name,), _text(name, value)
    for path, about in _entries(framework):
        yield path, ""
        for name, value in about.items():
            if name not in ("id", "figure") and value not in ("", None, (), {}):
                yield (*path, name), _text(name, value)


def _entries(framework: Framework) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Give what has a name of its own: the path that this makes, and what is said there."""
    for group in framework.groups:
        yield ("groups", group.id), asdict(group)
    for outcome in framework.outcomes:
        yield ("outcomes", outcome.id), {"says": outcome.says}
        for figure in outcome.figures:
            path = ("figures", figure.id)
            about = {**asdict(figure, recurse=False), "outcome": outcome.id}
            targets = about.pop("targets")
            yield path, about
            for target in targets:
                yield (*path, f"target of {target.figure}"), asdict(target)
    for schedule in framework.timing:
        yield ("timing", schedule.id), asdict(schedule)
    for name, source in framework.sources.items():
        yield ("sources", name), source


def _text(name: str, value: Any) -> str:
    if name == "where":
        return condition_in_words(_in_order(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(key, each)}" for key, each in sorted(value.items()))
    if isinstance(value, list | tuple):
        texts = [_text("", each) for each in value]
        return ", ".join(sorted(texts) if name in _SETS else texts)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _in_order(value: Any) -> Any:
    """Give a condition in an order that does not depend on how it was written down."""
    if isinstance(value, Mapping):
        return {key: _in_order(value[key]) for key in sorted(value)}
    return sorted(map(_in_order, value), key=str) if isinstance(value, list) else value
