"""Scores worked out a second time: one answer at a time, in fractions, from the YAML alone.

Nothing here comes from romframe. The rules are those of docs/spec.md, written as a person would
work them out on paper; where this and romframe disagree, one of them is wrong.
"""

import math
import re
from fractions import Fraction
from pathlib import Path

from ruamel.yaml import YAML


PARTS = ("value", "status", "reason", "answered", "required", "band", "policy", "evidence")
LOCAL = {"status": "local"}
WEAKEST_LAST = ("verified", "secondary", "local", "unverified")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def load(path):
    """Read a spec as plain dicts and lists."""
    return parse(Path(path).read_text(encoding="utf-8"))


def parse(text):
    return YAML(typ="safe", pure=True).load(text)


def exact(number):
    """Give the fraction that a decimal number stands for."""
    return Fraction(str(number))


def values_of(scale):
    """Give what the answers of a scale count, by code; empty where they do not count."""
    if scale.get("scored", True) is False:
        return {}
    values = {}
    for code, option in scale.get("codes", {}).items():
        value = option.get("value") if isinstance(option, dict) else None
        if value is None and isinstance(code, int):
            value = code
        if value is not None:
            values[code] = exact(value)
    return values


def ends(scale):
    """Give the lowest and the highest value of a scale, or None where answers do not count."""
    if "range" in scale:
        return tuple(exact(end) for end in scale["range"])
    values = values_of(scale).values()
    return (min(values), max(values)) if values else None


def counted(spec):
    """Give the ids of the items that `items: all` stands for."""
    scales = spec["response_scales"]
    return [
        item["id"]
        for item in spec["items"]
        if item.get("scored", True) and ends(scales[item["scale"]]) is not None
    ]


def inputs(spec, wanted):
    """Give the item ids that a score's `items` stands for."""
    if wanted == "all":
        return counted(spec)
    if isinstance(wanted, dict):
        return [each for each in counted(spec) if each not in wanted["all_except"]]
    return list(wanted or ())


def plain(cell):
    """Give a cell as None, text or a fraction."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str):
        text = cell.strip()
        if text == "":
            return None
        return Fraction(text) if NUMBER.fullmatch(text) else text
    return exact(cell)


def same(code, answer):
    return answer == (exact(code) if isinstance(code, int) else code)


def shifted(coding, scale, answer):
    """Give the code that an answer of a shifted coding stands for."""
    plain_codes = all(code == value for code, value in values_of(scale).items())
    if isinstance(answer, Fraction) and "codes" in scale and plain_codes:
        return answer + coding.get("add", 0)
    return answer


def read(item, scale, cell, coding, codings):
    """Give what one cell is ("answered", a missing state or "invalid"), and its value or None."""
    spec_coding = codings.get(coding, {})
    coding = spec_coding.get("like", "scored") if coding in codings else coding
    answer = plain(cell)
    if answer is None:
        return "blank", None
    for code, state in scale.get("missing", {}).items():
        if same(code, answer):
            stand_in = scale.get("counts_as", {}).get(state)
            return (state, None) if stand_in is None else ("answered", exact(stand_in))
    answer = shifted(spec_coding, scale, answer)
    if "range" in scale:
        low, high = ends(scale)
        step = exact(scale.get("step", 1))
        on_scale = isinstance(answer, Fraction) and low <= answer <= high
        found = answer if on_scale and (answer - low) % step == 0 else None
    else:
        values = values_of(scale)
        found = next((values[code] for code in values if same(code, answer)), None)
    if found is None:
        return "invalid", None
    if item.get("reversed") and coding == "position":
        found = turned(scale, found)
    return "answered", found


def turned(scale, value):
    """Give the value of the box that stands as far from the other end."""
    if "range" in scale:
        return sum(ends(scale)) - value
    values = sorted(set(values_of(scale).values()))
    return values[len(values) - 1 - values.index(value)]


def rests_on(spec, score, policy=None):
    """Give the sources that a score rests on."""
    items = {item["id"]: item for item in spec["items"]}
    scores = {each["id"]: each for each in spec["scores"]}
    named = [spec.get("source"), score.get("source")]
    named += [score.get("bands_source")]
    for name in inputs(spec, score.get("items")):
        named += [
            items[name].get("source"),
            spec["response_scales"][items[name]["scale"]].get("source"),
        ]
    if "items" in score:
        chosen = score.get("missing_options", {}).get(policy, score.get("missing", {}))
        named.append(chosen.get("source"))
    for name in score.get("of", ()):
        named += rests_on(spec, scores[name])
    return [name for name in named if name]


def evidence(spec, score, policy):
    """Give the status of the weakest source that a score rests on."""
    found = [
        spec.get("sources", {}).get(name, LOCAL)["status"] for name in rests_on(spec, score, policy)
    ]
    return max(found, key=WEAKEST_LAST.index, default="local")


def policy_name(score, name):
    """Give the name of the missing-answer policy that holds; a score of scores has none."""
    if "items" not in score:
        return None
    if name in score.get("missing_options", {}):
        return name
    return score.get("missing", {}).get("policy", "default")


def policy_of(score, n_items, name=None):
    """Give how many answers a score needs, and what is done with a gap."""
    chosen = score.get("missing_options", {}).get(name, score.get("missing", {"at_most": 0}))
    needed = chosen["at_least"] if "at_least" in chosen else n_items - chosen["at_most"]
    return needed, chosen.get("then", "mean_of_answered")


def refused(reason, answered, required):
    return verdict(None, "refused", reason, answered, required, None)


def verdict(*parts):
    return dict(zip(PARTS, parts, strict=False))


def score_row(spec, row, coding="scored", policy=None, scores=None):
    """Give the verdict of every score of one row, by score id."""
    verdicts = {}
    for score in spec["scores"]:
        if "across" in score:
            continue
        if "items" in score:
            found = _of_items(spec, score, row, coding, policy)
        else:
            found = _of_scores(score, verdicts, row)
        found["policy"] = policy_name(score, policy)
        found["evidence"] = evidence(spec, score, policy)
        verdicts[score["id"]] = found
    wanted = usual(spec) if scores is None else scores
    return {key: each for key, each in verdicts.items() if key in wanted}


def usual(spec):
    """Give the scores that are given unasked, and those that they are made of."""
    scores = {score["id"]: score for score in spec["scores"]}
    wanted = [key for key, score in scores.items() if not score.get("on_request")]
    for name in wanted:
        wanted += scores[name].get("of", [])
    return wanted


def _of_items(spec, score, row, coding, policy):
    items, scales = {item["id"]: item for item in spec["items"]}, spec["response_scales"]
    names, codings = inputs(spec, score["items"]), spec.get("codings", {})
    read_out = {
        name: read(items[name], scales[items[name]["scale"]], row.get(name), coding, codings)
        for name in names
    }
    known = {name: value for name, (state, value) in read_out.items() if state == "answered"}
    needed, then = policy_of(score, len(names), policy)
    if any(state == "invalid" for state, _ in read_out.values()):
        return refused("invalid_response", len(known), needed)
    if not known:
        return refused("nothing_answered", 0, needed)
    if len(known) < needed:
        return refused("too_many_missing", len(known), needed)
    value = _number(score, names, known, fill=then != "sum_of_known")
    if len(known) == len(names):
        status, reason = "scored", None
    elif then == "sum_of_known":
        status, reason = "scored", "sum_of_known"
    else:
        status, reason = "prorated", "items_missing"
    value *= constant(score)
    if not in_range(score, value):
        return refused("no_value", len(known), needed)
    return verdict(value, status, reason, len(known), needed, band(score, value, row))


def _number(score, names, known, *, fill):
    values = list(known.values())
    scale_up = Fraction(len(names), len(values)) if fill else 1
    method = score["method"]
    if method == "sum":
        return sum(values) * scale_up
    if method == "mean":
        return Fraction(sum(values)) / len(values)
    if method == "count_at_least":
        return sum(value >= exact(score["threshold"]) for value in values) * scale_up
    if method in ("highest", "lowest"):
        return max(values) if method == "highest" else min(values)
    assert method == "weighted_sum", method
    weights = {name: exact(score["weights"].get(name, 1)) for name in names}
    total = sum(weights[name] * value for name, value in known.items())
    stand_in = Fraction(sum(values)) / len(values) if fill else 0
    return total + stand_in * sum(weights[name] for name in names if name not in known)


def _of_scores(score, verdicts, row):
    parts = [verdicts[name] for name in score["of"]]
    answered = sum(part["answered"] for part in parts)
    values = [part["value"] for part in parts]
    if None in values:
        return refused("input_refused", answered, None)
    method = score["method"]
    if method == "difference":
        value = values[0] - values[1]
    elif method == "sum_of_scores":
        value = sum(values)
    elif method == "criteria":
        value = Fraction(
            all(met(score["met"][n], v) for n, v in zip(score["of"], values, strict=True))
        )
    else:
        assert method == "lookup", method
        raw = math.floor(values[0] + Fraction(1, 2)) if score.get("round") else values[0]
        table = {exact(key): exact(each) for key, each in score["table"].items()}
        value = table.get(raw)
    if value is None:
        return refused("no_value", answered, None)
    value *= constant(score)
    if not in_range(score, value):
        return refused("no_value", answered, None)
    reasons = {part["reason"] for part in parts}
    reason = next((each for each in ("items_missing", "sum_of_known") if each in reasons), None)
    status = "prorated" if reason == "items_missing" else "scored"
    return verdict(value, status, reason, answered, None, band(score, value, row))


def met(asked, value):
    low, high = asked.get("at_least"), asked.get("at_most")
    return (low is None or value >= exact(low)) and (high is None or value <= exact(high))


def constant(score):
    return exact(score.get("times", 1)) / exact(score.get("divided_by", 1))


def in_range(score, value):
    """Say whether a number is inside the declared range; scaling up can leave it."""
    low, high = map(exact, score["range"])
    return low <= value <= high


def band(score, value, row):
    """Give the label of the last band that starts at or below the value."""
    bands = score.get("bands", [])
    if isinstance(bands, dict):
        fitting = [each["bands"] for each in bands["rows"] if fits(bands["by"], each, row)]
        bands = fitting[0] if fitting else []
    started = [each["label"] for each in bands if exact(each["from"]) <= value]
    return started[-1] if started else None


def fits(attributes, entry, row):
    """Say whether a row of a table keyed by attributes of the person holds for this person."""
    if any(row.get(name) is None for name in attributes):
        return False
    return all(
        between(wanted, row[name]) if isinstance(wanted, list) else row[name] == wanted
        for name, wanted in entry.items()
        if name not in ("bands", "value")
    )


def between(ends, number):
    """Say whether a number is in a range, counted in whole years where both ends are whole."""
    low, high = ends
    if float(low).is_integer() and float(high).is_integer():
        number = math.floor(number)
    return low <= number <= high
