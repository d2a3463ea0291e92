"""`romframe import FOLDER --from mhsds`: the tables of a submission as assessments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from romframe import FileContent
from romframe_mhsds.history.assemble import assemble
from romframe_mhsds.history.known import as_stored
from romframe_mhsds.history.meaning import Meaning
from romframe_mhsds.history.rows import sent_rows
from romframe_mhsds.history.tables import read_tables


if TYPE_CHECKING:
    from romframe import Workspace


def read(workspace: Workspace, path: Path) -> FileContent:
    """Read scored assessments out of a folder of tables, or one table, of v4.1 to v6.0.

    Raises DataError where the files are not such tables, and as `scales_in_use` and
    `read_orientation` do for what the workspace says of the data set.
    """
    rows = sent_rows(workspace, read_tables(path))
    meaning = Meaning(workspace, workspace.today)
    made = assemble(workspace, meaning, rows)
    parts = tuple(
        evolve(
            part,
            frame=as_stored(workspace, part.target, meaning.instruments[part.target], part.frame),
        )
        for part in made.parts
    )
    return FileContent(parts, made.unread, made.notices)
