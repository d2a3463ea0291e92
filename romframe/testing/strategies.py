"""Hypothesis strategies that fill in any instrument, rightly and wrongly."""

from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from romframe.instruments.model import Instrument, Item
from romframe.testing.forms import Form, allowed_answers, counted


BLANKS = (None, "", " ")
ODD = ("x", "-99", "98765", "1.5001", "1,0", "true", "0x1", "\u0661", "NaN", "=1+1")


@frozen
class InvalidResponse:
    """A form with one answer that is none: which item, what stands there, and what is wrong."""

    form: Form
    item: str
    cell: str
    what: str


def answers(item: Item, *, blanks: bool = True) -> st.SearchStrategy[Any]:
    """Draw one answer that the item allows; with `blanks`, or a blank, or a code for one."""
    allowed = st.sampled_from(allowed_answers(item))
    if not blanks:
        return allowed
    gaps = [*BLANKS, *(code for code, _ in item.scale.missing)]
    return st.one_of(allowed, allowed, allowed, st.sampled_from(gaps))


def responses(instrument: Instrument, *, blanks: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a valid form: for every item an answer that it allows; with `blanks`, or none."""
    return st.fixed_dictionaries(
        {item.id: answers(item, blanks=blanks) for item in instrument.items}
    )


def invalid_responses(instrument: Instrument) -> st.SearchStrategy[InvalidResponse]:
    """Draw a form in which one item of a score holds what its scale does not allow.

    The instrument must have a score: elsewhere no answer makes a number.
    """
    return st.one_of(
        *(
            st.builds(_spoilt, responses(instrument), st.just(item.id), st.sampled_from(wrong))
            for item in counted(instrument)
            if (wrong := wrong_answers(item))
        )
    )


def wrong_answers(item: Item) -> list[str]:
    """Give cells that are neither an answer to the item nor a code for a blank."""
    known = {str(each) for each in (*allowed_answers(item), *(c for c, _ in item.scale.missing))}
    return [cell for cell in ODD if item.scale.kind != "text" and cell not in known]


def _spoilt(form: Form, item: str, cell: str) -> InvalidResponse:
    what = f"{cell!r} is no answer to {item}"
    return InvalidResponse({**form, item: cell}, item, cell, what)
