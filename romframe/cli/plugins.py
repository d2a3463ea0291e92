"""`romframe plugins` and `romframe doctor`."""

from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings
from romframe.cli.plugins_check import check_plugin
from romframe.cli.plugins_new import new_plugin


if TYPE_CHECKING:
    from romframe.plugins import PluginRecord


@click.group("plugins", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@settings
def plugins_command(settings: Settings, as_json: bool) -> None:
    """List every plugin, what it offers, and what is wrong with it; start and check your own.

    \b
    Example:  romframe plugins
    """
    import json

    from romframe.cli.render import table

    if click.get_current_context().invoked_subcommand is not None:
        return

    host = settings.catalogue().host
    if as_json:
        facts = [_facts(record) for record in host.records.values()]
        click.echo(json.dumps({"version": 1, "plugins": facts}, indent=2))
        return
    header = ("plugin", "distribution", "version", "status", "offers")
    click.echo(table(header, [_row(record) for record in host.records.values()]))


plugins_command.add_command(new_plugin)
plugins_command.add_command(check_plugin)


def _row(record: "PluginRecord") -> list[str]:
    source = record.source
    offers = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in record.offers.items())
    return [source.name, source.distribution, source.version, record.status, offers]


def _facts(record: "PluginRecord") -> dict[str, object]:
    problem = record.problem
    return {
        "plugin": record.source.name,
        "distribution": record.source.distribution,
        "version": record.source.version,
        "api": record.source.group,
        "status": record.status,
        "offers": {kind: list(names) for kind, names in record.offers.items()},
        "problem": {"what": problem.what, "mend": problem.mend} if problem else None,
    }


@click.command("doctor")
@settings
def doctor_command(settings: Settings) -> None:
    """Say what is wrong with plugins and measures; in a workspace, with its files and store.

    Its files are the config, norms, checks, frameworks, wording and translations. Leaves with the
    exit code of the first kind of problem found: 13 plugins, 10 measures and wording, 11 config and
    frameworks, 12 translations, 15 store.

    \b
    Example:  romframe -w perinatal doctor
    """
    from importlib.util import find_spec

    from romframe.auditing.own import check_problems
    from romframe.errors import DataError, FrameworkError, PluginError, SpecError, StoreError
    from romframe.frameworks.loader import framework_problems
    from romframe.upkeep import (
        choice_problems,
        export_problems,
        norm_problems,
        version_problems,
    )

    workspace = settings.workspace() if settings.inside else None
    catalogue = workspace.catalogue if workspace else settings.catalogue()
    host = catalogue.host
    found = [
        ("plugins", PluginError, host.faults()),
        ("measures", SpecError, catalogue.problems()),
    ]
    if workspace:
        worded = workspace.wording_problems()
        warnings = [each for each in worded if each.severity == "warning"]
        for warning in (*warnings, *version_problems(workspace)):
            click.echo(f"warning: {warning}", err=True)
        wrong = [each for each in worded if each.severity == "error"]
        choices = [
            *choice_problems(workspace),
            *export_problems(workspace),
            *norm_problems(workspace),
            *check_problems(workspace),
        ]
        found.append(("config", FrameworkError, choices))
        found.append(("frameworks", FrameworkError, framework_problems(workspace)))
        found.append(("wording", SpecError, wrong))
        if find_spec("babel"):  # without the extra report there is no report to translate
            from romframe.languages import translation_problems

            found.append(("translations", DataError, translation_problems(workspace)))
        found.append(("store", StoreError, workspace.store.verify()))
    for part, _, problems in found:
        click.echo(f"{part}: {'sound' if not problems else f'{len(problems)} problems'}")
    for _, kind, problems in found:
        if problems:
            raise kind(problems)
