"""romframe: routine outcome monitoring with measures, change rules and exports as plugins.

This is the whole public interface; plugins import from here and from nowhere below. Each name is
loaded when it is first used, so that importing romframe costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from romframe.api import classify, score
    from romframe.catalogue import Catalogue
    from romframe.change_methods import ChangeInputs, ChangeMethod, ChangeVerdict
    from romframe.disclosure import NHS_MONTHLY, SERVICE, DisclosurePolicy
    from romframe.errors import (
        DataError,
        ExportRefused,
        FrameworkError,
        Place,
        PluginError,
        Problem,
        RomframeError,
        SpecError,
        StoreError,
        UsageError,
        UserError,
    )
    from romframe.exporting import run_export
    from romframe.hookspecs import hookimpl
    from romframe.ingest import import_file
    from romframe.instruments.model import Instrument
    from romframe.methods import Ratio, ScoringInputs, ScoringMethod
    from romframe.offers import (
        Check,
        Exporter,
        ExportRequest,
        ExportResult,
        Importer,
        Indicator,
        ReportSection,
        Window,
    )
    from romframe.workspace import Workspace, create_workspace, open_workspace

_HOMES = {
    "api": "classify score",
    "catalogue": "Catalogue",
    "change_methods": "ChangeInputs ChangeMethod ChangeVerdict",
    "disclosure": "NHS_MONTHLY SERVICE DisclosurePolicy",
    "errors": "DataError ExportRefused FrameworkError Place PluginError Problem RomframeError "
    "SpecError StoreError UsageError UserError",
    "exporting": "run_export",
    "hookspecs": "hookimpl",
    "ingest": "import_file",
    "instruments.model": "Instrument",
    "methods": "Ratio ScoringInputs ScoringMethod",
    "offers": "Check ExportRequest ExportResult Exporter Importer Indicator ReportSection Window",
    "workspace": "Workspace create_workspace open_workspace",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__version__ = "0.1.0"
__all__ = [  # noqa: PLE0604, RUF022  (made from the table above, which a test compares)
    *sorted(_HOME_OF)
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'romframe' has no attribute {name!r}")
    return getattr(importlib.import_module(f"romframe.{_HOME_OF[name]}"), name)
