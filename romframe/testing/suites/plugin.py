"""What romframe relies on in any plugin, whatever it offers."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from romframe.hookspecs import GROUP
from romframe.plugins import PluginRecord
from romframe.testing.hosts import load_alone, load_among_others, record_of


_HEAVY = ("polars", "matplotlib", "jinja2", "scipy", "pandas")


class PluginSuite:
    """Must hold: set `plugin`, a module or an object with hooks."""

    plugin: Any

    @pytest.fixture
    def record(self) -> PluginRecord:
        """What became of the plugin when it was loaded alone."""
        return record_of(load_alone(self.plugin))

    def test_it_loads_by_itself(self, record: PluginRecord) -> None:
        """The plugin loads with nothing beside it but romframe."""
        assert record.problem is None, f"The plugin is set aside: {record.problem}"

    def test_it_offers_something(self, record: PluginRecord) -> None:
        """The plugin offers at least one thing."""
        assert record.offers, "No hook offers anything: mark one with romframe.hookimpl."

    def test_loading_it_again_offers_the_same(self, record: PluginRecord) -> None:
        """What the plugin offers depends on nothing but the plugin."""
        again = record_of(load_alone(self.plugin)).offers
        assert again == record.offers, "Offer the same names however often the hooks are called."

    def test_its_names_are_free_among_the_installed_plugins(self) -> None:
        """No other installed plugin offers a name of this one: such a name belongs to nobody."""
        contested = [each.what for each in load_among_others(self.plugin).contested()]
        assert contested == [], "Choose names that no other plugin has."


class PluginExtras(PluginSuite):
    """Optional: a README that names every offer, complete metadata, a light import.

    Set `readme` to a file, and `distribution` to the name of the installed distribution.
    """

    readme: Path | None = None
    distribution: str = ""

    def test_its_readme_names_all_that_it_offers(self, record: PluginRecord) -> None:
        """Whoever reads the README learns every name that the plugin offers."""
        if self.readme is None:
            pytest.skip("set `readme` to the plugin's README")
        text = self.readme.read_text(encoding="utf-8")
        lacking = [
            name for names in record.offers.values() for name in names if f"`{name}`" not in text
        ]
        assert lacking == [], f"Write them into {self.readme.name}, each between backticks."

    def test_its_distribution_says_what_it_is(self) -> None:
        """The package says what it does, on what terms, and that it needs romframe."""
        if not self.distribution:
            pytest.skip("set `distribution` to the name of the plugin's package")
        found = metadata.metadata(self.distribution).json
        needed = metadata.requires(self.distribution) or []
        assert found.get("summary"), "Give the project a `description` in pyproject.toml."
        licence = found.get("license_expression") or found.get("license")
        assert licence, "Give the project a `license` in pyproject.toml."
        if self.distribution != "romframe":
            assert any(each.startswith("romframe") for each in needed), (
                "Name romframe among the `dependencies` in pyproject.toml."
            )
        groups = metadata.distribution(self.distribution).entry_points.select(group=GROUP)
        assert groups, f'Add an entry point: [project.entry-points."{GROUP}"].'

    def test_importing_it_brings_in_nothing_heavy(self) -> None:
        """Every command imports every plugin: what is slow to import waits until it is called."""
        name = getattr(self.plugin, "__name__", "")
        if name not in sys.modules:
            pytest.skip("only a module can be imported")
        command = [sys.executable, "-c", f"import sys, {name}; print(*sys.modules)"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        heavy = sorted({*_HEAVY} & {*done.stdout.split()})
        assert heavy == [], "Import them inside the functions that need them."
