"""The made-up service as a record system would extract it: its columns, its codes, UK dates."""

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from romframe_demo.invented import cancelled_by, nhs_number, postcode, practice, source
from romframe_demo.synthetic.records import (
    DECLINED,
    NOT_APPLICABLE,
    NOT_KNOWN,
    Activity,
    Answer,
    Contact,
    Deferral,
    Event,
    Form,
    Goal,
    Person,
    Plan,
    Referral,
    Return,
    Service,
    Team,
    Training,
)
from romframe_demo.synthetic.teams import TEAMS


Row = dict[str, str]
Tables = dict[str, list[Row]]

FILES = (  # in the order in which they must be imported
    "patients",
    "teams",
    "staff",
    "referrals",
    "contacts",
    "activities",
    "activity_staff",
    "events",
    "honos",
    "core10",
    "core_om",
    "phq9",
    "feeding",
    "pbq",
    "goals",
    "gbo",
    "honos_second",
    "training",
    "plans",
    "deferrals",
    "poem",
    "fft",
)
DATE = "%d/%m/%Y"
DATE_TIME = "%d/%m/%Y %H:%M"

# Local codes; the mapping files say what they mean.
_TEAMS = {
    "Perinatal Community Team": "PERICOM",
    "Mother and Baby Unit": "MBU",
    "Maternal Mental Health Service": "MMHS",
}
_TEAM_TYPES = {"PERICOM": "C02", "MMHS": "F02"}  # of MHSDS; a ward has none
_ETHNICITIES = {
    "A": "White British", "B": "White Irish", "C": "White other", "D": "White and Black Caribbean",
    "E": "White and Black African", "F": "White and Asian", "G": "Mixed other", "H": "Indian",
    "J": "Pakistani", "K": "Bangladeshi", "L": "Asian other", "M": "Caribbean", "N": "African",
    "P": "Black other", "R": "Chinese", "S": "Other", "Z": "Not stated", "99": "Not known",
}  # fmt: skip
_CODES = {
    "": "",
    "female": "F",
    "unknown": "U",
    "community": "COM",
    "inpatient": "WARD",
    "open": "Current",
    "achieved": "Reached",
    "replaced": "Changed",
    "dropped": "Given up",
    "treatment completed": "TC",
    "moved away": "MOVED",
    "did not attend": "DNA",
    "not appropriate": "INAPP",
    "face to face": "F2F",
    "video": "VID",
    "telephone": "TEL",
    "attended": "ATT",
    "cancelled by patient": "CANP",
    "cancelled by service": "CANS",
    "GP": "GP",
    "health visitor": "HV",
    "maternity service": "MAT",
    "assessment": "Initial",
    "review": "Review",
    "discharge": "Final",
    "session": "Session",
    "completed": "Complete",
    "declined": "Declined",
    "missed": "Not done",
    "clinician": "Clinician",
    "team": "MDT",
}
_EVENTS = {"birth": "Baby born", "admission": "Admitted to ward", "discharge": "Left ward"}
_MEASURES = {"honos": "HoNOS", "core_10": "CORE-10"}
_GAPS = {NOT_KNOWN: "N/K", DECLINED: "DTA", NOT_APPLICABLE: "N/A"}
_FIGURE_FOR_NOT_KNOWN = "9"  # as the ward's paper form has it


@frozen
class Sheet:
    """How a measure's forms are extracted: the file, and the column of each item."""

    file: str
    columns: Mapping[str, str]

    def cells(self, form: Form) -> Row:
        """Give the answers of a form; all empty where it was not completed."""
        on_ward = form.setting == "inpatient"
        return {
            column: _cell(form.answers.get(item), on_ward=on_ward)
            for item, column in self.columns.items()
        }


def _numbered(pattern: str, count: int) -> dict[str, str]:
    return {f"q{n}": pattern.format(n) for n in range(1, count + 1)}


SHEETS = {
    "honos": Sheet(
        "honos", {**_numbered("H{:02d}", 12), "q8_type": "H08_Letter", "glossary": "Glossary"}
    ),
    "core_10": Sheet("core10", _numbered("C{:02d}", 10)),
    "core_om": Sheet("core_om", _numbered("OM{:02d}", 34)),
    "phq_9": Sheet("phq9", _numbered("PHQ{}", 9) | {"q10": "PHQ_Difficulty"}),
    "feeding_confidence": Sheet("feeding", _numbered("Feed{}", 6)),
    "pbq": Sheet("pbq", _numbered("B{:02d}", 25)),
    "gbo": Sheet("gbo", {"progress": "Progress"}),
}
_BOXES = (
    *("1a", "1b", "2a", "2b", "2c", "2d", "2e", "2f", "2g", "2h", "2i", "2j", "2k", "2l"),
    *("3a", "3b", "3c", "3d", "3e", "3f"),
)
ANONYMOUS = {
    "poem": {
        "respondent": "FilledInBy",
        "service": "Service",
        **{f"q{box}": f"Box{box}" for box in _BOXES},
        "comments": "Comment",
    },
    "fft": {"experience": "Overall", "comments": "Comment"},
}
_ANSWERS = {
    "patient": "Mother",
    "partner_or_other": "Somebody else",
    "inpatient": "WARD",
    "community": "COM",
    "very_good": "Very good",
    "good": "Good",
    "neither": "Neither",
    "poor": "Poor",
    "very_poor": "Very poor",
    "dont_know": "Do not know",
}


def extract(service: Service) -> Tables:
    """Give the rows of every file, by the file's name without its ending."""
    tables: Tables = {
        "patients": [_patient(each) for each in service.people],
        "teams": [_team(each) for each in TEAMS],
        "staff": [{"StaffID": member} for team in TEAMS for member in team.staff],
        "referrals": [_referral(each) for each in service.referrals],
        "contacts": [_contact(each) for each in service.contacts],
        "activities": [_activity(each) for each in service.activities],
        "activity_staff": [
            {"ActivityNo": each.id, "StaffID": member}
            for each in service.activities
            for member in each.staff
        ],
        "events": [_event(each) for each in service.events],
        "goals": [_goal(each) for each in service.goals],
    }
    done_in = _activities_by_day(service)
    for instrument, sheet in SHEETS.items():
        tables[sheet.file] = [
            _form(each, done_in.get((each.referral_id, each.at.date()), ""))
            for each in service.forms
            if each.instrument == instrument
        ]
    tables |= _programme(service)
    for instrument, columns in ANONYMOUS.items():
        tables[instrument] = [
            _return(each, columns) for each in service.returns if each.instrument == instrument
        ]
    return {name: tables[name] for name in FILES}


def _programme(service: Service) -> Tables:
    """Give the files of what is to come, and of who rates and how well."""
    return {
        "honos_second": [_form(each, "") | {"Purpose": "Second"} for each in service.seconds],
        "training": [_training(each) for each in service.trainings],
        "plans": [_plan(each) for each in service.plans],
        "deferrals": [_deferral(each) for each in service.deferrals],
    }


def _activities_by_day(service: Service) -> dict[tuple[str, date], str]:
    """Give the activity in which the forms of a referral and day were completed."""
    contacts = {each.id: each for each in service.contacts}
    during = {each.id: contacts[each.contact_id] for each in service.activities}
    return {(contact.referral_id, contact.day): each for each, contact in during.items()}


def day(value: date | None) -> str:
    """Write a day as the record system does."""
    return value.strftime(DATE) if value else ""


def _cell(answer: Answer, *, on_ward: bool) -> str:
    if answer == NOT_KNOWN and on_ward:
        return _FIGURE_FOR_NOT_KNOWN
    return "" if answer is None else _GAPS.get(str(answer), str(answer))


def _patient(person: Person) -> Row:
    return {
        "ClientID": person.id,
        "NHSNo": nhs_number(person.id),
        "NHSNoStatus": "Verified",
        "DOB": day(person.born),
        "Gender": _CODES[person.gender],
        "Ethnicity": _ETHNICITIES[person.ethnicity],
        "Postcode": postcode(person.id),
        "Practice": practice(person.id),
    }


def _team(team: Team) -> Row:
    code = _TEAMS[team.name]
    return {
        "TeamCode": code,
        "TeamName": team.name,
        "TeamType": _TEAM_TYPES.get(code, ""),
        "Ages": "Adults",
    }


def _referral(referral: Referral) -> Row:
    team = _TEAMS[referral.team.name]
    turned_away = referral.close_reason == "not appropriate"
    return {
        "RefNo": referral.id,
        "ClientID": referral.person_id,
        "Team": team,
        "TeamType": _TEAM_TYPES.get(team, ""),
        "Setting": _CODES[referral.team.setting],
        "CarePathway": "P" if referral.prevention else "T",
        "Source": _CODES[source(referral.id)],
        "DateReceived": day(referral.received),
        "DateClosed": day(referral.closed),
        "CloseReason": _CODES[referral.close_reason],
        "TurnedAway": day(referral.closed if turned_away else None),
    }


def _contact(contact: Contact) -> Row:
    cancelled = contact.outcome == "cancelled"
    return {
        "ContactNo": contact.id,
        "RefNo": contact.referral_id,
        "ContactDate": day(contact.day),
        "Medium": _CODES[contact.medium],
        "Outcome": _CODES[cancelled_by(contact.id) if cancelled else contact.outcome],
    }


def _activity(activity: Activity) -> Row:
    return {"ActivityNo": activity.id, "ContactNo": activity.contact_id}


def _event(event: Event) -> Row:
    return {
        "RefNo": event.referral_id,
        "EventType": _EVENTS[event.kind],
        "EventDate": day(event.day),
    }


def _plan(plan: Plan) -> Row:
    return {
        "RefNo": plan.referral_id,
        "EventType": _EVENTS[plan.kind],
        "ExpectedOn": day(plan.day),
    }


def _deferral(deferral: Deferral) -> Row:
    return {
        "RefNo": deferral.referral_id,
        "Measure": _MEASURES[deferral.instrument],
        "Schedule": deferral.schedule,
        "PutOffOn": day(deferral.day),
        "PutOffTo": day(deferral.until),
        "Reason": deferral.reason,
        "StaffID": deferral.professional,
    }


def _training(training: Training) -> Row:
    return {
        "StaffID": training.professional,
        "Measure": _MEASURES[training.instrument],
        "TrainedOn": day(training.day),
        "HoldsTo": day(training.expires),
    }


def _goal(goal: Goal) -> Row:
    return {
        "GoalNo": goal.id,
        "RefNo": goal.referral_id,
        "GoalPlace": goal.slot,
        "SetOn": day(goal.set_on),
        "GoalState": _CODES[goal.state],
        "StateSince": day(goal.state_on),
        "NewGoalNo": goal.replaced_by,
    }


def _return(said: Return, columns: Mapping[str, str]) -> Row:
    cells = {column: _cell(said.answers[item], on_ward=False) for item, column in columns.items()}
    return {
        "ReceivedOn": day(said.day),
        "Team": _TEAMS[said.team.name],
        **{column: _ANSWERS.get(cell, cell) for column, cell in cells.items()},
    }


def _form(form: Form, activity: str) -> Row:
    cells = {
        "FormID": form.id,
        "RefNo": form.referral_id,
        "CompletedOn": form.at.strftime(DATE_TIME if form.timed else DATE),
        "EnteredOn": day(form.entered),
        "Stage": _CODES[form.timepoint],
        "Place": _CODES[form.setting],
        "FormStatus": _CODES[form.outcome],
        "StatusReason": form.outcome_reason,
        "ActivityNo": activity if form.outcome == "completed" else "",
    }
    if form.rater:
        cells |= {"RatedBy": _CODES[form.rater], "StaffID": form.professional}
    if form.goal:
        cells["GoalNo"] = form.goal
    return cells | SHEETS[form.instrument].cells(form)
