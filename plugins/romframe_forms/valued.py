"""What codes count, where a form says so only by adding them up."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from romframe import AskedItem, AskedScore


def with_values(items: Iterable[AskedItem], scores: Iterable[AskedScore]) -> Iterator[AskedItem]:
    """Give the items; on the lists of those that a score adds up, every code is its own value."""
    known = list(items)
    added = {name for score in scores for name in score.items}
    lists = {item.options for item in known if item.name in added}
    for item in known:
        if item.options in lists:
            options = (evolve(each, value=float(each.code)) for each in item.options)
            yield evolve(item, options=tuple(options))
        else:
            yield item
