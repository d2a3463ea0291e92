"""Write the sentences of the reports for translators: `python examples/make_messages.py`.

The same code gives the same bytes, whatever the day.
"""

import csv
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po


ROOT = Path(__file__).parents[1]
POT = ROOT / "plugins" / "romframe_report" / "locale" / "romframe_report.pot"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"newstyle_gettext": "true", "lstrip_blocks": "true"}}
GROUPS = ROOT / "plugins" / "romframe_report" / "data" / "ethnic_groups.csv"
KEYWORDS = {"_": None, "gettext": None, "message": None, "ngettext": (1, 2)}
FOLDERS = ("romframe", "plugins")
HEADER = """# Sentences of romframe's reports: docs/translating.md says how to translate them.
#"""


def messages() -> bytes:
    """Give the file of all sentences that a translator may translate."""
    catalogue = Catalog(project="romframe", header_comment=HEADER, fuzzy=False)
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS)
        for path, _, sentence, comments, context in sorted(found, key=lambda each: each[:2]):
            place = (f"{folder}/{path}", None)
            catalogue.add(sentence, None, [place], auto_comments=comments, context=context)
    rows = csv.DictReader(GROUPS.read_text(encoding="utf-8").splitlines())
    for group in dict.fromkeys(row["group"] for row in rows):
        catalogue.add(group, None, [(str(GROUPS.relative_to(ROOT)), None)])
    written = io.BytesIO()
    write_po(written, catalogue, width=100, include_lineno=False)
    changing = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(changing))


if __name__ == "__main__":
    POT.parent.mkdir(exist_ok=True)
    POT.write_bytes(messages())
