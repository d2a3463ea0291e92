"""Every report that romframe.yaml lists, made again where anything in it may have changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import field, frozen

from romframe import FrameworkError, Problem, UsageError, UserError, did_you_mean
from romframe_report.saving import save


if TYPE_CHECKING:
    from romframe import Workspace

FOLDERS = ("wording", "plugins", "frameworks", "locales")
_DAY = "%Y-%m-%d"


@frozen
class Listed:
    """One report of the list: its command, what that is told, and the files that it writes."""

    command: click.Command
    args: tuple[str, ...]
    places: tuple[Path, ...]

    @property
    def out(self) -> Path:
        """The report's own file."""
        return self.places[0]

    @property
    def mark(self) -> Path:
        """The file beside the report that says of what it was made."""
        return self.out.with_name(f".{self.out.name}.made")

    def made_of(self, digest: str) -> bool:
        """Say whether all its files are there and were made of what has this digest."""
        try:
            return self.mark.read_text(encoding="utf-8") == digest and all(
                place.exists() for place in self.places
            )
        except (OSError, UnicodeDecodeError):
            return False


@frozen
class _Opened:
    """What a command is given in place of the command line's own options."""

    _workspace: Workspace = field(repr=False)

    def workspace(self) -> Workspace:
        """Give the workspace that is open."""
        return self._workspace


def remake(workspace: Workspace, kinds: Mapping[str, click.Command | None]) -> int:
    """Make every listed report that is not as it would be made now; a line or more for each.

    Gives the exit code of the worst: what is wrong with one report stops no other. Raises
    UsageError where none is listed.
    """
    if not workspace.config.reports:
        mend = "List them under `reports:`, each with its `kind` and `out`."
        raise UsageError(Problem("no-reports-listed", "romframe.yaml lists no reports.", mend))
    inputs = _inputs(workspace)
    return max(
        _remade(workspace, number, kinds, inputs) for number in range(len(workspace.config.reports))
    )


def _remade(
    workspace: Workspace, number: int, kinds: Mapping[str, click.Command | None], inputs: str
) -> int:
    entry = workspace.config.reports[number]
    try:
        listed = _listed(workspace, number, kinds)
        digest = _digest([inputs, entry["kind"], *listed.args])
        if listed.made_of(digest):
            click.echo(f"Nothing has changed in {listed.out}.")
            return 0
        with contextlib.suppress(OSError):  # the command says what is wrong with the place
            listed.out.parent.mkdir(parents=True, exist_ok=True)
        listed.command.main([*listed.args], standalone_mode=False, obj=_Opened(workspace))
        save(listed.mark, digest.encode("utf-8"))
    except UserError as error:
        for problem in error.problems:
            click.echo(f"{problem.severity}: {entry['out']}: {problem}", err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"error: {entry['out']}: {error.format_message()}", err=True)
        return error.exit_code
    return 0


def _listed(workspace: Workspace, number: int, kinds: Mapping[str, click.Command | None]) -> Listed:
    entry = workspace.config.reports[number]
    command = kinds.get(entry["kind"])
    if command is None:
        what = f"There is no kind of report called {entry['kind']!r}."
        place = workspace.config.document.place(("reports", number, "kind"))
        mend = did_you_mean(entry["kind"], kinds)
        raise FrameworkError(Problem("unknown-report", what, mend, place))
    options = {flag: each for each in command.params for flag in each.opts}
    args, places = [*entry.get("names", ())], []
    for flag, value in _said(entry, options, workspace.today):
        if isinstance(getattr(options.get(flag), "type", None), click.Path):
            places.append(workspace.path / str(value))
            args += [flag, str(places[-1])]
        else:
            args += [flag] if value is True else [flag, str(value)]
    return Listed(command, tuple(args), tuple(places))


def _said(
    entry: Mapping[str, Any], options: Mapping[str, click.Parameter], today: date
) -> Iterator[tuple[str, Any]]:
    """Give every option that the list says, by its flag; a switch that is off says nothing."""
    yield "--out", entry["out"]
    if "months" in entry:
        for flag, day in zip(("--from", "--to"), whole_months(today, entry["months"]), strict=True):
            formats = getattr(getattr(options.get(flag), "type", None), "formats", [_DAY])
            yield flag, day.strftime(formats[0])
    for name, value in entry.get("options", {}).items():
        if value is not False:
            yield f"--{name.replace('_', '-')}", value


def whole_months(today: date, number: int) -> tuple[date, date]:
    """Give the first and the last day of so many whole months, the last of them before today's."""
    last = today.replace(day=1) - timedelta(days=1)
    months = 12 * last.year + last.month - number
    return date(months // 12, months % 12 + 1, 1), last


def _inputs(workspace: Workspace) -> str:
    """Give a digest of what every report is made of, the day apart: store, config, specs, code."""
    (head,) = workspace.table("audit_head").select("entries", "hash").rows() or [(0, "")]
    offers = entry_points(group="romframe.v1")
    code = sorted((each.name, each.dist.version if each.dist else "") for each in offers)
    specs = workspace.catalogue.host.registry("instruments")
    files = [spec.path for _, spec in sorted(specs.items())]
    files += sorted(workspace.path.glob("*.yaml"))
    for folder in FOLDERS:
        files += sorted((workspace.path / folder).rglob("*.[yp]*"))
    contents = [_content(path) for path in files if "__pycache__" not in path.parts]
    return _digest([*map(str, head), *map(str, code), *contents])


def _content(path: Path) -> str:
    """Give a file's name and digest; what cannot be read has none, and is for others to tell of."""
    try:
        return f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError:
        return str(path)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()
