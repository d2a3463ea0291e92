"""The Patient-rated Outcome and Experience Measure of perinatal services."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the spec of POEM."""
    register(package="instrument_specs", folder="poem")
