"""The kit for authors of plugins: suites to inherit from, hostile data, strategies, fixtures.

    import my_plugin
    from romframe.testing import ExporterSuite

    class TestMine(ExporterSuite):
        plugin = my_plugin
        exporter = "mine"

Nothing in romframe imports this. It needs the extra `testing`; without it, importing raises
UsageError. The kit's version is that of romframe.
"""

from importlib.util import find_spec

from romframe.errors import Problem, UsageError


_absent = [name for name in ("pytest", "hypothesis") if find_spec(name) is None]
if _absent:
    _what = f"romframe.testing needs {' and '.join(_absent)}, which is not installed."
    _mend = "Install what it needs with: pip install 'romframe[testing]'."
    raise UsageError(Problem("testing-library-missing", _what, _mend))

import pytest  # noqa: E402


pytest.register_assert_rewrite("romframe.testing.suites")

from romframe.testing.cases import Case, NumberCase  # noqa: E402
from romframe.testing.offering import offering  # noqa: E402
from romframe.testing.suites.change import ChangeMethodSuite  # noqa: E402
from romframe.testing.suites.check import CheckExtras, CheckSuite  # noqa: E402
from romframe.testing.suites.exporter import ExporterExtras, ExporterSuite  # noqa: E402
from romframe.testing.suites.importer import ImporterExtras, ImporterSuite  # noqa: E402
from romframe.testing.suites.indicator import IndicatorSuite  # noqa: E402
from romframe.testing.suites.instrument import InstrumentExtras, InstrumentSuite  # noqa: E402
from romframe.testing.suites.plugin import PluginExtras, PluginSuite  # noqa: E402
from romframe.testing.suites.scoring import ScoringMethodExtras, ScoringMethodSuite  # noqa: E402
from romframe.testing.suites.section import ReportSectionExtras, ReportSectionSuite  # noqa: E402


__all__ = [
    "Case",
    "ChangeMethodSuite",
    "CheckExtras",
    "CheckSuite",
    "ExporterExtras",
    "ExporterSuite",
    "ImporterExtras",
    "ImporterSuite",
    "IndicatorSuite",
    "InstrumentExtras",
    "InstrumentSuite",
    "NumberCase",
    "PluginExtras",
    "PluginSuite",
    "ReportSectionExtras",
    "ReportSectionSuite",
    "ScoringMethodExtras",
    "ScoringMethodSuite",
    "offering",
]
