"""What a schema cannot say of a spec: references, overlaps, ranges, thresholds without a source.

Works on plain data, so that a fault in one entry does not hide faults in the others: entries whose
own shape is wrong are passed over here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stdnum import verhoeff

from romframe.errors import did_you_mean
from romframe.instruments import build
from romframe.instruments.model import ResponseScale
from romframe.instruments.schema import Vocabulary
from romframe.yaml_source import Document, Path


RESERVED = ("assessment_id", "goal_id", "states")


class Spec:
    """The parts of one spec that are sound enough to be checked against each other."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.report = document.report
        data = document.data if isinstance(document.data, Mapping) else {}
        self.data: Mapping[str, Any] = data
        self.scales: dict[str, ResponseScale] = {
            key: build.scale(key, each)
            for key, each in self._mapping("response_scales").items()
            if document.sound(("response_scales", key))
        }
        self.items = dict(self._entries("items"))
        self.scores = dict(self._entries("scores"))
        self.rules = dict(self._entries("change_rules"))
        self.item_scales = {
            item["id"]: self.scales[item["scale"]]
            for item in self.items.values()
            if item["scale"] in self.scales
        }
        self.complete = all(document.sound((key,)) for key in ("response_scales", "items"))

    def _mapping(self, key: str) -> Mapping[str, Any]:
        value = self.data.get(key)
        return value if isinstance(value, Mapping) else {}

    def _entries(self, key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        value = self.data.get(key)
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, Mapping) and self.document.sound((key, index)):
                yield index, entry

    def counted(self) -> list[str]:
        """Give the ids of items that `all` stands for."""
        return [
            item["id"]
            for item in self.items.values()
            if item.get("scored", True) and self._has_values(item["id"])
        ]

    def _has_values(self, item_id: str) -> bool:
        return item_id in self.item_scales and self.item_scales[item_id].scored

    def inputs(self, entry: Mapping[str, Any]) -> list[str]:
        """Give the item ids that an entry's `items` stands for."""
        wanted = entry.get("items", [])
        if wanted == "all":
            return self.counted()
        if isinstance(wanted, Mapping):
            return [each for each in self.counted() if each not in wanted["all_except"]]
        return list(wanted)


def check(document: Document, vocabulary: Vocabulary) -> None:
    """Report every fault that stands between parts of the spec."""
    spec = Spec(document, vocabulary)
    for each in CHECKS:
        each(spec)


def _scales(spec: Spec) -> None:
    raw = spec._mapping("response_scales")
    for key, scale in spec.scales.items():
        path = ("response_scales", key)
        given = raw[key]
        if ("codes" in given) + ("range" in given) + (given.get("kind") == "text") != 1:
            mend = "Give it exactly one of: codes, range, or kind: text."
            spec.report(path, "scale-kind", f"It is not clear what answers {key!r} allows.", mend)
            continue
        _scale_values(spec, scale, path)
    used = {item["scale"] for item in spec.items.values()}
    if spec.complete:
        for key in raw.keys() - used:
            mend = "Use it in an item or delete it."
            spec.report(("response_scales", key), "unused", f"No item uses the scale {key!r}.", mend)


def _scale_values(spec: Spec, scale: ResponseScale, path: Path) -> None:
    values = [option.value for option in scale.options]
    if None in values and any(value is not None for value in values):
        mend = "Give a value to every code or to none."
        spec.report(path, "scale-values", "Some codes have values and some have not.", mend)
    if scale.kind == "number" and scale.low is not None and scale.high is not None:
        steps = (scale.high - scale.low) / scale.step
        if scale.low >= scale.high:
            spec.report((*path, "range"), "range-order", "The range does not go up.", "Write [low, high].")
        elif abs(steps - round(steps)) > 1e-9 or (scale.step < 1 and abs(1 / scale.step % 1) > 1e-9):
            mend = "Use a step such as 1, 0.5 or 0.1 that leads from the low end to the high end."
            spec.report((*path, "step"), "scale-step", "The step does not fit the range.", mend)
    allowed = {option.code for option in scale.options}
    for code, _ in scale.missing:
        inside = scale.kind == "number" and isinstance(code, int) and _within(code, scale)
        if code in allowed or inside:
            what = f"The code {code!r} is both an answer and a missing answer."
            spec.report((*path, "missing", code), "code-twice", what, "Keep it in one of the two.")


def _within(value: float, scale: ResponseScale) -> bool:
    return scale.low is not None and scale.high is not None and scale.low <= value <= scale.high


def _items(spec: Spec) -> None:
    _unique(spec, "items", spec.items, RESERVED)
    for index, item in spec.items.items():
        path: Path = ("items", index)
        if item["scale"] not in spec._mapping("response_scales"):
            what = f"There is no response scale {item['scale']!r}."
            mend = did_you_mean(item["scale"], spec._mapping("response_scales"))
            spec.report((*path, "scale"), "unknown-scale", what, mend)
            continue
        scale = spec.item_scales.get(item["id"])
        if scale is None:
            continue
        if item.get("reversed") and not scale.scored:
            what = f"Item {item['id']!r} is reversed, but its answers have no numeric range."
            mend = "Give the codes values, or delete `reversed`."
            spec.report((*path, "reversed"), "reversal-without-range", what, mend)
        _alert(spec, item, path, scale.low, scale.high)
        _condition(spec, item, path)


def _condition(spec: Spec, item: Mapping[str, Any], path: Path) -> None:
    when = item.get("required_when")
    if when is None:
        return
    path = (*path, "required_when")
    ids = [each["id"] for each in spec.items.values()]
    if when["item"] not in ids:
        mend = did_you_mean(when["item"], ids)
        spec.report((*path, "item"), "unknown-item", f"There is no item {when['item']!r}.", mend)
    elif when["item"] in spec.item_scales:
        scale = spec.item_scales[when["item"]]
        allowed = [option.code for option in scale.options]
        for code in when["codes"] if allowed else ():
            if code not in allowed:
                what = f"{code!r} is not an answer to {when['item']!r}."
                spec.report((*path, "codes"), "unknown-code", what, did_you_mean(code, allowed))


def _alert(spec: Spec, entry: Mapping[str, Any], path: Path, low: Any, high: Any) -> None:
    alert = entry.get("alert")
    if alert is None:
        return
    path = (*path, "alert")
    if low is None or not low <= alert["at_least"] <= high:
        what = f"The alert at {alert['at_least']} can never be right: values go from {low} to {high}."
        spec.report((*path, "at_least"), "alert-range", what, "Write a value inside that range.")
    if "source" not in alert and "source" not in entry:
        _no_source(spec, path, "This alert")


def _no_source(spec: Spec, path: Path, what: str) -> None:
    mend = "Add `source:` with a key of `sources:` (status local, if it is your own decision)."
    spec.report(path, "threshold-without-source", f"{what} has no source.", mend)


def _scores(spec: Spec) -> None:
    item_ids = {item["id"] for item in spec.items.values()}
    _unique(spec, "scores", spec.scores, RESERVED + tuple(item_ids))
    if spec.scores and spec.data.get("totals"):
        mend = "Delete the scores, or delete `totals`."
        spec.report(("scores",), "totals-forbidden", "This instrument says it has no totals.", mend)
    earlier: set[str] = set()
    for index, score in spec.scores.items():
        path: Path = ("scores", index)
        low, high = score["range"]
        if low >= high:
            spec.report((*path, "range"), "range-order", "The range does not go up.", "Write [low, high].")
        if ("items" in score) == ("of" in score):
            mend = "Give `items:` for a score of answers, or `of:` for a score of scores."
            spec.report(path, "score-inputs", f"It is not clear what {score['id']!r} is made of.", mend)
        for other in score.get("of", ()):
            if other not in earlier:
                mend = f"{did_you_mean(other, earlier)} A score can use the scores above it."
                spec.report((*path, "of"), "unknown-score", f"No score {other!r} stands above.", mend)
        earlier.add(score["id"])
        if _known_items(spec, score, path):
            _score_range(spec, score, path)
            _missing(spec, score, path)
        _bands(spec, score, path)
        _alert(spec, score, path, low, high)


def _known_items(spec: Spec, entry: Mapping[str, Any], path: Path) -> bool:
    wanted = entry.get("items", [])
    named = wanted["all_except"] if isinstance(wanted, Mapping) else wanted
    if not isinstance(named, list):
        return spec.complete and bool(spec.counted())
    ids = [item.get("id") for item in spec.data.get("items", ()) if isinstance(item, Mapping)]
    fine = bool(named)
    for item_id in named:
        if item_id not in ids:
            mend = did_you_mean(item_id, ids)
            spec.report((*path, "items"), "unknown-item", f"There is no item {item_id!r}.", mend)
            fine = False
        elif named.count(item_id) > 1:
            what, mend = f"Item {item_id!r} is listed twice.", "List it once."
            spec.report((*path, "items"), "item-twice", what, mend)
            return False
        elif item_id in spec.item_scales and not spec.item_scales[item_id].scored:
            what = f"The answers to {item_id!r} are not scored, so it cannot be part of a score."
            spec.report((*path, "items"), "unscored-item", what, "Take it out, or give values.")
            fine = False
    return fine and all(item_id in spec.item_scales for item_id in spec.inputs(entry))


def _score_range(spec: Spec, score: Mapping[str, Any], path: Path) -> None:
    scales = [spec.item_scales[item_id] for item_id in spec.inputs(score)]
    if len({scale.units for scale in scales}) > 1:
        mend = "Score items of one step together."
        spec.report((*path, "items"), "mixed-steps", "These items have different steps.", mend)
    bounds = spec.vocabulary.scoring[score["method"]].bounds
    if bounds is None:
        return
    times = score.get("times", 1)
    low, high = (bound * times for bound in bounds(scales, score))
    given_low, given_high = score["range"]
    if abs(low - given_low) > 1e-9 or abs(high - given_high) > 1e-9:
        what = f"The range says {given_low} to {given_high}, but the items give {low:g} to {high:g}."
        mend = "Correct the range, the items, the method or `times`."
        spec.report((*path, "range"), "range-wrong", what, mend)


def _missing(spec: Spec, score: Mapping[str, Any], path: Path) -> None:
    n_items = len(spec.inputs(score))
    policies = {"missing": score.get("missing")} | score.get("missing_options", {})
    for name, policy in policies.items():
        if policy is None:
            continue
        place = (*path, "missing") if name == "missing" else (*path, "missing_options", name)
        if ("at_least" in policy) == ("at_most" in policy):
            mend = "Write one of: at_most (missing) or at_least (answered)."
            spec.report(place, "missing-policy", "It is not clear how many may be missing.", mend)
            continue
        needed = policy.get("at_least", n_items - policy.get("at_most", 0))
        if not 1 <= needed <= n_items:
            what = f"This asks for {needed} answers of {n_items} items."
            spec.report(place, "missing-policy", what, f"Stay between 1 and {n_items} answers.")
        if needed < n_items and score["method"] != "mean" and "then" not in policy:
            mend = "Add `then: prorate` or `then: sum_of_known`."
            spec.report(place, "missing-policy", "It is not said what is done with a gap.", mend)
        if "source" not in policy and "source" not in score:
            _no_source(spec, place, "This missing-answer policy")


def _bands(spec: Spec, score: Mapping[str, Any], path: Path) -> None:
    bands = score.get("bands")
    if bands is None:
        return
    path = (*path, "bands")
    if "bands_source" not in score and "source" not in score:
        _no_source(spec, path, "This set of bands")
    sets = (
        [((*path,), bands)]
        if isinstance(bands, list)
        else [((*path, "rows", n, "bands"), row["bands"]) for n, row in enumerate(bands["rows"])]
    )
    low, high = score["range"]
    for place, entries in sets:
        previous = None
        for index, band in enumerate(entries):
            start = band["from"]
            if not low <= start <= high:
                what = f"The band {band['label']!r} starts at {start}, outside {low} to {high}."
                spec.report((*place, index), "band-outside", what, "Correct its start or the range.")
            if previous is not None and start <= previous:
                what = f"The band {band['label']!r} overlaps the one before it."
                spec.report((*place, index), "band-overlap", what, "Let the starts go up.")
            previous = start


def _rules(spec: Spec) -> None:
    _unique(spec, "change_rules", spec.rules, ())
    scores = [score["id"] for score in spec.scores.values()]
    defaults: set[str] = set()
    for index, rule in spec.rules.items():
        path: Path = ("change_rules", index)
        if ("score" in rule) == ("items" in rule):
            mend = "Give either `score:` or `items:`."
            spec.report(path, "rule-subject", f"It is not clear what {rule['id']!r} judges.", mend)
        target = rule.get("score", "items")
        if "score" in rule and target not in scores:
            mend = did_you_mean(target, scores)
            spec.report((*path, "score"), "unknown-score", f"There is no score {target!r}.", mend)
        _known_items(spec, rule, path)
        if rule.get("default"):
            if target in defaults:
                what = f"{target!r} has two default change rules."
                spec.report((*path, "default"), "two-defaults", what, "Keep one default.")
            defaults.add(target)
            source = spec._mapping("sources").get(rule["source"])
            if isinstance(source, Mapping) and source.get("status") == "unverified":
                what = f"The default rule {rule['id']!r} rests on an unverified source."
                mend = "Verify it, or make another rule the default."
                spec.report((*path, "default"), "unverified-default", what, mend)


def _unused_items(spec: Spec) -> None:
    if not spec.scores or not spec.complete or not spec.document.sound(("scores",)):
        return
    used = {item_id for score in spec.scores.values() for item_id in spec.inputs(score)}
    for index, item in spec.items.items():
        if item["id"] in spec.counted() and item["id"] not in used:
            mend = "Add it to a score, or write `scored: false` on it."
            what = f"No score uses item {item['id']!r}."
            spec.report(("items", index), "unused", what, mend)


def _derivations(spec: Spec) -> None:
    if not spec.document.sound(("derivations",)):
        return
    ids = [item["id"] for item in spec.items.values()]
    for index, derivation in enumerate(spec.data.get("derivations", ())):
        for own in derivation["items"]:
            if own not in ids:
                path: Path = ("derivations", index, "items", own)
                spec.report(path, "unknown-item", f"There is no item {own!r}.", did_you_mean(own, ids))


def _sources(spec: Spec) -> None:
    known = spec._mapping("sources")
    used: set[Any] = set()
    for path, name in _named_sources(spec.data, ()):
        used.add(name)
        if name not in known:
            mend = did_you_mean(name, known)
            spec.report(path, "unknown-source", f"There is no source {name!r}.", mend)
    for name in known.keys() - used:
        mend = "Name it where it is relied on, or delete it."
        spec.report(("sources", name), "unused", f"Nothing rests on the source {name!r}.", mend)


def _named_sources(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    entries: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, each in entries:
        if key in ("source", "bands_source") and isinstance(each, str):
            yield (*path, key), each
        elif path or key != "sources":
            yield from _named_sources(each, (*path, key))


def _snomed(spec: Spec) -> None:
    for section, entries in (("items", spec.items), ("scores", spec.scores)):
        for index, entry in entries.items():
            codes = entry.get("codes", {}).get("snomed", [])
            for code in codes if isinstance(codes, list) else [codes]:
                concept = code if isinstance(code, str) else code["id"]
                if not (6 <= len(concept) <= 18 and verhoeff.is_valid(concept)):
                    what = f"{concept} is not a SNOMED CT id: its check digit is wrong."
                    path = (section, index, "codes", "snomed")
                    spec.report(path, "snomed-check-digit", what, "Copy the id again from its source.")


def _unique(
    spec: Spec, section: str, entries: Mapping[int, Mapping[str, Any]], taken: Iterable[str]
) -> None:
    seen = set(taken)
    for index, entry in entries.items():
        if entry["id"] in seen:
            what = f"The id {entry['id']!r} is already taken."
            spec.report((section, index, "id"), "id-twice", what, "Give it a name of its own.")
        seen.add(entry["id"])


CHECKS: tuple[Callable[[Spec], None], ...] = (
    _scales,
    _items,
    _scores,
    _rules,
    _unused_items,
    _derivations,
    _sources,
    _snomed,
)
