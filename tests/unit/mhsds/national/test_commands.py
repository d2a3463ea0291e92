"""`romframe national` as a person meets it."""

import json
import stat

import polars as pl
import pytest
from click.testing import CliRunner
from romframe_mhsds.national import commands, render
from romframe_mhsds.national.commands import national
from romframe_mhsds.national.packs import load_pack

from romframe import create_workspace
from romframe.cli import main


NOVEMBER = "2023-11-30"
CORE_10 = "718583008"


@pytest.fixture
def service(caseload):
    """One paired referral, one that lacks a second rating, and one that was rejected."""
    for number in range(3):
        name = caseload.referral("2023-09-21", 60)
        caseload.score(name, 5, 20)
        if number == 0:
            caseload.score(name, 50, 12)
    caseload.referrals[2]["rejected_on"] = caseload.referrals[2]["received_on"]
    return caseload


@pytest.fixture
def told(service):
    """Run `preview` on this service, whatever the workspace holds."""

    def run(monkeypatch, tmp_path, *args, settings=None):
        create_workspace(tmp_path / "here", "A service").store.close()
        source = "romframe_mhsds.national.source.frames"
        monkeypatch.setattr(source, lambda workspace, day: service.frames())
        options = ["--workspace", str(tmp_path / "here")] if settings is None else []
        words = ["preview", "--as-of", NOVEMBER, *options, *map(str, args)]
        return CliRunner().invoke(national, words, obj=settings, catch_exceptions=False)

    return run


def test_a_person_reads_figures_reasons_and_what_would_change_them(told, monkeypatch, tmp_path):
    done = told(monkeypatch, tmp_path, "--pack", "cquin_2023_24")
    lines = done.output.splitlines()
    assert done.exit_code == 0
    assert lines[0].endswith("(cquin_2023_24), 2023-11")
    assert "It is not the published figure." in lines[1]
    assert lines[2].startswith("Rules as in the published code: NHS England, CQUIN")
    assert lines[3] == ""
    (paired,) = [line for line in lines if line.startswith("CYP and") and "Paired scores" in line]
    assert paired.split()[-4:] == ["1/2", "50.0", "50", "*"]
    assert "3 referrals are looked at; 1 count and are paired (any measure)." in lines
    tally = [line.split()[:2] for line in lines if line[:3] == "1  "]
    assert tally == [["1", "rejected"], ["1", "no_second_score"]]
    assert any("1 referral lacks only a second rating" in line for line in lines)
    assert any("--reading perinatal_contacts=with_video" in line for line in lines)
    assert any(line.startswith("  reproduced: Pairing is by single code") for line in lines)
    assert any("Unverified." in line for line in lines)
    assert "R000" not in done.output


def test_every_referral_can_be_listed(told, monkeypatch, tmp_path):
    done = told(monkeypatch, tmp_path, "--pack", "cquin_2023_24", "--referrals")
    rows = [line.split() for line in done.output.splitlines() if line.startswith("R0")]
    assert rows == [
        ["R000", "perinatal", "closed", "3", "2023-09-26", "2023-11-10"],
        ["R001", "perinatal", "closed", "3", "2023-09-26", "no_second_score"],
        ["R002", "perinatal", "closed", "3", "2023-09-26", "rejected"],
    ]


def test_reasons_can_be_asked_for_another_family(told, service, monkeypatch, tmp_path):
    name = service.referral("2023-09-21", 60)
    for day in (5, 50):
        service.score(name, day, 2, "979641000000103")
    words = ("--pack", "cquin_2023_24", "--referrals")
    assert "  second_rating: R001" in told(monkeypatch, tmp_path / "1", *words).output
    done = told(monkeypatch, tmp_path / "2", *words, "--family", "prom")
    assert "1 count and are paired (PROM only)." in done.output
    assert "  both_ratings: R003" in done.output.splitlines()
    assert "  second_rating: R001" in done.output.splitlines()


def test_a_verified_form_is_not_called_unverified(told, monkeypatch, tmp_path):
    done = told(monkeypatch, tmp_path, "--pack", "cyp_outcomes")
    assert "No referral counts." in done.output
    assert "Unverified" not in done.output
    assert "Nothing that is lacked by one step." in done.output


def test_a_month_outside_the_time_of_the_rules_is_told(service):
    pack = load_pack("cquin_2023_24")
    for month, told in (("2023-03-31", True), ("2023-04-01", False), ("2024-04-01", True)):
        lines = list(render.text(service.preview(pack, month)))
        assert (
            any("These rules held from 2023-04-01 to 2024-03-31" in each for each in lines) is told
        )
    early = "\n".join(render.text(service.preview("cmh_proms", "2019-03-01")))
    assert "held from 2019-04-01 to now, and not in 2019-03" in early


def test_a_pack_without_quirks_or_readings_has_no_such_lines(service, tmp_path):
    path = tmp_path / "bare.yaml"
    text = render.__file__.replace("national/render.py", "data/national/cmh_proms.yaml")
    with open(text, encoding="utf-8") as shipped:  # noqa: PTH123
        path.write_text(shipped.read().partition("\nquirks:")[0], encoding="utf-8")
    lines = list(render.text(service.preview(str(path), NOVEMBER)))
    assert not any("Peculiarities" in line for line in lines)


def test_the_same_as_json(told, monkeypatch, tmp_path):
    words = ("--pack", "cquin_2023_24", "--json", "--reading", "perinatal_contacts=with_video")
    found = json.loads(told(monkeypatch, tmp_path, *words).output)
    assert (found["pack"], found["month"]) == ("cquin_2023_24", "2023-11")
    assert found["reasons"] == {"rejected": 1, "no_second_score": 1}
    assert found["readings"][0]["chosen"]["id"] == "with_video"
    assert found["would_change"][0]["lacks"] == "second_rating"
    assert found["figures"][0]["numerator"] == 0
    assert "referrals" not in found


def test_json_with_every_referral(told, monkeypatch, tmp_path):
    words = ("--pack", "cquin_2023_24", "--json", "--referrals")
    found = json.loads(told(monkeypatch, tmp_path, *words).output)
    assert [each["reason"] for each in found["referrals"]] == [None, "no_second_score", "rejected"]
    assert {"birth_date", "gender", "residence"}.isdisjoint(found["referrals"][0])


def test_files_are_written_for_their_owner_only(told, monkeypatch, tmp_path):
    out = tmp_path / "deep" / "out"
    done = told(monkeypatch, tmp_path, "--pack", "cquin_2023_24", "--out", out)
    assert "Wrote referrals.csv, figures.csv, would_change.csv" in done.output
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    rows = pl.read_csv(out / "referrals.csv", infer_schema=False)
    assert rows["reason"].to_list() == ["", "no_second_score", "rejected"]
    assert rows["team_types"].unique().to_list() == ["C02"]
    assert {"birth_date", "gender", "residence"}.isdisjoint(rows.columns)
    assert pl.read_csv(out / "would_change.csv")["referral_id"].to_list() == ["R001"]


def test_a_folder_that_cannot_be_made_is_told(service, tmp_path):
    (tmp_path / "file").write_text("")
    found = service.preview("cquin_2023_24", NOVEMBER)
    with pytest.raises(render.UsageError, match="cannot be written"):
        render.write(found, tmp_path / "file" / "out")


@pytest.mark.parametrize("reading", ["perinatal_contacts", "=with_video", "perinatal_contacts="])
def test_a_reading_is_a_name_and_a_choice(told, monkeypatch, tmp_path, reading):
    done = told(monkeypatch, tmp_path, "--pack", "cquin_2023_24", "--reading", reading)
    assert done.exit_code == 2
    assert "is not READING=CHOICE" in done.output


def test_without_a_folder_the_command_lines_own_workspace_is_used(told, monkeypatch, tmp_path):
    class Settings:
        asked = 0

        def workspace(self):
            self.asked += 1

    settings = Settings()
    done = told(monkeypatch, tmp_path, "--pack", "cquin_2023_24", settings=settings)
    assert (done.exit_code, settings.asked) == (0, 1)


def test_packs_are_listed_with_sources_and_dates():
    done = CliRunner().invoke(national, ["packs"], catch_exceptions=False)
    lines = done.output.splitlines()
    assert [line.partition(":")[0] for line in lines if line[0] != " "] == [
        "cmh_proms", "cquin_2023_24", "cyp_outcomes",
    ]  # fmt: skip
    assert "  from 2023-04-01 to 2024-03-31" in lines
    assert "  from 2016-01-01 on" in lines
    assert "  reading perinatal_contacts: face_to_face, with_video" in lines
    assert any("2025-07-03" in line for line in lines)


def test_the_command_is_offered_on_the_command_line(tmp_path, capsys):
    create_workspace(tmp_path / "own", "A service").store.close()
    words = ["-w", str(tmp_path / "own"), "national", "preview"]
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--pack", "cmh_proms", "--as-of", NOVEMBER])
    assert stopped.value.code == 0
    assert "No referral counts." in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--pack", "cmh", "--as-of", NOVEMBER])
    assert stopped.value.code == 2
    assert "[unknown-national-pack]" in capsys.readouterr().err


def test_nothing_heavy_is_imported_before_it_is_needed():
    assert {"polars", "pl"}.isdisjoint(vars(commands))
