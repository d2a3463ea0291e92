"""Sentences for readers, in the language of the report that is being made.

English is the source: a sentence that nobody has translated is said in English. Which language is
spoken is set by whoever makes a page (`speaking`), and holds only while that page is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Any, NamedTuple


ENGLISH = "en-GB"


class Language(NamedTuple):
    """A language by its code, and what is known of it: a catalogue of sentences.

    Plugins mark their labels when they are imported, so that this module imports nothing slow.
    """

    code: str = ENGLISH
    sentences: NullTranslations = NullTranslations()


_ENGLISH = Language()
_SPOKEN: ContextVar[Language] = ContextVar("language", default=_ENGLISH)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say every sentence in this language while the block runs."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> str:
    """Give the code of the language that is spoken."""
    return _SPOKEN.get().code


def message(text: str) -> str:
    """Give the text as it is, and mark it for translators; `word` says it where it is shown."""
    return text


def word(text: str) -> str:
    """Say a label that stands alone; a name that is nobody's label but data stays as it is."""
    return _SPOKEN.get().sentences.gettext(text) if text else text


def gettext(sentence: str, /, **values: Any) -> str:
    """Say a sentence with `%(name)s` for each value; a per cent sign is written `%%`."""
    return _SPOKEN.get().sentences.gettext(sentence) % values


def ngettext(one: str, several: str, n: int, /, **values: Any) -> str:
    """Say the sentence that fits the number; it has the number as `%(n)s`."""
    return _SPOKEN.get().sentences.ngettext(one, several, n) % {"n": n, **values}
