"""Alerts: an endorsed risk item is never missed, and a blank one never raises the alarm."""

import polars as pl
import pytest

import romframe
from romframe.errors import UsageError


def core_10(**answers):
    row = {f"q{n}": 0 for n in range(1, 11)} | answers
    return pl.DataFrame({"person": ["A"], **{name: [value] for name, value in row.items()}})


def test_an_endorsed_risk_item_raises_its_alert():
    found = romframe.alerts(core_10(q6=1), "core_10", coding="position")
    assert found.select("row", "person", "subject", "source").rows() == [
        (1, "A", "q6", "product_alert")
    ]


@pytest.mark.parametrize("answer", [0, None, 9])
def test_a_blank_or_impossible_answer_raises_none(answer):
    found = romframe.alerts(core_10(q6=answer), "core_10", coding="position")
    assert found.is_empty()
    assert found.columns == ["row", "person", "subject", "alert", "source"]


def test_a_lazy_frame_is_collected_and_turned_items_need_a_coding():
    found = romframe.alerts(core_10(q6=4).lazy(), "core_10", coding="scored")
    assert isinstance(found, pl.DataFrame)
    with pytest.raises(UsageError, match="turned items"):
        romframe.alerts(core_10(), "core_10")


def test_a_score_raises_its_alert_from_its_threshold_on(shipped, tmp_path, root):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text()
    marked = text.replace(
        "    range: [0, 27]\n    better",
        "    alert: {at_least: 20, text: Severe}\n    range: [0, 27]\n    better",
    )
    (tmp_path / "phq_9.yaml").write_text(marked)
    spec = shipped.read(tmp_path / "phq_9.yaml")
    answers = pl.DataFrame(
        {f"q{n}": [3, 2, 0] for n in range(1, 8)} | {"q8": [0] * 3, "q9": [0] * 3}
    )
    found = romframe.alerts(answers, spec)
    assert found.select("row", "subject", "alert").rows() == [(1, "total", "Severe")]
