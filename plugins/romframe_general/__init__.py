"""Other measures in use across mental health services."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the specs of other measures in use."""
    register(package="instrument_specs", folder="general")
