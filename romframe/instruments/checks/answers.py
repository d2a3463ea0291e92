"""Checks of what may be answered: response scales and items."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from romframe.draft import Entry
from romframe.instruments import build
from romframe.instruments.checks.spec import Spec
from romframe.instruments.checks.thresholds import check_alert, check_band_set
from romframe.instruments.model import ResponseScale
from romframe.yaml_source import Path


_COLUMNS_BESIDE_ITEMS = """
    answered assessment_id band care_activity_id care_professional_id closed_on completed_at consent
    content_digest evidence
    goal_id policy
    import_batch_id instrument month outcome outcome_reason pathway purpose rater rater_kind reason
    received_on recorded_at referral_id required return_id row row_key score service_user_id setting
    source_id states status superseded_by supersedes team timepoint value version
"""
RESERVED = frozenset(_COLUMNS_BESIDE_ITEMS.split())
LARGEST = 1_000_000
FINEST = 1000  # parts of a point
_MEANING = {"kind", "missing", "counts_as", "bands", "bands_source", "source", "not_sent"}
_KEYS = {
    "coded": {"codes", "scored", "sent_as", *_MEANING},
    "number": {"range", "step", *_MEANING},
    "text": {"kind", "source"},
}


def check_scales(spec: Spec) -> None:
    """Report response scales that allow nothing, or too much."""
    for name, given in spec.section("response_scales").items():
        path: Path = ("response_scales", name)
        if spec.document.sound(path) and _kind(spec, path, given):
            _check_values(spec, path, given, build.scale(name, given))


def _kind(spec: Spec, path: Path, given: Entry) -> bool:
    """Report a scale whose keys do not say what kind it is; say whether they do."""
    shown = [kind for kind, key in (("coded", "codes"), ("number", "range")) if key in given]
    kinds = set(shown) | ({given["kind"]} if "kind" in given else set())
    if len(kinds) != 1 or (not shown and kinds != {"text"}):
        mend = "Give it exactly one of: codes, range, or kind: text."
        spec.report(path, "scale-kind", f"It is not clear what answers {path[-1]!r} allows.", mend)
        return False
    (kind,) = kinds
    for key in given:
        if key not in _KEYS[kind]:
            what = f"{key!r} means nothing for answers of the kind {kind}."
            mend = "Delete it; to leave an item out of scores, write `scored: false` on the item."
            spec.report((*path, key), "scale-key", what, mend)
    return True


def _values_mend(scale: ResponseScale) -> str:
    for option in scale.options:
        if option.value is None and str(option.code).isdecimal():
            return f"Write {option.code} without quotes: in quotes it is text, without a value."
    return "Give a value to every code or to none."


def _check_values(spec: Spec, path: Path, given: Entry, scale: ResponseScale) -> None:
    _check_codes(spec, path, given)
    values = {option.value is None for option in scale.options}
    if len(values) > 1 and spec.document.sound(path):
        what = "Some codes have values and some have not."
        spec.report((*path, "codes"), "scale-values", what, _values_mend(scale))
    if scale.kind == "number" and scale.low is not None and scale.high is not None:
        _check_range(spec, path, scale.low, scale.high, scale.step)
    if spec.document.sound(path) and scale.units > FINEST:
        what = f"The values go down to parts smaller than 1/{FINEST}."
        spec.report(path, "scale-step", what, "Count in larger units, or round the values.")
    if spec.document.sound(path):
        _check_stand_ins(spec, path, given, scale)
        _check_meaning(spec, path, given, scale)
        _check_sent(spec, (*path, "sent_as"), given)
    if any(abs(each) > LARGEST for each in (scale.low or 0, scale.high or 0)):
        key = "codes" if "codes" in given else "range"
        what = f"The values go beyond {LARGEST}."
        spec.report((*path, key), "scale-size", what, "Count in larger units.")


def _check_stand_ins(spec: Spec, path: Path, given: Entry, scale: ResponseScale) -> None:
    """Report a value for a gap that has no code here, or that no answer could have."""
    states = {state for _, state in scale.missing}
    for state, value in given.get("counts_as", {}).items():
        place = (*path, "counts_as", state)
        if state not in states:
            what = f"No code of this scale stands for {state}."
            spec.report(place, "stand-in", what, f"Add a code for {state} under `missing:`.")
        elif scale.low is None or scale.high is None or not scale.low <= value <= scale.high:
            what = f"{value} is not a value that an answer could have."
            spec.report(place, "stand-in", what, "Write a value between the lowest and highest.")
    if "counts_as" in given and "source" not in given:
        spec.no_source((*path, "counts_as"), "A value for a gap")


def _check_meaning(spec: Spec, path: Path, given: Entry, scale: ResponseScale) -> None:
    """Report bands of single answers that overlap, lie outside the scale, or have no source."""
    if "bands" not in given:
        return
    if scale.low is None or scale.high is None:
        what = "Bands need answers that are numbers."
        spec.report((*path, "bands"), "no-bands", what, "Give the codes values, or delete them.")
        return
    check_band_set(spec, (*path, "bands"), given["bands"], [scale.low, scale.high])
    if "bands_source" not in given and "source" not in given:
        spec.no_source((*path, "bands"), "This set of bands")


def _check_sent(spec: Spec, path: Path, given: Entry) -> None:
    """Report answers that would be sent in a way that nobody could read back."""
    sent = given.get("sent_as", {})
    if not sent:
        return
    for code in sent:
        if code not in given["codes"]:
            what = f"{code!r} is not a code of this scale."
            spec.report((*path, code), "unknown-code", what, "Write the codes that it lists.")
    without = [code for code in given["codes"] if code not in sent]
    if without or len({str(each) for each in sent.values()}) < len(sent):
        what = "Not every answer is sent as something of its own."
        spec.report(path, "sent-as", what, "Give each code of the scale one, all different.")
    if "not_sent" in given:
        what = "It is said how answers are sent, and that they are not."
        spec.report(path, "sent-as", what, "Keep `sent_as` or `not_sent`.")


def _check_range(spec: Spec, path: Path, low: float, high: float, step: float) -> None:
    if low >= high:
        what, mend = "The range does not go up.", "Write [low, high]."
        spec.report((*path, "range"), "range-order", what, mend)
    elif (Fraction(str(high)) - Fraction(str(low))) % Fraction(str(step)):
        mend = "Use a step such as 1, 0.5 or 0.1 that leads from the low end to the high end."
        spec.report((*path, "step"), "scale-step", "The step does not fit the range.", mend)


def _check_codes(spec: Spec, path: Path, given: Entry) -> None:
    """Report codes that data could not tell apart: in a file they are all text."""
    seen: set[str] = set()
    for key in ("codes", "missing"):
        for code in given.get(key, {}):
            text = str(code)
            place = (*path, key, code)
            if not text or text != text.strip():
                what = f"The code {text!r} begins or ends with a blank, or is one."
                mend = "Write it without; an empty cell is a blank answer anyway."
                spec.report(place, "code-form", what, mend)
            if text in seen or (key == "missing" and _within(code, given)):
                what = f"The code {code!r} stands for two answers, or for an answer and a gap."
                spec.report(place, "code-twice", what, "Keep it in one place.")
            seen.add(text)


def _within(code: Any, given: Entry) -> bool:
    low, high = given.get("range", (1, 0))
    return isinstance(code, int) and bool(low <= code <= high)


def check_items(spec: Spec) -> None:
    """Report items that refer to what is not there, or ask for what their answers cannot give."""
    spec.unique(spec.entries("items"), RESERVED)
    for path, item in list(spec.entries("items")):
        if spec.unknown((*path, "scale"), "unknown-scale", item["scale"], "response_scales"):
            continue
        scale = spec.scale(item)
        if scale is None:
            continue
        if item.get("reversed") and not scale.scored:
            what = f"Item {item['id']!r} is reversed, but its answers have no numeric range."
            mend = "Give the codes values, or delete `reversed`."
            spec.report((*path, "reversed"), "reversal-without-range", what, mend)
        check_alert(spec, path, item, scale.low, scale.high)
        _check_condition(spec, path, item)
        _check_sides(spec, path, item)


def _check_sides(spec: Spec, path: Path, item: Entry) -> None:
    """Report good or bad answers that the item does not have, or that are both."""
    scale = spec.section("response_scales")[item["scale"]]
    good = item.get("favourable")
    for key in ("favourable", "unfavourable"):
        listed = item.get(key)
        for index, code in enumerate(listed if isinstance(listed, list) else ()):
            if not _allows(scale, code):
                what = f"{code!r} is not an answer to {item['id']!r}."
                mend = "Write codes that its response scale lists."
                spec.report((*path, key, index), "unknown-code", what, mend)
    if "unfavourable" in item and not isinstance(good, list):
        what = "The bad answers are listed, but not the good ones."
        spec.report(
            (*path, "unfavourable"), "answer-sides", what, "List codes under `favourable:` too."
        )
    elif isinstance(good, list) and set(good) & set(item.get("unfavourable", ())):
        what = "An answer is listed as good and as bad."
        spec.report((*path, "unfavourable"), "answer-sides", what, "Keep it in one of the two.")


def check_codings(spec: Spec) -> None:
    """Report codings that are built in, that turn nothing, or that shift no answer."""
    turned = any(item.get("reversed") for _, item in spec.entries("items"))
    for name, coding in spec.section("codings").items():
        path: Path = ("codings", name)
        if not spec.document.sound(path):
            continue
        if name in ("position", "scored", "stored"):
            what = f"{name!r} is a coding that every instrument has."
            spec.report(path, "id-twice", what, "Give this one another name.")
        elif coding.get("like") == "position" and not turned:
            what = "No item is turned, so there are no positions that differ from the values."
            spec.report((*path, "like"), "coding-empty", what, "Write `like: scored`.")
        elif not coding:
            what = "This coding says nothing."
            spec.report(
                path, "coding-empty", what, "Say what it adds, or how it is called: add, note."
            )


def _check_condition(spec: Spec, path: Path, item: Entry) -> None:
    when = item.get("required_when")
    if when is None:
        return
    path = (*path, "required_when")
    if when["item"] == item["id"]:
        mend = "Name another item."
        spec.report((*path, "item"), "own-condition", "An item cannot wait for itself.", mend)
    elif not spec.unknown((*path, "item"), "unknown-item", when["item"], "items"):
        asked = spec.item(when["item"])
        sound = asked is not None and spec.scale(asked) is not None
        scale = spec.section("response_scales")[asked["scale"]] if asked and sound else {}
        for index, code in enumerate(when["codes"]):
            if not _allows(scale, code):
                what = f"{code!r} is not an answer to {when['item']!r}."
                mend = "Write codes that its response scale lists."
                spec.report((*path, "codes", index), "unknown-code", what, mend)


def _allows(scale: Mapping[str, Any], code: Any) -> bool:
    if "codes" in scale:
        return code in scale["codes"]
    return "range" not in scale or _within(code, scale)
