"""The columns of an XLSForm that are read, those that are not, and our own beside them."""

from collections.abc import Iterable

from romframe_forms.xlsform.workbook import Row


LABEL = "romframe_label"  # our short label, beside the label that is shown
WEIGHT = "weight"
VALUES = (WEIGHT, "score", "points")  # columns of `choices` with what an answer counts
READ = {"row", "type", "name", "required", "relevant", "constraint", "parameters", LABEL}
SHEETS = {
    "choices": {"list_name", "name", "label", LABEL, *VALUES},
    "settings": {"form_title", "form_id", "version", "default_language"},
}
SHOWN = ("label", "hint", "guidance_hint", "constraint_message", "required_message", "appearance")


def first(row: Row, names: Iterable[str]) -> str:
    """Give the first of some columns that a row has, or one of them in some language."""
    for name in names:
        for column, text in row.items():
            if column == name or column.startswith(f"{name}:"):
                return text
    return ""


def unread(row: Row) -> list[str]:
    """Give the columns of a question of which nothing is made."""
    return [name for name in row if name not in READ and name.partition(":")[0] not in SHOWN]
