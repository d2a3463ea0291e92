"""Commands of other plugins, run as far as they are there: the national preview, the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date, timedelta
from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING

import click
from attrs import frozen


if TYPE_CHECKING:
    from romframe import Workspace
    from romframe_demo.synthetic.records import Service

PACK = "cquin_2023_24"
_WANTED_BY_REPORT = ("jinja2", "matplotlib", "scipy")


@frozen
class Opened:
    """Stands in for the options before a command: the workspace is open already."""

    opened: Workspace

    def workspace(self) -> Workspace:
        """Give the workspace."""
        return self.opened


def previewed(ctx: click.Context, workspace: Workspace, last: date) -> str:
    """Run `romframe national preview` for a month; say how many perinatal referrals are paired."""
    command = _offered(ctx, "national")
    if command is None:
        return "There is no national preview: the plugin mhsds is not there."
    args = ["preview", "--pack", PACK, "--as-of", str(last)]
    said = StringIO()
    with redirect_stdout(said):
        _run(ctx, command, [*args, "--json"], workspace)
    paired = " and ".join(
        f"{row['numerator']} of {row['denominator']} {row['cohort']}"
        for row in json.loads(said.getvalue())["figures"]
        if (row["figure"], row["group"]) == ("paired", "perinatal")
    )
    asked = f"romframe -w {workspace.path} national {' '.join(args)}"
    return f"National preview: {paired} perinatal referrals are paired. All of it: {asked}"


def reported(ctx: click.Context, workspace: Workspace, service: Service) -> Iterator[str]:
    """Run `romframe report`, which says what it wrote, or say why it cannot be run."""
    command = _offered(ctx, "report")
    lacking = [name for name in _WANTED_BY_REPORT if find_spec(name) is None]
    if command is None:
        yield "No report was written: the plugin report is not there."
    elif lacking:
        names = " and ".join(lacking)
        yield f"No report was written: it needs {names} (pip install 'romframe[report]')."
    else:
        last = service.today - timedelta(1)
        out = workspace.path / "report.html"
        args = ["service", "--from", str(service.start), "--to", str(last), "--out", str(out)]
        _run(ctx, command, args, workspace)
        months = ["--from", f"{service.start:%Y-%m}", "--to", f"{last:%Y-%m}"]
        _run(ctx, command, ["prem", *months, "--out", str(out.with_name("prem.html"))], workspace)


def _offered(ctx: click.Context, name: str) -> click.Command | None:
    root = ctx.find_root()
    return root.command.get_command(root, name) if isinstance(root.command, click.Group) else None


def _run(ctx: click.Context, command: click.Command, args: list[str], workspace: Workspace) -> None:
    with command.make_context(command.name, args, parent=ctx, obj=Opened(workspace)) as inner:
        command.invoke(inner)
