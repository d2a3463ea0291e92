"""Commands that are listed without being imported."""

import sys

import click
import pytest
from click.testing import CliRunner

from romframe import LazyCommand, PluginError, hookimpl, plugins
from romframe.cli import cli
from romframe.plugins import PluginSource


def lazy_commands(group, context, path=()):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, LazyCommand):
            yield " ".join((*path, name)), command
            command = command.load()
        if isinstance(command, click.Group):
            yield from lazy_commands(command, context, (*path, name))


def test_the_line_of_help_of_a_lazy_command_is_that_of_the_command_itself():
    found = dict(lazy_commands(cli, click.Context(cli)))
    assert {"audit", "import", "national", "mhsds codes", "report service"} <= found.keys()
    for path, command in found.items():
        own = command.load()
        assert own.name == command.name, path
        for width in (45, 1000):
            assert command.get_short_help_str(width) == own.get_short_help_str(width), path


@pytest.mark.parametrize("args", [[], ["--help"], ["1", "2"], ["--no-such-option"], ["7"]])
def test_a_lazy_command_does_what_the_command_does(args):
    lazy = LazyCommand("double", f"{__name__}:double", "Say twice the number.")
    own, stood_for = (CliRunner().invoke(each, args, prog_name="p") for each in (double, lazy))
    assert (stood_for.exit_code, stood_for.output) == (own.exit_code, own.output)


@click.command()
@click.argument("number", type=int)
def double(number):
    """Say twice the number."""
    click.echo(2 * number)


@pytest.mark.parametrize(
    ("module", "what"),
    [
        ("raise ImportError('no such library')", "no such library"),
        ("command = 1", "broken_command:command is no command"),
    ],
)
def test_a_lazy_command_that_cannot_be_imported_is_a_fault_of_its_plugin(
    tmp_path, monkeypatch, module, what
):
    (tmp_path / "broken_command.py").write_text(module)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_command", raising=False)
    assert what in failing(monkeypatch, "broken_command:command")


def test_what_a_lazy_command_of_a_plugin_raises_is_a_fault_of_the_plugin(monkeypatch):
    assert "division by zero" in failing(monkeypatch, f"{__name__}:broken")


@click.command()
def broken():
    """Break."""
    click.echo(1 / 0)


def failing(monkeypatch, target):
    """Give what is said of a plugin `mine` that offers the target as the command `broken`."""

    class Mine:
        @hookimpl
        def register_commands(self, register):
            register(LazyCommand("broken", target, "Break."))

    monkeypatch.setattr(plugins, "installed", lambda: [PluginSource("mine", Mine)])
    with pytest.raises(PluginError, match="The plugin 'mine' failed") as raised:
        cli.main(["broken"], standalone_mode=False)
    return str(raised.value)
