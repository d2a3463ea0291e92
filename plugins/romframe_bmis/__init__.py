"""Mother-infant and parenting measures: BMIS, PBQ, MPAS, MAAS, KPCS, MORS-SF."""

from typing import Any

from romframe import hookimpl


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the specs of mother-infant and parenting measures."""
    register(package="instrument_specs", folder="bmis")
