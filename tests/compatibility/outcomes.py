"""What comes of an old spec: every score under every policy and set of bands, every change rule.

Run as a program, it adds the outcomes of new files in `specs/` to `outcomes.json`. Those that stand
there are a promise, and are not made anew.
"""

import json
from pathlib import Path

import polars as pl

from romframe import UsageError, alerts, classify, distribution, score
from romframe.api import catalogue
from romframe.catalogue import Catalogue


HERE = Path(__file__).parent
FROZEN = HERE / "outcomes.json"
SPECS = sorted((HERE / "specs").glob("*.yaml"))
PAIRS = {
    "first": [25.0, 25.0, 17.0, 12.0, 11.0, 5.0, 10.5, 20.0, None, 41.0],
    "last": [5.0, 19.0, 11.0, 11.0, 17.0, 12.0, 10.0, None, 3.0, 3.0],
    "first_core_10": [20.0, 9.0, 11.0, 30.0, 2.0, 12.0, 20.0, 20.0, 20.0, 20.0],
    "last_core_10": [4.0, 9.0, 10.0, 30.0, 9.0, None, 20.0, 20.0, 20.0, 20.0],
    "age": [12, 12, 12, 13, 13, 11, 12, 30, 12, 12],
    "gender": ["male", "female", "male", "female", *["male"] * 6],
}
GOALS = {
    "first": [3.0, 5.0, None],
    "last": [7.0, 4.0, None],
    "firsts": [[3.0, 3.0], [5.0, 5.0], []],
    "lasts": [[6.0, 8.0], [8.0, 2.0], []],
}
SCORES = [
    "score",
    "value",
    "status",
    "reason",
    "answered",
    "required",
    "band",
    "policy",
    "evidence",
]
ALERTS = ["row", "subject", "alert", "source"]
COUNTS = ["item", "code", "n", "of", "share", "side", "favourable_share", "unfavourable_share"]
JUDGED = ["class", "reliable", "clinical"]


def outcomes(path, known=None):
    """Give all that comes of a spec, as JSON would have it."""
    known = known or Catalogue(catalogue().host)
    instrument = known.read(path)
    answers = pl.read_csv(path.with_suffix(".csv"), infer_schema=False)
    answers = answers.with_columns(pl.col("^age$").cast(pl.Float64))
    found = {"digest": instrument.digest}
    for coding in instrument.known_codings if instrument.has_codings else [None]:
        for choice in _choices(instrument):
            name = " ".join(filter(None, ["scores", coding, *choice.values()]))
            found[name] = _scores(answers, instrument, coding, choice)
        raised = alerts(answers, instrument, coding=coding)
        found[" ".join(filter(None, ["alerts", coding]))] = _lines(raised, ALERTS)
    for rule in instrument.change_rules:
        pairs = pl.DataFrame(GOALS if rule.method == "per_goal" else PAIRS)
        judged = classify(pairs, instrument, score=rule.score or "q1", rule=rule.id)
        found[f"rule {rule.id}"] = _lines(judged, JUDGED)
    if instrument.type == "prem":
        found["distribution"] = _lines(distribution(answers, instrument), COUNTS)
    return found


def _choices(instrument):
    scores = instrument.scores
    policies = dict.fromkeys(option.id for each in scores for option in each.missing_options)
    bands = dict.fromkeys(option.id for each in scores for option in each.band_options)
    return [{}, *({"missing": name} for name in policies), *({"bands": name} for name in bands)]


def _scores(answers, instrument, coding, choice):
    wanted = [each.id for each in instrument.scores if not each.across] or None
    try:
        rows = score(answers, instrument, coding=coding, scores=wanted, **choice)
    except UsageError as error:
        return [each.code for each in error.problems]
    return _lines(rows, SCORES)


def _lines(frame, columns):
    """Give a table as lines; columns that a later release adds are no concern of ours."""
    return frame.select(columns).write_csv().splitlines()


if __name__ == "__main__":
    told = json.loads(FROZEN.read_text()) if FROZEN.exists() else {}
    told.update({path.stem: outcomes(path) for path in SPECS if path.stem not in told})
    text = json.dumps(told, indent=1, ensure_ascii=False)
    FROZEN.write_text(text + "\n", encoding="utf-8")
