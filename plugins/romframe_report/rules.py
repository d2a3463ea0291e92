"""A change rule in plain words, and the lines that it draws."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from romframe import ChangeRule, Score, Source, cut_off_from_norms, reliable_change_index


_SIDES = {
    "at_least": "of {value:g} or more",
    "more_than": "above {value:g}",
    "at_most": "of {value:g} or less",
    "less_than": "below {value:g}",
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
        yield f"cut-off {params['value']:g}", float(params["value"])
    elif "criterion" in params:
        value = cut_off_from_norms(params, score.better)
        yield f"cut-off {value:.1f}", value
    for row in params.get("rows", ()):
        who = ", ".join(str(row[name]) for name in params["by"] if name in row)
        yield f"cut-off {row['value']:g} ({who})", float(row["value"])


def _sentences(params: Mapping[str, Any]) -> Iterator[str]:
    if "reliable" in params:
        yield f"{_change(params['reliable'])} counts as reliable: more than measurement error."
    if "important" in params:
        yield f"{_change(params['important'])} counts as important."
    if "improved" in params:
        yield f"Better by {params['improved']:g}% of the first score or more counts as improved."
    if "cut_off" in params:
        yield from _cut_off_sentence(params["cut_off"])
    if "high" in params:
        yield f"A rating {_side(params['high'])} is high."


def _change(criterion: Mapping[str, Any]) -> str:
    if "sd" in criterion:
        index = _threshold(criterion)
        given = f"SD {criterion['sd']:g} and reliability {criterion['reliability']:g}"
        return f"A change of more than {index:.2f} points (from {given})"
    if "at_least" in criterion:
        return f"A change of {criterion['at_least']:g} points or more"
    return f"A change of more than {criterion['more_than']:g} points"


def _cut_off_sentence(params: Mapping[str, Any]) -> Iterator[str]:
    if "value" in params:
        side = _SIDES[params["clinical"]].format(value=params["value"])
        yield f"A score {side} is in the clinical range."
    elif "criterion" in params:
        yield (
            f"The clinical range begins at cut-off {params['criterion']} of Jacobson and Truax,"
            " from published means and SDs."
        )
    else:
        yield f"The clinical range depends on {' and '.join(params['by'])}."


def _side(criterion: Mapping[str, Any]) -> str:
    comparator, value = next(iter(criterion.items()))
    return _SIDES[comparator].format(value=value)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_flat(each)}" for key, each in value.items())
    return " / ".join(map(_flat, value)) if isinstance(value, list | tuple) else str(value)
