"""What has been released is kept in a file, without any hidden count."""

import json
from datetime import date

import pytest
from attrs import evolve
from unit.disclosure.made import line

from romframe.disclosure import (
    SERVICE,
    Release,
    append_releases,
    protect,
    read_releases,
    report_policy,
    shown_table,
)
from romframe.errors import DataError, UsageError


DAY = date(2026, 7, 6)
JUNE = date(2026, 6, 1), date(2026, 6, 30)


def release(*parts, team=None):
    return Release(protect(line(*parts), SERVICE), DAY, *JUNE, team)


def _release(cell, day="2026-06-01"):
    days = f'"released_on": "2026-07-06", "from": "{day}", "to": "2026-06-30", "team": null'
    return f'{{"table": "line", {days}, "policy": "service", "cells": {{"a": {cell}}}}}'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "releases.jsonl"


def test_nothing_has_been_released_where_there_is_no_file(file):
    assert read_releases(file) == []


def test_releases_are_read_back_in_their_order(file):
    releases = [release(3, 7, 20), release(9, 9, team="North")]
    for each in releases:
        append_releases(file, [each])

    assert read_releases(file) == releases


def test_what_is_released_twice_on_a_day_is_noted_once(file):
    append_releases(file, [release(3, 7)])
    before = file.read_bytes()

    append_releases(file, [release(3, 7)])

    assert file.read_bytes() == before
    append_releases(file, [release(3, 8), evolve(release(3, 7), released_on=date(2026, 7, 7))])
    assert len(read_releases(file)) == 3


def test_a_line_of_the_file_ends_only_where_a_release_does(file):
    odd = release(9, 9, team="line\N{LINE SEPARATOR}and\x85paragraph\N{PARAGRAPH SEPARATOR}")
    append_releases(file, [odd])
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")

    append_releases(file, [release(3, 7, 20)])

    assert read_releases(file) == [odd, release(3, 7, 20)]


@pytest.mark.parametrize(
    ("start", "end", "team", "overlaps"),
    [
        ("2026-01-01", "2026-06-01", None, True),
        ("2026-06-30", "2026-12-31", "North", True),
        ("2026-06-30", "2026-12-31", "South", False),
        ("2026-01-01", "2026-05-31", "North", False),
        ("2026-07-01", "2026-12-31", None, False),
    ],
)
def test_the_same_people_may_be_in_overlapping_times_of_a_team_or_of_all(
    start, end, team, overlaps
):
    days = date.fromisoformat(start), date.fromisoformat(end)

    assert release(9, 9, team="North").overlaps(*days, team) is overlaps


def test_a_report_decides_each_table_once_and_beside_what_was_released():
    policy = report_policy(SERVICE, [release(20, 30).table])

    shown = shown_table(line(21, 30), policy)

    assert shown.held
    assert shown_table(line(21, 30), policy) is shown
    assert policy.shown == (shown,)
    assert shown_table(line(21, 30), SERVICE).text("p0") == "21"
    with pytest.raises(ValueError, match="two tables of one report are called 'line'"):
        shown_table(line(22, 30), policy)


def test_the_next_release_is_compared_with_what_the_file_holds(file):
    append_releases(file, [release(20, 30)])

    assert protect(line(21, 30), SERVICE, [each.table for each in read_releases(file)]).hides("p0")


def test_a_hidden_count_is_not_in_the_file(file):
    append_releases(file, [release(3, 70)])

    noted = json.loads(file.read_text(encoding="utf-8"))
    assert noted["table"] == "line"
    assert noted["released_on"] == "2026-07-06"
    assert noted["cells"]["p0"] == {"text": "<5", "low": 1, "high": 4, "reason": "primary"}
    assert 70 not in noted["cells"]["p1"].values()


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        "",
        "{}",
        _release("3"),
        _release('{"text": "3", "low": 3, "high": 3, "reason": ""}', day="2026-02-30"),
        _release('{"text": "3", "low": true, "high": 3, "reason": ""}'),
        _release('{"text": "3", "low": 3, "high": 3, "reason": "because"}'),
    ],
)
def test_a_line_that_is_no_release_is_refused_with_its_place(file, bad):
    append_releases(file, [release(20, 30)])
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{bad}\n")

    with pytest.raises(DataError, match=r"releases\.jsonl:2: .*\[release-unreadable\]"):
        read_releases(file)


def test_a_folder_in_place_of_the_file_is_refused_both_ways(file):
    file.mkdir()

    with pytest.raises(DataError, match="release-unreadable"):
        append_releases(file, [release(20, 30)])
    with pytest.raises(DataError, match="release-unreadable"):
        read_releases(file)
    with pytest.raises(UsageError, match="release-unwritable"):
        append_releases(file.parent / "none" / "releases.jsonl", [release(20, 30)])
