"""What differs between two frameworks, or two versions of one, in what they define."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import asdict, fields, frozen

from romframe.conditions import condition_in_words
from romframe.frameworks.model import Framework
from romframe.frameworks.schedule_words import length_in_words
from romframe.frameworks.schedules import Schedule


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
        name = path[-1]
        if path not in after:
            found.append(Difference(path, "removed", old=_text(name, before[path])))
        elif path not in before:
            found.append(Difference(path, "added", new=_text(name, after[path])))
        elif before[path] != after[path]:
            found.append(Difference(path, "changed", *_apart(name, before[path], after[path])))
    return tuple(_wholes(found))


def _wholes(found: list[Difference]) -> Iterator[Difference]:
    """Leave out the parts of what is added or removed as a whole."""
    whole = {(each.path, each.kind) for each in found if each.kind != "changed"}
    for each in found:
        above = (each.path[:length] for length in range(1, len(each.path)))
        if not any((path, each.kind) in whole for path in above):
            yield each


def _flat(framework: Framework) -> Iterator[tuple[Key, Any]]:
    """Give what each part of a framework says under a path that does not depend on its place."""
    for name in (each.name for each in fields(Framework)):
        value = getattr(framework, name)
        if name not in _ENTRIES:
            yield (name,), _plain(name, value)
    for path, about in _entries(framework):
        yield path, ""
        for name, value in about.items():
            if name not in ("id", "figure") and value not in ("", None, (), {}):
                yield (*path, name), _plain(name, value)


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
        yield ("timing", schedule.id), _of_schedule(schedule)
    for name, source in framework.sources.items():
        yield ("sources", name), source


def _of_schedule(schedule: Schedule) -> dict[str, Any]:
    """Give what a schedule says, with its lengths of time in words."""
    about = asdict(schedule, recurse=False)
    side = "before" if schedule.offset.months + schedule.offset.days < 0 else "after"
    about[side] = length_in_words(about.pop("offset"))
    every = about.pop("every")
    return {**about, **({"every": length_in_words(every)} if every else {"until": ""})}


def _plain(name: str, value: Any) -> Any:
    """Give a value in an order, and a form, that do not depend on how it was written down."""
    if name == "where":
        return _in_order(value)
    if isinstance(value, Mapping):
        return {key: _plain(key, value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        plain = [_plain("", each) for each in value]
        return sorted(plain) if name in _SETS else plain
    return value


def _in_order(value: Any) -> Any:
    """Give a condition in one order; a list of one value says the same as the value alone."""
    if isinstance(value, Mapping):
        return {key: _in_order(value[key]) for key in sorted(value)}
    if not isinstance(value, list):
        return value
    alone = len(value) == 1 and not isinstance(value[0], Mapping)
    return value[0] if alone else sorted(map(_in_order, value), key=repr)


def _apart(name: str, old: Any, new: Any) -> tuple[str, str]:
    """Say two values in words, or as they are written where the words are the same."""
    words = _text(name, old), _text(name, new)
    if words[0] != words[1]:
        return words
    return json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False)


def _text(name: str, value: Any) -> str:
    if name == "where":
        return condition_in_words(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(key, each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_text("", each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
