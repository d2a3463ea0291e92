"""Published ways to judge change, beyond the three that the core brings."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_change_methods(register: Any) -> None:
    """Offer simple thresholds, published indices, two measures together, and goals one by one."""
    from romframe_change.goals import PER_GOAL
    from romframe_change.indices import INDICES
    from romframe_change.simple import SIMPLE
    from romframe_change.two_measures import TWO_MEASURES

    indices = (index.method for index in INDICES)
    for method in (*SIMPLE, *indices, TWO_MEASURES, PER_GOAL):
        register(method)
