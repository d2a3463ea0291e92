"""A change rule in plain words, and the lines that it draws."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from romframe import (
    ChangeRule,
    Score,
    Source,
    cut_off_from_norms,
    gettext,
    message,
    reliable_change_index,
)


_CLINICAL = {
    "at_least": message("A score of %(value)s or more is in the clinical range."),
    "more_than": message("A score above %(value)s is in the clinical range."),
    "at_most": message("A score of %(value)s or less is in the clinical range."),
    "less_than": message("A score below %(value)s is in the clinical range."),
}
_RELIABLE = {
    "index": message(
        "A change of more than %(points)s points (from SD %(sd)s and reliability %(reliability)s)"
        " counts as reliable: more than measurement error."
    ),
    "at_least": message(
        "A change of %(points)s points or more counts as reliable: more than measurement error."
    ),
    "more_than": message(
        "A change of more than %(points)s points counts as reliable: more than measurement error."
    ),
}
_IMPORTANT = {
    "index": message(
        "A change of more than %(points)s points (from SD %(sd)s and reliability %(reliability)s)"
        " counts as important."
    ),
    "at_least": message("A change of %(points)s points or more counts as important."),
    "more_than": message("A change of more than %(points)s points counts as important."),
}
_HIGH = {
    "at_least": message("A rating of %(value)s or more is high."),
    "more_than": message("A rating above %(value)s is high."),
    "at_most": message("A rating of %(value)s or less is high."),
    "less_than": message("A rating below %(value)s is high."),
}


@frozen
class RuleLines:
    """How far from no change a change counts (None: not a fixed distance), and the cut-offs."""

    reliable: float | None = None
    cut_offs: tuple[tuple[str, float], ...] = ()


@frozen
class RuleText:
    """A change rule as a reader meets it: named, in words, with its constants and source."""

    id: str
    sentences: tuple[str, ...]
    constants: str
    population: str
    note: str
    source: Source | None


def rule_text(rule: ChangeRule, source: Source | None) -> RuleText:
    """Give the rule in words."""
    constants = "; ".join(f"{key}: {_flat(value)}" for key, value in rule.params.items())
    return RuleText(
        rule.id, tuple(_sentences(rule.params)), constants, rule.population, rule.note, source
    )


def rule_lines(rule: ChangeRule, score: Score) -> RuleLines:
    """Give the lines that the rule draws on a chart of first against last."""
    params = rule.params
    criterion = params.get("reliable") or params.get("important") or {}
    cut_off = params.get("cut_off", {})
    return RuleLines(_threshold(criterion), tuple(_cut_offs(cut_off, score)))


def _threshold(criterion: Mapping[str, Any]) -> float | None:
    if "sd" in criterion:
        return float(reliable_change_index(**criterion))
    for comparator in ("at_least", "more_than"):
        if comparator in criterion:
            return float(criterion[comparator])
    return None


def _cut_offs(params: Mapping[str, Any], score: Score) -> Iterator[tuple[str, float]]:
    if "value" in params:
        yield gettext("cut-off %(value)s", value=f"{params['value']:g}"), float(params["value"])
    elif "criterion" in params:
        value = cut_off_from_norms(params, score.better)
        yield gettext("cut-off %(value)s", value=f"{value:.1f}"), value
    for row in params.get("rows", ()):
        who = ", ".join(str(row[name]) for name in params["by"] if name in row)
        told = gettext("cut-off %(value)s (%(who)s)", value=f"{row['value']:g}", who=who)
        yield told, float(row["value"])


def _sentences(params: Mapping[str, Any]) -> Iterator[str]:
    if "reliable" in params:
        yield _change(_RELIABLE, params["reliable"])
    if "important" in params:
        yield _change(_IMPORTANT, params["important"])
    if "improved" in params:
        yield gettext(
            "Better by %(percent)s%% of the first score or more counts as improved.",
            percent=f"{params['improved']:g}",
        )
    if "cut_off" in params:
        yield from _cut_off_sentence(params["cut_off"])
    if "high" in params:
        comparator, value = next(iter(params["high"].items()))
        sentence = _HIGH[comparator]
        yield gettext(sentence, value=f"{value:g}")


def _change(sentences: Mapping[str, str], criterion: Mapping[str, Any]) -> str:
    if "sd" in criterion:
        sentence = sentences["index"]
        return gettext(
            sentence,
            points=f"{_threshold(criterion):.2f}",
            sd=f"{criterion['sd']:g}",
            reliability=f"{criterion['reliability']:g}",
        )
    comparator = "at_least" if "at_least" in criterion else "more_than"
    sentence = sentences[comparator]
    return gettext(sentence, points=f"{criterion[comparator]:g}")


def _cut_off_sentence(params: Mapping[str, Any]) -> Iterator[str]:
    if "value" in params:
        sentence = _CLINICAL[params["clinical"]]
        yield gettext(sentence, value=f"{params['value']:g}")
    elif "criterion" in params:
        yield gettext(
            "The clinical range begins at cut-off %(criterion)s of Jacobson and Truax, from"
            " published means and SDs.",
            criterion=params["criterion"],
        )
    else:
        names = gettext(" and ").join(params["by"])
        yield gettext("The clinical range depends on %(names)s.", names=names)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_flat(each)}" for key, each in value.items())
    return " / ".join(map(_flat, value)) if isinstance(value, list | tuple) else str(value)
