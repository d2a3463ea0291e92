import re
import sys
import zlib

import pytest
from romframe_report.pdf import pdf_of

from romframe import PluginError


PAGE = '<!doctype html><html lang="en"><title>A title</title><h1>Heading</h1>{}</html>'


def inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_a_page_becomes_a_tagged_pdf_always_the_same():
    document = pdf_of(PAGE.format("<p>Text"))

    assert document.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    assert any(b"/StructTreeRoot" in inflated(each) for each in streams)
    assert document == pdf_of(PAGE.format("<p>Text"))


def test_nothing_is_fetched_for_it(tmp_path):
    (tmp_path / "secret.css").write_text("h1 { color: red }")
    link = f'<link rel="stylesheet" href="file://{tmp_path}/secret.css">'

    assert pdf_of(PAGE.format(link)) == pdf_of(PAGE.format(""))


@pytest.mark.parametrize("lack", [ModuleNotFoundError, OSError])
def test_what_is_missing_for_it_is_named(monkeypatch, lack):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise lack(name)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])

    with pytest.raises(PluginError, match=r"romframe\[pdf\].*Pango"):
        pdf_of(PAGE.format(""))
