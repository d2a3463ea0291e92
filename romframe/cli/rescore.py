"""`romframe rescore`."""

from pathlib import Path
from typing import Any

import click

from romframe.cli.context import Settings, settings


@click.command("rescore")
@click.argument("instrument")
@click.option("--diff", is_flag=True, required=True, help="List what would change; store nothing.")
@click.option("--rule", metavar="ID", help="Another change rule, for every score that has it.")
@click.option("--missing", metavar="NAME", help="Another missing-answer policy.")
@click.option("--bands", metavar="NAME", help="Another set of bands.")
@click.option("--score", "scores", multiple=True, metavar="ID", help="A score on request, too.")
@click.option("--spec", type=click.Path(path_type=Path), help="A changed spec, or a new version.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def rescore_command(settings: Settings, /, instrument: str, **options: Any) -> None:
    """List whose score, band or change class would differ, before anything is switched.

    To switch, choose in romframe.yaml (under `measures:`, such as `core_10: {rules: {total:
    nhse_cyp}}`) or put the new spec in place, and run `romframe score`.

    \b
    Examples:  romframe -w perinatal rescore core_10 --diff --rule nhse_cyp
               romframe -w perinatal rescore honos --diff --missing ignore
               romframe -w perinatal rescore phq_9 --diff --spec drafts/phq_9.yaml
    """
    from romframe.cli.render import emit_safe
    from romframe.config import Choice
    from romframe.rescoring import Proposal, difference

    named = [name for name in ("rule", "missing", "bands", "scores", "spec") if options[name]]
    if not named:
        mend = "Give --rule, --missing, --bands, --score or --spec."
        raise click.UsageError(f"Nothing is proposed that could make a difference. {mend}")
    workspace = settings.workspace()
    spec = options["spec"]
    proposal = Proposal(
        Choice(options["missing"], options["bands"], options["scores"]),
        options["rule"],
        workspace.catalogue.read(spec) if spec else None,
    )
    found = difference(workspace, instrument, proposal)
    emit_safe(found.rows, options["out"])
    told = f"{found.changed_scores} of {found.scores} scores and {found.changed_classes} of "
    click.echo(f"{told}{found.classes} changes would differ.", err=True)
    settings.finish(workspace.catalogue.host)
