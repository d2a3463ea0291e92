"""Showing results: tables on standard output or into a file, text tables for people."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click


if TYPE_CHECKING:
    import polars as pl

    from romframe.errors import UsageError


def emit(frame: "pl.LazyFrame", out: Path | None) -> None:
    """Write a frame to a file, or as CSV to standard output; lists become text, with semicolons."""
    import polars as pl

    from romframe.tables import write_table

    lists = [name for name, dtype in frame.collect_schema().items() if dtype == pl.List]
    frame = frame.with_columns(
        pl.col(name).list.eval(pl.element().cast(pl.String)).list.join("; ") for name in lists
    )
    if out is not None:
        write_table(frame, out)
        click.echo(f"Wrote {out}.", err=True)
    else:
        sys.stdout.write(frame.collect().write_csv())


def emit_safe(rows: "pl.DataFrame", out: Path | None) -> None:
    """Write rows as `emit` does, as CSV so that a spreadsheet takes no text for a formula."""
    from romframe.tables import spreadsheet_safe

    as_it_is = out is not None and out.suffix.lower() == ".parquet"
    emit((rows if as_it_is else spreadsheet_safe(rows)).lazy(), out)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out in columns under a header; what cannot be shown, such as an escape, is �."""
    lines = [list(header), *([plain(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def plain(text: str) -> str:
    """Put � for every character that cannot be shown and could steer a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def write_bytes(out: Path, content: bytes) -> None:
    """Write a file; one that is there is replaced. Raises UsageError where that cannot be."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _unwritable(out, error) from error


def make_folder(out: Path) -> None:
    """Make a folder unless it is there; raises UsageError where that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> "UsageError":
    from romframe.errors import Problem, UsageError

    what = f"{out} cannot be written: {error.strerror}."
    mend = "Check that the folder exists, that you may write into it, and that there is room."
    return UsageError(Problem("file-unwritable", what, mend))
