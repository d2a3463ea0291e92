"""Goals: the Goal-Based Outcomes tool."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the Goal-Based Outcomes tool."""
    register(package="instrument_specs", folder="gbo")
