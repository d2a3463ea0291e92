"""What tests of reading the data set's files back share: what goes in, and how it is written."""

from datetime import UTC, date, datetime

import polars as pl

from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.incoming import import_outside
from romframe.store import Batch


TODAY = date(2026, 12, 5)
NOW = datetime(2026, 12, 5, 9, tzinfo=UTC)
REFER = "MHS606CodedScoreAssessmentRefer.csv"
ACT = "MHS607CodedScoreAssessmentAct.csv"
BY = {"actor": "tester", "now": NOW}
HONOS = {f"q{n}": str(n % 5) for n in range(1, 13)} | {"q8_type": "C"}
HONOS_IDS = {
    "q1": "979641000000103", "q2": "979651000000100", "q3": "979661000000102",
    "q4": "979671000000109", "q5": "979681000000106", "q6": "979691000000108",
    "q7": "979701000000108", "q8": "979711000000105", "q8_type": "979831000000108",
    "q9": "979721000000104", "q10": "979731000000102", "q11": "979741000000106",
    "q12": "979751000000109",
}  # fmt: skip
CORE_10 = "718583008"


def take(workspace, target, rows, coding=None):
    frame = pl.DataFrame(rows)
    known = RECORD_KINDS.get(target) or workspace.instrument(target)
    mapping = Mapping(unknown_referrals="create", anonymous=False)
    prepared = prepare(frame, known, mapping, today=TODAY, coding=coding)
    batch = Batch("f.csv", target, "", "test", NOW, coding, "accept", "create")
    result = workspace.store.import_rows(prepared, frame, target=known, batch=batch)
    assert result.rejected == 0, workspace.store.rejected().to_dicts()


def fill(workspace):
    """Put an assessment of every kind that flows into the store."""
    own = {"referral_id": "R1", "timepoint": "review", "care_professional_id": "CP07"}
    take(
        workspace,
        "honos",
        [
            own | HONOS | {"completed_at": "2026-11-03T10:30:00", "rater": "clinician"},
            own
            | HONOS
            | {
                "completed_at": "2026-11-10",
                "rater": "clinician",
                "q4": "9",
                "q8_type": "",
                "q8": "0",
            },
        ],
    )
    core = {f"q{n}": str(n % 5) for n in range(1, 35)}
    take(
        workspace, "core_om", [own | core | {"completed_at": "2026-11-20T00:00:00+00:00"}], "scored"
    )
    core_10 = {f"q{n}": "2" for n in range(1, 10)} | {"q10": ""}
    at_home = {"completed_at": "2026-11-04T11:00:00", "care_activity_id": "A1"}
    take(workspace, "core_10", [own | core_10 | at_home], "scored")
    lines = {"q1": "2.5", "q2": "3.2", "q3": "4.1", "q4": "5"}
    take(workspace, "ors", [own | lines | {"completed_at": "2026-11-05T09:00:00"}])
    goal = own | {"completed_at": "2026-11-06T09:00:00", "rater": "service_user"}
    take(
        workspace,
        "gbo",
        [goal | {"goal_id": "G1", "progress": "0"}, goal | {"goal_id": "G3", "progress": "10"}],
    )
    dialog = {f"q{n}": str(7 - n % 7) for n in range(1, 12)}
    other = {"referral_id": "R2", "completed_at": "2026-11-07T09:00:00.5", "source_id": "D1"}
    take(workspace, "dialog", [other | dialog])


def load(workspace, path):
    outside, done = import_outside(workspace, path, "mhsds", **BY)
    return outside, {kind: each.result for kind, each in zip(outside.kinds, done, strict=True)}


def write(folder, name, *rows):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    return folder


def sent(
    *rows, head="ServiceRequestID,CodedAssToolType,PersScore,AssToolCompTimestamp,CareProfLocalID"
):
    return (head, *rows)


def honos_rows(about="R1", stamp="2026-11-03T10:30:00Z,CP07", **other):
    answers = HONOS | other
    return [f"{about},{tool},{answers[item]},{stamp}" for item, tool in HONOS_IDS.items()]


def refused(outside):
    return outside.unread.select("code", "what").rows()
