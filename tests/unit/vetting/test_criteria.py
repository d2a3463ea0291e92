"""What each tier of `romframe plugins check` asks for."""

import pytest
from attrs import evolve

from romframe.vetting.criteria import CRITERIA
from romframe.vetting.model import Loaded, Tried
from romframe.vetting.vetting import judged


def missing(evidence):
    """Name what is missing as `tier criterion`, and give all sentences as one text."""
    found = judged(evidence).missing
    return {f"{each.tier} {each.criterion}" for each in found}, " ".join(m.what for m in found)


def test_of_a_perfect_package_nothing_is_missing(perfect):
    verdict = judged(perfect)
    assert (verdict.name, verdict.version, verdict.tier) == ("ours", "0.1.0", "platinum")
    assert verdict.missing == ()


@pytest.mark.parametrize(
    ("asked", "tier"),
    [("bronze", "none"), ("silver", "bronze"), ("gold", "silver"), ("platinum", "gold")],
)
def test_a_tier_is_reached_where_nothing_of_it_or_below_is_missing(perfect, asked, tier):
    lacking = {
        "bronze": evolve(perfect, loaded=Loaded(problems=("broken",))),
        "silver": evolve(perfect, tested=evolve(perfect.tested, failed=("test_a",))),
        "gold": evolve(perfect, types=("error",)),
        "platinum": evolve(perfect, tested=evolve(perfect.tested, covered=94.9)),
    }
    assert judged(lacking[asked]).tier == tier


def test_of_a_package_that_does_not_load_no_tests_are_asked_for(perfect):
    names, text = missing(evolve(perfect, loaded=Loaded(problems=("broken",)), tested=Tried()))
    assert (names, text) == ({"bronze loads"}, "broken")


def test_a_package_without_a_plugin_is_none(perfect):
    names, text = missing(evolve(perfect, entries={}, loaded=Loaded()))
    assert "bronze metadata" in names
    assert '[project.entry-points."romframe.v1"]' in text


def test_a_stray_folder_and_a_missing_module_are_told(perfect):
    (perfect.site / "tests").mkdir()
    (perfect.site / "tests" / "test_ours.py").touch()
    (perfect.site / "notes.txt").touch()
    (perfect.site / "conftest.py").touch()
    names, text = missing(evolve(perfect, entries={"ours": "ours", "more": "more.deep:plugin"}))
    assert names == {"bronze contents"}
    assert all(repr(name) in text for name in ("tests", "notes.txt", "conftest.py"))
    assert text.count("beside everybody") == 3
    assert "lacks 'more'" in text


def test_a_spec_that_stayed_behind_is_told(perfect):
    specs = perfect.folder / "src/ours/specs"
    specs.mkdir()
    (specs / "ours.yaml").touch()
    (specs / ".hidden").touch()
    (specs / "left.pyc").touch()
    names, text = missing(perfect)
    assert names == {"bronze contents"}
    assert text.count("lacks") == 1
    assert "ours/specs/ours.yaml" in text


def test_more_modules_and_packages_are_fine(perfect):
    (perfect.site / "single.py").touch()
    (perfect.site / "our_specs").mkdir()
    (perfect.site / "our_specs" / "__init__.py").touch()
    evidence = evolve(perfect, entries={"a": "ours", "b": "single"}, folder=None)
    names, _ = missing(evidence)
    assert names == {"gold changes"}  # a wheel brings no CHANGELOG.md


def test_wording_is_refused(perfect):
    (perfect.site / "ours/ours.en.yaml").write_text("romframe_wording: 1\n")
    (perfect.folder / "src/ours/ours.en.yaml").touch()
    names, text = missing(evolve(perfect, loaded=evolve(perfect.loaded, labels=("ours q1",))))
    assert names == {"bronze wording"}
    assert "ours/ours.en.yaml is a wording pack" in text
    assert "label of ours q1" in text


def test_what_does_not_load_and_what_somebody_else_offers_is_told(perfect):
    broken = Loaded({"exporters": ["ours"]}, ("no module x",), ("'ours' is contested",))
    names, text = missing(evolve(perfect, loaded=broken))
    assert names == {"bronze loads", "bronze names"}
    assert "no module x" in text
    assert "contested" in text


def test_a_plugin_that_offers_nothing_is_told(perfect):
    names, _ = missing(evolve(perfect, loaded=Loaded()))
    assert names == {"bronze loads"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("summary", "`description`"),
        ("license_expression", "`license`"),
        ("requires_python", "`requires-python`"),
    ],
)
def test_what_the_metadata_do_not_say_is_told(without, name, key):
    names, text = missing(without(name))
    assert names == {"silver described"}
    assert key in text


def test_a_package_without_a_readme_is_told_so(perfect):
    bare = {**perfect.metadata, "description": [" "]}
    names, _ = missing(evolve(perfect, metadata=bare))
    assert names == {"silver described", "silver readme"}


@pytest.mark.parametrize("needs", [[], ["polars>=2"], ["romframe>=0.1"], ["romframe"]])
def test_without_an_upper_bound_on_romframe_it_is_told(perfect, needs):
    odd = {**perfect.metadata, "requires_dist": needs}
    names, text = missing(evolve(perfect, metadata=odd))
    assert names == {"silver bounded"}
    assert "romframe>=0.1,<1" in text


def test_a_readme_without_an_offer_is_told(perfect):
    more = Loaded({"exporters": ["ours"], "commands": ["county"]})
    names, text = missing(evolve(perfect, loaded=more))
    assert names == {"silver readme"}
    assert "`county`" in text


def test_five_tests_that_fail_are_named_and_the_others_counted(perfect):
    failed = [f"test_{n}" for n in range(7)]
    names, text = missing(evolve(perfect, tested=evolve(perfect.tested, failed=failed)))
    assert names == {"silver tests"}
    assert "test_4" in text
    assert "test_5" not in text
    assert "2 more" in text


def test_without_tests_nothing_above_bronze_is_reached(perfect):
    names, text = missing(evolve(perfect, tested=Tried()))
    assert names == {
        "silver tests",
        "gold kit",
        "platinum extras",
        "platinum covered",
    }
    assert "There are no tests" in text
    assert "ExporterSuite of the kit, for 'ours'" in text
    assert "run 0%" in text


def test_a_suite_must_have_run_for_the_very_offer(perfect):
    more = Loaded({"exporters": ["ours", "theirs"], "change_methods": ["third"]})
    readme = {**perfect.metadata, "description": ["`ours` `theirs` `third`"]}
    names, text = missing(evolve(perfect, loaded=more, metadata=readme))
    assert names == {"gold kit", "platinum extras"}
    assert "ExporterSuite of the kit, for 'theirs'" in text
    assert "ChangeMethodSuite of the kit, for 'third'" in text
    assert "ChangeMethodExtras" not in text


def test_types_and_py_typed_are_asked_for(perfect):
    (perfect.site / "ours/py.typed").unlink()
    (perfect.folder / "src/ours/py.typed").unlink()
    names, text = missing(evolve(perfect, types=("ours.py:3: error",)))
    assert names == {"gold types"}
    assert "empty file py.typed into ours" in text
    assert "mypy --strict: ours.py:3" in text


def test_the_changes_name_the_version_and_nothing_is_left_to_do(perfect):
    (perfect.folder / "CHANGELOG.md").write_text("## 0.0.9\nTODO\n")
    names, text = missing(perfect)
    assert names == {"gold changes", "gold finished"}
    assert "CHANGELOG.md:2" in text


def test_a_test_of_the_kit_that_is_left_out_costs_platinum(perfect):
    left = evolve(perfect.tested, left_out=("TestOurs.test_no_cell_is_a_formula",))
    names, text = missing(evolve(perfect, tested=left))
    assert names == {"platinum extras"}
    assert "test_no_cell_is_a_formula" in text


def test_the_page_on_tiers_lists_every_criterion(root):
    page = (root / "docs/tiers.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| **")]
    listed = [(tier.strip(" *"), name.strip(" `")) for tier, name in rows]
    assert listed == [("bronze", "builds"), *((each.tier, each.name) for each in CRITERIA)]
