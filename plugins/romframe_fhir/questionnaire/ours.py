"""What the weights of a Questionnaire of ours say: which items are turned, which do not count."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from romframe import AskedItem, AskedOption


Options = tuple[AskedOption, ...]


def restored(items: Iterable[AskedItem]) -> Iterator[AskedItem]:
    """Give each item with the answers of its scale as they are before any item is turned.

    Items on one scale differ in their weights only: those of turned items run the other way, and
    items that are in no score have none.
    """
    known = list(items)
    plain: dict[str, Options] = {}
    for item in known:
        if item.scale and _weighted(item.options):
            plain.setdefault(item.scale, _unturned(item.options))
    for item in known:
        options = plain.get(item.scale, item.options)
        if options == item.options:
            yield item
        elif not _weighted(item.options):
            yield evolve(item, options=options, counts=False)
        else:
            turned = turn(options) == item.options
            yield evolve(item, options=options, reversed=True) if turned else item


def turn(options: Options) -> Options:
    """Give answers that count what those as far from the other end do; each has a value."""
    values = sorted({option.value or 0 for option in options})
    turned = dict(zip(values, reversed(values), strict=True))
    return tuple(evolve(option, value=turned[option.value or 0]) for option in options)


def _weighted(options: Options) -> bool:
    return any(option.value is not None for option in options)


def _unturned(options: Options) -> Options:
    """Give answers whose values are their codes, where they are so in one direction."""
    turned = turn(options)
    return turned if all(f"{each.value:g}" == each.code for each in turned) else options
