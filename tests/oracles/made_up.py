"""Hypothesis strategies for made-up instruments that use all that the spec language has.

Steps of a tenth, negative lows, gaps, codes with other values, letters, weights, lookups, keyed
bands: what no shipped instrument needs today, and some instrument will need tomorrow.
"""

import io
import math
from fractions import Fraction

from hypothesis import strategies as st
from oracles import forms, scoring
from ruamel.yaml import YAML


HEAD = {
    "romframe": 1,
    "id": "made_up",
    "version": "1",
    "name": "Made up",
    "type": "prom",
    "raters": ["service_user"],
    "licence": {"owner": "nobody", "terms": "none", "wording": "ships"},
}
SOURCE = {"invented": {"cite": "invented for a test", "status": "local"}}
METHODS = ["sum", "mean", "weighted_sum", "count_at_least", "highest", "lowest"]
TIMES = [1, 1, 10, 2.5, 0.1, 4.35, 25]
MISSING = {99: "not_known", "NK": "not_known", "DE": "declined", "NA": "not_applicable"}


def dump(spec):
    """Write a spec as YAML."""
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(spec, stream)
    return stream.getvalue()


@st.composite
def scales(draw):
    kind = draw(st.sampled_from(["whole", "gaps", "values", "letters", "range"]))
    if kind == "range":
        step = draw(st.sampled_from([1, 2, 5, 2.5, 0.5, 0.25, 0.1]))
        low = draw(st.sampled_from([0, 0, 1, -3, -10, 0.5]))
        steps = draw(st.integers(1, 20))
        high = Fraction(str(low)) + Fraction(str(step)) * steps
        scale = {"range": [low, forms.number(high)], "step": step}
    else:
        size = draw(st.integers(2, 6))
        codes = draw(_codes(kind, size))
        scale = {"codes": codes}
    chosen = draw(st.sets(st.sampled_from(list(MISSING)), max_size=2))
    if chosen:
        scale["missing"] = {code: MISSING[code] for code in MISSING if code in chosen}
    return scale


@st.composite
def _codes(draw, kind, size):
    if kind == "whole":
        low = draw(st.sampled_from([0, 0, 1, -2]))
        return {code: f"answer {code}" for code in range(low, low + size)}
    if kind == "gaps":
        codes = draw(st.sets(st.integers(-5, 12), min_size=size, max_size=size))
        return {code: f"answer {code}" for code in sorted(codes)}
    several = st.lists(st.integers(-3, 6), min_size=size, max_size=size)
    values = draw(several.filter(lambda each: len(set(each)) > 1))
    names = "ABCDEF"[:size] if kind == "letters" else range(1, size + 1)
    return {
        code: {"label": f"answer {code}", "value": value}
        for code, value in zip(names, values, strict=True)
    }


def units(scale):
    """Give how many whole units make 1."""
    low, high = scoring.ends(scale)
    step = scoring.exact(scale.get("step", 1))
    values = scoring.values_of(scale).values()
    return math.lcm(*(each.denominator for each in (low, high, step, *values)))


def bounds(method, ends, score):
    """Give the lowest and highest number a method can give for items with these ends."""
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    if method == "sum":
        return sum(lows), sum(highs)
    if method == "count_at_least":
        return 0, len(ends)
    if method == "weighted_sum":
        weights = [scoring.exact(score["weights"].get(name, 1)) for name in score["items"]]
        turned = [sorted((w * a, w * b)) for w, (a, b) in zip(weights, ends, strict=True)]
        return sum(low for low, _ in turned), sum(high for _, high in turned)
    return min(lows), max(highs)


@st.composite
def _item_score(draw, number, spec):
    scale_of = {item["id"]: spec["response_scales"][item["scale"]] for item in spec["items"]}
    first = draw(st.sampled_from(sorted(scale_of)))
    alike = [name for name in scale_of if units(scale_of[name]) == units(scale_of[first])]
    items = draw(st.lists(st.sampled_from(alike), min_size=1, unique=True))
    method = draw(st.sampled_from(METHODS))
    score = {"id": f"score_{number}", "name": "A score", "items": items, "method": method}
    score["source"] = "invented"
    ends = [scoring.ends(scale_of[name]) for name in items]
    if method == "weighted_sum":
        weights = st.sampled_from([0.1, 0.5, 1, 2, 3, -1, 0.25])
        score["weights"] = {name: draw(weights) for name in items}
    if method == "count_at_least":
        score["threshold"] = forms.number(draw(st.sampled_from([high for _, high in ends])))
    score["times"] = draw(st.sampled_from(TIMES))
    score["better"] = draw(st.sampled_from(["lower", "higher"]))
    score["missing"] = draw(_policy(len(items), method))
    if draw(st.booleans()):
        score["missing_options"] = {"other": draw(_policy(len(items), method))}
    low, high = (scoring.exact(score["times"]) * bound for bound in bounds(method, ends, score))
    return _with_range(draw, score, low, high)


def _policy(n_items, method):
    if method == "mean":
        thens = ["mean_of_answered"]
    elif method in ("highest", "lowest"):
        thens = ["mean_of_answered", "sum_of_known"]
    else:
        thens = ["prorate", "sum_of_known"]
    return st.builds(
        lambda at_least, then: {"at_least": at_least, "then": then},
        st.integers(1, n_items),
        st.sampled_from(thens),
    )


def _with_range(draw, score, low, high):
    if low == high:
        high += 1
    score["range"] = [forms.number(low), forms.number(high)]
    tenths = st.integers(0, 10).map(lambda n: low + (high - low) * Fraction(n, 10))
    starts = map(forms.number, sorted(draw(st.lists(tenths, max_size=4, unique=True))))
    bands = [{"from": start, "label": f"band {n}"} for n, start in enumerate(starts)]
    if bands and draw(st.booleans()):
        rows = [{"gender": "F", "bands": bands[:1]}, {"gender": "M", "bands": bands}]
        bands = {"by": ["gender"], "rows": rows}
    if bands:
        score["bands"] = bands
    return score


@st.composite
def _score_of_scores(draw, number, earlier):
    two = ["difference"] if len(earlier) > 1 else []
    method = draw(st.sampled_from(["sum_of_scores", "lookup", *two]))
    size = {"difference": 2, "lookup": 1}.get(method) or draw(st.integers(1, len(earlier)))
    of = draw(st.lists(st.sampled_from(sorted(earlier)), min_size=size, max_size=size, unique=True))
    score = {"id": f"score_{number}", "name": "A score", "of": of, "method": method}
    score |= {"better": "lower", "source": "invented", "times": draw(st.sampled_from(TIMES))}
    if method == "lookup":
        keys = draw(st.sets(st.integers(-5, 40), min_size=1, max_size=20))
        score["table"] = {key: draw(st.sampled_from([0, 1.5, 26.02, -3])) for key in sorted(keys)}
        if draw(st.booleans()):
            score["round"] = "half_up"
    if method == "sum_of_scores":
        times = scoring.exact(score["times"])
        ends = [sum(scoring.exact(earlier[name][end]) for name in of) * times for end in (0, 1)]
        return _with_range(draw, score, *ends)
    return _with_range(draw, score, Fraction(-50), Fraction(50))


@st.composite
def specs(draw):
    """An instrument with two to five items, one to four scores, and scores of those."""
    spec = dict(HEAD)
    drawn = draw(st.lists(scales(), min_size=1, max_size=3))
    spec["response_scales"] = {f"scale_{n}": scale for n, scale in enumerate(drawn)}
    names = sorted(spec["response_scales"])
    n_items = draw(st.integers(max(2, len(names)), 5))
    used = names + draw(st.lists(st.sampled_from(names), min_size=n_items - len(names), max_size=5))
    spec["items"] = [
        {"id": f"q{n}", "label": "an item", "scale": scale, "reversed": draw(st.booleans())}
        for n, scale in enumerate(used, 1)
    ]
    spec["scores"] = [draw(_item_score(n, spec)) for n in range(draw(st.integers(1, 4)))]
    for n in range(draw(st.integers(0, 2))):
        earlier = {score["id"]: score["range"] for score in spec["scores"]}
        spec["scores"].append(draw(_score_of_scores(len(spec["scores"]) + n, earlier)))
    _count_only_what_is_used(spec)
    spec["sources"] = SOURCE
    return spec


def _count_only_what_is_used(spec):
    used = {name for score in spec["scores"] for name in score.get("items", ())}
    for item in spec["items"]:
        if item["id"] not in used:
            item["scored"] = False
