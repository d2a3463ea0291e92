from datetime import date

import polars as pl
from attrs import evolve
from romframe_report.measures import instruments_in_use
from romframe_report.outcomes import kept_well_outcomes, outcomes

from romframe import Window


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))


def _only_score(service):
    (used,) = instruments_in_use(service, WINDOW)
    (measured,) = used.scores
    return measured


def _counts(found):
    return {row.name: row.share.count for row in found.rows}


def test_pairs_are_counted_by_class_best_first(service):
    service.several(3, 20, 8)
    service.several(2, 30, 20)
    service.several(4, 20, 19)
    service.several(1, 8, 20)
    measured = _only_score(service)

    found = outcomes(measured.pairs, measured.rule, measured.key)

    assert _counts(found) == {
        "recovered": 3,
        "improved": 2,
        "unchanged": 4,
        "deteriorated": 0,
        "harmed": 1,
    }
    assert found.together("recovered", "improved").value == 0.5
    assert {row.share.of for row in found.rows} == {10}


def test_people_to_be_kept_well_are_in_no_improvement_denominator(service):
    service.several(2, 20, 8)
    service.several(5, 6, 6, pathway="prevention")
    service.several(1, 6, 20, pathway="prevention")
    service.several(1, 18, 6, pathway="prevention")
    measured = _only_score(service)

    treated = outcomes(measured.pairs, measured.rule, measured.key)
    kept_well = kept_well_outcomes(measured.kept_well, measured.key)

    assert (treated.pairs, treated.classified) == (2, 2)
    assert _counts(kept_well) == {"maintained": 6, "relapsed": 1}
    assert set(measured.paired_referrals) == {f"R{n}" for n in range(9)}


def test_an_unknown_pathway_counts_as_treatment(service):
    service.several(2, 20, 8, pathway=None)

    assert _only_score(service).pairs.height == 2


def test_classes_that_need_a_cut_off_are_listed_only_where_there_is_one(service):
    service.several(1, 20, 8, instrument="honos")
    measured = _only_score(service)

    assert list(_counts(outcomes(measured.pairs, measured.rule, measured.key))) == [
        "improved",
        "unchanged",
        "deteriorated",
    ]


def test_a_pair_that_the_rule_cannot_judge_is_in_no_share(service):
    service.several(3, 20, 8)
    measured = _only_score(service)
    unknown = measured.pairs.with_columns(pl.Series("class", ["improved", "not_classified", None]))

    found = outcomes(unknown, evolve(measured.rule, params={}), "key")

    assert (found.pairs, found.classified, found.not_classified) == (3, 1, 2)
    assert found.together("improved").value == 1


def test_only_instruments_that_were_tried_are_reported(service):
    service.refer("R1")
    service.tried("R1", "honos", "declined")
    service.tried("R1", "core_10", superseded_by="7")

    (used,) = instruments_in_use(service, WINDOW)

    assert used.instrument.id == "honos"
    assert used.assessed.is_empty()


def test_an_instrument_that_must_have_no_totals_is_left_out(service):
    service.several(1, 20, 8)
    service.change("core_10", totals="forbidden")

    assert instruments_in_use(service, WINDOW) == ()


def test_improvement_is_turned_also_where_no_rule_judged(service):
    service.several(1, 20, 8, instrument="honos", score="social")
    measured = _only_score(service)

    assert measured.rule is None
    assert measured.source is None
    assert measured.pairs["improvement"].to_list() == [12]
