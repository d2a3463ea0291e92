"""Which groups of returns are large enough to be told of, and none to be worked out from others."""

from collections.abc import Collection, Mapping

from romframe import SERVICE, DisclosurePolicy


def smallest_group(policy: DisclosurePolicy) -> int:
    """Give how many returns a group must have: as the service style says, or the policy if more.

    England's Friends and Family Test shows nothing of 1 to 4 responses either (source in its spec).
    """
    return max(SERVICE.threshold, policy.threshold)


def too_small(size: int, smallest: int) -> bool:
    """Say whether a group has members, but too few."""
    return 0 < size < smallest


def released(
    sizes: Mapping[str, int], smallest: int, held: Collection[str] = ()
) -> tuple[str, ...]:
    """Give the groups that may be told of beside all of them together, in the order given.

    Small ones and those in `held` may not. What may not is the difference between the whole and the
    rest: where that is small, the smallest of the others is left out too, until it no longer is.
    """
    left_out = {name for name in sizes if name in held or too_small(sizes[name], smallest)}
    others = sorted((n for n in sizes if sizes[n] and n not in left_out), key=lambda n: sizes[n])
    for name in others:
        if not too_small(sum(sizes[each] for each in left_out), smallest):
            break
        left_out.add(name)
    return tuple(name for name in sizes if name not in left_out)
