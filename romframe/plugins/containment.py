"""What a plugin prints goes to standard error, and what it changes for all is put back."""

import contextlib
import locale
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def contained() -> Iterator[None]:
    """Keep a plugin's doings to itself while it is imported, registers or is called.

    Standard output is for results, so what it prints goes to standard error. Put back afterwards
    are the working folder, the environment with the time zone, the module path, the locale, the
    random numbers, filters of warnings, the recursion limit and the mask of new files.
    """
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        put_back = [restore() for restore in _RESTORERS]
        try:
            yield
        finally:
            for each in put_back:
                each()


def _environment() -> Callable[[], Any]:
    return partial(_set_environment, dict(os.environ))


def _set_environment(was: dict[str, str]) -> None:
    moved = was.get("TZ") != os.environ.get("TZ")
    if was != os.environ:
        os.environ.clear()
        os.environ.update(was)
    if moved:
        time.tzset()


def _path() -> Callable[[], Any]:
    return partial(sys.path.__setitem__, slice(None), [*sys.path])


def _folder() -> Callable[[], Any]:
    with contextlib.suppress(OSError):  # it may have been removed
        return partial(os.chdir, Path.cwd())
    return lambda: None


def _random_numbers() -> Callable[[], Any]:
    random = sys.modules.get("random")  # to import it takes longer than to load most plugins
    return partial(random.setstate, random.getstate()) if random else lambda: None


def _mask() -> Callable[[], Any]:
    was = os.umask(0o077)
    os.umask(was)
    return partial(os.umask, was)


_RESTORERS: tuple[Callable[[], Callable[[], Any]], ...] = (
    _environment,
    _path,
    _folder,
    _mask,
    lambda: partial(locale.setlocale, locale.LC_ALL, locale.setlocale(locale.LC_ALL)),
    _random_numbers,
    lambda: partial(sys.setrecursionlimit, sys.getrecursionlimit()),
)
