"""Checks of change rules."""

from collections.abc import Iterable, Mapping

from romframe.draft import Entry
from romframe.instruments.checks import thresholds
from romframe.instruments.checks.spec import Spec
from romframe.yaml_source import Path


def check_rules(spec: Spec) -> None:
    """Report rules that judge nothing, judge the wrong way, or contradict another default."""
    spec.unique(spec.entries("change_rules"))
    defaults: set[str] = set()
    for path, rule in list(spec.entries("change_rules")):
        if ("score" in rule) == ("items" in rule):
            what = f"It is not clear what {rule['id']!r} judges."
            spec.report(path, "rule-subject", what, "Give either `score:` or `items:`.")
            continue
        if "score" in rule:
            spec.unknown((*path, "score"), "unknown-score", rule["score"], "scores")
            subjects: Iterable[str] = [rule["score"]]
            _check_score_rule(spec, path, rule)
        else:
            subjects = _check_item_rule(spec, path, rule)
        if rule.get("default"):
            _check_default(spec, path, rule, defaults.intersection(subjects))
            defaults.update(subjects)


def _check_score_rule(spec: Spec, path: Path, rule: Entry) -> None:
    scores = {score["id"]: score for _, score in spec.entries("scores")}
    score = scores.get(rule["score"])
    if score is None:
        return
    if score["better"] == "neither":
        what = f"For {score['id']!r} neither direction is better, so change cannot be judged."
        mend = "Delete the rule, or correct the score's `better`."
        spec.report((*path, "score"), "rule-direction", what, mend)
        return
    _check_constants(spec, path, rule, score["better"], score["range"])


def _check_item_rule(spec: Spec, path: Path, rule: Entry) -> Iterable[str]:
    scales = spec.inputs(path, rule)
    if scales:
        low = min(scale.low or 0 for scale in scales.values())
        high = max(scale.high or 0 for scale in scales.values())
        favoured = {(spec.item(name) or {}).get("favourable", "low") for name in scales}
        better = {"high": "higher", "low": "lower"}[favoured.pop()] if len(favoured) == 1 else ""
        _check_constants(spec, path, rule, better, [low, high])
    return scales


def _check_constants(spec: Spec, path: Path, rule: Entry, better: str, limits: list[float]) -> None:
    """Check constants against what they judge; `better` is empty where items differ in it."""
    cut_off, level = rule.get("cut_off"), rule.get("high")
    if isinstance(cut_off, Mapping) and better:
        thresholds.check_cut_off(spec, (*path, "cut_off"), cut_off, better, limits)
    if isinstance(level, Mapping):
        thresholds.check_level(spec, (*path, "high"), level, limits)
    thresholds.check_changes(spec, path, rule, limits)


def _check_default(spec: Spec, path: Path, rule: Entry, taken: set[str]) -> None:
    if taken:
        what = f"There is a default change rule for {min(taken)!r} already."
        spec.report((*path, "default"), "two-defaults", what, "Keep one default.")
    source = spec.section("sources").get(rule["source"])
    if isinstance(source, Mapping) and source.get("status") == "unverified":
        what = f"The default rule {rule['id']!r} rests on an unverified source."
        mend = "Verify it, or make another rule the default."
        spec.report((*path, "default"), "unverified-default", what, mend)
