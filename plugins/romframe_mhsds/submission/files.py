"""The files of a submission: CSV that Access reads as text, and the schema.ini that tells it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import polars as pl
from attrs import define, field, frozen

from romframe import ExportRefused, Place, Problem


DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = {"utf-8": "65001", "cp1252": "1252"}  # and the CharacterSet that the driver knows it by
_LINE_END = "\r\n"  # the text driver of Access expects Windows line ends


@frozen
class Form:
    """How a file is written: what stands between its columns, and in which encoding."""

    delimiter: str = ","
    encoding: str = "utf-8"


@define
class Writer:
    """A CSV file that is written part by part: quoted text, no byte order mark, null is empty."""

    path: Path
    columns: tuple[str, ...]
    form: Form = Form()
    rows: int = field(default=0, init=False)
    _file: BinaryIO = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("wb")
        self._put(pl.DataFrame(schema=dict.fromkeys(self.columns, pl.String)), header=True)

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows. Raises ExportRefused for a character that the encoding does not have."""
        texts = frame.select(pl.col(name).cast(pl.String) for name in self.columns)
        self._put(texts, header=False)
        self.rows += frame.height

    def _put(self, frame: pl.DataFrame, *, header: bool) -> None:
        text = frame.write_csv(
            include_header=header,
            quote_style="always",
            separator=self.form.delimiter,
            line_terminator=_LINE_END,
        )
        try:
            self._file.write(text.encode(self.form.encoding))
        except UnicodeEncodeError as error:
            strange = text[error.start : error.end]
            row = self.rows + 1 + text.count(_LINE_END, 0, error.start)
            what = f"{strange!r} cannot be written in {self.form.encoding}."
            mend = "Export with --encoding utf-8, or correct what holds it."
            place = Place(self.path.name, row=row)
            raise ExportRefused(Problem("mhsds-encoding", what, mend, place)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def write_table(path: Path, frame: pl.DataFrame, form: Form = Form()) -> None:
    """Write a whole file."""
    with Writer(path, tuple(frame.columns), form) as writer:
        writer.write(frame)


def write_schema(path: Path, tables: Mapping[str, Iterable[tuple[str, int]]], form: Form) -> None:
    """Write a schema.ini: for each file its columns with their widths (0: any length).

    Every column is text. Without this file the text driver guesses numbers, and a 16-digit SNOMED
    CT id loses its last digit.
    """
    lines = []
    for name, columns in tables.items():
        lines += [f"[{name}]", "ColNameHeader=True", _format(form.delimiter), "MaxScanRows=0"]
        lines.append(f"CharacterSet={ENCODINGS[form.encoding]}")
        for number, (column, width) in enumerate(columns, start=1):
            kind = f"Text Width {width}" if width else "Memo"
            lines.append(f'Col{number}="{column}" {kind}')
        lines.append("")
    path.write_bytes(_LINE_END.join(lines).encode())


def _format(delimiter: str) -> str:
    known = {",": "CSVDelimited", "\t": "TabDelimited"}
    return f"Format={known.get(delimiter, f'Delimited({delimiter})')}"
