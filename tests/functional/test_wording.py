"""Wording packs as a service meets them: checked, used, told about, and refused in packages."""

import sys
from datetime import date

import pytest

from romframe import open_workspace
from romframe.plugins import PluginHost, PluginSource


PACK = """
romframe_wording: 1
instrument: core_10
version: "2007"
locale: en
permission: Made up for this test
items:
  q1: A first line that the service may show
"""


@pytest.fixture
def place(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    return place


@pytest.fixture
def imported(run, place, root):
    example = root / "examples/importing"
    for name in ("people", "referrals", "core_10"):
        run("-w", place, "import", example / f"{name}.csv", "--map", example / f"{name}.yaml")
    return place


def supply(place, text=PACK, name="core_10.en.yaml"):
    path = place / "wording" / name
    path.write_text(text)
    return path


def test_explain_shows_the_wording_of_the_pack(run, imported):
    assert "q1 anxiety and tension" in run("-w", imported, "explain", "1").out
    supply(imported)
    told = run("-w", imported, "explain", "1")
    assert "q1 A first line that the service may show" in told.out
    assert "q2 support from somebody" in told.out
    assert told.err == ""


def test_explain_of_a_file_shows_it_too_in_a_workspace(run, place, core_10):
    supply(place)
    args = ("explain", "1", "--file", core_10, "-i", "core_10", "--coding", "position")
    assert "q1 A first line" in run("-w", place, *args).out
    assert "q1 anxiety and tension" in run(*args).out


def test_a_faulty_pack_is_a_warning_and_our_labels_are_shown(run, imported):
    supply(imported, PACK.replace("q1:", "q11:"))
    told = run("-w", imported, "explain", "1")
    assert (told.code, "q1 anxiety and tension" in told.out) == (0, True)
    assert "core_10.en.yaml:8:3" in told.err
    assert "Our own labels stand" in told.err
    formed = run("-w", imported, "measures", "form", "core_10")
    assert (formed.code, "anxiety and tension" in formed.out) == (0, True)
    assert "Did you mean 'q1'?" in formed.err
    out = imported / "report.html"
    period = ("--from", "2026-01-01", "--to", "2026-12-31")
    made = run("-w", imported, "report", "service", *period, "--out", out)
    assert (made.code, "warning" in made.err) == (0, False)  # CORE-10 has no item profile


def test_doctor_tells_of_packs_that_are_faulty_or_leave_items_out(run, place):
    supply(place)
    sound = run("-w", place, "doctor")
    assert (sound.code, "wording: sound" in sound.out) == (0, True)
    assert "no wording for q2, q3" in sound.err
    supply(place, "[")
    supply(place, PACK, "core_10.cy.yaml")
    wrong = run("-w", place, "doctor")
    assert (wrong.code, "wording: 2 problems" in wrong.out) == (10, True)
    assert "wording-file-name" in wrong.err
    assert "Traceback" not in wrong.err


def test_check_says_whose_permission_a_pack_states(run, place):
    done = run("measures", "check", supply(place))
    assert done.code == 0
    assert "the wording of CORE-10 in en is sound" in done.out
    assert "permission: Made up for this test" in done.out
    assert "wording-incomplete" in done.err
    bad = run("measures", "check", supply(place, PACK.replace("permission", "by")))
    assert (bad.code, "'permission' is missing" in bad.err) == (10, True)


@pytest.mark.parametrize("folder", ["data", "wording"])
def test_check_refuses_a_pack_that_is_in_no_workspace(run, tmp_path, folder):
    path = tmp_path / "package" / folder / "core_10.en.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(PACK)
    done = run("measures", "check", path)
    assert (done.code, "wording-place" in done.err) == (10, True)
    assert "is sound" not in done.out


def test_the_wording_of_a_workspaces_own_measure_needs_the_workspace(run, root, place):
    spec = (root / "examples/local_measure/feeding_confidence.yaml").read_text()
    (place / "measures/feeding_confidence.yaml").write_text(spec)
    text = PACK.replace("core_10", "feeding_confidence").replace("2007", "2026")
    path = supply(place, text, "feeding_confidence.en.yaml")
    assert "-w FOLDER" in run("measures", "check", path).err
    assert run("-w", place, "measures", "check", path).code == 0


def test_the_config_chooses_the_language(run, place):
    supply(place, PACK.replace("locale: en", "locale: cy"), "core_10.cy.yaml")
    with (place / "romframe.yaml").open("a") as config:
        config.write("locale: cy-GB\n")
    workspace = open_workspace(place, today=date(2026, 1, 1))
    said = workspace.wording("core_10").item("q1")
    assert said == "A first line that the service may show"
    assert workspace.wording("core_10", "en").item("q1") == "anxiety and tension"
    assert workspace.wording("core_10") is workspace.wording(workspace.instrument("core_10"))
    workspace.store.close()


def test_form_writes_a_file_or_to_standard_output(run, place, tmp_path):
    supply(place)
    out = tmp_path / "form.html"
    done = run("-w", place, "measures", "form", "core_10", "--out", out)
    assert (done.code, done.err) == (0, "")
    assert "A first line that the service may show" in out.read_text()
    assert run("measures", "form", "honos").out.startswith("<!doctype html>")
    lost = run("measures", "form", "honos", "--out", tmp_path / "nowhere" / "form.html")
    assert (lost.code, "file-unwritable" in lost.err) == (2, True)


def test_form_says_when_there_are_no_words_in_a_language(run):
    done = run("measures", "form", "honos", "--locale", "fr")
    assert (done.code, "no words in 'fr' for HoNOS" in done.err) == (0, True)
    assert run("measures", "form", "honos", "--locale", "en-GB").err == ""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of specs with a plugin that offers them; gives the host that has loaded it."""
    monkeypatch.syspath_prepend(tmp_path)
    made = []

    def make(name, files, *, inner="", package=True):
        for file, text in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if package:
            (tmp_path / name / "__init__.py").write_text("")
        plugin = tmp_path / f"{name}_plugin.py"
        plugin.write_text(
            "from romframe import hookimpl\n@hookimpl\ndef register_instruments(register):\n"
            f"    register(package='{name}{inner}', folder='specs')\n"
        )
        made.extend((name, plugin.stem))
        host = PluginHost()
        host.load([PluginSource(name, lambda: __import__(plugin.stem))])
        return host

    yield make
    for name in [each for each in sys.modules if each.split(".")[0] in made]:
        del sys.modules[name]


SPEC = {"specs/mood.yaml": "romframe: 1\n"}


@pytest.mark.parametrize(
    "pack",
    [
        {"specs/mood.en.yaml": "anything: 1\n"},
        {"data/deep/words.yml": PACK},
        {"wording/core_10.en.yaml": PACK},
    ],
)
def test_a_package_with_a_pack_anywhere_is_set_aside(package, pack):
    host = package("vendor_with_words", SPEC | pack)
    record = host.records["vendor_with_words"]
    assert (record.status, record.problem.code) == ("failed", "wording-packaged")
    assert next(iter(pack)).rpartition("/")[2] in record.problem.what
    assert host.registry("instruments") == {}


def test_a_package_inside_another_may_not_hide_it_above(package):
    files = {"inner/specs/mood.yaml": "romframe: 1\n", "inner/__init__.py": "", "w.yaml": PACK}
    host = package("vendor_outer", files, inner=".inner")
    assert host.problems[0].code == "wording-packaged"


def test_a_package_without_a_pack_offers_its_specs(package):
    host = package("vendor_plain", SPEC | {"notes.yaml": "# romframe_wording: none here\n"})
    assert list(host.registry("instruments")) == ["mood"]


def test_what_others_put_into_a_shared_namespace_is_not_looked_at(package):
    files = {"part/__init__.py": "", "part/specs/mood.yaml": "", "other/mood.en.yaml": PACK}
    host = package("vendor_space", files, inner=".part", package=False)
    assert list(host.registry("instruments")) == ["mood"]
