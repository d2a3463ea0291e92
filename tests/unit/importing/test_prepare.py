"""From a file's rows to rows for the store: nothing invented, nothing lost."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from romframe.errors import DataError, UsageError
from romframe.importing.mapping import Mapping, parse_mapping
from romframe.importing.prepare import prepare
from romframe.importing.prepared import Prepared
from romframe.instruments.model import Instrument


Import = Callable[..., Prepared]

HEAD = "referral_id,completed_at,timepoint,rater,q1,q2,q3,q4\n"


def rows(*lines: str) -> str:
    return HEAD + "".join(f"{line}\n" for line in lines)


def answers(found: Prepared) -> list[tuple[object, ...]]:
    return found.accepted.select("q1", "q2", "q3", "q4", "states").rows()


def test_a_row_becomes_an_assessment(imported: Import) -> None:
    found = imported(rows(" R1 ,2024-03-01T09:30,review,clinician, 2 ,3.0,7.5,B"))
    assert found.accepted.to_dicts() == [
        {
            "row": 1,
            "row_key": "mood|R1|2024-03-01T09:30:00|clinician",
            "content_digest": "R1|2024-03-01T09:30:00|review|clinician"
            "|||||||||completed||2|3|15|B|",
            "referral_id": "R1",
            "completed_at": "2024-03-01T09:30:00",
            "timepoint": "review",
            "rater": "clinician",
            "rater_kind": None,
            "setting": None,
            "team": None,
            "care_professional_id": None,
            "care_activity_id": None,
            "consent": None,
            "purpose": None,
            "source_id": None,
            "outcome": "completed",
            "outcome_reason": None,
            "q1": 2,
            "q2": 3,
            "q3": 7.5,
            "q4": "B",
            "states": None,
        }
    ]
    assert (found.read, found.rejected.height, found.warnings.height) == (1, 0, 0)


def test_a_blank_stays_a_blank(imported: Import) -> None:
    found = imported(rows("R1,2024-03-01,,clinician,0,, ,"))
    assert answers(found) == [(0, None, None, None, None)]


def test_every_row_is_accepted_rejected_or_a_repetition(imported: Import) -> None:
    good = "R1,2024-03-01,review,clinician,0,1,2,A"
    found = imported(rows(good, "R2,2024-03-01,review,clinician,0,9,2,A", good, good))
    assert (found.accepted.height, found.rejected.height, found.unchanged) == (1, 1, 2)
    assert found.read == 4
    assert found.accepted["row"].to_list() == [1]


def test_a_rejected_row_is_kept_as_it_was(imported: Import) -> None:
    found = imported("note," + rows("é,R1,2024-03-01,,clinician,0, 9 ,,B"))
    (rejected,) = found.rejected.to_dicts()
    assert json.loads(rejected["raw"]) == {
        "note": "é",
        "referral_id": "R1",
        "completed_at": "2024-03-01",
        "timepoint": None,
        "rater": "clinician",
        "q1": "0",
        "q2": " 9 ",
        "q3": None,
        "q4": "B",
    }


def test_a_rejected_row_can_be_mended_and_brought_again(
    imported: Import, mood: Instrument, today: date
) -> None:
    found = imported(rows("R1,2024-03-01,,clinician,0,9,,B"))
    raw = json.loads(found.rejected["raw"][0]) | {"q2": "3"}
    again = prepare(pl.DataFrame([raw]), mood, Mapping(), today=today)
    assert answers(again) == [(0, 3, None, "B", None)]


def test_columns_that_nobody_reads_are_named(imported: Import) -> None:
    found = imported("sex,age," + rows("F,30,R1,2024-03-01,,clinician,0,1,2,A"))
    assert found.warnings.to_dicts() == [
        {
            "row": 0,
            "code": "columns-unused",
            "column": "",
            "what": "Nothing is read from these columns: sex, age.",
            "mend": "Name them under `columns` in the mapping file if they are wanted.",
        }
    ]


def test_an_answer_that_another_asks_for_is_remarked_on(imported: Import) -> None:
    found = imported(
        rows(
            "R1,2024-03-01,,clinician,0,2,2,",
            "R2,2024-03-01,,clinician,0,1,2,",
            "R3,2024-03-01,,clinician,0,3,2,C",
            "R4,2024-03-01,,clinician,9,3,2,",
        )
    )
    assert found.accepted["row"].to_list() == [1, 2, 3]
    assert found.warnings.select("row", "code", "column").rows() == [(1, "answer-wanted", "q4")]


def test_an_item_that_need_not_be_answered_needs_no_column(imported: Import) -> None:
    found = imported("referral_id,completed_at,rater,q1,q2,q3\nR1,2024-03-01,clinician,0,2,1\n")
    assert answers(found) == [(0, 2, 1.0, None, None)]
    assert found.warnings.select("column").rows() == [("q4",)]


def test_declined_and_missed_assessments_are_kept_without_answers(imported: Import) -> None:
    found = imported(
        "referral_id,completed_at,rater,q1,q2,q3,q4,outcome,outcome_reason\n"
        "R1,2024-03-01,clinician,,,,,declined,too tired\n"
        "R2,2024-03-01,clinician,,,,,missed,\n"
        "R3,2024-03-01,clinician,1,1,1,A,,\n"
    )
    assert found.accepted.select("outcome", "outcome_reason").rows() == [
        ("declined", "too tired"),
        ("missed", None),
        ("completed", None),
    ]


NHANES = """
instrument: local_phq
columns: {referral_id: SEQN, q1: DPQ010, q2: DPQ020, q3: DPQ030, difficulty: DPQ100}
constants: {completed_at: 2018-01-01, timepoint: assessment}
missing_codes: {7: declined, 9: not_known}
unknown_referrals: create
"""

LOCAL_PHQ = """
romframe: 1
id: local_phq
version: "1"
name: Local
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales:
  days: {codes: {0: none, 1: some, 2: many, 3: all}}
items:
  - {id: q1, label: one, scale: days}
  - {id: q2, label: two, scale: days}
  - {id: q3, label: three, scale: days}
  - {id: difficulty, label: difficulty, scale: days, scored: false, required: false}
scores:
  - {id: total, name: Total, method: sum, items: all, range: [0, 9], better: lower, source: us}
sources:
  us: {cite: made up for these tests, status: local}
"""

SURVEY = """SEQN,sex,DPQ010,DPQ020,DPQ030,DPQ100
93705,F,0,3,1,0
93706,M,7,0,9,
93707,F,7,7,7,7
93708,F,,2,,
93709,F,,,,
93710,M,0,8,0,0
"""


@pytest.mark.parametrize("decimals", [False, True])
def test_refusals_and_do_not_knows_are_states_of_their_own(
    imported: Import, spec: Callable[[str], Instrument], decimals: bool
) -> None:
    text = SURVEY
    for code in "7890" if decimals else "":
        text = text.replace(f",{code}", f",{code}.0")
    found = imported(text, NHANES, spec(LOCAL_PHQ))
    kept = found.accepted.select("referral_id", "q1", "q2", "q3", "difficulty", "states").rows()
    assert kept[0] == ("93705", 0, 3, 1, 0, None)
    assert kept[1][:5] == ("93706", None, 0, None, None)
    assert json.loads(kept[1][5]) == {"q1": "declined", "q3": "not_known"}
    assert json.loads(kept[2][5]) == dict.fromkeys(("q1", "q2", "q3", "difficulty"), "declined")
    assert kept[3] == ("93708", None, 2, None, None, None)
    assert found.accepted["completed_at"].unique().to_list() == ["2018-01-01"]
    assert found.accepted["rater"].unique().to_list() == ["service_user"]
    assert found.rejected.select("row", "code", "column").rows() == [
        (5, "answers-missing", ""),
        (6, "answer-invalid", "DPQ020"),
    ]


def test_a_missing_code_can_stand_for_a_plain_blank(imported: Import) -> None:
    found = imported(
        rows("R1,2024-03-01,,clinician,0,-99,,A"), "instrument: mood\nmissing_codes: {-99: blank}\n"
    )
    assert answers(found) == [(0, None, None, "A", None)]


def test_an_item_that_the_file_does_not_have_is_blank_beside_missing_codes(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    text = SURVEY.replace("DPQ100", "other")
    mapping = NHANES.replace(", difficulty: DPQ100", "")
    found = imported(text, mapping, spec(LOCAL_PHQ))
    assert found.accepted["difficulty"].to_list() == [None] * found.accepted.height
    assert "difficulty" not in (found.accepted["states"][2] or "")


def test_the_scales_own_missing_codes_are_states_too(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    own = LOCAL_PHQ.replace("3: all}", "3: all}, missing: {8: not_applicable, 9: not_known}")
    found = imported("referral_id,completed_at,q1,q2,q3\nR1,2024-03-01,8,9,1\n", "", spec(own))
    states = json.loads(found.accepted["states"][0])
    assert states == {"q1": "not_applicable", "q2": "not_known"}


CODES = """
instrument: mood
columns: {rater: who}
codes:
  rater: {1: clinician, 2: service_user}
  q1: {1: 0, 2: 1, 3: 2, 4: 3}
  q4: {one: A, two: B}
missing_codes: {x: declined}
"""


def test_codes_are_turned_into_ours_and_unlisted_ones_refused(imported: Import) -> None:
    head = "referral_id,completed_at,who,q1,q2,q3,q4\n"
    found = imported(
        head
        + "R1,2024-03-01,1,4,1,1,one\n"
        + "R2,2024-03-01,2.0,1.0,1,1,\n"
        + "R3,2024-03-01,1,0,1,1,one\n"
        + "R4,2024-03-01,clinician,1,1,1,A\n"
        + "R5,2024-03-01,,1,1,1,two\n"
        + "R6,2024-03-01,1,x,1,1,two\n",
        CODES,
    )
    assert found.accepted.select("row", "rater", "q1", "q4").rows() == [
        (1, "clinician", 3, "A"),
        (2, "service_user", 0, None),
        (6, "clinician", None, "B"),
    ]
    assert found.accepted["states"].to_list() == [None, None, '{"q1": "declined"}']
    assert found.rejected.select("row", "code", "column").rows() == [
        (3, "code-unlisted", "q1"),
        (4, "code-unlisted", "who"),
        (5, "value-missing", "who"),
    ]
    assert "The row has more faults, in: q4." in found.rejected["what"][1]


TURNED = LOCAL_PHQ.replace(
    "{id: q2, label: two, scale: days}", "{id: q2, label: two, scale: days, reversed: true}"
)


def test_box_positions_of_turned_items_become_scored_values(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    text = "referral_id,completed_at,q1,q2,q3\nR1,2024-03-01,0,0,1\n"
    turned = spec(TURNED)
    for found in (
        imported(text, "coding: position\n", turned),
        imported(text, "", turned, coding="position"),
    ):
        assert found.accepted.select("q1", "q2", "q3").rows() == [(0, 3, 1)]
    found = imported(text, "coding: scored\n", turned)
    assert found.accepted.select("q1", "q2", "q3").rows() == [(0, 0, 1)]


def test_the_coding_of_turned_items_is_never_guessed(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    text = "referral_id,completed_at,q1,q2,q3\nR1,2024-03-01,0,0,1\n"
    with pytest.raises(UsageError, match="coding-needed"):
        imported(text, "", spec(TURNED))
    with pytest.raises(UsageError, match="coding-conflict"):
        imported(text, "coding: scored\n", spec(TURNED), coding="position")


@pytest.mark.parametrize(
    ("scale", "codes", "cells"),
    [
        ("days: {codes: {0: none, 1: some, 2: many, 3: all}}", "[0]", ["0", "1"]),
        ("days: {range: [0, 3]}", "[0]", ["0", "1"]),
        (
            "days: {codes: {F: {label: f, value: 0}, A: {label: a, value: 3}}}",
            "[F]",
            ["F", "A"],
        ),
    ],
)
def test_conditions_hold_for_the_code_whatever_its_value(
    imported: Import,
    spec: Callable[[str], Instrument],
    scale: str,
    codes: str,
    cells: list[str],
) -> None:
    asked = f"required_when: {{item: q2, codes: {codes}}}"
    text = TURNED.replace("days: {codes: {0: none, 1: some, 2: many, 3: all}}", scale)
    text = text.replace("scored: false, required: false", f"scored: false, {asked}")
    lines = "".join(f"R{cell},2024-03-01,{cells[1]},{cell},{cells[1]}\n" for cell in cells)
    found = imported(
        "referral_id,completed_at,q1,q2,q3\n" + lines, "coding: position\n", spec(text)
    )
    assert found.accepted.height == 2
    assert found.warnings.select("row", "code").rows() == [(1, "answer-wanted")]


def test_conditions_on_unscored_answers_hold_for_the_code(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    scale = "  kinds: {codes: {1: one, 2: two}, scored: false}\n"
    item = "  - {id: sort, label: sort, scale: kinds, scored: false}\n"
    text = LOCAL_PHQ.replace("\nitems:\n", f"\n{scale}items:\n{item}")
    text = text.replace("required: false", "required_when: {item: sort, codes: [2]}")
    head = "referral_id,completed_at,sort,q1,q2,q3\n"
    found = imported(head + "R1,2024-03-01,1,0,0,0\nR2,2024-03-01,2,0,0,0\n", "", spec(text))
    assert found.warnings.select("row", "code").rows() == [(2, "answer-wanted")]


def test_a_typed_frame_gives_the_same_as_its_text(
    imported: Import, mood: Instrument, today: date
) -> None:
    moments = pl.Series(["2024-03-01 09:30", "2024-03-02 00:00"]).str.to_datetime("%Y-%m-%d %H:%M")
    typed = pl.DataFrame(
        {
            "referral_id": [1.0, 2.0],
            "completed_at": moments,
            "timepoint": pl.Series(["review", None], dtype=pl.Categorical),
            "rater": ["clinician", "clinician"],
            "q1": pl.Series([2, None], dtype=pl.Int64),
            "q2": [3.0, None],
            "q3": [7.5, 1],
            "q4": ["B", None],
        }
    )
    text = imported(
        rows(
            "1,2024-03-01 09:30:00.000,review,clinician,2,3,7.5,B",
            "2,2024-03-02T00:00:00,,clinician,,,1,",
        )
    )
    found = prepare(typed, mood, Mapping(date_format="%d/%m/%Y"), today=today)
    assert found.accepted.equals(text.accepted)
    assert prepare(typed.lazy(), mood, Mapping(), today=today).accepted.equals(text.accepted)


def test_typed_rows_that_are_rejected_are_kept_as_json(mood: Instrument, today: date) -> None:
    typed = pl.DataFrame(
        {
            "referral_id": [1],
            "completed_at": [date(2024, 3, 1)],
            "rater": ["clinician"],
            "q1": [5],
            "q2": [None],
            "q3": [0.5],
        }
    )
    found = prepare(typed, mood, Mapping(), today=today)
    assert json.loads(found.rejected["raw"][0]) == {
        "referral_id": 1,
        "completed_at": "2024-03-01",
        "rater": "clinician",
        "q1": 5,
        "q2": None,
        "q3": 0.5,
    }


def test_the_order_of_rows_changes_nothing(imported: Import, mood: Instrument, today: date) -> None:
    lines = [f"R{n},2024-03-{n % 28 + 1:02},review,clinician,{n % 5},1,2,A" for n in range(60)]
    found = imported(rows(*lines))
    turned = imported(rows(*reversed(lines)))
    assert (
        found.accepted.drop("row")
        .sort("row_key")
        .equals(turned.accepted.drop("row").sort("row_key"))
    )
    assert sorted(found.rejected["raw"]) == sorted(turned.rejected["raw"])


def test_a_source_id_identifies_an_assessment(imported: Import) -> None:
    found = imported(
        "source_id,"
        + rows("7|8%,R1,2024-03-01,,clinician,0,1,2,A", ",R1,2024-03-01,,clinician,1,1,2,A")
    )
    assert found.accepted["row_key"].to_list() == [
        "mood|source|7%7C8%25",
        "mood|R1|2024-03-01|clinician",
    ]


def test_texts_that_only_look_alike_when_joined_are_told_apart(imported: Import) -> None:
    head = "team,setting,referral_id,completed_at,rater,q1,q2,q3\n"
    one = imported(head + "b|,a,R1,2024-03-01,clinician,1,1,1\n").accepted["content_digest"][0]
    two = imported(head + "b,a|,R1,2024-03-01,clinician,1,1,1\n").accepted["content_digest"][0]
    assert one != two


def test_keys_and_digests_are_the_same_in_every_process() -> None:
    script = (
        "from datetime import date\nimport polars as pl\n"
        "from romframe.importing.kinds import RECORD_KINDS\n"
        "from romframe.importing.mapping import Mapping\n"
        "from romframe.importing.prepare import prepare\n"
        "row = {'referral_id': ['R1'], 'kind': ['a|b'], 'happened_on': ['2024-01-02']}\n"
        "frame, event = pl.DataFrame(row), RECORD_KINDS['event']\n"
        "found = prepare(frame, event, Mapping(), today=date(2024, 2, 1))\n"
        "print(found.accepted.select('row_key', 'content_digest').row(0))\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {"('event|R1|a%7Cb|2024-01-02', 'R1|a%7Cb|2024-01-02|')\n"}


REPEATING = LOCAL_PHQ.replace("scores:", "repeats: {by: goal_id}\nscores:")


def test_rows_that_repeat_are_told_apart_by_their_identity(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    found = imported(
        "referral_id,completed_at,goal_id,source_id,q1,q2,q3\n"
        "R1,2024-03-01,sleep,,0,0,0\nR1,2024-03-01,walk,S9,0,0,1\n",
        "",
        spec(REPEATING),
    )
    assert found.accepted.select("goal_id", "row_key").rows() == [
        ("sleep", "local_phq|R1|2024-03-01|service_user|sleep"),
        ("walk", "local_phq|source|S9|walk"),
    ]


def test_free_text_answers_are_kept_as_they_are(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    text = LOCAL_PHQ.replace("\nitems:\n", "\n  words: {kind: text}\nitems:\n").replace(
        "label: difficulty, scale: days", "label: difficulty, scale: words"
    )
    head = "referral_id,completed_at,q1,q2,q3,difficulty\n"
    found = imported(head + "R1,2024-03-01,0,0,0,a|b 2.0\n", "", spec(text))
    assert found.accepted["difficulty"].to_list() == ["a|b 2.0"]
    assert found.accepted["content_digest"][0].endswith("|0|0|0|a%7Cb 2.0|")


ANONYMOUS = "instrument: mood\nanonymous: true\ncolumns: {completed_at: when}\n"
RETURNS = "name,referral_id,when,team,q1,q2,q3,q4\n"


def test_anonymous_returns_keep_a_month_and_no_person(
    imported: Import, anonymous_mood: Instrument
) -> None:
    found = imported(RETURNS + "Ann,R1,2024-03-17,North,0,1,2,A\n", ANONYMOUS, anonymous_mood)
    assert found.accepted.to_dicts() == [
        {
            "row": 1,
            "month": "2024-03",
            "team": "North",
            "q1": 0,
            "q2": 1,
            "q3": 2.0,
            "q4": "A",
            "states": None,
        }
    ]
    (warning,) = found.warnings.to_dicts()
    assert warning["code"] == "columns-unused"
    assert "name, referral_id" in warning["what"]


def test_equal_anonymous_returns_are_different_people(
    imported: Import, anonymous_mood: Instrument
) -> None:
    found = imported(RETURNS + "A,R1,2024-03,N,0,1,2,A\n" * 2, ANONYMOUS, anonymous_mood)
    assert (found.accepted.height, found.unchanged) == (2, 0)


def test_rejected_anonymous_returns_keep_no_person_and_no_day(
    imported: Import, anonymous_mood: Instrument
) -> None:
    found = imported(
        RETURNS
        + "Ann,R1,2024-03-17,North,9,1,2,A\n"
        + "Eve,R2,31/03/2024,North,0,1,2,A\n"
        + "Ida,R3,2031-03-17,North,0,1,2,A\n"
        + "Una,R4,2024-03-18,North,,,,\n",
        ANONYMOUS,
        anonymous_mood,
    )
    assert found.rejected["code"].to_list() == [
        "answer-invalid",
        "date-unreadable",
        "date-future",
        "answers-missing",
    ]
    raw = [json.loads(text) for text in found.rejected["raw"]]
    assert raw[0] == {
        "when": "2024-03",
        "team": "North",
        "q1": "9",
        "q2": "1",
        "q3": "2",
        "q4": "A",
    }
    assert raw[1]["when"] is None
    everything = found.rejected.write_json()
    assert not any(word in everything for word in ("Ann", "R1", "-17", "31/03", "-18"))


def test_an_anonymous_return_may_have_a_constant_month(
    imported: Import, anonymous_mood: Instrument
) -> None:
    mapping = "anonymous: true\nconstants: {completed_at: 2024-03-31}\n"
    found = imported("q1,q2,q3,q4\n0,1,2,A\n9,1,2,A\n", mapping, anonymous_mood)
    assert found.accepted["month"].to_list() == ["2024-03"]
    assert json.loads(found.rejected["raw"][0]) == {"q1": "9", "q2": "1", "q3": "2", "q4": "A"}


@pytest.mark.parametrize("section", ["columns", "constants"])
def test_who_returned_it_anonymously_must_not_be_read(
    imported: Import, anonymous_mood: Instrument, section: str
) -> None:
    mapping = ANONYMOUS + "constants: {referral_id: R1}\n"
    if section == "columns":
        mapping = ANONYMOUS.replace("{completed_at", "{referral_id: referral_id, completed_at")
    with pytest.raises(DataError) as raised:
        imported(RETURNS + "Ann,R1,2024-03-17,North,0,1,2,A\n", mapping, anonymous_mood)
    assert [problem.code for problem in raised.value.problems] == ["anonymous-column"]


def test_an_anonymous_instrument_needs_no_word_in_the_mapping(
    imported: Import, spec: Callable[[str], Instrument]
) -> None:
    anonymous = spec(LOCAL_PHQ + "storage: anonymous\n")
    found = imported("completed_at,q1,q2,q3\n2024-03-17,0,1,2\n", "", anonymous)
    assert found.accepted["month"].to_list() == ["2024-03"]


def test_every_problem_of_columns_is_said_at_once(imported: Import) -> None:
    mapping = "columns: {q1: Q1, q9: Q9}\nconstants: {rater: nobody}\n"
    with pytest.raises(DataError) as raised:
        imported("referral_id,q2,q3\nR1,0,0\n", mapping)
    assert sorted(problem.code for problem in raised.value.problems) == [
        "column-missing",
        "column-unknown",
        "constant-wrong",
        "name-unknown",
    ]


def test_problems_without_a_mapping_file_name_no_place(mood: Instrument, today: date) -> None:
    frame = pl.DataFrame({"referral_id": ["R1"]})
    with pytest.raises(DataError) as raised:
        prepare(frame, mood, Mapping(columns={"q1": "Q1"}), today=today)
    assert {problem.place.line for problem in raised.value.problems} == {0}


def test_a_mapping_says_how_its_source_writes(imported: Import) -> None:
    mapping = parse_mapping(NHANES + 'corrections: accept\ndelimiter: "\\t"\n', "m.yaml")
    assert (mapping.unknown_referrals, mapping.corrections) == ("create", "accept")
    assert mapping.delimiter == "\t"
    assert parse_mapping("codes: {q1: {1.0: 2.0}}", "m.yaml").codes == {"q1": {"1": "2"}}


def test_a_mapping_may_say_what_a_form_is_on_which_nothing_was_answered(imported: Import) -> None:
    text = rows("R1,2024-03-01,,clinician,,,,", "R2,2024-03-01,,clinician,0,,,")
    found = imported(text, "instrument: mood\nblank_forms: missed\n")
    assert found.accepted.select("referral_id", "outcome").rows() == [
        ("R1", "missed"),
        ("R2", "completed"),
    ]
    assert imported(text).rejected["code"].to_list() == ["answers-missing"]
