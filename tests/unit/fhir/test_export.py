"""What leaves as FHIR: all of it sound, nothing that says more of a person than our ids."""

import json

import pytest
from oracles.fhir_sites import response
from romframe_fhir.records import exporter, writing

from romframe import UsageError


CORE_10 = {f"q{n}": "2" for n in range(1, 11)}


def resources(folder):
    """Give what the bundles of an export hold, by type."""
    found = {}
    for file in sorted(folder.glob("bundle_*.json")):
        for entry in json.loads(file.read_text(encoding="utf-8"))["entry"]:
            kind = entry["resource"]["resourceType"]
            found.setdefault(kind, []).append((entry["fullUrl"], entry["resource"]))
    return found


def test_a_score_says_what_it_is_of_and_what_it_comes_from(site, tmp_path):
    site.answers("phq_9", **{f"q{n}": "1" for n in range(1, 10)}, completed_at="2026-03-02")
    result = site.export(tmp_path / "out")
    assert result.counts == {"QuestionnaireResponse": 1, "Observation": 1}
    found = resources(tmp_path / "out")
    ((url, answers),) = found["QuestionnaireResponse"]
    ((_, score),) = found["Observation"]
    assert answers["questionnaire"] == "urn:romframe:questionnaire:phq_9|1999"
    assert (answers["status"], answers["authored"]) == ("completed", "2026-03-02")
    assert score["derivedFrom"] == [{"reference": url}]
    assert score["valueQuantity"]["value"] == 9
    assert score["interpretation"] == [{"text": "mild"}]
    assert {each["code"] for each in score["code"]["coding"]} == {"total", "720433000", "44261-6"}
    referral = {"system": "urn:romframe:id:referral", "value": "R1"}
    assert score["basedOn"] == [{"type": "ServiceRequest", "identifier": referral}]
    assert score["effectiveDateTime"] == "2026-03-02"


def test_a_score_that_could_not_be_given_says_why(site, tmp_path):
    site.answers("core_10", **dict.fromkeys(CORE_10, "") | {"q1": "3"})
    site.export(tmp_path / "out")
    ((_, score),) = resources(tmp_path / "out")["Observation"]
    assert "valueQuantity" not in score
    assert score["dataAbsentReason"]["text"]


def test_answers_are_the_boxes_that_were_ticked_in_the_sections_of_the_form(site, tmp_path):
    site.answers("core_om", **{f"q{n}": "1" for n in range(1, 35)})
    site.export(tmp_path / "out")
    ((_, answers),) = resources(tmp_path / "out")["QuestionnaireResponse"]
    groups = [each for each in answers["item"] if "item" in each]
    flat = [each for each in answers["item"] if "item" not in each]
    flat += [each for group in groups for each in group["item"]]
    by_id = {each["linkId"]: each["answer"][0]["valueCoding"] for each in flat}
    spec = site.workspace.instrument("core_om")
    assert set(by_id) == {item.id for item in spec.items}
    for item in spec.items:
        assert by_id[item.id]["code"] == ("3" if item.reversed else "1")
    assert all(each["linkId"].startswith("section.") for each in groups)
    first = next(each for each in groups if each["item"][0]["linkId"] == "q1")
    assert {spec.item(each["linkId"]).section for each in first["item"]} == {spec.items[0].section}


def test_what_may_not_leave_stays_and_is_listed_without_saying_whose_it_is(site, tmp_path):
    items = {item.id: "" for item in site.workspace.instrument("poem").items}
    first = site.workspace.instrument("poem").items[0]
    poem = items | {first.id: str(first.scale.options[0].code), "rater": "service_user"}
    site.answers("core_10", **CORE_10, consent="0")
    site.answers("core_10", **CORE_10, completed_at="2026-03-03", consent="1")
    site.answers("poem", "position", **poem)
    site.answers("poem", "position", **poem, completed_at="2026-03-04", consent="1")
    returned = {"completed_at": "2026-03-05", "team": "North", **poem}
    returned.pop("rater")
    site.bring("poem", [returned], "position", anonymous=True)
    result = site.export(tmp_path / "out")
    left = result.exclusions.select("instrument", "reason", "detail").rows()
    assert left == [
        ("core_10", "no_consent", "not given"),
        ("poem", "no_consent", "not recorded"),
    ]
    text = (tmp_path / "out/exclusions.csv").read_text(encoding="utf-8")
    assert "R1" not in text
    times = [
        each["authored"][:10] for _, each in resources(tmp_path / "out")["QuestionnaireResponse"]
    ]
    assert sorted(times) == ["2026-03-03", "2026-03-04"]
    assert "2 assessments stay here: exclusions.csv says why." in result.summary


def test_an_assessment_of_which_no_sound_resource_can_be_made_is_left_out(
    site, tmp_path, monkeypatch
):
    site.answers("core_10", **CORE_10).answers("core_10", **CORE_10, completed_at="2026-04-01")
    site.answers("gad_7", **{f"q{n}": "1" for n in range(1, 8)})

    def strict(resource):
        return "item: no" if resource.get("authored", "").startswith("2026-04") else ""

    monkeypatch.setattr(exporter, "fault", strict)
    store = site.workspace.store
    store.connection.execute(
        "UPDATE assessment SET completed_at = 'long ago' WHERE instrument = 'gad_7'"
    )
    result = site.export(tmp_path / "out")
    rows = result.exclusions.select("instrument", "reason", "detail").rows()
    assert rows == [("core_10", "invalid", "item: no"), ("gad_7", "unreadable_time", None)]
    assert result.counts["QuestionnaireResponse"] == 1


def test_a_period_bounds_what_is_sent_and_must_be_made_of_days(site, tmp_path):
    for day in ("2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01"):
        site.answers("core_10", **CORE_10, completed_at=day)
    site.export(tmp_path / "out", **{"from": "2026-04-01", "to": "2026-04-30"})
    found = resources(tmp_path / "out")["QuestionnaireResponse"]
    assert [each["authored"] for _, each in found] == ["2026-04-01", "2026-04-30"]
    with pytest.raises(UsageError, match="2026-02-31 is not a day"):
        site.export(tmp_path / "other", to="2026-02-31")


def test_an_export_of_nothing_is_none(site, tmp_path):
    result = site.export(tmp_path / "out")
    assert result.files == ("exclusions.csv",)
    assert result.summary[0] == "Written: nothing."


def test_bundles_are_parted_between_assessments_and_the_same_every_time(
    site, tmp_path, monkeypatch
):
    monkeypatch.setattr(writing, "_IN_A_BUNDLE", 3)
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        site.answers("core_10", **CORE_10, completed_at=day)
    names = site.export(tmp_path / "out").files
    assert names == ("bundle_0001.json", "bundle_0002.json", "exclusions.csv")
    sizes = [len(json.loads((tmp_path / "out" / name).read_text())["entry"]) for name in names[:2]]
    assert sizes == [4, 2]
    site.export(tmp_path / "again")
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_lines_refer_to_resources_by_type_and_id(site, tmp_path):
    site.answers("core_10", **CORE_10).answers("gad_7", **{"score:total": "7"})
    site.export(tmp_path / "out", form="ndjson")
    lines = (tmp_path / "out/Observation.ndjson").read_text(encoding="utf-8").splitlines()
    answers = json.loads((tmp_path / "out/QuestionnaireResponse.ndjson").read_text())
    links = [json.loads(line).get("derivedFrom") for line in lines]
    assert links == [[{"reference": f"QuestionnaireResponse/{answers['id']}"}], None]


def test_a_referral_without_a_known_person_goes_without_one(site, sent, tmp_path):
    strange = response(basedOn=[{"display": "x"}, {"reference": "ServiceRequest/R8"}])
    assert sent(strange, mapping="unknown_referrals: create\n").codes == []
    site.export(tmp_path / "out")
    ((_, answers),) = resources(tmp_path / "out")["QuestionnaireResponse"]
    assert "subject" not in answers
    assert answers["source"] == {"type": "Patient", "display": "service_user"}


def test_a_corrected_assessment_is_amended_and_keeps_its_id(site, tmp_path):
    site.answers("core_10", **CORE_10)
    site.export(tmp_path / "first")
    site.bring(
        "core_10",
        [{"referral_id": "R1", "completed_at": "2026-03-02T10:15:00", **CORE_10, "q1": "4"}],
        "scored",
        corrections="accept",
    )
    site.export(tmp_path / "second")
    ((_, before),) = resources(tmp_path / "first")["QuestionnaireResponse"]
    ((_, after),) = resources(tmp_path / "second")["QuestionnaireResponse"]
    assert (before["status"], after["status"]) == ("completed", "amended")
    assert before["id"] == after["id"]
