"""From a measure to an XLSForm, with what that cannot say."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from romframe import (
    DataError,
    Instrument,
    Item,
    Place,
    Problem,
    Score,
    Unsaid,
    Wording,
)
from romframe_forms.xlsform.columns import LABEL, WEIGHT
from romframe_forms.xlsform.unsayable import is_plain_sum, unsayable
from romframe_forms.xlsform.workbook import library


SURVEY = ("type", "name", "label", LABEL, "required", "relevant", "constraint", "parameters")
COLUMNS = {
    "survey": (*SURVEY, "calculation"),
    "choices": ("list_name", "name", "label", LABEL, WEIGHT),
    "settings": ("form_title", "form_id", "version"),
}

Row = dict[str, Any]


def write(instrument: Instrument, wording: Wording, out: Path) -> tuple[Unsaid, ...]:
    """Write a measure as an XLSForm in these words, and list what that cannot say.

    Raises DataError where the file cannot be written, PluginError without the library.
    """
    book = library().Workbook()
    book.remove(book.active)
    sums = tuple(score for score in instrument.scores if is_plain_sum(score, instrument))
    sheets = {
        "survey": [*_survey(wording), *map(_calculated, sums)],
        "choices": list(_choices(wording)),
        "settings": [
            {
                "form_title": wording.title,
                "form_id": instrument.id,
                "version": instrument.version,
            }
        ],
    }
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), COLUMNS[name], rows)
    try:
        book.save(out)
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror}."
        mend = "Check that the folder exists, that you may write into it, and that there is room."
        raise DataError(Problem("file-unwritable", what, mend, Place(str(out)))) from error
    return tuple(unsayable(wording, sums))


def _fill(sheet: Any, columns: tuple[str, ...], rows: list[Row]) -> None:
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    for cell in (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"):
        cell.data_type = "s"  # a text that begins with = is no formula


def _survey(words: Wording) -> Iterator[Row]:
    parts = groupby(words.instrument.items, key=lambda item: item.section)
    for number, (section, items) in enumerate(parts, 1):
        asked = [_question(item, words) for item in items]
        if section:
            group = {"name": f"section_{number}", "label": section, LABEL: section}
            yield {"type": "begin_group", **group}
            yield from asked
            yield {"type": "end_group"}
        else:
            yield from asked


def _question(item: Item, words: Wording) -> Row:
    scale, when = item.scale, item.required_when
    row: Row = {
        "type": f"select_one {scale.id}" if scale.kind == "coded" else "text",
        "name": item.id,
        "label": words.item(item.id),
        LABEL: item.label,
        "required": "yes" if item.required or when else "no",
    }
    if when is not None:
        row["relevant"] = " or ".join(f"${{{when.item}}} = '{code}'" for code in when.codes)
    if scale.kind == "number" and scale.step == 1:
        limits = f". >= {scale.low:g} and . <= {scale.high:g}"
        return {**row, "type": "integer", "constraint": limits}
    if scale.kind == "number":
        parameters = f"start={scale.low:g} end={scale.high:g} step={scale.step:g}"
        return {**row, "type": "range", "parameters": parameters}
    return row


def _choices(words: Wording) -> Iterator[Row]:
    scales = {item.scale.id: item.scale for item in words.instrument.items}
    for scale in scales.values():
        for option in scale.options:
            yield {
                "list_name": scale.id,
                "name": str(option.code),
                "label": words.option(scale.id, option.code),
                LABEL: option.label,
                WEIGHT: option.value,
            }


def _calculated(score: Score) -> Row:
    added = " + ".join(f"${{{name}}}" for name in score.items)
    return {"type": "calculate", "name": score.id, LABEL: score.name, "calculation": added}
