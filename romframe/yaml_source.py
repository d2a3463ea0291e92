"""Read YAML 1.2 into plain data that remembers where each value stood; refuse what is unclear.

Scalars follow the YAML 1.2 core schema: `no` and `12:30` are text. What could be read in two ways
is a problem, never a silent choice: a repeated key, `012`, `1_000`, a number too long to be exact.

Anchors, aliases, merge keys and tags are refused: a file says everything where it stands, and no
file can build objects or grow without end.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from attrs import define, field
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from romframe.errors import Place, Problem


Path = tuple[str | int | float, ...]

MOST_LEVELS = 30
MOST_DIGITS = 15

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_UNCLEAR = re.compile(r"[-+]?(0[0-9]+|[0-9]+(_[0-9]+)+(\.[0-9]*)?|0[xX][0-9a-fA-F]+|0[oO][0-7]+)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|\n")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value
    for value, words in ((True, "true True TRUE"), (False, "false False FALSE"))
    for word in words.split()
}


@define
class Document:
    """Plain data read from one file, with the line and column of every value.

    `faulty` holds the paths with a problem, `unread` those whose values could not be read: whatever
    else is found wrong there would only say the same thing twice.
    """

    file: str
    data: Any = None
    places: dict[Path, tuple[int, int]] = field(factory=dict)
    problems: list[Problem] = field(factory=list)
    faulty: set[Path] = field(factory=set)
    unread: set[Path] = field(factory=set)

    def place(self, path: Path) -> Place:
        """Give the place of what stands at `path`, or of the nearest thing around it.

        A value with a key stands where its key stands.
        """
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Place(self.file, line, column)

    def sound(self, path: Path) -> bool:
        """Say whether no problem has been reported at or below `path`."""
        return not any(each[: len(path)] == path for each in self.faulty)

    def legible(self, path: Path) -> bool:
        """Say whether everything at and below `path` could be read."""
        return not any(each[: len(path)] == path for each in self.unread)

    def report(self, path: Path, code: str, what: str, mend: str) -> None:
        """Note a problem at `path`, unless what stands there could not even be read."""
        self.add(path, Problem(code, what, mend))

    def add(self, path: Path, problem: Problem) -> None:
        """Note a problem whose place is `path`; see `report`."""
        self.faulty.add(path)
        inside_unread = any(path[:n] in self.unread for n in range(len(path)))
        if self.legible(path) and not inside_unread:
            self.problems.append(problem._replace(place=self.place(path)))


def read_yaml_file(path: FilePath) -> Document:
    """Read the YAML file at `path`; what is wrong with it stands in the document's `problems`."""
    document = Document(str(path))
    try:
        raw = path.read_bytes()
        return read_yaml(raw.decode("utf-8-sig"), str(path))
    except OSError as error:
        what = f"This file cannot be read: {error.strerror}."
        mend = "Check that it exists, that it is a file, and that you may read it."
        document.problems.append(Problem("file-unreadable", what, mend, Place(str(path))))
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", errors="replace")
        what = f"This is not UTF-8 text: the byte {raw[error.start]:#04x} stands here."
        mend = "Save the file as plain text in the encoding UTF-8."
        place = _place_after(before, str(path))
        document.problems.append(Problem("file-encoding", what, mend, place))
    return document


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document; what is wrong with it stands in its `problems`."""
    reader = _Reader(Document(file), text)
    document = reader.document
    if found := _CONTROL.search(text):
        what = f"The character {found[0]!r} stands here, which is not one that can be shown."
        mend = "Delete it, and save the file as plain text in the encoding UTF-8."
        place = _place_after(text[: found.start()], file)
        document.problems.append(Problem("yaml-character", what, mend, place))
        return document
    try:
        reader.read()
    except MarkedYAMLError as error:
        document.data = None
        if not isinstance(reader.last, AliasEvent):  # what follows an alias was meant as its text
            document.problems.append(_syntax(error, reader.last, file))
    else:
        if document.data is None and not document.problems:
            mend = "Write the definition into it."
            document.report((), "yaml-empty", "There is nothing in this file.", mend)
    return document


def _place_after(text: str, file: str) -> Place:
    lines = _LINE_END.split(text)
    return Place(file, len(lines), len(lines[-1]) + 1)


class _Reader:
    """Turns the parser's events into plain data; what it refuses is noted in the document."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.last: Event | None = None
        self._text = text
        self._shared = False
        self._events = self._guarded()

    def read(self) -> None:
        """Read the whole text into the document."""
        for event in self._events:
            if isinstance(event, NodeEvent):
                self.document.data = self._value(event, ())

    def _guarded(self) -> Iterator[Event]:
        """Give the events, but neither a second document nor nesting without end."""
        depth = documents = 0
        for event in YAML(typ="safe", pure=True).parse(self._text):
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            documents += isinstance(event, DocumentStartEvent)
            if depth > MOST_LEVELS or documents > 1:
                problem = "too deep" if depth > MOST_LEVELS else "second document"
                raise MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
            yield event
            self.last = event

    def _value(self, event: Any, path: Path) -> Any:
        self.document.places[path] = _position(event)
        if event.anchor is not None:
            self._note_sharing(path)
        if getattr(event, "tag", None) is not None:
            what = "A tag (a word that begins with an exclamation mark) is not used here."
            mend = "Delete it, or put quotes around the text if it belongs to it."
            self._refuse(path, "yaml-tag", what, mend)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _note_sharing(self, path: Path) -> None:
        """Report the first anchor or alias of the file; the others are the same fault."""
        if not self._shared:
            what = "Anchors and aliases (words that begin with & or *) are not used here."
            mend = "Write the value out, or put quotes around text that begins with & or *."
            self.document.report(path, "yaml-alias", what, mend)
            self._shared = True
        self._give_up(path)

    def _refuse(self, path: Path, code: str, what: str, mend: str) -> None:
        self.document.report(path, code, what, mend)
        self._give_up(path)

    def _give_up(self, path: Path) -> None:
        self.document.faulty.add(path)
        self.document.unread.add(path)

    def _sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            result.append(self._value(event, (*path, len(result))))
        return result

    def _mapping(self, path: Path) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, path)
            inside = (*path, key)
            if key in result:
                what = f"The key {key!r} stands here twice."
                place = Place(self.document.file, *_position(event))
                mend = "Keep one and delete the other."
                self.document.problems.append(Problem("yaml-repeated-key", what, mend, place))
                self._give_up(inside)
                self._value(next(self._events), (*inside, "again"))
            else:
                result[key] = self._value(next(self._events), inside)
                self.document.places[inside] = _position(event)
        return result

    def _key(self, event: Event, path: Path) -> str | int | float:
        inside = (*path, event.value if isinstance(event, ScalarEvent) else "?")
        key = self._value(event, inside)
        if isinstance(key, str | int | float) and not isinstance(key, bool):
            return key
        if self.document.legible(inside):
            what = "A key must be a name or a number."
            self._refuse(inside, "yaml-key", what, "Write one word, or put quotes around it.")
        return inside[-1]

    def _scalar(self, event: ScalarEvent, path: Path) -> Any:
        text: str = event.value
        if found := _CONTROL.search(text):
            what = f"This text holds {found[0]!r}, which is not a character that can be shown."
            self._refuse(path, "yaml-character", what, "Write the character itself, or delete it.")
        if event.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not _FLOAT.fullmatch(text) and not _UNCLEAR.fullmatch(text):
            return text
        number = _number(text)
        if number is None:
            what = f"{_short(text)} can be read as more than one number, or not exactly."
            mend = f'Write it plainly, or as text: "{_short(text)}".'
            self._refuse(path, "yaml-number", what, mend)
            return text
        return number


def _number(text: str) -> int | float | None:
    """Give the number that a text stands for, None where that is not plain."""
    digits = sum(each.isdigit() for each in text)
    if _UNCLEAR.fullmatch(text) or digits > MOST_DIGITS:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."


def _position(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


_UNPAIRED = Problem(
    "yaml-quotes",
    "The text in quotes that begins here does not end where it should.",
    "Close the quotes at the end of the text; write a quote mark inside it twice.",
)
_SYNTAX = {
    "'\\t' that cannot start": Problem(
        "yaml-tab", "A tab stands here.", "Indent with spaces: YAML takes no tabs."
    ),
    "that cannot start any token": Problem(
        "yaml-syntax", "A value cannot begin with this character.", "Put quotes around the value."
    ),
    "mapping values are not allowed": Problem(
        "yaml-colon",
        "This colon stands where none is expected.",
        "Put quotes around text that holds a colon; indent the entries of one mapping alike.",
    ),
    "while scanning a quoted scalar": Problem(
        "yaml-quotes",
        "Quotes are opened here and never closed.",
        "Close them at the end of the text.",
    ),
    "while parsing a flow": Problem(
        "yaml-bracket",
        "A bracket is not closed here, or a comma is missing inside it.",
        "Close the bracket, and put one comma between its entries; quote text that has a colon.",
    ),
    "could not find expected ':'": Problem(
        "yaml-colon",
        "There is no colon on this line.",
        "Write `key: value`, or begin the line with a dash if it is an entry of a list.",
    ),
    "expected <block end>": Problem(
        "yaml-indentation",
        "This does not fit the lines above it.",
        "Indent the entries of one list or mapping alike, and close every bracket once.",
    ),
    "sequence entries are not allowed": Problem(
        "yaml-indentation",
        "An entry of a list cannot begin here.",
        "Put each `- entry` on a line of its own, or write [a, b].",
    ),
    "unknown escape character": Problem(
        "yaml-quotes",
        "A backslash in double quotes stands before a character that it cannot change.",
        "Use single quotes, or write the backslash twice.",
    ),
    "while scanning an anchor": Problem(
        "yaml-alias", "A text cannot begin with & or *.", "Put quotes around it."
    ),
    "second document": Problem(
        "yaml-documents",
        "A second document begins here.",
        "Keep one document in a file, and delete the line of dashes.",
    ),
    "too deep": Problem(
        "yaml-depth",
        f"More than {MOST_LEVELS} levels are nested here.",
        "Close the brackets, or correct the indentation.",
    ),
    "": Problem(
        "yaml-syntax",
        "This is not YAML.",
        "Check indentation, colons, brackets and quotes on this line and the one above it.",
    ),
}
_SHOWN_WHERE_IT_BEGINS = ("yaml-quotes", "yaml-bracket", "yaml-colon")


def _syntax(error: MarkedYAMLError, last: Event | None, file: str) -> Problem:
    """Put the parser's complaint into plain words, at the place where the fault begins."""
    said = f"{error.context} {error.problem}"
    fault = next(problem for sign, problem in _SYNTAX.items() if sign in said)
    mark, start = error.problem_mark, error.context_mark
    if fault.code in _SHOWN_WHERE_IT_BEGINS and start and start.line != mark.line:
        mark = start
    if isinstance(last, ScalarEvent) and last.style in ("'", '"') and "'<scalar>'" in said:
        fault, mark = _UNPAIRED, last.start_mark
    return fault._replace(place=Place(file, mark.line + 1, mark.column + 1))
