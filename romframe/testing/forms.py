"""Forms made from an instrument alone: every answer that it allows, and patterns of them.

All are in scored coding, as text or numbers that a data file may hold.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from romframe.instruments.model import AnswerState, Instrument, Item


_GAPS = (
    AnswerState.NOT_KNOWN,
    AnswerState.NOT_APPLICABLE,
    AnswerState.DECLINED,
    AnswerState.BLANK,
)

Form = Mapping[str, Any]  # a cell by item id; None is a blank
WORDS = "Words of a person"


def allowed_answers(item: Item) -> list[Any]:
    """Give every answer that an item allows, from the one that counts least to the most."""
    scale = item.scale
    if scale.kind == "text":
        return [WORDS]
    if scale.kind == "coded":
        options = sorted(scale.options, key=lambda option: option.value or 0)
        return [option.code for option in options]
    steps = round(((scale.high or 0) - (scale.low or 0)) / scale.step)
    return [_step(item, n) for n in range(steps + 1)]


def _step(item: Item, n: int) -> int | float:
    units = item.scale.units
    number = round(((item.scale.low or 0) + n * item.scale.step) * units) / units
    return int(number) if number.is_integer() else number


def gap_codes(item: Item) -> dict[AnswerState, Any]:
    """Give the codes that stand for an answer state other than answered, one a state."""
    return {state: code for code, state in reversed(item.scale.missing)}


def _lowest(item: Item) -> Any:
    return allowed_answers(item)[0]


def _highest(item: Item) -> Any:
    return allowed_answers(item)[-1]


def _middle(item: Item) -> Any:
    answers = allowed_answers(item)
    return answers[len(answers) // 2]


_PATTERNS: dict[str, Callable[[Item], Any]] = {
    "lowest": _lowest,
    "highest": _highest,
    "middle": _middle,
    "blank": lambda _: None,
}


def form_of(instrument: Instrument, pattern: str) -> dict[str, Any]:
    """Give a form that is filled in by a pattern.

    `lowest`, `highest` and `middle` answer every item; `blank` answers none; `gap` leaves out the
    last item that counts; `states` goes through the answer states, as far as an item has codes.
    """
    if pattern in _PATTERNS:
        return {item.id: _PATTERNS[pattern](item) for item in instrument.items}
    form = form_of(instrument, "middle")
    if pattern == "gap":
        return form | {item.id: None for item in counted(instrument)[-1:]}
    return form | _through_states(instrument.items)


def _through_states(items: Sequence[Item]) -> dict[str, Any]:
    """Give for each item but the first the code of the state that is next, or a blank."""
    codes = zip(items[1:], itertools.cycle(_GAPS))
    return {item.id: gap_codes(item).get(state) for item, state in codes}


def counted(instrument: Instrument) -> list[Item]:
    """Give the items that a score is made of."""
    used = {item_id for score in instrument.scores for item_id in score.items}
    return [item for item in instrument.items if item.id in used]


def frame_of(instrument: Instrument, forms: Iterable[Form]) -> pl.DataFrame:
    """Give forms as a table of text, as a data file holds them."""
    rows = list(forms)
    return pl.DataFrame(
        {item.id: [_text(row.get(item.id)) for row in rows] for item in instrument.items},
        schema=dict.fromkeys((item.id for item in instrument.items), pl.String),
    )


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell)
