"""What a sound framework becomes, and how it is named."""

import pytest
from attrs import evolve

from romframe import FrameworkError, UsageError, read_framework
from romframe.frameworks.model import Framework, Target
from romframe.pairing import BASELINE_AND_DISCHARGE, FIRST_AND_LAST


def test_a_framework_is_what_its_file_says(load):
    found = load()
    assert (found.id, found.version, found.every, found.over, found.counted) == (
        "made_up",
        "2019.1",
        "month",
        6,
        "open",
    )
    (treated, _), (back,) = found.outcomes[0].measures, found.outcomes[1].indicators
    assert treated.targets == (
        Target("good", at_least=50, source="contract"),
        Target("paired", at_least=60),
    )
    assert (treated.first, treated.last) == (("assessment", "review"), ("discharge",))
    assert (back.params, back.group, back.targets) == (
        {"days": 30},
        "treated",
        (Target("met", None, 5),),
    )
    assert found.group("treated").good_classes == ("recovered", "improved")
    assert found.group("kept_well").good_classes == ("recovered", "improved", "unchanged")
    assert found.group("kept_well").worse_classes == ("deteriorated", "harmed")


def test_what_is_left_out_has_its_usual_meaning(load):
    found = load(("reporting: {every: month, over: 6, counted: open}", "reporting: {every: year}"))
    assert (found.over, found.counted) == (12, "closed")
    assert found.outcomes[0].measures[1].rule == "barkham_2013"
    assert found.outcomes[0].measures[1].first == ()


def test_a_measure_is_paired_by_its_own_timepoints_the_frameworks_policy_or_the_services(
    load, terms
):
    found = load()
    own, usual = found.outcomes[0].measures
    policy = terms.policy(found.pairing, own)
    assert policy == evolve(
        BASELINE_AND_DISCHARGE,
        first_timepoints=("assessment", "review"),
        last_timepoints=("discharge",),
    )
    assert terms.policy(found.pairing, usual) == BASELINE_AND_DISCHARGE
    assert terms.policy("", usual) == FIRST_AND_LAST


def test_a_framework_of_a_workspace_goes_by_name_and_any_other_by_its_file(workspace, tmp_path):
    text = (
        'romframe_framework: 1\nid: a\nversion: "1"\nname: A\nreporting: {every: month}\n'
        "groups: [{id: well, name: Well, good: [maintained], worse: [relapsed]}]\n"
        "outcomes: [{id: o, says: O, measures: [{id: m, instrument: core_10, score: total,"
        " group: well}]}]\n"
    )
    folder = workspace.path / "frameworks"
    (folder / "agreed.yaml").write_text(text)
    (tmp_path / "other.yaml").write_text(text)
    by_name = read_framework(workspace, "agreed")
    assert isinstance(by_name, Framework)
    assert read_framework(workspace, tmp_path / "other.yaml") == by_name
    assert read_framework(workspace, str(tmp_path / "other.yaml")) == by_name
    with pytest.raises(UsageError, match="Did you mean 'agreed'"):
        read_framework(workspace, "agred")
    with pytest.raises(FrameworkError, match="cannot be read"):
        read_framework(workspace, tmp_path / "none.yaml")


def test_an_instrument_that_is_there_and_broken_is_told_of_where_it_is_asked_for(
    load, terms, tmp_path
):
    from romframe.offers import SpecFile

    spec = tmp_path / "broken.yaml"
    spec.write_text("romframe: 1\n")
    terms.catalogue.host.offer("tests", "instruments", "broken", SpecFile(spec))
    with pytest.raises(FrameworkError) as caught:
        load(("instruments: [core_10]", "instruments: [broken]"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == ("instrument-unusable", 42)


@pytest.mark.parametrize(
    ("instrument", "score", "code"),
    [("gad_anonymous", "total", "anonymous-measure"), ("lopsided", "total", "no-direction")],
)
def test_what_cannot_be_judged_at_all_is_told(load, terms, tmp_path, instrument, score, code):
    from romframe.offers import SpecFile

    text = terms.catalogue.host.find("instruments", "gad_7").path.read_text(encoding="utf-8")
    text = text.replace("id: gad_7", f"id: {instrument}")
    if code == "anonymous-measure":
        text = text.replace("type: prom", "type: prom\nstorage: anonymous")
    spec = tmp_path / f"{instrument}.yaml"
    spec.write_text(text)
    host = terms.catalogue.host
    if code == "no-direction":
        terms.catalogue._loaded[instrument] = evolve(
            terms.instrument("gad_7"),
            scores=tuple(evolve(s, better="neither") for s in terms.instrument("gad_7").scores),
        )
    host.offer("tests", "instruments", instrument, SpecFile(spec))
    with pytest.raises(FrameworkError) as caught:
        load(("core_well, instrument: core_10", f"core_well, instrument: {instrument}"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line) == (code, 30)
