"""`romframe plugins` and `romframe doctor`."""

from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings
from romframe.cli.plugins_check import check_plugin
from romframe.cli.plugins_new import new_plugin


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.errors import Problem


_STAGES = {
    "plugin-api": "api",
    "plugin-name": "name",
    "plugin-import": "import",
    "plugin-slow": "import",
    "plugin-hook": "hooks",
    "deprecated-use": "hooks",
    "plugin-register": "register",
    "wording-packaged": "register",
    "plugin-conflict": "conflict",
    "plugin-call": "call",
}


@click.group("plugins", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@settings
def plugins_command(settings: Settings, as_json: bool) -> None:
    """List every plugin, what it offers, and what is wrong with it.

    Every measure is read and every method of a plugin tried, so that faults of these are listed
    too. The stage says how far a plugin came: api, name, import, hooks, register, conflict, spec,
    call.

    \b
    Example:  romframe plugins
    """
    import json

    from romframe.cli.render import table

    if click.get_current_context().invoked_subcommand is not None:
        return

    listed = _listed(settings.catalogue())
    if as_json:
        click.echo(json.dumps({"version": 1, "plugins": listed}, indent=2))
        return
    header = ("plugin", "distribution", "version", "status", "stage", "seconds", "offers")
    click.echo(table(header, [_row(facts) for facts in listed]))


plugins_command.add_command(new_plugin)
plugins_command.add_command(check_plugin)


def _listed(catalogue: "Catalogue") -> list[dict[str, Any]]:
    from romframe.upkeep import try_methods

    host = catalogue.host
    told = {*host.faults()}
    in_specs = catalogue.problems_by_plugin()
    try_methods(catalogue)
    listed = []
    for name, record in host.records.items():
        problems = [*host.problems_of(name), *in_specs.get(record.source.name, ())]
        for problem in problems:
            if problem not in told:
                click.echo(f"{problem.severity}: {problem}", err=True)
        source, wrong = record.source, any(each.severity == "error" for each in problems)
        facts = {
            "plugin": source.name,
            "distribution": source.distribution,
            "version": source.version,
            "api": source.group,
            "status": "partly" if record.status == "ok" and wrong else record.status,
            "seconds": round(record.seconds, 3),
            "offers": {kind: list(names) for kind, names in record.offers.items()},
            "problems": [_facts(problem) for problem in problems],
        }
        listed.append(facts)
    return listed


def _facts(problem: "Problem") -> dict[str, str]:
    return {
        "stage": _STAGES.get(problem.code, "spec"),
        "severity": problem.severity,
        "code": problem.code,
        "place": str(problem.place),
        "what": problem.what,
        "mend": problem.mend,
    }


def _row(facts: dict[str, Any]) -> list[str]:
    offers = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in facts["offers"].items())
    stages = dict.fromkeys(problem["stage"] for problem in facts["problems"])
    told = [facts[name] for name in ("plugin", "distribution", "version", "status")]
    return [*told, ", ".join(stages), f"{facts['seconds']:.2f}", offers]


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
        try_methods,
        version_problems,
    )

    workspace = settings.workspace() if settings.inside else None
    catalogue = workspace.catalogue if workspace else settings.catalogue()
    host, wrong_measures = catalogue.host, catalogue.problems()
    try_methods(catalogue)
    for remark in (*host.remarks(), *catalogue.old_words()):
        click.echo(f"warning: {remark}", err=True)
    found = [
        ("plugins", PluginError, host.faults()),
        ("measures", SpecError, wrong_measures),
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
