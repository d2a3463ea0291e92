"""The arithmetic of one score in words that a clinician can follow."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from romframe.instruments.model import Score


Values = Mapping[str, float | None]


def arithmetic(score: Score, values: Values, verdict: Mapping[str, Any]) -> Iterator[str]:
    """Give the steps from values to the score, a line each; `values` are by item or score id.

    A method that a plugin brings is only named: what it does is for its plugin to say.
    """
    if verdict["value"] is None:
        return
    known = {name: value for name, value in values.items() if value is not None}
    explain = _METHODS.get(score.method)
    if explain is None:
        yield f"the method {score.method} of {', '.join(known)}"
        return
    yield from explain(score, known, verdict)
    if score.times != 1 or score.divided_by != 1:
        times = f" times {score.times:g}" if score.times != 1 else ""
        over = f" divided by {score.divided_by:g}" if score.divided_by != 1 else ""
        yield f"that{times}{over} = {verdict['value']:.6g}"


def _added(known: Mapping[str, float]) -> str:
    return f"{' + '.join(f'{value:g}' for value in known.values())} = {sum(known.values()):g}"


def _sum(score: Score, known: Mapping[str, float], verdict: Mapping[str, Any]) -> Iterator[str]:
    yield _added(known)
    yield from _scaled_up(score, known, verdict, sum(known.values()))


def _scaled_up(
    score: Score, known: Mapping[str, float], verdict: Mapping[str, Any], total: float
) -> Iterator[str]:
    """Say how a sum was scaled up to all items, where it was."""
    if score.items and verdict["reason"] == "items_missing":
        full = total * len(score.items) / len(known)
        yield (
            f"scaled up to all items: {total:g} times {len(score.items)} divided by "
            f"{len(known)} answered = {full:.6g}"
        )


def _mean(_: Score, known: Mapping[str, float], __: Mapping[str, Any]) -> Iterator[str]:
    total = sum(known.values())
    yield _added(known)
    yield f"{total:g} divided by {len(known)} answered = {total / len(known):.6g}"


def _count(score: Score, known: Mapping[str, float], verdict: Mapping[str, Any]) -> Iterator[str]:
    threshold = score.params["threshold"]
    hits = [f"{name} ({value:g})" for name, value in known.items() if value >= threshold]
    yield f"values of {threshold:g} or more: {', '.join(hits) or 'none'}, so {len(hits)}"
    yield from _scaled_up(score, known, verdict, len(hits))


def _weighted(score: Score, known: Mapping[str, float], _: Mapping[str, Any]) -> Iterator[str]:
    weights = score.params["weights"]
    parts = [f"{value:g} times {weights[name]:g}" for name, value in known.items()]
    yield f"added up: {', '.join(parts)}"


def _extreme(score: Score, known: Mapping[str, float], _: Mapping[str, Any]) -> Iterator[str]:
    yield f"the {score.method} of {', '.join(f'{value:g}' for value in known.values())}"


def _difference(_: Score, known: Mapping[str, float], __: Mapping[str, Any]) -> Iterator[str]:
    (one, first), (other, second) = known.items()
    yield f"{one} {first:g} minus {other} {second:g} = {first - second:g}"


def _of_scores(_: Score, known: Mapping[str, float], __: Mapping[str, Any]) -> Iterator[str]:
    yield f"{' + '.join(f'{name} {value:g}' for name, value in known.items())}"


def _lookup(score: Score, known: Mapping[str, float], _: Mapping[str, Any]) -> Iterator[str]:
    (name, value), *_rest = known.items()
    rounded = ", rounded half up," if score.params.get("round") else ""
    yield f"{name} {value:g}{rounded} is looked up in the owner's table"


def _criteria(score: Score, known: Mapping[str, float], _: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        asked = score.params["met"][name]
        low, high = asked.get("at_least"), asked.get("at_most")
        words = [f"at least {low:g}"] if low is not None else []
        words += [f"at most {high:g}"] if high is not None else []
        holds = (low is None or value >= low) and (high is None or value <= high)
        verb = "holds" if holds else "does not hold"
        yield f"{name} must be {' and '.join(words)}: it is {value:g}, so this {verb}"


_METHODS: Mapping[str, Callable[[Score, Mapping[str, float], Mapping[str, Any]], Iterator[str]]] = {
    "sum": _sum,
    "mean": _mean,
    "count_at_least": _count,
    "weighted_sum": _weighted,
    "highest": _extreme,
    "lowest": _extreme,
    "difference": _difference,
    "sum_of_scores": _of_scores,
    "lookup": _lookup,
    "criteria": _criteria,
}
