"""The schema, step by step: a file has as many steps as its `user_version` says.

A step that has been released is never edited; a change is a new step at the end. This module loads
sqlite_utils, so it is imported only where there is something to do.
"""

import sqlite3
from collections.abc import Callable, Sequence

from sqlite_utils import Database, Migrations


Step = Callable[[Database], None]


def apply(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Apply the steps that the file does not have yet, each in a transaction of its own."""
    migrations = Migrations("romframe")
    for number, step in enumerate(steps, 1):
        migrations(name=step.__name__)(_numbered(step, number))
    migrations.apply(Database(connection, execute_plugins=False))


def _numbered(step: Step, number: int) -> Step:
    def numbered(database: Database) -> None:
        step(database)
        database.execute(f"PRAGMA user_version = {number}")

    return numbered


def first_schema(database: Database) -> None:
    """Make the tables of the first release; tables of instruments come as they are imported."""
    _people(database)
    _imports(database)
    _assessments(database)
    _anonymous(database)
    _audit(database)


def _people(database: Database) -> None:
    database.create_table(
        "service_user",
        {"service_user_id": str, "birth_date": str, "gender": str, "ethnic_category": str},
        pk="service_user_id",
    )
    database.create_table(
        "referral",
        {
            "referral_id": str,
            "service_user_id": str,
            "team": str,
            "team_type": str,
            "setting": str,
            "pathway": str,
            "received_on": str,
            "closed_on": str,
            "close_reason": str,
        },
        pk="referral_id",
        foreign_keys=[("service_user_id", "service_user")],
    ).create_index(["service_user_id"])
    database.create_table(
        "care_contact",
        {
            "care_contact_id": str,
            "referral_id": str,
            "contact_on": str,
            "mechanism": str,
            "attended": int,
        },
        pk="care_contact_id",
        foreign_keys=[("referral_id", "referral")],
    ).create_index(["referral_id"])
    database.create_table(
        "event",
        {"referral_id": str, "kind": str, "happened_on": str},
        pk=("referral_id", "kind", "happened_on"),
        foreign_keys=[("referral_id", "referral")],
    )


def _imports(database: Database) -> None:
    database.create_table(
        "import_batch",
        {
            "import_batch_id": int,
            "kind": str,
            "retry_of": int,
            "file_name": str,
            "file_digest": str,
            "mapping_digest": str,
            "coding": str,
            "actor": str,
            "imported_at": str,
            "read": int,
            "accepted": int,
            "unchanged": int,
            "corrected": int,
            "rejected": int,
            "warnings": int,
        },
        pk="import_batch_id",
        foreign_keys=[("retry_of", "import_batch", "import_batch_id")],
        not_null=["kind", "actor", "imported_at"],
    )
    database.create_table(
        "rejected_row",
        {
            "rejected_row_id": int,
            "import_batch_id": int,
            "row": int,
            "code": str,
            "column": str,
            "what": str,
            "mend": str,
            "raw": str,
            "resolved_by": int,
        },
        pk="rejected_row_id",
        foreign_keys=[
            ("import_batch_id", "import_batch"),
            ("resolved_by", "import_batch", "import_batch_id"),
        ],
        not_null=["import_batch_id", "row", "code", "what", "mend", "raw"],
    ).create_index(["import_batch_id", "row"])
    database.create_table(
        "record_history",
        {
            "record_history_id": int,
            "kind": str,
            "record": str,
            "content": str,
            "replaced_by": int,
        },
        pk="record_history_id",
        foreign_keys=[("replaced_by", "import_batch", "import_batch_id")],
        not_null=["kind", "record", "content", "replaced_by"],
    )


def _assessments(database: Database) -> None:
    database.create_table(
        "instrument",
        {"instrument": str, "version": str, "slug": str, "digest": str, "shape": str},
        pk=("instrument", "version"),
        not_null=["slug", "digest", "shape"],
    )
    database.create_table(
        "assessment",
        {
            "assessment_id": int,
            "instrument": str,
            "version": str,
            "referral_id": str,
            "completed_at": str,
            "timepoint": str,
            "rater": str,
            "rater_kind": str,
            "setting": str,
            "team": str,
            "care_professional_id": str,
            "source_id": str,
            "outcome": str,
            "outcome_reason": str,
            "row_key": str,
            "import_batch_id": int,
            "supersedes": int,
            "superseded_by": int,
            "recorded_at": str,
        },
        pk="assessment_id",
        foreign_keys=[
            ("referral_id", "referral"),
            ("import_batch_id", "import_batch"),
            ("supersedes", "assessment", "assessment_id"),
        ],
        not_null=["instrument", "version", "referral_id", "completed_at", "outcome", "row_key"],
    )
    database.execute(
        "CREATE UNIQUE INDEX assessment_row_key ON assessment (row_key) WHERE superseded_by IS NULL"
    )
    database.execute("CREATE INDEX assessment_referral_id ON assessment (referral_id)")
    database.execute(
        "CREATE TABLE score (assessment_id INTEGER NOT NULL REFERENCES assessment (assessment_id),"
        " score TEXT NOT NULL, value REAL, status TEXT NOT NULL, reason TEXT, answered INTEGER,"
        " required INTEGER, band TEXT, spec_digest TEXT NOT NULL, scored_at TEXT NOT NULL,"
        " PRIMARY KEY (assessment_id, score)) WITHOUT ROWID"
    )


def _anonymous(database: Database) -> None:
    """Offers of contact have no rowid, which would say in which order they came."""
    database.execute(
        "CREATE TABLE contact_offer (offer_id TEXT PRIMARY KEY, month TEXT NOT NULL,"
        " text TEXT NOT NULL) WITHOUT ROWID"
    )


def _audit(database: Database) -> None:
    database.create_table(
        "audit",
        {
            "audit_id": int,
            "at": str,
            "actor": str,
            "action": str,
            "subject": str,
            "detail": str,
            "previous_hash": str,
            "hash": str,
        },
        pk="audit_id",
        not_null=["at", "actor", "action", "subject", "detail", "previous_hash", "hash"],
    )
    database.create_table(
        "audit_head",
        {"audit_head_id": int, "entries": int, "hash": str},
        pk="audit_head_id",
        not_null=["entries", "hash"],
    )
    for change in ("UPDATE", "DELETE"):
        database.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'The audit log only grows.'); END"
        )


def policy_and_evidence_of_scores(database: Database) -> None:
    """Keep with every score by which missing-answer policy it was made, and on what evidence."""
    for column in ("policy", "evidence"):
        database.execute(f"ALTER TABLE score ADD COLUMN {column} TEXT")


def goals(database: Database) -> None:
    """Make the table of service users' own goals; a slot is one goal's for good."""
    database.create_table(
        "goal",
        {
            "goal_id": str,
            "referral_id": str,
            "instrument": str,
            "set_on": str,
            "state": str,
            "state_on": str,
            "replaced_by": str,
            "slot": str,
            "words": str,
        },
        pk="goal_id",
        foreign_keys=[("referral_id", "referral")],
        not_null=["referral_id", "set_on", "state"],
    ).create_index(["referral_id", "slot"], unique=True)


def activity(database: Database) -> None:
    """Make room for teams, staff and care activities, and for details of every record.

    An assessment may belong to a care activity, and say that it may leave the service.
    """
    details = {"details": str}
    for name in ("service_user", "referral", "care_contact"):
        database.execute(f"ALTER TABLE {name} ADD COLUMN details TEXT")
    database.create_table(
        "team", {"team_id": str, "name": str, "team_type": str, **details}, pk="team_id"
    )
    database.create_table(
        "care_professional", {"care_professional_id": str, **details}, pk="care_professional_id"
    )
    database.create_table(
        "care_activity",
        {"care_activity_id": str, "care_contact_id": str, **details},
        pk="care_activity_id",
        foreign_keys=[("care_contact_id", "care_contact")],
    ).create_index(["care_contact_id"])
    database.create_table(
        "care_activity_staff",
        {"care_activity_id": str, "care_professional_id": str},
        pk=("care_activity_id", "care_professional_id"),
        foreign_keys=[("care_activity_id", "care_activity")],
    )
    database.create_table(
        "referral_team",
        {"referral_id": str, "team_id": str, "closed_on": str, **details},
        pk=("referral_id", "team_id"),
        foreign_keys=[("referral_id", "referral")],
    )
    for column in ("care_activity_id TEXT", "consent INTEGER"):
        database.execute(f"ALTER TABLE assessment ADD COLUMN {column}")


def reported_scores(database: Database) -> None:
    """Make the table of scores that came as such, of assessments whose answers are not held."""
    database.execute(
        "CREATE TABLE reported_score (assessment_id INTEGER NOT NULL"
        " REFERENCES assessment (assessment_id), score TEXT NOT NULL, value REAL NOT NULL,"
        " PRIMARY KEY (assessment_id, score)) WITHOUT ROWID"
    )


def training_and_second_ratings(database: Database) -> None:
    """Make the register of training, and tell second ratings apart from all others."""
    database.create_table(
        "training",
        {
            "care_professional_id": str,
            "instrument": str,
            "trained_on": str,
            "expires_on": str,
        },
        pk=("care_professional_id", "instrument", "trained_on"),
    )
    database.execute("ALTER TABLE assessment ADD COLUMN purpose TEXT")


def plans(database: Database) -> None:
    """Make room for what is planned and put off, and for ids by which events can be corrected."""
    database.execute("ALTER TABLE event RENAME TO event_before")
    database.create_table(
        "event",
        {"referral_id": str, "kind": str, "happened_on": str, "event_id": str},
        foreign_keys=[("referral_id", "referral")],
        not_null=["referral_id", "kind", "happened_on"],
    )
    database.execute(
        "INSERT INTO event (referral_id, kind, happened_on)"
        " SELECT referral_id, kind, happened_on FROM event_before ORDER BY 1, 2, 3"
    )
    database.execute("DROP TABLE event_before")
    database.execute(
        "CREATE UNIQUE INDEX event_day ON event (referral_id, kind, happened_on)"
        " WHERE event_id IS NULL"
    )
    database.execute("CREATE UNIQUE INDEX event_event_id ON event (event_id)")
    database.execute("CREATE INDEX event_referral_id ON event (referral_id)")
    database.create_table(
        "planned_event",
        {"referral_id": str, "kind": str, "planned_on": str},
        pk=("referral_id", "kind"),
        foreign_keys=[("referral_id", "referral")],
    )
    database.create_table(
        "deferral",
        {
            "referral_id": str,
            "instrument": str,
            "schedule": str,
            "deferred_on": str,
            "until": str,
            "reason": str,
            "care_professional_id": str,
        },
        pk=("referral_id", "instrument", "deferred_on"),
        foreign_keys=[("referral_id", "referral")],
        not_null=["until", "reason"],
    )


def ids_of_plans(database: Database) -> None:
    """Make room for the id that the planned event will have."""
    database.execute("ALTER TABLE planned_event ADD COLUMN event_id TEXT")


STEPS: tuple[Step, ...] = (
    first_schema,
    policy_and_evidence_of_scores,
    goals,
    activity,
    reported_scores,
    training_and_second_ratings,
    plans,
    ids_of_plans,
)
