"""What has been released is kept in a file, without any hidden count."""

import json
from datetime import date

import pytest
from unit.disclosure.made import line

from romframe.disclosure import SERVICE, append_release, protect, read_releases
from romframe.errors import DataError, UsageError


DAY = date(2026, 7, 6)


def _release(cell):
    about = '"table": "line", "released_on": "2026-07-06", "policy": "service"'
    return f'{{{about}, "cells": {{"a": {cell}}}}}'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "releases.jsonl"


def test_nothing_has_been_released_where_there_is_no_file(file):
    assert read_releases(file) == []


def test_releases_are_read_back_in_their_order(file):
    tables = [protect(line(3, 7, 20), SERVICE), protect(line(9, 9), SERVICE)]
    for table in tables:
        append_release(file, table, DAY)

    assert read_releases(file) == tables


def test_the_next_release_is_compared_with_what_the_file_holds(file):
    append_release(file, protect(line(20, 30), SERVICE), DAY)

    assert protect(line(21, 30), SERVICE, read_releases(file)).hides("p0")


def test_a_hidden_count_is_not_in_the_file(file):
    append_release(file, protect(line(3, 70), SERVICE), DAY)

    release = json.loads(file.read_text(encoding="utf-8"))
    assert release["table"] == "line"
    assert release["released_on"] == "2026-07-06"
    assert release["cells"]["p0"] == {"text": "<5", "low": 1, "high": 4, "reason": "primary"}
    assert 70 not in release["cells"]["p1"].values()


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        "",
        "{}",
        _release("3"),
        _release('{"text": "3", "low": true, "high": 3, "reason": ""}'),
        _release('{"text": "3", "low": 3, "high": 3, "reason": "because"}'),
    ],
)
def test_a_line_that_is_no_release_is_refused_with_its_place(file, bad):
    append_release(file, protect(line(20, 30), SERVICE), DAY)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{bad}\n")

    with pytest.raises(DataError, match=r"releases\.jsonl:2: .*\[release-unreadable\]"):
        read_releases(file)


def test_a_folder_in_place_of_the_file_is_refused_both_ways(file):
    file.mkdir()

    with pytest.raises(UsageError, match="release-unwritable"):
        append_release(file, protect(line(20, 30), SERVICE), DAY)
    with pytest.raises(DataError, match="release-unreadable"):
        read_releases(file)
