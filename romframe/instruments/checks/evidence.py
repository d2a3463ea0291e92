"""Checks that nothing which nobody has verified works without being asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe.draft import Entry
from romframe.instruments.checks.spec import Spec
from romframe.yaml_source import Path


def check_evidence(spec: Spec, path: Path, score: Entry, items: Mapping[str, Any]) -> None:
    """Report a score that is given unasked, or a default of it, on an unverified source."""
    policy = score.get("missing", {})
    spec.not_unverified((*path, "missing"), "This missing-answer policy", policy.get("source"))
    weak = [source for source in _sources(spec, score, items) if spec.unverified(source)]
    if weak and not score.get("on_request"):
        what = f"The score {score['id']!r} rests on an unverified source ({weak[0]})."
        mend = "Verify it, or write `on_request: true`, so that it is given only when asked for."
        place = (*path, "source") if score.get("source") == weak[0] else path
        spec.report(place, "unverified-score", what, mend)


def _sources(spec: Spec, score: Entry, items: Mapping[str, Any]) -> Iterator[Any]:
    """Give the sources of the form, of the score, and of all that it is made of."""
    yield spec.data.get("source")
    yield score.get("source")
    scales = spec.section("response_scales")
    for name in items:
        item = spec.item(name) or {}
        yield item.get("source")
        yield scales.get(item.get("scale"), {}).get("source")
    known = {each["id"]: each for _, each in spec.entries("scores")}
    for name in [*score.get("of", ()), *([score["across"]] if "across" in score else [])]:
        if name in known:
            inner = known[name]
            listed = spec.inputs((), inner) if "items" in inner else {}
            yield from _sources(spec, inner, listed)
