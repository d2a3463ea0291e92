"""`romframe framework report`, and the figures of two frameworks side by side."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from romframe.disclosure import DisclosurePolicy
    from romframe.frameworks.figures import FrameworkFigures
    from romframe.frameworks.model import Framework
    from romframe.frameworks.shown import ShownFigure, ShownTarget
    from romframe.workspace import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])
_FIGURES = ("outcome", "part", "figure", "count", "of", "found", "95% interval")
_HELD = "held back: a few people differ"
_TARGETS = ("part", "figure", "target", "found", "met?", "why")


@click.command("report")
@click.argument("name", metavar="FILE|NAME")
@click.option("--from", "start", type=_DAY, metavar="YYYY-MM-DD", help="First day.")
@click.option("--to", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day.")
@click.option("--team", help="Only referrals to this team.")
@click.option("--json", "as_json", is_flag=True, help="For programs, with runs over time.")
@click.option("--csv", "as_csv", is_flag=True, help="A row a figure.")
@settings
def report_command(
    settings: Settings,
    name: str,
    start: datetime | None,
    end: datetime | None,
    team: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Say what came of a framework, with small numbers hidden as the framework says.

    Without days it looks back as far as the framework says, from its last whole month, quarter or
    year.

    \b
    Example:  romframe -w perinatal framework report ours --from 2025-07-01 --to 2026-06-30
    """
    import polars as pl
    from attrs import asdict

    from romframe.cli.render import emit
    from romframe.frameworks.figures import framework_figures
    from romframe.frameworks.loader import read_framework
    from romframe.frameworks.period import period_in_words, reporting_period

    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms: choose one.")
    workspace = settings.workspace()
    framework = read_framework(workspace, name)
    days = [each and each.date() for each in (start, end)]
    first, last = reporting_period(framework, workspace.today, *days)
    figures = framework_figures(workspace, framework, first, last, team)
    if None in days:
        click.echo(period_in_words(framework, first, last), err=True)
    policy, shown, targets = _shown(figures)
    if as_csv:
        rows = [asdict(each) for each in shown]
        emit(pl.LazyFrame(rows, schema_overrides={"value": pl.Float64}), None)
    elif as_json:
        click.echo(json.dumps(_facts(figures, policy), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_told(figures, policy, shown, targets)))


def figures_beside(
    workspace: "Workspace", old: "Framework", new: "Framework"
) -> list[dict[str, Any]]:
    """Give the figures of the last twelve whole months under two frameworks, a row a figure.

    Each is shown as its own framework's disclosure policy allows; None where it has no such figure.
    Where the two differ by a few people, the new figures are held back: subtraction would tell what
    became of those few.
    """
    from romframe.frameworks.figures import framework_figures
    from romframe.frameworks.shown import told_by_subtraction

    start, end = last_twelve_months(workspace.today)
    counted = [framework_figures(workspace, each, start, end) for each in (old, new)]
    sides = []
    for figures in counted:
        _, shown, _ = _shown(figures)
        sides.append({(each.outcome, each.part, each.figure): _in_short(each) for each in shown})
    before, after = sides
    held = told_by_subtraction(*counted)
    after |= {key: _HELD for key in after if key[1] in held}
    return [
        {
            "outcome": key[0],
            "part": key[1],
            "figure": key[2],
            "old": before.get(key),
            "new": after.get(key),
        }
        for key in dict.fromkeys([*before, *after])
    ]


def beside_in_text(rows: Sequence[dict[str, Any]], today: date) -> str:
    """Lay out the figures of two frameworks side by side."""
    from romframe.cli.render import table

    start, end = last_twelve_months(today)
    told = table(
        ("outcome", "part", "figure", "old", "new"),
        (["-" if value is None else value for value in row.values()] for row in rows),
    )
    return f"Figures from {start} to {end}:\n{told}"


def last_twelve_months(today: date) -> tuple[date, date]:
    """Give the first and the last day of the twelve whole months before today's."""
    this = today.replace(day=1)
    return this.replace(year=this.year - 1), this - timedelta(days=1)


def _shown(
    figures: "FrameworkFigures",
) -> tuple["DisclosurePolicy", tuple["ShownFigure", ...], tuple["ShownTarget", ...]]:
    from romframe.disclosure import disclosure_policy
    from romframe.frameworks.shown import shown_figures, shown_targets

    policy = disclosure_policy(figures.framework.disclosure)
    return policy, shown_figures(figures, policy), shown_targets(figures, policy)


def _told(
    figures: "FrameworkFigures",
    policy: "DisclosurePolicy",
    shown: Sequence["ShownFigure"],
    targets: Sequence["ShownTarget"],
) -> Iterator[str]:
    from romframe.cli.render import table
    from romframe.frameworks.shown import STATUS_WORDS

    framework, window = figures.framework, figures.window
    yield f"{framework.name} ({framework.id}, version {framework.version})"
    yield f"{window.start} to {window.end}, {window.team or 'all teams'}"
    for outcome in framework.outcomes:
        yield f"{outcome.id}: {outcome.says}"
    yield ""
    yield table(_FIGURES, (_cells(each) for each in shown))
    if targets:
        yield ""
        yield table(
            _TARGETS,
            (
                (
                    each.part,
                    each.target.figure,
                    each.wanted,
                    _value(each.found) if each.found else "-",
                    STATUS_WORDS[each.status],
                    each.reason or ("chance could have decided" if each.in_interval else ""),
                )
                for each in targets
            ),
        )
    yield ""
    yield f"Small numbers: {policy.summary}"
    yield "Nothing here says why people changed, or that one service is better than another."
    yield from (f"Not to be concluded: {sentence}" for sentence in framework.may_not_conclude)


def _cells(each: "ShownFigure") -> tuple[str, ...]:
    interval = "-" if each.low is None else f"{each.low}% to {each.high}%"
    about = (each.outcome, each.part, each.figure, each.count or "-", each.of)
    return (*about, _value(each), interval)


def _value(each: "ShownFigure") -> str:
    if each.value is None:
        return "-"
    return f"{each.value:g}{' days' if each.figure == 'median' else '%'}"


def _in_short(each: "ShownFigure") -> str:
    return f"{_value(each)} ({each.count or 'median'} of {each.of})"


def _facts(figures: "FrameworkFigures", policy: "DisclosurePolicy") -> dict[str, Any]:
    from attrs import asdict

    _, shown, targets = _shown(figures)
    framework, window = figures.framework, figures.window
    return {
        "version": 1,
        "framework": framework.id,
        "framework_version": framework.version,
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "team": window.team,
        "disclosure": policy.id,
        "figures": [asdict(each) for each in shown],
        "targets": [{**asdict(each), "wanted": each.wanted} for each in targets],
        "runs": list(_runs(figures, policy)),
    }


def _runs(figures: "FrameworkFigures", policy: "DisclosurePolicy") -> Iterator[dict[str, Any]]:
    from romframe.disclosure import shown_share
    from romframe.frameworks.runs import shown_run

    for part, counted in figures.counted.items():
        run = shown_run(figures, part, counted.main, policy)
        for label, share in run.points if run else ():
            shown = shown_share(share, policy)
            percent = None if share.of == 0 else int(policy.percentage(share.count, share.of))
            about = {"part": part, "figure": counted.main, "stretch": label}
            yield {**about, "count": shown.count, "of": shown.of, "value": percent}
