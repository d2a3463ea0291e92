"""From validated plain data to the attrs model. No checks here: the data are known to be good."""

from collections.abc import Iterable, Mapping
from typing import Any

from romframe.instruments.model import (
    Alert,
    AnswerState,
    Band,
    BandSet,
    ChangeRule,
    Condition,
    CutOff,
    DataCoding,
    Derivation,
    Instrument,
    Item,
    Keyed,
    KeyedRow,
    Licence,
    MissingPolicy,
    Norm,
    Option,
    Repeats,
    ResponseScale,
    Score,
    Side,
    Source,
    TerminologyCode,
)
from romframe.instruments.schema import CHANGE_RULE, SCORE


Data = Mapping[str, Any]

SIDES: tuple[Side, ...] = ("at_least", "more_than", "at_most", "less_than")


def instrument(data: Data, digest: str) -> Instrument:
    """Build the instrument that validated `data` describe."""
    scales = {key: scale(key, each) for key, each in data["response_scales"].items()}
    items = tuple(_item(each, scales) for each in data["items"])
    totals = data.get("totals", {})
    repeats = data.get("repeats")
    return Instrument(
        id=data["id"],
        version=data["version"],
        name=data["name"],
        type=data["type"],
        raters=tuple(data["raters"]),
        licence=Licence(**data["licence"]),
        items=items,
        scores=tuple(_score(each, items) for each in data["scores"]),
        change_rules=tuple(_change_rule(each, items) for each in data.get("change_rules", ())),
        sources={key: Source(id=key, **each) for key, each in data.get("sources", {}).items()},
        digest=digest,
        document=data,
        totals="forbidden" if totals else "allowed",
        totals_reason=totals.get("forbidden", ""),
        repeats=_repeats(repeats) if repeats else None,
        derivations=tuple(
            Derivation(each["from"], each["items"], each["source"])
            for each in data.get("derivations", ())
        ),
        codings=tuple(
            DataCoding(key, each.get("like", "scored"), **_given(each, "add", "note", "source"))
            for key, each in data.get("codings", {}).items()
        ),
        cut_offs=tuple(_cut_off(each) for each in data.get("cut_offs", ())),
        norms=tuple(Norm(**each) for each in data.get("norms", ())),
        **_given(data, "recall", "locale", "storage", "minutes", "note", "source"),
    )


def _cut_off(data: Data) -> CutOff:
    comparator = next(side for side in SIDES if side in data)
    about = {key: each for key, each in data.items() if key not in SIDES}
    return CutOff(comparator=comparator, value=data[comparator], **about)


def _repeats(data: Data) -> Repeats:
    states = tuple(data.get("states", ()))
    return Repeats(data["by"], data.get("at_most"), states, data.get("source", ""))


def scale(scale_id: str, data: Data) -> ResponseScale:
    """Build a response scale; a coded one is scored if its codes are numbers or have values."""
    source = data.get("source", "")
    common = {
        "missing": tuple((key, AnswerState(name)) for key, name in data.get("missing", {}).items()),
        "counts_as": {AnswerState(key): each for key, each in data.get("counts_as", {}).items()},
        "bands": _band_list(data.get("bands", ())),
        "bands_source": data.get("bands_source", source),
        "source": source,
        "sent_as": {str(code): str(sent) for code, sent in data.get("sent_as", {}).items()},
        "not_sent": data.get("not_sent", ""),
    }
    if "codes" not in data:
        low, high = data.get("range", (None, None))
        step = data.get("step", 1)
        if low is None:
            return ResponseScale(scale_id, "text", source=source)
        return ResponseScale(scale_id, "number", (), low, high, step, **common)
    scored = data.get("scored", True)
    options = tuple(_option(code, each, scored) for code, each in data["codes"].items())
    values = [option.value for option in options if option.value is not None]
    low, high = (min(values), max(values)) if values else (None, None)
    return ResponseScale(scale_id, "coded", options, low, high, 1, **common)


def _option(code: int | str, data: Any, scored: bool) -> Option:
    given = data if isinstance(data, Mapping) else {"label": data}
    value = given.get("value", code if isinstance(code, int) else None)
    return Option(code, given["label"], value if scored else None, given.get("labels", {}))


def _item(data: Data, scales: Mapping[str, ResponseScale]) -> Item:
    when, favourable = data.get("required_when"), data.get("favourable")
    return Item(
        id=data["id"],
        label=data["label"],
        scale=scales[data["scale"]],
        counts=data.get("scored", True) and scales[data["scale"]].scored,
        required=data.get("required", when is None),
        required_when=Condition(when["item"], tuple(when["codes"])) if when else None,
        favourable=tuple(favourable) if isinstance(favourable, list) else favourable,
        unfavourable=tuple(data.get("unfavourable", ())),
        alert=_alert(data),
        codes=_codes(data),
        slot_codes={system: tuple(ids) for system, ids in data.get("slot_codes", {}).items()},
        **_given(data, "reversed", "section", "note", "source", "labels", "notes"),
    )


def wanted_items(wanted: Any, items: Iterable[Item]) -> tuple[str, ...]:
    """Give the ids that `items:` of a score or rule stands for: `all` means every scored item."""
    scored = [item.id for item in items if item.counts]
    if wanted == "all":
        return tuple(scored)
    if isinstance(wanted, Mapping):
        return tuple(each for each in scored if each not in wanted["all_except"])
    return tuple(wanted or ())


def _score(data: Data, items: tuple[Item, ...]) -> Score:
    inputs = wanted_items(data.get("items"), items)
    source = data.get("source", "")
    default = _policy("default", data.get("missing", {"at_most": 0}), len(inputs), source)
    return Score(
        id=data["id"],
        name=data["name"],
        method=data["method"],
        better=data["better"],
        low=data["range"][0],
        high=data["range"][1],
        source=source,
        items=inputs,
        of=tuple(data.get("of", ())),
        params={key: each for key, each in data.items() if key not in SCORE},
        missing=default if inputs else None,
        missing_options=tuple(
            _policy(key, each, len(inputs), source)
            for key, each in data.get("missing_options", {}).items()
        ),
        bands=_bands(data.get("bands", ())),
        bands_source=data.get("bands_source", source if "bands" in data else ""),
        band_options=tuple(
            BandSet(key, _band_list(each["bands"]), each["source"])
            for key, each in data.get("band_options", {}).items()
        ),
        alert=_alert(data),
        codes=_codes(data),
        **_given(data, "across", "times", "divided_by", "decimals", "on_request", "note"),
    )


def _policy(name: str, data: Data, n_items: int, source: str) -> MissingPolicy:
    at_least = data.get("at_least", n_items - data.get("at_most", 0))
    return MissingPolicy(
        id=data.get("policy", name),
        at_least=max(1, at_least),
        then=data.get("then", "mean_of_answered"),
        source=data.get("source", source),
    )


def _bands(data: Any) -> tuple[Band, ...] | Keyed:
    if isinstance(data, Mapping):
        return keyed(data, lambda row: _band_list(row["bands"]), "bands")
    return _band_list(data)


def _band_list(data: Iterable[Data]) -> tuple[Band, ...]:
    return tuple(Band(each["from"], each["label"]) for each in data)


def keyed(data: Data, content: Any, *content_keys: str) -> Keyed:
    """Build a table keyed by attributes of the person; `content` reads the rest of each row."""
    return Keyed(
        tuple(data["by"]),
        tuple(
            KeyedRow(
                tuple(
                    (key, tuple(each) if isinstance(each, list) else each)
                    for key, each in sorted(row.items())
                    if key not in content_keys
                ),
                content(row),
            )
            for row in data["rows"]
        ),
    )


def _change_rule(data: Data, items: tuple[Item, ...]) -> ChangeRule:
    return ChangeRule(
        id=data["id"],
        method=data["method"],
        source=data["source"],
        items=wanted_items(data.get("items"), items),
        params={key: each for key, each in data.items() if key not in CHANGE_RULE},
        **_given(data, "score", "default", "population", "note"),
    )


def _alert(data: Data) -> Alert | None:
    alert = data.get("alert")
    return Alert(**{"source": "", **alert}) if alert else None


def _codes(data: Data) -> tuple[TerminologyCode, ...]:
    return tuple(
        TerminologyCode(system, entry)
        if isinstance(entry, str)
        else TerminologyCode(system, entry["id"], entry.get("from", ""), entry.get("to", ""))
        for system, entries in data.get("codes", {}).items()
        for entry in (entries if isinstance(entries, list) else [entries])
    )


def _given(data: Data, *keys: str) -> dict[str, Any]:
    return {key: data[key] for key in keys if key in data}
