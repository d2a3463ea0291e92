"""Any valid spec loads, survives being written and read again, and is known by its content."""

import io
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from romframe.errors import SpecError
from romframe.instruments.loader import dump_instrument


relaxed = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TRICKY = [
    "no",
    "~",
    "012",
    "1_000",
    "0x1F",
    "12:30",
    "- a",
    "a: b",
    "#1",
    "'",
    '"',
    "* x",
    "1e5",
    "a\n\n b",
]
text = st.sampled_from(TRICKY) | st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30
).filter(str.strip)
number = st.integers(-50, 50) | st.sampled_from([0.5, 2.25, -1.5, 9.9, 3.0])
locales = st.dictionaries(st.sampled_from(["cy", "pt-BR", "no"]), text, min_size=1, max_size=2)
snomed = st.sampled_from(["718583008", "979641000000103"])
codes = st.fixed_dictionaries(
    {},
    optional={
        "snomed": snomed
        | st.lists(
            snomed
            | st.fixed_dictionaries(
                {"id": snomed},
                optional={"from": st.just("2023-04-01"), "to": st.just("2024-04-01")},
            ),
            min_size=1,
            max_size=2,
        ),
        "loinc": st.just("44250-9"),
    },
).filter(bool)
states = st.sampled_from(["not_known", "not_applicable", "declined", "blank"])
missing = st.dictionaries(st.sampled_from([90, 91, "X", "DK"]), states, min_size=1, max_size=3)


def optional(draw, entry, **values):
    """Add each of some keys, or leave it out."""
    for key, value in values.items():
        if draw(st.booleans()):
            entry[key] = draw(value) if isinstance(value, st.SearchStrategy) else value


def alert(low, high):
    return st.fixed_dictionaries(
        {"at_least": st.sampled_from([low, high]), "text": text, "source": st.just("s1")}
    )


@st.composite
def scales(draw):
    labelled = {0: draw(text), 1: {"label": draw(text), "labels": draw(locales)}, 3: draw(text)}
    letters = {
        letter: {"label": draw(text), "value": value}
        for letter, value in zip("FAIR", draw(st.permutations([4, 3, 2, 1])), strict=True)
    }
    ordered = dict.fromkeys(draw(st.permutations(["SA", "A", "D", "SD"])), draw(text))
    found = {
        "coded": {"codes": labelled},
        "letters": {"codes": letters},
        "ordered": {"codes": ordered},
        "unscored": {"codes": dict(labelled), "scored": False},
        "ruler": {"range": [0, 10], "step": draw(st.sampled_from([1, 0.5, 0.1, 2.5]))},
        "words": {"kind": "text"},
    }
    for name in ("coded", "letters", "ordered", "ruler"):
        optional(draw, found[name], missing=missing)
    return found


@st.composite
def items(draw):
    kinds = ["coded", "coded", "letters", "ordered", "unscored", "ruler", "words"]
    found = []
    for number_, scale in enumerate(kinds, 1):
        item = {"id": f"q{number_}", "label": draw(text), "scale": scale}
        optional(draw, item, note=text, notes=locales, labels=locales, section=text)
        optional(draw, item, codes=codes, favourable=st.sampled_from(["low", "high"]))
        optional(draw, item, required=st.booleans())
        if scale in ("coded", "letters"):
            optional(draw, item, reversed=st.booleans(), alert=alert(1, 3))
        found.append(item)
    optional(draw, found[-1], required_when={"item": "q1", "codes": [1, 3]})
    return found


GAP = st.sampled_from([{"at_most": 1, "then": "prorate"}, {"at_least": 1, "then": "sum_of_known"}])


@st.composite
def scores(draw):
    total = {"id": "total", "name": draw(text), "items": ["q1", "q2", "q3"], "method": "sum"}
    total |= {"range": [1, 10], "better": draw(st.sampled_from(["lower", "higher"]))}
    total |= {"source": "s1", "missing": {**draw(GAP), "policy": "own"}}
    optional(draw, total, missing_options={"strict": {"at_most": 0}}, codes=codes, note=text)
    optional(draw, total, alert=alert(1, 10), decimals=st.integers(0, 3))
    bands = [{"from": 1, "label": draw(text)}, {"from": 4.5, "label": draw(text)}]
    by_age = [{"age": [0, 17], "bands": bands}, {"age": [18, 99], "bands": bands[:1]}]
    optional(draw, total, bands=st.sampled_from([bands, {"by": ["age"], "rows": by_age}]))
    if "bands" in total:
        optional(draw, total, bands_source="s2")
    clinical = {"id": "clinical", "name": "C", "items": {"all_except": ["q3", "q6"]}}
    clinical |= {"method": "mean", "times": 10, "range": [0, 30], "better": "lower"}
    optional(draw, clinical, missing={"at_most": 1, "source": "s1"}, on_request=st.booleans())
    rest = [
        {"id": "ruler", "name": "R", "items": ["q6"], "method": "highest", "range": [0, 10]},
        {"id": "gap", "name": "G", "of": ["total", "ruler"], "method": "difference"}
        | {"range": [-9, 10]},
        {"id": "metric", "name": "M", "of": ["total"], "method": "lookup", "range": [0, 1]}
        | {"table": {n: n / 10 for n in range(1, 11)}, "round": "half_up"},
        {"id": "heavy", "name": "H", "items": ["q1", "q2"], "method": "weighted_sum"}
        | {"weights": {"q1": draw(number), "q2": 0.5}, "range": [-150, 150]},
        {"id": "high", "name": "N", "items": ["q1", "q2"], "method": "count_at_least"}
        | {"threshold": 2, "range": [0, 2], "source": "s1"},
    ]
    return [total, clinical, *({**score, "better": "neither"} for score in rest)]


@st.composite
def change_rules(draw, better):
    side = "at_least" if better == "lower" else "at_most"
    rows = [
        {"age": [0, 17], "gender": "female", "value": 3},
        {"age": [0, 17], "gender": "male", "value": draw(st.sampled_from([4, 4.5]))},
    ]
    norms = {"criterion": "c", "clinical_mean": 7, "clinical_sd": 2, "functional_mean": 4}
    found = [
        {"id": "r1", "score": "total", "method": "reliable", "reliable": {"more_than": 5.66}},
        {"id": "r2", "score": "total", "method": "reliable_and_clinical", "default": True}
        | {"reliable": {"sd": 7.7, "reliability": 0.9}, "population": draw(text)}
        | {"cut_off": {**norms, "functional_sd": 1, "clinical": side}},
        {"id": "r3", "score": "total", "method": "clinical"}
        | {"cut_off": {"by": ["age", "gender"], "rows": rows, "clinical": side}},
        {"id": "r4", "items": ["q1", "q2"], "method": "categorical", "high": {"at_least": 2}}
        | {"default": True},
        {"id": "r5", "score": "total", "method": "percentage", "improved": 50},
        {"id": "r6", "score": "total", "method": "anchor", "important": {"at_least": 3}},
        {"id": "r7", "score": "total", "method": "hageman_arrindell", "reliability": 0.8}
        | {"first": {"mean": 7, "sd": 2.5}, "last": {"mean": 4, "sd": 2}, "correlation": 0.5},
        {"id": "r8", "score": "total", "method": "two_measures", "reliable": {"at_least": 3}}
        | {"cut_off": {"value": 4, "clinical": side}}
        | {"with": {"instrument": "other", "score": "total", "rule": "alone"}},
        {"id": "r9", "score": "total", "method": "per_goal", "reliable": {"at_least": 3}},
    ]
    return [{**rule, "source": "s2"} for rule in draw(st.permutations(found))]


@st.composite
def specs(draw):
    spec = {
        "romframe": 1,
        "id": "a_measure",
        "version": draw(text),
        "name": draw(text),
        "type": draw(st.sampled_from(["crom", "prom", "prem", "goal"])),
        "raters": draw(st.sampled_from([["service_user"], ["clinician", "team"]])),
        "licence": {"owner": draw(text), "terms": draw(text), "wording": "site_supplied"},
        "response_scales": draw(scales()),
        "items": draw(items()),
        "sources": {
            "s1": {"cite": draw(text), "status": "local", "url": draw(text)},
            "s2": {"cite": draw(text), "status": draw(st.sampled_from(["verified", "secondary"]))},
        },
    }
    optional(draw, spec, recall=text, locale="cy", note=text, minutes=st.sampled_from([3, 2.5]))
    optional(draw, spec, storage=st.sampled_from(["identified", "anonymous", "either"]))
    optional(draw, spec, repeats={"by": "goal_id", "at_most": 10, "states": ["active", "met"]})
    spec["derivations"] = [{"from": "other", "items": {"q1": "q7"}, "source": "s1"}]
    if draw(st.booleans()):
        spec["scores"] = draw(scores())
        spec["change_rules"] = draw(change_rules(spec["scores"][0]["better"]))
    else:
        spec |= {"scores": [], "totals": {"forbidden": draw(text)}}
        spec["derivations"].append({"from": "third", "items": {"q2": "q7"}, "source": "s2"})
    return spec


def write(data, indent=2):
    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False
    yaml.default_flow_style = False
    yaml.map_indent = indent
    yaml.representer.ignore_aliases = lambda *_: True
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


@relaxed
@given(specs())
def test_every_valid_spec_loads_and_writing_loses_nothing(load, spec):
    instrument = load(write(spec))
    assert instrument.document == spec
    again = load(dump_instrument(instrument))
    assert again == instrument
    assert again.document == spec


def shuffled(value, randomness, key=None):
    """Give the same content with its keys in another order; the order of answers is content."""
    if isinstance(value, dict):
        pairs = [(k, shuffled(v, randomness, k)) for k, v in value.items()]
        return dict(pairs if key == "codes" else randomness.sample(pairs, len(pairs)))
    if isinstance(value, list):
        return [shuffled(each, randomness) for each in value]
    return value


@relaxed
@given(specs(), st.integers(0, 1000))
def test_order_of_keys_and_layout_do_not_change_the_digest(load, spec, seed):
    instrument = load(write(spec))
    moved = shuffled(spec, random.Random(seed))
    written = "# a comment\n" + write(moved, indent=7)
    assert load(written).digest == instrument.digest


@relaxed
@given(specs(), text)
def test_a_change_of_content_changes_the_digest(load, spec, name):
    instrument = load(write(spec))
    changed = load(write({**spec, "name": f"{spec['name']} {name}x"}))
    assert changed.digest != instrument.digest


junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6),
    st.sampled_from(["", " ", "q1", "total", "all", "at_least", "s1", "text", "x|y"]),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"a": 1}),
    st.just([1, "a", None, {}]),
    st.just({1: {2: []}}),
)


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in pairs:
            yield from places(each, (*path, key))


def spoil(value, path, change):
    """Give a copy of the data in which what stands at `path` is changed."""
    if not path:
        return change(value)
    first, *rest = path
    copy = value.copy()
    copy[first] = spoil(value[first], rest, change)
    return copy


@settings(relaxed, max_examples=40)
@given(specs(), st.data())
def test_spoilt_specs_are_refused_with_places_and_never_crash(load, spec, data):
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(spec))))
        replacement = data.draw(junk)
        spec = spoil(spec, path, lambda _, new=replacement: new)
    try:
        load(write(spec))
    except SpecError as error:
        for problem in error.problems:
            assert problem.mend
            assert problem.what.endswith((".", "?"))
            assert problem.place.line >= 1
            assert problem.place.column >= 1


@settings(relaxed, max_examples=40)
@given(specs(), st.data())
def test_spoilt_text_is_refused_with_places_and_never_crashes(load, spec, data):
    whole = write(spec)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 5)))
    middle = data.draw(st.text(st.sampled_from("{}[]:,-\"'#&*!|>%@`\t\n ?0_~\x00é"), max_size=4))
    try:
        load(whole[:start] + middle + whole[end:])
    except SpecError as error:
        assert all(problem.mend and problem.place.line for problem in error.problems)
