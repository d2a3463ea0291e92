"""Whom a group holds for, by fields of the referral and the person."""

import polars as pl
import pytest

from romframe import FrameworkGroup, create_workspace, group_referrals
from romframe.frameworks.recorded import recorded_advice


def members(workspace, where, **more):
    group = FrameworkGroup("g", "A group", where, **{"good": ("maintained",), **more})
    return group_referrals(workspace, group, workspace.table("referral"))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, "R1 R2 R3 R4"),
        ({"team": "North"}, "R1 R2"),
        ({"pathway": "prevention"}, "R2"),
        ({"pathway": {"not": "prevention"}}, "R1 R3 R4"),
        ({"pathway": {"known": False}}, "R3"),
        ({"closed_on": {"known": True}}, "R1 R3"),
        ({"received_on": {"at_least": "2024-06-15"}}, "R4"),
        ({"closed_on": {"less_than": "2024-12-01"}}, "R3"),
        ({"gender": "2", "ethnic_category": ["A", "B"]}, "R1 R4"),
        ({"ethnic_category": {"not": ["A", "B"]}}, "R2 R3"),
    ],
)
def test_a_group_is_who_its_condition_holds_for(workspace, where, expected):
    assert members(workspace, where)["referral_id"].to_list() == expected.split()


def test_age_is_in_whole_years_when_the_referral_was_received(workspace):
    """P1 turns 34 on 15 June 2024: R1 came the day before, R4 on the day."""
    assert members(workspace, {"age": {"at_least": 34}})["referral_id"].to_list() == ["R4"]
    assert members(workspace, {"age": 33})["referral_id"].to_list() == ["R1"]
    assert members(workspace, {"age": {"less_than": 18}})["referral_id"].to_list() == ["R2"]


def test_a_detail_is_the_referrals_own_or_else_the_persons(workspace):
    found = members(workspace, {"details.language": ["en", "fr", "cy"]})
    assert found["referral_id"].to_list() == ["R2", "R4"]
    assert members(workspace, {"details.language": "cy"}).is_empty()
    assert members(workspace, {"details.parity": {"at_least": 1}})["referral_id"].to_list() == [
        "R2"
    ]
    assert members(workspace, {"details.nobodys": {"known": True}}).is_empty()


def test_who_is_kept_well_is_in_no_group_that_counts_improvement(workspace):
    counted = members(workspace, {}, good=("improved", "unchanged"))
    assert counted["referral_id"].to_list() == ["R1", "R3", "R4"]
    assert members(workspace, {"pathway": "prevention"}, good=("recovered",)).is_empty()


def test_conditions_on_what_no_record_says_are_warned_of(workspace, load, tmp_path):
    found = load(
        ("where: {pathway: {not: prevention}}", "where: {pathway: treatment, team: [North, Nort]}"),
        (
            "where: {pathway: prevention}",
            "where: {pathway: prevention, any: [{setting: {not: ward}}, {age: 7}], gender: '9'}",
        ),
        (
            "group: treated, anchor: referral",
            "anchor: referral, where: {details.parity: 7, details.postcode: {known: true}}",
        ),
    )
    told = [
        (each.place.line, each.place.column, each.what, each.mend)
        for each in recorded_advice(workspace, found)
    ]
    assert told == [
        (12, 33, "No stored record has team 'Nort'.", "Did you mean 'North'?"),
        (15, 75, "No stored record has gender '9'.", "Known: 2."),
        (15, 5, "No stored record has setting 'ward'.", "None is known."),
        (
            42,
            86,
            "No stored referral or person has 'details.postcode'.",
            "Correct its name, or let a mapping file keep it when records are imported.",
        ),
    ]
    empty = create_workspace(tmp_path / "empty", "Nobody yet")
    assert recorded_advice(empty, found) == []
    empty.store.close()


def test_any_frame_keeps_its_columns_and_its_order(workspace):
    group = FrameworkGroup("g", "A group", {"team": "South"})
    rows = pl.DataFrame({"n": [1, 2, 3, 4], "referral_id": ["R4", "R1", "R3", "R4"]})
    assert group_referrals(workspace, group, rows).to_dict(as_series=False) == {
        "n": [1, 3, 4],
        "referral_id": ["R4", "R3", "R4"],
    }
