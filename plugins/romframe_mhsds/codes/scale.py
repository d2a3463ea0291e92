"""A SNOMED CT id of an assessment's score: which scores are valid for it, and when."""

from datetime import date

from attrs import frozen


@frozen
class Scale:
    """A SNOMED CT observable and the scores that are valid for it: a range, or a set of texts.

    `name` says whether its label is `published`, only `inferred`, or `none` was found. Dates are
    ISO text; an empty one is open. `replaced_by` is the id to send in place of one that ended, and
    `source` says who lists the id. A set without members is one whose members are not known.
    """

    concept_id: str
    tool: str
    label: str
    kind: str
    low: float | None
    high: float | None
    members: tuple[str, ...]
    valid_from: str
    valid_to: str
    replaced_by: str
    source: str = ""
    name: str = "published"

    @property
    def valid_scores(self) -> str:
        """The valid scores in words."""
        if self.kind == "range":
            return f"{self.low:g} to {self.high:g}"
        return " ".join(self.members) or "not known"

    def in_force(self, day: date) -> bool:
        """Say whether the id is accepted on `day`."""
        return in_force(self.valid_from, self.valid_to, day)

    def takes(self, text: str) -> bool:
        """Say whether a text is a valid score; it may be where the valid ones are not known."""
        if self.kind == "set":
            return not self.members or text in self.members
        return text.isdecimal() and self.low <= int(text) <= self.high  # type: ignore[operator]


def in_force(valid_from: str, valid_to: str, day: date) -> bool:
    """Say whether a stretch of ISO dates holds `day`; an empty end is open."""
    return valid_from <= day.isoformat() and (not valid_to or day.isoformat() <= valid_to)
