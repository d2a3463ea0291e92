"""Indicators for outcome frameworks that are no questionnaires: each by a definition in words.

Nothing heavy is imported here: an indicator is loaded when it measures.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from romframe import hookimpl


if TYPE_CHECKING:
    import polars as pl

    from romframe import Indicator, Workspace


@hookimpl
def register_indicators(register: Callable[[Indicator], None]) -> None:
    """Offer the indicators."""
    from romframe import Indicator
    from romframe_indicators.definitions import MORE, PARAMS, SUMMARIES

    for name, summary in SUMMARIES.items():
        more = MORE.get(name, {})
        register(Indicator(name, summary, _later(name), PARAMS[name], **more))


def _later(name: str) -> Callable[[Workspace, Mapping[str, Any]], pl.DataFrame]:
    """Give the measure function of an indicator; its module is imported when it is called."""

    def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
        module = importlib.import_module(f"{__name__}.{name}")
        found: pl.DataFrame = module.measure(workspace, params)
        return found

    return measure
