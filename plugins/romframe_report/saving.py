"""Files of a report, put in their places whole."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from romframe import Problem, UsageError


def save(out: Path, content: bytes) -> None:
    """Write a file, readable by its owner only; one that is there is replaced whole.

    Raises UsageError where that cannot be done.
    """
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.stem}-")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error


def save_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name into a folder, which is made where there is none; raises as `save`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    for name, content in files.items():
        save(folder / name, content)


def unwritable(out: Path, error: OSError) -> UsageError:
    """Give the error for a file or folder that cannot be written."""
    what = f"The report cannot be written to {out}: {error.strerror}."
    mend = "Check that the folder exists and that you may write into it."
    return UsageError(Problem("report-unwritable", what, mend))
