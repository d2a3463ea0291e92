"""What romframe relies on in an indicator: who is counted, on which day, and whether it is met."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest

from romframe.offers import Indicator
from romframe.testing.hostile import DATA_SETS
from romframe.testing.hosts import catalogue_of
from romframe.testing.suites.workspaces import WithWorkspaces, Workspaces, unchanged
from romframe.validation import validate
from romframe.yaml_source import Document


_NEEDED = ("referral_id", "team", "on", "met")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
each_data_set = pytest.mark.parametrize("data_set", DATA_SETS)


class IndicatorSuite(WithWorkspaces):
    """Must hold: set `plugin`, `indicator` (its name) and `params`."""

    indicator: str
    params: Mapping[str, Any] = MappingProxyType({})

    @pytest.fixture
    def offer(self) -> Indicator:
        """The indicator under test."""
        found: Indicator = catalogue_of(self.plugin).host.find("indicators", self.indicator)
        return found

    def test_its_params_fit_its_own_schema(self, offer: Indicator) -> None:
        """What a framework may say of the indicator is what `params` of this test say."""
        document = Document("params", dict(self.params))
        validate(document, offer.params, document.data)
        told = [str(problem) for problem in document.problems]
        assert told == [], "Correct `params` of the test, or the schema of the indicator."

    def test_its_summary_defines_it(self, offer: Indicator) -> None:
        """A commissioner reads in a sentence who is counted and when it is met."""
        assert len(offer.summary.split()) > 2, "Say in `summary` who is counted and when it is met."

    @each_data_set
    def test_every_row_says_who_where_when_and_whether(
        self, workspaces: Workspaces, offer: Indicator, data_set: str
    ) -> None:
        """A row has a known referral or none, a team, a day or month, and met or not yet known."""
        workspace = workspaces(data_set)
        found = offer.measure(workspace, self.params)
        assert {*_NEEDED} <= {*found.columns}, f"Give the columns {', '.join(_NEEDED)}."
        known = {None, *workspace.table("referral")["referral_id"]}
        assert {*found["referral_id"]} <= known, "It counts referrals that are not there."
        days = [str(day) for day in found["on"]]
        assert all(map(_DAY.fullmatch, days)), "Write `on` as an ISO day or month."
        kind = found.schema["met"]
        assert kind in (pl.Boolean, pl.Null), "Let `met` be true, false, or null for not known."

    @each_data_set
    def test_it_only_looks_and_says_the_same_again(
        self, workspaces: Workspaces, offer: Indicator, data_set: str
    ) -> None:
        """To measure changes nothing, and to measure again gives the same rows."""
        workspace = workspaces(data_set)
        with unchanged(workspace):
            first, second = (offer.measure(workspace, self.params) for _ in range(2))
        assert second.equals(first), "Sort the rows, and read no clock but `workspace.today`."
