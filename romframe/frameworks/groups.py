"""Groups of a framework: which fields their conditions may test, and whom they hold for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe.conditions import OPEN, Field, Fields, holds, may_hold, tested_fields
from romframe.frameworks.model import PREVENTION, FrameworkGroup
from romframe.importing.kinds import DETAILS, RECORD_KINDS
from romframe.persons import with_person


if TYPE_CHECKING:
    from romframe.workspace import Workspace

_DETAILS = f"{DETAILS.name}."


def _fields() -> Fields:
    """Give the fields that a referral and its person have, but for ids and the date of birth."""
    found = {}
    for kind, left_out in (("referral", "service_user_id"), ("service_user", "birth_date")):
        for column in RECORD_KINDS[kind].columns:
            if column.name not in (*RECORD_KINDS[kind].key, left_out, DETAILS.name):
                dated = column.type == "date"
                found[column.name] = Field("date" if dated else "text", column.allowed)
    return {**found, "age": Field("number"), f"{DETAILS.name}{OPEN}": Field("open")}


GROUP_FIELDS = _fields()


def may_be_kept_well(group: FrameworkGroup) -> bool:
    """Say whether people who are to be kept well could be in the group."""
    return may_hold(group.where, GROUP_FIELDS, "pathway", PREVENTION)


def group_referrals(
    workspace: Workspace, group: FrameworkGroup, referrals: pl.DataFrame
) -> pl.DataFrame:
    """Give those rows of a frame with `referral_id` whose referral belongs to the group.

    Age is in whole years when the referral was received. Whatever the condition says, people who
    are to be kept well are never in a group of which improvement is the good outcome.
    """
    condition = holds(group.where, GROUP_FIELDS)
    if group.counts_improvement:
        condition = condition & pl.col("pathway").ne_missing(PREVENTION)
    known = known_of_referrals(workspace, list(tested_fields(group.where)))
    members = known.filter(condition).select("referral_id")
    return referrals.join(members, on="referral_id", how="semi", maintain_order="left")


def known_of_referrals(workspace: Workspace, fields: list[str]) -> pl.DataFrame:
    """Give every referral with what is known of it and of the person, and the details asked for."""
    people = workspace.table("service_user")
    persons = people.select(
        "service_user_id", "ethnic_category", pl.col(DETAILS.name).alias("_of_person")
    )
    referrals = workspace.table("referral").lazy()
    names = [name.removeprefix(_DETAILS) for name in fields if name.startswith(_DETAILS)]
    known = with_person(referrals, people, "received_on").join(
        persons.lazy(), on="service_user_id", how="left", maintain_order="left"
    )
    return known.with_columns(_detail(name) for name in names).collect()


def _detail(name: str) -> pl.Expr:
    """Give one detail of a referral or, where it has none of that name, of the person."""
    shape = pl.Struct({name: pl.String})
    found = (pl.col(column).str.json_decode(shape) for column in (DETAILS.name, "_of_person"))
    return pl.coalesce(each.struct.field(name) for each in found).alias(f"{_DETAILS}{name}")
