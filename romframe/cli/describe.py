"""A measure in words: what it is made of, how it is scored, and on whose word."""

from collections.abc import Iterator
from typing import Any

from romframe.answers import allowed
from romframe.instruments.evidence import evidence
from romframe.instruments.model import (
    Alert,
    Band,
    ChangeRule,
    Instrument,
    Item,
    Keyed,
    MissingPolicy,
    Score,
)


def describe(instrument: Instrument) -> str:
    """Give the description as text, several lines."""
    return "\n".join(
        [
            *_head(instrument),
            "",
            "Items",
            *(f"  {_item(item)}" for item in instrument.items),
            "",
            "Scores",
            *(line for score in instrument.scores for line in _score(instrument, score)),
            *([f"  none: {instrument.totals_reason}"] if instrument.totals_reason else []),
            "",
            "Change rules",
            *(f"  {_rule(instrument, rule)}" for rule in instrument.change_rules),
            "",
            "Sources",
            *(f"  {key} [{each.status}]: {each.cite}" for key, each in instrument.sources.items()),
        ]
    )


def _head(instrument: Instrument) -> Iterator[str]:
    yield f"{instrument.name} ({instrument.id}, version {instrument.version}, {instrument.type})"
    yield f"Rated by: {', '.join(instrument.raters)}. Recall: {instrument.recall or 'not stated'}."
    licence = instrument.licence
    yield f"Licence: {licence.owner}; {licence.terms}; wording {licence.wording.replace('_', ' ')}."
    if instrument.has_codings:
        yield f"Data must say how they are written: {', '.join(_codings(instrument))}."
    if instrument.repeats:
        most = instrument.repeats.at_most
        yield f"One row for each {instrument.repeats.by}{f', at most {most}' if most else ''}."
    if instrument.storage != "identified":
        how = "anonymously" if instrument.storage == "anonymous" else "with a person or anonymously"
        yield f"Returns are stored {how}."
    if instrument.source:
        yield f"The form as it stands here{_status(instrument, instrument.source)}"
    for source in map(instrument.sources.get, instrument.unverified):
        yield f"UNVERIFIED: {source.cite}" if source else ""
    if instrument.note:
        yield instrument.note


def _codings(instrument: Instrument) -> Iterator[str]:
    if any(item.reversed for item in instrument.items):
        yield "position (boxes counted from the left)"
    yield "scored (the values as they count)"
    for coding in instrument.codings:
        yield f"{coding.id} ({coding.note or f'what is written plus {coding.add}'})"


def _item(item: Item) -> str:
    marks = [
        "turned" if item.reversed else "",
        "not scored" if not item.counts else "",
        _alert(item.alert) if item.alert else "",
        _good(item),
    ]
    told = ", ".join(mark for mark in marks if mark)
    return f"{item.id}: {item.label} ({allowed(item.scale)}){f' [{told}]' if told else ''}"


def _alert(alert: Alert) -> str:
    if alert.at_least is None:
        return f"alert down from {alert.at_most:g}"
    return f"alert from {alert.at_least:g}"


def _good(item: Item) -> str:
    if item.favourable is None:
        return ""
    listed = isinstance(item.favourable, tuple)
    return f"good: {', '.join(map(str, item.favourable)) if listed else item.favourable}"


def _score(instrument: Instrument, score: Score) -> Iterator[str]:
    of = ", ".join(score.of) if score.of else f"{len(score.items)} items"
    of = f"{score.across} over the goals of one moment" if score.across else of
    times = f" times {score.times:g}" if score.times != 1 else ""
    times += f" divided by {score.divided_by:g}" if score.divided_by != 1 else ""
    yield (
        f"  {score.id}: {score.name}; {score.method} of {of}{times}; "
        f"{score.low:g} to {score.high:g}, {score.better} is better"
        f"{'; only on request' if score.on_request else ''}"
        f"; evidence {evidence(instrument, score, score.missing)}"
    )
    if score.missing is not None:
        yield f"    missing answers: {_policy(instrument, score, score.missing)}"
    for option in score.missing_options:
        yield f"    or --missing {option.id}: {_policy(instrument, score, option)}"
    if isinstance(score.bands, Keyed):
        by = " and ".join(score.bands.by)
        yield f"    bands by {by}{_status(instrument, score.bands_source)}"
    elif score.bands:
        yield f"    bands: {_bands(score.bands)}{_status(instrument, score.bands_source)}"
    for each in score.band_options:
        told = _bands(each.bands)
        yield f"    or --bands {each.id}: {told}{_status(instrument, each.source)}"


def _bands(bands: tuple[Band, ...]) -> str:
    return ", ".join(f"{band.label} from {band.start:g}" for band in bands)


def _policy(instrument: Instrument, score: Score, policy: MissingPolicy) -> str:
    complete = policy.at_least == len(score.items)
    how = "" if complete else f", {policy.then.replace('_', ' ')}"
    status = _status(instrument, policy.source)
    return f"at least {policy.at_least} of {len(score.items)} answered{how}{status}"


def _rule(instrument: Instrument, rule: ChangeRule) -> str:
    subject = rule.score or f"{len(rule.items)} items"
    default = " (default)" if rule.default else ""
    constants = "; ".join(f"{key} {_constant(value)}" for key, value in rule.params.items())
    status = _status(instrument, rule.source)
    return f"{rule.id}{default}: {subject}, {rule.method}; {constants}{status}"


def _constant(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_constant(each)}" for key, each in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_constant, value))}]"
    return str(value)


def _status(instrument: Instrument, source: str) -> str:
    return f" [{source}: {instrument.sources[source].status}]" if source else ""
