"""In words: a score, which two ratings are compared, a change rule, a cut-off, on whose word."""

from typing import Any

from romframe.constants import SIDES, cut_off_in_words, in_words, reliable_in_words
from romframe.instruments.model import ChangeRule, CutOff, Instrument, Item, Score
from romframe.pairing import PairingPolicy


def score_in_words(instrument: Instrument, score: Score) -> str:
    """Name a score, say its range and which end is better."""
    better = f"{score.better} is better" if score.better != "neither" else "no end is better"
    return f"{instrument.name}, {score.name} ({score.low:g} to {score.high:g}, {better})."


def item_in_words(item: Item) -> str:
    """Name an item, and which answers to it are favourable."""
    labels = {option.code: option.label for option in item.scale.options}
    good = item.favourable
    if isinstance(good, tuple):
        side = f"; favourable is {' or '.join(f'{code} {labels[code]}' for code in good)}"
    else:
        side = f"; favourable are {good} answers" if good else ""
    return f"The item is {item.id} ({item.label}){side}."


def cut_off_of_score_in_words(cut_off: CutOff) -> str:
    """Say where a cut-off is, what it means and with whom it was found."""
    whose = f", found with {cut_off.population}" if cut_off.population else ""
    note = f" {cut_off.note.rstrip('.')}." if cut_off.note else ""
    side = f"{SIDES[cut_off.comparator]} {cut_off.value:g} means {cut_off.means}"
    return f"The cut-off is {cut_off.id!r}{whose}: {side}.{note}"


def pairing_in_words(policy: PairingPolicy) -> str:
    """Say which two ratings of a referral are compared."""
    first = f" taken at {' or '.join(policy.first_timepoints)}" if policy.first_timepoints else ""
    last = f" taken at {' or '.join(policy.last_timepoints)}" if policy.last_timepoints else ""
    said = f"Compared are the earliest rating{first} and the latest one{last}"
    if policy.same:
        said += f", of the same {' and '.join(policy.same)}"
    if policy.minimum_gap_days:
        days = "day" if policy.minimum_gap_days == 1 else "days"
        said += f", at least {policy.minimum_gap_days} {days} apart"
    still = "; referrals that are still open are not paired" if policy.closed_only else ""
    return f"{said}{still} (pairing policy {policy.id})."


def rule_in_words(instrument: Instrument, rule: ChangeRule, better: Any) -> str:
    """Say by which rule change is judged, with its constants."""
    said = [
        f"{name.replace('_', ' ')}: {_constant(name, value, better)}"
        for name, value in rule.params.items()
    ]
    whose = f", found with {rule.population}" if rule.population else ""
    return f"The rule is {rule.id!r} ({rule.method}{whose}): {'; '.join(said)}."


def _constant(name: str, value: Any, better: Any) -> str:
    if name == "reliable":
        return reliable_in_words(value)
    if name == "cut_off":
        return "; ".join(cut_off_in_words(value, better))
    return in_words(value)


def source_in_words(instrument: Instrument, name: str) -> str:
    """Say on whose word a rule or a cut-off rests, and how far that has been verified."""
    source = instrument.sources[name]
    return f"Its source is {source.cite} ({source.status})."
