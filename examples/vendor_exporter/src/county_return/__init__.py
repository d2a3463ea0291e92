"""An exporter for romframe: the scores of one month, as a county's register of outcomes takes them.

The county is made up; the package shows what a vendor's exporter looks like.
"""

from typing import Any

from romframe import Exporter, hookimpl

OPTIONS = {
    "provider": {
        "type": "string",
        "regex": "[A-Z0-9]{3,6}",
        "required": True,
        "meta": {"help": "Your code in the register: 3 to 6 capital letters and digits."},
    },
    "month": {
        "type": "string",
        "regex": "[0-9]{4}-(0[1-9]|1[0-2])",
        "meta": {"help": "The month to send, as in 2026-06; the last whole month unless said."},
    },
    "teams": {
        "type": "boolean",
        "meta": {"help": "Add the column team."},
    },
}


@hookimpl
def register_exporters(register: Any) -> None:
    """Offer the exporter. What is slow to import waits until it is used."""
    from county_return.export import export

    register(Exporter("county_return", "A month's scores for the county register", export, OPTIONS))
