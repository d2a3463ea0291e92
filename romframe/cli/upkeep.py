"""What commands that use stored answers say before they do."""

from typing import TYPE_CHECKING

import click


if TYPE_CHECKING:
    from romframe.workspace import Workspace


def tell_of_versions(workspace: "Workspace") -> None:
    """Say on standard error which stored answers are passed over, and why."""
    from romframe.upkeep import version_problems

    for problem in version_problems(workspace):
        click.echo(f"warning: {problem}", err=True)
