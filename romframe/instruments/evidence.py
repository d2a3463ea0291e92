"""On whose word a score rests, and how far that has been verified."""

from romframe.instruments.model import Instrument, MissingPolicy, Score, Status


WEAKEST_LAST: tuple[Status, ...] = ("verified", "secondary", "local", "unverified")


def rests_on(
    instrument: Instrument, score: Score, policy: MissingPolicy | None = None
) -> tuple[str, ...]:
    """Give the ids of the sources that a score rests on under a missing-answer policy.

    They are those of the form, of the items and their scales, of the score and its bands, and of
    the scores that it is made of.
    """
    items = [instrument.item(name) for name in score.items]
    named = [instrument.source, score.source, score.bands_source, policy.source if policy else ""]
    named += [name for item in items for name in (item.source, item.scale.source)]
    for name in (*score.of, *filter(None, [score.across])):
        inner = instrument.score(name)
        named += rests_on(instrument, inner, inner.missing)
    return tuple(dict.fromkeys(name for name in named if name))


def evidence(instrument: Instrument, score: Score, policy: MissingPolicy | None = None) -> Status:
    """Give the status of the weakest source that a score rests on."""
    found = [instrument.sources[name].status for name in rests_on(instrument, score, policy)]
    return max(found, key=WEAKEST_LAST.index, default="local")
