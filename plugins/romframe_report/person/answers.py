"""A person's last answers beside the ones before, and what among them somebody must look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import Instrument, Item, Source, alerts, score
from romframe_report.person.who import SERVICE_USER, Person


if TYPE_CHECKING:
    from romframe import Wording, Workspace

SHOWN = 6  # answers of a measure that stand on the page; the others are folded away
_STORED = "stored"
_ABOUT = ("assessment_id", "referral_id", "completed_at", "rater")


@frozen
class Raised:
    """An alert of one assessment: the day, who answered, what the spec says and its source.

    `at` are the items and scores that raised it. `now` says that it is of the latest assessment;
    one of before has passed, or nobody asked again.
    """

    instrument: Instrument
    on: date
    rater: str
    at: tuple[str, ...]
    text: str
    source: Source | None
    now: bool


@frozen
class Answer:
    """An item's last answer and the one before, in words; `move` is better, worse, other or empty.

    `before` is empty where there is nothing before. `size` is by how much the value changed.
    `watched` says that the item can raise an alert, `alert` that it has.
    """

    item: str
    label: str
    before: str
    last: str
    move: str
    size: float
    watched: bool
    alert: bool


@frozen
class Answers:
    """The last answers of one kind of rater to a measure, beside that rater's ones before."""

    instrument: Instrument
    rater: str
    on: date
    before: date | None
    shown: tuple[Answer, ...]
    folded: tuple[Answer, ...]

    @property
    def changed(self) -> int:
        """How many answers changed."""
        return sum(bool(each.move) for each in (*self.shown, *self.folded))


def answers_of(
    workspace: Workspace, person: Person, reader: str
) -> tuple[tuple[Answers, ...], tuple[Raised, ...]]:
    """Give the last answers to every measure that is not of experience, and the alerts.

    For the person, what others rated and what an alert can be about is folded away: it is there,
    and nobody meets it unprepared.
    """
    told: list[Answers] = []
    raised: list[Raised] = []
    for name, instrument in person.measures:
        if instrument.type != "prem":
            frame = workspace.responses(name, person.completed(instrument)).collect()
            found = tuple(_raised(frame, instrument))
            raised.extend(found)
            if not instrument.repeats:
                told.extend(_told(frame, instrument, workspace.wording(instrument), found, reader))
    raised.sort(key=lambda each: (not each.now, -each.on.toordinal(), each.instrument.id))
    return tuple(told), tuple(raised)


def _raised(frame: pl.DataFrame, instrument: Instrument) -> Iterator[Raised]:
    latest = _latest(frame, instrument).get_column("assessment_id").to_list()
    keys = [name for name in frame.columns if name in _items(instrument)]
    found = alerts(frame.select(*_ABOUT, *keys), instrument, coding=_STORED)
    found = found.group_by(*_ABOUT, "alert", "source", maintain_order=True).agg("subject")
    for row in found.iter_rows(named=True):
        yield Raised(
            instrument,
            _day(row["completed_at"]),
            row["rater"] or "",
            tuple(row["subject"]),
            row["alert"],
            instrument.sources.get(row["source"]),
            row["assessment_id"] in latest,
        )


def _latest(frame: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """Give the latest assessment of each rater, of each goal where there are goals."""
    unit = ["rater", *([instrument.repeats.by] if instrument.repeats else [])]
    ordered = frame.sort("completed_at", "assessment_id")
    return ordered.unique(unit, keep="last", maintain_order=True)


def _told(
    frame: pl.DataFrame,
    instrument: Instrument,
    wording: Wording,
    raised: tuple[Raised, ...],
    reader: str,
) -> Iterator[Answers]:
    ordered = frame.sort("completed_at", "assessment_id")
    for (rater,), rows in ordered.group_by("rater", maintain_order=True):
        last = rows.tail(1)
        same = pl.col("referral_id") == last.item(0, "referral_id")
        previous = rows.head(rows.height - 1).filter(same).tail(1)
        now, then = _itemised(last, instrument), _itemised(previous, instrument)
        mine = (each for each in raised if each.now and each.rater == (rater or ""))
        alerted = {subject for each in mine for subject in each.at}
        listed = [
            _answer(instrument, item, wording, now[item.id], then.get(item.id), alerted)
            for item in instrument.items
            if item.id in now and item.scale.kind != "text"
        ]
        shown = _first(listed, careful=reader == SERVICE_USER, own=rater == SERVICE_USER)
        yield Answers(
            instrument,
            rater or "",
            _day(last.item(0, "completed_at")),
            _day(previous.item(0, "completed_at")) if previous.height else None,
            tuple(shown),
            tuple(each for each in listed if each not in shown),
        )


def _first(listed: list[Answer], *, careful: bool, own: bool) -> list[Answer]:
    """Give the answers to look at first: those that raised an alert, then the largest changes."""
    found = [each for each in listed if each.alert or each.move]
    if careful:
        found = [each for each in found if own and not each.watched]
    return sorted(found, key=lambda each: (not each.alert, -each.size))[:SHOWN]


def _itemised(row: pl.DataFrame, instrument: Instrument) -> Mapping[str, Mapping[str, Any]]:
    """Give the answers of one assessment by item; nothing where there is none."""
    if row.is_empty():
        return {}
    answers = row.select(name for name in row.columns if name in _items(instrument))
    found = score(answers, instrument, coding=_STORED, shape="items")
    return {each["item"]: each for each in found.iter_rows(named=True)}


def _answer(
    instrument: Instrument,
    item: Item,
    wording: Wording,
    now: Mapping[str, Any],
    then: Mapping[str, Any] | None,
    alerted: set[str],
) -> Answer:
    before = _words(item, wording, then) if then else ""
    last = _words(item, wording, now)
    size, move = 0.0, ""
    if then and before != last:
        size, move = _move(_direction(instrument, item), then["value"], now["value"])
    label, watched = wording.item(item.id), item.alert is not None
    return Answer(item.id, label, before, last, move, size, watched, item.id in alerted)


def _move(better: str, then: float | None, now: float | None) -> tuple[float, str]:
    if then is None or now is None:
        return 0.0, "other"
    change = now - then
    if better == "neither" or not change:
        return abs(change), "other"
    return abs(change), "better" if (change > 0) == (better == "higher") else "worse"


def _direction(instrument: Instrument, item: Item) -> str:
    """Say which way is better: as the item says, or else as the scores say that it counts for."""
    if item.favourable in ("low", "high"):
        return "higher" if item.favourable == "high" else "lower"
    ways = {each.better for each in instrument.scores if item.id in each.items}
    return ways.pop() if len(ways) == 1 and item.favourable is None else "neither"


def _words(item: Item, wording: Wording, found: Mapping[str, Any]) -> str:
    """Give an answer in words: the one that was chosen on the form, though it counts turned."""
    if found["state"] != "answered":
        return "not answered"
    if item.scale.kind == "number":
        return f"{found['value']:g}"
    if not item.scale.scored:
        return wording.option(item.scale.id, found["answer"])
    options = sorted(item.scale.options, key=lambda option: option.value or 0)
    values = sorted({option.value for option in options if option.value is not None})
    place = values.index(found["value"])
    boxed = values[-1 - place] if item.reversed else values[place]
    code = next(option.code for option in options if option.value == boxed)
    return wording.option(item.scale.id, code)


def _items(instrument: Instrument) -> set[str]:
    return {item.id for item in instrument.items}


def _day(moment: str) -> date:
    return date.fromisoformat(moment[: len("2024-04-01")])
