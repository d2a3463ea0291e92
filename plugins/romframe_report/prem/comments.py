"""What people wrote: only what a person has read, and in an order that tells nothing."""

from collections.abc import Iterator

import polars as pl
from attrs import frozen

from romframe_report.prem.notes import Notes
from romframe_report.prem.returns import Returns


@frozen
class Comments:
    """What was written in answer to one question, sorted by the texts themselves."""

    label: str
    texts: tuple[str, ...]


def comments_told(returns: Returns, notes: Notes) -> tuple[Comments, ...]:
    """Give the comments that may be shown, question by question; the group is large enough.

    Those of months that nobody has read are left out, and those with a text in them that the notes
    say to leave out.
    """
    return tuple(_comments(returns, notes))


def _comments(returns: Returns, notes: Notes) -> Iterator[Comments]:
    read = returns.within.filter(pl.col("month") <= pl.lit(notes.read_to))
    for item in returns.instrument.items:
        if item.scale.kind == "text":
            written = read.get_column(item.id).drop_nulls().str.strip_chars()
            texts = [text for text in written if text and not _left_out(text, notes)]
            yield Comments(
                item.label, tuple(sorted(texts, key=lambda text: (text.casefold(), text)))
            )


def _left_out(text: str, notes: Notes) -> bool:
    return any(each.casefold() in text.casefold() for each in notes.leave_out)
