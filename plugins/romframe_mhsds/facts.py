"""Reading of the NHS facts in `data/`."""

import csv
from importlib.resources import files


def read_facts(name: str) -> list[dict[str, str]]:
    """Give the rows of a CSV file of `data/`."""
    text = files("romframe_mhsds").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
