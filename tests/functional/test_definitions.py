"""Definitions in other formats as a user meets them: `romframe measures read` and `write`."""

import csv

import pytest


PLUGIN = """\
from romframe import (
    AskedForm, AskedItem, AskedOption, DefinitionDraft, DefinitionFormat, Unsaid, draft_definition,
    hookimpl,
)


def read(path):
    words = path.read_text().split()
    if words == ["bad"]:
        return DefinitionDraft({"romframe": 1})
    if words == ["broken"]:
        raise ZeroDivisionError("half way")
    options = (AskedOption("0", words[0], 0), AskedOption("1", words[-1], 1)) if words else ()
    items = tuple(AskedItem(f"q{n}", "coded", options=options) for n in range(30))
    unsaid = tuple(Unsaid("not-read", f"q{n}", "It is odd\\x1b[31m.") for n in range(30))
    return draft_definition(AskedForm(path.name, "listed", "Listed", items, unsaid=unsaid))


def write(instrument, wording, out):
    out.write_text("\\n".join(wording.item(item.id) for item in instrument.items))
    yield Unsaid("not-carried", "scores", "A list cannot say this.")


@hookimpl
def register_definition_formats(register):
    register(DefinitionFormat("words", "Words", read=read))
    register(DefinitionFormat("list", "A list", write=write))
"""


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "plugins" / "lists.py").write_text(PLUGIN)
    return place


def test_a_measure_goes_out_as_fhir_and_comes_back_as_a_draft(run, tmp_path):
    out, back = tmp_path / "gad_7.json", tmp_path / "gad_7.yaml"
    done = run("measures", "write", "gad_7", "--to", "fhir", "--out", out)
    assert (done.code, done.out) == (0, f"Wrote {out}.\n")
    assert "unsaid: scores.total.bands: FHIR cannot say this. [not-carried]" in done.err
    read = run("measures", "read", out, "--from", "fhir", "--out", back)
    assert read.code == 0, read.err
    assert f"Wrote {back}. Finish it, then: romframe measures check {back}" in read.out
    checked = run("measures", "check", back)
    assert checked.out == f"{back}: GAD-7 2006 is sound.\n"


def test_a_draft_is_shown_where_no_file_is_named(run, service, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("Never Often")
    done = run("-w", service, "measures", "read", file, "--from", "words")
    assert done.out.startswith("# A draft, read from words.txt.")
    assert done.out.endswith("scores: []\n")
    assert "unsaid: and " in done.err
    assert "\x1b" not in done.err


def test_the_whole_list_goes_into_a_file_if_one_is_named(run, service, tmp_path):
    file, out = tmp_path / "words.txt", tmp_path / "unsaid.csv"
    file.write_text("Never Often")
    run("-w", service, "measures", "read", file, "--from", "words", "--unsaid", out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["where"] for row in rows if row["code"] == "not-read"] == [
        f"q{n}" for n in range(30)
    ]
    listed, named = tmp_path / "list.txt", tmp_path / "lost.csv"
    done = run(
        *("-w", service, "measures", "write", "gad_7", "--to", "list"),
        *("--out", listed, "--unsaid", named),
    )
    assert done.code == 0, done.err
    assert named.read_text() == "code,where,what\nnot-carried,scores,A list cannot say this.\n"
    assert len(listed.read_text().splitlines()) == 7


def test_the_files_words_become_a_pack_of_the_site_if_asked(run, service, tmp_path):
    file, out = tmp_path / "words.txt", service / "measures" / "listed.yaml"
    file.write_text("Never Often")
    done = run(
        *("-w", service, "measures", "read", file, "--from", "words"),
        *("--out", out, "--wording", service / "wording"),
    )
    assert done.code == 0, done.err
    pack = service / "wording" / "listed.en.yaml"
    assert f"Wrote {pack}: say in it who permits the wording" in done.out
    assert "sound" in run("-w", service, "measures", "check", pack).out
    again = run("-w", service, "measures", "read", file, "--from", "words", "--out", out)
    assert (again.code, "file-exists" in again.err) == (2, True)
    file.write_text("")
    without = run("-w", service, "measures", "read", file, "--from", "words", "--wording", service)
    assert "there is no wording pack" in without.err


def test_formats_that_cannot_do_what_is_asked_say_so(run, service, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("Never")
    reading = run("-w", service, "measures", "read", file, "--from", "list")
    assert (reading.code, "only written to it" in reading.err) == (2, True)
    asked = ("measures", "write", "gad_7", "--out", file)
    writing = run("-w", service, *asked, "--to", "words")
    assert (writing.code, "only read from it" in writing.err) == (2, True)
    unknown = run("-w", service, *asked, "--to", "fhri")
    assert (unknown.code, "Did you mean 'fhir'?" in unknown.err) == (13, True)


def test_what_a_plugins_reader_does_wrong_is_told(run, service, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("bad")
    faulty = run("-w", service, "measures", "read", file, "--from", "words")
    assert faulty.code == 0
    assert "warning: " in faulty.err
    assert "missing-key" in faulty.err
    file.write_text("broken")
    broken = run("-w", service, "measures", "read", file, "--from", "words")
    assert (broken.code, "plugin-call" in broken.err) == (13, True)


def test_the_hook_is_listed_with_what_it_offers(run):
    listed = run("plugins").out
    assert "definition_formats: fhir" in listed
    assert "definition_formats: redcap, xlsform" in listed
