"""The reports that romframe.yaml lists: their commands, what these are told, and their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from romframe import FrameworkError, Problem, did_you_mean


if TYPE_CHECKING:
    from romframe import Workspace

NAME = "{name}"  # stands for each of the names in turn
_DAY = "%Y-%m-%d"


@frozen
class Listed:
    """One report of the list: its command, what that is told, and the files that it writes.

    `label` is its own file as the list has it.
    """

    label: str
    kind: str
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


def listed(
    workspace: Workspace, number: int, kinds: Mapping[str, click.Command | None]
) -> tuple[Listed, ...]:
    """Give the report of an entry of the list, or one for each name where `out` has `{name}`.

    Raises FrameworkError where there is no such kind of report, and where the names do not give
    each of its files a place of its own.
    """
    entry = workspace.config.reports[number]
    command = kinds.get(entry["kind"])
    if command is None:
        what = f"There is no kind of report called {entry['kind']!r}."
        place = workspace.config.document.place(("reports", number, "kind"))
        mend = did_you_mean(entry["kind"], kinds)
        raise FrameworkError(Problem("unknown-report", what, mend, place))
    if NAME not in entry["out"]:
        return (_listed(workspace, entry, command),)
    names = entry.get("names", ())
    found = tuple(_listed(workspace, _of_name(entry, name), command) for name in names)
    places = [place for each in found for place in each.places]
    fit = all(name.strip(".") and not set(name) & set("/\\") for name in names)
    if not (found and fit and len(set(places)) == len(places)):
        what = f"The names do not give each file of this report a place of its own by {NAME}."
        mend = f"List under `names` IDs without a slash, each once, and put {NAME} into every file."
        place = workspace.config.document.place(("reports", number, "out"))
        raise FrameworkError(Problem("report-names", what, mend, place))
    return found


def _of_name(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give an entry as it is for one of its names."""
    options = {
        key: value.replace(NAME, name) if isinstance(value, str) else value
        for key, value in entry.get("options", {}).items()
    }
    return {**entry, "names": [name], "out": entry["out"].replace(NAME, name), "options": options}


def _listed(workspace: Workspace, entry: Mapping[str, Any], command: click.Command) -> Listed:
    options = {flag: each for each in command.params for flag in each.opts}
    args, places = [*entry.get("names", ())], []
    for flag, value in _said(entry, options, workspace.today):
        if isinstance(getattr(options.get(flag), "type", None), click.Path):
            places.append(workspace.path / str(value))
            args += [flag, str(places[-1])]
        else:
            args += [flag] if value is True else [flag, str(value)]
    return Listed(entry["out"], entry["kind"], command, tuple(args), tuple(places))


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
