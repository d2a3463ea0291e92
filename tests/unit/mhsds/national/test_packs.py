"""Packs are data: what they say is checked, and each fault is told once, where it stands."""

import polars as pl
import pytest
from romframe_mhsds.national.packs import about, load_pack, shipped
from romframe_mhsds.national.tables import FOLDER, NORMS, THRESHOLDS, lacks, read, reasons, scales
from romframe_mhsds.national.whatif import _BY_REASON

from romframe import DataError, UsageError


CQUIN = (FOLDER / "cquin_2023_24.yaml").read_text(encoding="utf-8")
CYP = (FOLDER / "cyp_outcomes.yaml").read_text(encoding="utf-8")
HEADER = ",".join(THRESHOLDS)


@pytest.fixture
def faults(tmp_path):
    """Load a pack in which some text is replaced, and give what is wrong: code and line."""

    def load(old, new, text=CQUIN):
        assert old in text
        path = tmp_path / "pack.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError) as caught:
            load_pack(str(path))
        problems = caught.value.problems
        assert all(each.place.file == str(path) and each.mend for each in problems)
        return [(each.code, each.place.line) for each in problems]

    return load


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_the_shipped_packs_are_sound_and_say_where_they_come_from():
    assert shipped() == ("cmh_proms", "cquin_2023_24", "cyp_outcomes")
    for name in shipped():
        pack = load_pack(name)
        assert pack.id == name
        assert all(each.dated and each.where for each in pack.sources)
        assert pack.quirks
        assert pack.cohort("closed")


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("percent_decimals: 1", "percent_decimals: many", "wrong-type", ""),
        ("percent_decimals: 1", "decimals: 1", "unknown-key", ""),
        ("from: 2023-04-01", "from: 2023-04-31", "wrong-value", ""),
        ("until: 2024-03-31", "until: 2022-03-31", "wrong-value", ""),
        ("id: paired_prom\n", "id: paired\n", "national-name-twice", ""),
        ("id: with_video", "id: face_to_face", "national-name-twice", ""),
        ("services: [cyp, perinatal]", "services: [cyp, prenatal]", "national-unknown-name", ""),
        ("mechanisms_by: perinatal_contacts", "mechanisms_by: none", "national-unknown-name", ""),
        ("family: prom, count:", "family: prems, count:", "national-unknown-name", ""),
        ("default: face_to_face", "default: video", "national-unknown-name", ""),
        ("targets: {community: 10}", "targets: {adults: 10}", "national-unknown-name", ""),
        ("teams: {in: [C02]}", "teams: {in: [C02], not_in: [C01]}", "national-choose-one", ""),
        ("teams: {in: [C02]}", "teams: {blank: true}", "national-choose-one", ""),
        ("length: {more_than: 14}", "length: {}", "national-choose-one", ""),
        ("      more_than: 1\n", "", "national-choose-one", "    contacts:"),
        ("mechanisms_by: perinatal_contacts", "mechanisms: []", "empty-value", ""),
        ("{kind: direct, mechanisms_by: perinatal_contacts}", "{kind: direct}",
         "national-choose-one", ""),
        ("count: assessed, of: eligible", "count: improved, of: paired", "national-figure", ""),
        ("count: assessed, of: eligible", "count: assessed, of: paired", "national-figure", ""),
        ("{more_than: 182}}", "{more_than: 182}, months: 2}", "national-figure", ""),
        ("scales: listed", "scales: with_threshold", "national-figure", ""),
        ("disclosure: nhs_monthly", "disclosure: nhs_weekly", "unknown-disclosure-policy", ""),
        ("cohorts: [closed, open]", "cohorts: [closed, shut]", "national-unknown-name", ""),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_and_where_it_stands(faults, old, new, code, at):
    assert faults(old, new) == [(code, line_of(CQUIN, at or old))]


def test_a_group_is_not_called_like_a_service(faults):
    group = "- {id: cyp_and_perinatal"
    text = CQUIN.replace("cyp_and_perinatal: 50, ", "")
    assert faults(group, "- {id: cyp", text) == [("national-name-twice", line_of(text, group))]


def test_a_reading_must_decide_what_it_is_asked(faults):
    directions = "better: published_better\n"
    assert faults(directions, "mechanisms: [{codes: ['01']}]\n", CYP) == [
        ("national-choose-one", line_of(CYP, "better_by"))
    ]


def test_a_change_has_one_way_to_say_what_is_better(faults):
    assert [code for code, _ in faults("better_by: directions", "better_by: direction", CYP)] == [
        "national-unknown-name"
    ]
    found = faults("better_by: directions", "better_by: directions\n  better: better", CYP)
    assert [code for code, _ in found] == ["national-choose-one"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_pack(str(tmp_path / "none.yml"))


def test_a_pack_of_ones_own_finds_its_tables_beside_it_first(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(CYP.replace("id: cyp_outcomes", "id: own"), encoding="utf-8")
    assert load_pack(str(path)).change.thresholds.height > 100
    row = "718583008,self,4,,lower,lower,,"
    (tmp_path / "change_cyp.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    own = load_pack(str(path))
    assert own.change.thresholds["threshold"].to_list() == [4]
    assert own.scales["concept_id"].to_list() == ["718583008"]
    assert own.change.norms.table.height == 240


def test_a_table_that_is_nowhere_is_missed_beside_the_pack(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(CYP.replace("change_cyp.csv\n", "changes.csv\n"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_pack(str(path))
    assert caught.value.problems[0].place.file == str(tmp_path / "changes.csv")


def test_unknown_packs_readings_and_choices_are_told_with_what_is_known():
    with pytest.raises(UsageError, match="Did you mean 'cmh_proms'"):
        load_pack("cmh_prom")
    with pytest.raises(UsageError, match="perinatal_contacts"):
        load_pack("cquin_2023_24", {"perinatal_contact": "with_video"})
    with pytest.raises(UsageError, match="with_video"):
        load_pack("cquin_2023_24", {"perinatal_contacts": "video"})
    with pytest.raises(UsageError, match="Did you mean 'prom'"):
        about(load_pack("cquin_2023_24"), "proms")


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        (["concept_id,rater"], "national-table-columns", 1),
        ([], "national-table-columns", 1),
        ([HEADER, "1,,5,,lower,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,five,,lower,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,inf,,lower,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,5,,down,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,5"], "national-table-value", 2),
        ([HEADER, "1,self,-5,,lower,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,0,,lower,lower,,"], "national-table-value", 2),
        ([HEADER, "1,self,5,,lower,lower,,,x"], "national-table-value", 2),
        ([HEADER, "1,self,5,,lower,lower,,", "1,self,6,,lower,lower,,"], "national-table-twice", 3),
    ],
)
def test_a_table_with_a_fault_is_told_with_its_line(tmp_path, lines, code, line):
    path = tmp_path / "change.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(path, THRESHOLDS, ("concept_id",))
    assert {(each.code, each.place.line) for each in caught.value.problems} == {(code, line)}


def test_a_table_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "none.csv", NORMS, ("gender",))
    (tmp_path / "latin.csv").write_bytes(b"gender,\xe9\n")
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "latin.csv", NORMS, ("gender",))


def test_the_tables_fit_together():
    known = set(scales()["concept_id"])
    for name in ("change_cyp.csv", "change_cmh.csv"):
        table = read(FOLDER / name, THRESHOLDS, ("concept_id",))
        assert set(table["concept_id"]) <= known
    assert (scales()["low"] < scales()["high"]).all()
    per_term = scales().group_by("term").agg(pl.col("tool", "category", "low", "high").n_unique())
    assert per_term.select(pl.exclude("term").max()).rows() == [(1, 1, 1, 1)]
    assert set(_BY_REASON) < set(reasons())
    assert set(_BY_REASON.values()) < set(lacks())
