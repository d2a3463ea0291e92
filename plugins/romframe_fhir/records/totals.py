"""Scores that come without answers: those of one assessment are one row."""

from collections.abc import Iterator

from attrs import define, field

from romframe_fhir.records import reasons
from romframe_fhir.records.reading import Found
from romframe_fhir.records.reasons import Fault


Cells = dict[str, str | None]
Key = tuple[tuple[str, str | None], ...]
Given = list[tuple[str, Found]]


@define
class Totals:
    """The values of scores, with the resources that gave them.

    Of different values for one score nobody knows which is right: none of them counts.
    """

    _given: dict[str, dict[Key, dict[str, Given]]] = field(factory=dict)

    def add(self, name: str, score: str, row: Cells, value: str, found: Found) -> None:
        """Add the value of a measure's score; `row` is what stands around it."""
        scores = self._given.setdefault(name, {}).setdefault(tuple(row.items()), {})
        scores.setdefault(f"score:{score}", []).append((value, found))

    def disputed(self) -> Iterator[tuple[Found, Fault]]:
        """Give the resources that gave different values for one score, and what is said of them."""
        for rows in self._given.values():
            for scores in rows.values():
                for given in scores.values():
                    values = _values(given)
                    if len(values) > 1:
                        told = Fault(reasons.OTHER_VALUE, " and ".join(values))
                        yield from ((found, told) for _, found in given)

    def rows(self) -> dict[str, list[Cells]]:
        """Give the rows of each measure, those that hold a score."""
        found: dict[str, list[Cells]] = {}
        for name, rows in self._given.items():
            for key, scores in rows.items():
                agreed = {score: _values(given) for score, given in scores.items()}
                cells: Cells = {s: values[0] for s, values in agreed.items() if len(values) == 1}
                if cells:
                    found.setdefault(name, []).append({**dict(key), **cells})
        return found


def _values(given: Given) -> list[str]:
    return list(dict.fromkeys(value for value, _ in given))
