"""Files into resources: bundles, lists, single resources, lines, and folders of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from attrs import evolve, frozen

from romframe import DataError, Place, Problem
from romframe_fhir.records.bundles import entries, is_bundle


_LINES = (".ndjson", ".jsonl")
_KINDS = (".json", *_LINES)


@frozen
class Found:
    """One entry of a bundle or list, or one line: what it holds, or what is wrong with it.

    `row` counts entries and lines, over all files of a folder, from 1; `file` is empty where there
    is only one. What is inside a bundle that is itself an entry or a line has the number of that.
    """

    row: int
    file: str
    content: Any
    url: str = ""
    raw: str = ""
    fault: str = ""
    deleted: bool = False


def read_files(path: Path) -> list[Found]:
    """Read a file, or every file of a folder by name.

    Raises DataError for a file that is not JSON at all, and a folder without any.
    """
    if not path.is_dir():
        return list(_file(path, "", 0))
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in _KINDS)
    if not files:
        what = f"There are no files here that end in {', '.join(_KINDS)}."
        raise DataError(Problem("fhir-nothing", what, "Name another folder.", Place(str(path))))
    found: list[Found] = []
    for file in files:
        found += _file(file, file.name, found[-1].row if found else 0)
    return found


def _file(path: Path, name: str, before: int) -> Iterator[Found]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}."
        mend = "Check that you may read it."
        raise DataError(Problem("file-unreadable", what, mend, Place(str(path)))) from error
    except UnicodeDecodeError as error:
        what = f"The file is not UTF-8 text (byte {error.start + 1})."
        raise DataError(
            Problem("fhir-file", what, "Save it as UTF-8.", Place(str(path)))
        ) from error
    if path.suffix.lower() in _LINES:
        yield from _lines(text, name, before)
    else:
        yield from _entries(_whole(text, path), name, before)


def _lines(text: str, name: str, before: int) -> Iterator[Found]:
    for row, line in enumerate(text.split("\n"), before + 1):
        if line.strip():
            try:
                yield from _opened(Found(row, name, _parsed(line)))
            except (ValueError, RecursionError) as error:
                yield Found(row, name, None, raw=line, fault=_told(error))


def _whole(text: str, path: Path) -> Any:
    try:
        return _parsed(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        what = f"The file is not JSON: {_told(error)}."
        mend = "Export it again; files with a resource a line must end in .ndjson."
        place = Place(str(path), line, column)
        raise DataError(Problem("fhir-file", what, mend, place)) from error


def _parsed(text: str) -> Any:
    content = json.loads(text, parse_constant=_refuse, object_hook=_filled)
    if "\\ud" in text.lower():
        json.dumps(content, ensure_ascii=False).encode()  # halves of characters: ValueError
    return content


def _filled(element: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is null: FHIR has no such thing, and some programs write it all the same."""
    return {name: value for name, value in element.items() if value is not None}


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _told(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _entries(content: Any, name: str, before: int) -> Iterator[Found]:
    outer = Found(0, name, content)
    if is_bundle(content):
        listed = _inside(outer)
    else:
        each = content if isinstance(content, list) else [content]
        listed = [evolve(outer, content=one) for one in each]
    for row, found in enumerate(listed, before + 1):
        yield from _opened(evolve(found, row=row))


def _opened(found: Found) -> Iterator[Found]:
    """Give what an entry or line holds: itself, or what is in a bundle, however deep that is."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if is_bundle(each.content) and not each.deleted:
            waiting += reversed(_inside(each))
        else:
            yield each


def _inside(bundle: Found) -> list[Found]:
    return [
        evolve(bundle, content=each.content, url=each.url, deleted=each.deleted)
        for each in entries(bundle.content)
    ]
