"""The command line as a user meets it: arguments in; exit code, output and talk out."""

import pytest
from attrs import frozen

from romframe.cli import main


@frozen
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys):
    def run(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        told = capsys.readouterr()
        return Done(stopped.value.code, told.out, told.err)

    return run


@pytest.fixture
def core_10(tmp_path):
    path = tmp_path / "core_10.csv"
    path.write_text(
        "person,q1,q2,q3,q4,q5,q6,q7,q8,q9,q10\n"
        "A,3,1,2,2,1,0,3,2,3,1\n"
        "B,3,1,2,,1,0,3,2,3,1\n"
        "C,3,,2,,1,0,3,2,3,1\n"
        "D,,,,,,,,,,\n"
    )
    return path
