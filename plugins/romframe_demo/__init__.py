"""`romframe demo`: a made-up perinatal service that goes through every step of romframe."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from romframe import hookimpl


if TYPE_CHECKING:
    import click


@hookimpl
def register_commands(register: Callable[["click.Command"], None]) -> None:
    """Offer `romframe demo`."""
    from romframe_demo.commands import demo

    register(demo)
