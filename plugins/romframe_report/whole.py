"""Templates in which a mean cannot stand alone: of a summary or a range they can reach no part."""

from typing import Any

from jinja2 import Environment
from jinja2.exceptions import SecurityError

from romframe import NormRange, Spread, Summary


class WholeEnvironment(Environment):
    """An environment whose templates show a summary or a range by filters, or not at all.

    A mean stands on a page only among the whole rows that `Figures.rows` gives, beside n, spread
    and change classes. A range stands there by `whole` or
    `norm`. Anything else raises SecurityError.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=refuse, **options)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give an attribute of anything but a summary or a range."""
        return super().getattr(refuse(obj), attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an item of anything but a summary or a range."""
        return super().getitem(refuse(obj), argument)


def refuse(value: Any) -> Any:
    """Give anything but a summary or a range; raises SecurityError for these."""
    if isinstance(value, Summary | Spread | NormRange):
        message = "a template may show a summary or range only whole, by the filters for it"
        raise SecurityError(message)
    return value
