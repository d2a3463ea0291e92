"""The same synthetic forms as other programs scored; tests/vectors/README.md has their sources.

Every row either gives the peer's number, or departs from it for a reason that is worked out here
from the text of the form.
"""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

import romframe


ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "vectors"


def peer(file, instrument, coding=None):
    """Give each row of a peer's file, as text, with our verdicts of it."""
    rows = list(csv.DictReader((VECTORS / file).read_text(encoding="utf-8").splitlines()))
    items = [name for name in rows[0] if name.startswith("item_")]
    frame = pl.DataFrame(
        [{name.replace("item_", "q"): row[name] for name in items} for row in rows]
    )
    wide = romframe.score(frame, instrument, coding=coding, shape="wide")
    return list(zip(rows, wide.to_dicts(), strict=True))


def expected_reason(answers, allowed, required, unknown=()):
    """Work out from the text of a form why a score of these answers must be refused, if so."""
    if any(answer not in (*allowed, *unknown, "") for answer in answers):
        return "invalid_response"
    known = [answer for answer in answers if answer in allowed]
    if not known:
        return "nothing_answered"
    return "too_many_missing" if len(known) < required else None


def departures(pairs, score, column, reason_of):
    """Count the rows in which we refuse on purpose; all others must equal the peer's number."""
    counts = Counter()
    for row, ours in pairs:
        reason = reason_of(row)
        where = f"row {row['row_id']}, {row['case']}"
        counts[reason or "equal"] += 1
        if reason is None:
            assert ours[score] == pytest.approx(float(row[column]), abs=1e-9), where
        else:
            assert (ours[score], ours[f"{score}_reason"]) == (None, reason), where
    return counts


def answers(row, items):
    return [row[f"item_{n}"] for n in items]


FOUR, THREE = ("0", "1", "2", "3", "4"), ("0", "1", "2", "3")


def test_core_10_agrees_with_camcops():
    """Both prorate one gap; from the second on CamCOPS goes on, and gives 0 for an empty form."""
    pairs = peer("core_10_peer.csv", "core_10", coding="scored")
    found = departures(
        pairs,
        "total",
        "out_clinical_score",
        lambda row: expected_reason(answers(row, range(1, 11)), FOUR, 9),
    )
    assert found == {
        "equal": 292,
        "too_many_missing": 93,
        "invalid_response": 20,
        "nothing_answered": 3,
    }
    for row, ours in pairs:
        if row["out_is_complete"] == row["out_field_contents_valid"] == "TRUE":
            assert ours["total_status"] == "scored"
            assert ours["total"] == float(row["out_total_score"])


def test_honos_agrees_with_camcops():
    """CamCOPS sums whatever is known, and gives 0 where nothing is; we ask for all 12."""
    found = departures(
        peer("honos_peer.csv", "honos"),
        "total",
        "out_total",
        lambda row: expected_reason(answers(row, range(1, 13)), FOUR, 12, unknown=("9",)),
    )
    assert found == {
        "equal": 68,
        "too_many_missing": 306,
        "invalid_response": 20,
        "nothing_answered": 21,
    }


def test_phq_9_agrees_with_camcops():
    """CamCOPS calls a form complete only with item 10 answered too, which does not count."""
    pairs = peer("phq_9_peer.csv", "phq_9")
    found = departures(
        pairs,
        "total",
        "out_total",
        lambda row: expected_reason(answers(row, range(1, 10)), THREE, 9),
    )
    assert found == {
        "equal": 261,
        "too_many_missing": 125,
        "invalid_response": 15,
        "nothing_answered": 6,
    }
    severity = {
        "NONE": "none or minimal",
        "MILD": "mild",
        "MODERATE": "moderate",
        "MODERATELY SEVERE": "moderately severe",
        "SEVERE": "severe",
    }
    for row, ours in pairs:
        if ours["total"] is not None:
            assert ours["total_band"] == severity[row["out_severity"].replace("_", " ")]


def test_gad_7_agrees_with_camcops():
    """CamCOPS sums what is there: a form with gaps looks healthier than it is; we refuse it."""
    pairs = peer("gad_7_peer.csv", "gad_7")
    found = departures(
        pairs,
        "total",
        "out_total",
        lambda row: expected_reason(answers(row, range(1, 8)), THREE, 7),
    )
    assert found == {
        "equal": 258,
        "too_many_missing": 113,
        "invalid_response": 20,
        "nothing_answered": 7,
    }
    for row, ours in pairs:
        if ours["total"] is not None:
            assert ours["total_band"].startswith(row["out_severity"].lower())


CORE_OM_ITEMS = {
    "well_being_sum": ("SUBJECTIVE_WELL_BEING_DEFICITS", [4, 14, 17, 31]),
    "problems_sum": ("PROBLEMS_SYMPTOMS", [2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30]),
    "functioning_sum": (
        "LIFE_FUNCTIONING_DIFFICULTIES",
        [1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33],
    ),
    "risk_sum": ("RISK_HARM", [6, 9, 16, 22, 24, 34]),
}


@pytest.mark.parametrize(
    ("score", "counts"),
    [
        ("well_being_sum", (325, 63, 3)),
        ("problems_sum", (284, 106, 1)),
        ("functioning_sum", (290, 100, 1)),
        ("risk_sum", (317, 72, 2)),
    ],
)
def test_core_om_domains_agree_with_awell_score(score, counts):
    """awell-score sums what is there; our raw sums are for complete domains."""
    name, items = CORE_OM_ITEMS[score]
    found = departures(
        peer("core_om_peer.csv", "core_om", coding="scored"),
        score,
        f"out_{name}_RAW",
        lambda row: expected_reason(answers(row, items), FOUR, len(items)),
    )
    reasons = ("equal", "too_many_missing", "nothing_answered")
    assert found == dict(zip(reasons, counts, strict=True))


def test_core_om_total_agrees_with_awell_score():
    """awell-score has no limit to gaps and rounds the mean; we allow three gaps and do not."""
    counts = Counter()
    for row, ours in peer("core_om_peer.csv", "core_om", coding="scored"):
        reason = expected_reason(answers(row, range(1, 35)), FOUR, 31)
        counts[reason or "equal"] += 1
        assert ours["total_reason"] in (reason, "items_missing")
        if reason is None:
            assert ours["total"] / 10 == pytest.approx(float(row["out_TOTAL_MEAN"]), abs=0.0051)
    assert counts == {"equal": 322, "too_many_missing": 68, "nothing_answered": 1}
