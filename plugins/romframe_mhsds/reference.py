"""The NHS facts in `data/`: which codes are accepted when, and what is said of what is sent."""

import functools
from collections.abc import Mapping
from datetime import date

from romframe_mhsds.facts import read_facts
from romframe_mhsds.layout import Field, table


TABLE = "MHS606CodedScoreAssessmentRefer"


def columns() -> tuple[Field, ...]:
    """Give the columns of the table in the order of the IDB."""
    return table(TABLE).fields


def first_day() -> date:
    """Give the first day that this layout of the table serves."""
    return date.fromisoformat(table(TABLE).valid_from)


@functools.cache
def notices() -> Mapping[str, str]:
    """Give what may be said about an assessment that was sent, in a sentence by code."""
    return {
        row["code"]: sentence(row["condition"], row["mend"]) for row in read_facts("notices.csv")
    }


@functools.cache
def reasons() -> Mapping[str, str]:
    """Give why an assessment may not be sent, in a sentence by reason."""
    return {row["reason"]: row["explanation"] for row in read_facts("reasons.csv")}


def sentence(condition: str, mend: str) -> str:
    """Join what was found and its mend into text."""
    return f"{condition[0].upper()}{condition[1:]}. {mend}"
