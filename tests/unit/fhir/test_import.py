"""What other programs send: read where it is certain, set aside with a reason where it is not."""

import json

import pytest
from oracles.fhir_sites import NOW, response

from romframe import DataError


FORMS = "http://fhir.org/guides/argonaut/questionnaire/Questionnaire/questionnaire-example-"
SDC = "http://hl7.org/fhir/uv/sdc/Questionnaire/questionnaire-sdc-profile-example-PHQ9"
NOT_DONE = [{"url": "urn:not-done", "valueBoolean": True}]
NO_TEXT = {
    "url": "urn:romframe:assessment",
    "extension": [{"url": "consent", "valueInteger": 0}],
}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def coded(link_id, code, **more):
    return {"linkId": link_id, "answer": [{"valueCoding": {"code": code, **more}}]}


def answered(answer):
    """Give a response of which only the first item has an answer."""
    return response(item=[{"linkId": "q1", "answer": [answer]}])


def total(value=12, **facts):
    """Give an Observation of the total of PHQ-9, by its LOINC code."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]},
        "subject": {"reference": "Patient/P1"},
        "effectiveDateTime": "2026-03-02",
        "valueQuantity": {"value": value},
    } | facts


def ours(**parts):
    """Give our extension with parts that are texts."""
    listed = [{"url": name, "valueString": text} for name, text in parts.items()]
    return {"url": "urn:romframe:assessment", "extension": listed}


def nested(depth):
    """Give a response with a question inside a question inside a question."""
    item = {"linkId": "z"}
    for _ in range(depth):
        item = {"linkId": "z", "item": [item]}
    return response(item=[item])


def without(resource, *names):
    return {name: value for name, value in resource.items() if name not in names}


@pytest.mark.parametrize(
    ("resource", "code", "said"),
    [
        ("{not json", "fhir-json", "This is not JSON: Expecting property name"),
        ('{"a": NaN}', "fhir-json", "NaN is no number"),
        ("[" * 100_000, "fhir-json", "nested too deeply"),
        ("[]", "fhir-no-resource", "no FHIR resource"),
        (response() | {"item": [{"text": "x"}]}, "fhir-invalid", "linkId"),
        (response() | {"authored": "yesterday"}, "fhir-invalid", "authored"),
        (without(response(), "status"), "fhir-invalid", "status"),
        (response() | {"status": "in-progress"}, "fhir-status", "'in-progress'"),
        (response() | {"status": "entered-in-error"}, "fhir-status", "'entered-in-error'"),
        (response() | {"status": "stopped"}, "fhir-status", "'stopped'"),
        (without(response(), "authored"), "fhir-no-date", "when it was completed"),
        (response("core_99|1"), "fhir-form-unknown", "core_99|1"),
        (response() | {"questionnaire": SDC}, "fhir-form-unknown", SDC),
        (without(response(), "questionnaire"), "fhir-form-unknown", "''"),
        (response("core_10|1999"), "fhir-other-version", "core_10 1999 (there is 2007"),
        (response() | {"item": [coded("q11", "1")]}, "fhir-item-unknown", "'q11'"),
        (response() | {"item": [coded("q1", "1"), coded("q1", "1")]}, "fhir-item-twice", "'q1'"),
        (
            response() | {"item": [coded("q1", "1", system="http://loinc.org")]},
            "fhir-other-codes",
            "codes of 'http://loinc.org'",
        ),
        (
            response() | {"item": [{"linkId": "q1", "answer": [{"valueInteger": 1}] * 2}]},
            "fhir-several-answers",
            "'q1'",
        ),
        (answered({"valueReference": {"display": "x"}}), "fhir-answer-odd", "'q1'"),
        (answered({}), "fhir-answer-odd", "'q1'"),
        (answered({"valueString": None}), "fhir-answer-odd", "'q1'"),
        (answered({"valueCoding": {"display": "2"}}), "fhir-answer-odd", "'q1'"),
        (answered({"valueQuantity": {"unit": "1"}}), "fhir-answer-odd", "'q1'"),
        (
            answered({"valueQuantity": {"value": 2, "comparator": "<"}}),
            "fhir-answer-odd",
            "'q1'",
        ),
        (response() | {"item": [coded("q1", "7")]}, "answer-invalid", "'7' is not an answer to q1"),
        (without(response(), "item"), "answers-missing", "Every item is blank"),
        (
            response(basedOn=[{"reference": "ServiceRequest/R9"}]),
            "unknown-referral",
            "The referral 'R9' is not in the store.",
        ),
        (without(response(), "subject"), "fhir-no-referral", "nobody had none that day"),
        (response() | {"authored": "2026-01-01"}, "fhir-no-referral", "P1 had none that day"),
        (
            response(subject={"reference": "https://a.example/Patient/P2"}),
            "fhir-several-referrals",
            "P2 had several",
        ),
        (total(code={"text": "a"}), "fhir-score-unknown", "''"),
        (total(code={"coding": [{"code": "8480-6"}]}), "fhir-score-unknown", "'8480-6'"),
        (total(status="preliminary"), "fhir-status", "'preliminary'"),
        (without(total(), "effectiveDateTime"), "fhir-no-date", "when"),
        (without(total(), "valueQuantity"), "fhir-no-value", "no exact number"),
        (total(valueQuantity={"value": 12, "comparator": ">"}), "fhir-no-value", "no exact number"),
        (without(total(), "code"), "fhir-invalid", "code"),
        (nested(400), "fhir-invalid", "nested too deeply"),
        (r'["\ud800"]', "fhir-json", "surrogates not allowed"),
        (response(modifierExtension=NOT_DONE), "fhir-modified", "'urn:not-done'"),
        (total(modifierExtension=NOT_DONE), "fhir-modified", "'urn:not-done'"),
        (response(extension=[ours(q1="0")]), "fhir-part-unknown", "'q1'"),
        (response(extension=[ours(referral_id="R2")]), "fhir-part-unknown", "'referral_id'"),
        (response(extension=[ours(source_id="S")]), "fhir-part-unknown", "'source_id'"),
        (response(extension=[ours(goal_id="G1")]), "fhir-part-unknown", "'goal_id'"),
        (response(extension=[ours(team="A"), ours(team="B")]), "fhir-part-unknown", "'team'"),
        (response(extension=[NO_TEXT]), "fhir-part-unknown", "'consent'"),
        (total(extension=[ours(**{"score:total": "1"})]), "fhir-part-unknown", "score:total"),
        (total(99), "score-outside", "'99' is no score:total"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(sent, resource, code, said):
    result = sent(resource, response(authored="2026-05-05"))
    assert result.codes == [code]
    assert said in result.rejected["what"][0]
    assert result.stored["core_10"] == 1
    assert result.rejected["raw"][0]


def test_a_line_is_named_by_its_number_and_kept_as_it_came(sent):
    broken = '{"resourceType": "QuestionnaireResponse"'
    result = sent(response(), "", broken)
    assert result.rejected.select("row", "raw").rows() == [(3, broken)]


def test_files_of_a_folder_are_read_by_name_and_named_in_what_is_said(site, tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    lines = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:a"}]}
    (folder / "b.json").write_text(json.dumps(lines), encoding="utf-8")
    (folder / "a.json").write_text("\ufeff" + json.dumps([response(), 7]), encoding="utf-8")
    (folder / "note.txt").write_text("x", encoding="utf-8")
    result = site.take(folder)
    assert result.rejected["row"].to_list() == [2, 3]
    assert [what.partition(":")[0] for what in result.rejected["what"]] == ["a.json", "b.json"]
    assert result.stored["core_10"] == 1


def bundle(*entries):
    return {"resourceType": "Bundle", "type": "history", "entry": list(entries)}


def test_what_a_history_says_was_deleted_is_set_aside_with_its_earlier_versions(sent):
    base, gone = "https://a.example/QuestionnaireResponse", {"method": "DELETE"}
    result = sent(
        bundle(
            {"resource": response(id="Q1"), "request": gone},
            {"request": gone | {"url": "QuestionnaireResponse/Q2"}, "resource": {}},
            {"resource": response(id="Q2"), "request": {"method": "PUT"}},
            {"fullUrl": f"{base}/Q3", "request": gone},
            {"fullUrl": f"{base}/Q3", "resource": response(id="Q9")},
            {"resource": bundle({"resource": response()}), "request": gone},
            {"resource": response(id="Q4", authored="2026-05-05"), "request": "odd"},
            {"resource": total(derivedFrom=[{"reference": "QuestionnaireResponse/Q1"}])},
        )
    )
    assert result.codes == ["fhir-deleted"] * 6
    assert "deleted" in result.rejected["what"][0]
    assert result.stored == {"core_10": 1, "phq_9": 1, "fhir": 0}


def test_bundles_inside_bundles_lines_and_lists_are_read_like_the_outer_one(site, tmp_path):
    inner = bundle({"resource": response()}, {"resource": bundle({"resource": 7})}, 8)
    outer = bundle({"resource": response(authored="2026-05-05")}, {"resource": inner})
    path = tmp_path / "outer.json"
    path.write_text(json.dumps(outer), encoding="utf-8")
    result = site.take(path)
    assert result.rejected.select("row", "raw").rows() == [(2, "7"), (2, "8")]
    assert result.stored["core_10"] == 2
    assert result.outside.notices == ()


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("a.json", b'{\n "resourceType": ,', "fhir-file", 2),
        ("a.json", b"[" * 100_000, "fhir-file", 0),
        ("a.json", b"\xff\xfe", "fhir-file", 0),
        ("folder", None, "fhir-nothing", 0),
    ],
)
def test_a_file_that_is_not_json_at_all_is_refused_whole(site, tmp_path, name, text, code, line):
    path = tmp_path / name
    path.write_bytes(text) if text else path.mkdir()
    with pytest.raises(DataError) as told:
        site.take(path)
    (problem,) = told.value.problems
    assert (problem.code, problem.place.line) == (code, line)


def test_odd_shapes_are_no_reason_to_stop(sent):
    """A random search through such shapes found these."""
    result = sent(
        {"resourceType": "Encounter", "id": "E", "episodeOfCare": "x"},
        {"resourceType": "Encounter", "id": "E", "episodeOfCare": [7]},
        total(derivedFrom=5),
        total(derivedFrom=["x"]),
        response(item=None, extension=None, authored="2026-05-05"),
        response(source=None, basedOn=None),
    )
    assert result.codes == ["answers-missing", "fhir-invalid", "fhir-invalid"]
    assert result.stored["core_10"] == 1


def test_a_file_that_may_not_be_read_is_refused(site, tmp_path, monkeypatch):
    from romframe_fhir.records import reading

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading.Path, "read_text", refused)
    with pytest.raises(DataError, match="Permission denied"):
        reading.read_files(tmp_path / "a.json")


def test_the_library_is_asked_for_by_the_name_of_its_extra(sent, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fhir.resources", None)
    with pytest.raises(Exception, match=r"pip install 'romframe\[fhir\]'"):
        sent(response())


def test_answers_are_found_inside_groups_and_answers(sent, site):
    nested = [
        {"linkId": "g", "item": [coded("q1", "1"), {"linkId": "note", "text": "a heading"}]},
        {"linkId": "q2", "answer": [{"valueInteger": 2, "item": [coded("q3", "3")]}]},
        {"linkId": "q4", "answer": [{"item": [coded("q5", "2")]}]},
        {"linkId": "q6", "answer": [{"valueDecimal": 4.0}]},
        {"linkId": "q7", "answer": [{"extension": [{"url": ABSENT, "valueCode": "unknown"}]}]},
        {"linkId": "q8", "extension": [{"url": ABSENT, "valueCode": "masked"}, {"url": "u:x"}]},
        {"linkId": "total", "answer": [{"valueBoolean": True}]},
        {"linkId": "score_note", "text": "a heading"},
    ]
    assert sent(response(item=nested)).codes == []
    row = site.workspace.responses("core_10").collect().row(0, named=True)
    # q2 and q3 are turned: what is stored counts from the other end
    expected = {"q1": 1, "q2": 2, "q3": 1, "q4": None, "q5": 2, "q6": 4, "q7": None, "q8": None}
    assert {name: row[name] for name in expected} == expected
    assert json.loads(row["states"]) == {"q7": "not_known"}


@pytest.mark.parametrize(
    ("facts", "rater"),
    [
        ({}, "service_user"),
        ({"source": {"reference": "RelatedPerson/1"}}, "carer"),
        ({"source": {"type": "Practitioner", "display": "x"}}, "clinician"),
        ({"source": {"display": "x"}, "author": {"reference": "PractitionerRole/1"}}, "clinician"),
    ],
)
def test_who_answered_is_read_from_the_kind_of_person(sent, site, facts, rater):
    items = [{"linkId": "progress", "answer": [{"valueInteger": 3}]}]
    goal = {"extension": [ours(goal_id="G1"), {"url": "urn:theirs", "valueBoolean": True}]}
    assert sent(response("gbo", item=items, **goal, **facts)).codes == []
    assert site.workspace.assessments()["rater"].to_list() == [rater]


def test_the_referral_is_found_by_episode_contact_or_day(sent, site):
    contact = {"care_contact_id": "C7", "referral_id": "R3", "contact_on": "2026-03-02"}
    site.bring("care_contact", [contact])
    encounter = {
        "resourceType": "Encounter",
        "id": "E1",
        "episodeOfCare": [{"reference": "EpisodeOfCare/R2"}],
    }
    other = {"resourceType": "Encounter", "id": "E2"}
    person = {"subject": {"reference": "Patient/P2"}}
    result = sent(
        encounter,
        other,
        response(encounter={"reference": "Encounter/E1"}, authored="2026-03-02", **person),
        response(encounter={"reference": "Encounter/C7"}, authored="2026-03-03", **person),
        response(encounter={"reference": "Encounter/E2"}, authored="2026-01-20", **person),
        response(authored="2026-03-05"),
    )
    assert result.codes == []
    found = site.workspace.assessments().sort("completed_at")["referral_id"].to_list()
    assert found == ["R2", "R2", "R3", "R1"]
    assert result.outside.notices == ("Passed over: 2 Encounter.",)


def test_totals_of_one_assessment_are_one_row_and_those_of_answers_are_passed_over(sent, site):
    derived = [{"reference": "https://a.example/QuestionnaireResponse/Q1"}]
    other = [{"system": "urn:romframe:scores:phq_9", "version": "1999", "code": "core_symptoms"}]
    result = sent(
        response(id="Q1"),
        total(derivedFrom=derived),
        total(),
        total(1, code={"coding": other}),
        total(5, effectiveDateTime="2026-03-09", derivedFrom=[{"reference": "Observation/1"}]),
        without(total(), "valueQuantity") | {"valueInteger": 4, "effectiveDateTime": "2026-03-10"},
    )
    assert result.codes == []
    assert result.stored == {"core_10": 1, "phq_9": 3, "fhir": 0}
    reported = site.workspace.store.reported(site.workspace.instrument("phq_9"))
    rows = reported.sort("completed_at", "score").select("completed_at", "score", "value").rows()
    assert rows == [
        ("2026-03-02", "core_symptoms", 1.0),
        ("2026-03-02", "total", 12.0),
        ("2026-03-09", "total", 5.0),
        ("2026-03-10", "total", 4.0),
    ]
    assert result.outside.notices == ("Passed over: 1 Observation of answers that come with it.",)


def test_of_different_values_for_one_score_none_is_stored(sent, site):
    core = [{"system": "urn:romframe:scores:phq_9", "code": "core_symptoms"}]
    later = {"effectiveDateTime": "2026-03-09"}
    result = sent(
        *(total(12), total(12), total(30), total(1, code={"coding": core})),
        *(total(5, **later), total(5.0, **later), total(6, effectiveDateTime="2026-03-10")),
        *(total(7, effectiveDateTime="2026-03-10"), "[]"),
    )
    told = result.rejected.select("row", "code").rows()
    other = [(row, "fhir-other-value") for row in (1, 2, 3, 7, 8)]
    assert told == [*other, (9, "fhir-no-resource")]
    assert "different values: 12 and 30" in result.rejected["what"][0]
    reported = site.workspace.store.reported(site.workspace.instrument("phq_9"))
    rows = reported.select("completed_at", "score", "value").sort("completed_at").rows()
    assert rows == [("2026-03-02", "core_symptoms", 1.0), ("2026-03-09", "total", 5.0)]


def test_anonymous_returns_come_in_without_a_person(sent, site):
    spec = site.workspace.instrument("fft")
    item = spec.items[0]
    code = str(item.scale.options[0].code)
    form = response("fft", item=[coded(item.id, code)])
    odd = form | {"item": [coded("nothing", code)]}
    result = sent(form, odd)
    assert result.stored["fft"] == 1
    (returned,) = site.workspace.returns("fft").collect().to_dicts()
    assert returned["month"] == "2026-03"
    assert site.workspace.assessments().is_empty()
    assert result.codes == ["fhir-item-unknown"]
    assert "P1" not in result.rejected["raw"][0]


def test_a_dry_run_shows_no_anonymous_return(site, tmp_path):
    from romframe.incoming import read_outside
    from romframe.ingest import rehearse

    item = site.workspace.instrument("fft").items[0]
    form = response("fft", item=[coded(item.id, str(item.scale.options[0].code))])
    path = tmp_path / "a.json"
    path.write_text(json.dumps([form, response(authored="2026-04-01")]), encoding="utf-8")
    outside = read_outside(site.workspace, path, "fhir", actor="test", now=NOW)
    core, fft = rehearse(site.workspace, outside.parts)
    assert (fft.result.accepted, fft.examples.height) == (1, 0)
    assert core.examples["completed_at"].to_list() == ["2026-04-01"]
    assert site.workspace.used_instruments() == ()


def test_an_identified_return_of_a_measure_that_may_be_anonymous_stays_identified(sent, site):
    item = site.workspace.instrument("poem").items[0]
    form = response("poem", item=[coded(item.id, str(item.scale.options[0].code))])
    assert sent(form).stored["poem"] == 1
    assert site.workspace.returns("poem").collect().is_empty()


def phq_9(form, links, codes, **facts):
    """Give a response to another project's PHQ-9; `codes` are those of the answers, in order."""
    items = [coded(link, code) for link, code in zip(links, codes, strict=True)]
    group = [{"linkId": "g", "item": [*items, {"linkId": "heading"}]}]
    return response(questionnaire=form, item=group, **facts)


def test_public_questionnaires_are_read_by_a_mapping_of_their_names(sent, site, root):
    """The linkIds and codes are those of the public guides; the answers are made up."""
    words = ["Not-at-all", "Several-days", "More than half the days", "Nearly every day"]
    sdc = phq_9(SDC, [f"H1/T1/Q{n}" for n in range(1, 10)], [words[n % 4] for n in range(9)])
    sdc["item"].append({"linkId": "H1/TS", "answer": [{"valueQuantity": {"value": 13}}]})
    result = sent(sdc, mapping=root / "examples/importing/fhir_sdc_phq_9.yaml")
    assert result.codes == []
    row = site.workspace.responses("phq_9").collect().row(0, named=True)
    assert [row[f"q{n}"] for n in range(1, 10)] == [n % 4 for n in range(9)]
    assert row["timepoint"] == "session"


def test_responses_of_fhir_3_are_read_too(sent, site, root):
    folder = root / "examples/importing"
    old = without(response(), "questionnaire", "item") | {
        "questionnaire": {"reference": f"{FORMS}audit-c"},
        "context": {"reference": "Encounter/1"},
        "item": [coded("q1", "LA18926-8"), coded("q2", "LA15694-5"), coded("q3", "LA18876-5")],
    }
    assert sent(old, mapping=folder / "fhir_argonaut_audit_c.yaml").codes == []
    row = site.workspace.responses("audit_c").collect().row(0, named=True)
    assert [row["q1"], row["q2"], row["q3"]] == [1, 0, 2]
    again = without(old, "context") | {"authored": "2026-04-04"}
    assert sent(again, mapping=folder / "fhir_argonaut_audit_c.yaml").stored["audit_c"] == 1
    loinc = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
    new = phq_9(
        f"{FORMS}phq9", [f"g1.q{n}" for n in range(1, 10)], [loinc[n % 4] for n in range(9)]
    )
    result = sent(new, old, mapping=folder / "fhir_argonaut_phq_9.yaml")
    assert result.stored["phq_9"] == 1
    assert result.codes == ["fhir-form-unknown"]


MAPPING = """
instrument: core_10
coding: position
columns: {q1: "item:team", q2: b, q3: c, q4: d, q5: e, q6: f, q7: g, q8: h, q9: i, q10: j}
missing_codes: {"99": declined}
constants: {rater: service_user}
unknown_referrals: create
"""


def test_a_mapping_without_a_form_is_for_all_that_are_not_ours(sent, site):
    items = [coded("team", "1"), coded("b", "99"), coded("extra", "2")]
    absent = {"linkId": "c", "extension": [{"url": ABSENT, "valueCode": "not-applicable"}]}
    rest = [{"linkId": name} for name in "defghij"]
    theirs = response(questionnaire="http://a.example/Q|2", item=[*items, absent, *rest])
    ours = response(basedOn=[{"reference": "ServiceRequest/R77"}], authored="2026-04-01")
    result = sent(theirs, ours, mapping=MAPPING)
    assert result.codes == []
    assert set(site.workspace.assessments()["referral_id"]) == {"R1", "R77"}
    rows = site.workspace.responses("core_10").collect().sort("completed_at").to_dicts()
    assert rows[0]["q1"] == 1
    assert json.loads(rows[0]["states"]) == {"q2": "declined", "q3": "not_applicable"}


def test_a_mapping_of_other_records_is_refused(sent):
    with pytest.raises(DataError, match="the mapping is for referral"):
        sent(response(), mapping="kind: referral\n")


def test_a_mapping_says_that_returns_are_anonymous(sent, site):
    item, *others = site.workspace.instrument("poem").items
    rest = [{"linkId": each.id} for each in others]
    items = [coded(item.id, str(item.scale.options[0].code)), *rest]
    theirs = without(response(questionnaire="http://a.example/Q", item=items), "source")
    names = ", ".join(f"{each['linkId']}: {each['linkId']}" for each in items)
    said = f"instrument: poem\ncoding: position\nanonymous: true\ncolumns: {{{names}}}\n"
    result = sent(theirs, theirs | {"status": "in-progress"}, mapping=said)
    assert result.stored["poem"] == 1
    assert site.workspace.returns("poem").collect()["month"].to_list() == ["2026-03"]
    assert result.codes == ["fhir-status"]
    assert "P1" not in result.rejected["raw"][0]
