"""What else a record system holds; all of it follows from the ids of the made-up records."""

from stdnum.gb import nhs


_SOURCES = ("maternity service", "GP", "maternity service", "health visitor")
_PRACTICES = 5


def nhs_number(person_id: str) -> str:
    """Give a number with a sound check digit, from the 999 numbers that nobody is given."""
    first = _number(person_id) * 100
    numbers = (f"999{each:07d}" for each in range(first, first + 100))
    return next(each for each in numbers if nhs.is_valid(each))


def postcode(person_id: str) -> str:
    """Give something written like a postcode, in the district ZZ99, where there are no streets."""
    return f"ZZ99 {_number(person_id) % 10}AA"


def practice(person_id: str) -> str:
    """Give something written like the code of a general practice."""
    return f"A9999{_number(person_id) % _PRACTICES}"


def source(referral_id: str) -> str:
    """Say who referred."""
    return _SOURCES[_number(referral_id) % len(_SOURCES)]


def cancelled_by(contact_id: str) -> str:
    """Say who cancelled."""
    return f"cancelled by {('patient', 'service')[_number(contact_id) % 2]}"


def _number(name: str) -> int:
    """Give the number that an id holds after its letter."""
    return int(name[1:])
