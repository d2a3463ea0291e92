"""`romframe init`."""

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The service's name (default: the folder's name).")
def init_command(folder: Path, name: str | None) -> None:
    """Make a workspace: config, store and folders for measures and mappings.

    \b
    Example:  romframe init perinatal --name "Fenland Perinatal Service"
    """
    from romframe.workspace import create_workspace

    workspace = create_workspace(folder, name or folder.resolve().name)
    workspace.store.close()
    click.echo(f"Made a workspace in {workspace.path}.")
    click.echo(f"Next: put measures into {workspace.path / 'measures'}, then `romframe import`.")
