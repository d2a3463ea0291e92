"""Dates keep the precision they come with, and nothing is guessed about them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl
import pytest

from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping, load_mapping
from romframe.importing.prepare import prepare
from romframe.importing.prepared import Prepared


Import = Callable[..., Prepared]

CONTACTS = "care_contact_id,referral_id,contact_on,attended\n"


def moment(imported: Import, cell: str, mapping: str = "") -> str | None:
    found = imported(
        f"referral_id,completed_at,rater,q1,q2,q3\nR1,{cell},clinician,0,0,0\n", mapping
    )
    return found.accepted["completed_at"][0] if found.accepted.height else None


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29T09:05", "2024-02-29T09:05:00"),
        ("2024-02-29 09:05:07", "2024-02-29T09:05:07"),
        ("2024-02-29 09:05:07.125", "2024-02-29T09:05:07"),
        ("2024-02-29T00:00", "2024-02-29T00:00:00"),
        ("2024-02-29T09:05Z", "2024-02-29T09:05:00+00:00"),
        ("2024-02-29T09:05:07+01:00", "2024-02-29T09:05:07+01:00"),
        ("2026-01-31T23:59", "2026-01-31T23:59:00"),
        ("2024-02-29T09:05+15:00", None),
        ("2023-02-29", None),
        ("2024-02-29T09", None),
        ("2024-02-29T09:60", None),
        ("2024-02-29T09:05 x", None),
        ("20240229", None),
        ("29/02/2024", None),
        ("2026-02-01", None),
    ],
)
def test_iso_dates(imported: Import, cell: str, kept: str | None) -> None:
    assert moment(imported, cell) == kept


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("29/02/2024", "2024-02-29"),
        ("29/02/2024 9:05 PM", "2024-02-29T21:05:00"),
        ("02/29/2024", None),
        ("29/02/24", None),
        ("2024-02-29", None),
        ("29/02/2024 21:05", None),
    ],
)
def test_dates_in_the_formats_of_the_mapping(imported: Import, cell: str, kept: str | None) -> None:
    mapping = 'date_format: "%d/%m/%Y"\ndatetime_format: "%d/%m/%Y %I:%M %p"\n'
    assert moment(imported, cell, mapping) == kept


def test_one_format_is_enough(imported: Import) -> None:
    assert moment(imported, "29-Feb-2024", 'date_format: "%d-%b-%Y"\n') == "2024-02-29"
    only_times = 'datetime_format: "%d.%m.%Y %H:%M:%S"\n'
    assert moment(imported, "29.02.2024 09:05:07", only_times) == "2024-02-29T09:05:07"
    assert moment(imported, "29.02.2024", only_times) is None


def test_a_column_of_days_keeps_the_day(imported: Import) -> None:
    rows = "C1,R1,2024-02-29 10:00,YES\nC2,R1,2024-02-29,0\nC3,R1,2024-03-01,\n"
    found = imported(CONTACTS + rows, target=RECORD_KINDS["care_contact"])
    assert found.accepted.select("contact_on", "attended").rows() == [
        ("2024-02-29", 1),
        ("2024-02-29", 0),
        ("2024-03-01", None),
    ]


def test_moments_with_a_zone_keep_their_offset(mood: object, today: date) -> None:
    frame = pl.DataFrame(
        {
            "referral_id": ["R1"],
            "completed_at": [datetime(2024, 7, 1, 9, 0, tzinfo=UTC)],
            "rater": ["clinician"],
            "q1": [0],
            "q2": [0],
            "q3": [0],
        }
    ).with_columns(pl.col("completed_at").dt.convert_time_zone("Europe/London"))
    found = prepare(frame, mood, Mapping(), today=today)
    assert found.accepted["completed_at"].to_list() == ["2024-07-01T10:00:00+01:00"]


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("service_user", "service_user_id,birth_date\nP1,1990-05-06\n", "service_user|P1"),
        ("referral", "referral_id,service_user_id,received_on\nR1,P1,2024-01-02\n", "referral|R1"),
        ("care_contact", CONTACTS + "C1,R1,2024-01-02,1\n", "care_contact|C1"),
        (
            "event",
            "referral_id,kind,happened_on\nR1,birth,2024-01-02\n",
            "event|R1|birth|2024-01-02",
        ),
    ],
)
def test_records_without_answers(imported: Import, kind: str, text: str, key: str) -> None:
    record = RECORD_KINDS[kind]
    found = imported(text, f"kind: {kind}\n", record)
    assert found.accepted["row_key"].to_list() == [key]
    assert found.accepted.columns == ["row", "row_key", "content_digest", *record.names]
    assert (found.rejected.height, found.warnings.height) == (0, 0)


def test_a_constant_fills_a_column_of_records(imported: Import) -> None:
    found = imported(
        "care_contact_id,referral_id,contact_on\nC1,R1,2024-01-02\n",
        "kind: care_contact\nconstants: {attended: 1}\n",
        RECORD_KINDS["care_contact"],
    )
    assert found.accepted["attended"].to_list() == [1]
    with pytest.raises(Exception, match="Write 1 for yes or 0 for no"):
        imported(
            "care_contact_id,referral_id,contact_on\nC1,R1,2024-01-02\n",
            "kind: care_contact\nconstants: {attended: perhaps}\n",
            RECORD_KINDS["care_contact"],
        )


def test_a_mapping_file_that_is_not_there_is_named(tmp_path: object) -> None:
    with pytest.raises(Exception, match="file-unreadable"):
        load_mapping(tmp_path / "none.yaml")
