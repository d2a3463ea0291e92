"""Read YAML 1.2 into plain data that remembers where each value stood, and refuse what is unclear.

Scalars follow the YAML 1.2 core schema: `no` and `12:30` are text. A repeated key, and a number
that could be read two ways (`012`, `1_000`), are problems, never a silent choice.
"""

import re
from typing import Any

from attrs import define, field
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from romframe.errors import Place, Problem


Path = tuple[str | int | float, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_UNCLEAR = re.compile(r"[-+]?(0[0-9]+|[0-9]+(_[0-9]+)+)")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value
    for value, words in ((True, "true True TRUE"), (False, "false False FALSE"))
    for word in words.split()
}


@define
class Document:
    """Plain data read from one file, with the line and column of every value."""

    file: str
    data: Any = None
    places: dict[Path, tuple[int, int]] = field(factory=dict)
    problems: list[Problem] = field(factory=list)
    faulty: set[Path] = field(factory=set)

    def place(self, path: Path) -> Place:
        """Give the place of the value at `path`, or of the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Place(self.file, line, column)

    def sound(self, path: Path) -> bool:
        """Say whether no problem has been reported at or below `path`."""
        return not any(each[: len(path)] == path for each in self.faulty)

    def report(self, path: Path, code: str, what: str, mend: str) -> None:
        """Note a problem at `path`."""
        self.faulty.add(path)
        self.problems.append(Problem(code, what, mend, self.place(path)))


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document; what is wrong with it stands in its `problems`."""
    document = Document(file)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        what = f"This is not YAML: {error.problem or error.context}."
        mend = "Check indentation, colons, brackets and quotes on this line and the one above it."
        document.problems.append(Problem("yaml-syntax", what, mend, place))
        return document
    except ReaderError as error:
        what = f"This file holds a character that YAML does not allow ({error.reason})."
        mend = "Save the file as plain UTF-8 text."
        document.problems.append(Problem("yaml-syntax", what, mend, Place(file)))
        return document
    if node is None:
        document.report((), "yaml-empty", "The file is empty.", "Write the definition into it.")
    else:
        document.data = _construct(document, node, ())
    return document


def _construct(document: Document, node: Node, path: Path) -> Any:
    document.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, SequenceNode):
        return [_construct(document, each, (*path, n)) for n, each in enumerate(node.value)]
    return _scalar(document, node)


def _mapping(document: Document, node: MappingNode, path: Path) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        place = _place(document, key_node)
        key = _scalar(document, key_node) if isinstance(key_node, ScalarNode) else None
        if not isinstance(key, str | int | float) or isinstance(key, bool):
            what = "A key must be a name or a number."
            mend = "Write one word, or put quotes around it."
            document.problems.append(Problem("yaml-key", what, mend, place))
        elif key in result:
            what, mend = f"The key {key!r} stands here twice.", "Keep one and delete the other."
            document.problems.append(Problem("yaml-repeated-key", what, mend, place))
        else:
            result[key] = _construct(document, value_node, (*path, key))
            document.places[(*path, key)] = (place.line, place.column)
    return result


def _place(document: Document, node: Node) -> Place:
    return Place(document.file, node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(document: Document, node: ScalarNode) -> Any:
    text: str = node.value
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _UNCLEAR.fullmatch(text):
        what = f"{text} can be read as more than one number."
        mend = f'Write it plainly, or as text: "{text}".'
        document.problems.append(Problem("yaml-number", what, mend, _place(document, node)))
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text

