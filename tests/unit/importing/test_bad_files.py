"""Every malformed file of tests/bad gets exactly one clear message, with its place and its mend."""

import csv
from datetime import date
from pathlib import Path

import pytest

from romframe.errors import Place, UserError
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping, load_mapping
from romframe.importing.prepare import prepare
from romframe.instruments.model import Instrument
from romframe.tables import read_table


BAD = Path(__file__).parents[2] / "bad"


def listed(folder: str) -> list[dict[str, str]]:
    with (BAD / folder / "index.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shown(place: Place) -> str:
    return f"line {place.line}" if place.line else ""


def complaints(path: Path, target: object, today: date) -> list[tuple[str, str, str]]:
    try:
        found = prepare(read_table(path), target, Mapping(), today=today, file=str(path))
    except UserError as error:
        assert all(problem.place.file == str(path) for problem in error.problems)
        return [(p.code, shown(p.place), f"{p.what} {p.mend}") for p in error.problems]
    return [
        (
            each["code"],
            f"row {each['row']} {each['column']}".strip(),
            f"{each['what']} {each['mend']}",
        )
        for each in found.rejected.to_dicts()
    ]


@pytest.mark.parametrize("case", listed("data"), ids=lambda case: case["file"])
def test_a_bad_data_file_gets_one_message(
    case: dict[str, str], mood: Instrument, today: date
) -> None:
    target = RECORD_KINDS.get(case["target"], mood)
    found = complaints(BAD / "data" / case["file"], target, today)
    assert {code for code, _, _ in found} == {case["code"]}
    assert [where for _, where, _ in found] == case["where"].split(" ; ")
    assert all(case["fragment"] in message for _, _, message in found)


@pytest.mark.parametrize("case", listed("mappings"), ids=lambda case: case["file"])
def test_a_bad_mapping_gets_one_message(
    case: dict[str, str], mood: Instrument, today: date
) -> None:
    path = BAD / "mappings" / case["file"]
    with pytest.raises(UserError) as raised:
        prepare(read_table(BAD / "mappings" / "mood.csv"), mood, load_mapping(path), today=today)
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.file) == (case["code"], str(path))
    assert problem.place.line == int(case["line"])
    assert case["fragment"] in f"{problem.what} {problem.mend}"
    assert problem.what.endswith(".")


@pytest.mark.parametrize("folder", ["data", "mappings"])
def test_every_bad_file_is_listed(folder: str) -> None:
    here = {path.name for path in (BAD / folder).iterdir()}
    assert here - {"index.csv", "mood.csv"} == {case["file"] for case in listed(folder)}
