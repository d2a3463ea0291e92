"""Whether an indicator that a framework names is offered, and takes what it is given."""

from romframe.draft import Draft, Entry
from romframe.errors import did_you_mean
from romframe.frameworks.measure_checks import known_instrument
from romframe.frameworks.terms import Terms
from romframe.instruments.model import Instrument
from romframe.validation import validate
from romframe.yaml_source import Path


_SEE = "See `romframe framework indicators`."


def check_indicator(draft: Draft, terms: Terms, path: Path, entry: Entry) -> None:
    """Report an indicator that nobody offers, and parameters that it cannot take.

    A parameter called `instrument` names one, and `score` and `item` a part of that one.
    """
    known, name = terms.indicators, entry["indicator"]
    if name not in known:
        what = f"No plugin offers the indicator {name!r}."
        mend = f"{did_you_mean(name, known)} {_SEE}"
        draft.report((*path, "indicator"), "unknown-indicator", what, mend)
        return
    params, place = entry.get("params", {}), (*path, "params")
    needed = [key for key, rules in known[name].params.items() if rules.get("required")]
    if needed and not params:
        given = ", ".join(f"{key}: ..." for key in needed)
        what = f"The indicator {name!r} does not work without parameters."
        draft.report(path, "missing-key", what, f"Add `params: {{{given}}}`. {_SEE}")
        return
    if not validate(draft.document, known[name].params, params, place):
        return
    if "instrument" in params:
        asked = params["instrument"]
        instrument = known_instrument(draft, terms, (*place, "instrument"), asked)
        if instrument is not None:
            _check_parts(draft, place, params, instrument)


def _check_parts(draft: Draft, place: Path, params: Entry, instrument: Instrument) -> None:
    parts = {
        "score": [score.id for score in instrument.scores],
        "item": [item.id for item in instrument.items],
    }
    for key, names in parts.items():
        if key in params and params[key] not in names:
            what = f"{instrument.name} has no {key} {params[key]!r}."
            draft.report((*place, key), f"unknown-{key}", what, did_you_mean(params[key], names))
