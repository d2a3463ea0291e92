"""From a REDCap data dictionary, a CSV file with a field a line, to a draft."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from attrs import field, frozen

from romframe import (
    AskedForm,
    AskedItem,
    AskedOption,
    AskedScore,
    Condition,
    DataError,
    DefinitionDraft,
    Place,
    Problem,
    Unsaid,
    draft_definition,
)
from romframe_forms.sayings import REDCAP, adds_codes, condition, kinds, summed
from romframe_forms.valued import with_values


Row = dict[str, str]

NAME, FORM, SECTION = "variable / field name", "form name", "section header"
TYPE, LABEL = "field type", "field label"
CHOICES = "choices, calculations, or slider labels"
VALIDATION = "text validation type or show slider number"
LOW, HIGH = "text validation min", "text validation max"
LOGIC, REQUIRED = "branching logic (show field only if...)", "required field?"
NEEDED = (NAME, FORM, TYPE, LABEL, CHOICES)
NUMBERS = {"integer": 1.0, "number": 0.01, "number_1dp": 0.1, "number_2dp": 0.01}
READ = {*NEEDED, SECTION, VALIDATION, LOW, HIGH, LOGIC, REQUIRED}
PASSED_OVER = {"field note", "custom alignment", "question number (surveys only)"}  # how it looks
MOST_ROWS = 5000


def read(path: Path) -> DefinitionDraft:
    """Draft a spec of a data dictionary of one form, and list what it says that a spec cannot.

    Raises DataError where the file is no data dictionary or has several forms.
    """
    rows = list(_rows(path))
    forms = sorted({row[FORM] for row in rows})
    if len(forms) > 1:
        what = f"This dictionary has several forms: {', '.join(map(repr, forms))}."
        mend = "Keep the header and the lines of one form."
        _refuse(path, "definition-forms", what, mend)
    fields = _Fields(kinds("redcap_types.csv"))
    items = list(fields.items(rows))
    names = [item.name for item in items]
    if not all(names) or len(set(names)) < len(names):
        mend = "Give every field a name of its own."
        _refuse(path, "definition-ids", "Some fields have no name, or the same one.", mend)
    scores = list(fields.scores({item.name: item for item in items}))
    form = AskedForm(
        file=path.name,
        id=forms[0] if forms else path.stem,
        title=forms[0] if forms else path.stem,
        items=tuple(with_values(items, scores)),
        scores=tuple(scores),
        unsaid=tuple(fields.unsaid),
    )
    return draft_definition(form)


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = [name.strip().lower() for name in next(lines, [])]
            missing = [name for name in NEEDED if name not in header]
            if missing:
                what = f"These columns of a data dictionary are not there: {'; '.join(missing)}."
                mend = "Download the data dictionary from REDCap again, and change no column."
                _refuse(path, "definition-header", what, mend)
            for number, cells in enumerate(lines, 2):
                if number > MOST_ROWS:
                    what = f"This dictionary has more than {MOST_ROWS} lines."
                    _refuse(path, "definition-too-large", what, "Keep the lines of one form.")
                if any(cell.strip() for cell in cells):
                    yield _row(header, cells, number)
    except OSError as error:
        what = f"This file cannot be read: {error.strerror}."
        mend = "Check that it exists, that it is a file, and that you may read it."
        _refuse(path, "file-unreadable", what, mend)
    except (UnicodeDecodeError, csv.Error) as error:
        what = f"This is no CSV file in UTF-8: {error}."
        _refuse(path, "definition-csv", what, "Download the data dictionary from REDCap again.")


def _row(header: list[str], cells: list[str], number: int) -> Row:
    given = {**dict.fromkeys((*READ, "row"), ""), **dict(zip(header, cells, strict=False))}
    return {**{name: cell.strip() for name, cell in given.items()}, "row": str(number)}


def _refuse(path: Path, code: str, what: str, mend: str) -> NoReturn:
    raise DataError(Problem(code, what, mend, Place(str(path))))


@frozen
class _Fields:
    """Goes through the lines of a dictionary."""

    kinds: Mapping[str, str]
    unsaid: list[Unsaid] = field(factory=list)
    calculated: list[Row] = field(factory=list)

    def items(self, rows: list[Row]) -> Iterator[AskedItem]:
        """Give every field that is asked; a heading begins a section that goes by its number."""
        sections = 0
        for row in rows:
            sections += bool(row[SECTION])
            kind = self.kinds.get(row[TYPE].lower(), "")
            if kind == "calculated":
                self.calculated.append(row)
            elif kind == "display":
                self._note(row, "A text that is only shown is left out.")
            elif not kind:
                self._note(row, f"Fields of the type {row[TYPE]!r} are left out.")
            else:
                self._look(row, kind)
                yield self._asked(row, kind, f"section {sections}" if sections else "")

    def _note(self, row: Row, what: str, code: str = "not-read") -> None:
        self.unsaid.append(Unsaid(code, f"line {row['row']}, {row[NAME]}", what))

    def _look(self, row: Row, kind: str) -> None:
        if kind == "several":
            self._note(row, "More than one answer may be chosen; a spec takes one.")
        for name, cell in row.items():
            if cell and name not in READ | PASSED_OVER | {"row"}:
                self._note(row, f"Nothing is made of {name}: {cell}.")

    def _asked(self, row: Row, kind: str, section: str) -> AskedItem:
        required = row[REQUIRED].lower() == "y"
        common: dict[str, Any] = {
            "name": row[NAME],
            "text": row[LABEL],
            "section": section,
            "required": required or None,
            "when": self._condition(row, required=required),
        }
        step = NUMBERS.get(row[VALIDATION].lower())
        if kind == "number" or (kind == "text" and step is not None):
            return AskedItem(kind="number", **common, **self._limits(row, kind, step or 1))
        if kind == "text":
            if row[VALIDATION]:
                what = f"Answers that are checked as {row[VALIDATION]} are kept as text."
                self._note(row, what, "said-otherwise")
            return AskedItem(kind="text", **common)
        truth = (AskedOption("1"), AskedOption("0"))
        options = truth if kind == "truth" else tuple(_options(row[CHOICES]))
        return AskedItem(kind="coded", options=options, **common)

    def _condition(self, row: Row, *, required: bool) -> Condition | None:
        found = condition(row[LOGIC], REDCAP) if required else None
        if found is not None:
            what = "It is asked only after some answers: it is always there, and then required."
            self._note(row, what, "said-otherwise")
        elif row[LOGIC]:
            self._note(row, f"When it is shown cannot be said in a spec: {row[LOGIC]}.")
        return found

    def _limits(self, row: Row, kind: str, step: float) -> dict[str, Any]:
        """Give the ends and step of a number; a slider goes from 0 to 100 unless it says else."""
        low, high = (_number(row[column]) for column in (LOW, HIGH))
        if kind == "number":
            low, high = 0 if low is None else low, 100 if high is None else high
        if step == NUMBERS["number"] and row[VALIDATION].lower() == "number":
            self._note(row, f"How fine it is is not said: steps of {step} stand here.", "not-said")
        return {"low": low, "high": high, "step": step}

    def scores(self, items: dict[str, AskedItem]) -> Iterator[AskedScore]:
        """Give each calculation that only adds up fields; note the others."""
        for row in self.calculated:
            score = AskedScore(row[NAME], summed(row[CHOICES], REDCAP))
            if score.items and adds_codes(score, items):
                yield score
            else:
                self._note(row, "How it is calculated is not understood: it is left out.")


def _options(choices: str) -> Iterator[AskedOption]:
    for choice in choices.split("|"):
        code, _, text = choice.partition(",")
        yield AskedOption(code.strip(), text.strip())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
