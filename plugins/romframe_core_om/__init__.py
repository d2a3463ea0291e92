"""The CORE family: Clinical Outcomes in Routine Evaluation."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the specs of the CORE family."""
    register(package="instrument_specs", folder="core_om")
