"""What a later release will not have: said once, with what to use instead and until when."""

import functools
import warnings
from typing import NamedTuple


class RomframeDeprecationWarning(DeprecationWarning):
    """Something of romframe is used that a later release will not have."""


class Deprecation(NamedTuple):
    """Something that goes: `what` it is, what to use `instead`, `since` which release it is said,
    and in which it is gone (`until`).
    """

    what: str
    instead: str
    since: str
    until: str

    def __str__(self) -> str:
        return (
            f"{self.what} is deprecated since {self.since} and will be gone in {self.until}: "
            f"use {self.instead}."
        )

    @property
    def warning(self) -> RomframeDeprecationWarning:
        """The same as a Python warning, as `hookspec(warn_on_impl_args=...)` takes it."""
        return RomframeDeprecationWarning(str(self))


@functools.cache
def deprecated(what: str, *, instead: str, since: str, until: str) -> None:
    """Warn the caller's caller, once in a process, that something will go."""
    warnings.warn(Deprecation(what, instead, since, until).warning, stacklevel=3)
