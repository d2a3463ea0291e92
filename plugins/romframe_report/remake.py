"""Every report that romframe.yaml lists, made again where anything in it may have changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import field, frozen

from romframe import FrameworkError, Problem, UsageError, UserError
from romframe_report.listing import Listed, listed
from romframe_report.reading import read_once
from romframe_report.saving import save


if TYPE_CHECKING:
    from romframe import Workspace

FOLDERS = ("wording", "plugins", "frameworks", "locales")


@frozen
class _Opened:
    """What a command is given in place of the command line's own options."""

    _workspace: Workspace = field(repr=False)
    strict: bool = False

    def workspace(self) -> Workspace:
        """Give the workspace that is open."""
        return self._workspace


def remake(
    workspace: Workspace, kinds: Mapping[str, click.Command | None], *, strict: bool = False
) -> int:
    """Make every listed report that is not as it would be made now; a line or more for each.

    Gives the exit code of the worst: what is wrong with one report stops no other. One of which a
    section fails is written without it, unless `strict`. Raises UsageError where none is listed.
    """
    if not workspace.config.reports:
        mend = "List them under `reports:`, each with its `kind` and `out`."
        raise UsageError(Problem("no-reports-listed", "romframe.yaml lists no reports.", mend))
    inputs = _inputs(workspace)
    numbers = range(len(workspace.config.reports))
    made = (_entry(workspace, number, kinds, (inputs, strict)) for number in numbers)
    return max(code for codes in made for code in codes)


def _entry(
    workspace: Workspace,
    number: int,
    kinds: Mapping[str, click.Command | None],
    said: tuple[str, bool],
) -> Iterator[int]:
    """Make the reports of an entry; several of them read the workspace only once."""
    try:
        reports = listed(workspace, number, kinds)
    except FrameworkError as error:
        yield _told(workspace.config.reports[number]["out"], error)
        return
    inputs, strict = said
    opened = _Opened(read_once(workspace) if len(reports) > 1 else workspace, strict)
    for each in reports:
        yield _remade(each, opened, _digest([inputs, each.kind, *each.args]))


def _remade(report: Listed, opened: _Opened, digest: str) -> int:
    if report.made_of(digest):
        click.echo(f"Nothing has changed in {report.out}.")
        return 0
    try:
        with contextlib.suppress(OSError):  # the command says what is wrong with the place
            for place in report.places:
                place.parent.mkdir(parents=True, exist_ok=True)
        report.command.main([*report.args], standalone_mode=False, obj=opened)
        save(report.mark, digest.encode("utf-8"))
    except UserError as error:
        return _told(report.label, error)
    except click.ClickException as error:
        click.echo(f"error: {report.label}: {error.format_message()}", err=True)
        return error.exit_code
    return 0


def _told(label: str, error: UserError) -> int:
    for problem in error.problems:
        click.echo(f"{problem.severity}: {label}: {problem}", err=True)
    return error.exit_code


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
