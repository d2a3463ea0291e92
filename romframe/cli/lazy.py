"""Commands that are imported when they are used, not when they are listed."""

import importlib
from typing import Any

import click


class LazyCommand(click.Command):
    """Stands for a command in the list of a group; its module is imported when it is used.

    `target` is `package.module:name`. `help` is the first sentence of the command's own help: the
    list shows no more of it.
    """

    def __init__(self, name: str, target: str, help: str) -> None:  # noqa: A002  (click's own name)
        super().__init__(name, help=help)
        self.target = target

    def load(self) -> click.Command:
        """Import the command and give it; raises TypeError where the target is no command."""
        module, _, name = self.target.partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            message = f"{self.target} is no command"
            raise TypeError(message)
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments as the command itself does; it is the context's command."""
        return self.load().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command itself."""
        return ctx.command.invoke(ctx)
