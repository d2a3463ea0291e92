"""A workspace: one folder that holds a service's config, store and local measures.

Commands and plugins are given this object. It reads; what writes goes through the store.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from attrs import define, field

from romframe.across import goals_of, over_goals, over_moments
from romframe.alerting import alerts
from romframe.api import BUILTIN
from romframe.catalogue import Catalogue
from romframe.change import Judge, default_rule, judge, rules_for
from romframe.config import FILE_NAME, Config, read_config
from romframe.errors import Problem, UsageError
from romframe.export_options import configured
from romframe.instruments.model import STORED, Instrument
from romframe.offers import SpecFile
from romframe.pairing import PairingPolicy, pair
from romframe.persons import ATTRIBUTES, with_person
from romframe.plugins import PluginHost, in_folder, installed
from romframe.rated import SCORED, Rated, rated
from romframe.reported import reported_verdicts
from romframe.scoring import VERDICT, VERDICT_TYPES, Scorer, scorer
from romframe.store import Store
from romframe.wording import FOLDER, Wording, check_folder, choose_wording


STORE_NAME = "rom.sqlite"
FOLDERS = ("measures", "mappings", "frameworks", "checks", "plugins", FOLDER)
ABOUT = (
    "assessment_id",
    "referral_id",
    "service_user_id",
    "completed_at",
    "timepoint",
    "rater",
    "setting",
    "team",
    "pathway",
    "version",
    "received_on",
    "closed_on",
)
_JUDGED = ("change", "improvement", "class", "reliable", "clinical", "rule", "constants", "source")


@define
class Workspace:
    """A service's folder, opened: config, instruments and store."""

    path: Path
    config: Config
    catalogue: Catalogue
    store: Store
    today: date
    _words: dict[tuple[str, str, str], Wording] = field(factory=dict, init=False, repr=False)

    @property
    def instrument_ids(self) -> tuple[str, ...]:
        """The names of the instruments that this workspace can use."""
        return self.catalogue.ids

    def instrument(self, name: str) -> Instrument:
        """Give an instrument by name; raises as `Catalogue.instrument` does."""
        return self.catalogue.instrument(name)

    def wording(self, instrument: str | Instrument, locale: str | None = None) -> Wording:
        """Give an instrument's words: a sound wording pack's, and our labels where it has none.

        The locale is the config's unless one is given; raises as `instrument` does.
        """
        known = self.instrument(instrument) if isinstance(instrument, str) else instrument
        wanted = locale or self.config.locale
        key = (known.id, known.version, wanted)
        if key not in self._words:
            folder = self.path / FOLDER
            self._words[key] = choose_wording(known, wanted, folder, self.instrument)
        return self._words[key]

    @property
    def unused_wording(self) -> list[Problem]:
        """Why wording packs that were asked for are not used, each reason once."""
        return list(dict.fromkeys(each for said in self._words.values() for each in said.problems))

    def wording_problems(self) -> list[Problem]:
        """Load every wording pack and give what is wrong or unsaid in any of them."""
        return check_folder(self.path / FOLDER, self.instrument)

    def export_options(self, exporter: str) -> Mapping[str, Any]:
        """Give what the config says of an exporter's options.

        Raises FrameworkError where that does not fit, PluginError where there is no such exporter.
        """
        return configured(self.config, self.catalogue.host.find("exporters", exporter))

    def table(self, name: str, among: pl.Series | None = None) -> pl.DataFrame:
        """Give a table of the store as it is; raises StoreError if there is none of that name.

        `among` is named as a column, and bounds the rows to those with one of its values there.
        What people wrote as the words of their goals is left out: it is nobody's business.
        """
        found = self.store.table(name, among)
        return found.drop("words") if name == "goal" else found

    def used_instruments(self) -> tuple[str, ...]:
        """The instruments that have assessments in the store."""
        held = self.store.held_versions()
        ids = {name for name, _ in held}
        possible = [name for name in self.instrument_ids if name.partition("-")[0] in ids]
        known = {name: self.instrument(name) for name in possible}
        return tuple(name for name, each in known.items() if (each.id, each.version) in held)

    def assessments(
        self, completed: tuple[date, date] | None = None, recorded_since: date | None = None
    ) -> pl.DataFrame:
        """Give the current assessments of every instrument and outcome; see `Store.assessments`."""
        return self.store.assessments(None, completed, recorded_since)

    def responses(self, instrument: str, among: pl.Series | None = None) -> pl.LazyFrame:
        """Give the answers of every current completed assessment, a row each, in scored coding.

        `among` bounds them to these values of `assessment_id`, so that work can be done in parts.
        """
        return self.store.responses(self.instrument(instrument), among)

    def returns(self, instrument: str) -> pl.LazyFrame:
        """Give the anonymous returns: month, team, answers in scored coding, and states."""
        return self.store.returns(self.instrument(instrument))

    def scores(
        self, instrument: str, only: Sequence[str] | None = None, among: pl.Series | None = None
    ) -> pl.DataFrame:
        """Score every current completed assessment now: a row a score, with its verdict.

        A score across goals has a row a referral, moment, rater and version, under the lowest
        `assessment_id` of that moment. Scores that came without answers have the status `reported`.
        The scores of several instruments have the same columns, so that they can be put together.
        `only` asks for some scores by id, those on request too; UsageError if there is none. There
        are no rows where every score is on request. `among` bounds the assessments, as in
        `responses`.
        """
        return self._scored(instrument, only, among)

    def _scored(
        self,
        instrument: str,
        only: Sequence[str] | None,
        among: pl.Series | None = None,
        columns: Sequence[str] = (*ABOUT, "score", *VERDICT),
    ) -> pl.DataFrame:
        """Give `scores` with these columns alone; across goals, with all of them."""
        known, chosen = self.instrument(instrument), self.config.choice(instrument)
        asked = self._usual(instrument, known) if only is None else list(only)
        if only is None and not asked:
            about = self.responses(instrument, among).select(*ABOUT).head(0)
            none = (pl.lit(None, dtype).alias(name) for name, dtype in VERDICT_TYPES.items())
            return about.with_columns(none).collect()
        over = [score for score in known.scores if score.across and score.id in asked]
        single = set(asked) - {score.id for score in over} | {score.across for score in over}
        any_one = [score.id for score in known.scores if not score.across][:1]
        ready = scorer(
            known,
            self.catalogue.scoring_methods,
            coding=STORED.id,
            scores=sorted(single) or any_one,
            missing=chosen.missing,
            bands=chosen.bands,
        )
        items = [item.id for item in ready.items]
        answers = self.responses(instrument, among).select(*ABOUT, *items)
        if ready.by_person:
            answers = with_person(answers, self.table("service_user"), "completed_at")
        wide = ready.wide(answers).drop(ATTRIBUTES, strict=False).collect()
        named = ready.tidy(wide.lazy()).with_columns(pl.col("score", "band").cast(str))
        kept = [*ABOUT, "score", *VERDICT] if over else columns
        tidy = self._with_reported(named.select(kept).collect(), ready, among)
        parts = [tidy, *(over_moments(tidy, known, score) for score in over)]
        return pl.concat(parts) if asked else tidy.clear()

    def _with_reported(
        self, tidy: pl.DataFrame, ready: Scorer, among: pl.Series | None
    ) -> pl.DataFrame:
        """Add the scores that came without answers; their assessments have no others."""
        found = self.store.reported(ready.instrument, among)
        if found.is_empty():
            return tidy
        reported = found.lazy().select(*ABOUT, "score", "value")
        if ready.by_person:
            reported = with_person(reported, self.table("service_user"), "completed_at")
        verdicts = reported_verdicts(ready, reported).drop(ATTRIBUTES, strict=False)
        both = pl.concat([tidy, verdicts.select(tidy.columns).collect()])
        return both.sort("assessment_id", maintain_order=True)

    def _usual(self, name: str, instrument: Instrument) -> list[str]:
        """Give the scores that are given unasked, and those that the config asks for."""
        usual = [score.id for score in instrument.scores if not score.on_request]
        return [*usual, *(each for each in self.config.choice(name).scores if each not in usual)]

    def alerts(self, instrument: str) -> pl.DataFrame:
        """Give the alerts of all current completed assessments, the latest first."""
        known = self.instrument(instrument)
        items = [item.id for item in known.items]
        answers = self.responses(instrument).select(*ABOUT, *items)
        raised = alerts(answers, known, self.catalogue.scoring_methods, STORED.id).drop("row")
        return raised.sort("completed_at", "assessment_id", descending=True, maintain_order=True)

    def changes(
        self,
        instrument: str,
        score: str | None = None,
        rule: str | None = None,
        settings: Mapping[str, float | str] | None = None,
        policy: PairingPolicy | None = None,
    ) -> pl.DataFrame:
        """Pair and judge: a row for every referral of the store and every score.

        Pairs are made under `policy`, or under the config's. Each row has a pairing verdict; where
        it is paired, both scores, the change and its class under the named rule (or method) with
        its constants set as `settings` says, or under each score's default rule. A score without
        a rule has no class. Where an instrument is rated goal by goal, a score of single goals has
        a row a referral and goal, and a score across goals a row a referral, with `firsts`,
        `lasts`, `n_goals` and `n_paired`. Raises UsageError for a score or rule that does not
        exist, and for constants that do not fit.
        """
        known = self.instrument(instrument)
        wanted = [score] if score else self._judged(instrument, known, rule)
        if not wanted:
            if not known.scores:
                return self.scores(instrument, ())
            return self.changes(instrument, known.scores[0].id).clear()
        scores = self._scored(instrument, wanted, columns=SCORED)
        rules = {each: rule or self.config.choice(instrument).rules.get(each) for each in wanted}
        judges = {each: self._judge(known, each, rules[each], settings) for each in wanted}
        found = self._rated(known, scores, policy or self.config.pairing)
        parts = [self._change(known, found, *each) for each in judges.items()]
        return pl.concat(parts, how="diagonal" if known.repeats else "vertical")

    def _judge(
        self,
        instrument: Instrument,
        score: str,
        rule: str | None,
        settings: Mapping[str, float | str] | None,
    ) -> Judge | None:
        if rule is None and default_rule(instrument, score) is None:
            return None
        methods, find = self.catalogue.change_methods, self.catalogue.instrument
        return judge(instrument, methods, score=score, rule=rule, settings=settings, find=find)

    def _judged(self, name: str, instrument: Instrument, rule: str | None) -> list[str]:
        """Give the scores to judge: the usual ones, or those of them that have the rule."""
        usual = self._usual(name, instrument)
        having = [name for name in usual if rule in rules_for(instrument, name)]
        return having or usual

    def _change(
        self, instrument: Instrument, found: Rated, score: str, ready: Judge | None
    ) -> pl.DataFrame:
        goal = instrument.repeats.by if instrument.repeats else ""
        single = instrument.score(score).across or score
        pairs = self._pairs(instrument, found, single, goal)
        if goal and single != score:
            pairs, goal = over_goals(pairs, goal), ""
        if ready is None:
            judged = pairs.with_columns(
                change=pl.col("last") - pl.col("first"),
                **{name: pl.lit(None, pl.String) for name in _JUDGED if name != "change"},
            )
        else:
            judged = ready.classify(self._known_of(pairs, ready, found.policy)).drop(
                *ready.score_columns[2:], *ATTRIBUTES, strict=False
            )
        return (
            judged.select(
                "referral_id",
                pl.lit(score).alias("score"),
                *([goal] if goal else []),
                pl.exclude("referral_id", "score", *_JUDGED, *([goal] if goal else [])),
                pl.col("change").cast(pl.Float64),
                pl.col("improvement").cast(pl.Float64),
                pl.when(pl.col("verdict") == "paired").then(pl.col("class").cast(pl.String)),
                *_JUDGED[3:],
            )
            .sort("referral_id", *([goal] if goal else []))
            .collect()
        )

    def _known_of(self, pairs: pl.LazyFrame, ready: Judge, policy: PairingPolicy) -> pl.LazyFrame:
        """Add what a rule asks for beside first and last: a second measure, or who it is about."""
        if ready.companion is not None:
            other = ready.rule.params["with"]
            measure = self.instrument(other["instrument"])
            scores = self._scored(other["instrument"], [other["score"]], columns=SCORED)
            found = self._rated(measure, scores, policy)
            first, last = ready.companion.score_columns
            beside = self._pairs(measure, found, other["score"], "").select(
                "referral_id", pl.col("first").alias(first), pl.col("last").alias(last)
            )
            pairs = pairs.join(beside, on="referral_id", how="left")
        if ready.by_person:
            pairs = with_person(pairs, self.table("service_user"), "first_at")
        return pairs

    def _rated(self, instrument: Instrument, scores: pl.DataFrame, policy: PairingPolicy) -> Rated:
        """Read once what all scores are paired from."""
        attempts = self.store.assessments(instrument.id)
        return rated(scores, attempts, self.table("referral").drop("details"), policy)

    def _pairs(self, instrument: Instrument, found: Rated, score: str, goal: str) -> pl.LazyFrame:
        both, referrals = found.on(score), found.referrals
        if goal:
            goals = self.store.identities(instrument.id, goal).lazy()
            both = both.join(goals, on="assessment_id", how="left")
            named = both.select("referral_id", goal).collect()
            referrals = goals_of(referrals, named, self._goals(instrument), goal)
        return pair(both, referrals.lazy(), found.policy, goal)

    def _goals(self, instrument: Instrument) -> pl.DataFrame:
        """Give the recorded goals that are rated with this instrument, or say none."""
        named = pl.col("instrument").fill_null(instrument.id)
        return self.table("goal").filter(named == instrument.id)


def create_workspace(path: Path, name: str, *, today: date | None = None) -> Workspace:
    """Make a new workspace in an empty or new folder and open it.

    Raises UsageError if there is one already, if it cannot be written there or if its name cannot
    be shown, and StoreError if its store cannot be made. The config comes last: a folder is no
    workspace before all of it is there.
    """
    if (path / FILE_NAME).exists():
        what = f"There is a workspace in {path} already."
        raise UsageError(Problem("workspace-exists", what, "Choose another folder."))
    if not name.isprintable():
        what = f"{name!r} holds characters that cannot be shown."
        raise UsageError(Problem("bad-name", what, "Give the service a name on one line."))
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    try:
        _fill(path, f'name: "{quoted}"\ntimezone: Europe/London\n')
    except OSError as error:
        what = f"A workspace cannot be made in {path}: {error.strerror}."
        mend = "Check that you may write there and that there is room."
        raise UsageError(Problem("workspace-not-made", what, mend)) from error
    return open_workspace(path, today=today)


def _fill(path: Path, config: str) -> None:
    for folder in FOLDERS:
        (path / folder).mkdir(parents=True, exist_ok=True)
    part = path / f".{FILE_NAME}"
    try:
        part.write_text(config, encoding="utf-8")
        Store.create(path / STORE_NAME).close()
        part.replace(path / FILE_NAME)
    finally:
        part.unlink(missing_ok=True)


def open_workspace(
    path: Path | str, *, today: date | None = None, without: Iterable[str] = ()
) -> Workspace:
    """Open the workspace in a folder; `without` names plugins to leave out.

    Raises UsageError if there is none, FrameworkError for its config, StoreError for its store.
    """
    path = Path(path)
    if not (path / FILE_NAME).exists():
        what = f"There is no workspace in {path.resolve()} (no {FILE_NAME})."
        mend = "Make one with `romframe init DIR`, or name one with --workspace DIR."
        raise UsageError(Problem("no-workspace", what, mend))
    config = read_config(path / FILE_NAME)
    host = PluginHost(config.prefer, frozenset({*config.disable_plugins, *without}))
    host.load([BUILTIN, *installed(), *in_folder(path / "plugins")])
    for spec in sorted((path / "measures").glob("*.yaml")):
        host.offer("workspace", "instruments", spec.stem, SpecFile(spec))
    for spec in sorted((path / "measures").glob("*.yml")):
        what, mend = f"{spec} is not read.", f"Call it {spec.stem}.yaml."
        host.problems.append(Problem("spec-file-name", what, mend))
    store = Store.open(path / STORE_NAME)
    return Workspace(path, config, Catalogue(host), store, today or date.today())  # noqa: DTZ011
