"""The HoNOS family: Health of the Nation Outcome Scales."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the specs of the HoNOS family."""
    register(package="instrument_specs", folder="honos")
