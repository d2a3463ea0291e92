"""What every command shares: which workspace, which plugins, and how to open them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.instruments.model import Instrument
    from romframe.plugins import PluginHost
    from romframe.wording import Wording
    from romframe.workspace import Workspace


class Settings:
    """The options given before the command."""

    def __init__(self, path: Path | None, without: tuple[str, ...], strict: bool) -> None:
        self.path = path or Path()
        self.named = path is not None
        self.without = without
        self.strict = strict
        self._opened: Workspace | None = None

    @property
    def inside(self) -> bool:
        """Whether a workspace was named, or the folder that we are in is one."""
        from romframe.config import FILE_NAME

        return self.named or (self.path / FILE_NAME).exists()

    def workspace(self) -> "Workspace":
        """Open the workspace until the command ends; once, however often it is asked for.

        Raises as `open_workspace` does, and PluginError if strict.
        """
        from romframe.workspace import open_workspace

        if self._opened is None:
            self._opened = open_workspace(self.path, without=self.without)
            click.get_current_context().call_on_close(self._opened.store.close)
            self.check(self._opened.catalogue.host)
        return self._opened

    def catalogue(self) -> "Catalogue":
        """Give the instruments of the workspace, or of the installed plugins if there is none."""
        from romframe.api import BUILTIN
        from romframe.catalogue import Catalogue
        from romframe.plugins import PluginHost, installed

        if self.inside:
            return self.workspace().catalogue
        host = PluginHost(disabled=frozenset(self.without))
        host.load([BUILTIN, *installed()])
        self.check(host)
        return Catalogue(host)

    def instrument(self, name: str) -> tuple["Instrument", "Catalogue"]:
        """Give an instrument by name, or from a spec file (a name that ends in .yaml)."""
        from romframe.errors import Problem, UsageError

        catalogue = self.catalogue()
        if name.endswith((".yaml", ".yml")):
            return catalogue.read(Path(name)), catalogue
        if name not in catalogue.ids and Path(f"{name}.yaml").is_file():
            what, mend = f"There is no instrument {name!r}.", f"To read the file, say {name}.yaml."
            raise UsageError(Problem("unknown-instrument", what, mend))
        return catalogue.instrument(name), catalogue

    def wording(self, instrument: "Instrument", locale: str | None = None) -> "Wording":
        """Give an instrument's words: in a workspace those of its packs, elsewhere our labels."""
        from romframe.wording import Wording

        if not self.inside:
            return Wording(instrument, locale or instrument.locale)
        words = self.workspace().wording(instrument, locale)
        self.tell_of_wording()
        return words

    def tell_of_wording(self) -> None:
        """Say why wording packs of the workspace that were asked for are not used."""
        problems = self.workspace().unused_wording
        for problem in problems:
            click.echo(f"warning: {problem}", err=True)
        if problems:
            click.echo("warning: Our own labels stand where that pack is not used.", err=True)

    def check(self, host: "PluginHost") -> None:
        """Say what is wrong with plugins; with --strict-plugins, stop. Raises PluginError."""
        from romframe.cli.built_in import built_in
        from romframe.errors import PluginError
        from romframe.hookspecs import PROJECT

        for command in built_in():
            host.offer(PROJECT, "commands", str(command.name), None)
        problems = host.faults()
        if problems and self.strict:
            raise PluginError(problems)
        for problem in problems:
            click.echo(f"warning: {problem}", err=True)

    def finish(self, host: "PluginHost") -> None:
        """End a run in which a plugin's method failed with its exit code. Raises PluginError."""
        from romframe.errors import PluginError

        failed = [problem for problem in host.problems if problem.code == "plugin-call"]
        if failed:
            raise PluginError(failed)


settings = click.make_pass_decorator(Settings)
