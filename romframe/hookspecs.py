"""The hook contract, version 1: what a plugin may offer.

A plugin is a module (or object) named by an entry point in the group `romframe.v1`. It marks
functions with `romframe.hookimpl`; each is called once with a `register` callback and offers what
it has. Within version 1, hooks and arguments are only ever added. Nothing depends on the order in
which plugins are called, and a name that two plugins offer belongs to nobody until config prefers
one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy


if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from romframe.change_methods import ChangeMethod
    from romframe.methods import ScoringMethod
    from romframe.offers import (
        Check,
        DefinitionFormat,
        Exporter,
        Importer,
        Indicator,
        ReportSection,
    )

PROJECT = "romframe"
FAMILY = "romframe.v"
GROUP = f"{FAMILY}1"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class RegisterSpecs(Protocol):
    """Offers every spec file (`*.yaml`) in a folder of an installed package."""

    def __call__(self, *, package: str, folder: str) -> None:
        """Offer the folder."""
        ...


@hookspec
def register_instruments(register: RegisterSpecs) -> None:
    """Offer instruments: `register(package="my_specs", folder="wellbeing")`. Since 0.1."""


@hookspec
def register_scoring_methods(register: Callable[[ScoringMethod], None]) -> None:
    """Offer scoring methods that specs may name. Since 0.1."""


@hookspec
def register_change_methods(register: Callable[[ChangeMethod], None]) -> None:
    """Offer change methods that specs and users may name. Since 0.1."""


@hookspec
def register_exporters(register: Callable[[Exporter], None]) -> None:
    """Offer exporters: `romframe export NAME`. Since 0.1."""


@hookspec
def register_importers(register: Callable[[Importer], None]) -> None:
    """Offer readers of outside formats: `romframe import FILE --from NAME`. Since 0.1."""


@hookspec
def register_checks(register: Callable[[Check], None]) -> None:
    """Offer data-quality checks: `romframe audit`. Since 0.1."""


@hookspec
def register_indicators(register: Callable[[Indicator], None]) -> None:
    """Offer indicators for outcome frameworks. Since 0.1."""


@hookspec
def register_report_sections(register: Callable[[ReportSection], None]) -> None:
    """Offer sections of the local report. Since 0.1."""


@hookspec
def register_definition_formats(register: Callable[[DefinitionFormat], None]) -> None:
    """Offer formats of definitions: `romframe measures read` and `write`. Since 0.1."""


@hookspec
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Offer commands: `romframe NAME`; a name that is taken is a conflict. Since 0.1."""
