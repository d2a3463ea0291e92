"""Which SNOMED CT ids the data set accepts on a day: the shipped list, or a service's own."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from attrs import frozen

from romframe_mhsds.codes.codefile import read_codes, shipped
from romframe_mhsds.codes.scale import Scale


@frozen
class CodeList:
    """The ids accepted on one day, and the others that are known."""

    accepted: Mapping[str, Scale]
    ended: Mapping[str, Scale]

    def current(self, concept_id: str) -> Scale | None:
        """Give what to send instead of an id that is not accepted; None where that is not known."""
        old, seen = self.ended.get(concept_id), {concept_id}
        while old is not None and old.replaced_by not in seen:
            if old.replaced_by in self.accepted:
                return self.accepted[old.replaced_by]
            seen.add(old.replaced_by)
            old = self.ended.get(old.replaced_by)
        return None

    def instead(self, concept_id: str) -> str:
        """Name what to send instead, as the end of a sentence; empty where that is not known."""
        current = self.current(concept_id)
        if current is None:
            return ""
        unsure = ", if you can confirm it" if current.name != "published" else ""
        return f": send {current.concept_id}{unsure}"


def code_list(day: date, scales: Iterable[Scale] | None = None) -> CodeList:
    """Give the ids that are accepted on `day`, by `scales` or else by the shipped list.

    Of an id with several rows the one in force counts; where none is, the latest.
    """
    rows = sorted(shipped() if scales is None else scales, key=lambda scale: scale.valid_from)
    accepted = {scale.concept_id: scale for scale in rows if scale.in_force(day)}
    latest = {scale.concept_id: scale for scale in rows if scale.concept_id not in accepted}
    return CodeList(accepted, latest)


@frozen
class Change:
    """What one list changes of another: an id that is `new`, has `ended`, or has other scores."""

    kind: Literal["new", "ended", "scores"]
    scale: Scale
    what: str


def changes(own: CodeList, other: CodeList) -> list[Change]:
    """Give what `own` changes of `other`, in the order of the ids."""
    found = []
    for concept_id in sorted({*own.accepted, *other.accepted}, key=int):
        now, before = own.accepted.get(concept_id), other.accepted.get(concept_id)
        if before is None and now is not None:
            found.append(Change("new", now, f"{now.label}: {now.valid_scores}"))
        elif now is None and before is not None:
            found.append(Change("ended", before, f"{before.label}{own.instead(concept_id)}"))
        elif now is not None and before is not None and now.valid_scores != before.valid_scores:
            what = f"{now.label}: {before.valid_scores} becomes {now.valid_scores}"
            found.append(Change("scores", now, what))
    return found


def scales_in_use(folder: Path, name: str | None) -> tuple[Scale, ...]:
    """Give the rows of the list that a service names, a file in `folder`, or the shipped ones.

    Raises DataError as `read_codes` does.
    """
    return read_codes(folder / name) if name else shipped()
