"""Whether an indicator that a framework names is offered, and takes what it is given."""

from collections.abc import Iterable

from romframe.change import default_rule, rules_for
from romframe.conditions import may_hold
from romframe.draft import Draft, Entry
from romframe.errors import did_you_mean
from romframe.frameworks.groups import GROUP_FIELDS
from romframe.frameworks.measure_checks import known_instrument, no_classes
from romframe.frameworks.model import MEDIAN, MET, FrameworkGroup
from romframe.frameworks.terms import Terms
from romframe.instruments.model import Instrument
from romframe.offers import Indicator
from romframe.validation import validate
from romframe.yaml_source import Path


_SEE = "See `romframe framework indicators`."


def check_indicator(
    draft: Draft, terms: Terms, path: Path, entry: Entry, group: FrameworkGroup | None
) -> None:
    """Report an indicator that nobody offers, and parameters that it cannot take.

    A parameter called `instrument` names one, and `score`, `item`, `rule` and `cut_off` a part of
    that one; `pairing` names a policy. A median is had only where the indicator has values, and a
    group is counted only where the indicator can count somebody of it.
    """
    known, name = terms.indicators, entry["indicator"]
    if name not in known:
        what = f"No plugin offers the indicator {name!r}."
        mend = f"{did_you_mean(name, known)} {_SEE}"
        draft.report((*path, "indicator"), "unknown-indicator", what, mend)
        return
    _check_median(draft, path, entry, known[name])
    params, place = entry.get("params", {}), (*path, "params")
    needed = [key for key, rules in known[name].params.items() if rules.get("required")]
    if needed and not params:
        given = ", ".join(f"{key}: ..." for key in needed)
        what = f"The indicator {name!r} does not work without parameters."
        draft.report(path, "missing-key", what, f"Add `params: {{{given}}}`. {_SEE}")
        return
    if not validate(draft.document, known[name].params, params, place):
        return
    if group is not None:
        _check_group(draft, path, params, known[name], group)
    if params.get("pairing", "") and params["pairing"] not in terms.pairings:
        what = f"There is no pairing policy {params['pairing']!r}."
        mend = did_you_mean(params["pairing"], terms.pairings)
        draft.report((*place, "pairing"), "unknown-pairing", what, mend)
    if "instrument" in params:
        asked = params["instrument"]
        instrument = known_instrument(draft, terms, (*place, "instrument"), asked)
        if instrument is not None and _parts_exist(draft, place, params, instrument):
            _check_judged(draft, path, entry, known[name], instrument)


def _check_group(
    draft: Draft, path: Path, params: Entry, offer: Indicator, group: FrameworkGroup
) -> None:
    """Report a group of which nobody can be in the figure."""
    anonymous = "returns" in offer.params and params.get("returns") != "identified"
    held = may_hold(group.where, GROUP_FIELDS, "pathway", offer.pathway)
    if anonymous:
        what = "Anonymous returns are nobody's, so that none of them is of a group."
        mend = "Delete `group`, or write `returns: identified` under `params`."
    elif offer.pathway and (group.counts_improvement or not held):
        what = (
            f"{offer.name!r} counts the pathway {offer.pathway!r} alone, and {group.id!r} does not."
        )
        mend = f"Name a group with `pathway: {offer.pathway}`, or delete `group`."
    else:
        return
    draft.report((*path, "group"), "nobody-counted", what, mend)


def _check_median(draft: Draft, path: Path, entry: Entry, offer: Indicator) -> None:
    for index, target in enumerate(entry.get("targets", ())):
        if target["figure"] == MEDIAN and not offer.has_values:
            place = (*path, "targets", index, "figure")
            what = f"The indicator {offer.name!r} has no values, and so no median."
            draft.report(place, "no-median", what, f"Ask for `{MET}`, in per cent.")


def _parts_exist(draft: Draft, place: Path, params: Entry, instrument: Instrument) -> bool:
    """Say whether an instrument has the parts that are named; report those that it has not."""
    parts: dict[str, Iterable[str]] = {
        "score": [score.id for score in instrument.scores],
        "item": [item.id for item in instrument.items],
    }
    score = next((each for each in instrument.scores if each.id == params.get("score")), None)
    if score is not None:
        parts["rule"] = rules_for(instrument, score.id)
        cut_offs = [each.id for each in instrument.cut_offs if each.score == score.id]
        parts["cut_off"] = cut_offs if score.better != "neither" else []
    for key, names in parts.items():
        if key in params and params[key] not in names:
            of = f" for {params['score']!r}" if key in ("rule", "cut_off") else ""
            word = key.replace("_", "-")
            what = f"{instrument.name} has no {word} {params[key]!r}{of}."
            draft.report((*place, key), f"unknown-{word}", what, did_you_mean(params[key], names))
    return draft.document.sound(place)


def _check_judged(
    draft: Draft, path: Path, entry: Entry, offer: Indicator, instrument: Instrument
) -> None:
    """Report an indicator that judges change where no rule is named and none is the default."""
    params = entry["params"]
    judges = "rule" in offer.params and "rule" not in params and "score" in params
    if judges and default_rule(instrument, params["score"]) is None:
        no_classes(draft, instrument, params["score"], (*path, "params"))
