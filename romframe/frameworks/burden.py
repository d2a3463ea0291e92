"""What a framework asks of people's time: forms and minutes, from what the specs declare."""

from collections.abc import Iterator

from attrs import frozen

from romframe.frameworks.model import Framework
from romframe.frameworks.terms import Terms


@frozen
class Burden:
    """The forms of one instrument that the figures about one group need in an episode of care.

    `minutes` are those of one form, as its spec declares them; None where it declares none.
    """

    group: str
    instrument: str
    name: str
    raters: tuple[str, ...]
    items: int
    forms: int
    minutes: float | None

    @property
    def total(self) -> float | None:
        """The minutes of all forms together; None where they are not known."""
        return None if self.minutes is None else self.forms * self.minutes


def burden(framework: Framework, terms: Terms) -> list[Burden]:
    """Give the forms that each group's figures need, at the least, instrument by instrument.

    A measure needs two, one of its first and one of its last timepoints; measures of one instrument
    share the forms of the same timepoints. An indicator that names an instrument needs one.
    """
    groups = [group.id for group in framework.groups] or [""]
    return [each for group in groups for each in _of_group(framework, terms, group)]


def _of_group(framework: Framework, terms: Terms, group: str) -> Iterator[Burden]:
    times: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for outcome in framework.outcomes:
        for measure in outcome.measures:
            if measure.group == group:
                policy = terms.policy(framework.pairing, measure)
                times.setdefault(measure.instrument, set()).update(
                    [("first", policy.first_timepoints), ("last", policy.last_timepoints)]
                )
        for indicator in outcome.indicators:
            if indicator.group in ("", group) and "instrument" in indicator.params:
                times.setdefault(indicator.params["instrument"], set())
    for name, wanted in times.items():
        known = terms.instrument(name)
        yield Burden(
            group,
            name,
            known.name,
            known.raters,
            len(known.items),
            max(1, len({times or word for word, times in wanted})),
            known.minutes,
        )
