"""How far long work has come: told to whoever watches, or to nobody."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


Advance = Callable[[int], None]
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@contextmanager
def silent(label: str, total: int) -> Iterator[Advance]:
    """Tell nobody."""
    yield lambda done: None
