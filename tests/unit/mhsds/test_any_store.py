"""Whatever a store holds, what is written passes the validator, and nothing is lost."""

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from romframe_mhsds.codes.codelist import code_list
from romframe_mhsds.layout import tables as layouts
from romframe_mhsds.period import Period
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.validation import validate
from romframe_mhsds.submission.parents import CONTACT, OTHER_TEAM, PATIENT, PRACTICE, REFERRAL, TEAM
from romframe_mhsds.submission.rows import ACT, row_frames
from romframe_mhsds.submission.settings import read_settings


OCTOBER = Period.parse("2026-10")
LONG = "X" * 21
DAYS = ["2026-09-30", "2026-10-01", "2026-10-15", "2026-10-31", "2026-11-01", "1889-01-01", "soon"]
TEXTS = [*DAYS, "", " ", "0", "01", "2", "A", "A12345", "RXX", "9434765919", LONG]
BAD_NUMBER = "9434765918"  # its check digit is wrong, for which a whole file is refused
PEOPLE, REFERRALS, CONTACTS = ["P1", "P2", LONG], ["R1", "R2", "R3", LONG], ["C1", "C2"]
TEAMS, ACTIVITIES, STAFF = ["T1", "T2"], ["A1", "A2"], ["S1", LONG]
MOMENTS = ["2026-10-15T09:00:00", "2026-10-25T01:30:00", "2026-10-31", "2026-11-01", "2026-10-16"]
PRACTISED = json.dumps({"GMPReg": "A12345"})
SOUND = {  # one person whose month can be sent
    "service_user": {"service_user_id": "P1", "details": PRACTISED},
    "referral": {"referral_id": "R1", "service_user_id": "P1", "received_on": "2026-09-30"},
    "care_contact": {"care_contact_id": "C1", "referral_id": "R1", "contact_on": "2026-10-15"},
    "care_activity": {"care_activity_id": "A1", "care_contact_id": "C1"},
}


def details(table):
    names = [field.name for field in layouts()[table].fields]
    given = st.dictionaries(st.sampled_from(names), st.sampled_from(TEXTS), max_size=3)
    return given.map(lambda found: json.dumps(found) if found else None)


def rows(kind, ids, **values):
    """Give records of a kind, one an id: the sound one where it is not drawn anew, and others."""
    columns = {
        name: each if isinstance(each, st.SearchStrategy) else st.sampled_from(each)
        for name, each in values.items()
    }
    key = f"{kind}_id"
    base = {SOUND[kind][key]: SOUND[kind]} if kind in SOUND else {}
    drawn = st.lists(st.tuples(st.sampled_from(ids), st.fixed_dictionaries(columns)), max_size=3)
    return drawn.map(
        lambda found: [
            {key: name, **each}
            for name, each in (
                base | {name: {**base.get(name, {}), **each} for name, each in found}
            ).items()
        ]
    )


STORES = st.fixed_dictionaries(
    {
        "service_user": rows(
            "service_user",
            PEOPLE,
            birth_date=[None, *DAYS],
            gender=["female", "2", None],
            ethnic_category=["A", "White", None],
            details=st.one_of(
                st.just(PRACTISED),
                st.just(PRACTISED),
                details(PRACTICE),
                details(PATIENT),
                st.just(json.dumps({"GMPReg": "A12345", "NHSNumber": BAD_NUMBER})),
            ),
        ),
        "referral": rows(
            "referral",
            REFERRALS,
            service_user_id=["P1", "P1", *PEOPLE, None],
            team=[*TEAMS, None],
            received_on=["2026-09-30", "2026-09-30", *DAYS[:5], None],
            closed_on=[None, None, None, *DAYS],
            details=st.one_of(st.none(), details(REFERRAL)),
        ),
        "referral_team": rows(
            "referral_team",
            REFERRALS,
            referral_id=REFERRALS,
            team_id=[*TEAMS, LONG],
            closed_on=[None, *DAYS],
            details=details(OTHER_TEAM),
        ),
        "care_contact": rows(
            "care_contact",
            CONTACTS,
            referral_id=REFERRALS,
            contact_on=["2026-10-15", "2026-10-15", *DAYS],
            mechanism=["01", "video", None],
            details=details(CONTACT),
        ),
        "care_activity": rows("care_activity", ACTIVITIES, care_contact_id=CONTACTS),
        "care_activity_staff": rows(
            "care_activity_staff",
            ACTIVITIES,
            care_activity_id=ACTIVITIES,
            care_professional_id=STAFF,
        ),
        "care_professional": rows("care_professional", STAFF, details=st.none()),
        "team": rows("team", TEAMS, team_type=["C02", "nonsense", None], details=details(TEAM)),
    }
)
ASSESSMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "referral_id": st.sampled_from(["R1", "R1", *REFERRALS]),
            "completed_at": st.sampled_from(MOMENTS),
            "care_professional_id": st.sampled_from([None, *STAFF]),
            "care_activity_id": st.sampled_from([None, *ACTIVITIES]),
            "q1": st.integers(0, 3),
        }
    ),
    min_size=1,
    max_size=6,
)
OPTIONS = st.fixed_dictionaries(
    {
        "full": st.sampled_from([True, True, False]),
        "scores_in": st.sampled_from(["referral", "activity"]),
    }
)
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def filled(workspace, copy_of):
    def fresh(store, drawn):
        made = copy_of(workspace, rows=[], answers={}, referrals={}, records=dict(store))
        made.load("phq_9")
        for facts in drawn:
            answers = {f"q{n}": 1 for n in range(2, 10)} | {"q1": facts["q1"]}
            made.add("phq_9", answers, **{k: v for k, v in facts.items() if k != "q1"})
        return made

    return fresh


def written(done):
    names = {name.removesuffix(".csv") for name in done.result.files} & set(layouts())
    return {name: done.read(f"{name}.csv") for name in names}


ALWAYS = {"provider": "RXX", "commissioner": "15E", "period": "2026-10"}


@SLOW
@given(STORES, ASSESSMENTS, OPTIONS)
def test_what_is_written_has_no_reject_and_nothing_is_lost(filled, run, store, drawn, options):
    done = run(filled(store, drawn), today=date(2026, 11, 5), **ALWAYS, **options)
    tables = written(done)
    context = Context(OCTOBER, code_list(OCTOBER.start))
    verdict = validate(tables, context)
    assert not any(found["rejects"].any() for found in verdict.faults.values())
    if options["full"]:
        assert verdict.accepted == bool(tables) == done.result.accepted
    counts, excluded = done.result.counts, done.result.exclusions
    month = [each for each in drawn if each["completed_at"] != "2026-11-01"]
    assert counts["sent"] + counts["excluded"] == counts["assessments"] == len(month)
    assert excluded["assessment_id"].n_unique() == excluded.height == counts["excluded"]
    assert excluded["reason"].null_count() == 0
    assert excluded["explanation"].null_count() == 0


@SLOW
@given(STORES, ASSESSMENTS, OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_a_byte(filled, run, store, drawn, options, order):
    workspace = filled(store, drawn)
    first = run(workspace, today=date(2026, 11, 5), **ALWAYS, **options)
    for records in (workspace.rows, *workspace.records.values(), *workspace.answers.values()):
        order.shuffle(records)
    again = run(workspace, today=date(2026, 11, 5), **ALWAYS, **options)
    assert first.result.files == again.result.files
    for name in first.result.files:
        assert (first.out / name).read_bytes() == (again.out / name).read_bytes(), name


@SLOW
@given(STORES, ASSESSMENTS)
def test_one_administration_is_in_one_table_only(filled, store, drawn):
    workspace = filled(store, drawn)
    options = ALWAYS | {"scores_in": "activity"}
    asked = read_settings(workspace, options, date(2026, 11, 5))
    frames = [frame for frame in row_frames(workspace, asked) if frame.height]
    for frame in frames:
        assert frame.group_by("assessment_id").agg(pl.col("table").n_unique())["table"].max() == 1
        act = frame.filter(pl.col("table") == ACT)
        assert act["CareActID"].null_count() == 0
        assert not act.select("CareActID", "CodedAssToolType").is_duplicated().any()
