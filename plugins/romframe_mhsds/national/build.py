"""From the checked content of a pack's file to the pack."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from romframe_mhsds.national import model, tables


Data = Mapping[str, Any]


def built(data: Data, chosen: Mapping[str, str], folder: Path) -> model.Pack:
    """Give the pack; `chosen` is the choice of every reading, `folder` where its tables may be.

    Raises DataError with the faults of a table.
    """
    made = {
        reading["id"]: choice
        for reading in data.get("readings", ())
        for choice in reading["choices"]
        if choice["id"] == chosen[reading["id"]]
    }
    change = _change(data["change"], made, folder) if "change" in data else None
    return model.Pack(
        id=data["id"],
        title=data["title"],
        start=date.fromisoformat(data["covers"]["from"]),
        end=_day(data["covers"].get("until")),
        sources=tuple(model.Source(**each) for each in data["sources"]),
        eligible=data["eligible"],
        services=tuple(_service(each, made) for each in data["services"]),
        groups=tuple(
            model.Group(each["id"], each["label"], tuple(each["services"]))
            for each in data.get("groups", ())
        ),
        cohorts=tuple(
            model.Cohort(
                each["id"],
                each["label"],
                _limit(each["length"]) if "length" in each else None,
                each.get("months", 1),
            )
            for each in data["cohorts"]
        ),
        families=tuple(_family(each) for each in data["families"]),
        scales=_scales(data["scales"], change),
        change=change,
        figures=tuple(_figure(each) for each in data["figures"]),
        percent_decimals=data["percent_decimals"],
        publication=model.Publication(**data["publication"]),
        readings=tuple(_reading(each, made[each["id"]]["id"]) for each in data.get("readings", ())),
        quirks=tuple(model.Quirk(**each) for each in data.get("quirks", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _limit(data: Data) -> model.Limit:
    strict = "more_than" in data
    return model.Limit(data["more_than" if strict else "at_least"], strict)


def _service(data: Data, made: Mapping[str, Data]) -> model.Service:
    age, teams, contacts = data["age"], data["teams"], data["contacts"]
    excluded = "not_in" in teams
    codes = teams["not_in" if excluded else "in"]
    return model.Service(
        id=data["id"],
        label=data["label"],
        ages=model.Ages(age.get("from"), age.get("below"), age.get("unknown", False)),
        teams=model.Teams(tuple(codes), excluded, teams.get("blank", False)),
        contacts=model.Contacts(
            tuple(_kind(each, made) for each in contacts["kinds"]),
            contacts["count"],
            contacts["period"],
            _limit(contacts),
        ),
        pairing=model.Pairing(**data["scores"]),
    )


def _kind(data: Data, made: Mapping[str, Data]) -> model.ContactKind:
    if data["kind"] == "indirect":
        return model.ContactKind(indirect=True)
    by = data.get("mechanisms_by")
    return model.ContactKind(False, _mechanisms(made[by] if by else data))


def _mechanisms(data: Data) -> tuple[model.Mechanisms, ...]:
    return tuple(
        model.Mechanisms(tuple(each["codes"]), _day(each.get("from")), _day(each.get("until")))
        for each in data["mechanisms"]
    )


def _family(data: Data) -> model.Family:
    kinds = {key: tuple(data.get(key, ())) for key in ("categories", "raters", "tools")}
    return model.Family(data["id"], data["label"], **kinds)


def _figure(data: Data) -> model.Figure:
    given = {"unit": "referrals", "targets": {}, **data}
    return model.Figure(**{**given, "cohorts": tuple(data["cohorts"])})


def _reading(data: Data, chosen: str) -> model.Reading:
    choices = {
        each["id"]: model.Choice(each["id"], each["says"], each["source"])
        for each in data["choices"]
    }
    return model.Reading(
        data["id"], data["question"], data["default"], choices[chosen], tuple(choices.values())
    )


def _change(data: Data, made: Mapping[str, Data], folder: Path) -> model.Change:
    better = made[data["better_by"]]["better"] if "better_by" in data else data["better"]
    path = _table(folder, data["thresholds"])
    thresholds = tables.read(path, tables.THRESHOLDS, ("concept_id",))
    norms = data.get("norms")
    return model.Change(thresholds, better, _norms(norms, folder) if norms else None)


def _norms(data: Data, folder: Path) -> model.Norms:
    path = _table(folder, data["table"])
    return model.Norms(tables.read(path, tables.NORMS, ("gender", "age", "norm")), data["genders"])


def _table(folder: Path, name: str) -> Path:
    own, shipped = folder / name, tables.FOLDER / name
    return shipped if shipped.exists() and not own.exists() else own


def _scales(which: str, change: model.Change | None) -> pl.DataFrame:
    """Give the scales that count, with the rater that the thresholds give them."""
    raters: Iterable[str] = ("concept_id", "rater")
    known = (
        change.thresholds.select(raters)
        if change is not None
        else pl.DataFrame(schema=dict.fromkeys(raters, pl.String))
    )
    listed = tables.scales()
    if which == "with_threshold":
        listed = listed.join(known, on="concept_id", how="semi")
    return listed.join(known, on="concept_id", how="left", maintain_order="left")
