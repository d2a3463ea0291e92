"""A made-up service: what it holds is said in the test, a line a fact."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import romframe_report
from attrs import evolve
from romframe_report.service import service_report

from romframe import ReportSection, api
from romframe.change import default_rule
from romframe.config import Config
from romframe.disclosure import SHOWN
from romframe.plugins import PluginHost, PluginSource
from romframe.wording import Pack, Wording


_REFERRAL = (
    *("referral_id", "team", "pathway", "received_on", "closed_on"),
    *("service_user_id", "setting", "details"),
)
_PERSON = ("service_user_id", "birth_date", "ethnic_category")
_ASSESSMENT = (
    *("instrument", "referral_id", "outcome", "superseded_by", "completed_at"),
    "version",
)
_CHANGE = {
    "referral_id": pl.String,
    "score": pl.String,
    "verdict": pl.String,
    "first_id": pl.Int64,
    "last_id": pl.Int64,
    "first": pl.Float64,
    "last": pl.Float64,
    "pathway": pl.String,
}


class Service:
    """A workspace as sections see it, filled line by line."""

    def __init__(self):
        self.path = Path("no such folder")
        self.config = Config("Riverside <service>", "Example Trust")
        self.today = date(2026, 7, 6)
        self.path = Path("no-such-folder")
        self.catalogue = SimpleNamespace(host=PluginHost())
        self.catalogue.host.load([PluginSource("report", lambda: romframe_report)])
        self.known = {name: api.catalogue().instrument(name) for name in ("core_10", "honos")}
        self.referrals, self.people, self.attempts = [], [], []
        self.rows, self.answers = {}, {}
        self.asked = []
        self.bad_sections = []
        self.packs = {}
        self.unused_wording = []

    def refer(
        self, name, *, team="Team A", pathway="treatment", start="2025-03-01", end=None, **about
    ):
        """Refer somebody; `about` may give `born`, `ethnicity`, `setting` and `details`."""
        person = f"P-{name}"
        more = (about.get("setting"), about.get("details"))
        self.referrals.append((name, team, pathway, start, end, person, *more))
        self.people.append((person, about.get("born"), about.get("ethnicity")))
        return name

    def tried(self, referral, name="core_10", outcome="completed", superseded_by=None, on=None):
        version = self.known[name].version if name in self.known else ""
        on = on or "2025-04-02"
        name = self.known[name].id if name in self.known else name
        self.attempts.append((name, referral, outcome, superseded_by, on, version))

    def unpaired(self, referral, verdict, *, instrument="core_10", score="total"):
        row = (referral, score, verdict, None, None, None, None, self._pathway(referral))
        self.rows.setdefault(instrument, []).append(row)

    def paired(self, referral, first, last, *, instrument="core_10", score="total", ratings=None):
        self.tried(referral, instrument)
        self.tried(referral, instrument)
        number = 2 * sum(map(len, self.rows.values()))
        row = (referral, score, "paired", number, number + 1, first, last, self._pathway(referral))
        self.rows.setdefault(instrument, []).append(row)
        for at, values in zip((number, number + 1), ratings or (), strict=False):
            self.answers.setdefault(instrument, []).append({"assessment_id": at, **values})

    def several(self, number, first, last, **about):
        """Refer and pair so many people with the same scores."""
        pair = {k: about.pop(k) for k in ("instrument", "score", "ratings") if k in about}
        for _ in range(number):
            name = self.refer(f"R{len(self.referrals)}", **about)
            self.paired(name, first, last, **pair)

    def never_assessed(self, number, **about):
        """Refer so many people who are never assessed."""
        for _ in range(number):
            self.unpaired(self.refer(f"R{len(self.referrals)}", **about), "no_assessment")

    def change(self, name, **fields):
        """Give an instrument other fields than it has."""
        self.known[name] = evolve(self.known[name], **fields)

    def change_rule(self, name, **fields):
        rule, *others = self.known[name].change_rules
        self.change(name, change_rules=(evolve(rule, **fields), *others))

    def offer(self, name, build, template, order=100):
        section = ReportSection(name, name.title(), order, build, template)
        self.catalogue.host.offer("test", "report_sections", name, section)

    def report(self, start=date(2025, 1, 1), end=date(2026, 6, 30), team=None, disclosure=SHOWN):
        return service_report(self, start, end, team, disclosure=disclosure)

    @property
    def instrument_ids(self):
        return tuple(self.known)

    def instrument(self, name):
        return self.known[name]

    def supply(self, name, permission, **items):
        """Give an instrument the wording of a pack."""
        known = self.known[name]
        self.packs[name] = Pack(Path("pack.yaml"), known, "en", permission, items=items)

    def wording(self, instrument, locale="en"):
        return Wording(instrument, locale, self.packs.get(instrument.id))

    def table(self, name):
        self.asked.append(name)
        columns, rows = {
            "referral": (_REFERRAL, self.referrals),
            "service_user": (_PERSON, self.people),
            "assessment": (_ASSESSMENT, self.attempts),
        }[name]
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")

    def responses(self, name):
        items = dict.fromkeys((item.id for item in self.known[name].items), pl.Int64)
        rows = self.answers.get(name, [])
        return pl.LazyFrame(rows, schema={"assessment_id": pl.Int64, **items})

    def changes(self, name, score=None, rule=None, settings=None, policy=None):
        self.asked.append(name)
        rows = pl.DataFrame(self.rows.get(name, []), schema=_CHANGE, orient="row")
        about = self.table("referral").select("referral_id", "service_user_id", "closed_on")
        rows = rows.join(about, on="referral_id", how="left", maintain_order="left")
        rows = rows.with_columns(last_at=pl.col("closed_on").str.head(10).str.to_date())
        parts = [self._judged(self.known[name], *part) for part in rows.group_by("score")]
        return pl.concat(parts, how="diagonal") if parts else self._unjudged(rows)

    def _unjudged(self, rows):
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in ("class", "rule"))

    def _judged(self, instrument, key, rows):
        if default_rule(instrument, key[0]) is None:
            return self._unjudged(rows)
        judged = api.classify(rows, instrument, score=key[0])
        paired = pl.col("verdict") == "paired"
        return judged.with_columns(pl.when(paired).then(pl.col("class").cast(pl.String)))

    def _pathway(self, referral):
        return next(row[2] for row in self.referrals if row[0] == referral)


@pytest.fixture
def service():
    return Service()
