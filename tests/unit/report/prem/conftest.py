"""Anonymous returns of a made-up service, line by line."""

from collections import Counter
from datetime import date

import polars as pl
import pytest
from romframe_report.prem.page import prem_report

from romframe import api
from romframe.config import Config
from romframe.disclosure import SHOWN
from romframe.wording import Wording


class Feedback:
    """A workspace as the report of returns sees it."""

    def __init__(self, path):
        self.path = path
        self.config = Config("Riverside <service>", "Example Trust")
        self.today = date(2026, 7, 6)
        self.instrument_ids = ("core_10", "fft", "peq_treatment", "poem")
        self.known = {name: api.catalogue().instrument(name) for name in self.instrument_ids}
        self.rows = {name: [] for name in self.instrument_ids}
        self.packs = {}
        self.unused_wording = []

    def returned(self, number=1, name="fft", month="2026-01", team="North", **answers):
        for _ in range(number):
            self.rows[name].append({"month": month, "team": team, "states": "{}", **answers})

    def note(self, text):
        (self.path / "prem.yaml").write_text(text, encoding="utf-8")

    def page(self, *names, months=("2026-01", "2026-03"), team=None, disclosure=SHOWN):
        return prem_report(self, names, months, team, disclosure=disclosure)

    def instrument(self, name):
        return self.known[name]

    def wording(self, name):
        return Wording(self.known[name], "en", self.packs.get(name))

    def returns(self, name):
        items = self.known[name].items
        words = [i.id for i in items if i.scale.lettered and not i.scale.scored]
        words += [i.id for i in items if i.scale.kind == "text"]
        types = {item.id: pl.String if item.id in words else pl.Int64 for item in items}
        schema = {"month": pl.String, "team": pl.String, **types, "states": pl.String}
        blank = dict.fromkeys(schema)
        return pl.LazyFrame([{**blank, **row} for row in self.rows[name]], schema, orient="row")

    def counted(self, name, item, **where):
        """Count answers with the standard library alone."""
        rows = [r for r in self.rows[name] if all(r[k] == v for k, v in where.items())]
        return Counter(r[item] for r in rows if r.get(item) is not None)


@pytest.fixture
def feedback(tmp_path):
    return Feedback(tmp_path)


@pytest.fixture
def text_of():
    """Give the text of a page without its tags, each run of blanks as one."""
    from html.parser import HTMLParser

    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.said = []

        def handle_data(self, data):
            self.said.append(data)

    def read(page):
        words = Words()
        words.feed(page)
        return " ".join(" ".join(words.said).split())

    return read
