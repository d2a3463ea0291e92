"""The files of a submission: CSV that Access reads as text, and the schema.ini that tells it so."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl


_HEAD = ("ColNameHeader=True", "Format=CSVDelimited", "MaxScanRows=0", "CharacterSet=65001")
_LINE_END = "\r\n"  # the text driver of Access expects Windows line ends


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write every value as quoted text, UTF-8, without a byte order mark; null is empty."""
    frame.select(pl.all().cast(pl.String)).write_csv(
        path, quote_style="always", line_terminator=_LINE_END
    )


def write_schema(path: Path, tables: Mapping[str, Mapping[str, int]]) -> None:
    """Write a schema.ini: for each file its columns with their widths (0: any length).

    Every column is text. Without this file the text driver guesses numbers, and a 16-digit SNOMED
    CT id loses its last digit.
    """
    lines = []
    for name, widths in tables.items():
        lines += [f"[{name}]", *_HEAD]
        for number, (column, width) in enumerate(widths.items(), start=1):
            kind = f"Text Width {width}" if width else "Memo"
            lines.append(f'Col{number}="{column}" {kind}')
        lines.append("")
    path.write_bytes(_LINE_END.join(lines).encode())
