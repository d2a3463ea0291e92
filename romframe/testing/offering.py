"""A plugin made on the spot, for a test of a single offer."""

from typing import Any

from romframe.hookspecs import hookimpl


_HOOKS = {
    "ScoringMethod": "register_scoring_methods",
    "ChangeMethod": "register_change_methods",
    "Exporter": "register_exporters",
    "Importer": "register_importers",
    "Check": "register_checks",
    "Indicator": "register_indicators",
    "ReportSection": "register_report_sections",
}


class Offering:
    """A plugin that offers one thing."""


def offering(offer: Any) -> Offering:
    """Give a plugin that offers this exporter (importer, method, check, ...) and nothing else."""

    @hookimpl
    def implementation(register: Any) -> None:
        register(offer)

    plugin = Offering()
    setattr(plugin, _HOOKS[type(offer).__name__], implementation)
    return plugin
