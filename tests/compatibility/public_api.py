"""What is promised to plugins, programs and scripts: names, what they take, hooks, commands.

Run as a program, it adds what is new to `public_api.json`. What stands there is a promise, and is
taken out only as docs/compatibility.md says.
"""

import inspect
import json
from pathlib import Path

import click

import romframe
from romframe import hookspecs
from romframe.cli import cli
from romframe.plugins.staging import KINDS


FROZEN = Path(__file__).with_name("public_api.json")


def public_api():
    """Give all of it as plain data, a parameter that must be given with a star."""
    names = {name: getattr(romframe, name) for name in romframe.__all__}
    taking = {name: each for name, each in names.items() if callable(each)}
    return {
        "names": {name: parameters(taking[name]) if name in taking else [] for name in names},
        "hooks": {name: parameters(getattr(hookspecs, name)) for name in sorted(KINDS)},
        "commands": dict(sorted(_commands(cli))),
    }


def parameters(called):
    """Name the parameters of a function or class in order."""
    try:
        known = inspect.signature(called).parameters.values()
    except ValueError:
        return []
    own = [each for each in known if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    return [each.name + ("*" if each.default is each.empty else "") for each in own]


def _commands(group, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        command = command.load() if hasattr(command, "load") else command  # one that waits for use
        spelt = (option for each in command.params for option in each.opts)
        options = sorted(option for option in spelt if option.startswith("-"))
        yield " ".join((*path, name)), options
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def grown(old, new):
    """Add to the old what is new."""
    kinds = {kind: {**new[kind], **old.get(kind, {})} for kind in new}
    for kind, entries in kinds.items():
        for name, known in entries.items():
            had = {each.removesuffix("*") for each in known}
            known += [e for e in new[kind].get(name, ()) if e.removesuffix("*") not in had]
    return kinds


if __name__ == "__main__":
    before = json.loads(FROZEN.read_text()) if FROZEN.exists() else {}
    lines = json.dumps(grown(before, public_api()), indent=1, sort_keys=True)
    FROZEN.write_text(lines + "\n", encoding="utf-8")
