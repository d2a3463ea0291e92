"""A workspace from `init` to `export`, through the command line alone."""

import csv
import io
import stat

import pytest


@pytest.fixture
def service(run, root, tmp_path):
    """A workspace with three service users, three referrals and what the CORE-10 file gives."""
    place = tmp_path / "service"
    example = root / "examples/importing"
    assert run("init", place, "--name", 'The "Fen" Service').code == 0
    for name in ("people", "referrals", "core_10"):
        files = (example / f"{name}.csv", "--map", example / f"{name}.yaml")
        done = run("-w", place, "import", *files)
        assert done.code == 0, done.err
    return place


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_init_makes_an_owner_only_store_once(run, tmp_path):
    place = tmp_path / "service"
    assert run("init", place).code == 0
    assert stat.S_IMODE((place / "rom.sqlite").stat().st_mode) == 0o600
    again = run("init", place)
    assert again.code == 2
    assert "workspace-exists" in again.err


def test_what_is_refused_is_named_and_the_rest_is_stored(run, root, service):
    example = root / "examples/importing"
    done = run("-w", service, "import", example / "core_10.csv", "--map", example / "core_10.yaml")
    assert done.code == 0
    assert "5 rows read, 0 stored, 3 unchanged, 0 corrected, 2 rejected" in done.out
    assert "row 4, Q3" in done.err
    assert "unknown-referral" in done.err


def test_a_dry_run_stores_nothing(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    example = root / "examples/importing"
    args = ("-w", place, "import", example / "people.csv", "--map", example / "people.yaml")
    assert "3 could be stored" in run(*args, "--dry-run").out
    assert "3 rows read, 3 stored" in run(*args).out


def test_rejected_rows_can_be_tried_again(run, root, service, tmp_path):
    example = root / "examples/importing"
    late = tmp_path / "late.csv"
    late.write_text("RefID,PatientKey,TeamName,Received,Discharged\nR9,P-003,Team,01/04/2026,\n")
    run("-w", service, "import", late, "--map", example / "referrals.yaml")
    done = run("-w", service, "import", "--retry", "3", "--map", example / "core_10.yaml")
    assert done.code == 0, done.err
    assert "2 rows read, 1 stored" in done.out
    assert run("-w", service, "import", "--retry", "99", "--coding", "position").code == 2


def test_change_has_one_verdict_for_every_referral(run, service, tmp_path):
    found = rows(run("-w", service, "change", "core_10").out)
    verdicts = {row["referral_id"]: (row["verdict"], row["class"]) for row in found}
    assert verdicts == {
        "R1": ("paired", "recovered"),
        "R2": ("single_assessment", ""),
        "R3": ("no_assessment", ""),
    }
    out = tmp_path / "change.parquet"
    assert run("-w", service, "change", "core_10", "--rule", "nhse_cyp", "--out", out).code == 0
    assert out.exists()


def test_change_takes_a_method_with_its_constants(run, service):
    args = ("change", "core_10", "--rule", "percentage", "--set", "improved=80")
    found = {row["referral_id"]: row for row in rows(run("-w", service, *args).out)}
    assert found["R1"]["class"] == "unchanged"
    assert found["R1"]["rule"] == "percentage with improved=80"
    assert run("-w", service, "change", "core_10", "--rule", "percentage").code == 2


def test_scores_are_stored_and_explained(run, service):
    done = run("-w", service, "score")
    assert done.out == "core_10: 1 prorated, 2 scored\n"
    told = run("-w", service, "explain", "3").out
    assert "q4 contact felt as too much: declined" in told
    assert "referral R2" in told
    assert run("-w", service, "explain", "77").code == 2


def test_a_local_measure_is_one_file(run, root, service):
    measures = service / "measures"
    text = (root / "examples/local_measure/feeding_confidence.yaml").read_text()
    (measures / "feeding_confidence.yaml").write_text(text)
    assert "feeding_confidence" in run("-w", service, "measures", "list").out
    (measures / "other_name.yaml").write_text(text)
    done = run("-w", service, "doctor")
    assert done.code == 10
    assert "spec-file-name" in done.err


def test_a_local_measure_cannot_replace_a_shipped_one_unasked(run, root, service):
    local = (root / "instrument_specs/honos/honos.yaml").read_text()
    (service / "measures/honos.yaml").write_text(local)
    refused = run("-w", service, "measures", "show", "honos")
    assert refused.code == 13
    assert "honos and workspace" in refused.err
    config = service / "romframe.yaml"
    config.write_text(config.read_text() + "prefer: {honos: workspace}\n")
    assert run("-w", service, "measures", "show", "honos").code == 0


def test_mhsds_export_puts_files_in_place_once(run, service, tmp_path):
    out = tmp_path / "august"
    done = run("-w", service, "export", "mhsds", "--period", "2026-08", "--out", out)
    assert done.code == 0, done.err
    (row,) = rows((out / "MHS606CodedScoreAssessmentRefer.csv").read_text())
    assert row == {
        "ServiceRequestID": "R1",
        "CodedAssToolType": "718583008",
        "PersScore": "5",
        "AssToolCompTimestamp": "2026-08-20T14:30:00+01:00",
        "CareProfLocalID": "",
    }
    again = run("-w", service, "export", "mhsds", "--period", "2026-08", "--out", out)
    assert (again.code, "folder-exists" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "code", "fragment"),
    [
        (["export", "mhsd", "--out", "x"], 13, "Did you mean 'mhsds'?"),
        (["export", "mhsds", "--period", "2026-13", "--out", "x"], 2, "2026-13"),
        (["export", "mhsds", "--out", "x"], 2, "period"),
        (["export", "mhsds", "--option", "nonsense", "--out", "x"], 2, "KEY=VALUE"),
        (["export", "mhsds", "--period", "2026-08", "--option", "peri=1", "--out", "x"], 2, "peri"),
        (["import"], 2, "FILE"),
        (["import", "x.csv"], 2, "--as"),
        (["import", "x.csv", "--as", "core_1"], 2, "Did you mean 'core_10'?"),
        (["change", "core_10", "--rule", "barkham"], 2, "barkham_2013"),
        (["change", "core_10", "--score", "sum"], 2, "no score 'sum'"),
        (
            ["report", "service", "--from", "2026-01-01", "--to", "2025-01-01", "--out", "x"],
            2,
            "25",
        ),
    ],
)
def test_wrong_usage_in_a_workspace_is_said_plainly(run, service, args, code, fragment):
    done = run("-w", service, *args)
    assert done.code == code, done.err
    assert fragment in done.err
    assert "Traceback" not in done.err


def test_a_broken_config_is_named_with_its_line(run, service):
    (service / "romframe.yaml").write_text("nam: x\ntimezone: Mars/Base\npairing: frist\n")
    done = run("-w", service, "doctor")
    assert done.code == 11
    assert "romframe.yaml:1" in done.err


def test_strict_plugins_stops_for_a_broken_plugin_and_otherwise_the_rest_works(run, service):
    (service / "plugins/broken.py").write_text("import nothing_of_the_kind\n")
    loose = run("-w", service, "change", "core_10")
    assert loose.code == 0
    assert "nothing_of_the_kind" in loose.err
    assert "recovered" in loose.out
    strict = run("-w", service, "--strict-plugins", "change", "core_10")
    assert strict.code == 13


def test_an_exporter_that_fails_leaves_nothing_behind(run, service, tmp_path):
    (service / "plugins/half.py").write_text(
        "from romframe import Exporter, hookimpl\n"
        "def export(workspace, request):\n"
        "    (request.out / 'half.csv').write_text('x')\n"
        "    raise RuntimeError('half way')\n"
        "@hookimpl\n"
        "def register_exporters(register):\n"
        "    register(Exporter('half', 'Fails half way', export))\n"
    )
    out = tmp_path / "out"
    done = run("-w", service, "export", "half", "--out", out)
    assert done.code == 13
    assert "'half' failed" in done.err
    assert not out.exists()
    assert list(tmp_path.glob(".romframe-*")) == []


def test_rejected_rows_are_listed_as_they_came(run, service, tmp_path):
    found = rows(run("-w", service, "rejected").out)
    assert [(row["row"], row["code"]) for row in found] == [
        ("4", "answer-invalid"),
        ("5", "unknown-referral"),
    ]
    assert '"RefID":"R9"' in found[1]["raw"]
    assert rows(run("-w", service, "rejected", "--batch", "1", "--all").out) == []
