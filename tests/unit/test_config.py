"""romframe.yaml: what a service may decide, and what is said when it is written wrongly."""

import pytest

from romframe.config import read_config
from romframe.errors import FrameworkError
from romframe.pairing import FIRST_AND_LAST


def write(tmp_path, text):
    path = tmp_path / "romframe.yaml"
    path.write_text(text)
    return path


def test_a_name_is_enough(tmp_path):
    config = read_config(write(tmp_path, "name: Fenland\n"))
    assert (config.name, config.timezone, config.pairing) == (
        "Fenland",
        "Europe/London",
        FIRST_AND_LAST,
    )


def test_a_service_may_pair_in_its_own_way(tmp_path):
    text = (
        "name: Fenland\npairing: ours\npairing_policies:\n"
        "  ours: {last_timepoints: [discharge], same: [rater], minimum_gap_days: 14}\n"
        "prefer: {honos: workspace}\ndisable_plugins: [demo]\norganisation: RXX\n"
    )
    config = read_config(write(tmp_path, text))
    assert config.pairing.id == "ours"
    assert config.pairing.last_timepoints == ("discharge",)
    assert config.pairing.same == ("rater",)
    assert config.pairing.minimum_gap_days == 14
    assert config.prefer == {"honos": "workspace"}
    assert config.disable_plugins == ("demo",)
    assert config.organisation == "RXX"


def test_the_language_is_english_unless_a_service_says_otherwise(tmp_path):
    assert read_config(write(tmp_path, "name: Fenland\n")).locale == "en"
    assert read_config(write(tmp_path, "name: Fenland\nlocale: cy\n")).locale == "cy"
    with pytest.raises(FrameworkError, match="is not a language"):
        read_config(write(tmp_path, "name: Fenland\nlocale: Welsh\n"))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("nam: x\nname: y\n", "unknown-key", 1),
        ("timezone: Europe/London\n", "missing-key", 1),
        ("name: x\ntimezone: Mars/Base\n", "unknown-timezone", 2),
        ("name: x\ntimezone: ../etc\n", "unknown-timezone", 2),
        ("name: x\npairing: frist\n", "unknown-pairing", 2),
        ("name: x\npairing_policies:\n  a: {same: [team]}\n", "not-allowed", 3),
        ("name: x\nname: y\n", "yaml-repeated-key", 2),
        ("", "yaml-empty", 1),
        ("- name\n", "wrong-type", 1),
    ],
)
def test_a_fault_is_named_with_its_line_and_a_mend(tmp_path, text, code, line):
    with pytest.raises(FrameworkError) as raised:
        read_config(write(tmp_path, text))
    (problem,) = raised.value.problems
    assert (problem.code, problem.place.line) == (code, line)
    assert problem.mend


def test_two_faults_are_told_at_once(tmp_path):
    with pytest.raises(FrameworkError) as raised:
        read_config(write(tmp_path, "name: x\ntimezone: Mars/Base\npairing: frist\n"))
    assert len(raised.value.problems) == 2


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "romframe.yaml"
    path.write_bytes(b"name: \xff\xfe\n")
    with pytest.raises(FrameworkError, match=r"romframe\.yaml"):
        read_config(path)
    with pytest.raises(FrameworkError, match="file-unreadable"):
        read_config(tmp_path / "absent.yaml")


def test_reports_are_listed_as_they_are_asked_for(tmp_path):
    text = "name: Fenland\nreports:\n  - {kind: prem, out: a.html, months: 3, names: [poem]}\n"
    config = read_config(write(tmp_path, text))
    (report,) = config.reports
    assert report == {"kind": "prem", "out": "a.html", "months": 3, "names": ["poem"]}
    assert read_config(write(tmp_path, "name: Fenland\n")).reports == ()


def test_what_is_wrong_with_a_listed_report_has_its_line(tmp_path):
    text = (
        "name: Fenland\nreports:\n  - {kind: prem, months: 0}\n  - {kind: prem, out: a, team: x}\n"
    )
    with pytest.raises(FrameworkError) as caught:
        read_config(write(tmp_path, text))
    told = str(caught.value)
    assert "romframe.yaml:3:5: The key 'out' is missing here." in told
    assert "romframe.yaml:3:18: 0 is out of range. It must be at least 1." in told
    assert "romframe.yaml:4:26: The key 'team' is not known here." in told
