"""Templates in which a mean cannot stand alone: of a summary they can reach no part."""

from typing import Any

from jinja2 import Environment
from jinja2.exceptions import SecurityError

from romframe import Summary


class WholeEnvironment(Environment):
    """An environment whose templates show a summary by the filter `middle`, or not at all.

    A mean stands on a page only among the whole rows that `Figures.rows` gives, beside n, spread
    and change classes. Anything else raises SecurityError.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=_refuse, **options)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give an attribute of anything but a summary."""
        return super().getattr(_refuse(obj), attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an item of anything but a summary."""
        return super().getitem(_refuse(obj), argument)


def _refuse(value: Any) -> Any:
    if isinstance(value, Summary):
        message = "a template may show a summary only by `middle`, or within group figures"
        raise SecurityError(message)
    return value
