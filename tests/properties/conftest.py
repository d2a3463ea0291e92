"""How hard the properties are tried: the same examples every time, unless asked for more.

ROMFRAME_EXAMPLES=2000 pytest tests/properties tries that many new ones for each property.
"""

import os

from hypothesis import HealthCheck, settings


_MORE = os.environ.get("ROMFRAME_EXAMPLES")

settings.register_profile(
    "romframe",
    max_examples=int(_MORE or 15),
    derandomize=_MORE is None,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("romframe")
