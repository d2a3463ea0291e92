"""`romframe export`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from romframe.offers import Exporter

_NAMED = "romframe.named_exporter"
_MOST_TOLD = 30  # files that are named


class _WithOwnOptions(click.Command):
    """A command whose help also lists the options of the exporter that is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the exporter's name before `--help` ends everything."""
        ctx.meta[_NAMED] = next((each for each in args if not each.startswith("-")), "")
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the exporter's options; nothing where there is no exporter of that name."""
        from romframe.plugins import PluginHost, installed

        host = PluginHost(hooks=frozenset({"register_exporters"}))
        host.load(installed())
        exporter = host.registry("exporters").get(ctx.meta[_NAMED])
        if exporter is not None and exporter.options:
            rows = [_described(*each) for each in exporter.options.items()]
            with formatter.section(f"Options of {exporter.name}"):
                formatter.write_dl(rows)


def _described(name: str, rules: Mapping[str, Any]) -> tuple[str, str]:
    """Give an exporter's option as the help shows it."""
    kind = rules.get("type", "text")
    values = "|".join(map(str, rules.get("allowed", ())))
    shown = {"boolean": "", "dict": "(in romframe.yaml)"}.get(str(kind), values or "TEXT")
    told = [rules.get("meta", {}).get("help", ""), "Required." if rules.get("required") else ""]
    return f"--{name.replace('_', '-')} {shown}".rstrip(), " ".join(each for each in told if each)


@click.command("export", cls=_WithOwnOptions, context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option("--option", "given", multiple=True, metavar="KEY=VALUE", help="The exporter's own.")
@click.argument("own", nargs=-1, type=click.UNPROCESSED, metavar="[--KEY [VALUE]]...")
@settings
def export_command(
    settings: Settings, name: str, out: Path, given: Sequence[str], own: Sequence[str]
) -> None:
    """Export the workspace's data with the exporter NAME (see `romframe plugins`).

    Each exporter has options of its own, which follow its name as --KEY VALUE; one that can only be
    on or off stands alone. What is said under `exports:` in romframe.yaml need not be said again.

    \b
    Example:  romframe -w perinatal export mhsds --period 2026-11 --full --out november
    """
    from romframe.cli.progress import progress_bar
    from romframe.errors import ExportRefused, Problem
    from romframe.exporting import run_export

    if name.startswith("-"):
        raise click.UsageError(f"Name the exporter before {name}.")
    workspace = settings.workspace()
    exporter = workspace.catalogue.host.find("exporters", name)
    options: dict[str, Any] = {}
    for key, value in [*_named(exporter, own), *map(_pair, given)]:
        if key in options:
            raise click.BadParameter(f"{key!r} is said twice.", param_hint=f"--{key}")
        options[key] = value
    result = run_export(workspace, name, out, options, progress_bar)
    for line in result.summary:
        click.echo(line)
    told = ", ".join(result.files[:_MOST_TOLD])
    more = len(result.files) - _MOST_TOLD
    rest = f" and {more} more" if more > 0 else ""
    click.echo(f"Wrote {len(result.files)} files to {out}: {told}{rest}")
    if not result.accepted:
        raise ExportRefused(Problem("export-not-accepted", "Nothing can be sent.", f"See {out}."))


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key and sign):
        raise click.BadParameter(f"{text!r} is not KEY=VALUE.", param_hint="--option")
    return key, value


def _named(exporter: "Exporter", arguments: Sequence[str]) -> list[tuple[str, Any]]:
    """Read `--period 2026-11 --full`: an option that is on or off takes no value."""
    rest = list(arguments)
    found: list[tuple[str, Any]] = []
    while rest:
        name, sign, value = rest.pop(0).partition("=")
        key = name.removeprefix("--").replace("-", "_")
        if not name.startswith("--") or key not in exporter.options:
            raise click.UsageError(_unknown(name, exporter.options))
        if exporter.options[key].get("type") == "boolean" and not sign:
            found.append((key, True))
        elif sign or rest:
            found.append((key, value if sign else rest.pop(0)))
        else:
            raise click.UsageError(f"{name} needs a value.")
    return found


def _unknown(name: str, options: Mapping[str, Any]) -> str:
    from romframe.errors import did_you_mean

    known = [f"--{key.replace('_', '-')}" for key in options] + ["--out", "--option"]
    what = "No such option" if name.startswith("-") else "Nothing stands for"
    return f"{what}: {name}. {did_you_mean(name, known)}"
