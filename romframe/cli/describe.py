"""A measure in words: what it is made of, how it is scored, and on whose word."""

from collections.abc import Iterator
from typing import Any

from romframe.answers import allowed
from romframe.instruments.model import ChangeRule, Instrument, Item, Keyed, MissingPolicy, Score


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
        yield "Has turned items: data must say whether they hold box positions or scored values."
    if instrument.repeats:
        yield f"A row holds one goal or problem, told apart by {instrument.repeats.by}."
    if instrument.note:
        yield instrument.note


def _item(item: Item) -> str:
    marks = [
        "turned" if item.reversed else "",
        "not scored" if not item.counts else "",
        f"alert at {item.alert.at_least:g}" if item.alert else "",
    ]
    told = ", ".join(mark for mark in marks if mark)
    return f"{item.id}: {item.label} ({allowed(item.scale)}){f' [{told}]' if told else ''}"


def _score(instrument: Instrument, score: Score) -> Iterator[str]:
    of = ", ".join(score.of) if score.of else f"{len(score.items)} items"
    of = f"{score.across} over the goals of one moment" if score.across else of
    times = f" times {score.times:g}" if score.times != 1 else ""
    yield (
        f"  {score.id}: {score.name}; {score.method} of {of}{times}; "
        f"{score.low:g} to {score.high:g}, {score.better} is better"
        f"{'; only on request' if score.on_request else ''}"
    )
    if score.missing is not None:
        yield f"    missing answers: {_policy(instrument, score, score.missing)}"
    for option in score.missing_options:
        yield f"    or --missing {option.id}: {_policy(instrument, score, option)}"
    if isinstance(score.bands, Keyed):
        by = " and ".join(score.bands.by)
        yield f"    bands by {by}{_status(instrument, score.bands_source)}"
    elif score.bands:
        told = ", ".join(f"{band.label} from {band.start:g}" for band in score.bands)
        yield f"    bands: {told}{_status(instrument, score.bands_source)}"


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
        return " ".join(f"{key} {each}" for key, each in value.items())
    return str(value)


def _status(instrument: Instrument, source: str) -> str:
    return f" [{source}: {instrument.sources[source].status}]" if source else ""
