"""Tables out and in again: nothing is lost, whatever the kind of file and its shape."""

import polars as pl
import pytest
from openpyxl import load_workbook
from oracles.fhir_sites import NOW, content

from romframe import import_file, run_export


KINDS = [("csv", "wide"), ("csv", "long"), ("xlsx", "long"), ("xlsx", "wide"), ("parquet", "long")]


def take(site, folder, kind):
    """Import every measure of an export by the mapping that came with it."""
    results = {}
    for mapping in sorted(folder.glob("*.yaml")):
        file = mapping.with_suffix(f".{kind}")
        done = import_file(site.workspace, file, mapping=mapping, actor="test", now=NOW)
        results[mapping.stem] = done.result
        for row in done.warnings.to_dicts():
            assert row["what"] == "Nothing is read from these columns: assessment_id."
    return results


@pytest.mark.parametrize(("kind", "shape"), KINDS)
def test_all_that_a_store_holds_of_assessments_comes_back(service, make, tmp_path, kind, shape):
    out = tmp_path / "out"
    run_export(service.workspace, kind, out, {"shape": shape, "all": True})
    other = make("other")
    results = take(other, out, kind)
    assert {each.rejected for each in results.values()} == {0}
    assert content(other.workspace) == content(service.workspace)
    assert {each.accepted for each in take(other, out, kind).values()} == {0}


def test_words_that_look_like_a_state_stay_words(make, tmp_path):
    site = make("words")
    poem = site.workspace.instrument("poem")
    items = {item.id: "" for item in poem.items}
    words = next(item.id for item in poem.items if item.scale.kind == "text")
    first = poem.items[0]
    items |= {first.id: str(first.scale.options[0].code), "rater": "service_user"}
    for text, day in (("[declined]", "2026-03-02"), ("[[not_known]]", "2026-03-03")):
        site.answers("poem", "position", **items | {words: text, "completed_at": day})
    run_export(site.workspace, "csv", tmp_path / "out", {"all": True})
    other = make("other_words")
    take(other, tmp_path / "out", "csv")
    assert content(other.workspace) == content(site.workspace)
    assert '"[[[declined]]]": declined' in (tmp_path / "out/poem.yaml").read_text(encoding="utf-8")


def test_nothing_in_a_csv_file_is_taken_for_a_formula(service, tmp_path):
    run_export(service.workspace, "csv", tmp_path / "out", {"all": True})
    cells = (tmp_path / "out/core_10.csv").read_text(encoding="utf-8").replace("\n", ",").split(",")
    assert {"'=1+1", "''-x", "'@S", "'+1"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+@-") and cell]


def test_a_workbook_holds_text_as_text_and_is_the_same_every_time(service, tmp_path):
    for name in ("out", "again"):
        run_export(service.workspace, "xlsx", tmp_path / name, {"all": True})
    names = sorted(each.name for each in (tmp_path / "out").iterdir())
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    book = load_workbook(tmp_path / "out/core_10.xlsx")
    assert book.sheetnames == ["answers", "scores", "change"]
    cells = [cell for row in book["answers"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}


def test_what_must_not_leave_stays_unless_it_is_for_the_service_itself(make, tmp_path):
    site = make("consent")
    answers = {f"q{n}": "1" for n in range(1, 11)}
    site.answers("core_10", **answers, consent="0")
    site.answers("core_10", **answers, completed_at="2026-04-01")
    result = run_export(site.workspace, "csv", tmp_path / "out", {})
    assert result.exclusions["reason"].to_list() == ["no_consent"]
    assert "1 assessments must not leave" in result.summary[1]
    assert "; --all writes them" in result.summary[1]
    table = pl.read_csv(tmp_path / "out/core_10.csv", infer_schema=False)
    assert table["completed_at"].to_list() == ["2026-04-01"]
    assert set(pl.read_csv(tmp_path / "out/core_10_scores.csv")["completed_at"]) == {"2026-04-01"}
    assert not (tmp_path / "out/core_10_change.csv").exists()
    result = run_export(site.workspace, "csv", tmp_path / "all", {"all": True})
    assert pl.read_csv(tmp_path / "all/core_10.csv").height == 2
    assert (tmp_path / "all/core_10_change.csv").exists()


def test_the_dictionary_says_what_every_column_of_answers_holds(service, tmp_path):
    run_export(service.workspace, "csv", tmp_path / "out", {"all": True})
    told = pl.read_csv(tmp_path / "out/dictionary.csv", infer_schema=False)
    rows = {(row["measure"], row["column"]): row for row in told.to_dicts()}
    for name in service.workspace.used_instruments():
        for item in service.workspace.instrument(name).items:
            assert (name, item.id) in rows
    turned = rows["core_10", "q2"]
    assert (turned["kind"], turned["values"][:13]) == ("item, turned in the data", "4: not at all")
    assert rows["honos", "q1"]["missing"] == "9: not_known"
    assert rows["ors", "q1"]["values"] == "0 to 10 in steps of 0.1"
    assert rows["core_10", "score:total"]["values"] == "0 to 40, better lower"
    assert [row["values"] for row in told.to_dicts() if row["measure"] == "poem"][-1] == "any text"


def test_an_export_of_nothing_is_a_dictionary_alone(make, tmp_path):
    result = run_export(make("empty").workspace, "csv", tmp_path / "out", {})
    assert result.files == ("dictionary.csv",)
    assert result.exclusions.is_empty()


def test_the_library_is_asked_for_by_the_name_of_its_extra(service, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(Exception, match=r"romframe\[excel\]"):
        run_export(service.workspace, "xlsx", tmp_path / "out", {})
