"""From an XLSForm to a form as romframe understands it, and so to a draft."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from romframe import (
    AskedForm,
    AskedItem,
    AskedOption,
    AskedScore,
    DataError,
    DefinitionDraft,
    Place,
    Problem,
    Unsaid,
    draft_definition,
)
from romframe_forms.sayings import XLSFORM, adds_codes, kinds, summed
from romframe_forms.valued import with_values
from romframe_forms.xlsform.columns import LABEL, SHEETS, VALUES, first
from romframe_forms.xlsform.questions import Questions
from romframe_forms.xlsform.workbook import Row, read_sheets


_ASKED = {"coded": "coded", "several": "coded", "number": "number", "text": "text"}
_LEFT_OUT = {
    "unasked": "It is filled in by the device and is left out.",
    "display": "A text that is only shown is left out.",
}
_LANGUAGE = re.compile(r".*\(([^()]+)\)")


def read(path: Path) -> DefinitionDraft:
    """Draft a spec of an XLSForm, and list what it says that a spec cannot.

    Raises DataError where the file is no XLSForm, PluginError without the library.
    """
    sheets = read_sheets(path)
    if "survey" not in sheets:
        what = f"This workbook has no sheet `survey`, only {', '.join(map(repr, sheets))}."
        mend = "Give an XLSForm; its first sheet is called survey."
        raise DataError(Problem("definition-sheets", what, mend, Place(str(path))))
    settings = next(iter(sheets.get("settings", [])), {})
    survey = _Survey(Questions(_lists(sheets.get("choices", []))), kinds("xlsform_types.csv"))
    items = {item.name: item for item in _once(path, survey.items(sheets["survey"]))}
    scores = [score for score in survey.scores() if _fits(score, items, survey.unsaid)]
    known = _LANGUAGE.fullmatch(settings.get("default_language", ""))
    form = AskedForm(
        file=path.name,
        id=settings.get("form_id", path.stem),
        title=settings.get("form_title", path.stem),
        items=tuple(with_values(items.values(), scores)),
        scores=tuple(scores),
        version=settings.get("version", ""),
        locale=known[1] if known else "",
        unsaid=(*survey.unsaid, *survey.questions.unsaid, *_unread(sheets)),
    )
    return draft_definition(form)


def _lists(rows: list[Row]) -> Mapping[str, tuple[AskedOption, ...]]:
    """Give the lists of answers by their names."""
    lists: dict[str, list[AskedOption]] = {}
    for row in rows:
        value = _number(first(row, VALUES))
        option = AskedOption(row.get("name", ""), first(row, ("label",)), value, row.get(LABEL, ""))
        lists.setdefault(row.get("list_name", ""), []).append(option)
    return {name: tuple(options) for name, options in lists.items()}


def _unread(sheets: Mapping[str, list[Row]]) -> Iterator[Unsaid]:
    """List the columns of answers and settings, and the sheets, of which nothing is made."""
    for sheet in sorted({*sheets} - {*SHEETS, "survey"}):
        yield Unsaid("not-read", sheet, "Nothing is made of this sheet.")
    for sheet, read in SHEETS.items():
        columns = {name.partition(":")[0] for row in sheets.get(sheet, []) for name in row}
        for column in sorted(columns - read - {"row"}):
            yield Unsaid("not-read", sheet, f"Nothing is made of the column {column}.")


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None


def _once(path: Path, items: Iterator[AskedItem]) -> Iterator[AskedItem]:
    """Give the items; refuse those that data could not tell apart."""
    seen: set[str] = set()
    for item in items:
        if not item.name or item.name in seen:
            told = f"{item.name!r} is the name of two" if item.name else "a question has no name"
            mend = "Give every question of the survey a name of its own."
            what = f"Questions cannot be told apart: {told}."
            raise DataError(Problem("definition-ids", what, mend, Place(str(path))))
        seen.add(item.name)
        yield item


def _fits(score: AskedScore, items: dict[str, AskedItem], unsaid: list[Unsaid]) -> bool:
    fits = bool(score.items) and adds_codes(score, items)
    if not fits:
        what = "How it is calculated is not understood: it is left out."
        unsaid.append(Unsaid("not-read", f"survey, {score.name}", what))
    return fits


@frozen
class _Survey:
    """Goes through the rows of a survey, groups and all."""

    questions: Questions
    kinds: Mapping[str, str]
    unsaid: list[Unsaid] = field(factory=list)
    calculated: list[Row] = field(factory=list)

    def items(self, rows: list[Row]) -> Iterator[AskedItem]:
        """Give every question, in the order of the form."""
        groups: list[str] = []
        for row in rows:
            said = row.get("type", "").replace("begin_", "begin ")
            kind, _, listed = said.replace("select one ", "select_one ").partition(" ")
            kind = kind.lower()
            if kind == "begin":
                groups.append(row.get(LABEL, row.get("name", "")))
                self._look_at_group(row, listed)
            elif kind.partition("_")[0] == "end" and (listed or "_" in kind):
                del groups[-1:]
            else:
                section = groups[-1] if groups else ""
                yield from self._row(row, kind, listed, section)

    def _row(self, row: Row, kind: str, listed: str, section: str) -> Iterator[AskedItem]:
        known = self.kinds.get(kind, "")
        if known == "calculated":
            self.calculated.append(row)
        elif known in _ASKED:
            if known == "several":
                self._note(row, "More than one answer may be chosen; a spec takes one.")
            yield self.questions.asked(row, kind, _ASKED[known], listed, section)
        else:
            told = f"Questions of the type {row.get('type', '')!r} are left out."
            self._note(row, _LEFT_OUT.get(known, told))

    def _look_at_group(self, row: Row, listed: str) -> None:
        if listed.startswith("repeat"):
            self._note(row, "This group repeats; a spec takes it once.")
        if "relevant" in row:
            self._note(row, "When this group is asked (relevant) cannot be said in a spec.")

    def _note(self, row: Row, what: str) -> None:
        self.unsaid.append(Unsaid("not-read", f"survey, row {row['row']}", what))

    def scores(self) -> Iterator[AskedScore]:
        """Give what is calculated, with the questions that are added up, if that is all."""
        for row in self.calculated:
            title = row.get(LABEL, "")
            yield AskedScore(
                row.get("name", ""), summed(row.get("calculation", ""), XLSFORM), title
            )
