"""Occupational therapy: MOHOST, OSA, OCAIRS and COPM."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer MOHOST, OSA, OCAIRS and COPM."""
    register(package="instrument_specs", folder="ot")
