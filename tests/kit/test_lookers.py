"""Every shipped check, indicator and section of the report keeps what the kit asks of any."""

import importlib

from romframe.testing import CheckExtras, IndicatorSuite, ReportSectionExtras
from romframe.testing.hosts import load_alone, record_of


PARAMS = {
    "completeness": {"instrument": "core_10"},
    "favourable": {"instrument": "core_10", "item": "q1"},
    "paired_rate": {"instrument": "core_10"},
    "re_referral": {"days": 30},
    "relapse": {"instrument": "core_10", "score": "total"},
    "wait": {"to": "first_contact", "within": 30},
}


def suites(base, plugin, kind, attribute, **more):
    module = importlib.import_module(f"romframe_{plugin}")
    for offer in record_of(load_alone(module)).offers[kind]:
        name = f"Test_{kind}_{offer}"
        yield name, type(name, (base,), {"plugin": module, attribute: offer, **more})


globals().update(suites(CheckExtras, "audit", "checks", "check", measures=("core_10",)))
globals().update(
    suites(IndicatorSuite, "indicators", "indicators", "indicator", measures=("core_10",))
)
for plugin, measures in {
    "report": ("core_10",),
    "gbo": ("gbo",),
    "honos": ("honos",),
    "poem": ("poem",),
}.items():
    found = suites(ReportSectionExtras, plugin, "report_sections", "section", measures=measures)
    globals().update(found)
