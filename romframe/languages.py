"""Translations that a service supplies: `locales/LANG.po` in its workspace, checked sentence by
sentence.

A sentence that is missing, fuzzy or faulty in a file is said in English. A file for `pt` does for
`pt-BR`. Files are read by Babel, which comes with the extra `report`.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from attrs import frozen
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from romframe.errors import Place, Problem
from romframe.translation import Language, speaking


if TYPE_CHECKING:
    from romframe.workspace import Workspace

FOLDER = "locales"
Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")

_PLACEHOLDER = re.compile(r"%(?:\(\w+\)s|.?)", re.DOTALL)
_OPEN = re.compile(rb'^(?:msg[\w\[\]]+[ \t]+)?"(?:[^"\\\r\n]|\\.)*\r?$', re.MULTILINE)
_MARKUP = re.compile(r'</?[a-z][^>]*>|[<>"]')


@frozen
class Read:
    """A file of translations: the language with what is sound in it, and what is wrong."""

    language: Language
    problems: tuple[Problem, ...] = ()


def in_its_language(
    make: Callable[Concatenate[Workspace, Arguments], Made],
) -> Callable[Concatenate[Workspace, Arguments], Made]:
    """Make a page in the language of the workspace that it is about."""

    @wraps(make)
    def made(workspace: Workspace, /, *args: Arguments.args, **options: Arguments.kwargs) -> Made:
        with speaking(language_of(workspace)):
            return make(workspace, *args, **options)

    return made


def language_of(workspace: Workspace) -> Language:
    """Give the language of a workspace's reports: that of its config, where it has a file for it.

    What is wrong with the file is for `romframe doctor` to tell.
    """
    locale = workspace.config.locale
    for code in dict.fromkeys((locale, locale.partition("-")[0])):
        path = workspace.path / FOLDER / f"{code}.po"
        if path.is_file():
            return read_catalogue(path).language
    return Language()


def translation_problems(workspace: Workspace) -> list[Problem]:
    """Give what is wrong with any file of translations of a workspace, each with its line."""
    paths = sorted((workspace.path / FOLDER).glob("*.po"))
    return [problem for path in paths for problem in read_catalogue(path).problems]


def read_catalogue(path: Path) -> Read:
    """Read a file of translations; one that cannot be read at all has no sentence."""
    try:
        content = path.read_bytes()
        cut_off = _OPEN.search(content)
        if cut_off:
            line = content.count(b"\n", 0, cut_off.start()) + 1
            return _unreadable(path, "this line has no closing quotation mark", line)
        code = path.stem.replace("-", "_")
        catalogue = read_po(io.BytesIO(content), locale=code, abort_invalid=True)
        problems = tuple(_take_out_faulty(catalogue, path))
        sentences = _compiled(catalogue)
    except PoFileError as error:
        return _unreadable(path, "this line is neither keyword nor text", error.lineno + 1)
    except OSError as error:
        return _unreadable(path, str(error.strerror))
    except (ValueError, LookupError, TypeError) as error:
        return _unreadable(path, str(error))
    return Read(Language(path.stem, sentences), problems)


def _unreadable(path: Path, why: str, line: int = 0) -> Read:
    what = f"This file of translations cannot be read: {why.rstrip('.')}."
    mend = "Correct it, or make it anew from romframe.pot; until then reports are in English."
    return Read(Language(), (Problem("bad-translations", what, mend, Place(str(path), line)),))


def _compiled(catalogue: Catalog) -> GNUTranslations:
    """Give the sentences that are translated and not fuzzy; raises ValueError for bad plurals."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _take_out_faulty(catalogue: Catalog, path: Path) -> Iterator[Problem]:
    for message in [each for each in catalogue if each.id]:
        what = _fault(message)
        if what:
            catalogue.delete(message.id, message.context)
            mend = "Copy them as they are in the English sentence, which is used until then."
            place = Place(str(path), message.lineno or 0)
            yield Problem("bad-translation", what, mend, place)


def _fault(message: Message) -> str:
    """Say what a translation has not as its source has it; nothing where it is not used."""
    sources, said = _forms(message.id), [each for each in _forms(message.string or "") if each]
    if message.fuzzy or not said:
        return ""
    wanted = frozenset[str]().union(*map(_placeholders, sources))
    optional = {"%(n)s"} if len(sources) > 1 else set()
    if any(not wanted - optional <= _placeholders(each) <= wanted for each in said):
        named = ", ".join(sorted(wanted)) or "none"
        return f"The placeholders of this translation are not those of its source: {named}."
    markup = Counter(_MARKUP.findall(sources[0]))
    if any(Counter(_MARKUP.findall(each)) != markup for each in said):
        return "The tags and straight quotation marks of this translation are not its source's."
    return ""


def _forms(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _placeholders(text: str) -> frozenset[str]:
    """Give the placeholders of a sentence; a per cent sign that is not doubled counts as one."""
    return frozenset(_PLACEHOLDER.findall(text)) - {"%%"}
