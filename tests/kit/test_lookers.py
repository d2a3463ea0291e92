"""Every shipped check, indicator and section of the report keeps what the kit asks of any."""

import importlib

import romframe_audit
import romframe_indicators

from romframe.testing import (
    CheckExtras,
    CheckSuite,
    IndicatorSuite,
    ReportSectionExtras,
    ReportSectionSuite,
)
from romframe.testing.hosts import load_alone, record_of


CORE_10 = ("core_10",)
FORMS = {
    "zero": dict.fromkeys([f"q{n}" for n in range(1, 11)], 0),
    "ones": dict.fromkeys([f"q{n}" for n in range(1, 11)], 1),
    "line": {f"q{n}": 1 if n in (2, 3) else 3 for n in range(1, 11)},  # q2 and q3 are turned
    "mixed": {f"q{n}": n % 4 for n in range(1, 11)},
}
FOUND = {
    "all_zero": {"doubtful": [FORMS["zero"]], "sound": [FORMS["ones"], FORMS["mixed"]]},
    "straight_line": {"doubtful": [FORMS["line"]], "sound": [FORMS["mixed"]]},
}
PARAMS = {
    "better_side": {"instrument": "core_10", "score": "total", "cut_off": "barkham_2013"},
    "completeness": {"instrument": "core_10"},
    "favourable": {"instrument": "poem", "item": "q1b"},
    "paired_rate": {"instrument": "core_10", "score": "total"},
    "re_referral": {"days": 30},
    "relapse": {"instrument": "core_10", "score": "total"},
    "wait": {"from": "referral", "to": "assessment", "within": 30},
}
NEED_MORE = {"items", "subgroups"}  # than the few people of the hostile data, to show anything
SECTIONS = {"report": CORE_10, "gbo": ("gbo",), "honos": ("honos",), "poem": ("poem",)}


def offers_of(plugin, kind):
    return record_of(load_alone(plugin)).offers[kind]


def add(base, offer, **attributes):
    name = f"{base.__name__.replace('Suite', 'Test')}_{offer}".replace("Test_", "_")
    globals()[f"Test{name}"] = type(f"Test{name}", (base,), attributes)


for check in offers_of(romframe_audit, "checks"):
    known = FOUND.get(check)
    base = CheckExtras if known else CheckSuite
    add(base, check, plugin=romframe_audit, check=check, measures=CORE_10, **(known or {}))

for name in offers_of(romframe_indicators, "indicators"):
    about = {"indicator": name, "params": PARAMS[name], "measures": (*CORE_10, "poem")}
    add(IndicatorSuite, name, plugin=romframe_indicators, **about)

for plugin, measures in SECTIONS.items():
    module = importlib.import_module(f"romframe_{plugin}")
    for section in offers_of(module, "report_sections"):
        base = ReportSectionSuite if section in NEED_MORE else ReportSectionExtras
        add(base, section, plugin=module, section=section, measures=measures)
