"""`romframe plugins check`: how good a plugin's package is."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click


if TYPE_CHECKING:
    from romframe.vetting import Verdict


@click.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--limit",
    type=click.FloatRange(min=1),
    default=300,
    show_default=True,
    help="Seconds after which its build or its tests are stopped.",
)
@click.pass_context
def check_plugin(ctx: click.Context, path: Path, as_json: bool, limit: float) -> None:
    """Build a plugin's package, load it and run its tests; say how good it is.

    PATH is the project's folder, or a wheel. The tiers are bronze, silver, gold and platinum; what
    each asks for stands in docs/tiers.md. Leaves with 13 where it does not reach bronze. The
    package's own code is run.

    \b
    Example:  romframe plugins check county_return
    """
    import json

    from attrs import asdict

    from romframe.errors import PluginError
    from romframe.vetting import vet

    verdict = vet(path, limit, partial(click.echo, err=True))
    if as_json:
        click.echo(json.dumps({"version": 1, "plugin": asdict(verdict)}, indent=2))
    else:
        _tell(verdict)
    if verdict.tier == "none":
        ctx.exit(PluginError.exit_code)


def _tell(verdict: "Verdict") -> None:
    from romframe.vetting import TIERS

    title = f"{verdict.name} {verdict.version}".strip()
    click.echo(f"{title}: {verdict.tier if verdict.tier != 'none' else 'no tier yet'}")
    for tier in TIERS:
        missing = [each for each in verdict.missing if each.tier == tier]
        if missing:
            click.echo(f"\nFor {tier}:")
        for each in missing:
            click.echo(f"- {each.criterion}: " + each.what.replace("\n", "\n    "))
