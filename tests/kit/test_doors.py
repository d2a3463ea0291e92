"""The shipped exporter and importer keep what the kit asks of any."""

from types import MappingProxyType

import romframe_mhsds

from romframe.testing import ExporterExtras, ImporterExtras


class TestMhsdsExporter(ExporterExtras):
    plugin = romframe_mhsds
    exporter = "mhsds"
    options = MappingProxyType({"period": "2026-06"})
    measures = ("core_10", "gbo")
    test_no_cell_is_a_formula = (
        None  # the tables are read by a machine, which wants ids as they are
    )

    def rows_written(self, out):
        tables = out.glob("MHS60[67]*.csv")
        return sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in tables)


class TestMhsdsImporter(ImporterExtras):
    plugin = romframe_mhsds
    importer = "mhsds"

    def sample(self, folder):
        (folder / "MHS606CodedScoreAssessmentRefer.csv").write_text(
            "ServiceRequestID,CodedAssToolType,PersScore,AssToolCompTimestamp,CareProfLocalID\n"
            "R1,718583008,21,2026-06-13T10:15:00Z,C1\n"
        )
        return folder
