"""Writing what a service starts from: extracts, mapping files, and the spec of a local measure."""

import csv
from importlib.resources import files
from pathlib import Path

from romframe_demo.extract import Row, Tables


LOCAL_MEASURE = "feeding_confidence.yaml"
_DATA = files("romframe_demo") / "data"


def write_incoming(folder: Path, tables: Tables) -> None:
    """Write one CSV file a table, as Windows programs do: with a byte order mark and CRLF."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", rows)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def copy_mappings(folder: Path) -> None:
    """Copy the mapping files, one for each extract."""
    for ours in (_DATA / "mappings").iterdir():
        (folder / ours.name).write_bytes(ours.read_bytes())


def copy_local_measure(folder: Path) -> None:
    """Copy the spec of the measure that this service has added by itself."""
    (folder / LOCAL_MEASURE).write_bytes((_DATA / LOCAL_MEASURE).read_bytes())
