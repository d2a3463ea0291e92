"""`python -m benchmarks [NAME ...]`."""

import importlib
import sys
from pathlib import Path

from benchmarks.harness import save


NAMES = ("startup", "single", "scoring", "memory", "pairing", "importing", "mhsds", "reports")


def main() -> None:
    """Run the named benchmarks, or all of them."""
    wanted = sys.argv[1:] or NAMES
    for name in wanted:
        importlib.import_module(f"benchmarks.{name}").run()
    if list(wanted) == list(NAMES):
        save(Path(__file__).with_name("results.json"))


if __name__ == "__main__":
    main()
