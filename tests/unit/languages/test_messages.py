"""The file for translators, beside the sentences that the code has now."""

import io
import runpy
from pathlib import Path

from babel.messages.pofile import read_po


ROOT = Path(__file__).parents[3]


def _sentences(content):
    return {(each.id, each.context) for each in read_po(io.BytesIO(content)) if each.id}


def test_the_file_for_translators_has_every_sentence_and_no_other():
    made = runpy.run_path(str(ROOT / "examples" / "make_messages.py"))
    kept, now = _sentences(made["POT"].read_bytes()), _sentences(made["messages"]())
    assert kept == now, "run `python examples/make_messages.py`"
    assert len(now) > 250
