"""What the FHIR library says of a Questionnaire: where it departs from the standard, and why.

The library has no R4 of its own; its R4B (4.3.0) has the Questionnaire of R4 unchanged.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from romframe import DataError, Place, Problem, Unsaid
from romframe_fhir.library import require


Path = tuple[str | int, ...]

_ROUNDS = 10  # what stood behind a fault shows in the next round


def faults(resource: dict[str, Any]) -> list[tuple[Path, str]]:
    """Give each departure from the standard, by its path. UsageError without the library."""
    require()
    from fhir.resources.R4B.questionnaire import Questionnaire
    from pydantic import ValidationError

    try:
        Questionnaire.model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return [(tuple(each["loc"]), each["msg"]) for each in found]
    return []


def sound(resource: dict[str, Any], file: str) -> tuple[dict[str, Any], list[Unsaid]]:
    """Give a Questionnaire without what the standard does not allow, and list that.

    Raises DataError where what is wrong is not a part that can be left out.
    """
    kept = deepcopy(resource)
    unsaid: list[Unsaid] = []
    for _ in range(_ROUNDS):
        found = faults(kept)
        if not found:
            return kept, unsaid
        places = {_there(kept, path): why for path, why in reversed(found)}
        if () in places:
            raise refused(file, found)
        for place in _deepest(places):
            where = f"{_item_of(kept, place)}{'.'.join(map(str, place))}"
            _remove(kept, place)
            what = f"FHIR R4 does not allow this, so it is left out: {places[place]}."
            unsaid.append(Unsaid("not-valid", where, what))
    raise refused(file, found)


def refused(file: str, found: list[tuple[Path, str]]) -> DataError:
    """Say that a Questionnaire is not one, with the first few reasons."""
    why = "; ".join(f"{'.'.join(map(str, path))!r}: {said}" for path, said in found[:3])
    what = f"This is not a sound FHIR R4 Questionnaire: {why}."
    mend = "Correct these elements, or have the file written again by its system."
    return DataError(Problem("definition-invalid", what, mend, Place(file)))


def _deepest(places: Iterable[Path]) -> Iterator[Path]:
    """Give places from the last to the first, without those around another one."""
    last: Path = ()
    for place in sorted(places, key=_order, reverse=True):
        if last[: len(place)] != place:
            yield place
        last = place


def _order(place: Path) -> tuple[tuple[int, str], ...]:
    """Sort paths so that entries of a list come in their order."""
    return tuple((each, "") if isinstance(each, int) else (-1, each) for each in place)


def _there(value: Any, path: Path) -> Path:
    """Give as much of a path as leads to something."""
    for n, key in enumerate(path):
        inside = isinstance(value, list) and isinstance(key, int) and key < len(value)
        if not inside and not (isinstance(value, dict) and key in value):
            return path[:n]
        value = value[key]
    return path


def _item_of(resource: dict[str, Any], place: Path) -> str:
    """Name the item that a place is in."""
    value: Any = resource
    found = ""
    for key in place:
        value = value[key]
        if isinstance(value, dict) and isinstance(value.get("linkId"), str):
            found = f"item {value['linkId']!r}, "
    return found


def _remove(value: Any, place: Path) -> None:
    """Take out what stands at a place; what is empty then goes with it."""
    above = _walk(value, place[:-1])
    del above[place[-1]]
    if not above and len(place) > 1:
        _remove(value, place[:-1])


def _walk(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value
