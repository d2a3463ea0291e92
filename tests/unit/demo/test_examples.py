"""The reports in examples/reports, beside those that the demo makes now."""

import runpy
from pathlib import Path


ROOT = Path(__file__).parents[3]


def test_the_kept_reports_are_those_that_are_made_now_byte_for_byte(demo):
    made = runpy.run_path(str(ROOT / "examples" / "make_reports.py"))["reports"](demo.workspace)
    kept = {path.name: path.read_bytes() for path in (ROOT / "examples/reports").glob("*.html")}
    assert kept.keys() >= made.keys()
    for name, page in made.items():
        assert kept[name] == page, f"{name}: run `python examples/make_reports.py`"


def test_the_kept_reports_are_small():
    assert sum(path.stat().st_size for path in (ROOT / "examples/reports").iterdir()) < 2_000_000
