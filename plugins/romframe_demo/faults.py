"""Faults as real extracts have them, put into the files on purpose and written down.

Each fault is one row of a file, with the code under which romframe must set it aside.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from attrs import frozen

from romframe_demo.extract import DATE, SHEETS, Row, Tables, day
from romframe_demo.synthetic.records import Service


@frozen(order=True)
class Fault:
    """A planted fault: the file, the row (1 is the first data row), and what it must be called."""

    file: str
    row: int
    code: str


@frozen
class Planted:
    """The files with their faults, and how many rows only repeat another row of their file."""

    tables: Tables
    faults: tuple[Fault, ...]
    repeats: int


Change = Callable[[Row], Row]
_ITEMS = {sheet.file: tuple(sheet.columns.values()) for sheet in SHEETS.values()}
_REPEATED_FORMS = 3  # in each file of forms
_BOOKED = 5


def plant(service: Service, tables: Tables, seed: int) -> Planted:
    """Give the files with faults in them; the tables given are left as they are."""
    rng = Random(f"{seed}: faults")  # noqa: S311  (made-up data)
    planted = {name: list(rows) for name, rows in tables.items()}
    faults = [*_lone_faults(service, planted)]
    repeats = 0
    for file, changes in _form_faults(service).items():
        whole = [n for n, row in enumerate(planted[file]) if row["FormStatus"] == "Complete"]
        chosen = rng.sample(whole, len(changes) + _REPEATED_FORMS + 1)
        for code, change in changes:
            index = chosen.pop()
            planted[file][index] = change(planted[file][index])
            faults.append(Fault(file, index + 1, code))
        faults += _contradiction(planted, file, chosen.pop())
        planted[file] += [dict(planted[file][index]) for index in chosen]
        repeats += len(chosen)
    return Planted(planted, tuple(sorted(faults)), repeats)


def _set(**cells: str) -> Change:
    return lambda row: row | cells


def _form_faults(service: Service) -> dict[str, list[tuple[str, Change]]]:
    """Say which faults go into which file of forms."""
    received = {each.id: each.received for each in service.referrals}

    def too_early(row: Row) -> Row:
        return row | {"CompletedOn": day(received[row["RefNo"]] - timedelta(40))}

    def emptied(row: Row) -> Row:
        return row | dict.fromkeys((name for name in row if name in _ITEMS["core10"]), "")

    return {
        "honos": [
            ("answer-invalid", _set(H07="7")),
            ("answer-invalid", _set(H08="2", H08_Letter="Q")),
            ("unknown-referral", _set(RefNo="R999001")),
            ("date-unreadable", _set(CompletedOn="31/02/2026 10:00")),
            ("date-future", _set(CompletedOn=f"{day(_later(service.today))} 11:30")),
            ("code-unlisted", _set(RatedBy="Student")),
        ],
        "core10": [
            ("answer-invalid", _set(C04="5")),
            ("value-missing", _set(RefNo="")),
            ("before-referral", too_early),
            ("answers-missing", emptied),
            ("unknown-referral", _set(RefNo="R999002")),
        ],
        "core_om": [("answer-invalid", _set(OM31="44"))],
        "phq9": [("answer-invalid", _set(PHQ3="4")), ("code-unlisted", _set(Stage="Tx end"))],
        "feeding": [("answer-invalid", _set(Feed2="5"))],
    }


def _later(today: date) -> date:
    """Give the same day in a later year, as a slip of the key does."""
    return date(today.year + 2, today.month, min(today.day, 28))


def _contradiction(tables: Tables, file: str, index: int) -> Iterator[Fault]:
    """Add a form a second time with one answer changed: nobody can say which of them is right."""
    column = _ITEMS[file][0]
    row = tables[file][index]
    tables[file].append(row | {column: "1" if row[column] != "1" else "2"})
    yield Fault(file, index + 1, "rows-conflict")
    yield Fault(file, len(tables[file]), "rows-conflict")


def _lone_faults(service: Service, tables: Tables) -> Iterator[Fault]:
    """Add rows that are wrong by themselves, so that no sound row hangs on them."""
    patients, referrals, contacts = (tables[name] for name in ("patients", "referrals", "contacts"))
    patients.append(patients[0] | {"ClientID": "ZZTEST", "DOB": "30/02/1990"})
    yield Fault("patients", len(patients), "date-unreadable")
    early = day(service.start)
    late = day(service.start + timedelta(9))
    referrals.append(referrals[0] | {"RefNo": "R499001", "DateReceived": late, "DateClosed": early})
    yield Fault("referrals", len(referrals), "date-order")
    contacts.append(contacts[0] | {"ContactNo": "A799001", "RefNo": "R999003"})
    yield Fault("contacts", len(contacts), "unknown-referral")
    for number in range(_BOOKED):  # appointments that are booked and have not been yet
        booked = (service.today + timedelta(7 + number)).strftime(DATE)
        contacts.append({**contacts[number], "ContactNo": f"A79901{number}", "ContactDate": booked})
        yield Fault("contacts", len(contacts), "date-future")
