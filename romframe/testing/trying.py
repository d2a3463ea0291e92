"""How the kit tries a property: the same examples every time, few of them, and no database.

The property is a function inside a test, so that a suite may be inherited as often as one likes.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


PHASES = (Phase.generate, Phase.shrink)


def try_all(strategy: st.SearchStrategy[Any], check: Callable[[Any], None], times: int) -> None:
    """Call `check` with so many examples; raises what it raises, with the simplest example."""
    quietly = settings(
        max_examples=times,
        derandomize=True,
        database=None,
        deadline=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    quietly(given(strategy)(check))()
