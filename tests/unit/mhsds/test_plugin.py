import subprocess
import sys

import romframe_mhsds

from romframe.validation import StrictValidator


def offered():
    found = []
    romframe_mhsds.register_exporters(found.append)
    return found


def test_the_plugin_offers_one_exporter_with_a_period():
    (exporter,) = offered()
    assert exporter.name == "mhsds"
    assert exporter.summary
    assert exporter.export is romframe_mhsds.export
    validator = StrictValidator(exporter.options)
    assert validator.validate({"period": "2026-11"})
    assert not validator.validate({})


def test_listing_the_plugin_does_not_load_its_libraries():
    """`romframe --help` must not pay for them."""
    code = (
        "import sys, romframe_mhsds; romframe_mhsds.register_exporters(lambda each: None); "
        "sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
