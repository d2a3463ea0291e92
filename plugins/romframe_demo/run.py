"""The demo from beginning to end, with the same functions and commands that a service would use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from romframe import (
    ExportRefused,
    Problem,
    UsageError,
    create_workspace,
    import_file,
    open_workspace,
    run_export,
)
from romframe_demo.extract import FILES, extract
from romframe_demo.faults import plant
from romframe_demo.incoming import (
    NOTES,
    copy_mappings,
    copy_own,
    write_incoming,
    write_notes,
)
from romframe_demo.offered import previewed, reported
from romframe_demo.synthetic.service import make_service


if TYPE_CHECKING:
    import click

    from romframe import Workspace
    from romframe_demo.synthetic.records import Service

NAME = "Fenland Perinatal Service (made up)"
EXPORTS = """\
organisation: RXX  # made up, as the commissioner is
exports:
  mhsds: {full: true, scores_in: activity, commissioner: QXX}
"""
_MEANT = {"MHS90209": "MHS90209: a ward has none"}
_YEARS = range(2000, 2101)
_CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
_TREATED = {name: (name,) for name in _CLASSES}
_KEPT_WELL = {"maintained": _CLASSES[:3], "relapsed": _CLASSES[3:]}  # never counted as improvement


def run(ctx: click.Context, folder: Path, *, seed: int, today: date) -> Iterator[str]:
    """Make the service in a new or empty folder and say, line by line, what was made and where.

    Raises UsageError if the folder is not empty, or for a day in another age.
    """
    _check_empty(folder)
    _check_day(today)
    service = make_service(seed, today)
    workspace = _workspace(ctx, folder, service, seed)
    now = datetime.combine(today, time(9), UTC)
    with workspace.store:
        yield from _told(service, folder)
        yield _imported(workspace, now)
        yield _scored(workspace, now)
        yield from _changed(workspace)
        last = today.replace(day=1) - timedelta(1)
        yield from _exported(workspace, last)
        yield previewed(ctx, workspace, last)
        yield from reported(ctx, workspace, service)
    commands = ("change core_10", "explain 1", f"due --as-of {today}", "audit")
    yield f"Look around: {', '.join(f'romframe -w {folder} {each}' for each in commands)}"


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = f"{folder} exists already and is not an empty folder."
        raise UsageError(Problem("demo-folder", what, "Name a new one: romframe demo DIR."))


def _check_day(today: date) -> None:
    if today.year not in _YEARS:
        what = f"The demo cannot stand on {today}."
        mend = f"Choose a day from {_YEARS[0]} to {_YEARS[-1]}."
        raise UsageError(Problem("demo-day", what, mend))


def _workspace(ctx: click.Context, folder: Path, service: Service, seed: int) -> Workspace:
    """Make the workspace with its incoming files, mappings and own additions, and open it."""
    create_workspace(folder, NAME, today=service.today).store.close()
    with (folder / "romframe.yaml").open("a", encoding="utf-8") as config:
        config.write(EXPORTS)
    write_incoming(folder / "incoming", plant(service, extract(service), seed).tables)
    copy_mappings(folder / "mappings")
    copy_own(folder)
    write_notes(folder / NOTES, service.today)
    without = getattr(ctx.obj, "without", ())
    return open_workspace(folder, today=service.today, without=without)


def _told(service: Service, folder: Path) -> Iterator[str]:
    last = service.today - timedelta(1)
    prevention = sum(referral.prevention for referral in service.referrals)
    teams = {referral.team.name for referral in service.referrals}
    yield f"{NAME}, {service.start} to {last}: nobody in it is real."
    yield (
        f"{len(service.people)} service users, {len(service.referrals)} referrals to {len(teams)} "
        f"teams ({prevention} to be kept well), {len(service.contacts)} contacts, "
        f"{len(service.forms)} forms, {len(service.goals)} goals and {len(service.returns)} "
        "returns without a name."
    )
    yield f"Workspace in {folder}; files as a record system extracts them in {folder / 'incoming'}."


def _imported(workspace: Workspace, now: datetime) -> str:
    results = [
        import_file(
            workspace,
            workspace.path / "incoming" / f"{name}.csv",
            mapping=workspace.path / "mappings" / f"{name}.yaml",
            actor="demo",
            now=now,
        ).result
        for name in FILES
    ]
    read, accepted, unchanged, rejected = (
        sum(getattr(result, name) for result in results)
        for name in ("read", "accepted", "unchanged", "rejected")
    )
    return (
        f"Imported {len(FILES)} files, {read} rows: {accepted} stored, {unchanged} said twice, "
        f"{rejected} set aside, each with its reason (table rejected_row)."
    )


def _scored(workspace: Workspace, now: datetime) -> str:
    counts = {"scored": 0, "prorated": 0, "refused": 0}
    for name in workspace.used_instruments():
        scores = workspace.scores(name)
        workspace.store.save_scores(workspace.instrument(name), scores, now)
        for status in counts:
            counts[status] += int((scores["status"] == status).sum())
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"Scored {', '.join(workspace.used_instruments())}: {told}."


def _changed(workspace: Workspace) -> Iterator[str]:
    """Write the changes in every score of every instrument; tell of its first score a referral."""
    folder = workspace.path / "change"
    folder.mkdir()
    for name in workspace.used_instruments():
        changes = workspace.changes(name)
        changes.select(pl.exclude(pl.List(pl.Float64))).write_csv(folder / f"{name}.csv")
        instrument = workspace.instrument(name)
        told_of = next(each for each in instrument.scores if each.across or not instrument.repeats)
        told = changes.filter(changes["score"] == told_of.id)
        pairs = told.filter(told["verdict"] == "paired")
        well = pairs["pathway"] == "prevention"
        yield (
            f"{instrument.name}: {pairs.height} of {told.height} referrals have a pair; "
            f"in treatment {_counted(pairs.filter(~well), _TREATED)}; "
            f"to be kept well {_counted(pairs.filter(well), _KEPT_WELL)}."
        )


def _counted(pairs: pl.DataFrame, words: Mapping[str, tuple[str, ...]]) -> str:
    """Count pairs by class, under the words that stand for one class or several."""
    if pairs.height and pairs["class"].null_count() == pairs.height:
        return f"{pairs.height} that no rule judges"
    counts = {word: pairs["class"].is_in(classes).sum() for word, classes in words.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "none"


def _exported(workspace: Workspace, last: date) -> Iterator[str]:
    """Export the month that ends on a day for MHSDS, or say why it cannot be done."""
    if "mhsds" not in workspace.catalogue.host.registry("exporters"):
        yield "Nothing was exported for MHSDS: the plugin mhsds is not there."
        return
    month = f"{last:%Y-%m}"
    out = workspace.path / "exports" / f"mhsds_{month}"
    try:
        result = run_export(workspace, "mhsds", out, {"period": month})
    except ExportRefused as refused:
        yield f"Nothing was exported for MHSDS: {refused.problems[0].what}"
        return
    yield f"{result.summary[0]} Written to {out}."
    yield f"Rows that its pre-flight rejects: {_rejected(result.findings) or 'none'}."


def _rejected(findings: pl.DataFrame) -> str:
    """Count the rejected rows by code, each with what is wrong and why the demo has it."""
    rejected = findings.filter(findings["effect"].str.contains("rejected"))
    return "; ".join(
        f"{row['rows']} of {row['table']}, {row['what']} ({_MEANT.get(row['code'], row['code'])})"
        for row in rejected.iter_rows(named=True)
    )
