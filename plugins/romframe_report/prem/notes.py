"""`prem.yaml` of a workspace: which comments may be shown, and what the service did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import Document, did_you_mean, read_checked_yaml


if TYPE_CHECKING:
    from romframe import Workspace

FILE_NAME = "prem.yaml"
_MONTH = {"type": "string", "regex": r"\d{4}-(0[1-9]|1[0-2])"}
_TEXT = {"type": "string", "empty": False}
_ACTION = {
    "month": {**_MONTH, "required": True},
    "you_said": {**_TEXT, "required": True},
    "we_did": {**_TEXT, "required": True},
    "measure": _TEXT,
}
_SCHEMA: dict[str, Any] = {
    "comments": {
        "type": "dict",
        "schema": {
            "read_by": {**_TEXT, "required": True},
            "read_to": {**_MONTH, "required": True},
            "leave_out": {"type": "list", "schema": _TEXT},
        },
    },
    "you_said_we_did": {"type": "list", "schema": {"type": "dict", "schema": _ACTION}},
}


@frozen
class Action:
    """What people said and what the service did about it, in the month in which it told them."""

    month: str
    you_said: str
    we_did: str
    measure: str = ""


@frozen
class Notes:
    """What a service keeps for its reports of returns.

    Comments may be shown of months up to `read_to`, because a person has read them: nobody has
    where that is empty. Those in which a text of `leave_out` stands are not shown.
    """

    read_to: str = ""
    leave_out: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()

    def told(self, until: str) -> tuple[Action, ...]:
        """Give what was done up to and including a month, the latest first."""
        done = [action for action in self.actions if action.month <= until]
        return tuple(sorted(done, key=lambda action: action.month, reverse=True))


def read_notes(workspace: Workspace) -> Notes:
    """Read prem.yaml; a workspace need not have one. Raises DataError with all that is wrong."""
    path = workspace.path / FILE_NAME
    if not path.exists():
        return Notes()

    def check(document: Document) -> None:
        for number, action in enumerate(document.data.get("you_said_we_did", ())):
            name = action.get("measure")
            if name is not None and name not in workspace.instrument_ids:
                place = ("you_said_we_did", number, "measure")
                what = f"There is no instrument {name!r}."
                mend = did_you_mean(name, workspace.instrument_ids)
                document.report(place, "unknown-instrument", what, mend)

    data = read_checked_yaml(path, _SCHEMA, check).data
    comments = data.get("comments", {})
    actions = tuple(Action(**action) for action in data.get("you_said_we_did", ()))
    return Notes(comments.get("read_to", ""), tuple(comments.get("leave_out", ())), actions)
