"""Every number that an instrument's spec answers for: what it is, for whom, and who says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from romframe.change_methods import cut_off_from_norms, reliable_change_index
from romframe.instruments.model import Alert, Band, ChangeRule, Instrument, Keyed, Norm, Score


SIDES = {
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
}


@frozen
class Constant:
    """One constant: what it is of, its value in words with its comparator, and its source.

    `kind` is what sort of constant it is (bands, cut-off, reliable change, norm, ...), `name` the
    id of the rule, cut-off, norm or policy in the spec; `status` is empty where no source is given.
    """

    subject: str
    kind: str
    name: str
    value: str
    population: str
    source: str
    cite: str
    status: str
    note: str


@frozen
class Conflict:
    """Constants of one kind for one subject in which sources differ."""

    subject: str
    kind: str
    constants: tuple[Constant, ...]


def constants(instrument: Instrument) -> list[Constant]:
    """Give every cut-off, band, threshold, norm and missing-answer rule of an instrument."""
    found = [*_of_items(instrument)]
    for score in instrument.scores:
        found += _of_score(instrument, score)
    for cut_off in instrument.cut_offs:
        value = f"{SIDES[cut_off.comparator]} {cut_off.value:g}: {cut_off.means}"
        about = (cut_off.population, cut_off.source, cut_off.note)
        found.append(
            _constant(instrument, cut_off.score, "cut-off of score", cut_off.id, value, about)
        )
    for rule in instrument.change_rules:
        found += _of_rule(instrument, rule)
    for norm in instrument.norms:
        about = (norm.population, norm.source, norm.note)
        found.append(_constant(instrument, norm.score, "norm", norm.id, _figures(norm), about))
    return found


def conflicts(found: Iterable[Constant]) -> list[Conflict]:
    """Give the kinds of constant in which sources say different things of one subject."""
    groups: dict[tuple[str, str], list[Constant]] = defaultdict(list)
    for each in found:
        if each.kind in ("bands", "cut-off of change", "reliable change", "missing answers"):
            groups[each.subject, each.kind].append(each)
    return [
        Conflict(subject, kind, tuple(group))
        for (subject, kind), group in groups.items()
        if len({each.value for each in group}) > 1 and len({each.source for each in group}) > 1
    ]


def _constant(
    instrument: Instrument,
    subject: str,
    kind: str,
    name: str,
    value: str,
    about: tuple[str, str, str],
) -> Constant:
    population, key, note = about
    source = instrument.sources.get(key)
    cite, status = (source.cite, str(source.status)) if source else ("", "")
    notes = [each.rstrip(".") for each in (note, source.note if source else "") if each]
    return Constant(subject, kind, name, value, population, key, cite, status, ". ".join(notes))


def _of_items(instrument: Instrument) -> Iterator[Constant]:
    scales = {item.scale.id: item.scale for item in instrument.items}
    for scale in scales.values():
        if scale.bands:
            about = ("", scale.bands_source, "")
            yield _constant(instrument, scale.id, "answers", "bands", _bands(scale.bands), about)
        for state, value in scale.counts_as.items():
            told = f"{state.replace('_', ' ')} counts {value:g}"
            about = ("", scale.source, "")
            yield _constant(instrument, scale.id, "answers", "counts_as", told, about)
    for item in instrument.items:
        if item.alert:
            yield _alert(instrument, item.id, item.alert)


def _of_score(instrument: Instrument, score: Score) -> Iterator[Constant]:
    for name, bands, source in _band_sets(score):
        yield _constant(instrument, score.id, "bands", name, bands, ("", source, ""))
    if score.alert:
        yield _alert(instrument, score.id, score.alert)
    policies = (*filter(None, [score.missing]), *score.missing_options)
    for policy in policies:
        how = "" if policy.at_least == len(score.items) else f", {policy.then.replace('_', ' ')}"
        value = f"at least {policy.at_least} of {len(score.items)} answered{how}"
        about = ("", policy.source, "")
        yield _constant(instrument, score.id, "missing answers", policy.id, value, about)
    if "threshold" in score.params:
        value, about = f"counts from {score.params['threshold']:g}", ("", score.source, "")
        yield _constant(instrument, score.id, "threshold", score.method, value, about)


def _band_sets(score: Score) -> Iterator[tuple[str, str, str]]:
    if isinstance(score.bands, Keyed):
        for row in score.bands.rows:
            yield _who(row.where), _bands(row.content), score.bands_source
    elif score.bands:
        yield "default", _bands(score.bands), score.bands_source
    for option in score.band_options:
        yield option.id, _bands(option.bands), option.source


def _bands(bands: Iterable[Band]) -> str:
    return ", ".join(f"{band.label} from {band.start:g}" for band in bands)


def _who(where: Iterable[tuple[str, Any]]) -> str:
    return " ".join(
        f"{name} {each[0]:g} to {each[1]:g}" if isinstance(each, tuple) else f"{name} {each}"
        for name, each in where
    )


def _alert(instrument: Instrument, subject: str, alert: Alert) -> Constant:
    side = "at_most" if alert.at_least is None else "at_least"
    value = f"{SIDES[side]} {getattr(alert, side):g}: {alert.text}"
    return _constant(instrument, subject, "alert", "alert", value, ("", alert.source, ""))


def _figures(norm: Norm) -> str:
    known = {"n": norm.n, "mean": norm.mean, "SD": norm.sd, "reliability": norm.reliability}
    return ", ".join(f"{name} {each:g}" for name, each in known.items() if each is not None)


def _of_rule(instrument: Instrument, rule: ChangeRule) -> Iterator[Constant]:
    subject = rule.score or ", ".join(rule.items)
    better = instrument.score(rule.score).better if rule.score else "neither"
    about = (rule.population, rule.source, rule.note)
    for key, params in rule.params.items():
        kind, values = _param(key, params, better)
        for value in values:
            yield _constant(instrument, subject, kind, rule.id, value, about)


def _param(key: str, params: Any, better: Any) -> tuple[str, list[str]]:
    """Give the kind of a change rule's parameter, and its values in words."""
    if key == "reliable":
        return "reliable change", [reliable_in_words(params)]
    if key == "cut_off":
        return "cut-off of change", cut_off_in_words(params, better)
    if isinstance(params, Mapping) and (side := next((s for s in SIDES if s in params), "")):
        return key.replace("_", " "), [f"{SIDES[side]} {params[side]:g}"]
    return key.replace("_", " "), [in_words(params)]


def reliable_in_words(params: Mapping[str, Any]) -> str:
    """Say from which change on it is reliable."""
    side = next((side for side in SIDES if side in params), None)
    if side:
        return f"{SIDES[side]} {params[side]:g}"
    index = reliable_change_index(**params)
    return f"more than {index:.4g} ({in_words(params)})"


def cut_off_in_words(params: Mapping[str, Any], better: Any) -> list[str]:
    """Say where the cut-off is and which side is clinical; one line for each group of people."""
    side = SIDES[params["clinical"]]
    if "rows" in params:
        return [
            f"clinical {side} {row['value']:g} ({_who(_attributes(row))})" for row in params["rows"]
        ]
    if "value" in params:
        return [f"clinical {side} {params['value']:g}"]
    value = cut_off_from_norms(params, better)
    norms = {name: each for name, each in params.items() if name not in ("criterion", "clinical")}
    return [f"clinical {side} {value:.4g} (criterion {params['criterion']}: {in_words(norms)})"]


def _attributes(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in row.items():
        if name != "value":
            yield name, tuple(each) if isinstance(each, list) else each


def in_words(value: Any) -> str:
    """Give a parameter of any shape as one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {in_words(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(in_words, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
