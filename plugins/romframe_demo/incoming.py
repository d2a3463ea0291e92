"""Writing what a service starts from: extracts, mapping files, a local measure, and notes."""

import csv
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from string import Template

from romframe_demo.extract import Row, Tables


LOCAL_MEASURE = "feeding_confidence.yaml"
FRAMEWORK = "cambridgeshire.yaml"
OWN_CHECK = "discharged_unwell.yaml"
NOTES = "prem.yaml"
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


def copy_own(workspace: Path) -> None:
    """Copy what this service has added: a measure, its commissioner's framework, and a check."""
    for folder, name in (
        ("measures", LOCAL_MEASURE),
        ("frameworks", FRAMEWORK),
        ("checks", OWN_CHECK),
    ):
        (workspace / folder / name).write_bytes((_DATA / name).read_bytes())


def write_notes(path: Path, today: date) -> None:
    """Write what the service did about what people said, told in the months before a day."""
    month = today.replace(day=1)
    months = []
    for _ in range(4):
        month = (month - timedelta(1)).replace(day=1)
        months.append(f"{month:%Y-%m}")
    text = Template((_DATA / NOTES).read_text(encoding="utf-8"))
    path.write_text(
        text.substitute(read_to=months[1], recent=months[1], earlier=months[3]), encoding="utf-8"
    )
