"""Scoring and judging without a workspace."""

import polars as pl
import pytest
from attrs import evolve

import romframe
from romframe import api
from romframe.catalogue import Catalogue
from romframe.change_methods import ChangeMethod, ChangeVerdict
from romframe.errors import UsageError
from romframe.instruments.loader import parse_instrument
from romframe.methods import Ratio, ScoringMethod
from romframe.plugins import PluginHost, PluginSource


FORMS = pl.DataFrame({f"q{n}": [1, 2] for n in range(1, 11)})


def test_an_instrument_by_its_name_or_itself():
    by_name = romframe.score(FORMS, "core_10", coding="scored")
    itself = romframe.score(FORMS, api.catalogue().instrument("core_10"), coding="scored")
    assert by_name.equals(itself)
    pairs = pl.DataFrame({"first": [20], "last": [8]})
    found = romframe.classify(pairs, api.catalogue().instrument("core_10"), score="total")
    assert found.equals(romframe.classify(pairs, "core_10", score="total"))


def test_the_path_of_a_spec_is_told_from_a_name():
    with pytest.raises(UsageError, match=r"open_workspace\(FOLDER\)\.instrument\(ID\) gives it"):
        romframe.score(FORMS, "measures/ours.yaml")


def test_a_workspace_may_be_named_by_a_text(tmp_path):
    romframe.create_workspace(tmp_path / "place", "Fenland").store.close()
    workspace = romframe.open_workspace(str(tmp_path / "place"))
    assert workspace.path == tmp_path / "place"
    workspace.store.close()


def test_a_spec_file_that_no_plugin_offers(root):
    own = api.catalogue().read(root / "examples/local_measure/feeding_confidence.yaml")
    answers = pl.DataFrame({f"q{n}": [4] for n in range(1, 7)})
    assert romframe.score(answers, own, coding="scored")["value"].to_list() == [24.0]


def test_plugins_are_found_once():
    assert api.catalogue() is api.catalogue()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"coding": "scored", "shape": "Wide"}, "unknown-shape"),
        ({"coding": "Scored"}, "unknown-coding"),
        ({}, "coding-needed"),
    ],
)
def test_words_that_are_not_options(options, code):
    with pytest.raises(UsageError) as refused:
        romframe.score(FORMS, "core_10", **options)
    assert refused.value.problems[0].code == code


def test_lazy_frames_are_judged_lazily():
    pairs = pl.LazyFrame({"first": [20], "last": [8]})
    found = romframe.classify(pairs, "core_10", score="total")
    assert isinstance(found, pl.LazyFrame)
    assert found.collect()["class"].to_list() == ["recovered"]


# A plugin's method that fails


class Plugin:
    """Offers a scoring and a change method whose builders are given."""

    def __init__(self, scoring, change):
        self.scoring, self.change = scoring, change

    @romframe.hookimpl
    def register_scoring_methods(self, register):
        register(ScoringMethod("theirs", self.scoring))

    @romframe.hookimpl
    def register_change_methods(self, register):
        register(ChangeMethod("theirs", self.change, {}))


SPEC = """
romframe: 1
id: small
version: "1"
name: Small
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {level: {range: [0, 4]}}
items: [{id: q1, label: a, scale: level}, {id: q2, label: b, scale: level}]
scores:
  - {id: theirs, name: T, items: all, method: theirs, range: [0, 8], better: lower}
  - {id: ours, name: O, items: all, method: sum, range: [0, 8], better: lower}
"""


@pytest.fixture
def catalogue(monkeypatch):
    """Make a catalogue with the built-in methods and such a plugin, and let the API use it."""

    def make(scoring=lambda inputs: Ratio(inputs.total), change=lambda inputs: ChangeVerdict(None)):
        host = PluginHost()
        plugin = PluginSource("vendor", lambda: Plugin(scoring, change))
        host.load([api.BUILTIN, plugin])
        made = Catalogue(host)
        monkeypatch.setattr(api, "catalogue", lambda: made)
        return made

    return make


def raises(inputs):
    raise RuntimeError("no such norm table")


def gives_no_ratio(inputs):
    return inputs.total


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (raises, "RuntimeError: no such norm table"),
        (gives_no_ratio, "TypeError: it gave a Expr, not a Ratio"),
    ],
)
def test_a_scoring_method_that_fails_takes_only_its_score_down(catalogue, build, said):
    made = catalogue(scoring=build)
    instrument = parse_instrument(SPEC, "small.yaml", made.vocabulary)
    frame = pl.DataFrame({"q1": [1, 2], "q2": [3, 4]})
    for _ in range(2):
        tidy = romframe.score(frame, instrument)
        assert (
            tidy.filter(score="theirs").select("value", "status", "reason").rows()
            == [(None, "refused", "method_failed")] * 2
        )
        assert tidy.filter(score="ours")["value"].to_list() == [4.0, 6.0]
    (problem,) = made.host.problems
    assert problem.code == "plugin-call"
    assert "'vendor'" in problem.what
    assert said in problem.what


def test_a_change_method_that_fails_classifies_nobody(catalogue):
    made = catalogue(change=raises)
    instrument = parse_instrument(SPEC, "small.yaml", made.vocabulary)
    pairs = pl.DataFrame({"first": [4], "last": [1]})
    found = romframe.classify(pairs, instrument, score="ours", rule="theirs")
    assert found["class"].to_list() == ["not_classified"]
    assert [problem.code for problem in made.host.problems] == ["plugin-call"]


def test_a_method_that_works_is_left_alone(catalogue):
    made = catalogue(change=lambda inputs: ChangeVerdict(pl.lit("improved")))
    instrument = parse_instrument(SPEC, "small.yaml", made.vocabulary)
    tidy = romframe.score(pl.DataFrame({"q1": [1], "q2": [3]}), instrument)
    assert tidy["value"].to_list() == [4.0, 4.0]
    pairs = pl.DataFrame({"first": [4], "last": [1]})
    found = romframe.classify(pairs, instrument, score="ours", rule="theirs")
    assert found["class"].to_list() == ["improved"]
    assert made.host.problems == []
    assert evolve(made.scoring_methods["theirs"]).name == "theirs"
