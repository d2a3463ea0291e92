"""What the core itself offers, through the same hooks as any plugin."""

from collections.abc import Callable

from romframe.change_methods import CHANGE_METHODS, ChangeMethod
from romframe.hookspecs import hookimpl
from romframe.methods import SCORING_METHODS, ScoringMethod


@hookimpl
def register_scoring_methods(register: Callable[[ScoringMethod], None]) -> None:
    """Offer sums, means, counts, differences and lookups."""
    for method in SCORING_METHODS:
        register(method)


@hookimpl
def register_change_methods(register: Callable[[ChangeMethod], None]) -> None:
    """Offer reliable change, the move across a cut-off, and both together."""
    for method in CHANGE_METHODS:
        register(method)
