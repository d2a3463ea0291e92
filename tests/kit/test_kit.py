"""What the kit itself promises: hostile data, strategies, fixtures, a plain word without pytest."""

import importlib.util
import json
import runpy

import polars as pl
import pytest
import romframe_audit
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe import Exporter, ExportResult, UsageError
from romframe import testing as kit
from romframe.answers import allowed
from romframe.testing import forms, hostile, offering
from romframe.testing.hosts import DATA, catalogue_of, load_among_others, record_of
from romframe.testing.scored import Scoring
from romframe.testing.strategies import answers, invalid_responses, responses, wrong_answers


pytest_plugins = ["romframe.testing.fixtures"]

AWKWARD = catalogue_of(romframe_audit).instrument("awkward")
SCORING = Scoring(catalogue_of(romframe_audit), AWKWARD)
few = settings(max_examples=15, derandomize=True, database=None)


def test_without_pytest_or_hypothesis_the_extra_is_named(monkeypatch):
    found = importlib.util.find_spec
    lacks = lambda name, *rest: None if name == "hypothesis" else found(name, *rest)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", lacks)
    with pytest.raises(UsageError, match=r"needs hypothesis.*romframe\[testing\]"):
        runpy.run_path(kit.__file__)


def test_nobody_else_s_tests_load_the_kit(root):
    assert "pytest11" not in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", hostile.DATA_SETS)
def test_a_hostile_data_set_is_stored_but_for_the_form_without_answers(made_workspace, name):
    workspace = made_workspace(romframe_audit, name)
    rows = DATA / "workspaces" / name / "assessments.csv"
    told = pl.read_csv(rows, infer_schema=False) if rows.exists() else pl.DataFrame()
    blank = told.filter(answers="blank").height if told.width else 0
    second = told.filter(purpose="double_rating").height if told.width else 0
    assert workspace.table("rejected_row").height == blank
    assert workspace.assessments().height == told.height - blank - second


def test_the_awkward_measure_has_all_five_states_of_an_answer(made_workspace):
    workspace = made_workspace(romframe_audit, "answer_states")
    stored = workspace.responses("awkward").collect()
    told = {state for each in stored["states"].drop_nulls() for state in json.loads(each).values()}
    assert told | {"answered", "blank"} == {
        "answered", "blank", "not_known", "not_applicable", "declined"
    }  # fmt: skip


def test_a_measure_that_is_rated_anonymously_or_by_goal_is_filled_in_too(made_workspace):
    workspace = made_workspace(romframe_audit, "one_person", ("poem", "gbo"))
    assert workspace.returns("poem").collect().height == 2
    assert workspace.assessments().get_column("instrument").to_list() == ["gbo", "gbo"]


def test_every_hostile_file_and_data_set_is_told_in_their_readme():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    named = [*hostile.HOSTILE_FILES, *hostile.DATA_SETS, "awkward"]
    assert [name for name in named if f"`{name}`" not in text] == []


@few
@given(responses(AWKWARD))
def test_drawn_responses_are_never_invalid(form):
    (found,) = SCORING.verdicts([form])
    assert {verdict["reason"] for verdict in found.values()} <= {
        None, "items_missing", "too_many_missing", "nothing_answered"
    }  # fmt: skip


@few
@given(responses(AWKWARD, blanks=False))
def test_drawn_responses_without_blanks_are_all_answered(form):
    (found,) = SCORING.verdicts([form])
    assert {verdict["answered"] for verdict in found.values()} == {4}


@few
@given(invalid_responses(AWKWARD))
def test_drawn_invalid_responses_say_what_is_wrong(odd):
    (found,) = SCORING.verdicts([odd.form])
    assert {verdict["reason"] for verdict in found.values()} == {"invalid_response"}
    assert odd.form[odd.item] == odd.cell
    assert odd.item in odd.what
    assert odd.cell in odd.what


def test_free_text_has_no_wrong_answers():
    assert wrong_answers(AWKWARD.item("said")) == []
    assert "any text" in allowed(AWKWARD.item("said").scale)


@few
@given(st.sampled_from(AWKWARD.items).flatmap(lambda item: st.tuples(st.just(item), answers(item))))
def test_an_answer_is_allowed_or_a_code_for_a_blank_or_one(drawn):
    item, cell = drawn
    known = [*forms.allowed_answers(item), *forms.gap_codes(item).values(), None, "", " "]
    assert cell in known


def test_answers_in_steps_are_the_numbers_that_a_form_shows():
    item = catalogue_of(romframe_audit).instrument("ors").items[0]
    found = forms.allowed_answers(item)
    assert found[:3] == [0, 0.1, 0.2]
    assert found[-1] == 10


def write(workspace, request):
    (request.out / "names.txt").write_text("\n".join(workspace.table("referral")["referral_id"]))
    return ExportResult(("names.txt",), {"sent": 1}, pl.DataFrame(), pl.DataFrame())


def test_the_fixtures_make_a_host_workspaces_and_a_command_line(
    plugin_host, workspace, made_workspace, run_cli
):
    plugin = offering(Exporter("names", "Names", write))
    assert record_of(plugin_host(plugin)).offers == {"exporters": ("names",)}
    assert workspace.table("referral").is_empty()
    assert made_workspace(plugin).table("referral").height == 1
    done = run_cli("-w", workspace.path, "check", "nothing")
    assert done.code == 2
    assert done.out == ""
    assert "nothing" in done.err or "check" in done.err
    assert run_cli("--version").code == 0


def test_another_plugin_that_breaks_when_it_is_imported_is_left_to_the_host(monkeypatch):
    from romframe.plugins import PluginSource
    from romframe.testing import hosts

    def broken():
        raise ImportError("planted")

    monkeypatch.setattr(hosts, "installed", lambda: [PluginSource("broken", broken)])
    host = load_among_others(offering(Exporter("names", "Names", write)))
    assert host.records["broken"].status == "failed"
    assert record_of(host).status == "ok"
