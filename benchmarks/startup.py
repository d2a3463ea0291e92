"""`romframe --help` against an empty Python process."""

import subprocess
import sys
from pathlib import Path

from benchmarks.harness import race, ratio, report


def run() -> None:
    """Start each fifteen times, in turn."""
    python = [sys.executable, "-c", "pass"]
    command = [str(Path(sys.executable).with_name("romframe")), "--help"]
    times = race(
        15,
        help=lambda: subprocess.run(command, capture_output=True, check=True),
        python=lambda: subprocess.run(python, capture_output=True, check=True),
    )
    report("romframe --help / python -c pass", ratio(times, "help", "python"), 8, at_least=False)
