import pytest
from romframe_report.rules import rule_lines, rule_text

from romframe.instruments.model import ChangeRule


JACOBSON = {"sd": 7.5, "reliability": 0.8, "z": 1.96}
NORMS = {
    "criterion": "c",
    "clinical_mean": 40,
    "clinical_sd": 7.5,
    "functional_mean": 60,
    "functional_sd": 7.5,
    "clinical": "at_most",
}


def _rule(**params):
    return ChangeRule("rule", "method", "source", params=params)


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (
            {"reliable": {"at_least": 6}},
            "A change of 6 points or more counts as reliable: more than measurement error.",
        ),
        (
            {"reliable": {"more_than": 5.5}},
            "A change of more than 5.5 points counts as reliable: more than measurement error.",
        ),
        (
            {"reliable": JACOBSON},
            (
                "A change of more than 9.30 points (from SD 7.5 and reliability 0.8) counts as"
                " reliable: more than measurement error."
            ),
        ),
        ({"important": {"at_least": 4}}, "A change of 4 points or more counts as important."),
        (
            {"improved": 50},
            "Better by 50% of the first score or more counts as improved.",
        ),
        (
            {"cut_off": {"value": 11, "clinical": "at_least"}},
            "A score of 11 or more is in the clinical range.",
        ),
        (
            {"cut_off": {"value": 25, "clinical": "less_than"}},
            "A score below 25 is in the clinical range.",
        ),
        (
            {"cut_off": NORMS},
            (
                "The clinical range begins at cut-off c of Jacobson and Truax, from published means"
                " and SDs."
            ),
        ),
        (
            {"cut_off": {"by": ["gender", "age"], "rows": [], "clinical": "at_least"}},
            "The clinical range depends on gender and age.",
        ),
        ({"high": {"at_least": 3}}, "A rating of 3 or more is high."),
    ],
)
def test_a_rule_is_said_in_words(params, sentence):
    assert rule_text(_rule(**params), None).sentences == (sentence,)


def test_a_rule_shows_its_constants_as_they_are():
    cut_off = {"by": ["gender"], "rows": [{"gender": "f", "value": 10}], "clinical": "at_least"}

    text = rule_text(_rule(reliable={"at_least": 8}, improved=50, cut_off=cut_off), None)

    assert text.constants == (
        "reliable: at_least 8; improved: 50;"
        " cut_off: by gender, rows gender f, value 10, clinical at_least"
    )


@pytest.mark.parametrize(
    ("params", "distance"),
    [
        ({"reliable": {"at_least": 6}}, 6),
        ({"important": {"more_than": 2}}, 2),
        ({"reliable": JACOBSON}, pytest.approx(9.2971, abs=5e-5)),
        ({"improved": 50}, None),
    ],
)
def test_the_band_is_as_wide_as_the_rule_says(service, params, distance):
    score = service.instrument("core_10").score("total")

    assert rule_lines(_rule(**params), score).reliable == distance


def test_cut_offs_are_lines_with_names(service):
    score = service.instrument("core_10").score("total")
    by_person = {
        "by": ["gender", "age"],
        "rows": [{"gender": "f", "value": 12.9}, {"gender": "m", "value": 11.9}],
    }

    assert rule_lines(_rule(cut_off={"value": 11}), score).cut_offs == (("cut-off 11", 11),)
    assert rule_lines(_rule(cut_off=NORMS), score).cut_offs == (("cut-off 50.0", 50),)
    assert rule_lines(_rule(cut_off=by_person), score).cut_offs == (
        ("cut-off 12.9 (f)", 12.9),
        ("cut-off 11.9 (m)", 11.9),
    )
    assert rule_lines(_rule(), score).cut_offs == ()
