"""Every malformed spec of tests/bad/specs gets exactly one message, with its place and its mend."""

from pathlib import Path

import pytest

from romframe.errors import SpecError
from romframe.instruments.loader import load_instrument
from romframe.yaml_source import read_yaml_file


FOLDER = Path(__file__).parents[2] / "bad" / "specs"
EXPECTED = read_yaml_file(FOLDER / "expected.yaml").data


def test_the_index_lists_every_file():
    files = {path.stem for path in FOLDER.glob("*.yaml")} - {"expected"}
    assert set(EXPECTED) == files
    assert len(files) > 70


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_spec_gets_one_message(name, vocabulary):
    path = FOLDER / f"{name}.yaml"
    with pytest.raises(SpecError) as caught:
        load_instrument(path, vocabulary)
    (problem,) = caught.value.problems
    expected = EXPECTED[name]
    assert problem.code == expected["code"]
    assert problem.place.file == str(path)
    assert (problem.place.line, problem.place.column) == (expected["line"], expected["column"])
    assert problem.mend
    assert expected["says"] in f"{problem.what} {problem.mend}"
