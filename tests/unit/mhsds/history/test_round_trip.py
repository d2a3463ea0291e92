"""Whatever is exported is read back, and exported again it is the same file."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles.mhsds_files import REFER, load, take

from romframe import run_export


SEVERITY = st.sampled_from(["0", "1", "2", "3", "4", "9", ""])
_MINUTES = st.integers(0, 59)
MOMENTS = st.builds(
    "2026-11-{:02}T{:02}:{:02}:00".format,
    st.integers(1, 30),
    st.integers(0, 23),
    st.integers(0, 59),
)
WHO = st.fixed_dictionaries(
    {
        "referral_id": st.sampled_from(["R1", "R2"]),
        "completed_at": MOMENTS,
        "care_professional_id": st.sampled_from(["CP1", "Zoë", ""]),
    }
)
HONOS = st.fixed_dictionaries(
    {f"q{n}": SEVERITY for n in range(1, 13)} | {"q8_type": st.sampled_from(["A", "J", ""])}
)
CORE_10 = st.fixed_dictionaries(
    {f"q{n}": st.sampled_from(["0", "1", "2", "3", "4", ""]) for n in range(1, 11)}
)
LINES = st.fixed_dictionaries(
    {f"q{n}": st.integers(0, 100).map(lambda tenths: f"{tenths / 10}") for n in range(1, 5)}
)


def month(workspace):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "november"
        run_export(workspace, "mhsds", out, {"period": "2026-11"})
        yield out
        yield (out / REFER).read_bytes()


def some(answers):
    """Some assessments of one measure, no two of one referral and moment."""
    rows = st.lists(st.builds(lambda who, given: who | given, WHO, answers), max_size=4)
    return rows.map(
        lambda found: list({(r["referral_id"], r["completed_at"]): r for r in found}.values())
    )


@pytest.fixture
def fresh(make):
    names = (f"service{n}" for n in range(1000))
    return lambda: make(next(names))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(honos=some(HONOS), core_10=some(CORE_10), ors=some(LINES))
def test_what_was_sent_comes_back(fresh, honos, core_10, ors):
    first, second = fresh(), fresh()
    raters = {"honos": {"rater": "clinician", "timepoint": "review"}}
    for name, rows in (("honos", honos), ("core_10", core_10), ("ors", ors)):
        kept = [row | raters.get(name, {}) for row in rows if any(_answers(row))]
        if kept:
            take(first, name, kept, "scored")
    before, after = month(first), month(second)
    outside, results = load(second, next(before))
    assert outside.unread.is_empty()
    assert sum(each.rejected for each in results.values()) == 0
    next(after)
    assert next(after) == next(before)


def _answers(row):
    return [value for name, value in row.items() if name.startswith("q")]
