"""Workspaces to export from and to import into, and what two stores must have alike."""

from datetime import UTC, date, datetime

import polars as pl
from attrs import define, frozen

from romframe import Workspace, run_export
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.incoming import import_outside
from romframe.store import Batch


TODAY = date(2026, 12, 5)
NOW = datetime(2026, 12, 5, 9, tzinfo=UTC)
_OF_THE_STORE = ("assessment_id", "import_batch_id", "supersedes", "superseded_by", "recorded_at")
STATES = {"-7": "not_known", "-8": "not_applicable", "-9": "declined"}
CORE_10 = {f"q{n}": str(n % 5) for n in range(1, 11)}
HONOS = {f"q{n}": str(n % 5) for n in range(1, 13)}
REFERRALS = [
    {"referral_id": "R1", "service_user_id": "P1", "received_on": "2026-01-05"},
    {"referral_id": "R2", "service_user_id": "P2", "received_on": "2026-01-05"},
    {"referral_id": "R3", "service_user_id": "P2", "received_on": "2026-02-05"},
]


@frozen
class Result:
    """What became of an import: a count by kind, and what was set aside."""

    stored: dict
    outside: object
    rejected: pl.DataFrame

    @property
    def codes(self):
        return sorted(self.rejected["code"])


@define
class Site:
    """A workspace, and short ways to put things into it, out of it and back."""

    workspace: Workspace

    def bring(self, target, rows, coding=None, **said):
        known = RECORD_KINDS.get(target) or self.workspace.instrument(target)
        frame = pl.DataFrame(rows, infer_schema_length=None)
        mapping = Mapping(**said)
        ready = prepare(frame, known, mapping, today=TODAY, coding=coding)
        assert ready.rejected.is_empty(), ready.rejected.to_dicts()
        batch = Batch("rows.csv", f"{target}{rows}", "", "test", NOW, coding, "accept")
        done = self.workspace.store.import_rows(ready, frame, target=known, batch=batch)
        assert done.rejected == 0
        return self

    def answers(self, measure, coding="scored", **facts):
        row = {"referral_id": "R1", "completed_at": "2026-03-02T10:15:00", "timepoint": "review"}
        return self.bring(measure, [row | facts], coding, anonymous=False)

    def export(self, out, **options):
        return run_export(self.workspace, "fhir", out, options)

    def take(self, path, mapping=None):
        by = {"mapping": mapping, "actor": "test", "now": NOW}
        outside, done = import_outside(self.workspace, path, "fhir", **by)
        numbers = [each.result.batch_id for each in done]
        rejected = pl.concat([self.workspace.store.rejected(number) for number in numbers])
        counts = zip(outside.kinds, done, strict=True)
        stored = {kind: each.result.accepted for kind, each in counts}
        return Result(stored, outside, rejected)


def filled(site):
    """Bring assessments of every sort that a store can hold."""
    some = CORE_10 | {"q1": "-7", "q2": "-8", "q3": "-9", "q4": ""}
    facts = {"completed_at": "2026-03-09", "source_id": "S1", "team": "North", "setting": "home"}
    site.bring("core_10", [some | facts | {"referral_id": "R2"}], "position", missing_codes=STATES)
    site.answers("core_10", **CORE_10, completed_at="2026-07-01T09:30:00+01:00")
    blank = dict.fromkeys(CORE_10, "") | {"completed_at": "2026-08-01"}
    site.answers("core_10", **blank, outcome="declined", outcome_reason="unwell")
    site.answers("core_10", **blank, outcome="missed", rater="service_user", source_id="S9")
    site.answers("gad_7", **{"score:total": "12"}, source_id="S2", care_professional_id="C1")
    rated = HONOS | {"q5": "9", "q8": "2", "q8_type": "B", "rater": "clinician"}
    who = {"rater_kind": "individual", "care_professional_id": "C1", "care_activity_id": "A1"}
    site.answers("honos", **rated, **who, consent="1")
    site.answers("honos", **rated, care_professional_id="C2", purpose="double_rating")
    site.answers("ors", q1="7.3", q2="0.1", q3="10", q4="", referral_id="R2", rater="service_user")
    for goal, rating in (("G1", "3"), ("G2", "0")):
        site.answers("gbo", goal_id=goal, progress=rating, rater="carer")
    return site


def content(workspace, first="", last="9999"):
    """Give all that a store holds of assessments, by what makes each the same one elsewhere.

    Measures of which it holds nothing between two days are left out.
    """
    store = workspace.store
    rows = pl.concat([store.assessments(), store.assessments(second=True)]).sort("row_key")
    rows = rows.filter(pl.col("completed_at").str.head(10).is_between(pl.lit(first), pl.lit(last)))
    keys = rows.select("assessment_id", "row_key")
    found = {"assessments": rows.drop(_OF_THE_STORE).to_dicts()}
    for name in workspace.used_instruments():
        instrument = workspace.instrument(name)
        items = [item.id for item in instrument.items]
        identity = [instrument.repeats.by] if instrument.repeats else []
        frames = (workspace.responses(name), store.second_ratings(instrument))
        answers = pl.concat(
            [f.select("assessment_id", *identity, *items, "states") for f in frames]
        )
        joined = answers.collect().join(keys, on="assessment_id").drop("assessment_id")
        reported = store.reported(instrument).select("assessment_id", "score", "value")
        totals = reported.join(keys, on="assessment_id").drop("assessment_id")
        found[name] = joined.sort("row_key").to_dicts()
        found[f"{name} totals"] = totals.sort("row_key", "score").to_dicts()
    return {name: each for name, each in found.items() if each}


def response(measure="core_10|2007", **facts):
    """Give a response as another program might write it: ten answers of CORE-10."""
    items = [{"linkId": f"q{n}", "answer": [{"valueCoding": {"code": "2"}}]} for n in range(1, 11)]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"urn:romframe:questionnaire:{measure}",
        "status": "completed",
        "authored": "2026-03-02T10:15:00+00:00",
        "subject": {"reference": "Patient/P1"},
        "source": {"reference": "Patient/P1"},
        "item": items,
    } | facts
