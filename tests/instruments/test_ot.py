"""Occupational therapy: the worked examples of its dossier, and letters on their way."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from romframe_report.service import service_report

import romframe
from romframe import UsageError, create_workspace, import_file
from romframe.api import catalogue
from romframe.clock import now
from romframe.explain import explain_stored


SECTIONS = ("motivation", "pattern", "communication", "process", "motor", "environment")


def mohost(letters):
    """Give a form from six groups of four letters, in the order of the sections."""
    items = [item.id for item in catalogue().instrument("mohost").items]
    return dict(zip(items, letters.replace("/", ""), strict=True))


def scored(form, instrument, **options):
    tidy = romframe.score(pl.DataFrame([form]), instrument, **options)
    return dict(tidy.select(pl.col("score").cast(pl.String), "value").iter_rows())


FIRST = "AAIF/IIAR/FFAF/AAII/FFFA/AIAI"
LATER = "AFAF/AIAI/FFAF/AAAI/FFFA/AAAI"
MOHOST = {
    FIRST: ([12, 8, 15, 10, 15, 10], 70, 60),
    LATER: ([14, 10, 15, 11, 15, 11], 76, 65),
}


@pytest.mark.parametrize("letters", MOHOST)
def test_mohost_as_worked_in_its_dossier(letters):
    sections, total, person = MOHOST[letters]
    found = scored(mohost(letters), "mohost")
    assert [found[name] for name in SECTIONS] == sections
    assert (found["total"], found["person"]) == (total, person)


def test_the_order_of_mohost_items_within_a_section_changes_no_score():
    form = mohost(FIRST)
    swapped = {**form, "interest": form["choices"], "choices": form["interest"]}
    assert swapped != form
    assert scored(swapped, "mohost") == scored(form, "mohost")


def test_mohost_change_has_no_class_because_no_threshold_is_known():
    frame = pl.DataFrame({"first": [70.0], "last": [76.0]})
    with pytest.raises(UsageError, match="no default change rule"):
        romframe.classify(frame, "mohost", score="total")


def test_mohost_letters_survive_the_store_and_its_explanation(tmp_path):
    place = create_workspace(tmp_path / "w", "Fen", today=date(2026, 1, 31))
    form = mohost(FIRST)
    file = tmp_path / "mohost.csv"
    text = io.StringIO()
    fields = {"referral_id": "R1", "completed_at": "2025-03-01", "rater": "clinician"}
    writer = csv.DictWriter(text, [*fields, *form])
    writer.writeheader()
    writer.writerow(fields | form)
    file.write_text(text.getvalue())
    mapping = tmp_path / "map.yaml"
    mapping.write_text("instrument: mohost\nunknown_referrals: create\n")
    import_file(place, file, mapping=mapping, actor="tester", now=now())

    stored = place.responses("mohost").collect().row(0, named=True)
    options = place.instrument("mohost").items[0].scale.options
    letters = {option.value: option.code for option in options}
    assert len(letters) == 4
    assert {name: letters[stored[name]] for name in form} == form
    scores = dict(place.scores("mohost").select("score", "value").iter_rows())
    assert scores["total"] == 70
    told = explain_stored(place, 1)
    assert "expectation_of_success expectation of success: A (allows), which counts 3" in told
    assert "routine routine: I (inhibits), which counts 2" in told
    place.store.close()


def test_a_number_is_no_mohost_rating():
    form = mohost(FIRST) | {"routine": "4"}
    assert scored(form, "mohost")["total"] is None
    assert scored(form, "mohost")["motivation"] == 12


def osa(competence, values=()):
    form = {f"c{n}": None for n in range(1, 22)} | {f"v{n}": None for n in range(1, 22)}
    return form | {f"c{n}": each for n, each in competence.items()} | dict(values)


def test_osa_gaps_are_value_minus_competence():
    form = osa({14: 2, 7: 3}, {"v14": 4, "v7": 2})
    found = scored(form, "osa", scores=["gap_14", "gap_7", "gap_1"])
    assert found == {"gap_7": -1, "gap_14": 2, "gap_1": None}


COMPETENCE = dict.fromkeys(range(1, 22), 3) | dict.fromkeys((2, 5, 8, 11), 2) | {20: 1}


def test_osa_gives_a_raw_sum_and_no_straight_line_for_the_key_form():
    found = scored(osa(COMPETENCE), "osa", scores=["competence"])
    assert found == {"competence": 57}
    linear = (57 - 21) / (84 - 21) * 100
    spec = catalogue().instrument("osa")
    every = scored(osa(COMPETENCE), "osa", scores=[score.id for score in spec.scores])
    assert pytest.approx(linear, abs=0.1) not in [v for v in every.values() if v is not None]
    assert all(score.high != 100 for score in spec.scores)


def test_osa_and_ocairs_are_scored_only_when_asked_because_they_are_not_verified():
    for name in ("osa", "ocairs"):
        spec = catalogue().instrument(name)
        assert all(score.on_request for score in spec.scores)
        form = pl.DataFrame([{item.id: None for item in spec.items}])
        with pytest.raises(UsageError, match="no score"):
            romframe.score(form, name)


def test_ocairs_as_worked_in_its_dossier():
    items = [item.id for item in catalogue().instrument("ocairs").items]
    form = dict(zip(items, "AIIAAFIRIAAI", strict=True))
    tidy = romframe.score(pl.DataFrame([form]), "ocairs", scores=["total"])
    assert tidy.select("value", pl.col("evidence").cast(pl.String)).rows() == [(30, "unverified")]


def test_a_measure_that_is_scored_on_request_only_stops_nothing_in_a_workspace(tmp_path):
    place = create_workspace(tmp_path / "w", "Fen", today=date(2026, 1, 31))
    file, mapping = tmp_path / "osa.csv", tmp_path / "map.yaml"
    others = [f"{kind}{n}" for kind in "cv" for n in range(2, 22)]
    lines = [f"R1,2025-0{month}-01,{c},4,{'3,' * 39}3" for month, c in ((3, 2), (6, 3))]
    head = f"referral_id,completed_at,c1,v1,{','.join(others)}"
    file.write_text("\n".join([head, *lines]) + "\n")
    mapping.write_text("instrument: osa\nunknown_referrals: create\n")
    import_file(place, file, mapping=mapping, actor="tester", now=now())
    assert place.scores("osa").is_empty()
    assert place.changes("osa").is_empty()
    assert place.scores("osa").columns == place.scores("honos").columns
    page = service_report(place, date(2025, 1, 1), date(2025, 12, 31))
    assert "Occupational Self Assessment" not in page
    gaps = place.changes("osa", "gap_1").row(0, named=True)
    assert (gaps["first"], gaps["last"], gaps["change"]) == (2, 1, -1)
    place.store.close()
