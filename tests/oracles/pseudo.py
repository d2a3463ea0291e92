"""A made-up language in which every sentence is marked, and what a page says that is not."""

import io
import re
from html.parser import HTMLParser

from babel.messages.pofile import read_po, write_po


OPEN, CLOSE = "\u27e6", "\u27e7"
_KEPT = re.compile(r"(%\(\w+\)s|%%|</?[a-z][^>]*>|&\w+;)")
_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_READ_OUT = ("aria-label", "title", "alt")


def marked(sentence):
    """Mark every stretch of words, and leave placeholders and tags between the marks."""
    parts = _KEPT.split(sentence)
    return "".join(
        f"{OPEN}{part}{CLOSE}" if number % 2 == 0 and re.search(r"[^\W\d_]", part) else part
        for number, part in enumerate(parts)
    )


def pseudo_locale(pot):
    """Give the file of translations of a made-up language from the file of all sentences."""
    catalogue = read_po(io.BytesIO(pot), locale="en")
    for message in catalogue:
        if message.id:
            several = isinstance(message.id, tuple | list)
            message.string = tuple(map(marked, message.id)) if several else marked(message.id)
    written = io.BytesIO()
    write_po(written, catalogue)
    return written.getvalue()


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("style", "script")
        self.found += [value for name, value in attrs if name in _READ_OUT and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def unmarked(page):
    """Give every stretch of words on a page, read out or drawn, that is outside of the marks."""
    reader = _Texts()
    reader.feed(page)
    left = _MARKED.sub("\n", "\n".join(reader.found))
    return {" ".join(line.split()) for line in left.split("\n") if re.search(r"[^\W\d_]", line)}
