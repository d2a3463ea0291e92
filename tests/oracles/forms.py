"""Hypothesis strategies for made-up forms, drawn from a spec's YAML alone."""

from hypothesis import strategies as st
from oracles import scoring


BLANKS = (None, "", " ", "\t")


def answers(scale):
    """Every code that a scale allows."""
    if "range" not in scale:
        return list(scale["codes"])
    low, high = scoring.ends(scale)
    step = scoring.exact(scale.get("step", 1))
    steps = int((high - low) / step)
    return [number(low + n * step) for n in range(steps + 1)]


def number(fraction):
    return int(fraction) if fraction.denominator == 1 else float(fraction)


def cells(scale, *, missing=True, invalid=False):
    """One answer: allowed, or blank or a missing code, or something the scale does not allow."""
    pools = [st.sampled_from(answers(scale))] * 3
    if missing:
        pools.append(st.sampled_from([None, *scale.get("missing", {})]))
    if invalid:
        pools.append(st.sampled_from([-99, 98, 2.5001]))
    return st.one_of(pools)


def rows(spec, **options):
    """Forms with an answer of some kind to every item."""
    scales = spec["response_scales"]
    return st.fixed_dictionaries(
        {item["id"]: cells(scales[item["scale"]], **options) for item in spec["items"]}
    )


def as_text(row):
    """The same form as a CSV file holds it."""
    return {name: "" if cell is None else str(cell) for name, cell in row.items()}
