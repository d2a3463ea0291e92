"""Every malformed pack of tests/bad/wording gets exactly one clear message."""

import csv
from pathlib import Path

import pytest

from romframe.errors import SpecError
from romframe.wording import load_pack


BAD = Path(__file__).parents[2] / "bad/wording"
with (BAD / "index.csv").open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(handle))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_bad_pack_gets_one_message(case, find):
    path = BAD / case["file"]
    with pytest.raises(SpecError) as raised:
        load_pack(path, find)
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.file) == (case["code"], str(path))
    assert (problem.place.line, problem.place.column) == (int(case["line"]), int(case["column"]))
    assert case["fragment"] in f"{problem.what} {problem.mend}"
    assert problem.what.endswith(".")


def test_every_bad_pack_is_listed():
    assert {path.name for path in BAD.glob("*.y*ml")} == {case["file"] for case in CASES}
