"""What can go wrong, said once.

    RomframeError
    └── UserError            shown without a traceback; carries Problems
        ├── UsageError       2   the command or call was put together wrongly
        ├── SpecError       10   an instrument's spec
        ├── FrameworkError  11   an outcome framework or a workspace's config
        ├── DataError       12   a data or mapping file
        ├── PluginError     13   a plugin
        ├── ExportRefused   14   an export or report that must not be made
        └── StoreError      15   the workspace's store

Anything else that escapes is a bug: traceback, exit code 1.
"""

import errno
from collections.abc import Iterable
from typing import ClassVar, Literal, NamedTuple


class Place(NamedTuple):
    """Where a problem is: a file with line and column, or a row and column of data (all from 1)."""

    file: str = ""
    line: int = 0
    column: int = 0
    row: int = 0
    field: str = ""

    def __str__(self) -> str:
        text = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        parts = [text, f"row {self.row}" if self.row else "", self.field]
        return ", ".join(part for part in parts if part)


_NOWHERE = Place()


class Problem(NamedTuple):
    """One fault: a documented code, where it is, what is wrong and how to mend it."""

    code: str
    what: str
    mend: str
    place: Place = _NOWHERE
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        return f"{where}{self.what} {self.mend} [{self.code}]"


class RomframeError(Exception):
    """Every error that romframe raises on purpose."""


class UserError(RomframeError):
    """Something that the user can mend; `problems` say where, what and how."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems = tuple(sorted(found, key=lambda problem: problem.place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(UserError):
    """A command or a call that asks for something that does not exist or does not fit."""

    exit_code = 2


class SpecError(UserError):
    """An instrument's spec is not valid."""

    exit_code = 10


class FrameworkError(UserError):
    """An outcome framework or a workspace's config is not valid."""

    exit_code = 11


class DataError(UserError):
    """A data or mapping file cannot be used as it is."""

    exit_code = 12


class PluginError(UserError):
    """A plugin could not be loaded or failed when called."""

    exit_code = 13


class ExportRefused(UserError):  # noqa: N818  (the name says what happened)
    """An export or report that would be wrong or unsafe was not written."""

    exit_code = 14


class StoreError(UserError):
    """The workspace's store cannot be opened, written or trusted."""

    exit_code = 15


def no_room(error: BaseException) -> DataError | None:
    """Give what is told of an error that a full disk raises; None for any other error."""
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return None
    what = f"There is no room left for {error.filename or 'the output'}."
    return DataError(Problem("disk-full", what, "Make room on the disk and try again."))


def _as_id(name: str) -> str:
    """Give a name as ids are written: in small letters, with underscores."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Offer the nearest known name as a sentence, or list what is known when none is near."""
    import difflib  # noqa: PLC0415  (only where something went wrong)

    names = sorted(str(item) for item in known)
    written = str(name)
    near = difflib.get_close_matches(written, names, n=1)
    near = near or difflib.get_close_matches(_as_id(written), names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known: {', '.join(names)}." if names else "None is known."
