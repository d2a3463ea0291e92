"""Exporters and importers with one fault each."""

import itertools
from pathlib import Path

import polars as pl
from attrs import evolve

from romframe import (
    DataError,
    Exporter,
    ExportResult,
    FileContent,
    Importer,
    Incoming,
    Problem,
)
from romframe.testing import ExporterExtras, ImporterExtras, offering


COUNT = itertools.count()
TEXT = {"type": "string", "meta": {"help": "Any text."}}


def rows_of(workspace):
    parts = [workspace.scores(name) for name in workspace.used_instruments()]
    found = pl.concat(parts) if parts else pl.DataFrame({"assessment_id": []})
    return found.select(pl.col("assessment_id").cast(pl.String), below=pl.lit(-1.5))


def write(workspace, request, rows=None):
    rows = rows_of(workspace) if rows is None else rows
    rows.write_csv(request.out / "rows.csv")
    return ExportResult(("rows.csv",), {"sent": rows.height}, pl.DataFrame(), pl.DataFrame())


def writer(export, **options):
    return offering(Exporter("mine", "Mine", export, options))


class Mine(ExporterExtras):
    exporter = "mine"

    def expected(self, workspace):
        return rows_of(workspace).height

    def rows_written(self, out):
        return pl.read_csv(out / "rows.csv").height


class TestExporterIsNotReadAgain(Mine):
    plugin = writer(write)
    caught_by = ()

    def rows_written(self, out):
        return ExporterExtras.rows_written(self, out)


class TestExporterHasNoFault(Mine):
    plugin = writer(write, note=TEXT)
    caught_by = ()


class TestExporterRefusesAll(Mine):
    caught_by = ()

    @writer
    def plugin(workspace, request):
        raise DataError(Problem("planted", "Planted.", "Take it out."))


class TestExporterRaises(Mine):
    caught_by = ("it_takes_any_data_or_refuses_and_says_why",)

    @writer
    def plugin(workspace, request):
        raise KeyError("planted")


class TestExporterRefusesAndLeavesSomething(Mine):
    caught_by = ("it_takes_any_data_or_refuses_and_says_why",)

    @writer
    def plugin(workspace, request):
        Path("stray.txt").write_text("left")
        raise DataError(Problem("planted", "Planted.", "Take it out."))


class TestExporterWritesElsewhere(Mine):
    caught_by = ("it_takes_any_data_or_refuses_and_says_why",)

    @writer
    def plugin(workspace, request):
        Path("stray.txt").write_text("stray")
        return write(workspace, request)


class TestExporterWritesMoreThanItSays(Mine):
    caught_by = ("it_takes_any_data_or_refuses_and_says_why",)

    @writer
    def plugin(workspace, request):
        (request.out / "more.txt").write_text("more")
        return write(workspace, request)


class TestExporterWritesToTheWorkspace(Mine):
    caught_by = ("it_takes_any_data_or_refuses_and_says_why",)

    @writer
    def plugin(workspace, request):
        (workspace.path / f"mark_{next(COUNT)}").write_text("mark")
        return write(workspace, request)


class TestExporterHasACounter(Mine):
    caught_by = ("the_same_again_is_the_same_to_the_byte_and_no_row_is_lost",)

    @writer
    def plugin(workspace, request):
        return write(workspace, request, pl.DataFrame({"number": [next(COUNT)]}))


class TestExporterLosesRows(Mine):
    caught_by = ("the_same_again_is_the_same_to_the_byte_and_no_row_is_lost",)

    @writer
    def plugin(workspace, request):
        return write(workspace, request, rows_of(workspace)[1:])


class TestExporterWritesLessThanItCounts(Mine):
    caught_by = ("its_files_hold_as_many_rows_as_it_counts",)

    @writer
    def plugin(workspace, request):
        result = write(workspace, request, rows_of(workspace)[1:])
        return evolve(result, counts={"sent": rows_of(workspace).height})


class TestExporterSwallowsErrors(Mine):
    caught_by = ("what_stands_in_its_way_is_told_and_leaves_nothing",)

    @writer
    def plugin(workspace, request):
        try:
            return write(workspace, request)
        except Exception:
            return write(workspace, request, pl.DataFrame({"nothing": []}))


class TestExporterTakesAnyOption(Mine):
    plugin = writer(write)
    caught_by = ("an_option_that_it_does_not_have_is_refused",)

    def export(self, workspace, out, **options):
        return super().export(workspace, out)


class TestExporterTrustsAnOption(Mine):
    caught_by = ("a_strange_option_is_taken_or_refused_in_words",)
    plugin = writer(lambda _, request: {"a": 1}[request.options["note"]], note=TEXT)


class TestExporterSaysNothingOfAnOption(Mine):
    plugin = writer(write, note={"type": "string"})
    caught_by = ("every_option_says_what_it_is",)


class TestExporterWritesFormulas(Mine):
    caught_by = ("no_cell_is_a_formula",)

    @writer
    def plugin(workspace, request):
        return write(workspace, request, workspace.table("referral").select("referral_id", "team"))


def read(workspace, path):
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else ["nothing"]
    cells = [line.split(",") for line in lines]
    if not cells or any(len(each) != 2 or not each[1].isdigit() for each in cells):
        raise DataError(Problem("planted", "This is not such a file.", "Bring another."))
    columns = ["referral_id", "score:total"]
    frame = pl.DataFrame(cells, columns, orient="row").with_columns(
        completed_at=pl.lit("2026-06-03")
    )
    return FileContent((Incoming("awkward", frame.with_columns(rater=pl.lit("clinician"))),))


def careful(workspace, path):
    try:
        return read(workspace, path)
    except UnicodeDecodeError as error:
        problem = Problem("planted", "This is no text.", "Bring another.")
        raise DataError(problem) from error


def reader(read):
    return offering(Importer("mine", "Mine", read))


class MineToo(ImporterExtras):
    importer = "mine"

    def sample(self, folder):
        path = folder / "sample.txt"
        path.write_text("R1,7\n")
        return path


class TestImporterHasNoFault(MineToo):
    plugin = reader(careful)
    caught_by = ()


class TestImporterHasNoSample(ImporterExtras):
    importer = "mine"
    plugin = reader(careful)
    caught_by = ("its_sample_is_read_and_stored",)


class TestImporterStoresNothing(MineToo):
    plugin = reader(lambda workspace, path: FileContent())
    caught_by = ("its_sample_is_read_and_stored", "a_hostile_file_is_never_read_as_nothing")


class TestImporterWritesToTheWorkspace(MineToo):
    caught_by = ("reading_stores_nothing", "a_hostile_file_is_read_or_refused_in_words")

    @reader
    def plugin(workspace, path):
        (workspace.path / f"mark_{next(COUNT)}").write_text("mark")
        return careful(workspace, path)


class TestImporterHasACounter(MineToo):
    caught_by = ("reading_again_gives_the_same", "importing_again_changes_nothing")

    @reader
    def plugin(workspace, path):
        frame = careful(workspace, path).parts[0].frame
        second = pl.lit(f"2026-06-03T10:00:{next(COUNT):02}Z").alias("completed_at")
        return FileContent((Incoming("awkward", frame.with_columns(second)),))


class TestImporterGivesNoReasons(MineToo):
    caught_by = ("every_row_that_it_leaves_unread_has_a_reason",)

    @reader
    def plugin(workspace, path):
        unread = pl.DataFrame({"row": [1], "raw": ["{}"]})
        blank = (pl.lit("").alias(name) for name in ("code", "column", "what", "mend"))
        return FileContent((), unread.with_columns(blank))


class TestImporterRaises(MineToo):
    caught_by = ("a_hostile_file_is_read_or_refused_in_words",)
    plugin = reader(read)


class TestImporterTrustsFolders(MineToo):
    caught_by = ("a_file_that_is_not_there_is_told",)

    @reader
    def plugin(workspace, path):
        return next(path.iterdir()) if path.is_dir() else careful(workspace, path)
