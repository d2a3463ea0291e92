"""Wording packs: a site's own files that put an instrument into its owner's words.

A pack is a file of a workspace, called <instrument>.<locale>.yaml; no package may contain one.
Where no pack says otherwise, our own labels stand.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from romframe.errors import Place, Problem, SpecError, UserError, did_you_mean
from romframe.instruments.model import Instrument, ResponseScale
from romframe.instruments.schema import INSTRUMENT
from romframe.validation import validate
from romframe.yaml_source import Document, read_yaml_file


FOLDER = "wording"
VERSION = 1

Find = Callable[[str], Instrument]

_NAME = re.compile(r"([^.]+)\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.ya?ml")
_KEY = re.compile(rb"""^(?:\xef\xbb\xbf)?[\s{"']*romframe_wording["']?\s*:""", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n\s*\n")


def _version(field: str, value: int, error: Any) -> None:
    if value != VERSION:
        what = f"This is version {value} of wording packs, and this romframe reads {VERSION}."
        error(field, f"{what}|Write `romframe_wording: {VERSION}`, or update romframe.")


_TEXT = INSTRUMENT["note"]
_NEEDED = {**_TEXT, "required": True}
_SCALE = {
    "type": "dict",
    "empty": False,
    "keysrules": {"type": ["integer", "number", "string"]},
    "valuesrules": _TEXT,
}
_TEXT_KEYS = {"type": "dict", "empty": False, "keysrules": {"type": "string"}}
SCHEMA: dict[str, Any] = {
    "romframe_wording": {"type": "integer", "required": True, "check_with": _version},
    "instrument": _NEEDED,
    "version": _NEEDED,
    "locale": {**INSTRUMENT["locale"], "required": True},
    "permission": _NEEDED,
    "title": _TEXT,
    "instructions": _TEXT,
    "items": {**_TEXT_KEYS, "valuesrules": _TEXT},
    "response_scales": {**_TEXT_KEYS, "valuesrules": _SCALE},
}


@frozen
class Pack:
    """What a sound wording pack says of one instrument in one language.

    `options` holds the words of answers by response scale and code, the code as text. `warnings`
    name what it leaves unsaid.
    """

    path: Path
    instrument: Instrument
    locale: str
    permission: str
    title: str = ""
    instructions: tuple[str, ...] = ()
    items: Mapping[str, str] = field(factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(factory=dict)
    warnings: tuple[Problem, ...] = ()


@frozen
class Said:
    """A text, its language, and whether it is a label of ours rather than a pack's wording."""

    text: str
    locale: str
    ours: bool = True


@frozen
class Wording:
    """The words of an instrument in a language: a pack's where it has them, else our labels.

    `problems` say why a pack that is there is not used.
    """

    instrument: Instrument
    locale: str
    pack: Pack | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """What the instrument is called."""
        return self.say_title().text

    def item(self, item_id: str) -> str:
        """Give the words of an item; KeyError if there is none of that id."""
        return self.say_item(item_id).text

    def option(self, scale_id: str, code: int | float | str) -> str:
        """Give the words of an answer; KeyError if the response scale or the code is not there."""
        return self.say_option(scale_id, code).text

    def say_title(self) -> Said:
        """Give the title, with its language and whether it is ours."""
        given = self.pack.title if self.pack else ""
        return self._say(given, self.instrument.name, {})

    def say_item(self, item_id: str) -> Said:
        """Give the words of an item as `item` does, with their language and whose they are."""
        item = self.instrument.item(item_id)
        given = self.pack.items.get(item_id, "") if self.pack else ""
        return self._say(given, item.label, item.labels)

    def say_option(self, scale_id: str, code: int | float | str) -> Said:
        """Give the words of an answer as `option` does, with their language and whose they are."""
        scale = scales(self.instrument)[scale_id]
        if not _allows(scale, code):
            raise KeyError(code)
        given = self.pack.options.get(scale_id, {}).get(_key(code), "") if self.pack else ""
        return self._say(given, *_labels(scale, code))

    def _say(self, given: str, label: str, labels: Mapping[str, str]) -> Said:
        if given and self.pack:
            return Said(given, self.pack.locale, ours=False)
        for locale in _near(self.locale):
            if locale in labels:
                return Said(labels[locale], locale)
        return Said(label, self.instrument.locale)


def is_pack(path: Path) -> bool:
    """Say whether a file is a wording pack, or is called like one."""
    if _NAME.fullmatch(path.name):
        return True
    try:
        return _KEY.search(path.read_bytes()) is not None
    except OSError:
        return False


@functools.cache
def packs_in(folder: Path) -> tuple[Path, ...]:
    """Give every wording pack below a folder; looked for once, as packages do not change."""
    files = (path for path in folder.rglob("*") if path.suffix.lower() in (".yaml", ".yml"))
    return tuple(sorted(path for path in files if is_pack(path)))


def choose_wording(instrument: Instrument, locale: str, folder: Path, find: Find) -> Wording:
    """Give the words of an instrument: those of a folder's pack for this locale, if it is sound.

    For a locale such as pt-BR a pack for pt will do. A pack of another version is not meant.
    """
    problems: list[Problem] = []
    for path in _candidates(instrument, locale, folder):
        try:
            pack = load_pack(path, find)
        except SpecError as error:
            problems.extend(error.problems)
            continue
        if pack.instrument.version == instrument.version:
            return Wording(instrument, locale, pack, tuple(problems))
    return Wording(instrument, locale, problems=tuple(problems))


def check_folder(folder: Path, find: Find) -> list[Problem]:
    """Load every wording pack of a folder and give what is wrong or unsaid in any of them."""
    found: list[Problem] = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            found.extend(load_pack(path, find).warnings)
        except SpecError as error:
            found.extend(error.problems)
    return found


def load_pack(path: Path, find: Find) -> Pack:
    """Load the wording pack at `path`; `find` gives an instrument by the name of its spec.

    Raises SpecError with every problem of the file, each with line, column and mend.
    """
    document = read_yaml_file(path)
    instrument = None
    if document.data is not None and _is_mapping(document):
        instrument = _instrument(document, path, find)
        if instrument is not None:
            _check(document, instrument)
    if document.problems or instrument is None:
        raise SpecError(document.problems)
    return _build(document, path, instrument)


def scales(instrument: Instrument) -> dict[str, ResponseScale]:
    """Give the response scales of an instrument's items by their ids."""
    return {item.scale.id: item.scale for item in instrument.items}


def _is_mapping(document: Document) -> bool:
    validate(document, SCHEMA, document.data)
    return isinstance(document.data, Mapping)


def _instrument(document: Document, path: Path, find: Find) -> Instrument | None:
    """Give the instrument that the file's name and content agree on; None where there is none."""
    name = path.name.partition(".")[0]
    _check_locale(document, path, name)
    try:
        known = find(name)
    except UserError as error:
        problem = error.problems[0]
        mend = f"{problem.mend} A measure of a workspace is known with -w FOLDER."
        what = f"The instrument {name!r}, after which this file is called, cannot be had:"
        place = Place(document.file, 1, 1)
        found = Problem("wording-instrument", f"{what} {problem.what}", mend, place)
        document.problems.append(found)
        return None
    _check_same(document, "wording-instrument", "instrument", (name, known.id))
    _check_same(document, "wording-version", "version", (known.version,))
    return known


def _check_locale(document: Document, path: Path, name: str) -> None:
    locale = document.data.get("locale")
    if "locale" in document.data and document.sound(("locale",)):
        wanted = f"{name}.{locale}.yaml"
        if path.name != wanted:
            what = f"This pack is in {locale!r}, and its file is called {path.name}."
            mend = f"Call the file {wanted}, or correct the locale."
            document.report(("locale",), "wording-file-name", what, mend)


def _check_same(document: Document, code: str, key: str, fitting: tuple[str, ...]) -> None:
    """Check the line that says for which instrument, or which version of it, the pack is."""
    found = document.data.get(key)
    if key in document.data and document.sound((key,)) and found not in fitting:
        what = f"This pack is for the {key} {found!r}, and the one here is {fitting[0]!r}."
        mend = f'Check for which it was written; if for that one, write `{key}: "{fitting[0]}"`.'
        document.report((key,), code, what, mend)


def _check(document: Document, instrument: Instrument) -> None:
    """Check what is put into words, unless that is meant for another instrument or version."""
    if not (document.sound(("instrument",)) and document.sound(("version",))):
        return
    ids = [item.id for item in instrument.items]
    for item in _names(document.data.get("items")):
        if item not in ids:
            what = f"{instrument.name} has no item {item!r}."
            document.report(("items", item), "unknown-item", what, did_you_mean(item, ids))
    known = scales(instrument)
    for name in _names(document.data.get("response_scales")):
        place = ("response_scales", name)
        if name in known:
            _check_codes(document, name, known[name])
        else:
            what = f"{instrument.name} has no response scale {name!r}."
            document.report(place, "unknown-scale", what, did_you_mean(name, known))


def _check_codes(document: Document, name: str, scale: ResponseScale) -> None:
    seen: set[str] = set()
    codes = document.data["response_scales"][name]
    for code in codes if isinstance(codes, Mapping) else ():
        place = ("response_scales", name, code)
        if not _allows(scale, code):
            what = f"The response scale {name!r} has no answer {code!r}."
            document.report(place, "unknown-code", what, _nearest_code(scale, code))
        elif _key(code) in seen:
            what = f"The answer {_key(code)} is put into words twice."
            document.report(place, "code-twice", what, "Keep it in one place.")
        seen.add(_key(code))


def _names(value: Any) -> list[str]:
    """Give the keys of a mapping that can be names; of what is no mapping, none."""
    keys = value if isinstance(value, Mapping) else ()
    return [key for key in keys if isinstance(key, str)]


def _key(code: int | float | str) -> str:
    """Give a code as text: in a file, 1 and "1" and 1.0 are one code."""
    return f"{code:g}" if isinstance(code, float) else str(code)


def _codes(scale: ResponseScale) -> list[str]:
    options = [_key(option.code) for option in scale.options]
    return [*options, *(_key(code) for code, _ in scale.missing)]


def _allows(scale: ResponseScale, code: int | float | str) -> bool:
    """Say whether an answer can be put into words: an option, a missing code, a number in range."""
    if scale.kind == "number" and not isinstance(code, str):
        low, high = scale.low or 0, scale.high or 0
        return low <= code <= high or _key(code) in _codes(scale)
    return _key(code) in _codes(scale)


def _nearest_code(scale: ResponseScale, code: int | float | str) -> str:
    if scale.kind == "number":
        return f"Write a number from {scale.low:g} to {scale.high:g}."
    return did_you_mean(code, _codes(scale))


def _labels(scale: ResponseScale, code: int | float | str) -> tuple[str, Mapping[str, str]]:
    """Give our label of an answer and the same in other languages."""
    for option in scale.options:
        if _key(option.code) == _key(code):
            return option.label, option.labels
    states = {_key(each): state.replace("_", " ") for each, state in scale.missing}
    return states.get(_key(code), _key(code)), {}


def _build(document: Document, path: Path, instrument: Instrument) -> Pack:
    data = document.data
    items = {key: _one_line(text) for key, text in data.get("items", {}).items()}
    return Pack(
        path,
        instrument,
        data["locale"],
        _one_line(data["permission"]),
        _one_line(data.get("title", "")),
        _paragraphs(data.get("instructions", "")),
        items,
        {
            name: {_key(code): _one_line(text) for code, text in answers.items()}
            for name, answers in data.get("response_scales", {}).items()
        },
        tuple(_unsaid(document, instrument, items)),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(_one_line(each) for each in _PARAGRAPHS.split(text.strip()) if each)


def _unsaid(
    document: Document, instrument: Instrument, items: Mapping[str, str]
) -> Iterator[Problem]:
    missing = [item.id for item in instrument.items if item.id not in items]
    if missing:
        what = f"This pack has no wording for {', '.join(missing)}."
        mend = "Add it under `items`; until then our own labels stand there."
        place = document.place(("items",))
        yield Problem("wording-incomplete", what, mend, place, "warning")


def _candidates(instrument: Instrument, locale: str, folder: Path) -> Iterator[Path]:
    """Give the files called like a pack for this instrument, the locale itself first."""
    named = [(path, _NAME.fullmatch(path.name)) for path in sorted(folder.glob("*.yaml"))]
    for near in _near(locale):
        for path, match in named:
            if match and match[2] == near and match[1].partition("-")[0] == instrument.id:
                yield path


def _near(locale: str) -> tuple[str, ...]:
    """Give a locale and, where it has a region, its language."""
    return tuple(dict.fromkeys((locale, locale.partition("-")[0])))
