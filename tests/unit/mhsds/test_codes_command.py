from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from romframe_mhsds.codes.codefile import read_codes, shipped
from romframe_mhsds.commands import mhsds

from romframe import DataError


OUTSIDE = SimpleNamespace(inside=False)


@pytest.fixture
def codes():
    def codes(*arguments, settings=OUTSIDE):
        given = ["codes", *map(str, arguments)]
        return CliRunner().invoke(mhsds, given, obj=settings, catch_exceptions=False)

    return codes


@pytest.fixture
def own(tmp_path, codes):
    """A list of one's own: without PHQ-9 scores, and with those of CORE-10 to 50."""
    path = tmp_path / "codes.csv"
    text = codes("--csv").stdout.splitlines(keepends=True)
    text = [line for line in text if not line.startswith("720433000,")]
    changed = [
        line.replace(",range,0,40,", ",range,0,50,") if line.startswith("718583008,") else line
        for line in text
    ]
    path.write_text("".join(changed).replace(",720433000,", ",,"), encoding="utf-8")
    return path


def test_an_id_is_found_by_words_whatever_their_marks(codes):
    done = codes("core-10", "clinical", "--as-of", "2026-11-01")
    header, *rows = [line.split() for line in done.stdout.splitlines()]
    assert header == ["id", "tool", "label", "scores", "from", "to", "instead", "accepted"]
    assert [(row[0], row[-1]) for row in rows] == [("958051000000104", "no"), ("718583008", "yes")]
    assert "2024-03-31  718583008" in done.stdout
    assert "0 to 40" in done.stdout


def test_the_day_that_is_asked_about_decides_what_is_accepted(codes):
    done = codes("506701000000100", "--as-of", "2024-03-31")
    assert done.stdout.splitlines()[1].endswith("yes")


def test_what_is_not_found_is_said_and_nothing_listed(codes):
    done = codes("mouse")
    assert done.stdout == ""
    assert done.stderr == "No id of the code list fits.\n"


def test_the_whole_list_is_written_as_one_that_can_be_used(codes, tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(codes("--csv").stdout, encoding="utf-8")
    assert sorted(read_codes(path), key=str) == sorted(shipped(), key=str)


def test_another_list_can_be_looked_into(codes, own):
    assert "0 to 50" in codes("core-10", "--file", own).stdout


def test_in_a_workspace_its_own_list_is_looked_into(codes, own):
    def settings(options):
        workspace = SimpleNamespace(path=own.parent, export_options={"mhsds": options}.get)
        return SimpleNamespace(inside=True, workspace=lambda: workspace)

    ours = codes("core-10", settings=settings({"codes": own.name}))
    assert "0 to 50" in ours.stdout
    assert "0 to 50" not in codes("core-10", settings=settings({})).stdout


def test_checking_a_list_says_what_it_changes(codes, own):
    done = codes("--check", own, "--as-of", "2026-11-01")
    label = "Clinical Outcomes in Routine Evaluation - 10 clinical score"
    assert done.stdout.splitlines() == [
        f"{own} is sound: 429 ids are accepted on 2026-11-01.",
        f"scores   718583008           {label}: 0 to 40 becomes 0 to 50",
        "ended    720433000           Patient health questionnaire 9 score",
    ]


def test_a_list_that_changes_nothing_is_said_to(codes, tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(codes("--csv").stdout, encoding="utf-8")
    done = codes("--check", path)
    assert (
        done.stdout.splitlines()[1] == "On that day it accepts what the list of romframe accepts."
    )


def test_a_faulty_list_is_refused(codes, tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("")
    with pytest.raises(DataError, match="mhsds-codes-empty"):
        codes("--check", path)


def test_the_group_names_its_commands_and_no_others():
    told = CliRunner().invoke(mhsds, ["--help"])
    assert "codes" in told.stdout
    wrong = CliRunner().invoke(mhsds, ["code"])
    assert wrong.exit_code == 2
    assert "No such command 'code'" in wrong.stderr
