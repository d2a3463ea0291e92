"""`romframe framework`: whether a framework is sound, what it says, and what changed in it."""

from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings
from romframe.cli.framework_figures import report_command


if TYPE_CHECKING:
    from collections.abc import Mapping

    from romframe.frameworks.burden import Burden
    from romframe.frameworks.diff import Difference
    from romframe.frameworks.model import Framework
    from romframe.frameworks.terms import Terms


@click.group("framework")
def framework_command() -> None:
    """Check, explain and compare outcome frameworks.

    A framework is named as the workspace has it in `frameworks/`, or by a file that ends in .yaml.
    """


framework_command.add_command(report_command)

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@framework_command.command("check")
@click.argument("name", metavar="FILE|NAME")
@_AS_JSON
@settings
def check_command(settings: Settings, name: str, as_json: bool) -> None:
    """Say everything that is wrong with a framework, and what it asks of people's time.

    Leaves with 11 where anything is wrong; warnings alone leave with 0.

    \b
    Example:  romframe framework check examples/commissioner_framework/cambridgeshire.yaml
    """
    import json

    from romframe.frameworks.advice import advice
    from romframe.frameworks.burden import burden
    from romframe.frameworks.recorded import recorded_advice

    terms = _terms(settings)
    framework = _framework(settings, name, terms)
    warnings, forms = advice(framework, terms), burden(framework, terms)
    if settings.inside:
        warnings += recorded_advice(settings.workspace(), framework)
    unused = _collected_for_nothing(settings, framework)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        told = {
            **_identity(framework),
            "warnings": [{"code": each.code, "what": each.what} for each in warnings],
            "burden": [_burden_facts(each) for each in forms],
            "collected_and_not_used": unused,
        }
        click.echo(json.dumps({"version": 1, **told}, indent=2))
        return
    click.echo(f"{framework.name} {framework.version}: sound, {_warned(len(warnings))}")
    click.echo("\n".join(_burden_lines(framework, forms)))
    for instrument in unused:
        click.echo(f"Collected here, and no figure of this framework uses it: {instrument}.")


@framework_command.command("explain")
@click.argument("name", metavar="FILE|NAME")
@_AS_JSON
@settings
def explain_command(settings: Settings, name: str, as_json: bool) -> None:
    """Say every figure as sentences: who is counted, which two ratings, which rule, whose word.

    Then every schedule: what is asked for, when, of whom.

    \b
    Example:  romframe framework explain examples/commissioner_framework/cambridgeshire.yaml
    """
    import json

    from romframe.frameworks.wording import in_sentences, timing_in_sentences

    terms = _terms(settings)
    framework = _framework(settings, name, terms)
    figures, timing = in_sentences(framework, terms), timing_in_sentences(framework, terms)
    if as_json:
        told = {**_identity(framework), "figures": figures, "timing": timing}
        click.echo(json.dumps({"version": 1, **told}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{framework.name} ({framework.id}, version {framework.version})")
    outcome = ""
    for figure in figures:
        if figure["outcome"] != outcome:
            outcome = figure["outcome"]
            click.echo(f"\n{figure['says']} [{outcome}]")
        _echo_part(figure["figure"], figure["sentences"])
    if timing:
        click.echo("\nWhen it is asked for")
    for schedule in timing:
        _echo_part(schedule["schedule"], schedule["sentences"])
    for sentence in framework.may_not_conclude:
        click.echo(f"\nNot to be concluded: {sentence}")


@framework_command.command("indicators")
@_AS_JSON
@settings
def indicators_command(settings: Settings, as_json: bool) -> None:
    """List the indicators that a framework may ask for: what each counts, and its parameters.

    \b
    Example:  romframe framework indicators
    """
    import json

    offered = _terms(settings).indicators
    if as_json:
        facts = [
            {"indicator": each.name, "summary": each.summary, "params": each.params}
            for _, each in sorted(offered.items())
        ]
        click.echo(json.dumps({"version": 1, "indicators": facts}, indent=2))
        return
    for name, each in sorted(offered.items()):
        params = [_param_line(key, rules) for key, rules in each.params.items()]
        _echo_part(name, [each.summary, *params])


def _param_line(name: str, rules: "Mapping[str, Any]") -> str:
    values = f": {' or '.join(rules['allowed'])}" if "allowed" in rules else ""
    return f"{name} ({'needed' if rules.get('required') else 'if wanted'}){values}"


@framework_command.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_AS_JSON
@settings
def diff_command(settings: Settings, old: str, new: str, as_json: bool) -> None:
    """Say what two frameworks, or two versions of one, define differently.

    In a workspace, also which figures the last twelve whole months have under each.

    \b
    Example:  romframe framework diff 2019.yaml 2020.yaml
    """
    import json

    from romframe.cli.framework_figures import beside_in_text, figures_beside
    from romframe.frameworks.diff import definition_diff

    terms = _terms(settings)
    before, after = (_framework(settings, name, terms) for name in (old, new))
    definition = definition_diff(before, after)
    workspace = settings.workspace() if settings.inside else None
    figures = figures_beside(workspace, before, after) if workspace else []
    if as_json:
        told = {"old": _identity(before), "new": _identity(after)}
        facts = [_difference_facts(each) for each in definition]
        both = {"definition": facts, "figures": figures}
        click.echo(json.dumps({"version": 1, **told, **both}, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(map(_difference_line, definition)) or "Nothing is defined differently.")
    if workspace:
        click.echo(f"\n{beside_in_text(figures, workspace.today)}")


def _warned(number: int) -> str:
    return f"{number or 'no'} warning{'' if number == 1 else 's'}"


def _echo_part(name: str, sentences: list[str]) -> None:
    click.echo(f"  {name}")
    for sentence in sentences:
        click.echo(f"    {sentence}")


def _terms(settings: Settings) -> "Terms":
    """Give what a framework may name: in a workspace with its policies, else with plugins alone."""
    from romframe.frameworks.loader import terms_of
    from romframe.frameworks.terms import Terms

    return terms_of(settings.workspace()) if settings.inside else Terms(settings.catalogue())


def _framework(settings: Settings, name: str, terms: "Terms") -> "Framework":
    from romframe.frameworks.loader import FOLDER, framework_path, load_framework

    return load_framework(framework_path(settings.path / FOLDER, name), terms)


def _collected_for_nothing(settings: Settings, framework: "Framework") -> list[str]:
    """Give the instruments that the workspace has assessments of and the framework no figure."""
    from romframe.frameworks.advice import instruments_of

    used = instruments_of(framework)
    held = settings.workspace().used_instruments() if settings.inside else ()
    return [name for name in held if name not in used]


def _identity(framework: "Framework") -> dict[str, Any]:
    return {"framework": framework.id, "framework_version": framework.version}


def _burden_facts(burden: "Burden") -> dict[str, Any]:
    from attrs import asdict

    return {**asdict(burden), "total": burden.total}


def _burden_lines(framework: "Framework", forms: "list[Burden]") -> list[str]:
    """Give what each group is asked for in an episode of care, with what is not known said."""
    names = {group.id: group.name for group in framework.groups}
    lines = []
    for group, where in dict.fromkeys((each.group, each.where) for each in forms):
        own = [each for each in forms if (each.group, each.where) == (group, where)]
        besides = f", besides, where {where}" if where else ""
        lines.append(f"{names.get(group, 'Everybody')}, in an episode of care{besides}:")
        lines += [f"  {_form_line(each, timed=bool(framework.timing))}" for each in own]
        known = sum(each.total for each in own if each.total is not None)
        silent = sum(each.total is None for each in own)
        more = f", and the time of {silent} more that no spec declares" if silent else ""
        again = ", and what comes again" if any(each.again for each in own) else ""
        lines.append(f"  together {known:g} minutes{more}{again}")
    return lines


def _form_line(each: "Burden", *, timed: bool) -> str:
    forms = f"{each.forms} form{'s' if each.forms > 1 else ''} of {each.items} items"
    took = "minutes not declared" if each.total is None else f"{each.total:g} minutes"
    line = f"{each.name}: {forms}, by {' or '.join(each.raters)}; {took}"
    line += "".join(f"; and 1 more every {length}" for length in each.again)
    return line if each.asked or not timed else f"{line} (its figures need that; no schedule asks)"


def _difference_facts(each: "Difference") -> dict[str, Any]:
    return {"path": list(each.path), "kind": each.kind, "old": each.old, "new": each.new}


def _difference_line(each: "Difference") -> str:
    where = " > ".join(each.path)
    if each.kind == "changed":
        return f"changed  {where}: {each.old or '-'} -> {each.new or '-'}"
    said = each.old or each.new
    return f"{each.kind:<8} {where}{f': {said}' if said else ''}"
