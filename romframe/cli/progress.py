"""A progress bar: on a terminal only, on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from romframe.progress import Advance


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Advance]:
    """Show how much of the total is done."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=total, label=label, file=sys.stderr, hidden=hidden) as shown:
        yield shown.update
