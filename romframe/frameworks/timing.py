"""What a framework may say of timing: schedules, each with the instruments that it asks for."""

from typing import Any

from romframe.instruments.schema import CHANGE_RULE, INSTRUMENT


SCHEDULE: dict[str, Any] = {
    "id": {**CHANGE_RULE["score"], "required": True},
    "name": INSTRUMENT["note"],
    "group": CHANGE_RULE["score"],
    "instruments": {
        "type": "list",
        "empty": False,
        "required": True,
        "schema": INSTRUMENT["note"],
    },
}
