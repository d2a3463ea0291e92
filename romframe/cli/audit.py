"""`romframe audit`: data quality. It looks, counts and lists, and changes nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.agreement import agreement_command
from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

_CHECKS = "checks"
_ALL = "all"


class AuditGroup(click.Group):
    """A group of which the first command may go unsaid: `romframe audit` runs the checks."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the unsaid command where it belongs."""
        if not args or args[0] not in (*self.commands, "-h", "--help"):
            args = [_CHECKS, *args]
        return super().parse_args(ctx, args)


@click.group("audit", cls=AuditGroup)
def audit_command() -> None:
    """Look at the quality of the data; nothing is deleted or changed.

    Without a command it runs the checks: see `romframe audit checks --help`.

    \b
    Examples:  romframe -w perinatal audit
               romframe -w perinatal audit all_zero copied_forward --by rater
               romframe -w perinatal audit pairing core_10
    """


@audit_command.command(_CHECKS)
@click.argument("names", metavar="[CHECK]...", nargs=-1)
@click.option("--team", metavar="NAME", help="Only what concerns this team.")
@click.option(
    "--by",
    type=click.Choice([_ALL, "team", "rater"]),
    multiple=True,
    default=["team"],
    help="Count by what? Say it twice for raters team by team.",
)
@click.option("--list", "listed", is_flag=True, help="Say which checks there are.")
@click.option("--csv", "as_csv", is_flag=True, help="The findings one by one, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Rates and findings as JSON.")
@click.option("--out", type=click.Path(path_type=Path), help="Findings: a .csv or .parquet file.")
@settings
def checks_command(
    settings: Settings,
    names: Sequence[str],
    team: str | None,
    by: Sequence[Any],
    listed: bool,
    as_csv: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Run the checks, or those that are named, and count what stands out.

    A finding is a question to ask, not an error. Rates come with their number and a Wilson 95%
    interval. Findings name people's ratings and staff: they are for those who may see the records.

    \b
    Examples:  romframe -w perinatal audit
               romframe -w perinatal audit required_answer --team North --csv
               romframe -w perinatal audit required_answer --by team --by rater
               romframe -w perinatal audit --list
    """
    from romframe.auditing import run
    from romframe.cli.render import emit_safe, table

    workspace = settings.workspace()
    if listed:
        known = run.known_checks(workspace)
        told = ((name, check.summary) for name, check in known.items())
        click.echo(table(("check", "what it looks for"), told))
        return
    judged = run.judged_by(workspace, names, team)
    findings = run.findings_in(judged)
    rates = run.rates_of(judged, [each for each in by if each != _ALL])
    bare = run.without_answers(workspace, team)
    if as_json:
        found = {"rates": rates.to_dicts(), "findings": findings.to_dicts(), "no_answers": bare}
        click.echo(json.dumps(found, indent=2))
    elif as_csv or out is not None:
        emit_safe(findings, out)
    else:
        _show(rates, findings, bare)
    host = workspace.catalogue.host
    if any(each.code == "plugin-call" for each in host.problems):
        click.echo("The checks are incomplete: one that failed is named here.", err=True)
    settings.check(host)
    settings.finish(host)


def _show(rates: "pl.DataFrame", findings: "pl.DataFrame", bare: int) -> None:
    from romframe.cli.render import table

    if rates.is_empty():
        click.echo("There is nothing that these checks could judge.")
        return
    *keys, _, _, _, _, _ = rates.columns
    rows = (
        (*(each[key] or "(not said)" for key in keys), each["judged"], *_share(each))
        for each in rates.iter_rows(named=True)
    )
    click.echo(table((*keys, "judged", "found", "share", "95% interval (Wilson)"), rows))
    found = "1 finding" if findings.height == 1 else f"{findings.height} findings"
    click.echo(f"\n{found}; --csv lists them one by one.")
    if bare:
        click.echo(f"Ratings that came as scores without answers: {bare}; few checks judge them.")


def _share(row: dict[str, Any]) -> tuple[str, str, str]:
    ends = f"{100 * row['low']:.1f}% to {100 * row['high']:.1f}%"
    return str(row["found"]), f"{100 * row['share']:.1f}%", ends


@audit_command.command("pairing")
@click.argument("instrument", required=False)
@click.option("--score", metavar="ID", help="Only this score.")
@click.option("--team", metavar="NAME", help="Only referrals to this team.")
@click.option("--ratings", is_flag=True, help="A row a rating, with what became of it.")
@click.option("--summary", is_flag=True, help="Count the verdicts.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def pairing_command(
    settings: Settings,
    instrument: str | None,
    score: str | None,
    team: str | None,
    ratings: bool,
    summary: bool,
    out: Path | None,
) -> None:
    """List the one pairing verdict that every referral has for every score of a measure.

    Each row names the two ratings that are compared, and says of every other one why it is not.
    Without INSTRUMENT it is all measures in use.

    \b
    Examples:  romframe -w perinatal audit pairing core_10
               romframe -w perinatal audit pairing honos --score total --ratings
               romframe -w perinatal audit pairing --summary
    """
    from romframe.auditing import pairing
    from romframe.cli.render import emit_safe

    workspace = settings.workspace()
    names = (instrument,) if instrument else workspace.used_instruments()
    if ratings:
        emit_safe(pairing.ratings_of(workspace, names, score, team), out)
        return
    verdicts = pairing.verdicts_of(workspace, names, score, team)
    emit_safe(pairing.counted(verdicts) if summary else verdicts, out)
    settings.finish(workspace.catalogue.host)


@audit_command.command("sample")
@click.argument("instrument")
@click.option("--n", type=click.IntRange(min=1), required=True, help="How many ratings.")
@click.option("--seed", type=int, required=True, help="The same seed draws the same sample.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Rated on or after.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Rated on or before.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def sample_command(
    settings: Settings,
    instrument: str,
    n: int,
    seed: int,
    first: "datetime | None",
    last: "datetime | None",
    out: Path | None,
) -> None:
    """Draw ratings to be made a second time by somebody else, a fair share from every team.

    The file is to be filled in and imported: its column `purpose` says that these are second
    ratings, which never count in change, reports or returns.

    \b
    Examples:  romframe -w perinatal audit sample honos --n 20 --seed 7 --out sample.csv
               romframe -w perinatal import sample.csv --as honos
               romframe -w perinatal audit agreement honos
    """
    from datetime import date

    from romframe.auditing.sample import draw_sample
    from romframe.cli.render import emit_safe

    between = (first.date() if first else date.min, last.date() if last else date.max)
    drawn = draw_sample(settings.workspace(), instrument, n, seed, between)
    emit_safe(drawn, out)
    counts = ", ".join(f"{team or '(not said)'} {k}" for team, k in _by_team(drawn))
    click.echo(f"Drawn {drawn.height}: {counts}.", err=True)


def _by_team(drawn: "pl.DataFrame") -> "list[tuple[str | None, int]]":
    return list(drawn.group_by("team", maintain_order=True).len().iter_rows())


audit_command.add_command(agreement_command)
