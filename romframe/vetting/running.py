"""Other programs, run with a time limit, so that none of them can take this one down."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen


_LAST = 12  # lines of what a program says


@frozen
class Finished:
    """A program that has ended: its exit code, None where it was stopped; and what it said."""

    code: int | None
    said: str

    @property
    def end(self) -> str:
        """The last lines of what it said: there it says why it failed."""
        lines = [line for line in self.said.splitlines() if line.strip()]
        return "\n".join(lines[-_LAST:])


def run_python(arguments: Sequence[str], cwd: Path, site: Path, limit: float) -> Finished:
    """Run Python with the modules in `site` before all others, for at most so many seconds."""
    others = os.environ.get("PYTHONPATH")
    changes = {
        "PYTHONPATH": os.pathsep.join([str(site), *([others] if others else [])]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MYPYPATH": str(site),
    }
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603  (the author of a plugin runs it on purpose)
            [sys.executable, "-P", *arguments],
            cwd=cwd,
            env=os.environ | changes,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        code: int | None = None
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        told.seek(0)
        return Finished(code, told.read().decode(errors="replace"))
