"""`romframe demo`."""

from datetime import datetime
from pathlib import Path

import click


@click.command()
@click.argument(
    "folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("romframe-demo")
)
@click.option("--seed", default=1, show_default=True, help="Another seed makes other people.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-07-01",
    show_default=True,
    help="The day on which the made-up service stands.",
)
@click.pass_context
def demo(ctx: click.Context, folder: Path, seed: int, today: datetime) -> None:
    """Make a made-up perinatal service in DIR and take it through every step of romframe.

    Files as a record system would extract them are imported, scored, judged for change, exported
    for MHSDS and reported on. Nobody in them is real. The same seed and day give the same data.

    \b
    Example:  romframe demo perinatal-demo
    """
    from romframe_demo.run import run

    for line in run(ctx, folder, seed=seed, today=today.date()):
        click.echo(line)
