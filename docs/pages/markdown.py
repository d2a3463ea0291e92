"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence


MADE = "% Made by `python docs/generate.py`: change the code, or what it is made from.\n"


def page(title: str, *parts: str) -> str:
    """Give a page: its title, and parts with an empty line between them."""
    return "\n\n".join([MADE + f"\n# {title}", *(part for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table, or nothing where there are no rows."""
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines])


def code(text: object) -> str:
    """Give text as code."""
    return f"`{text}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
