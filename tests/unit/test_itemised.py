"""Answers one by one, with what each means by itself."""

import polars as pl
import pytest

import romframe
from romframe.errors import UsageError


@pytest.fixture
def forms():
    row = {f"q{n}": n % 5 for n in range(1, 13)}
    return pl.DataFrame([{"person": "a", **row, "q2": 9, "q5": 7, "q8_type": "B"}])


def test_a_row_an_answer_in_the_order_of_the_form(forms):
    items = romframe.score(forms, "honos", shape="items")
    assert items.columns == ["person", "item", "label", "answer", "value", "state", "band"]
    by_item = {row["item"]: row for row in items.to_dicts()}
    assert next(iter(by_item)) == "q1"
    assert by_item["q3"]["value"] == 3.0
    assert (by_item["q2"]["value"], by_item["q2"]["state"]) == (None, "not_known")
    assert (by_item["q5"]["value"], by_item["q5"]["state"]) == (None, None)
    assert (by_item["q8_type"]["answer"], by_item["q8_type"]["value"]) == ("B", None)


def test_lazy_frames_stay_lazy(forms):
    assert isinstance(romframe.score(forms.lazy(), "honos", shape="items"), pl.LazyFrame)


def test_turned_items_need_a_coding():
    with pytest.raises(UsageError, match="coding-needed"):
        romframe.score(pl.DataFrame({"q1": [1]}), "core_10", shape="items")
