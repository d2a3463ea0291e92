"""What of a spec a Questionnaire cannot say."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from romframe import Instrument, Item, Score, Unsaid, Wording, not_carried
from romframe_fhir.names import SYSTEMS


_WHOLE = {"romframe", "id", "version", "name", "locale", "note"}
_ITEM = {"id", "label", "scale", "reversed", "required", "required_when", "section"}
_SCORE = {"id", "name", "items", "method", "range"}


def unsayable(words: Wording, sums: tuple[Score, ...]) -> Iterator[Unsaid]:
    """List what is lost of a measure in its own words; `sums` are the scores that are written."""
    instrument = words.instrument
    yield from _of_words(words)
    yield from not_carried(instrument.document, _carried(sums), "FHIR")
    turned = {item.scale.id for item in instrument.items if item.reversed}
    for item in instrument.items:
        yield from _of_item(item, turned)
    yield from _of_scales(instrument)
    yield from _of_sums(instrument, sums)


def is_plain_sum(score: Score, items: Mapping[str, Item]) -> bool:
    """Say whether a score is a sum of answers or of numbers, and given without being asked for."""
    inputs = [items[name] for name in score.items]
    plain = score.method == "sum" and score.times == score.divided_by == 1 and not score.across
    if not plain or not inputs or score.on_request or any(i.scale.counts_as for i in inputs):
        return False
    coded = all(item.scale.kind == "coded" for item in inputs)
    return coded or all(item.scale.kind == "number" and not item.reversed for item in inputs)


def _carried(sums: tuple[Score, ...]) -> Mapping[str, Any]:
    scale = {"codes": {"*": {"label": True, "value": True}}, "range": True, "kind": True}
    return {
        **dict.fromkeys(_WHOLE, True),
        "licence": "The copyright has owner and terms as one text.",
        "response_scales": {"*": {**scale, "step": True, "scored": True}},
        "items": {"*": {**dict.fromkeys(_ITEM, True), "codes": dict.fromkeys(SYSTEMS, True)}},
        "scores": {score.id: dict.fromkeys(_SCORE, True) for score in sums},
    }


def _of_words(words: Wording) -> Iterator[Unsaid]:
    if words.pack is None:
        return
    what = "The wording of the site's pack stands there instead of our labels."
    if words.pack.locale != words.instrument.locale:
        yield Unsaid("said-otherwise", "locale", "The language is that of the pack.")
    if words.pack.title:
        yield Unsaid("said-otherwise", "name", what)
    for scale in sorted({item.scale.id for item in words.instrument.items}):
        yield Unsaid("said-otherwise", f"response_scales.{scale}.codes", what)


def _of_item(item: Item, turned: Collection[str]) -> Iterator[Unsaid]:
    scale = item.scale
    if not item.counts and scale.scored:
        what = "Its answers have no weights, as no score uses them."
        yield Unsaid("said-otherwise", f"items.{item.id}.scored", what)
    unclear = scale.valued and scale.id in turned
    if unclear or (item.reversed and (scale.kind == "number" or not item.counts)):
        what = "Whether it is turned shows in its weights only, or not at all."
        yield Unsaid("said-otherwise", f"items.{item.id}.reversed", what)
    systems = [code.system for code in item.codes]
    for code in item.codes:
        dated = code.valid_from or code.valid_to or systems.count(code.system) > 1
        if dated and code.system in SYSTEMS:
            what = "Of its codes FHIR has all, and no dates."
            yield Unsaid("said-otherwise", f"items.{item.id}.codes.{code.system}", what)


def _of_scales(instrument: Instrument) -> Iterator[Unsaid]:
    scales = {item.scale.id: item.scale for item in instrument.items}
    counted = {item.scale.id for item in instrument.items if item.counts}
    turned = {item.scale.id for item in instrument.items if item.reversed}
    for name, scale in scales.items():
        place = f"response_scales.{name}"
        if scale.scored and name not in counted and scale.kind == "coded":
            what = "Its answers have no weights, as no score uses them."
            yield Unsaid("said-otherwise", place, what)
        if scale.valued and name in turned:
            what = "Which way its values run before items are turned is not said."
            yield Unsaid("said-otherwise", place, what)
        elif _repeated(instrument.document["response_scales"][name].get("codes", {})):
            what = "A value that is the code itself is not written again."
            yield Unsaid("said-otherwise", f"{place}.codes", what)
        if scale.kind == "number" and scale.step not in (1, 0.1, 0.01, 0.001):
            what = "FHIR says how many decimals there may be, not which steps."
            yield Unsaid("said-otherwise", f"{place}.step", what)


def _repeated(codes: Mapping[Any, Any]) -> bool:
    """Say whether a value is written that the code itself would be."""
    return any(
        isinstance(each, Mapping) and each.get("value") == code for code, each in codes.items()
    )


def _of_sums(instrument: Instrument, sums: tuple[Score, ...]) -> Iterator[Unsaid]:
    said = {score["id"]: score.get("items") for score in instrument.document["scores"]}
    for score in sums:
        if said[score.id] != "all":
            what = "Its items are named one by one, which may be read as all."
            yield Unsaid("said-otherwise", f"scores.{score.id}.items", what)
