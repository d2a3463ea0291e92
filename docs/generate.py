"""Write the reference pages that are made from the code: `python docs/generate.py`.

What a spec may say comes from its schema, hooks from their specifications, measures from their
specs, commands from their help. The same code gives the same pages; a test compares them.
"""

import shutil
from pathlib import Path

from pages import catalogue, commands, hooks, keys


OUT = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Give the text of every page, by its path below `docs/reference`."""
    return {**keys.pages(), **hooks.pages(), **commands.pages(), **catalogue.pages()}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    for name, text in pages().items():
        path = OUT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
