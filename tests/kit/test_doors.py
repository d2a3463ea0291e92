"""The shipped exporter and importer keep what the kit asks of any."""

import romframe_mhsds

from romframe.testing import ExporterExtras, ImporterSuite


class TestMhsdsExporter(ExporterExtras):
    plugin = romframe_mhsds
    exporter = "mhsds"
    options = {"period": "2026-06"}
    measures = ("core_10", "gbo")


class TestMhsdsImporter(ImporterSuite):
    plugin = romframe_mhsds
    importer = "mhsds"

    def sample(self, folder):
        return folder
