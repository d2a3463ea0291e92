"""What of a spec an XLSForm cannot say."""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe import Instrument, Score, Unsaid, Wording, not_carried


def is_plain_sum(score: Score, instrument: Instrument) -> bool:
    """Say whether a score is a sum of what stands in the answers, and given without being asked."""
    inputs = [instrument.item(name) for name in score.items]
    plain = score.method == "sum" and score.times == score.divided_by == 1 and not score.across
    if not plain or not inputs or score.on_request:
        return False
    return not any(i.reversed or i.scale.valued or i.scale.counts_as for i in inputs)


def _carried(sums: tuple[Score, ...]) -> Mapping[str, Any]:
    scale = {"codes": {"*": {"label": True, "value": True}}, "range": True, "step": True}
    items = ("id", "label", "scale", "required", "required_when", "section")
    return {
        **dict.fromkeys(("romframe", "id", "version", "name"), True),
        "response_scales": {"*": {**scale, "kind": True, "scored": True}},
        "items": {"*": dict.fromkeys(items, True)},
        "scores": {
            score.id: dict.fromkeys(("id", "name", "items", "method", "range"), True)
            for score in sums
        },
    }


def unsayable(words: Wording, sums: tuple[Score, ...]) -> Iterator[Unsaid]:
    """List what is lost of a measure in its own words; `sums` are the scores that are written."""
    instrument = words.instrument
    yield from not_carried(instrument.document, _carried(sums), "An XLSForm")
    if words.pack is not None and words.pack.title:
        yield Unsaid("said-otherwise", "name", "The title is that of the site's pack.")
    yield from _of_scales(instrument)
    said = {score["id"]: score.get("items") for score in instrument.document["scores"]}
    for score in sums:
        if said[score.id] != "all":
            what = "Its items are named one by one, which may be read as all."
            yield Unsaid("said-otherwise", f"scores.{score.id}.items", what)


def _of_scales(instrument: Instrument) -> Iterator[Unsaid]:
    for name, scale in instrument.document["response_scales"].items():
        if "codes" not in scale:
            what = "A list has a name in an XLSForm; a number or a text has none."
            yield Unsaid("said-otherwise", f"response_scales.{name}", what)
        elif any(isinstance(e, Mapping) and e.get("value") == c for c, e in scale["codes"].items()):
            what = "A value that is the code itself is not written again."
            yield Unsaid("said-otherwise", f"response_scales.{name}.codes", what)
    for item in instrument.items:
        if item.scale.kind != "coded":
            what = "Its scale goes by another name."
            yield Unsaid("said-otherwise", f"items.{item.id}.scale", what)
