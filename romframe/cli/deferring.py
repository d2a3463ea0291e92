"""`romframe defer`."""

from datetime import datetime

import click

from romframe.cli.context import Settings, settings
from romframe.cli.render import plain


_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("defer")
@click.argument("referral")
@click.argument("instrument")
@click.option("--until", type=_DAY, required=True, metavar="DATE", help="When it is due again.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, such as acute distress.")
@click.option("--by", metavar="ID", help="The care professional who decided it.")
@click.option("--on", type=_DAY, metavar="DATE", help="When it was decided (default: today).")
@click.option("--schedule", metavar="ID", help="Only what this schedule asks for.")
@settings
def defer_command(
    settings: Settings,
    referral: str,
    instrument: str,
    until: datetime,
    reason: str,
    by: str | None,
    on: datetime | None,
    schedule: str | None,
) -> None:
    """Put a measure of a referral off, with a reason; `romframe due` says until when.

    \b
    Example:  romframe -w perinatal defer R12 honos --until 2026-06-14 --reason "acute distress"
    """
    import getpass

    from romframe.clock import now
    from romframe.importing.kinds import DEFERRAL
    from romframe.timing.deferring import defer, deferral_notices

    workspace = settings.workspace()
    deferral = {
        "referral_id": referral,
        "instrument": instrument,
        "schedule": schedule,
        "deferred_on": (on.date() if on else workspace.today).isoformat(),
        "until": until.date().isoformat(),
        "reason": reason,
        "care_professional_id": by,
    }
    before = workspace.table(DEFERRAL)
    new = defer(workspace, deferral, actor=getpass.getuser(), now=now())
    for notice in deferral_notices(workspace, before):
        click.echo(plain(f"notice: {notice}"), err=True)
    word = "is deferred" if new else "was deferred already"
    click.echo(f"{instrument} of referral {referral} {word} until {until.date()}.")
