"""The options of an exporter: what the config says, what is said on the way, what they must be."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from romframe.config import Config
from romframe.errors import FrameworkError, Place, Problem, UsageError
from romframe.offers import Exporter
from romframe.validation import validate
from romframe.yaml_source import Document


_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def chosen_options(
    config: Config, exporter: Exporter, given: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Give the options of one export: those given, or else the config's.

    Raises FrameworkError for an option of the config, UsageError for one that is given or missing.
    """
    options = {**configured(config, exporter), **_typed(exporter, given)}
    required = {name for name, rules in exporter.options.items() if rules.get("required")}
    found = [
        each for name in sorted({*options, *required}) for each in _of(name, exporter, options)
    ]
    if found:
        raise UsageError(found)
    return options


def _of(name: str, exporter: Exporter, options: Mapping[str, Any]) -> list[Problem]:
    """Say what is wrong with one option, which has its own name for its place."""
    known = exporter.options
    schema = {name: known[name]} if name in known else _optional(known)
    document = Document("")
    validate(document, schema, {name: options[name]} if name in options else {})
    place = Place(field=f"--{name.replace('_', '-')}")
    return [_as_option(problem)._replace(place=place) for problem in document.problems]


def configured(config: Config, exporter: Exporter) -> Mapping[str, Any]:
    """Give the options of an exporter that the config says; FrameworkError where any is wrong."""
    problems = config_problems(config, exporter)
    if problems:
        raise FrameworkError(problems)
    return config.exports.get(exporter.name, {})


def config_problems(config: Config, exporter: Exporter) -> list[Problem]:
    """Say what is wrong with an exporter's options in the config, each with its place there."""
    given = config.exports.get(exporter.name, {})
    document = evolve(config.document, problems=[], faulty=set())
    validate(document, _optional(exporter.options), given, ("exports", exporter.name))
    return document.problems


def _optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give the schema without what must be given."""
    return {
        name: {key: value for key, value in rules.items() if key != "required"}
        for name, rules in schema.items()
    }


def _typed(exporter: Exporter, options: Mapping[str, Any]) -> dict[str, Any]:
    """Read text as what an option is: yes and no, or a whole number; else it stays text."""

    def read(name: str, value: Any) -> Any:
        kind = exporter.options.get(name, {}).get("type")
        if kind == "boolean" and isinstance(value, str):
            return _FLAGS.get(value.lower(), value)
        if kind == "integer" and isinstance(value, str) and value.isdecimal():
            return int(value)
        return value

    return {name: read(name, value) for name, value in options.items()}


def _as_option(problem: Problem) -> Problem:
    """Say of an option what validation says of a line in a file."""
    missing = problem.code == "missing-key"
    mend = "Give it as --NAME VALUE, or in romframe.yaml." if missing else problem.mend
    return Problem(problem.code, problem.what.replace("The key", "The option"), mend)
