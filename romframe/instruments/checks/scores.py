"""Checks of scores: what they are made of, what they can be, and what is done with gaps."""

from collections.abc import Iterable, Mapping

from romframe.draft import Entry
from romframe.errors import did_you_mean
from romframe.instruments.checks.answers import RESERVED
from romframe.instruments.checks.evidence import check_evidence
from romframe.instruments.checks.spec import Spec
from romframe.instruments.checks.thresholds import check_alert, check_bands
from romframe.instruments.model import ResponseScale
from romframe.instruments.schema import MethodTerms
from romframe.yaml_source import Path


def check_scores(spec: Spec) -> None:
    """Report everything that is wrong with a score beyond its shape."""
    spec.unique(spec.entries("scores"), _taken(spec))
    forbidden = spec.section("totals") and spec.document.sound(("totals",))
    if forbidden and any(spec.entries("scores")):
        mend = "Delete the scores, or delete `totals`."
        spec.report(("scores",), "totals-forbidden", "This instrument says it has no totals.", mend)
        return
    for path, score in list(spec.entries("scores")):
        terms = spec.vocabulary.scoring[score["method"]]
        if "across" in score and not _check_across(spec, path, score):
            continue
        if not _check_inputs(spec, path, score, terms):
            continue
        scales = spec.inputs(path, score) if "items" in score else {}
        _check_range(spec, path, score, terms, list(scales.values()) or _as_scales(spec, score))
        if scales:
            _check_params(spec, path, score, scales)
        if isinstance(score.get("met"), Mapping):
            _check_met(spec, (*path, "met"), score["met"], score["of"])
        _check_policies(spec, path, score, terms, list(scales.values()))
        check_evidence(spec, path, score, scales)
        if spec.document.sound((*path, "range")):
            check_bands(spec, path, score)
            check_alert(spec, path, score, *score["range"])


def _taken(spec: Spec) -> Iterable[str]:
    """Give the names that no score may have: of columns, and of other scores' verdicts."""
    scores = [entry["id"] for _, entry in spec.entries("scores")]
    items = spec.names("items") or ()
    endings = ("_status", "_reason", "_answered", "_band")
    verdicts = {name + ending for name in scores for ending in endings}
    beside = {name.removesuffix(end) for name in items for end in endings if name.endswith(end)}
    return RESERVED.union(verdicts, items, beside)


def _check_inputs(spec: Spec, path: Path, score: Entry, terms: MethodTerms) -> bool:
    """Report a score that is not made of items or of scores; say whether it is."""
    if sum(key in score for key in ("items", "of", "across")) != 1:
        what = f"It is not clear what {score['id']!r} is made of."
        mend = "Give one of: items (answers), of (scores), across (a score, over all goals)."
        spec.report(path, "score-inputs", what, mend)
        return False
    if "across" in score:
        return True
    key, takes = ("items", "items") if "items" in score else ("of", "scores")
    if terms.takes not in (None, takes):
        what = f"The method {score['method']!r} works on {terms.takes}."
        mend = "Give `of:` with scores." if takes == "items" else "Give `items:`."
        spec.report((*path, key), "score-inputs", what, mend)
        return False
    if takes == "scores":
        _check_of(spec, path, score, terms)
    return spec.document.sound(path)


def _check_across(spec: Spec, path: Path, score: Entry) -> bool:
    """Report a score over goals where there are none, or of a score that there is not."""
    place = (*path, "across")
    names = spec.names("scores")
    above = {each["id"]: each for _, each in spec.entries("scores")}
    if not spec.section("repeats"):
        what = "Nothing repeats in this instrument."
        spec.report(place, "no-repeats", what, "Give `items:`, or say what repeats: `repeats:`.")
    elif score["method"] != "mean":
        what = f"Over goals there is only a mean, not {score['method']!r}."
        spec.report((*path, "method"), "score-inputs", what, "Write `method: mean`.")
    elif names is not None and score["across"] not in names[: int(path[-1])]:
        what = f"No score {score['across']!r} stands above this one."
        spec.report(place, "unknown-score", what, did_you_mean(score["across"], above))
    elif "across" in above.get(score["across"], {}):
        what = f"{score['across']!r} is itself taken over goals."
        spec.report(place, "score-inputs", what, "Name a score of single goals.")
    elif "alert" in score:
        what = "An alert is about one answer or one goal, not about a mean over goals."
        mend = "Put it on the item, or on the score of single goals."
        spec.report((*path, "alert"), "alert-range", what, mend)
    return spec.document.sound(path)


def _check_of(spec: Spec, path: Path, score: Entry, terms: MethodTerms) -> None:
    names, place = spec.names("scores"), (*path, "of")
    above = score["of"] if names is None else names[: int(path[-1])]
    for index, name in enumerate(score["of"]):
        if name not in above:
            what = f"No score {name!r} stands above this one."
            mend = "Move it above." if name in (names or ()) else did_you_mean(name, above)
            spec.report((*place, index), "unknown-score", what, mend)
        elif "across" in _score_named(spec, name):
            what = f"{name!r} is taken over goals, and this score is one of a single goal."
            spec.report((*place, index), "score-inputs", what, "Name scores of single goals.")
    spec.listed_twice(place, score["of"])
    if terms.inputs not in (None, len(score["of"])):
        what = f"{score['method']!r} is made of {terms.inputs}, not of {len(score['of'])}."
        mend = f"List {terms.inputs} of the scores above."
        spec.report(place, "score-inputs", what, mend)


def _score_named(spec: Spec, name: str) -> Entry:
    return next((each for _, each in spec.entries("scores") if each["id"] == name), {})


def _as_scales(spec: Spec, score: Entry) -> list[ResponseScale]:
    """Give the ranges of the scores that a score is made of; none if one of these is not sound."""
    ranges = {each["id"]: each["range"] for _, each in spec.entries("scores")}
    names = score.get("of", [score["across"]] if "across" in score else [])
    if not set(names) <= ranges.keys():
        return []
    return [ResponseScale(name, "number", (), *ranges[name]) for name in names]


def _check_range(
    spec: Spec, path: Path, score: Entry, terms: MethodTerms, scales: list[ResponseScale]
) -> None:
    given_low, given_high = score["range"]
    if given_low >= given_high:
        what, mend = "The range does not go up.", "Write [low, high]."
        spec.report((*path, "range"), "range-order", what, mend)
        return
    if not scales:
        return
    if terms.bounds is not None:
        constant = score.get("times", 1) / score.get("divided_by", 1)
        low, high = (bound * constant for bound in terms.bounds(scales, score))
        if abs(low - given_low) > 1e-9 or abs(high - given_high) > 1e-9:
            what = f"What it is made of gives {low:g} to {high:g}, not {given_low} to {given_high}."
            mend = "Correct the range, `items` or `of`, the method or `times`."
            spec.report((*path, "range"), "range-wrong", what, mend)


def _check_params(
    spec: Spec, path: Path, score: Entry, scales: Mapping[str, ResponseScale]
) -> None:
    """Check `weights` and `threshold`, which mean the same in every method that has them."""
    weights = score.get("weights")
    if isinstance(weights, Mapping):
        _check_weights(spec, (*path, "weights"), weights, scales)
    threshold = score.get("threshold")
    if isinstance(threshold, int | float):
        lowest = min(scale.low or 0 for scale in scales.values())
        highest = max(scale.high or 0 for scale in scales.values())
        if not lowest <= threshold <= highest:
            what = f"{threshold} makes no sense: values go from {lowest} to {highest}."
            mend = "Write a value inside that range."
            spec.report((*path, "threshold"), "threshold-range", what, mend)
        if "source" not in score:
            spec.no_source((*path, "threshold"), "This threshold")


def _check_met(spec: Spec, path: Path, met: Entry, of: list[str]) -> None:
    """Report criteria for scores that are not listed, and listed scores without a criterion."""
    for name in met:
        if name not in of:
            what = f"The criterion for {name!r} has no score in `of`."
            spec.report((*path, name), "unknown-score", what, did_you_mean(name, of))
    without = [name for name in of if name not in met]
    if without and spec.document.sound(path):
        what = f"There is no criterion for {', '.join(without)}."
        spec.report(path, "criterion-missing", what, f"Add `{without[0]}: {{at_least: 1}}`.")


def _check_weights(spec: Spec, path: Path, weights: Entry, scales: Entry) -> None:
    for name in weights:
        if name not in scales:
            what = f"The weight of {name!r} has no item in this score."
            spec.report((*path, name), "unknown-item", what, did_you_mean(name, scales))
    without = [name for name in scales if name not in weights]
    if without and spec.document.sound(path):
        what = f"There is no weight for {', '.join(without)}."
        spec.report(path, "weight-missing", what, f"Add `{without[0]}: 1`, or another number.")


def _check_policies(
    spec: Spec, path: Path, score: Entry, terms: MethodTerms, scales: list[ResponseScale]
) -> None:
    default = score.get("missing", {})
    options = score.get("missing_options", {})
    if default.get("policy", "default") in options:
        what = f"{default.get('policy', 'default')!r} is the name of the score's own policy."
        place = (*path, "missing_options", default.get("policy", "default"))
        spec.report(place, "id-twice", what, "Give this one another name.")
    policies = {(*path, "missing_options", name): each for name, each in options.items()}
    if "missing" in score:
        policies = {(*path, "missing"): default, **policies}
    for place, policy in policies.items():
        if "items" not in score:
            mend = "Delete this; the scores that it is made of have policies."
            what = "A score of scores has no answers that could be missing."
            spec.report(place, "missing-policy", what, mend)
        elif _check_policy(spec, place, policy, len(scales)):
            if scales:
                _check_gap(spec, place, policy, score, scales)
            if "source" not in policy and "source" not in score:
                spec.no_source(place, "This missing-answer policy")


def _check_policy(spec: Spec, path: Path, policy: Entry, n_items: int) -> bool:
    """Report a policy that allows for too many or too few missing; say whether it is clear."""
    if ("at_least" in policy) == ("at_most" in policy):
        mend = "Write one of: at_most (missing) or at_least (answered)."
        spec.report(path, "missing-policy", "It is not clear how many may be missing.", mend)
        return False
    needed = policy.get("at_least", n_items - policy.get("at_most", 0))
    if n_items and not 1 <= needed <= n_items:
        what = f"This asks for {needed} answers of {n_items} items."
        spec.report(path, "missing-policy", what, f"Stay between 1 and {n_items} answers.")
        return False
    return True


def _check_gap(
    spec: Spec, path: Path, policy: Entry, score: Entry, scales: list[ResponseScale]
) -> None:
    """Report a gap that is filled in a way that the method cannot mean."""
    then = policy.get("then")
    gap = policy.get("at_most", len(scales) - policy.get("at_least", 0))
    fitting = ["mean_of_answered"]
    if score["method"] != "mean":
        grows = _grows(spec.vocabulary.scoring[score["method"]], score, scales[0])
        fitting = ["sum_of_known", "prorate" if grows else "mean_of_answered"]
    if then is None and gap and score["method"] != "mean":
        mend = f"Add `then: {'` or `then: '.join(fitting)}`."
        spec.report(path, "missing-policy", "It is not said what is done with a gap.", mend)
    elif then is not None and then not in fitting:
        what = f"{then!r} does not fit the method {score['method']!r}."
        spec.report((*path, "then"), "missing-policy", what, f"Write {' or '.join(fitting)}.")


def _grows(terms: MethodTerms, score: Entry, scale: ResponseScale) -> bool:
    """Say whether a score grows with the number of its items, so that it can be scaled up."""
    return terms.bounds is None or terms.bounds([scale], score) != terms.bounds([scale] * 2, score)
