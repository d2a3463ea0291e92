"""Sheets into which forms on paper are keyed, in the order of the form."""

import io

from romframe.errors import PluginError, Problem
from romframe.instruments.model import Instrument
from romframe.wording import Wording


_WIDEST = 60


def keying_columns(instrument: Instrument) -> tuple[str, ...]:
    """Give the columns of a sheet into which a form is keyed, in the order of the form.

    A row is a form, or a goal or problem of it; `timepoint` is not on the form. The names are ours,
    so that the sheet is imported without a mapping, in the coding `position`.
    """
    named = instrument.storage != "anonymous"
    about = [
        *(["referral_id"] if named else []),
        "completed_at",
        *(["timepoint"] if named else []),
        *(["rater"] if named and len(instrument.raters) > 1 else []),
        *([instrument.repeats.by] if instrument.repeats else []),
    ]
    return (*about, *(item.id for item in instrument.items))


def keying_csv(instrument: Instrument) -> bytes:
    """Give the sheet as CSV, with its first line."""
    return f"{','.join(keying_columns(instrument))}\n".encode()


def keying_workbook(words: Wording) -> bytes:
    """Give the sheet as a workbook, with a second one that says where on the form a column stands.

    Cells are text, so that a code or a date stays as it is keyed. Raises PluginError where
    xlsxwriter is not installed.
    """
    try:
        import xlsxwriter  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        what = "Workbooks need xlsxwriter, which is not installed."
        mend = "Install it with: pip install 'romframe[report]'."
        raise PluginError(Problem("report-library-missing", what, mend)) from error
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("keying")
        sheet.freeze_panes(1, 0)
        for number, name in enumerate(keying_columns(words.instrument)):
            sheet.set_column(number, number, len(name) + 2, text)
            sheet.write_string(0, number, name, bold)
        about = book.add_worksheet("form")
        about.set_column(2, 2, _WIDEST)
        rows = [("column", "number on the form", "what it asks"), *_items(words)]
        for place, row in enumerate(rows):
            for number, cell in enumerate(row):
                about.write_string(place, number, cell, text if place else bold)
    return content.getvalue()


def _items(words: Wording) -> list[tuple[str, str, str]]:
    return [
        (item.id, str(number), words.say_item(item.id).text)
        for number, item in enumerate(words.instrument.items, 1)
    ]
