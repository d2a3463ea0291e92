"""From a store to FHIR and into an empty store: nothing is lost on the way."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.fhir_sites import REFERRALS, STATES, TODAY, Site, content, filled

from romframe import create_workspace


MEASURES = ("core_10", "honos", "mohost", "gbo", "kpcs", "epds", "osa", "hads", "pbq-2001", "ors")


@pytest.mark.parametrize("form", ["bundle", "ndjson"])
def test_all_that_a_store_holds_of_assessments_comes_back(make, tmp_path, form):
    site, other = filled(make("service")), make("other")
    result = site.export(tmp_path / "out", form=form)
    assert result.exclusions.is_empty()
    back = other.take(tmp_path / "out")
    assert back.codes == []
    assert content(other.workspace) == content(site.workspace)
    assert set(back.stored) == {"core_10", "gad_7", "gbo", "honos", "ors", "fhir"}
    again = other.take(tmp_path / "out")
    assert set(again.stored.values()) == {0}


@st.composite
def rows(draw, instrument):
    """Give one assessment of an instrument, as a record system might have it."""

    def answer(item):
        scale = item.scale
        if scale.kind == "text":
            return draw(st.sampled_from(["", "o'clock | 50 %", 'a "word"', "née\nline two"]))
        codes = [str(option.code) for option in scale.options]
        if scale.kind == "number":
            steps = round((scale.high - scale.low) / scale.step)
            codes = [f"{scale.low + scale.step * draw(st.integers(0, steps)):g}"]
        return draw(st.sampled_from([*codes, "", *STATES]))

    first = next(item for item in instrument.items if item.scale.options or item.scale.scored)
    sure = first.scale.options[0].code if first.scale.options else first.scale.low
    row = {item.id: answer(item) for item in instrument.items} | {first.id: f"{sure}"}
    minute = draw(st.integers(0, 59))
    moments = ["2026-02-{0:02}", "2026-03-29T01:{1:02}:00", "2026-06-01T10:{1:02}:59+05:30"]
    at = draw(st.sampled_from(moments)).format(minute % 28 + 1, minute)
    identity = {instrument.repeats.by: f"G{minute}"} if instrument.repeats else {}
    return (
        row
        | identity
        | {
            "referral_id": draw(st.sampled_from(["R1", "R2"])),
            "completed_at": at,
            "rater": draw(st.sampled_from(instrument.raters)),
            "timepoint": draw(st.sampled_from(["", "assessment", "discharge"])),
            "source_id": draw(st.sampled_from(["", f"S{minute}"])),
        }
    )


@settings(max_examples=8)
@given(st.data())
def test_any_answers_to_any_measure_come_back(measures, data):
    name = data.draw(st.sampled_from(MEASURES))
    instrument = measures.instrument(name)
    row = data.draw(rows(instrument))
    with tempfile.TemporaryDirectory() as folder:
        sites = []
        for each in ("service", "other"):
            workspace = create_workspace(Path(folder) / each, "service", today=TODAY)
            workspace.catalogue = measures
            site = Site(workspace)
            site.bring("service_user", [{"service_user_id": "P1"}, {"service_user_id": "P2"}])
            sites.append(site.bring("referral", REFERRALS))
        site, other = sites
        site.bring(name, [row], "position", missing_codes=STATES)
        site.export(Path(folder) / "out")
        other.take(Path(folder) / "out")
        assert content(other.workspace) == content(site.workspace)
        assert content(site.workspace)["assessments"]
        for each in sites:
            each.workspace.store.close()


def test_a_quarter_of_the_demo_comes_back(demo, make, tmp_path):
    workspace = demo.workspace
    referrals = workspace.table("referral").select("referral_id", "service_user_id", "received_on")
    other = make("other", referrals.to_dicts())
    other.workspace.catalogue = workspace.catalogue
    days = ("2026-01-01", "2026-03-31")
    Site(workspace).export(tmp_path / "out", **dict(zip(("from", "to"), days, strict=True)))
    back = other.take(tmp_path / "out")
    assert back.codes == []
    assert content(other.workspace) == content(workspace, *days)
    assert len(content(other.workspace)["assessments"]) > 100
