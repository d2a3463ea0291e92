"""`romframe due`."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl

_STATUSES = ("overdue", "due", "deferred", "upcoming", "done", "missed")
_DAY = click.DateTime(["%Y-%m-%d"])
_FARTHEST = 3653  # days from today, for what is repeated would have no end


@click.command("due")
@click.option("--as-of", type=_DAY, metavar="DATE", help="The day to look at (default: today).")
@click.option("--framework", multiple=True, metavar="NAME", help="Only this framework's schedules.")
@click.option("--team", metavar="NAME", help="Only this team's referrals.")
@click.option("--clinician", metavar="ID", help="Only referrals whose last contact was with them.")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice(_STATUSES),
    help="Only these (default: overdue, due and deferred).",
)
@click.option("--ahead", type=click.IntRange(0, 366), default=28, help="Days to look ahead.")
@click.option("--reviews", type=click.IntRange(0, 366), metavar="DAYS", help="A brief a review.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--csv", "csv", type=click.Path(path_type=Path), help="Into a .csv or .parquet file.")
@click.option("--ics", type=click.Path(path_type=Path), help="Into an iCalendar file.")
@settings
def due_command(
    settings: Settings,
    as_of: datetime | None,
    framework: Sequence[str],
    team: str | None,
    clinician: str | None,
    status: Sequence[str],
    ahead: int,
    reviews: int | None,
    as_json: bool,
    csv: Path | None,
    ics: Path | None,
) -> None:
    """List which measures are due for whom, as the schedules of the frameworks say.

    \b
    Examples:  romframe -w perinatal due --team North
               romframe -w perinatal due --as-of 2026-06-01 --status upcoming --ics june.ics
               romframe -w perinatal due --reviews 14 --clinician CP7
    """
    from romframe.timing.due import anonymous_measures
    from romframe.timing.lists import TO_DO, Wanted, due_list, frameworks_with_timing

    if reviews is not None and (status or csv or ics):
        raise click.UsageError("--reviews goes with neither --status, --csv nor --ics.")
    workspace = settings.workspace()
    day = as_of.date() if as_of else workspace.today
    if (day - workspace.today).days > _FARTHEST:
        raise click.UsageError(f"{day} is too far ahead: ten years are the most.")
    found = frameworks_with_timing(workspace, framework)
    for name in sorted({m.name for each in found for m in anonymous_measures(workspace, each)}):
        told = "nobody can tell whose its returns are, so that it is on no list."
        click.echo(f"notice: {name}: {told}", err=True)
    wanted = Wanted(status or TO_DO, team, clinician, ahead)
    if reviews is not None:
        from romframe.timing.reviews import review_briefs

        _show_briefs(review_briefs(workspace, found, day, wanted, reviews), day, as_json)
        return
    rows = due_list(workspace, found, day, wanted)
    _keep(rows, workspace.config.name, day, csv, ics)
    if as_json:
        click.echo(json.dumps({"as_of": day, "items": rows.to_dicts()}, default=str, indent=2))
    elif csv is None and ics is None:
        _show(rows, day)


def _keep(
    rows: "pl.DataFrame", service: str, day: date, csv: Path | None, ics: Path | None
) -> None:
    from romframe.cli.render import emit_safe

    if csv is not None:
        emit_safe(rows, csv)
    if ics is not None:
        from romframe.cli.render import write_bytes
        from romframe.timing.calendar import calendar

        write_bytes(ics, calendar(rows, service, day))
        click.echo(f"Wrote {ics}.", err=True)


def _show(rows: "pl.DataFrame", day: date) -> None:
    counts = dict(rows["status"].value_counts().iter_rows())
    told = ", ".join(f"{counts[each]} {each}" for each in _STATUSES if each in counts)
    click.echo(f"On {day}: {told or 'nothing is due'}.")
    if rows.height:
        click.echo(_table(rows))


def _table(rows: "pl.DataFrame") -> str:
    from romframe.cli.render import table

    columns = ("due_on", "status", "referral_id", "instrument", "schedule", "team", "clinicians")
    lines = [
        [*("" if row[name] is None else row[name] for name in columns), _note(row)]
        for row in rows.iter_rows(named=True)
    ]
    heads = ["due", "status", "referral", "measure", "schedule", "team", "clinician", "note"]
    return table(heads, lines)


def _note(row: dict[str, Any]) -> str:
    if row["status"] == "done":
        punctual = row["punctual"].replace("_", " ")
        return f"{row['outcome']} {row['answered_on']}, {punctual}"
    if row["status"] == "deferred":
        return f"until {row['deferred_until']}: {row['reason']}"
    return f"on time to {row['closes_on']}" if row["status"] == "due" else ""


def _show_briefs(briefs: list[dict[str, Any]], day: date, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"as_of": day, "reviews": briefs}, default=str, indent=2))
        return
    from romframe.cli.render import plain

    reviews = "1 review" if len(briefs) == 1 else f"{len(briefs)} reviews"
    click.echo(f"On {day}: {reviews} ahead.")
    for brief in briefs:
        since = brief["since"] or "the referral began"
        review = plain(f"{brief['referral_id']}: {brief['kind']}")
        click.echo(f"\n{review} on {brief['on']} (since {since})")
        for item in brief["due"]:
            click.echo(f"  {item['status']}: {item['instrument']} ({item['due_on']})")
        for each in brief["changed"]:
            click.echo(
                f"  {each['instrument']} {each['score']}: {each['before']:g} ({each['before_on']})"
                f" to {each['now']:g} ({each['now_on']})"
            )
        for event in brief["events"]:
            click.echo(plain(f"  {event['kind']} on {event['on']}"))
